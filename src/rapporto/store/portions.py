"""Many rows in portions of one change set: each its own transaction, so that nobody waits for the whole."""

from collections.abc import Callable, Sequence

from rapporto.kernel.actor import Actor
from rapporto.store.chunks import chunks
from rapporto.store.history.changing import change_set, close
from rapporto.store.history.models import ChangeSet
from rapporto.store.jobs import Progress

Write = Callable[[ChangeSet, list[int]], None]


def in_portions(
    actor: Actor, command: str, ids: Sequence[int], size: int, write: Write, progress: Progress | None = None
) -> int | None:
    """`write` each portion of at most `size` rows inside the one change set, whose id is given; None when nothing changed.

    `progress` is told of each portion. What `write` or `progress` raise ends it: the portions before stay, and can be undone.
    """
    change: ChangeSet | None = None
    many = len(ids) > size
    try:
        for number, portion in enumerate(chunks(ids, size)):
            with change_set(actor, command, continues=change.pk if change else None, keep_open=many) as begun:
                write(begun, portion)
                if progress is not None and not number:
                    progress.change(begun.pk)
            change = begun
            if progress is not None:
                progress(number * size + len(portion), len(ids))
    finally:
        if change is not None and many and not close(change.pk):
            change = None
    return change.pk if change is not None else None
