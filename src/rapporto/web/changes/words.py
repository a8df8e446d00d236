"""One act of the journal in words: what was done to how many records of which types, and through which door it came in."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext, pgettext_lazy

from rapporto.store.history.undo import PART_OF, is_merge, merges_of
from rapporto.store.journal import Act
from rapporto.store.userfields import record_type
from rapporto.web.doors import DOORS, HERE
from rapporto.web.figures import figure
from rapporto.web.links import card_url, undo_preview_url
from rapporto.web.reading import Titles
from rapporto.web.timeline.entries import Tag, moment_in_words


@dataclass(frozen=True)
class Kind:
    """A kind of act that one can ask for, and the commands that are of it."""

    label: str | Promise
    commands: tuple[str, ...]


KINDS: Mapping[str, Kind] = {
    "made": Kind(
        pgettext_lazy("act", "Created"), ("create", "create_user", "make_field", "add_contact_point", "add_post")
    ),
    "changed": Kind(pgettext_lazy("act", "Changed"), ("change", "restore", "change_user", "rename", "set_password")),
    "many": Kind(pgettext_lazy("act", "Changed many at once"), ("change_many", "bulk", "paste")),
    "deleted": Kind(pgettext_lazy("act", "Deleted"), ("delete", "delete_many", "remove_demo")),
    "noted": Kind(pgettext_lazy("act", "Noted or planned"), ("log_activity", "plan", "complete")),
    "merged": Kind(pgettext_lazy("act", "Merged or parted"), ("merge", "unmerge", "merge_values")),
    "imported": Kind(pgettext_lazy("act", "Imported"), ("import", "import_contacts", "load_demo")),
    "undone": Kind(pgettext_lazy("act", "Undone or done again"), ("undo", "unmerge")),
    "handed": Kind(pgettext_lazy("act", "Handed over"), ("hand_over", "deactivate", "let_in_again")),
}
_WORDS = {command: kind.label for kind in reversed(list(KINDS.values())) for command in kind.commands}
NAMED = 2
"""Types, and names of what was merged, that are told of one act; of more only the number."""


@dataclass(frozen=True)
class Called:
    """A record by its name, with the address of its card if it has one."""

    name: str
    url: str


@dataclass(frozen=True)
class Line:
    """An act as the page shows it."""

    id: int
    title: str
    called: tuple[Called, ...]
    counts: str
    person: str
    moment: str
    moment_iso: str
    tags: tuple[Tag, ...]
    look_url: str


def line(act: Act, known: Titles) -> Line:
    """An act in words; `known` holds the names of its records as far as the reader may see them."""
    change = act.change
    at = datetime.fromtimestamp(change.at / 1_000_000, UTC)
    return Line(
        id=change.pk,
        title=_title(act),
        called=tuple(_called(act, known)),
        counts=" · ".join(_counts(act)),
        person=(change.user_name if change.user_id is not None else "") or _("Rapporto"),
        moment=moment_in_words(at),
        moment_iso=at.isoformat(timespec="seconds"),
        tags=tuple(_tags(act)),
        look_url="" if act.undone else undo_preview_url(change.pk),
    )


def told_by(act: Act) -> list[tuple[str, int]]:
    """The records by whose names an act is told, type and number: the kept ones of a merge, else the only one of the first type."""
    if merges := merges_of(act.change):
        return [(name, kept) for name, kept, _gone in merges[:NAMED]]
    head = next(iter(act.counts))
    return [(head, act.first[head])] if act.counts[head] == 1 else []


def _called(act: Act, known: Titles) -> Iterator[Called]:
    for record, row_id in told_by(act):
        if name := known.get(record, {}).get(row_id, ""):
            yield Called(name, "" if record_type(record).part_of else card_url(record, row_id))


def _title(act: Act) -> str:
    if act.change.undoes_id is not None:
        return _("A merge was parted or done again") if is_merge(act.change) else _("A change was undone")
    if PART_OF in act.change.summary:
        return _("A change was undone in part")
    return str(_WORDS.get(act.change.command) or pgettext("act", "Changed"))


def _counts(act: Act) -> Iterator[str]:
    """«Party», «Parties: 3»: the types in their order, the rest as a number."""
    told = list(act.counts.items())
    for name, count in told[:NAMED]:
        record = record_type(name)
        yield str(record.label) if count == 1 else f"{record.plural}: {figure(count)}"
    if (more := len(told) - NAMED) > 0:
        yield ngettext("{n} more type", "{n} more types", more).format(n=more)


def _tags(act: Act) -> Iterator[Tag]:
    if act.undone:
        yield Tag(_("undone"))
    if act.change.door != HERE:
        yield Tag(str(DOORS.get(act.change.door, act.change.door)))
