"""Writes everything that is held about a person into one ZIP: a file for programs, and a page that anybody can read."""

import json
import zipfile
from dataclasses import asdict
from datetime import datetime
from typing import Any, BinaryIO

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.text import get_valid_filename
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rapporto.kernel.actor import Actor
from rapporto.store.access import ACTS
from rapporto.store.history.models import Entry
from rapporto.store.rights.told import Everything, Held, Step, Value
from rapporto.web.asked import language

FORM = "rapporto.person/1"
ACTS_TOLD = {
    Entry.INSERTED: gettext_lazy("made"),
    Entry.UPDATED: gettext_lazy("changed"),
    Entry.DELETED: gettext_lazy("deleted"),
    "erased": gettext_lazy("erased"),
}


def write_zip(file: BinaryIO, actor: Actor, told: Everything) -> None:
    """Both files into the ZIP, which stays open."""
    now = timezone.localtime()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(_("data.json"), json.dumps(_for_programs(told, now), ensure_ascii=False, indent=1))
        packed.writestr(_("personal data.html"), page(actor, told, now))


def page(actor: Actor, told: Everything, now: datetime) -> str:
    """The page for people."""
    context = {
        "told": told,
        "person": _shown(told.person),
        "groups": [(one, [_shown(row) for row in one.rows]) for one in told.groups],
        "merged": [_shown(one) for one in told.merged],
        "accesses": [(one.at, str(ACTS.get(one.act, one.act))) for one in told.accesses],
        "by": actor.name,
        "now": now,
        "language": language(),
    }
    return render_to_string("person_export.html", context)


def _shown(one: Held) -> dict[str, Any]:
    steps = [(step, str(ACTS_TOLD[step.act])) for step in one.history]
    return {"held": one, "steps": steps}


def file_name(number: int) -> str:
    """What the file is called: the number of the person and the day, never the name, which mails and folders would tell."""
    return get_valid_filename(f"{_('personal data')} {number} {timezone.localdate().isoformat()}.zip")


def _for_programs(told: Everything, now: datetime) -> dict[str, Any]:
    return {
        "format": FORM,
        "made_at": now.isoformat(),
        "record": told.record,
        "person": _held(told.person),
        "related": [
            {
                **{name: getattr(one, name) for name in ("record", "link", "label", "names_only")},
                "rows": [_held(row) for row in one.rows],
            }
            for one in told.groups
        ],
        "merged": [_held(one) for one in told.merged],
        "accesses": [{"at": one.at.isoformat(), "act": one.act} for one in told.accesses],
    }


def _held(one: Held) -> dict[str, Any]:
    return {
        "id": one.id,
        "title": one.title,
        "deleted": one.deleted,
        "values": [asdict(value) for value in one.values],
        "history": [_step(step) for step in one.history],
    }


def _step(step: Step) -> dict[str, Any]:
    changes = [{"name": was.name, "before": _plain(was), "after": _plain(became)} for was, became in step.changes]
    return {"at": step.at.isoformat(), "act": step.act, "by": step.by, "door": step.door, "changes": changes}


def _plain(value: Value) -> Any:
    return value.plain
