"""`RecordType` and `Field`: what is declared once per kind of record, and from which every surface is derived."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from rapporto.kernel.actor import ADMINISTRATOR, Actor
from rapporto.kernel.erasure import ANONYMISE, ERASE, MASK, OnErasure, holds_text
from rapporto.kernel.kinds import Kind, Link, Links
from rapporto.kernel.where import EVERYTHING, NOTHING, AnyOf, Where

Branches = tuple[Where, ...]
"""Alternatives: what one branch or another lets through."""

USER_FIELDS = "*"
"""Stands in a section for the fields the company made for itself."""


class UnknownField(KeyError):
    """A name that is no field of this record type; `known` lists those there are."""

    def __init__(self, record: str, name: str, known: tuple[str, ...]) -> None:
        super().__init__(f"{record} has no field {name!r}; the fields are: {', '.join(known)}")
        self.record, self.name, self.known = record, name, known


@dataclass(frozen=True, kw_only=True)
class Field:
    """One field of a record. `label` may be lazy (translated when shown)."""

    name: str
    label: Any
    kind: Kind
    required: bool = False
    made_here: bool = False
    """Made by the company on the screen; kept in the row's JSON."""
    derived: bool = False
    """Computed by the product; never typed, without history."""
    hint: Any = ""
    default: Any = None
    group: str = ""
    """The company's own group of the profile (user-made fields)."""
    only_for: tuple[str, ...] = ()
    """The kinds of record, by the codes of its field `kind`, to which the field means something; empty for all."""

    @property
    def link(self) -> str | None:
        """The record type this field links to, if it is a link."""
        return self.kind.to if isinstance(self.kind, Link | Links) else None


@dataclass(frozen=True)
class RelationTo:
    """The records of `record` whose link `by` points here."""

    name: str
    record: str
    by: str
    label: Any = ""


