"""The register of accesses in the settings: who took out or looked at what, narrowed and as a file; nobody changes it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import Any
from urllib.parse import urlencode

from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from rapporto.domain.people.models import ROLES, User
from rapporto.kernel.actor import Actor
from rapporto.kernel.kinds import Day
from rapporto.kernel.record import RecordType
from rapporto.kernel.text import BadValue
from rapporto.store import access
from rapporto.store.access import ACTS
from rapporto.store.access_models import AccessEntry
from rapporto.store.declare import DECLARED
from rapporto.store.records import titles
from rapporto.store.transfer.csv_table import CsvTable
from rapporto.store.transfer.tables import Column
from rapporto.store.userfields import record_type
from rapporto.web.asked import language
from rapporto.web.fields import FormField
from rapporto.web.figures import figure
from rapporto.web.links import card_url
from rapporto.web.settings.frame import show

LISTED = 100
EXPORTED = 500_000
"""Lines of a file at most; more are taken out by narrower days."""
Titles = Mapping[str, Mapping[int, str]]


@dataclass(frozen=True)
class Line:
    """One access in words."""

    at: Any
    who: str
    act: str
    what: str
    url: str
    told: str


@require_GET
def access_log(request: HttpRequest) -> HttpResponseBase:
    """The register, the newest first; `export=csv` gives it as a file."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    typed = {name: request.GET.get(name, "").strip()[:40] for name in ("user", "act", "since", "until", "before")}
    asked, errors = _asked(typed)
    found = access.entries(actor, asked)
    if request.GET.get("export") == "csv" and not errors:
        return _file(actor, found[:EXPORTED], typed)
    before = typed["before"]
    if before.isascii() and before.isdigit() and len(before) < 19:
        found = found.filter(pk__lt=int(before))
    rows = list(found[: LISTED + 1])
    kept = {name: value for name, value in typed.items() if value and name != "before"}
    more = {**kept, "before": rows[LISTED - 1].pk} if len(rows) > LISTED else None
    context = {
        "lines": _lines(actor, rows[:LISTED]),
        "fields": _fields(typed, errors),
        "narrowed": bool(kept),
        "more_url": f"?{urlencode(more)}" if more else "",
        "export_url": f"?{urlencode({**kept, 'export': 'csv'})}",
        "all_url": reverse("settings_access"),
    }
    return show(request, "settings_access.html", "access", context, 422 if errors else 200)


def _asked(typed: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    """What is asked for, and by field what cannot be read."""
    asked: dict[str, Any] = {"act": typed["act"] if typed["act"] in ACTS else ""}
    user = typed["user"]
    asked["user_id"] = int(user) if user.isascii() and user.isdigit() and len(user) < 19 else None
    errors = {}
    for name in ("since", "until"):
        try:
            asked[name] = Day().check(typed[name])
        except BadValue:
            errors[name] = _("Write a day, such as 20/11/2026.")
    return asked, errors


def _fields(typed: Mapping[str, str], errors: Mapping[str, str]) -> list[FormField]:
    users = [("", _("Everyone")), *User.objects.order_by("name_key").values_list("pk", "name")]
    acts = [("", _("Everything")), *ACTS.items()]

    def one(name: str, label: str, widget: str, **more: Any) -> FormField:
        return FormField(f"id-{name}", name, label, widget, typed[name], error=errors.get(name, ""), **more)

    day = {"autocomplete": "off", "inputmode": "numeric"}
    return [
        one("user", _("Who"), "select", choices=users),
        one("act", _("What"), "select", choices=acts),
        one("since", _("From"), "text", attributes=day),
        one("until", _("Up to"), "text", attributes=day),
    ]


def _lines(actor: Actor, rows: Iterable[AccessEntry]) -> list[Line]:
    some = list(rows)
    wanted: dict[str, set[int]] = {}
    for row in some:
        if row.record in DECLARED and row.row_id is not None:
            wanted.setdefault(row.record, set()).add(row.row_id)
    known: Titles = {name: titles(actor, name, ids) for name, ids in wanted.items()}
    return [_line(row, known) for row in some]


def _line(row: AccessEntry, known: Titles) -> Line:
    title = known.get(row.record, {}).get(row.row_id or 0, "")
    record = record_type(row.record) if row.record in DECLARED else None
    return Line(
        timezone.localtime(row.at),
        row.user_name or _("the system"),
        str(ACTS.get(row.act, row.act)),
        title or _what(row, record),
        card_url(row.record, row.row_id) if title and row.row_id is not None else "",
        " · ".join(_told(row, record)),
    )


def _what(row: AccessEntry, record: RecordType | None) -> str:
    """The list or the record, when it has no name any more."""
    if record is None:
        return ""
    return f"{record.label} {row.row_id}" if row.row_id is not None else str(record.plural)


def _told(row: AccessEntry, record: RecordType | None) -> Iterable[str]:
    if row.number is not None:
        yield ngettext("{n} record", "{n} records", row.number).format(n=figure(row.number))
    for name, words in (("fields", _("Fields")), ("columns", _("Columns")), ("filters", _("Filtered by"))):
        if paths := row.details.get(name):
            yield f"{words}: {', '.join(_label(record, str(one)) for one in paths)}"
    if address := row.details.get("address"):
        yield str(address)
    if "role" in row.details:
        roles = {code: str(label) for code, label in ROLES}
        was, became = (roles.get(one, one) or "—" for one in row.details["role"])
        yield f"{was} → {became}"


def _label(record: RecordType | None, path: str) -> str:
    known = record.fields.get(path) if record is not None else None
    return str(known.label) if known is not None else path


def _file(actor: Actor, rows: Any, typed: Mapping[str, str]) -> HttpResponseBase:
    heads = (_("When"), _("Who"), _("What"), _("Record"), _("Number"), _("Details"), _("Door"))
    file = TemporaryFile()  # noqa: SIM115 - closed by the answer
    table = CsvTable(file, [Column(one) for one in heads], language(), yes=_("Yes"), no=_("No"))
    number = 0
    for row in rows.iterator(2000):
        line = _line(row, {})
        table.row((line.at.replace(tzinfo=None), line.who, line.act, line.what, row.number, line.told, row.door))
        number += 1
    table.close()
    file.seek(0)
    access.note(actor, access.LOG_EXPORT, "", None, number, filters=[name for name, one in typed.items() if one])
    name = f"{_('register of accesses')} {timezone.localdate().isoformat()}.csv"
    answer = FileResponse(file, as_attachment=True, filename=name, content_type="text/csv; charset=utf-8")
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer
