"""Answers of the opt-out register: read as they come back, kept as they are, and told in the settings."""

from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from rapporto.domain.consent.answer_of_register import FREE, REFUSED, read_answer
from rapporto.domain.consent.models import CheckedNumber, ConsentTerm, OptOutCheck
from rapporto.domain.people.models import User
from rapporto.store.errors import Invalid
from rapporto.store.jobs_models import Job
from tests.cast import enters
from tests.consent.people import house

pytestmark = pytest.mark.django_db
SENT = "Numero;Nome\n045 7901234;Casale\n348 1234567;Casale\n+39 02 1234567;Altri\n"
AT = "/settings/consents/check/"


def browser(name: str) -> Client:
    """Somebody of the cast, signed in."""
    enters(name)
    client = Client()
    client.force_login(User.objects.get(name=name))
    return client


@pytest.mark.parametrize(("back", "back_is"), [("3481234567", REFUSED), ("0457901234\n021234567", FREE)])
def test_what_came_back_is_read_either_way(back: str, back_is: str) -> None:
    answer = read_answer(SENT, back, back_is=back_is)
    assert answer.numbers == ["+390457901234", "+393481234567", "+39021234567"]
    assert answer.refused == ["+393481234567"]


@pytest.mark.parametrize(
    ("sent", "back", "field"),
    [("", "", "sent"), (SENT, "", "back"), (SENT, "045 1111111", "back"), ("Numero\nciao\n", "", "sent"), ("1\x00\n" * 9, "", "sent")],
)  # fmt: skip
def test_what_cannot_be_the_answer_is_told(sent: str, back: str, field: str) -> None:
    with pytest.raises(Invalid) as wrong:
        read_answer(sent, back, back_is=FREE)
    assert set(wrong.value.errors) == {field}


def test_no_number_came_back_is_said_by_a_tick() -> None:
    assert (
        read_answer(SENT, "", back_is=FREE, none_back=True).refused
        == read_answer(SENT, "", back_is=FREE, none_back=True).numbers
    )
    assert read_answer(SENT, "", back_is=REFUSED, none_back=True).refused == []


def test_a_manager_keeps_the_answer_from_a_file_and_sees_that_it_holds() -> None:
    house()
    bruno = browser("Bruno")
    sent: dict[str, Any] = {"name": "Autunno", "reference": "RPO-77", "back_is": FREE, "back": "0457901234\n021234567"}
    sent["sent_file"] = SimpleUploadedFile("elenco.csv", SENT.encode("utf-8-sig"))
    answer = bruno.post(AT, sent, follow=True)
    page = unescape(answer.content.decode())
    assert answer.status_code == 200
    assert "3 numeri, rifiutati: 1" in page
    assert "vale fino al" in page
    check = OptOutCheck.objects.get()
    assert (check.numbers, check.refused, check.reference) == (3, 1, "RPO-77")
    assert (check.valid_until - check.at).days == 15
    assert CheckedNumber.objects.get(refused=True).number == "+393481234567"
    wrong = bruno.post(AT, {"name": "", "sent": "ciao", "back": "1"})
    assert wrong.status_code == 422
    assert "ciao" in wrong.content.decode()
    assert OptOutCheck.objects.count() == 1


def test_agents_keep_no_answers_and_only_administrators_look_at_the_terms() -> None:
    house()
    assert browser("Anna").get(AT).status_code == 404
    assert browser("Anna").get("/settings/consents/").status_code == 404
    assert browser("Bruno").post("/settings/consents/terms/").status_code == 404
    assert browser("Aldo").post("/settings/consents/terms/").status_code == 302
    assert Job.objects.get().kind == "consent_retention"
    assert not ConsentTerm.objects.exists()
    page = unescape(browser("Aldo").get("/settings/consents/").content.decode())
    for words in (
        "Marketing",
        "24\N{NO-BREAK SPACE}mesi",
        "Controlla adesso",
        "2026-01",
        "Registra una risposta",
        "Nuova finalità",
    ):
        assert words in page, words
