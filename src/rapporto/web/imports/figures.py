"""What an import did, in words: every figure leads to the list of what it counts."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rapporto.domain.parties.models import ToVerify
from rapporto.store.imports.models import ImportRun
from rapporto.store.imports.tally import DOUBLES, REFUSED
from rapporto.store.userfields import record_type
from rapporto.web.figures import figure
from rapporto.web.links import grid_url, undo_preview_url

PARTIES = ("organisation", "person")


@dataclass(frozen=True)
class Figure:
    """One thing that is counted, and where it is listed."""

    text: str
    url: str = ""
    tone: str = ""


def figures_of(run: ImportRun) -> list[Figure]:
    """The figures of a run; those of a trial lead nowhere, there being nothing yet."""
    return [Figure(one.text, "" if run.dry else one.url, one.tone) for one in _figures(run)]


def _figures(run: ImportRun) -> Iterator[Figure]:
    counts = run.counts
    for name, number in counts.items():
        kind, _dot, what = name.partition(".")
        if kind == "made":
            yield _made(run, what, number)
    if changed := sum(number for name, number in counts.items() if name.startswith("changed.")):
        yield Figure(
            ngettext("{count} record changed", "{count} records changed", changed).format(count=figure(changed)),
            undo_preview_url(run.change_set_id) if run.change_set_id else "",
        )
    if known := counts.get("rows.known", 0):
        yield Figure(
            ngettext("{count} row known already", "{count} rows known already", known).format(count=figure(known))
        )
    if doubles := counts.get(DOUBLES, 0):
        text = ngettext("{count} likely duplicate", "{count} likely duplicates", doubles).format(count=figure(doubles))
        yield Figure(
            text, _list("likely_duplicate", {"state.eq": "open", "second.origin.eq": run.imported_id}), "today"
        )
    for name, number in _asides(run).items():
        yield _aside(run, name, number)
    if refused := counts.get(REFUSED, 0):
        text = ngettext("{count} row left out", "{count} rows left out", refused).format(count=figure(refused))
        yield Figure(text, reverse("import_refused", args=[run.pk]), "late")


def _asides(run: ImportRun) -> Mapping[str, int]:
    """Values to be verified by the field they wait for."""
    known = dict(ToVerify.FIELDS)
    found: Counter[str] = Counter()
    for name, number in run.counts.items():
        if name.startswith("aside."):
            field = name.partition(".")[2]
            found[field if field in known or run.shape != "party" else "other"] += number
    return found


def _made(run: ImportRun, what: str, number: int) -> Figure:
    if what in PARTIES:
        words = {
            "organisation": ngettext("{count} new company", "{count} new companies", number),
            "person": ngettext("{count} new person", "{count} new persons", number),
        }
        url = _list("party", {"kind.eq": what, "origin.eq": run.imported_id})
        return Figure(words[what].format(count=figure(number)), url)
    record = record_type(what)
    label = record.label if number == 1 else record.plural
    parties = {"party.origin.eq": run.imported_id} if "party" in record.fields else {}
    narrowed = {"organisation.origin.eq": run.imported_id} if what == "affiliation" else parties
    return Figure(_("{count} {what}").format(count=figure(number), what=str(label).lower()), _list(what, narrowed))


def _aside(run: ImportRun, name: str, number: int) -> Figure:
    if run.shape != "party":
        field = record_type(run.shape).fields.get(name)
        return Figure(_verified(str(field.label) if field else name, number), "", "today")
    text = _WAITING[name](number) if name in _WAITING else _verified(str(dict(ToVerify.FIELDS)[name]), number)
    url = _list("to_verify", {"field.eq": name, "party.origin.eq": run.imported_id})
    return Figure(text.format(count=figure(number)), url, "today")


def _verified(label: str, number: int) -> str:
    return _("{count} {what} to be verified").format(count=figure(number), what=label)


_WAITING: Mapping[str, Callable[[int], str]] = {
    "vat_number": lambda n: ngettext("{count} VAT number to be verified", "{count} VAT numbers to be verified", n),
    "tax_code": lambda n: ngettext("{count} tax code to be verified", "{count} tax codes to be verified", n),
    "postal_code": lambda n: ngettext("{count} postal code to be verified", "{count} postal codes to be verified", n),
    "phone": lambda n: ngettext("{count} phone number to be verified", "{count} phone numbers to be verified", n),
    "email": lambda n: ngettext("{count} e-mail address to be verified", "{count} e-mail addresses to be verified", n),
    "other": lambda n: ngettext("{count} other value to be verified", "{count} other values to be verified", n),
}


def _list(record: str, narrowed: Mapping[str, object]) -> str:
    said = {name: value for name, value in narrowed.items() if value is not None}
    return grid_url(record) + (f"?{urlencode(said)}" if said else "")
