"""Making what a typed name does not find: nothing is made without asking."""

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from rapporto.domain.parties.models import ORGANISATION, PERSON
from rapporto.kernel.actor import Actor
from rapporto.kernel.kinds import Link
from rapporto.kernel.record import RecordType
from rapporto.kernel.text import Message
from rapporto.store.write import save
from rapporto.web.forms.party import kind_of_link
from rapporto.web.forms.reading import Typed

MAKE = "make."
"""What the name of a field has before it when the record it names is to be made."""


def offers(record: RecordType, typed: Typed, wrong: Mapping[str, Message]) -> list[dict[str, Any]]:
    """The parties that could be made, for the typed names that were not found."""
    found = []
    for name in wrong:
        if name in typed.chosen and _is_party(record, name) and str(typed.texts.get(name, "")).strip():
            person = kind_of_link(record.name, name) == PERSON
            text = _("Add the person «{name}»") if person else _("Add the company «{name}»")
            found.append({"name": MAKE + name, "label": text.format(name=typed.texts[name])})
    return found


def make_offered(actor: Actor, record: RecordType, typed: Typed, post: QueryDict) -> Typed:
    """What was typed, the parties that were asked for being made and chosen. Raises Invalid and Refused."""
    chosen = dict(typed.chosen)
    for name in typed.chosen:
        text = str(typed.texts.get(name, ""))
        if post.get(MAKE + name) == "on" and _is_party(record, name) and text.strip():
            chosen[name] = str(_made(actor, kind_of_link(record.name, name) or ORGANISATION, text))
    return Typed(typed.texts, chosen)


def _made(actor: Actor, kind: str, name: str) -> int:
    """Whoever makes a party has it: otherwise they would not see it again."""
    row = save(actor, "party", {"kind": kind, "name": name, "owner": actor.user_id})
    return int(row.pk)


def _is_party(record: RecordType, name: str) -> bool:
    kind = record.fields[name].kind
    return isinstance(kind, Link) and kind.to == "party"
