"""Erases a person: rows, history, texts that name them, copies, search and files. It cannot be undone, and what stays is told.

In order: the list outside the database, so that what was begun is ended after a crash and by a restore; what is about others, as a
change of its own; then everything of the person in one transaction whose history keeps markers only; at last the files themselves.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from rapporto.kernel.actor import ADMINISTRATOR, SYSTEM, Actor
from rapporto.kernel.erasure import Fate
from rapporto.store import access, erasures
from rapporto.store.declare import DECLARED, Declaration
from rapporto.store.errors import Refused
from rapporto.store.history.changing import change_set
from rapporto.store.history.models import Entry
from rapporto.store.merge_models import Merged, MergedValue
from rapporto.store.rights import blank, others, sweep
from rapporto.store.rights.copies import forget_copies, forget_files
from rapporto.store.rights.scope import GOES_WHOLE, Scope, scope_of
from rapporto.store.rights.ties import require_person
from rapporto.store.rights.words import Words, words_of
from rapporto.store.rights_models import Erasure
from rapporto.store.search_tables import searched
from rapporto.store.write import refresh

ERASERS = frozenset({ADMINISTRATOR, SYSTEM})
Told = Callable[[int, int], object]
STEPS = 5


@dataclass(frozen=True)
class Request:
    """What the person asked for: on which day, in which words of who notes it. `texts`: also the texts of dealings of others with them."""

    requested_on: date
    reason: str = ""
    texts: bool = False


@dataclass(frozen=True)
class Preview:
    """What an erasure would do: numbers by type, and why something stays."""

    erased: dict[str, int] = field(default_factory=dict)
    anonymised: dict[str, int] = field(default_factory=dict)
    hashed: dict[str, int] = field(default_factory=dict)
    named: dict[str, int] = field(default_factory=dict)
    """Records of others in whose texts the name is struck out."""
    kept: dict[str, tuple[int, Any]] = field(default_factory=dict)
    """How many stay as they are, and why."""
    images: int = 0
    """Former states in the history."""
    dealings: int = 0
    """Dealings of others with the person, whose texts go only when it is asked for."""
    marks: int = 0
    """Values by which the person would be known again."""


def preview(actor: Actor, name: str, row_id: int, *, texts: bool = False) -> Preview:
    """What erasing a person would do now, as far as it can be told at once. Raises NotFound, Refused as `forget`."""
    _may(actor, name, row_id)
    scope = scope_of(name, row_id, texts=texts, past=False)
    words = words_of(scope, quick=True)
    rows = others.naming(scope, words, quick=True)
    return Preview(
        _numbers(scope, Fate.ERASE),
        {name: 1, **_numbers(scope, Fate.ANONYMISE)},
        _numbers(scope, Fate.HASH),
        {record: len(ids) for record, ids in rows.items() if ids},
        {record: (len(ids), scope.kept[record]) for record, ids in scope.fates[Fate.KEEP].items() if ids},
        sum(Entry.objects.filter(record=one, row_id__in=own).exclude(image=None).count() for one, own in _own(scope)),
        _dealings(name, row_id),
        len(words.codes),
    )


def forget(
    actor: Actor, name: str, row_id: int, request: Request, *, progress: Told = lambda done, total: None
) -> Erasure:
    """Erase a person on request. Only an administrator does, whoever may see the rows; run again after a crash it goes on.

    `progress` is told of each step. Raises NotFound for what is not there, Refused for whom it may not, and for what is no person.
    """
    _may(actor, name, row_id)
    scope = scope_of(name, row_id, texts=request.texts)
    words = words_of(scope)
    token = _listed(scope, row_id, request, words)
    progress(1, STEPS)
    struck = others.strike_out(actor, scope, words)
    progress(2, STEPS)
    counts: Counter[str] = Counter({"texts": struck.rows, "images": struck.images})
    with change_set(actor, others.COMMAND, markers_only=True):
        _came_meanwhile(scope, request)
        _merged(scope, counts)
        _rows(scope, counts)
        _history(scope, counts)
        counts.update({f"copies.{one}": number for one, number in forget_copies(scope, words).items()})
        done = _receipt(actor, scope, request, words, token, counts)
        access.note(actor, access.PERSON_ERASED, name, row_id)
    progress(3, STEPS)
    counts["files"] = forget_files()
    swept = sweep.sweep(searched(), words.sought, words.own_names)
    progress(STEPS, STEPS)
    Erasure.objects.filter(pk=done.pk).update(counts=dict(counts), swept=swept)
    done.refresh_from_db()
    return done


def _may(actor: Actor, name: str, row_id: int) -> None:
    require_person(actor, name, row_id)
    if not actor.roles & ERASERS:
        raise Refused("An administrator erases persons; tell them who asked, and when.")


def _listed(scope: Scope, row_id: int, request: Request, words: Words) -> str:
    """The line in the list outside the database: a new one, or that of an erasure that was broken off or is done again."""
    made = erasures.made_mark(scope.name, row_id)
    for one in erasures.erased():
        if (one.record, one.row_id, one.made) == (scope.name, row_id, made):
            return one.token
    return erasures.add(scope.name, row_id, request.requested_on, made, words.marks())


def _own(scope: Scope) -> list[tuple[str, list[int]]]:
    """The numbers of every row whose history goes whole."""
    found: dict[str, set[int]] = {scope.name: set(scope.ids)}
    for fate in GOES_WHOLE:
        for name, rows in scope.fates[fate].items():
            found[name] = found.get(name, set()) | rows
    return [(name, sorted(rows)) for name, rows in found.items() if rows]


def _numbers(scope: Scope, fate: Fate) -> dict[str, int]:
    return {name: len(ids) for name, ids in scope.fates[fate].items() if ids}


def _dealings(name: str, row_id: int) -> int:
    found = scope_of(name, row_id, past=False).fates[Fate.MASK]
    return sum(len(ids) for record, ids in found.items() if DECLARED[record].record.person is None)


def _came_meanwhile(scope: Scope, request: Request) -> None:
    """Hold the person, and take along what somebody added since the beginning."""
    rows = DECLARED[scope.name].model._default_manager.select_for_update().filter(pk__in=scope.ids)
    list(rows.values_list("pk", flat=True))
    now = scope_of(scope.name, scope.ids[0], texts=request.texts, past=False)
    for fate, found in now.fates.items():
        for name, ids in found.items():
            scope.fates[fate][name] |= ids


def _rows(scope: Scope, counts: Counter[str]) -> None:
    """Erase, blank and hash the rows; renew what is derived from them, and from those they led to."""
    person = DECLARED[scope.name]
    touched: list[tuple[Declaration, list[int]]] = [(person, list(scope.ids)), *scope.rows(Fate.ANONYMISE, Fate.HASH)]
    gone = list(scope.rows(Fate.ERASE))
    for declaration, ids in scope.rows(Fate.HASH):
        counts[f"hashed.{declaration.name}"] = blank.hash_texts(declaration, ids)
    for declaration, ids in ((person, list(scope.ids)), *scope.rows(Fate.ANONYMISE)):
        counts[f"anonymised.{declaration.name}"] += blank.anonymise(declaration, ids)
    for declaration, ids in reversed(gone):
        rows = declaration.model._default_manager.filter(pk__in=ids)
        counts[f"erased.{declaration.name}"] = rows._raw_delete(rows.db) or 0
    for declaration, ids in (*touched, *gone):
        refresh(declaration, ids, None)
    for name, near in scope.near.items():
        refresh(DECLARED[name], sorted(near), None)


def _merged(scope: Scope, counts: Counter[str]) -> None:
    """What became part of the card: its name and its values without a field."""
    lines = list(Merged.objects.filter(record=scope.name, kept__in=scope.ids).values_list("pk", flat=True))
    values = MergedValue.objects.filter(merged__in=lines)
    value_ids = list(values.values_list("pk", flat=True))
    counts["merged_values"] = values._raw_delete(values.db) or 0
    Merged.objects.filter(pk__in=lines).update(title="", title_key="")
    blank.scrub_rows("merged", lines)
    blank.scrub_rows("merged_value", value_ids)
    blank.scrub_leading("merged_value", ("merged_id",), lines)
    blank.scrub_leading("merged", ("kept", "gone", "into"), scope.ids)


def _history(scope: Scope, counts: Counter[str]) -> None:
    """Everything the history held of the person, also of rows that are gone or led to them once."""
    counts["images"] += sum(blank.scrub_rows(name, ids) for name, ids in _own(scope)) + blank.scrub_entries(
        scope.entries
    )


def _receipt(actor: Actor, scope: Scope, request: Request, words: Words, token: str, counts: Counter[str]) -> Erasure:
    """What is kept of it; the reason without the person, should it name them."""
    now: datetime = timezone.now()
    done, _made = Erasure.objects.update_or_create(
        token=token,
        defaults={
            "record": scope.name,
            "row_id": scope.ids[0],
            "at": now,
            "requested_on": request.requested_on,
            "reason": others.struck_in(request.reason, words.inside),
            "user_id": actor.user_id,
            "user_name": actor.name,
            "counts": dict(counts),
        },
    )
    return done


__all__ = ["Preview", "Request", "forget", "preview"]
