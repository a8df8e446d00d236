"""Keeps the search documents of some records in step with their rows: written for those that are there, removed for those that are gone."""

from collections.abc import Callable, Iterable, Sequence

from rapporto.store.chunks import chunks
from rapporto.store.search_tables import index_documents, remove_documents

Document = tuple[int, str, str]


def renew_documents(record: str, ids: Sequence[int], documents: Callable[[Sequence[int]], Iterable[Document]]) -> None:
    """Write anew what is searched of these records; `documents` gives (id, heading, body) of those that exist."""
    for some in chunks(ids):
        written = list(documents(some))
        index_documents(record, written)
        if gone := set(some) - {row_id for row_id, _, _ in written}:
            remove_documents(record, sorted(gone))