@dataclass(frozen=True, kw_only=True)
class RecordType:
    """What is declared about one type of record. `see` and `change` map a role to its branches; a role not named sees nothing."""

    name: str
    label: Any
    plural: Any
    fields: Mapping[str, Field]
    title: str
    grid: tuple[str, ...]
    sections: Mapping[str, tuple[str, ...]]
    """Field names by label. A lazy label is no key to look one up by: its hash is that of the language at hand when it was kept."""
    order: str
    icon: str = "note"
    search: Mapping[str, int] = field(default_factory=dict)
    see: Mapping[str, Branches] = field(default_factory=dict)
    change: Mapping[str, Branches] = field(default_factory=dict)
    hidden: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Fields denied to a role: absent in every list, form, filter, sort, export and history of whoever has no role that sees them."""
    fixed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Fields a role sees but does not change."""
    person: Where | None = None
    """Which of the records are natural persons, who have rights over their data; None where none is."""
    personal: tuple[str, ...] = ()
    """Fields that become blank when a person is erased; where nothing is said, every field that holds text."""
    on_erasure: Mapping[str, OnErasure] = field(default_factory=dict)
    """By link: what becomes of the record when the person it leads to is erased; `erasure_by` says what does without."""
    identifying: tuple[str, ...] = ()
    """Fields by whose values an erased person would be known again; those values are refused from then on."""
    sensitive: tuple[str, ...] = ()
    """Fields of persons whose being looked at is written into the register of accesses."""
    relations: Mapping[str, RelationTo] = field(default_factory=dict)
    import_key: str = ""
    duplicate_hints: tuple[str, ...] = ()
    part_of: str = ""
    """The link to the whole of which this record is a part (an address of its party)."""
    goes_with: tuple[str, ...] = ()
    """Further links, blank or not, whose record takes this one along when it is deleted; the required ones do so by themselves."""
    append_only: bool = False
    """A ledger: records are added, and neither changed nor deleted nor taken back afterwards, by nobody."""
    remark: bool = False
    """It only remarks on the records it goes with: undoing what made those takes it along, whatever became of it since."""
    place: bool = False
    """Whether it has a place in the rail."""

    def field(self, name: str) -> Field:
        """The field of that name; UnknownField lists the right ones."""
        try:
            return self.fields[name]
        except KeyError:
            raise UnknownField(self.name, name, tuple(self.fields)) from None

    def relation(self, name: str) -> RelationTo:
        """The relation of that name; UnknownField lists the right ones."""
        try:
            return self.relations[name]
        except KeyError:
            raise UnknownField(self.name, name, tuple(self.relations)) from None

    def visible(self, actor: Actor) -> Branches:
        """The branches that let this actor see records: none for who has no role."""
        return _branches(self.see, actor)

    def changeable(self, actor: Actor) -> Where:
        """What this actor may change, as one condition."""
        return any_branch(_branches(self.change, actor))

    def with_fields(self, *more: Field) -> "RecordType":
        """The same type with further fields (those made by the company)."""
        return replace(self, fields={**self.fields, **{one.name: one for one in more}})

    def seen_by(self, actor: Actor) -> "RecordType":
        """The same type without the fields this actor must not know of."""
        denied = self._denied(self.hidden, actor)
        if not denied:
            return self
        return replace(
            self,
            fields={name: one for name, one in self.fields.items() if name not in denied},
            grid=tuple(name for name in self.grid if name not in denied),
            sections={label: tuple(n for n in names if n not in denied) for label, names in self.sections.items()},
            search={name: weight for name, weight in self.search.items() if name not in denied},
        )

    def fixed_for(self, actor: Actor) -> frozenset[str]:
        """The fields this actor sees but must not change, derived ones included."""
        return self._denied(self.fixed, actor) | frozenset(n for n, one in self.fields.items() if one.derived)

    def _denied(self, by_role: Mapping[str, tuple[str, ...]], actor: Actor) -> frozenset[str]:
        if not by_role or not actor.roles:
            return frozenset()
        return frozenset.intersection(*(frozenset(by_role.get(role, ())) for role in actor.roles))

    @property
    def wholes(self) -> tuple[str, ...]:
        """The links of a part to what it belongs to, and with which it is deleted: all required ones, and those it goes with."""
        return (*self.goes_with, *(name for name, one in self.fields.items() if one.link and one.required))

    def erasure_by(self, link: str) -> OnErasure:
        """What becomes of a record when the person is erased to whom this link leads.

        Parts go with their whole; what cannot be without the person stays without their data; anything else is about somebody else.
        """
        if link in self.on_erasure:
            return self.on_erasure[link]
        if self.part_of and link in self.wholes:
            return ERASE
        return ANONYMISE if self.fields[link].required else MASK

    @cached_property
    def erased_fields(self) -> tuple[str, ...]:
        """The fields that become blank when a record loses its person; never those made by the company, which all do."""
        texts = (n for n, one in self.fields.items() if holds_text(one.kind) and not one.derived)
        return tuple(name for name in (self.personal or texts) if not self.fields[name].made_here)

    @cached_property
    def made_here(self) -> tuple[Field, ...]:
        """The fields the company made for itself."""
        return tuple(one for one in self.fields.values() if one.made_here)

    def with_made(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """The field names of a section, the user-made ones in the place of USER_FIELDS."""
        made = tuple(one.name for one in self.made_here)
        return tuple(n for name in names for n in (made if name == USER_FIELDS else (name,)))


def _branches(by_role: Mapping[str, Branches], actor: Actor) -> Branches:
    found = tuple(branch for role in sorted(actor.roles) for branch in by_role.get(role, ()))
    if EVERYTHING in found or (ADMINISTRATOR in actor.roles and ADMINISTRATOR not in by_role and found):
        return (EVERYTHING,)
    return tuple(dict.fromkeys(branch for branch in found if branch != NOTHING))


def any_branch(branches: Branches) -> Where:
    """The branches as one condition: nothing when there are none."""
    return branches[0] if len(branches) == 1 else AnyOf(branches)
