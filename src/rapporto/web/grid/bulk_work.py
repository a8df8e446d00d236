"""A change or deletion of very many records as a long work: in portions of one change set, with a bar and one click that undoes it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.utils.translation import gettext_lazy as _

from rapporto.kernel.actor import Actor
from rapporto.kernel.record import RecordType
from rapporto.kernel.text import Message
from rapporto.store.bulk import CHUNK, Changed, change_many
from rapporto.store.bulk_delete import delete_many
from rapporto.store.bulk_links import change_links
from rapporto.store.declare import DECLARED
from rapporto.store.jobs import JOBS, JobKind, Progress, Result, start
from rapporto.store.jobs_models import Job
from rapporto.store.records import find, unchangeable_rows
from rapporto.web.grid.addresses import ListAddress
from rapporto.web.grid.saved import read_list

CHANGE, DELETE = "change_many", "delete_many"
CHANGED = Message("Changed: {number}.")
CHANGED_BUT = Message("Changed: {number}. Not yours to change: {refused}, such as {names}.")
DELETED = Message("Deleted: {number}.")
DELETED_BUT = Message("Deleted: {number}. Not deleted: {refused}, such as {names}. {why}")
NAMED = 5
"""Records that were left as they are, by name; of the others the number is told."""
LINKED = 500
"""Records that were left as they are and are opened by one link."""
NOTHING = Message("Nothing was changed.")


@dataclass(frozen=True)
class Many:
    """The records that are changed or deleted: all of a list, or those of it with the ids `only`."""

    address: ListAddress
    only: Sequence[int] | None = None

    def is_long(self, actor: Actor) -> bool:
        """Whether these are more than are changed while somebody waits."""
        if self.only is not None:
            return len(self.only) > CHUNK
        rows = find(actor, self.address.record.name, self.address.where).order_by().values("pk")
        return rows[: CHUNK + 1].count() > CHUNK

    def dump(self) -> dict[str, Any]:
        """What a work is told of them."""
        address = self.address.text(after="", within=())
        return {"record": self.address.record.name, "address": address, "only": self.only}


def loaded_many(actor: Actor, given: Mapping[str, Any]) -> Many:
    """The records of which a work was told."""
    query = parse_qs(urlsplit(given["address"]).query)
    return Many(read_list(actor, given["record"], query, leniently=False), given["only"])


def begin_change(
    actor: Actor,
    many: Many,
    values: Mapping[str, Any],
    *,
    add: Mapping[str, Collection[int]] | None = None,
    take: Mapping[str, Collection[int]] | None = None,
) -> Job:
    """Give these values to many records, add some of several links and take some away, behind the pages.

    The values have been read and are right so far.
    """
    fields = many.address.record.fields
    dumped = {name: fields[name].kind.dump(value) for name, value in values.items()}
    links = {
        way: {name: list(ids) for name, ids in (some or {}).items()} for way, some in (("add", add), ("take", take))
    }
    return start(actor, CHANGE, **many.dump(), values=dumped, **links)


def begin_deletion(actor: Actor, many: Many) -> Job:
    """Delete many records behind the pages."""
    return start(actor, DELETE, **many.dump())


def _change(actor: Actor, given: Mapping[str, Any], progress: Progress) -> Result:
    many = loaded_many(actor, given)
    name, where = given["record"], many.address.where
    names = _not_theirs(actor, many)
    values = _loaded(many.address.record, given["values"])
    if given["add"] or given["take"]:
        links = {"add": given["add"], "take": given["take"]}
        changed = change_links(actor, name, where, values, **links, only=many.only, progress=progress)
    else:
        changed = change_many(actor, name, where, values, only=many.only, progress=progress)
    return Result(_told(changed, names), url=given["address"], change_set=changed.change_set_id)


def _delete(actor: Actor, given: Mapping[str, Any], progress: Progress) -> Result:
    many = loaded_many(actor, given)
    name = given["record"]
    deleted = delete_many(actor, name, many.address.where, only=many.only, progress=progress)
    if not deleted.refused:
        return Result(Message(DELETED.text, {"number": deleted.deleted}), given["address"], deleted.change_set_id)
    kept = list(deleted.refused)
    said = {
        "number": deleted.deleted,
        "refused": len(kept),
        "names": _names(actor, name, kept[:NAMED]),
        "why": deleted.refused[kept[0]],
    }
    ids = ",".join(str(one) for one in kept[:LINKED])
    return Result(Message(DELETED_BUT.text, said), f"/{name}/chosen/?ids={ids}", deleted.change_set_id)


def _names(actor: Actor, name: str, ids: Collection[int]) -> str:
    title = DECLARED[name].columns[DECLARED[name].record.title].value
    rows = find(actor, name).filter(pk__in=ids).order_by("pk")
    return ", ".join(str(one) for one in rows.values_list(title, flat=True))


def _not_theirs(actor: Actor, many: Many) -> str:
    """The names of some that may be seen but not changed."""
    name = many.address.record.name
    others = unchangeable_rows(actor, name, many.address.where)
    others = others if many.only is None else others.filter(pk__in=many.only)
    return _names(actor, name, list(others.order_by("pk").values_list("pk", flat=True)[:NAMED]))


def _loaded(record: RecordType, dumped: Mapping[str, Any]) -> dict[str, Any]:
    found = {name: record.field(name).kind.load(value) for name, value in dumped.items()}
    return {name: tuple(value) if isinstance(value, list) else value for name, value in found.items()}


def _told(changed: Changed, names: str) -> Message:
    if changed.change_set_id is None and not changed.refused:
        return NOTHING
    told = CHANGED_BUT if changed.refused else CHANGED
    return Message(told.text, {"number": changed.changed, "refused": changed.refused, "names": names})


JOBS.add(CHANGE, JobKind(CHANGE, _("Change of many records"), _change, unit=_("records"), silence=300))
JOBS.add(DELETE, JobKind(DELETE, _("Deletion of many records"), _delete, unit=_("records"), silence=300))
