"""What a change of the settings will touch, in figures and words."""

import re

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rapporto.domain.people.models import SavedView
from rapporto.kernel.actor import Actor, system_task
from rapporto.kernel.where import field
from rapporto.store import field_indexes
from rapporto.store.made_values import filled
from rapporto.store.records import find
from rapporto.store.userfields import record_type
from rapporto.store.userfields_models import UserField
from rapporto.web.figures import figure
from rapporto.web.settings.frame import Effect

COUNTER = system_task("settings")
"""Views of others are counted, never shown."""


def of_records(name: str, number: int) -> str:
    """«312 anagrafiche», «1 anagrafica»."""
    record = record_type(name)
    return f"{figure(number)} {str(record.label if number == 1 else record.plural).lower()}"


def have_a_value(name: str, number: int) -> str:
    """How many records have a value, as a sentence."""
    said = ngettext("{records} has a value.", "{records} have a value.", number)
    return said.format(records=of_records(name, number))


def views_naming(name: str) -> list[SavedView]:
    """The saved views that show a field or filter by it."""
    word = re.compile(rf"\b{re.escape(name)}\b")
    found = find(COUNTER, "saved_view", field("query").contains(name))
    return [view for view in found if word.search(view.query)]


def used_by_views(name: str) -> str:
    """How many saved views use a field, as a sentence; '' when none does."""
    number = len(views_naming(name))
    said = ngettext("{number} saved view uses it.", "{number} saved views use it.", number)
    return said.format(number=figure(number)) if number else ""


def new_field(name: str) -> list[Effect]:
    """What making a field will do."""
    rows = field_indexes.rows_of(name)
    where = _("It appears at once on cards, forms, lists, filters and exports of {records}, empty.")
    found = [Effect(where.format(records=of_records(name, rows)))]
    if field_indexes.is_large(name):
        said = _(
            "An index is built beside the work of everybody: about {seconds} s; until then filters on it are slower."
        )
        found.append(Effect(said.format(seconds=figure(field_indexes.seconds(name)))))
    return found


def taken_away(actor: Actor, row: UserField) -> list[Effect]:
    """What taking a field away will do."""
    number = filled(actor, row)
    found = [Effect(have_a_value(row.record, number) if number else _("No record has a value."))]
    if number:
        found.append(Effect(_("The values stay where they are: put the field back and they are there again.")))
    if views := used_by_views(row.name):
        left = _("They leave it out and say so; the rest of them stays.")
        found.append(Effect(f"{views} {left}", "today"))
    return found


def to_be_filled(actor: Actor, row: UserField) -> str:
    """How many records have no value yet, should the field be asked for."""
    missing = max(0, find(actor, row.record).count() - filled(actor, row))
    said = ngettext(
        "{records} has no value yet: whoever changes it next is asked for one.",
        "{records} have no value yet: whoever changes one next is asked for it.",
        missing,
    )
    return said.format(records=of_records(row.record, missing)) if missing else ""
