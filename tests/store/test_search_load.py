"""A search index that was built at once is whole, finds what it should, and takes new records and changed ones."""

import pytest
from django.db import connection

from rapporto.domain.parties.searched import documents
from rapporto.kernel.actor import Actor
from rapporto.store.search import search
from rapporto.store.search_tables import load_documents
from rapporto.store.write import save

BRUNO = Actor(None, "Bruno", frozenset({"manager"}))


@pytest.fixture
def loaded(db: None) -> list[int]:
    """Three parties whose documents were written anew all together."""
    ids = [int(save(BRUNO, "party", {"name": name}).pk) for name in ("Abcara Uno", "Bresciani Due", "Cazzago Tre")]
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM search_party")
    load_documents("party", documents(ids))
    return ids


def _whole() -> None:
    """FTS5 raises an error where its index differs from what it was made of."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO search_party_fts (search_party_fts, rank) VALUES ('integrity-check', 1)")


def test_it_is_whole_and_finds_what_was_there_before(loaded: list[int]) -> None:
    _whole()
    assert search(BRUNO, "party", "bcar").ids == (loaded[0],)
    assert search(BRUNO, "party", "esciani").ids == (loaded[1],)


def test_it_goes_on_with_what_comes_and_changes(loaded: list[int]) -> None:
    new = int(save(BRUNO, "party", {"name": "Dolcè Abcara"}).pk)
    save(BRUNO, "party", {"name": "Cazzago Bresciani"}, loaded[2])
    _whole()
    assert set(search(BRUNO, "party", "bcara").ids) == {loaded[0], new}
    assert set(search(BRUNO, "party", "bresci").ids) == {loaded[1], loaded[2]}


@pytest.mark.sqlite
def test_large_parts_lie_below_those_that_will_come(loaded: list[int]) -> None:
    """Of what was built no part is left on the level of new ones, where it would be merged while somebody saves."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT block FROM search_party_fts_data WHERE id = 10")
        (structure,) = cursor.fetchone()
    levels, parts, newest = structure[4], structure[5], bytes(structure[7:])
    assert levels > 1
    assert parts > newest[1]
