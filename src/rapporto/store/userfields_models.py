"""The tables of the fields that a company makes on the screen: fields, their groups, the values of those chosen from a list."""

from dataclasses import dataclass
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from rapporto.kernel.kinds import Choice, Code, Kind, Text
from rapporto.kernel.kinds.base import CHOSEN_KINDS
from rapporto.kernel.record import USER_FIELDS, RecordType
from rapporto.kernel.text import BadValue, fold
from rapporto.store.columns import ChoiceColumn, CodeColumn, IntegerColumn, LinkColumn, Recorded, TextColumn, TickColumn
from rapporto.store.declare import DECLARED

FIELD_KINDS = (
    ("text", _("Text")),
    ("long_text", _("Long text")),
    ("code", _("Code")),
    ("integer", _("Number")),
    ("money", _("Amount")),
    ("date", _("Date")),
    ("tick", _("Yes or no")),
    ("choice", _("Choice from a list")),
    ("link", _("Link")),
)
"""What a field made here may hold, and how a person calls it."""


def takes_fields(record: RecordType) -> bool:
    """Whether a company may make fields for this type: there must be a section in which they are shown."""
    return any(USER_FIELDS in names for names in record.sections.values())


@dataclass(frozen=True)
class SmallCode(Code):
    """A code in small letters that people rarely see: it is its own key."""

    name: ClassVar[str] = "small_code"

    def read(self, typed: str) -> str | None:
        text = super().read(typed)
        return text.lower() if text else None

    def part(self, typed: str) -> str:
        return super().part(typed).lower()


@dataclass(frozen=True)
class TypeName(Kind):
    """The name of a record type; with `own_fields` only of those for which fields can be made."""

    name: ClassVar[str] = "record_type"
    ops: ClassVar[tuple[str, ...]] = CHOSEN_KINDS
    widget: ClassVar[str] = "choice"

    own_fields: bool = False

    @property
    def choices(self) -> tuple[tuple[str, Any], ...]:
        """The types there are, by their plural."""
        records = [one.record for one in DECLARED.values()]
        wanted = [one for one in records if (takes_fields(one) if self.own_fields else not one.part_of)]
        return tuple((one.name, one.plural) for one in wanted)

    def read(self, typed: str) -> str | None:
        wanted = typed.strip()
        for code, label in self.choices:
            if wanted == code or fold(wanted) == fold(str(label)):
                return code
        if wanted:
            names = ", ".join(str(label) for _code, label in self.choices)
            raise BadValue("«{typed}» is not in the list; choose one of: {choices}.", typed=typed[:60], choices=names)
        return None

    def show(self, value: Any, language: str = "it") -> str:
        return str(DECLARED[value].record.plural) if value in DECLARED else value or ""

    def edit(self, value: Any, language: str = "it") -> str:
        return value or ""


class FieldGroup(Recorded):
    """A group of own fields: a heading on cards and forms."""

    record = ChoiceColumn(_("Belongs to"), required=True, kind=TypeName(own_fields=True))
    name = TextColumn(_("Name"), required=True, kind=Text(80))
    position = IntegerColumn(_("Position"))

    class Meta:
        db_table = "store_field_group"
        verbose_name, verbose_name_plural = _("Field group"), _("Field groups")


class UserField(Recorded):
    """One field made here. Its values live in the rows' JSON under `name`; taken away they stay there."""

    record = ChoiceColumn(_("Belongs to"), required=True, kind=TypeName(own_fields=True))
    label = TextColumn(_("Name"), required=True, kind=Text(80))
    label_en = TextColumn(_("Name in English"), kind=Text(80), hint=_("For colleagues who work in English."))
    kind = ChoiceColumn(_("What it holds"), required=True, kind=Choice(FIELD_KINDS))
    target = ChoiceColumn(_("Links to"), kind=TypeName())
    group = LinkColumn(FieldGroup, _("Group"), related_name="fields", relation=_("Fields"))
    hint = TextColumn(_("Hint"), kind=Text(200), hint=_("A line below the field that says what to write."))
    required = TickColumn(_("To be filled in"), hint=_("Forms ask for it; imports and notes of calls go on without."))
    only_for = CodeColumn(_("Only for"), kind=SmallCode(200))
    position = IntegerColumn(_("Position"))
    removed = TickColumn(_("Taken away"))

    class Meta:
        db_table = "store_user_field"
        verbose_name, verbose_name_plural = _("Own field"), _("Own fields")

    @property
    def name(self) -> str:
        """What it is called in rows, addresses and conditions: never twice, whatever becomes of its label."""
        return f"u{self.pk}"


class FieldChoice(Recorded):
    """One value of a field that is chosen from a list. Records hold its code, people read its label."""

    field = LinkColumn(UserField, _("Field"), required=True, related_name="choices", relation=_("Values"))
    label = TextColumn(_("Name"), required=True, kind=Text(120))
    code = CodeColumn(_("Code"), kind=SmallCode(120), hint=_("Follows from the name."))
    position = IntegerColumn(_("Position"))
    retired = TickColumn(_("No longer in use"))

    class Meta:
        db_table = "store_field_choice"
        verbose_name, verbose_name_plural = _("Value of a field"), _("Values of fields")


class FieldsVersion(models.Model):
    """One row whose number grows when a user-made field changes, so that every process reads the fields anew."""

    id = models.SmallIntegerField(primary_key=True)
    number = models.BigIntegerField(default=0)

    class Meta:
        db_table = "store_fields_version"
