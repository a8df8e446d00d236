"""Strikes a person out of what is about others: texts that name them, in the rows and in their history; and links to what goes."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext, override

from rapporto.kernel.actor import Actor
from rapporto.kernel.erasure import Fate
from rapporto.kernel.kinds import Text
from rapporto.kernel.text import fold
from rapporto.store.chunks import chunks
from rapporto.store.columns import KEY, LinkColumn
from rapporto.store.declare import DECLARED, Declaration
from rapporto.store.history.changing import change_set
from rapporto.store.history.models import Entry
from rapporto.store.history.seals import unsalt
from rapporto.store.rights.scope import Scope
from rapporto.store.rights.ties import ties
from rapporto.store.rights.words import SHORTEST, Words
from rapporto.store.userfields import JSON_KEY
from rapporto.store.write import refresh

COMMAND = "forget"
Patterns = dict[str, dict[int, re.Pattern[str]]]
"""What is looked for in a row: by type, by number."""


def struck() -> str:
    """What stands where a person was named, in the language of the installation."""
    with override(settings.LANGUAGE_CODE):
        return gettext("[erased]")


@dataclass
class Struck:
    """How many rows and images of others were changed."""

    rows: int = 0
    images: int = 0
    patterns: Patterns = field(default_factory=lambda: defaultdict(dict))


def naming(scope: Scope, words: Words, *, quick: bool = False) -> Patterns:
    """The rows of others whose texts name the person, with what to look for in each; nothing is changed.

    `quick`: only around the person, not in every text there is.
    """
    found: Patterns = defaultdict(dict)
    for name, condition in () if quick else _everywhere(words):
        _add(found, scope, name, _matching(DECLARED[name], condition), words.everywhere)
    for name, condition in _nearby(scope, words):
        _add(found, scope, name, _matching(DECLARED[name], condition), words.nearby)
    for name, ids in scope.fates[Fate.MASK].items():
        pattern = words.nearby if DECLARED[name].record.person is not None else words.inside
        _add(found, scope, name, ids | scope.past[Fate.MASK].get(name, set()), pattern)
    return {name: {pk: one for pk, one in rows.items() if _names_them(name, pk, one)} for name, rows in found.items()}


def strike_out(actor: Actor, scope: Scope, words: Words) -> Struck:
    """Strike the person out of what is about others, as a change of its own whose images hold the texts as they are now."""
    # what takes long is read before anybody has to wait for this to write
    done, suspects = Struck(patterns=naming(scope, words)), dict(_suspects(scope, words))
    with change_set(actor, COMMAND) as change:
        for name, rows in done.patterns.items():
            changed = [pk for pk, pattern in rows.items() if _strike_row(DECLARED[name], pk, pattern)]
            done.rows += len(changed)
            refresh(DECLARED[name], changed, None) if changed else None
        _lead_past(scope)
        for entry, record, row_id in Entry.objects.filter(change_set=change.pk).values_list("pk", "record", "row_id"):
            suspects[entry] = done.patterns.get(record, {}).get(row_id, words.nearby)
        done.images = _strike_images(suspects)
    return done


def _add(found: Patterns, scope: Scope, name: str, ids: Iterable[int], pattern: re.Pattern[str]) -> None:
    going = set(scope.ids) if name == scope.name else set()
    going = going.union(*(scope.fates[one].get(name, ()) for one in (Fate.ERASE, Fate.ANONYMISE, Fate.HASH, Fate.KEEP)))
    found[name].update(dict.fromkeys(set(ids) - going, pattern))


def _texts(declaration: Declaration) -> list[str]:
    """The fields that hold sentences. What a company is called stays, also when it is called like a person."""
    record = declaration.record
    kept = {record.title} if record.person is not None else set()
    texts = (name for name, one in record.fields.items() if isinstance(one.kind, Text) and not one.derived)
    return [name for name in texts if name not in kept and not record.fields[name].made_here]


def _everywhere(words: Words) -> Iterator[tuple[str, Q]]:
    """Whatever holds an address or a number that nobody else has."""
    for declaration in DECLARED.values():
        if condition := _holding(declaration, (fold(code) for code in _forms(words.sought))):
            yield declaration.name, condition


def _forms(codes: Iterable[str]) -> Iterator[str]:
    """Codes as they may be written: a telephone number also without the country."""
    for code in codes:
        yield from {code, code.removeprefix("+39")}


def _nearby(scope: Scope, words: Words) -> Iterator[tuple[str, Q]]:
    """Whatever names the person among those around them, and among the records of these."""
    near = scope.near[scope.name]
    names = [fold(one) for one in words.names if len(one) >= SHORTEST]
    if not near or not names:
        return
    if condition := _holding(DECLARED[scope.name], names):
        yield scope.name, condition & Q(pk__in=near)
    for tie in ties(scope.name):
        if condition := _holding(tie.declaration, names):
            yield tie.declaration.name, condition & Q(**{f"{tie.column}__in": near})


def _holding(declaration: Declaration, folded: Iterable[str]) -> Q | None:
    """The condition that some text of a row holds one of these; None for types without texts."""
    found = Q()
    for word in folded:
        for name in _texts(declaration):
            found |= Q(**{f"{declaration.columns[name].key}__contains": word})
    return found or None


def _matching(declaration: Declaration, condition: Q) -> Iterable[int]:
    return declaration.model._default_manager.filter(condition).values_list("pk", flat=True)


def _names_them(name: str, row_id: int, pattern: re.Pattern[str]) -> bool:
    row = DECLARED[name].model._default_manager.filter(pk=row_id).first()
    return row is not None and bool(_struck_values(DECLARED[name], row, pattern))


def _strike_row(declaration: Declaration, row_id: int, pattern: re.Pattern[str]) -> bool:
    row = declaration.model._default_manager.filter(pk=row_id).first()
    values = _struck_values(declaration, row, pattern) if row is not None else {}
    if values:
        declaration.model._default_manager.filter(pk=row_id).update(**values)
    return bool(values)


def _struck_values(declaration: Declaration, row: Any, pattern: re.Pattern[str]) -> dict[str, Any]:
    """The columns that change, with their values."""
    values: dict[str, Any] = {}
    for name in _texts(declaration):
        text = getattr(row, declaration.columns[name].value)
        if text and (new := pattern.sub(struck(), text)) != text:
            values |= {name: new, name + KEY: declaration.record.fields[name].kind.key(new) or ""}
    extra = {key: struck_in(one, pattern) for key, one in row.extra.items() if not key.endswith(JSON_KEY)}
    if any(extra[key] != row.extra[key] for key in extra):
        keys = {key: fold(extra[key.removesuffix(JSON_KEY)]) for key in row.extra if key.endswith(JSON_KEY)}
        values["extra"] = {**extra, **keys}
    return values


def struck_in(value: Any, pattern: re.Pattern[str]) -> Any:
    """JSON with the person struck out of every text in it."""
    if isinstance(value, str):
        return pattern.sub(struck(), value)
    if isinstance(value, dict):
        return {name: struck_in(one, pattern) for name, one in value.items()}
    return [struck_in(one, pattern) for one in value] if isinstance(value, list) else value


def _lead_past(scope: Scope) -> None:
    """Links to what goes: whoever reported to a post that goes, reports to whom that one reported."""
    for declaration in DECLARED.values():
        for column in declaration.model._meta.fields:
            if isinstance(column, LinkColumn) and column.null:
                target = next((one for one in DECLARED.values() if one.model is column.remote_field.model), None)
                if target is not None and (going := scope.fates[Fate.ERASE].get(target.name)):
                    _lead(declaration, column, going, same=target is declaration)


def _lead(declaration: Declaration, column: Any, going: Collection[int], *, same: bool) -> None:
    rows = declaration.model._default_manager
    leads: dict[int, int | None] = dict.fromkeys(going)
    if same:
        leads |= dict(rows.filter(pk__in=going).values_list("pk", column.attname))
    own = going if same else ()
    for one in going:
        onward, met = leads[one], {one}
        while onward in leads and onward not in met:
            met.add(onward)
            onward = leads[onward]
        found = rows.filter(**{column.attname: one}).exclude(pk__in=own)
        if ids := list(found.values_list("pk", flat=True)):
            rows.filter(pk__in=ids).update(**{column.attname: None if onward in leads else onward})
            refresh(declaration, ids, None)


def _strike_images(suspects: Mapping[int, re.Pattern[str]]) -> int:
    """Strike the person out of what the history holds of others."""
    number = 0
    for some in chunks(sorted(suspects), 500):
        for entry in Entry.objects.filter(pk__in=some).exclude(image=None):
            image = struck_in(entry.image, suspects[entry.pk])
            if image != entry.image:
                unsalt((entry.pk,))
                number += Entry.objects.filter(pk=entry.pk).update(image=image)
    return number


def _suspects(scope: Scope, words: Words) -> Iterator[tuple[int, re.Pattern[str]]]:
    """The entries that may name the person: by what nobody else has anywhere, by the name around them."""
    close = {(name, pk) for name, ids in scope.near.items() for pk in ids}
    inside = {
        (name, pk)
        for name, ids in scope.fates[Fate.MASK].items()
        for pk in ids | scope.past[Fate.MASK].get(name, set())
    }
    columns = {tie.declaration.name: tie.column for tie in ties(scope.name)}
    sought = [*_forms(words.sought), *(fold(one) for one in words.names if len(one) >= SHORTEST)]
    kept = {(name, pk) for name, ids in scope.fates[Fate.KEEP].items() for pk in ids}
    for pk, record, row_id, image in _entries_with(sought):
        if (record, row_id) in inside or (record, row_id) in kept:
            continue
        around = (record, row_id) in close or image.get(columns.get(record, "")) in scope.near[scope.name]
        yield pk, words.nearby if around else words.everywhere
    for name in {one for one, _ in inside}:
        pattern = words.nearby if DECLARED[name].record.person is not None else words.inside
        for some in chunks(sorted(pk for one, pk in inside if one == name)):
            rows = Entry.objects.filter(record=name, row_id__in=some).exclude(image=None)
            yield from ((pk, pattern) for pk in rows.values_list("pk", flat=True))


def _entries_with(sought: list[str]) -> list[tuple[int, str, int, Any]]:
    """The entries whose image holds one of these texts: the whole history is read once."""
    if not sought:
        return []
    text = "CAST(image AS text)" if connection.vendor == "postgresql" else "image"
    like = " OR ".join([f"lower({text}) LIKE %s"] * len(sought))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id FROM history_entry WHERE image IS NOT NULL AND ({like})", [f"%{one.lower()}%" for one in sought]
        )
        ids = [pk for (pk,) in cursor.fetchall()]
    rows = (Entry.objects.filter(pk__in=some) for some in chunks(ids))
    return [one for some in rows for one in some.values_list("pk", "record", "row_id", "image")]


__all__ = ["COMMAND", "Patterns", "Struck", "naming", "strike_out", "struck", "struck_in"]
