"""Value lists: registers and the lists of own fields, each value with how many records use it; two that mean the same become one."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from rapporto.kernel.actor import Actor
from rapporto.store.declare import DECLARED
from rapporto.store.errors import NotFound
from rapporto.store.merge_related import uses
from rapporto.store.records import find, get
from rapporto.store.userfields import record_type
from rapporto.store.userfields_models import FieldChoice
from rapporto.web.figures import figure
from rapporto.web.links import edit_url, grid_url, new_url
from rapporto.web.settings.frame import Effect, Question, ask, asked, go_on, may_keep, show
from rapporto.web.settings.work import act, behind

LISTS = ("party_type", "industry", "link_type")
"""The registers of the product from which others choose a value."""
SHOWN = 500


@dataclass(frozen=True)
class ListLine:
    """One list: what it is called, where it is kept, how many values it has."""

    label: str
    url: str
    number: str
    of: str = ""


@dataclass(frozen=True)
class ValueLine:
    """One value and how many records use it."""

    id: int
    name: str
    uses: str
    edit_url: str


@require_GET
def all_lists(request: HttpRequest) -> HttpResponse:
    """The lists of the product and those of own fields."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    context = {"registers": list(_registers(actor)), "own": list(_own(actor))}
    return show(request, "settings_lists.html", "lists", context)


def _in_words(number: int) -> str:
    return ngettext("{n} value", "{n} values", number).format(n=figure(number))


def _registers(actor: Actor) -> Iterator[ListLine]:
    for name in LISTS:
        record = DECLARED[name].record
        if record.visible(actor):
            yield ListLine(
                str(record.plural), reverse("settings_list", args=[name]), _in_words(find(actor, name).count())
            )


def _own(actor: Actor) -> Iterator[ListLine]:
    if not may_keep(actor, "user_field"):
        return
    rows = find(actor, "user_field").filter(kind="choice", removed=False).order_by("record", "position", "pk")
    counted = dict(FieldChoice.objects.filter(retired=False).values_list("field").annotate(Count("pk")))
    for row in rows:
        url = reverse("settings_field", args=[row.pk])
        yield ListLine(row.label, url, _in_words(counted.get(row.pk, 0)), str(DECLARED[row.record].record.plural))


@require_http_methods(["GET", "POST"])
def list_page(request: HttpRequest, name: str) -> HttpResponse:
    """GET: the values of a register. POST: move everything from one value to another, told in figures before."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if name not in LISTS or not DECLARED[name].record.visible(actor):
        raise NotFound(name, None)
    if request.method == "POST":
        return _merged(request, actor, name)
    record = record_type(name)
    rows = list(find(actor, name).order_by(f"{record.title}_key", "pk").values_list("pk", record.title)[:SHOWN])
    numbers = _uses(actor, name)
    context = {
        "record": record,
        "values": [ValueLine(pk, text, figure(numbers.get(pk, 0)), edit_url(name, pk)) for pk, text in rows],
        "open": may_keep(actor, name),
        "new_url": new_url(name),
        "grid_url": grid_url(name),
        "back_url": reverse("settings_lists"),
    }
    return show(request, "settings_list.html", "lists", context)


def _uses(actor: Actor, name: str) -> dict[int, int]:
    """How many records use each value; one query for each type that links to it."""
    found: dict[int, int] = {}
    for relation in DECLARED[name].record.relations.values():
        column = DECLARED[relation.record].columns[relation.by].value
        rows: Any = find(actor, relation.record).filter(**{f"{column}__isnull": False}).order_by()
        for pk, number in rows.values_list(column).annotate(number=Count("pk")):
            found[pk] = found.get(pk, 0) + number
    return found


def _merged(request: HttpRequest, actor: Actor, name: str) -> HttpResponse:
    record, here = record_type(name), reverse("settings_list", args=[name])
    one, other = (get(actor, name, _number(request.POST.get(key, ""))) for key in ("value", "into"))
    names = {"one": getattr(one, record.title), "other": getattr(other, record.title)}
    if not asked(request) and one.pk != other.pk:
        number = uses(actor, name, one.pk)
        said = ngettext(
            "{n} record goes from «{one}» to «{other}»; «{one}» is deleted.",
            "{n} records go from «{one}» to «{other}»; «{one}» is deleted.",
            number,
        )
        question = Question(
            _("Move «{one}» to «{other}»?").format(**names),
            [Effect(said.format(n=figure(number), **names))],
            _("Move {n} and delete «{one}»").format(n=figure(number), **names),
            here,
        )
        return ask(request, "lists", question)
    given = {"record": name, "one": one.pk, "other": other.pk}
    if work := behind(request, "merge_rows", uses(actor, name, one.pk), back=here, **given):
        return work
    moved, change = act(actor, "merge_rows", **given)
    return go_on(request, here, _("{n} moved to «{other}».").format(n=figure(moved), **names), change)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
