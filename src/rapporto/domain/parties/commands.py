"""What is done with parties beyond writing a card: a person changes company, two parties are linked, a number is added."""

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from typing import Any

from django.db.models import Q

from rapporto.domain.parties.models import PERSON, Affiliation, ContactPoint, Party, PartyLink
from rapporto.kernel.actor import Actor
from rapporto.kernel.text import Message
from rapporto.kernel.where import field
from rapporto.store.errors import Invalid
from rapporto.store.history.changing import change_set
from rapporto.store.records import find, get
from rapporto.store.write import save

DESK_NUMBERS = ("phone", "mobile", "email")
NOT_A_PERSON = Message("This is not a person; only persons change company.")
WHICH_COMPANY = Message("This person works for several companies; say which one is left.")
NOT_THERE = Message("This person does not work there.")
TOO_EARLY = Message("The person came to the company now left only after that day; choose a later one.")
WITH_ITSELF = Message("A party is not linked with itself; choose another one.")
LINKED_ALREADY = Message("These two are linked like this already.")


def move_person(
    actor: Actor,
    person: int,
    *,
    to: int | None,
    since: date,
    leaves: int | None = None,
    keep: Collection[str] = (),
    desk: Mapping[str, Any] | None = None,
) -> Affiliation | None:
    """A person leaves a company the day before `since` and goes `to` another one (None: to none we know); gives the new place.

    What is the person's own goes along; the numbers of the desk and other company numbers stay with the company that is left.
    `leaves` names it when the person works for several. `keep` names numbers of the desk («mobile») that are in truth the
    person's own. `desk` says what is known of the new place: job_title, phone … Raises Invalid, Refused, NotFound.
    """
    with change_set(actor, "move_person"):
        row: Party = get(actor, "party", person)
        if row.kind != PERSON:
            raise Invalid({"person": NOT_A_PERSON})
        left = _place_left(actor, person, leaves)
        if left is not None:
            _leave(actor, row, left, since, keep)
        if to is None:
            return None
        new = {"person": person, "organisation": to, "since": since, "main": left is None or left.main}
        place: Affiliation = save(actor, "affiliation", {**new, **(desk or {})})
    return place


def _place_left(actor: Actor, person: int, company: int | None) -> Affiliation | None:
    """The running affiliation that ends: that with the company named, else the only one; None when there is none."""
    running = list(find(actor, "affiliation", field("person").eq(person) & field("until").is_blank()).order_by("id"))
    if company is not None:
        running = [one for one in running if one.organisation_id == company]
        if not running:
            raise Invalid({"leaves": NOT_THERE})
    if len(running) > 1 and company is None:
        raise Invalid({"leaves": WHICH_COMPANY})
    return running[0] if running else None


def _leave(actor: Actor, person: Party, left: Affiliation, since: date, keep: Collection[str]) -> None:
    until = since - timedelta(days=1)
    if left.since is not None and left.since > until:
        raise Invalid({"since": TOO_EARLY})
    taken = {name: getattr(left, name) for name in DESK_NUMBERS if name in keep and getattr(left, name)}
    for name, value in taken.items():
        _make_own(actor, person, name, value)
    save(actor, "affiliation", {"until": until, "main": False, **dict.fromkeys(taken, "")}, left.pk)
    company_numbers = field("party").eq(person.pk) & field("private").eq(False)
    for number in find(actor, "contact_point", company_numbers):
        label = number.label or person.name[:80]
        save(actor, "contact_point", {"party": left.organisation_id, "label": label}, number.pk)


def _make_own(actor: Actor, person: Party, name: str, value: str) -> None:
    """A number of the desk becomes the person's own: on the card if there is room, else as a further number."""
    own = getattr(person, name)
    if own == value:
        return
    if not own:
        save(actor, "party", {name: value}, person.pk)
        return
    add_contact_point(actor, person.pk, kind=name, value=value, private=True)


def add_contact_point(
    actor: Actor, party: int, *, kind: str, value: str, label: str = "", private: bool = False
) -> ContactPoint:
    """A further number or address, read as its kind writes it; one that is there already is not written twice. Raises Invalid."""
    with change_set(actor, "add_contact_point"):
        values = {"party": party, "kind": kind, "value": value, "label": label, "private": private}
        row: ContactPoint = save(actor, "contact_point", values)
        same = ContactPoint.objects.filter(party_id=party, kind=kind, value=row.value).exclude(pk=row.pk).first()
        if same is not None:
            row.delete()
    return same or row


def link_parties(actor: Actor, first: int, link_type: int, second: int, notes: str = "") -> PartyLink:
    """Link two parties: «first controls second». Raises Invalid when it is one and the same, or linked like this already."""
    if first == second:
        raise Invalid({"second": WITH_ITSELF})
    with change_set(actor, "link_parties"):
        there = Q(first=first, second=second) | Q(first=second, second=first)
        if PartyLink.objects.filter(there, link_type=link_type).exists():
            raise Invalid({"second": LINKED_ALREADY})
        values = {"first": first, "link_type": link_type, "second": second, "notes": notes}
        link: PartyLink = save(actor, "party_link", values)
    return link
