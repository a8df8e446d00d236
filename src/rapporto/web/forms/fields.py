"""From the declared fields of a record to the sections of its form: labels, hints, controls, what stands in them."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from rapporto.kernel.actor import Actor
from rapporto.kernel.kinds import Link, Links, Tick
from rapporto.kernel.record import Field, RecordType
from rapporto.store.asking import Asked
from rapporto.web.facts import Fact, is_blank, words
from rapporto.web.fields import FormField
from rapporto.web.forms.linked import link_field, short_list
from rapporto.web.forms.party import kind_of_link
from rapporto.web.forms.reading import Typed
from rapporto.web.reading import Titles, link_title

WIDGETS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "long_text": ("textarea", {"rows": "3"}),
    "number": ("text", {"inputmode": "numeric"}),
    "money": ("text", {"inputmode": "decimal"}),
    "phone": ("tel", {}),
    "email": ("email", {}),
}
"""The control of a kind by the name of its widget, with its attributes; every other one is a line of text."""
WIDE = ("long_text", "links")


@dataclass(frozen=True)
class FormSection:
    """Fields under one head. A folded one holds only blanks; `facts` are what this person may see but not change."""

    label: str
    fields: tuple[FormField, ...]
    facts: tuple[Fact, ...] = ()
    folded: bool = False


@dataclass
class Filling:
    """What stands in a form: the values of the record, over them what was typed, and what is wrong with that."""

    actor: Actor
    record: RecordType
    values: Mapping[str, Any]
    titles: Titles = field(default_factory=dict)
    typed: Typed = field(default_factory=Typed)
    errors: Mapping[str, str] = field(default_factory=dict)
    asked: Asked | None = None
    ids: str = "id"
    """What the ids of the controls begin with: two forms of one page need different ones."""
    helps: Mapping[str, str] | None = None
    """What is said beside the fields; None in a form that does not help while one types."""

    def control(self, name: str) -> FormField:
        """The control of a field."""
        one = self.record.fields[name]
        shape: dict[str, Any] = {
            "id": f"{self.ids}-{name}",
            "name": name,
            "label": str(one.label),
            "error": self.errors.get(name, ""),
            "hint": str(one.hint),
            "required": one.required and not isinstance(one.kind, Tick),
            "help": None if self.helps is None else self.helps.get(name, ""),
        }
        if one.link:
            return self._link(one, shape)
        return _control(one, shape, self.text(name))

    def text(self, name: str) -> Any:
        """What stands in the control of a field; of a tick, whether it is set."""
        one = self.record.fields[name]
        if one.name in self.typed.texts:
            return self.typed.texts[one.name]
        value = self.values.get(one.name)
        return value if isinstance(one.kind, Tick) else one.kind.edit(value, get_language() or "it")

    def _link(self, one: Field, shape: dict[str, Any]) -> FormField:
        value = self.values.get(one.name)
        known = link_title(one, value, self.titles)
        if one.name in self.typed.texts:
            value, known = self.typed.texts[one.name], ""
        if one.name in self.typed.chosen:
            value, known = self.typed.chosen[one.name], self.typed.texts[one.name]
        kind = kind_of_link(self.record.name, one.name)
        return link_field(self.actor, one, shape, value, known, self.asked, kind)

    def open_to(self, name: str) -> bool:
        """Whether the actor may write this field; a link to what they may not see is left as it is."""
        one, value = self.record.fields[name], self.values.get(name)
        if one.derived or name in self.record.fixed_for(self.actor):
            return False
        hidden = one.link and value is not None and not link_title(one, value, self.titles)
        if isinstance(one.kind, Links) and short_list(self.actor, one.link or "", self.asked) is None:
            return False
        return not (hidden and isinstance(one.kind, Link))

    def sections(self, *, left_out: Collection[str] = (), first: Collection[str] = ()) -> list[FormSection]:
        """The form in the sections of the declaration; those in which nothing is known are folded, the first one never."""
        found: list[FormSection] = []
        for label, declared in self._divided():
            names = [name for name in declared if name not in left_out]
            mine = [name for name in names if self.open_to(name)]
            facts = [self._fact(name) for name in names if name not in mine and self._told(name)]
            if mine or facts:
                folded = bool(found) and label not in first and not self._busy(mine) and not facts
                found.append(FormSection(str(label), tuple(map(self.control, mine)), tuple(facts), folded))
        return found

    def _divided(self) -> Iterable[tuple[Any, list[str]]]:
        """The sections of the declaration, that of the company's own fields divided by its groups."""
        for label, declared in self.record.sections.items():
            groups: dict[str, list[str]] = {}
            for name in self.record.with_made(declared):
                groups.setdefault(self.record.fields[name].group, []).append(name)
            yield from ((group or label, names) for group, names in groups.items())

    def _told(self, name: str) -> bool:
        one = self.record.fields[name]
        return not one.derived and not is_blank(one, self.values.get(name))

    def _busy(self, names: Iterable[str]) -> bool:
        """Whether something stands in one of these fields that nobody had to write, or is wrong with it."""
        return any(
            self.errors.get(n) or self.typed.texts.get(n) or self._filled(n) or self._asked_for(n) for n in names
        )

    def _asked_for(self, name: str) -> bool:
        """Whether the company wants this field to be filled in: then it is not folded away."""
        return self.record.fields[name].made_here and self.record.fields[name].required

    def _filled(self, name: str) -> bool:
        one, value = self.record.fields[name], self.values.get(name)
        return not is_blank(one, value) and value != one.default

    def _fact(self, name: str) -> Fact:
        one = self.record.fields[name]
        text = words(one, self.values.get(name), self.titles)
        return (
            Fact(str(one.label), text, locked=_("You can see this but not change it."))
            if text
            else Fact(str(one.label), "", empty=_("not open to you"))
        )


def _control(one: Field, shape: dict[str, Any], text: Any) -> FormField:
    widget = one.kind.widget
    if isinstance(one.kind, Tick):
        return FormField(
            **shape, widget="checkbox", value=text in (True, "on", "1", "true"), attributes={"value": "on"}
        )
    choices = getattr(one.kind, "choices", None)
    if widget == "choice" and choices is not None:
        retired = getattr(one.kind, "retired", ())
        left = [pair for pair in choices if pair[0] not in retired or pair[0] == text]
        blank = [] if one.required and text else [("", "—")]  # nothing is chosen for a person without their choice
        return FormField(**shape, widget="select", value=text, choices=[*blank, *left])
    html, attributes = WIDGETS.get(widget, ("text", {}))
    longest = getattr(one.kind, "max_length", 0) if html == "text" and widget == "text" else 0
    more = {"maxlength": longest} if 0 < longest < 200 else {}
    return FormField(
        **shape, widget=html, value=text, attributes={"autocomplete": "off", **attributes, **more}, wide=widget in WIDE
    )


def field_names(sections: Iterable[FormSection]) -> str:
    """The names of the fields of a form, as they are sent along."""
    return ",".join(one.name for section in sections for one in section.fields)
