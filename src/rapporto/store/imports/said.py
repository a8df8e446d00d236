"""What the rows of a code said in the last imports: in most files a code has one row, in dirty ones it has several that disagree."""

from collections.abc import Mapping

Said = Mapping[str, int]
"""The marks of rows, each with the run that read it last."""


def read_said(text: str) -> dict[str, int]:
    """«mark:run mark:run» as it is kept."""
    pairs = (one.partition(":") for one in text.split())
    return {mark: int(run) for mark, _, run in pairs if run.isdecimal()}


def write_said(said: Said) -> str:
    """As it is kept."""
    return " ".join(f"{mark}:{run}" for mark, run in said.items())


def told_before(said: Said, mark: str, run: int) -> bool:
    """Whether a row with this mark stood in the last import of its code, or came already in this one.

    A row that says again what was said before something else was is news.
    """
    if mark not in said:
        return False
    last = max((one for one in said.values() if one != run), default=run)
    return said[mark] in (run, last)


def with_mark(said: Said, mark: str, run: int) -> dict[str, int]:
    """What was said, with a row that this run reads; rows that the last import did not have are forgotten."""
    last = max((one for one in said.values() if one != run), default=run)
    return {**{one: at for one, at in said.items() if at in (run, last) and one != mark}, mark: run}
