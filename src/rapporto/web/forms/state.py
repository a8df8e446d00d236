"""A form on its way: what it changes, what was given beforehand, what was typed, what is wrong; and the page that shows it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from rapporto.kernel.actor import Actor
from rapporto.kernel.kinds import Tick
from rapporto.kernel.record import RecordType
from rapporto.store.asking import Asked
from rapporto.store.declare import DECLARED
from rapporto.web.asked import aims_at, wants_part
from rapporto.web.facts import Fact, fact
from rapporto.web.forms.fields import Filling, FormSection, field_names
from rapporto.web.forms.hints.drawn import by_field
from rapporto.web.forms.hints.sheet import Sheet
from rapporto.web.forms.hints.views import hints_of
from rapporto.web.forms.party import kinds_of_new, senseless
from rapporto.web.forms.reading import Typed
from rapporto.web.links import card_url, grid_url, hints_url
from rapporto.web.reading import Titles, learn_titles, wanted_titles

PANEL = "div#panel"


@dataclass
class Form:
    """What the page of a form shows. `row_id` is None for a new record; `whole` is the card it belongs to."""

    actor: Actor
    record: RecordType
    title: str
    values: Mapping[str, Any]
    titles: Titles = field(default_factory=dict)
    preset: Mapping[str, Any] = field(default_factory=dict)
    row_id: int | None = None
    version: int | None = None
    typed: Typed = field(default_factory=Typed)
    mine: dict[str, Any] = field(default_factory=dict)
    """What this person changed of it."""
    errors: Mapping[str, str] = field(default_factory=dict)
    offers: list[dict[str, Any]] = field(default_factory=list)
    """Records that could be made for a name that was not found."""
    apart: str = ""
    """The parties that somebody said are not the one in the form."""

    def hints_url(self) -> str:
        """What helps while the form is filled in."""
        known = {"kind": self.preset.get("kind"), "id": self.row_id}
        return hints_url(self.record.name, **{name: value for name, value in known.items() if value})

    def sheet(self) -> Sheet:
        """The form as it stands, for the hints."""
        filling = Filling(self.actor, self.record, self.values, typed=self.typed)
        kinds = {name: one.kind for name, one in self.record.fields.items() if not one.derived and not one.link}
        texts = {name: str(filling.text(name)) for name, kind in kinds.items() if not isinstance(kind, Tick)}
        return Sheet(self.actor, self.record, texts, row_id=self.row_id)

    def _helps(self) -> Mapping[str, str]:
        """What is said beside the fields from the start: nothing where nothing was written yet."""
        return by_field(hints_of(self.sheet())) if self.row_id is not None or self.typed.texts else {}

    def back_url(self) -> str:
        """Where leaving the form leads: the card, that of the whole, or the list."""
        if self.row_id is not None and not self.record.part_of:
            return card_url(self.record.name, self.row_id)
        whole = whole_of(self.record, {**self.values, **self.preset})
        return card_url(*whole) if whole else grid_url(self.record.name)

    def sections(self) -> list[FormSection]:
        """The sections of the form."""
        filling = Filling(
            self.actor, self.record, self.values, self.titles, self.typed, self.errors, Asked.by(self.actor),
            helps=self._helps(),
        )  # fmt: skip
        left_out = {*self.preset, *senseless(self.record, str(self.values.get("kind") or ""), self.values)}
        first = {label for label, names in self.record.sections.items() if {"phone", "postal_code"}.intersection(names)}
        found = filling.sections(left_out=left_out - self.errors.keys(), first=first)
        return [_focused(one, self.first_wrong(found)) for one in found]

    def first_wrong(self, sections: list[FormSection]) -> str:
        """The field that takes the focus: the first wrong one, on a new form the first of all."""
        names = [one.name for section in sections for one in section.fields]
        wrong = [name for name in names if name in self.errors]
        return wrong[0] if wrong else names[0] if self.row_id is None and names else ""

    def given(self) -> list[Fact]:
        """What was given beforehand, to be read: the party an address belongs to; of a ledger all of it, as it stays."""
        fields = self.record.fields
        names = [
            name for name, value in self.preset.items() if fields[name].link or (self.record.append_only and value)
        ]
        return [fact(self.record.fields[name], self.preset[name], self.titles) for name in names]


def _focused(section: FormSection, name: str) -> FormSection:
    for one in section.fields:
        if one.name == name and one.widget != "custom":
            object.__setattr__(one, "attributes", {**one.attributes, "autofocus": True})
    return section


def whole_of(record: RecordType, values: Mapping[str, Any]) -> tuple[str, int] | None:
    """The record of which these values are a part, or are written down in a ledger: type and id; None when they stand alone."""
    if not record.part_of and not record.append_only:
        return None
    names = [name for name, one in record.fields.items() if one.link and DECLARED[one.link].record.place]
    names = sorted(names, key=lambda name: name != record.part_of)
    found = [(str(record.fields[name].link), values[name]) for name in names if isinstance(values.get(name), int)]
    return found[0] if found else None


def learn(form: Form) -> None:
    """Find out what the linked records of a form are called."""
    learn_titles(form.actor, form.titles, wanted_titles(form.record, {**form.values, **form.preset}))


def show(request: HttpRequest, form: Form, status: int = 200) -> HttpResponse:
    """The form as a page, or in the side panel."""
    sections = form.sections()
    names = {one.name for section in sections for one in section.fields}
    labels = [
        {"id": f"id-{name}" if name in names else "", "label": str(form.record.fields[name].label), "error": error}
        if name in form.record.fields else {"id": "", "label": "", "error": error}
        for name, error in form.errors.items()
    ]  # fmt: skip
    is_new_party = form.record.name == "party" and form.row_id is None
    context = {
        "form": form,
        "sections": sections,
        "fields": field_names(sections),
        "mistakes": labels,
        "given": form.given(),
        "kinds": kinds_of_new(str(form.values.get("kind"))) if is_new_party else [],
        "save_label": _("Save"),
        "panel_url": request.get_full_path(),
        "action": request.get_full_path(),
    }
    template = "panel_form.html" if aims_at(request, PANEL) else "form.html"
    return render(request, template, context, status=status)


def answer_with(request: HttpRequest, url: str) -> HttpResponse:
    """Go to a page after a change, from a form of a page or of the side panel."""
    if not wants_part(request):
        return redirect(url)
    answer = HttpResponse(status=204)
    answer["HX-Redirect"] = url
    return answer
