"""What is declared of persons is safe by construction: no text about them survives because somebody forgot to name its field."""

import pytest

from rapporto.kernel.erasure import ANONYMISE, ERASE, MASK, Fate, holds_text, keep
from rapporto.store.declare import DECLARED
from rapporto.store.rights.ties import Tie, kinds_of_persons, ties

FOLLOWS = {"party": {"region"}}
"""Texts that say no more than a choice: the region follows from the province."""
TIES = [(person, tie) for person in kinds_of_persons() for tie in ties(person)]


def texts(name: str) -> set[str]:
    """The fields of a type into which anything may be written."""
    record = DECLARED[name].record
    return {one for one, field in record.fields.items() if holds_text(field.kind) and not field.derived} - FOLLOWS.get(
        name, set()
    )


@pytest.mark.parametrize("name", kinds_of_persons())
def test_every_text_of_a_person_becomes_blank(name: str) -> None:
    assert texts(name) - set(DECLARED[name].record.erased_fields) == set()


@pytest.mark.parametrize(("person", "tie"), TIES, ids=[f"{tie.declaration.name}.{tie.link}" for _, tie in TIES])
def test_what_stays_of_a_record_of_a_person_has_no_text_of_theirs(person: str, tie: Tie) -> None:
    if tie.rule.fate in (Fate.ANONYMISE, Fate.HASH):
        assert texts(tie.declaration.name) - set(tie.declaration.record.erased_fields) == set()
    if tie.rule.fate is Fate.KEEP:
        assert str(tie.rule.why), "who is told that something stays is told why"


def test_where_nothing_is_said_parts_go_needed_links_lose_their_data_and_others_lose_the_name() -> None:
    said = {(tie.declaration.name, tie.link): tie.rule for _, tie in TIES}
    assert said["address", "party"] is ERASE
    assert said["activity", "party"] is ANONYMISE
    assert said["activity", "person"] is MASK
    assert keep("law").fate is Fate.KEEP


def test_what_is_sensitive_or_identifies_is_personal() -> None:
    for declaration in DECLARED.values():
        record = declaration.record
        assert set(record.sensitive) | set(record.identifying) <= set(record.erased_fields), record.name
