"""By what a person is named in texts: their name, numbers, addresses and codes, also former ones; and how they are struck out."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from rapporto.kernel.erasure import Fate
from rapporto.kernel.text import fold
from rapporto.store import erasures
from rapporto.store.chunks import chunks
from rapporto.store.declare import DECLARED, Declaration
from rapporto.store.history.images import key_of
from rapporto.store.history.models import Entry
from rapporto.store.history.values import field_values, live_image
from rapporto.store.merge_models import Merged, MergedValue
from rapporto.store.rights.scope import Scope
from rapporto.store.userfields import record_type

SHORTEST = 5
"""Letters below which a name or code is not looked for: it would strike out others."""
_BETWEEN = r"[\s./()-]*"


@dataclass
class Words:
    """What a person is known by: `names` as written, `codes` that nobody else has, by the name of their field."""

    names: set[str] = field(default_factory=set)
    last_names: set[str] = field(default_factory=set)
    codes: set[tuple[str, str]] = field(default_factory=set)
    companies: set[str] = field(default_factory=set)
    """Where they work or worked."""
    own_names: set[str] = field(default_factory=set)
    """Those of the names that nobody else is called by."""

    @property
    def sought(self) -> list[str]:
        """What nobody else has, as it stands in the database."""
        return sorted({code for _, code in self.codes if len(code) >= SHORTEST})

    @cached_property
    def everywhere(self) -> re.Pattern[str]:
        """Finds what nobody else has, in whatever text."""
        return _either(_code(code) for code in self.sought)

    @cached_property
    def nearby(self) -> re.Pattern[str]:
        """Finds the full name too, in texts of those around the person."""
        return _either((*(_code(code) for code in self.sought), *_names(self.names)))

    @cached_property
    def inside(self) -> re.Pattern[str]:
        """Finds the last name alone too, in texts that are about a dealing with the person."""
        alone = (one for one in self.last_names if len(one) >= SHORTEST - 1)
        return _either((*(_code(code) for code in self.sought), *_names(self.names), *_names(alone)))

    def names_them(self, text: str) -> bool:
        """Whether a text may be about the person: it holds what is theirs, or their last name."""
        return bool(self.inside.search(text))

    def marks(self) -> set[str]:
        """The keyed hashes by which the person would be known again."""
        found = {erasures.mark_of(name, code) for name, code in self.codes}
        return found | {erasures.mark_of_name(one, company) for one in self.names for company in self.companies}


def words_of(scope: Scope, *, quick: bool = False) -> Words:
    """What the person is known by, today and in the history; what others have too is none of it (`quick`: not looked at)."""
    words = Words()
    mine = _own_rows(scope)
    for declaration, ids in mine:
        for values in _states(declaration, ids):
            _learn(words, declaration, values)
    _from_merged(words, scope)
    if quick:
        return words
    words.codes = {(name, code) for name, code in words.codes if not _shared(name, code, mine)}
    words.companies = _titles(scope)
    words.own_names = _own_names(scope, words.names)
    return words


def _own_rows(scope: Scope) -> list[tuple[Declaration, list[int]]]:
    """The person and what goes with them, deleted ones included."""
    found: list[tuple[Declaration, list[int]]] = [(DECLARED[scope.name], list(scope.ids))]
    for name in {*scope.fates[Fate.ERASE], *scope.past[Fate.ERASE]}:
        ids = scope.fates[Fate.ERASE].get(name, set()) | scope.past[Fate.ERASE].get(name, set())
        if name != scope.name and ids:
            found.append((DECLARED[name], sorted(ids)))
    return found


def _states(declaration: Declaration, ids: list[int]) -> Iterator[dict[str, Any]]:
    """What the rows hold, and held."""
    record = record_type(declaration.name)
    for some in chunks(ids):
        for image in Entry.objects.filter(record=declaration.name, row_id__in=some, image__isnull=False).values_list(
            "image", flat=True
        ):
            yield field_values(record, image)
        for row_id in some:
            if (image := live_image(declaration, row_id)) is not None:
                yield field_values(record, image)


def _learn(words: Words, declaration: Declaration, values: dict[str, Any]) -> None:
    record = declaration.record
    words.codes |= {(name, str(values[name]).partition(";")[0]) for name in record.identifying if values.get(name)}
    if record.person is None:
        return
    first, last = (str(values.get(name) or "").strip() for name in ("first_name", "last_name"))
    title = str(values.get(record.title) or "").strip()
    words.names |= {one for one in (title, f"{first} {last}".strip(), f"{last} {first}".strip()) if " " in one}
    words.last_names |= {last} if last else set()


def _from_merged(words: Words, scope: Scope) -> None:
    lines = Merged.objects.filter(record=scope.name, kept__in=scope.ids)
    words.names |= {title for title in lines.values_list("title", flat=True) if " " in title}
    identifying = set(DECLARED[scope.name].record.identifying)
    for path, value in MergedValue.objects.filter(merged__in=lines).values_list("field", "value"):
        name = path.rpartition(".")[2]
        words.codes |= {(name, value)} if name in identifying else set()


def _shared(name: str, code: str, mine: list[tuple[Declaration, list[int]]]) -> bool:
    """Whether somebody else has this value: the switchboard of a company is no telephone of the person."""
    own = {declaration.name: ids for declaration, ids in mine}
    nature = erasures.mark_of(name, code)
    for declaration in DECLARED.values():
        for other in declaration.record.identifying:
            if erasures.mark_of(other, code) != nature:
                continue
            kind, column = declaration.record.fields[other].kind, declaration.columns[other].key
            rows = declaration.model._default_manager.filter(**{column: kind.key(code)})
            if rows.exclude(pk__in=own.get(declaration.name, [])).exists():
                return True
    return False


def _titles(scope: Scope) -> set[str]:
    declaration = DECLARED[scope.name]
    title = declaration.columns[declaration.record.title].value
    rows = declaration.model._default_manager.filter(**{f"{key_of(declaration)}__in": scope.near[scope.name]})
    return {str(one) for one in rows.values_list(title, flat=True)}


def _own_names(scope: Scope, names: Iterable[str]) -> set[str]:
    declaration = DECLARED[scope.name]
    key = declaration.columns[declaration.record.title].key
    rows = declaration.model._default_manager.exclude(pk__in=scope.ids)
    return {one for one in names if not rows.filter(**{f"{key}__contains": fold(one)}).exists()}


def _names(names: Iterable[str]) -> Iterator[str]:
    """A name as it is written and as it is folded in keys, whole words only."""
    for name in names:
        for form in {name, fold(name)}:
            if len(form) >= SHORTEST - 1:
                parts = r"\s+".join(map(re.escape, form.split()))
                yield rf"(?<!\w){parts}(?!\w)"


def _code(code: str) -> str:
    """A code wherever it stands; the figures of a telephone number however they are grouped, with or without the country."""
    if code.startswith("+") and code[1:].isdigit():
        home = code.removeprefix("+39")
        lead = rf"(?:(?:\+|00)39{_BETWEEN})?" if home != code else r"(?:\+|00)"
        return rf"(?<!\d){lead}{_BETWEEN.join(home.removeprefix('+'))}(?!\d)"
    return rf"(?<![\w@]){re.escape(code)}(?![\w@])"


def _either(patterns: Iterable[str]) -> re.Pattern[str]:
    """One pattern for all; one that finds nothing where there are none."""
    found = sorted(set(patterns), key=len, reverse=True)
    return re.compile("|".join(found) or r"(?!)", re.IGNORECASE)


__all__ = ["Words", "words_of"]
