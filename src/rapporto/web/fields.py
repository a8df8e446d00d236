"""What one field of a form shows: label, control, hint, error; the object that `_field.html` draws."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

from django.forms import BoundField
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe

# How Django calls an input, where that differs from how HTML does.
INPUTS = {"datetime": "datetime-local", "nullbooleanselect": "select", "clearablefile": "file"}
SEVERAL = ("checkboxes", "selectmultiple")


@dataclass(frozen=True)
class FormField:
    """One field as it is shown; `widget` is an HTML input type, or textarea, select, selectmultiple, radio, checkboxes, custom.

    `choices` holds (value, label) pairs or (label of a group, list of pairs); `value` is a list where several may be chosen;
    `error` says what to do; `html` is the ready control of a custom widget.
    """

    id: str
    name: str
    label: str
    widget: str = "text"
    value: Any = ""
    choices: Sequence[tuple[Any, Any]] = ()
    error: str | Sequence[str] = ""
    hint: str = ""
    required: bool = False
    attributes: Mapping[str, Any] = field(default_factory=dict)
    wide: bool = False
    html: str = ""
    help: str | None = None
    """What is said of the text in it, as HTML; None where nothing ever is."""

    @property
    def errors(self) -> list[str]:
        """The errors as a list, none when the field is right."""
        return [self.error] if isinstance(self.error, str) and self.error else list(self.error)

    @property
    def described_by(self) -> str:
        """The ids of hint and error, for the ear."""
        parts = [f"{self.id}-error"] if self.errors else []
        return " ".join(parts + ([f"{self.id}-hint"] if self.hint else []))

    @property
    def options(self) -> list["OptionGroup"]:
        """The choices with the chosen ones marked, in groups; loose ones are in a group without a label."""
        chosen = {str(value) for value in self.value} if self.widget in SEVERAL else {str(self.value)}
        groups: list[OptionGroup] = []
        for value, label in self.choices:
            if isinstance(label, (list, tuple)):
                groups.append(OptionGroup(str(value), [option(self, pair, chosen) for pair in label]))
                continue
            if not groups or groups[-1].label:
                groups.append(OptionGroup(""))
            groups[-1].options.append(option(self, (value, label), chosen))
        return groups

    @property
    def options_html(self) -> SafeString:
        """The choices as the options of a control; written here, as lists of users and countries are long."""
        return mark_safe("".join(_group_html(group) for group in self.options))

    @property
    def control_attributes(self) -> SafeString:
        """What every control bears: its name, whether it is needed or wrong, what describes it, and the field's own attributes."""
        pairs: dict[str, Any] = {"name": self.name, "required": self.required, **self.attributes}
        pairs["aria-invalid"] = "true" if self.errors else None
        pairs["aria-describedby"] = self.described_by
        return attributes_html(pairs)


@dataclass(frozen=True)
class Option:
    """One choice of a field, with an id of its own."""

    id: str
    value: str
    label: str
    chosen: bool


@dataclass(frozen=True)
class OptionGroup:
    """Choices under one label."""

    label: str
    options: list[Option] = field(default_factory=list)


def _group_html(group: OptionGroup) -> str:
    options = "".join(
        f'<option value="{escape(one.value)}"{" selected" if one.chosen else ""}>{escape(one.label)}</option>'
        for one in group.options
    )
    return f'<optgroup label="{escape(group.label)}">{options}</optgroup>' if group.label else options


def option(of: FormField, pair: tuple[Any, Any], chosen: set[str]) -> Option:
    """One choice as it is shown: None and False read as Django writes them in a form."""
    value = "" if pair[0] is None else str(pair[0])
    return Option(f"{of.id}-{value or 'none'}", value, str(pair[1]), value in chosen)


def attributes_html(pairs: Mapping[str, Any]) -> SafeString:
    """HTML attributes, each with a space before it; True stands alone; None, False and '' are left out."""
    shown = (
        (name, name if value is True else value) for name, value in pairs.items() if value not in (None, False, "")
    )
    return format_html_join("", ' {}="{}"', shown)


def from_bound_field(bound: BoundField) -> FormField:
    """A field of a Django form as `_field.html` draws it."""
    widget = bound.field.widget
    kind = getattr(widget, "input_type", None) or type(widget).__name__.lower()
    kind = kind if kind == "textarea" else kind.removesuffix("input")
    if kind == "checkbox" and getattr(widget, "allow_multiple_selected", False):
        kind = "checkboxes"
    attributes = {key: value for key, value in widget.attrs.items() if key not in ("id", "placeholder", "required")}
    if kind in ("checkbox", "radio", "checkboxes", "select"):
        attributes.pop("autocomplete", None)
    several = getattr(widget, "allow_multiple_selected", False)
    value = bound.value()
    return FormField(
        id=bound.auto_id or bound.html_name,
        name=bound.html_name,
        label=str(bound.label),
        widget="selectmultiple" if kind == "select" and several else INPUTS.get(kind, kind),
        value=(value or []) if several else bound.field.prepare_value(value) if value is not None else "",
        choices=list(getattr(widget, "choices", ())),
        error=[str(error) for error in bound.errors],
        hint=str(bound.help_text),
        required=bound.field.required,
        attributes=attributes,
    )
