"""What people of the demo company said about being contacted: given, withdrawn, objected, waiting; a check of the register."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from rapporto.domain.consent.choices import (
    CALL,
    CONSENT,
    EMAIL,
    GIVEN,
    MAIL,
    MEETING,
    MESSAGING,
    OBJECTED,
    ONE_CLICK,
    PAPER,
    PENDING,
    PHONE,
    PREFERENCE_PAGE,
    SOFT_SPAM,
    WEB_FORM,
    WITHDRAWN,
)  # fmt: skip
from rapporto.domain.consent.commands import set_preferences
from rapporto.domain.consent.models import CheckedNumber, ConsentEntry, ContactTopic, Purpose
from rapporto.domain.consent.usual_purposes import MARKETING, PROFILING, usual_purposes
from rapporto.domain.parties.models import PERSON, Party
from rapporto.kernel.actor import Actor
from rapporto.site.demo.doubles import SHOWCASE
from rapporto.site.demo.firms import Row
from rapporto.site.demo.rows import Table
from rapporto.site.demo.world import World
from rapporto.store.write import save

FAIRS = "FIERE"
NOTICE, VERSION = (
    "Informativa clienti e contatti, 2026/1",
    """Officine Adige S.r.l. tratta i tuoi dati per rispondere alle tue richieste e per i contratti.
Se ci dici di sì, ti scriviamo anche novità e inviti: puoi cambiare idea quando vuoi, senza dire perché, dal collegamento in ogni mail.""",
)
TOPICS = ("Fiere e dimostrazioni", "Nuovi prodotti", "Ricambi e manutenzione")
CHECKED, REFUSED = 12, 2
"""Numbers that were sent to the opt-out register, and those of them that it refuses."""
# days ago, whose card, purpose, channel, state, how, document or None, words or None
SAID: tuple[tuple[int, str, str, str, str, str, str, str], ...] = (
    (640, "Meccanica Casale S.r.l.", MARKETING, EMAIL, GIVEN, MAIL, "Conferma d’ordine di quattro mandrini", ""),
    (401, "Marco Zanella", MARKETING, "", GIVEN, PAPER, "Modulo firmato in fiera, raccoglitore 12", ""),
    (401, "Marco Zanella", PROFILING, "", GIVEN, PAPER, "Modulo firmato in fiera, raccoglitore 12", ""),
    (352, "Sara Melotti", MARKETING, EMAIL, GIVEN, WEB_FORM, "Modulo «Resta aggiornato» del sito", ""),
    (290, "Lucia Bonetti", MARKETING, EMAIL, GIVEN, WEB_FORM, "Modulo «Resta aggiornato» del sito", ""),
    (107, "Lucia Bonetti", FAIRS, PHONE, GIVEN, MEETING, "", "Mi chiami pure quando c’è una fiera qui vicino."),
    (17, "Marco Zanella", FAIRS, PHONE, GIVEN, MEETING, "", "Per le dimostrazioni mi chiami sul cellulare."),
    (10, "Marco Zanella", MARKETING, MESSAGING, WITHDRAWN, CALL, "", ""),
    (75, "Dino Furlan", FAIRS, PHONE, GIVEN, CALL, "", "Sì, per le dimostrazioni mi telefoni."),
    (62, "Sara Melotti", MARKETING, EMAIL, WITHDRAWN, ONE_CLICK, "", ""),
    (38, "Paolo Casale", "", PHONE, OBJECTED, CALL, "", "Non telefonatemi per le offerte: scrivete a Lucia Bonetti."),
    (31, "Nadia Cordioli", MARKETING, "", OBJECTED, PREFERENCE_PAGE, "", ""),
)  # fmt: skip


def write_consents(actor: Actor, world: World) -> None:
    """Purposes, notice, entries, topics, a check of the register; inside the change set."""
    purposes = _purposes(actor)
    notice = save(actor, "privacy_notice", {"name": NOTICE, "text": VERSION, "valid_from": _moment(world, 700)}).pk
    last = ConsentEntry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    entries = (*_said(world, purposes, notice), *_asked(world, purposes, notice))
    Table(ConsentEntry).write({"id": number, **row} for number, row in enumerate(entries, last + 1))
    topics = [_topic(actor, name) for name in TOPICS]
    lucia = _named("Lucia Bonetti")
    wishes = {"channel": EMAIL, "topics": topics[:2], "frequency": "monthly", "first_hour": 9, "last_hour": 12}
    set_preferences(actor, party=lucia, **wishes)
    _check(actor, world)


def _purposes(actor: Actor) -> dict[str, int]:
    """The usual purposes, where the installation has none yet, and one of the company's own; by code."""
    own = {
        "code": FAIRS, "name": "Inviti a fiere e dimostrazioni", "commercial": True,
        "words": "Accetto di essere invitato a fiere e dimostrazioni.",
    }  # fmt: skip
    there = dict(Purpose.objects.values_list("code", "pk"))
    for one in (*usual_purposes(), own):
        if one["code"] not in there:
            there[str(one["code"])] = int(save(actor, "purpose", one).pk)
    return there


