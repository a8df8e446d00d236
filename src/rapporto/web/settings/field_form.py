"""The form of an own field: what was typed, what is wrong with it, and the values that are saved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from rapporto.kernel.actor import Actor
from rapporto.kernel.record import RecordType
from rapporto.kernel.text import clean
from rapporto.store.declare import DECLARED
from rapporto.store.records import find
from rapporto.store.userfields_models import FieldGroup, UserField
from rapporto.store.userfields_written import kinds_of
from rapporto.web.fields import FormField

TEXTS = ("label", "label_en", "hint", "group", "new_group", "kind", "target", "choices")
LONGEST = 20_000


@dataclass
class FieldForm:
    """A field on its way; `row` is None for a new one."""

    actor: Actor
    record: RecordType
    row: UserField | None = None
    typed: dict[str, Any] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, actor: Actor, row: UserField) -> "FieldForm":
        """The form of a field as it is."""
        typed = {name: getattr(row, name) for name in ("label", "label_en", "hint", "kind", "target")}
        typed |= {"group": str(row.group_id or ""), "new_group": "", "required": row.required}
        typed["only_for"] = [code for code in row.only_for.split(",") if code] or list(kinds_of(_declared(row.record)))
        return cls(actor, _declared(row.record), row, typed)

    @classmethod
    def sent(cls, actor: Actor, name: str, post: QueryDict, row: UserField | None = None) -> "FieldForm":
        """The form as it was sent."""
        typed: dict[str, Any] = {one: post.get(one, "")[:LONGEST] for one in TEXTS}
        typed |= {"required": "required" in post, "only_for": post.getlist("only_for")}
        return cls(actor, _declared(name), row, typed)

    @property
    def kind(self) -> str:
        """What the field holds, or is to hold."""
        return str(self.typed.get("kind") or "")

    @property
    def choices(self) -> list[str]:
        """The values typed, one in each line."""
        lines = (clean(line) for line in str(self.typed.get("choices") or "").splitlines())
        return list(dict.fromkeys(line for line in lines if line))

    def values(self) -> dict[str, Any]:
        """What is saved, but for the group that may have to be made."""
        known = kinds_of(self.record)
        chosen = [code for code in self.typed["only_for"] if code in known]
        only_for = "" if set(chosen) == known.keys() else ",".join(chosen)
        texts = {name: self.typed[name] for name in ("label", "label_en", "hint")}
        return {**texts, "required": self.typed["required"], "only_for": only_for}

    def fields(self) -> list[FormField]:
        """The controls, in order."""
        found = [
            self._text("label", _("Name"), 80, required=True),
            self._text(
                "label_en", _("Name in English"), 80, _("If colleagues work in English; otherwise leave it blank.")
            ),
            self._text("hint", _("Hint below the field"), 200, _("Such as «Maker and model».")),
            *self._groups(),
        ]
        if self.row is None and self.kind == "link":
            found.append(self._target())
        if self.row is None and self.kind == "choice":
            found.append(self._lines())
        if kinds := kinds_of(self.record):
            found.append(self._only_for(tuple(kinds.items())))
        if self.kind != "tick":
            found.append(self._required())
        return found

    def _text(self, name: str, label: str, longest: int, hint: str = "", *, required: bool = False) -> FormField:
        return FormField(
            f"id-{name}",
            name,
            label,
            value=self.typed.get(name, ""),
            hint=hint,
            error=self.errors.get(name, ""),
            required=required,
            attributes={"maxlength": longest, "autocomplete": "off"},
        )

    def _groups(self) -> tuple[FormField, FormField]:
        rows = find(self.actor, "field_group").filter(record=self.record.name).order_by("position", "pk")
        known = [("", "—"), *((str(row.pk), row.name) for row in rows)]
        chosen = FormField("id-group", "group", _("Group"), "select", self.typed.get("group", ""), known)
        return chosen, self._text(
            "new_group", _("or a new group"), 80, _("A heading on cards and forms, such as «Technical».")
        )

    def _target(self) -> FormField:
        kind: Any = DECLARED["user_field"].record.fields["target"].kind
        known = [("", "—"), *((name, str(label)) for name, label in kind.choices)]
        error = self.errors.get("target", "")
        return FormField(
            "id-target", "target", _("Links to"), "select", self.typed.get("target", ""), known, error, required=True
        )

    def _lines(self) -> FormField:
        hint = _("One in each line, in the order of the list; more can be added later.")
        return FormField(
            "id-choices",
            "choices",
            _("Values"),
            "textarea",
            self.typed.get("choices", ""),
            error=self.errors.get("choices", ""),
            hint=hint,
            attributes={"rows": 6},
            wide=True,
        )

    def _only_for(self, kinds: Sequence[tuple[str, Any]]) -> FormField:
        chosen = self.typed.get("only_for") or [code for code, _label in kinds]
        label = _("Shown for")
        hint = _("What has a value already keeps showing it.")
        return FormField("id-only_for", "only_for", label, "checkboxes", chosen, kinds, hint=hint, wide=True)

    def _required(self) -> FormField:
        return FormField(
            "id-required",
            "required",
            _("To be filled in"),
            "checkbox",
            self.typed.get("required", False),
            hint=_("Forms ask for it; imports and notes of calls go on without."),
            wide=True,
            attributes={"value": "on"},
        )


def group_of(form: FieldForm) -> int | str:
    """The group chosen, or the name of the one to be made; '' for none."""
    if name := clean(str(form.typed.get("new_group") or "")):
        return name
    text = str(form.typed.get("group") or "")
    known = FieldGroup.objects.filter(record=form.record.name)
    return int(text) if text.isdigit() and known.filter(pk=int(text)).exists() else ""


def _declared(name: str) -> RecordType:
    return DECLARED[name].record
