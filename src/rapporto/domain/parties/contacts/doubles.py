"""New parties that may be there already: an equal VAT number, own mailbox, or name and town only propose it; nothing is merged here."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from django.db.models import Q

from rapporto.domain.parties.contacts.known import name_key
from rapporto.domain.parties.duplicates.proposing import Proposal, propose
from rapporto.domain.parties.likeness import is_shared_mailbox
from rapporto.domain.parties.models import PERSON
from rapporto.kernel.text import fold
from rapporto.store.chunks import chunks
from rapporto.store.imports.drafts import Draft
from rapporto.store.imports.register import Register, Trial
from rapporto.store.records import find

PERCENT = {"vat_number": 95, "email": 80, "name_and_town": 75}
"""How likely two parties are one, by what they share."""
MOST = 5
"""Parties that share one thing with a new one and are proposed."""


def propose_doubles(register: Register, made: Sequence[Draft]) -> int:
    """Propose what new parties may be; gives how many of them that concerns."""
    parties = {one.id: one for one in made if one.record == "party" and one.id is not None}
    keys = {row_id: dict(_keys(one)) for row_id, one in parties.items()}
    holders = _holders(register, {key for told in keys.values() for key in told})
    for those in holders.values():
        those.difference_update(parties)  # of two that came together the later one may be the earlier
    pairs: list[Proposal] = []
    for row_id, told in keys.items():
        for key, rule in told.items():
            others = sorted(holders[key])[:MOST]
            pairs += [Proposal(row_id, other, PERCENT[rule], (rule,)) for other in others]
            holders[key].add(row_id)
            register.remember("double", key, row_id, {})
    if pairs and not isinstance(register, Trial):
        propose(register.actor, pairs)
    return len({one.one for one in pairs})


def _keys(draft: Draft) -> Iterator[tuple[str, str]]:
    """By what a party may be found again, each with its rule. The mailbox of an office tells no person."""
    values = draft.values
    person = values.get("kind") == PERSON
    if values.get("vat_number"):
        yield f"v:{values['vat_number']}", "vat_number"
    if values.get("email") and not is_shared_mailbox(values["email"]):
        yield f"m:{values['email']}", "email"
    if values.get("name") and values.get("city") and not person:
        yield f"n:{name_key(values['name'])}\x1f{fold(values['city'])}", "name_and_town"


_COLUMNS = {"v": ("vat_number",), "m": ("email",), "n": ("name_key", "city_key")}


def _holders(register: Register, keys: set[str]) -> defaultdict[str, set[int]]:
    """Who has these already, among the parties that the importing person may see."""
    found: defaultdict[str, set[int]] = defaultdict(set)
    rows = find(register.actor, "party").order_by()
    for letter, columns in _COLUMNS.items():
        told = {key[2:] for key in keys if key.startswith(letter)}
        for some in chunks(sorted(told)):
            firsts = [one.partition("\x1f")[0] for one in some]
            condition = Q(**{f"{columns[0]}__in": firsts})
            if letter != "n":
                # the kinds of party do not share these: a company's mailbox is no person's
                condition &= Q(**{f"{columns[0]}__gt": ""})
            for pk, *values in rows.filter(condition).values_list("pk", *columns):
                key = f"{letter}:" + "\x1f".join(values)
                if key in keys:
                    found[key].add(pk)
    for key, row_id, _told in register.remembered("double", keys):
        found[key].add(row_id)
    return found


__all__ = ["propose_doubles"]
