"""Whose a number or an address is: the person's, the desk's they sit at, or the company's; and which further ones there are."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from rapporto.domain.parties.contacts.read import Reach
from rapporto.domain.parties.contacts.told import Told
from rapporto.domain.parties.likeness import is_shared_mailbox
from rapporto.domain.parties.mail_domains import is_certified, is_provider
from rapporto.domain.parties.models import ContactPoint
from rapporto.kernel.kinds import Email, Kind, Phone, Web
from rapporto.kernel.text import BadValue, Message

PHONE, EMAIL = Phone(), Email()
KINDS: Mapping[str, Kind] = {"phone": PHONE, "fax": PHONE, "email": EMAIL, "pec": EMAIL, "web": Web()}
FIELDS = {"phone": "phone", "fax": "phone", "email": "email", "pec": "email", "web": "website"}
"""What waits to be verified when a number or address is wrong."""
LABELS = {"assistant": Message("Assistant"), "home": Message("Home number"), "main": Message("Main number")}
_BETWEEN_MAILS = re.compile(r"[;,|\s]+|\s/\s")


def values_in(told: Told, reach: Reach) -> Iterator[str]:
    """The canonical values in a cell; several in one cell are kept apart, a wrong one goes aside."""
    kind = KINDS[reach.kind]
    if kind is PHONE and (found := PHONE.numbers_in(reach.text)):
        yield from found
        return
    several = kind is EMAIL and reach.text.count("@") > 1
    for text in _BETWEEN_MAILS.split(reach.text) if several else (reach.text,):
        try:
            value = kind.check(text)
        except BadValue as wrong:
            told.set_aside(reach.column, text, wrong.message, FIELDS[reach.kind], of_company=_of_house(reach))
        else:
            if value:
                yield value


HOUSE = frozenset(("switchboard", "house_mobile"))


def _of_house(reach: Reach) -> bool:
    return reach.use in HOUSE or reach.kind in ("pec", "web")


def keep(told: Told, reach: Reach, value: str) -> None:
    """A number of the desk belongs to the affiliation, one of the house to the company, a personal one to the person."""
    of_work = _of_work(told, reach, value)
    kind = _kind(reach, value)
    if kind == ContactPoint.EMAIL and told.company is not None and is_certified(value.partition("@")[2]):
        kind = ContactPoint.PEC
    if told.company is not None and (
        told.person is None
        or reach.use in HOUSE
        or (kind == ContactPoint.EMAIL and of_work and is_shared_mailbox(value))
        or kind in (ContactPoint.PEC, ContactPoint.WEB)
        or (kind == ContactPoint.FAX and of_work)
    ):
        field_name = {ContactPoint.WEB: "website", ContactPoint.FAX: ""}.get(kind, kind)
        _put(told.company, told.company_points, field_name, kind, value, reach, private=False)
    elif told.company is not None and of_work:
        _put(told.desk, told.person_points, _slot(kind), kind, value, reach, private=False)
    elif told.person is not None:
        _put(told.person, told.person_points, _slot(kind, home=True), kind, value, reach, private=not of_work)


def _slot(kind: str, *, home: bool = False) -> str:
    names = {ContactPoint.PHONE: "phone", ContactPoint.MOBILE: "mobile", ContactPoint.EMAIL: "email"}
    return (
        {**names, ContactPoint.WEB: "website", ContactPoint.PEC: "pec"}.get(kind, "") if home else names.get(kind, "")
    )


def _kind(reach: Reach, value: str) -> str:
    if reach.kind != "phone":
        return reach.kind
    mobile = reach.use in ("mobile", "work_mobile", "house_mobile") or (
        value.startswith("+393") and reach.use in ("", "other")
    )
    return ContactPoint.MOBILE if mobile else ContactPoint.PHONE


def _of_work(told: Told, reach: Reach, value: str) -> bool:
    if reach.use in ("work", "assistant", "work_mobile") or reach.use in HOUSE:
        return True
    if reach.use in ("home", "mobile", "main", "other"):
        return False
    if reach.kind in ("email", "pec"):
        return told.company is not None and not _is_personal(value.partition("@")[2])
    return told.company is not None and not value.startswith("+393")


def _is_personal(domain: str) -> bool:
    return domain in _PERSONAL or (is_provider(domain) and not is_certified(domain))


_PERSONAL = frozenset(("katamail.com", "proton.me", "protonmail.com"))


def _put(
    own: dict[str, Any], points: list[dict[str, Any]], name: str, kind: str, value: str, reach: Reach, *, private: bool
) -> None:
    """Into the field of the record if it is still empty, else a further number; the same one is never kept twice."""
    if reach.use == "assistant":
        name = ""
    if value in own.values() or any(value == one["value"] for one in points):
        return
    if name and not own.get(name):
        own[name] = value
        return
    label = reach.label or (_(LABELS[reach.use].text) if reach.use in LABELS else "")
    points.append({"kind": kind, "value": value, "label": label[:80], "private": private})
