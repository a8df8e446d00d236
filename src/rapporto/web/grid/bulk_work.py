"""A change of very many records as a long work: in chunks of one change set, with a bar and one click that undoes it."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.utils.translation import gettext_lazy as _

from rapporto.kernel.actor import Actor
from rapporto.kernel.record import RecordType
from rapporto.kernel.text import Message
from rapporto.kernel.where import EVERYTHING
from rapporto.store.bulk import CHUNK, Changed, change_many
from rapporto.store.declare import DECLARED
from rapporto.store.jobs import JOBS, JobKind, Progress, Result, start
from rapporto.store.jobs_models import Job
from rapporto.store.records import changeable_rows, find
from rapporto.web.grid.addresses import ListAddress
from rapporto.web.grid.saved import read_list

KIND = "change_many"
DONE = Message("Changed: {number}.")
DONE_BUT = Message("Changed: {number}. Not yours to change: {refused}, such as {names}.")
NAMED = 5
"""Records that were left as they are, by name; of the others the number is told."""
NOTHING = Message("Nothing was changed.")


def is_long(actor: Actor, address: ListAddress) -> bool:
    """Whether a list has more records than are changed while somebody waits."""
    rows = find(actor, address.record.name, address.where).order_by().values("pk")
    return rows[: CHUNK + 1].count() > CHUNK


def begin_change(actor: Actor, address: ListAddress, values: Mapping[str, Any]) -> Job:
    """Give these values to all records of a list, behind the pages. They have been read and are right so far."""
    fields = address.record.fields
    dumped = {name: fields[name].kind.dump(value) for name, value in values.items()}
    return start(actor, KIND, record=address.record.name, address=address.text(after="", within=()), values=dumped)


def _run(actor: Actor, given: Mapping[str, Any], progress: Progress) -> Result:
    address = read_list(actor, given["record"], parse_qs(urlsplit(given["address"]).query), leniently=False)
    names = _not_theirs(actor, address)
    values = _loaded(address.record, given["values"])
    changed = change_many(actor, given["record"], address.where, values, progress=progress)
    return Result(_told(changed, names), url=given["address"], change_set=changed.change_set_id)


def _not_theirs(actor: Actor, address: ListAddress) -> str:
    """The names of some that may be seen but not changed."""
    name = address.record.name
    if address.record.changeable(actor) == EVERYTHING:
        return ""
    others = find(actor, name, address.where).exclude(pk__in=changeable_rows(actor, name).order_by().values("pk"))
    title = DECLARED[name].columns[address.record.title].value
    return ", ".join(str(one) for one in others.order_by("pk").values_list(title, flat=True)[:NAMED])


def _loaded(record: RecordType, dumped: Mapping[str, Any]) -> dict[str, Any]:
    found = {name: record.field(name).kind.load(value) for name, value in dumped.items()}
    return {name: tuple(value) if isinstance(value, list) else value for name, value in found.items()}


def _told(changed: Changed, names: str) -> Message:
    if changed.change_set_id is None and not changed.refused:
        return NOTHING
    told = DONE_BUT if changed.refused else DONE
    return Message(told.text, {"number": changed.changed, "refused": changed.refused, "names": names})


JOBS.add(KIND, JobKind(KIND, _("Change of many records"), _run, unit=_("records"), silence=300))
