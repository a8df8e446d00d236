"""The demo company as the pages know it: the names of its work, and whether it is there."""

from rapporto.store.history.removal import made_by_command

LOAD, REMOVE = "load_demo", "remove_demo"
"""What loads and removes it is registered under these names by the installation, and its change sets bear them."""


def loads() -> list[int]:
    """The change sets that brought the demo company; none when it is not there, or has left."""
    return made_by_command(LOAD)
