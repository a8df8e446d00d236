"""Which pairs are worth a comparison: a key that everybody has leads to nobody, so no block is ever giant."""

from rapporto.domain.parties.likeness import Look
from rapporto.domain.parties.models import ORGANISATION, PERSON
from rapporto.insight.duplicates.features import COLUMNS, keys, row, street_key
from rapporto.insight.duplicates.subject import Subject
from rapporto.insight.duplicates.table import BLOCK, database, fill, pair_up


def candidates(subjects: list[Subject]) -> int:
    """How many pairs of these would be compared."""
    with database() as there:
        assert fill(there, map(row, subjects), person=False, told=lambda done: None) == len(subjects)
        return pair_up(there)


def houses(number: int) -> list[Subject]:
    """Companies that share a switchboard, and nothing else."""
    phones = frozenset({"+39045123456"})
    return [Subject(at, Look(ORGANISATION, f"Zeta{at:04} Quarto{at:04}", phones=phones)) for at in range(1, number + 1)]


def test_a_switchboard_of_a_whole_house_brings_nobody_together() -> None:
    assert candidates(houses(BLOCK)) == BLOCK * (BLOCK - 1) // 2
    assert candidates(houses(BLOCK + 1)) == 0


def test_the_mailbox_of_an_office_is_no_key_of_a_person() -> None:
    look = Look(PERSON, "Mario Rossi", emails=frozenset({"info@casale.it", "m.rossi@casale.it"}))
    found = set(keys(row(Subject(1, look, "Mario", "Rossi")), person=True))
    assert "e:m.rossi@casale.it" in found
    assert not any("info@" in key or key.startswith("d:") for key in found)


def test_a_mailbox_at_a_provider_tells_no_domain() -> None:
    look = Look(
        ORGANISATION,
        "Casale",
        emails=frozenset({"casale@libero.it", "info@casale.it"}),
        pecs=frozenset({"casale@pec.it"}),
    )
    told = dict(zip(COLUMNS, row(Subject(1, look)), strict=True))
    assert told["domains"] == ["casale.it"]


def test_a_street_is_known_however_it_is_written() -> None:
    ways = ("Via dell’Industria, 14", "V. dell'Industria 14", "VIA INDUSTRIA 14/A", "via dell industria n. 14")
    assert {street_key(way) for way in ways[:3]} == {("industria", "14")}
    assert street_key("Piazza San Marco") == ("marco", "")
    assert street_key("") == ("", "")
