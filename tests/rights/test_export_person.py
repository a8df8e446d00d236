"""Everything about a person is in their file, and nobody else's data are, whatever record types there are."""

import json
import zipfile
from io import BytesIO

import pytest

from rapporto.domain.people.actors import actor_of
from rapporto.domain.processes.commands import log_activity
from rapporto.kernel.actor import ADMINISTRATOR, AGENT, Actor
from rapporto.store.errors import NotFound, Refused
from rapporto.store.merge import merge
from rapporto.store.rights.gather import everything_about
from rapporto.store.write import delete, save
from rapporto.web.rights.export_files import write_zip
from tests.cast import casale, enters, person
from tests.rights.canary import Canary, own_fields
from tests.web.samples import one_of_each, user

pytestmark = pytest.mark.django_db


def export(actor: Actor, row_id: int) -> dict[str, str]:
    """The files of the export by name."""
    file = BytesIO()
    write_zip(file, actor, everything_about(actor, "party", row_id))
    with zipfile.ZipFile(file) as packed:
        return {name: packed.read(name).decode() for name in packed.namelist()}


def test_a_word_in_every_field_of_a_person_is_in_their_file_and_nobody_elses_word_is() -> None:
    aldo = actor_of(user("Aldo", ADMINISTRATOR))
    own_fields(aldo)
    others = one_of_each(aldo, user("Anna", AGENT))
    lucia = Canary(aldo, "lucia", 1).everything(others)
    marta = Canary(aldo, "marta", 2).everything(others)
    assert len(lucia.words) > 40
    files = export(aldo, lucia.id)
    for text in files.values():
        lower = text.lower().replace(" ", "")
        assert [word for word in lucia.words if word.removeprefix("+39") not in lower] == []
        assert [word for word in marta.words if word.removeprefix("+39") in lower] == []


def test_the_file_for_programs_names_every_field_and_tells_links_by_their_name() -> None:
    anna = enters("Anna")
    firm, lucia = casale(anna), person(anna, "Lucia", "Bonetti", birth_date="1980-01-02")
    save(anna, "affiliation", {"person": lucia.pk, "organisation": firm.pk, "job_title": "Acquisti"})
    told = json.loads(next(text for name, text in export(anna, lucia.pk).items() if name.endswith(".json")))
    values = {one["name"]: one["plain"] for one in told["person"]["values"]}
    assert (values["birth_date"], values["owner"]) == ("1980-01-02", {"id": anna.user_id, "name": "Anna"})
    (post,) = next(one["rows"] for one in told["related"] if one["record"] == "affiliation")
    assert {one["name"]: one["plain"] for one in post["values"]}["organisation"] == {
        "id": firm.pk,
        "name": "Ditta Casale",
    }


def test_what_was_deleted_and_what_was_merged_is_told_as_long_as_it_is_held() -> None:
    bruno = enters("Bruno")
    lucia, double = person(bruno, "Lucia", "Bonetti"), person(bruno, "Lucia", "Bonetti Rossi", website="altra.example")
    save(bruno, "party", {"website": "prima.example"}, lucia.pk)
    gone = save(bruno, "address", {"party": lucia.pk, "street": "Via Scomparsa 9"})
    delete(bruno, "address", gone.pk)
    merge(bruno, "party", lucia.pk, double.pk, {"honorific": "Dott."})
    text = "".join(export(bruno, lucia.pk).values())
    for word in ("Via Scomparsa 9", "Bonetti Rossi", "altra.example", "prima.example"):
        assert word in text, word


def test_private_notes_of_a_colleague_are_not_in_it_and_ones_own_are() -> None:
    anna, bruno = enters("Anna"), enters("Bruno")
    lucia = person(anna, "Lucia", "Bonetti")
    log_activity(anna, party=lucia.pk, subject="Segreto di Anna", private=True)
    assert "Segreto di Anna" in "".join(export(anna, lucia.pk).values())
    assert "Segreto di Anna" not in "".join(export(bruno, lucia.pk).values())


def test_only_a_person_has_such_a_file_and_only_who_sees_them_makes_it() -> None:
    anna = enters("Anna")
    lucia = person(anna, "Lucia", "Bonetti")
    with pytest.raises(Refused):
        everything_about(anna, "party", casale(anna).pk)
    with pytest.raises(NotFound):
        everything_about(enters("Carla"), "party", lucia.pk)
    with pytest.raises(NotFound):
        everything_about(anna, "party", 999_999)


def test_a_name_full_of_markup_is_text_in_the_page() -> None:
    anna = enters("Anna")
    lucia = person(anna, "Lucia", "<script>alert(1)</script>")
    page = next(text for name, text in export(anna, lucia.pk).items() if name.endswith(".html"))
    assert "<script>" not in page
