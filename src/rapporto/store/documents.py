"""Keeps the search documents of some records in step with their rows: written for those that are there, removed for those that are gone."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

from rapporto.store.chunks import chunks
from rapporto.store.search_tables import index_documents, remove_documents

Document = tuple[int, str, str]
Documents = Callable[[Sequence[int]], Iterable[Document]]
_put_off: ContextVar[dict[tuple[str, Documents], set[int]] | None] = ContextVar("documents_put_off", default=None)


@contextmanager
def each_once() -> Iterator[None]:
    """What is renewed in here is written once at the end, however many parts of a record ask for it."""
    asked: dict[tuple[str, Documents], set[int]] = {}
    token = _put_off.set(asked)
    try:
        yield
    finally:
        _put_off.reset(token)
    for (record, documents), ids in asked.items():
        renew_documents(record, sorted(ids), documents)


def renew_documents(record: str, ids: Sequence[int], documents: Documents) -> None:
    """Write anew what is searched of these records; `documents` gives (id, heading, body) of those that exist."""
    if (asked := _put_off.get()) is not None:
        asked.setdefault((record, documents), set()).update(ids)
        return
    for some in chunks(ids):
        written = list(documents(some))
        index_documents(record, written)
        if gone := set(some) - {row_id for row_id, _, _ in written}:
            remove_documents(record, sorted(gone))


def make_documents(record: str, ids: Sequence[int], documents: Documents, *, alone: Documents) -> None:
    """Write what is searched of records just made: `alone` gives it as long as nothing belongs to them, `documents` after."""
    if _put_off.get() is not None:
        renew_documents(record, ids, documents)
    else:
        index_documents(record, alone(ids))
