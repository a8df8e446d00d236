"""What a list shows, in one plain sentence: every operator of every kind, counts of related records, groups, order, the past."""

from typing import Any

import pytest
from django.utils.translation import override

from rapporto.domain.people.actors import actor_of
from rapporto.kernel.actor import ADMINISTRATOR
from rapporto.kernel.kinds import Links
from rapporto.store.declare import DECLARED
from rapporto.store.filters import field_of
from rapporto.store.reaching import reachable
from rapporto.store.write import save
from rapporto.web.grid.addresses import ListAddress, read_address
from rapporto.web.grid.gender import feminine
from rapporto.web.grid.sentence import sentence
from rapporto.web.grid.words import names_in_filters
from tests.web.samples import user, value_of_kind

pytestmark = pytest.mark.django_db


def said(name: str, **parameters: Any) -> str:
    """The Italian sentence of an address."""
    actor = actor_of(user("Aldo", ADMINISTRATOR))
    given = {key: value if isinstance(value, list) else [value] for key, value in parameters.items()}
    with override("it"):
        address = read_address(actor, name, given)
        return sentence(address, names_in_filters(actor, address.filters))


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({}, "Anagrafiche"),
        ({"region.is_in": ["Veneto", "Lombardia"]}, "Anagrafiche in Veneto o Lombardia"),
        ({"province.eq": "VR"}, "Anagrafiche in provincia di Verona"),
        ({"name.contains": "casale"}, "Anagrafiche con nome che contiene «casale»"),
        ({"name.starts_with": "cas"}, "Anagrafiche con nome che inizia con «cas»"),
        ({"name.ne": "Casale"}, "Anagrafiche con nome che non è «Casale»"),
        ({"turnover.ge": "1.000"}, "Anagrafiche con fatturato annuo da 1.000,00 € in su"),
        ({"turnover.le": "1.000"}, "Anagrafiche con fatturato annuo fino a 1.000,00 €"),
        ({"turnover.lt": "1.000"}, "Anagrafiche con fatturato annuo sotto 1.000,00 €"),
        ({"employees.gt": "5"}, "Anagrafiche con dipendenti oltre 5"),
        ({"employees.eq": "5"}, "Anagrafiche con dipendenti 5"),
        ({"phase.is_in": "customer,lead"}, "Anagrafiche in fase Cliente o Lead"),
        ({"kind.eq": "organisation"}, "Anagrafiche di tipo Azienda"),
        ({"birth_date.lt": "22/11/1970"}, "Anagrafiche con data di nascita prima del 22/11/1970"),
        ({"next_activity.le": "22/11/2026"}, "Anagrafiche con prossimo passo entro il 22/11/2026"),
        ({"next_activity.is_blank": "1"}, "Anagrafiche senza prossimo passo"),
        ({"vat_number.is_filled": "1"}, "Anagrafiche con partita IVA presente"),
        ({"territory_by_hand.eq": "1"}, "Anagrafiche con zona scelta a mano: Sì"),
        ({"owner.eq": "me"}, "Anagrafiche assegnate a me"),
        ({"activities.count.ge": "3"}, "Anagrafiche con almeno 3 attività"),
        ({"activities.count.eq": "0"}, "Anagrafiche senza attività"),
        ({"activities.count.gt": "0"}, "Anagrafiche con attività"),
        ({"people.count.le": "2"}, "Anagrafiche con al massimo 2 persone"),
        ({"q": "gru"}, "Anagrafiche con le parole «gru»"),
        ({"group": "province"}, "Anagrafiche in gruppi per provincia"),
        ({"region.eq": "Veneto", "group": "province,phase"}, "Anagrafiche in Veneto, in gruppi per provincia e fase"),
        ({"sort": "-turnover"}, "Anagrafiche in ordine decrescente di «Fatturato annuo»"),
        ({"as_of": "2026-01-15"}, "Anagrafiche com’erano il 15/01/2026"),
    ],
)  # fmt: skip
def test_a_list_says_what_it_shows(parameters: dict[str, Any], words: str) -> None:
    assert said("party", **parameters) == words


def test_linked_records_are_called_by_their_names() -> None:
    aldo = actor_of(user("Aldo", ADMINISTRATOR))
    industry = save(aldo, "industry", {"name": "Meccanica"})
    with override("it"):
        address = read_address(aldo, "party", {"industry.is_in": [str(industry.pk)], "group": ["name:initial"]})
        words = sentence(address, names_in_filters(aldo, address.filters))
    assert words == "Anagrafiche del settore Meccanica, in gruppi per nome (iniziale)"


@pytest.mark.parametrize(
    ("plural", "gender"),
    [("Anagrafiche", True), ("Attività", True), ("Relazioni di lavoro", True), ("Utenti", False), ("Settori", False)],
)
def test_records_are_spoken_of_in_their_gender(plural: str, gender: bool) -> None:
    assert feminine(plural) is gender


def test_activities_are_assigned() -> None:
    assert said("activity", **{"assignee.eq": "me"}) == "Attività assegnate a me"


def test_a_filter_that_cannot_be_read_says_nothing() -> None:
    assert said("party", **{"turnover.ge": "molto"}) == "Anagrafiche"


@pytest.mark.parametrize("name", list(DECLARED))
def test_every_operator_of_every_field_has_its_words(name: str) -> None:
    actor = actor_of(user("Aldo", ADMINISTRATOR))
    record = DECLARED[name].record
    made = dict.fromkeys(DECLARED, 1)
    for field in (*record.fields.values(), *reachable(actor, record)):
        for op in field.kind.ops:
            value = 1 if isinstance(field.kind, Links) else value_of_kind(field, 1, made)
            typed = str(value) if field.link else field.kind.edit(field.kind.check(value), "it")
            address = read_address(actor, name, {f"{field.name}.{op}": [typed or "x"]})
            for language in ("it", "en"):
                with override(language):
                    words = sentence(address, {field.link: {1: "Casale"}} if field.link else {})
                    assert words != str(record.plural), f"{field.name}.{op}"
                    assert "{" not in words, words


def test_paths_of_several_links_are_fields_too() -> None:
    actor = actor_of(user("Aldo", ADMINISTRATOR))
    field = field_of(actor, DECLARED["activity"].record, "party.owner.name")
    assert (field.name, field.derived) == ("party.owner.name", True)


def test_an_address_keeps_what_it_says() -> None:
    actor = actor_of(user("Aldo", ADMINISTRATOR))
    asked = {
        "group": ["-since:month,person"],
        "since.ge": ["2026-01-01"],
        "columns": ["person,since"],
        "sort": ["-until"],
    }
    address = read_address(actor, "affiliation", asked)
    assert isinstance(address, ListAddress)
    assert dict(address.parameters()) == {name: values[0] for name, values in asked.items()}