def _topic(actor: Actor, name: str) -> int:
    there = ContactTopic.objects.filter(name=name).values_list("pk", flat=True).first()
    return there or int(save(actor, "contact_topic", {"name": name}).pk)


def _named(name: str) -> int:
    """The party of that name that came first: those of the showcase did."""
    return int(Party.objects.filter(name=name).order_by("pk").values_list("pk", flat=True)[0])


def _moment(world: World, ago: int, hour: int = 11) -> datetime:
    return world.calendar.at(world.calendar.working(ago), hour, 20)


def _said(world: World, purposes: dict[str, int], notice: int) -> Iterator[Row]:
    for ago, name, purpose, channel, state, how, document, words in SAID:
        given = state == GIVEN
        yield {
            **_entry(world, _moment(world, ago), _named(name), how), "channel": channel, "state": state,
            "purpose_id": purposes[purpose] if purpose else None, "document": document, "words": words,
            "notice_id": notice if given else None,
            "basis": "" if not given else SOFT_SPAM if how == MAIL else CONSENT,
        }  # fmt: skip


def _asked(world: World, purposes: dict[str, int], notice: int) -> Iterator[Row]:
    """Consents that are to be confirmed by e-mail: these people have not answered yet."""
    found = Party.objects.filter(kind=PERSON, pk__gt=SHOWCASE).exclude(email="").order_by("pk")
    people = found.values_list("pk", "email")[:3]
    for ago, (party, email) in zip((5, 3, 2), people, strict=False):
        yield {
            **_entry(world, _moment(world, ago, 16), party, WEB_FORM), "purpose_id": purposes[MARKETING], "channel": EMAIL,
            "state": PENDING, "basis": CONSENT, "notice_id": notice, "address": email,
            "document": "Modulo «Resta aggiornato» del sito",
        }  # fmt: skip


def _entry(world: World, at: datetime, party: int, how: str) -> dict[str, Any]:
    by_themselves = how in (WEB_FORM, ONE_CLICK, PREFERENCE_PAGE)
    taken_by = None if by_themselves else world.house.users["Giulia Mazzi"].pk
    return {"party_id": party, "how": how, "at": at, "written_at": at, "taken_by_id": taken_by}


def _check(actor: Actor, world: World) -> None:
    """An answer of the opt-out register that still holds."""
    mobile = Party.objects.filter(kind=PERSON).exclude(mobile="").order_by("pk").values_list("mobile", flat=True)
    numbers = list(dict.fromkeys(mobile[: CHECKED * 2]))[:CHECKED]
    values = {
        "name": "Invito alla fiera di Verona", "at": _moment(world, 4), "reference": "RPO-2026-004817",
        "numbers": len(numbers), "refused": REFUSED, "taken_by": world.house.users["Giulia Mazzi"].pk,
    }  # fmt: skip
    check = save(actor, "opt_out_check", values)
    CheckedNumber.objects.bulk_create(
        CheckedNumber(answer_id=check.pk, number=one, refused=place in (3, 7)) for place, one in enumerate(numbers)
    )


__all__ = ["write_consents"]
