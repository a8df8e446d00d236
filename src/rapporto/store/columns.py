"""Model fields that know their Kind: the Django model stays the source of stored fields, and says here what they hold."""

from collections.abc import Callable
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from rapporto.kernel.kinds import Choice, Code, Day, Integer, Kind, Link, Links, LongText, Moment, Money, Text, Tick

KEY = "_key"
"""What the name of a folded key adds to the name of its text."""


def record_name(model: type[models.Model] | str) -> str:
    """The name of the record type of a model: «PartyType» is called party_type."""
    name = model.rsplit(".", 1)[-1] if isinstance(model, str) else model.__name__
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("_")


class BinaryText(models.TextField):
    """Text compared byte by byte on every database (collation "C" on PostgreSQL; SQLite does so by itself)."""

    def db_parameters(self, connection: BaseDatabaseWrapper) -> dict[str, Any]:
        parameters: dict[str, Any] = super().db_parameters(connection)
        if connection.vendor == "postgresql":
            parameters["collation"] = "C"
        return parameters

    def deconstruct(self) -> tuple[str, str, Any, dict[str, Any]]:
        name, _, args, options = super().deconstruct()
        return name, "rapporto.store.columns.BinaryText", args, {k: v for k, v in options.items() if k in _KEPT}


_KEPT = ("default", "null", "unique", "db_index", "primary_key", "db_column")


class KeyColumn(BinaryText):
    """The folded key of the text beside it, written whenever the row is."""

    def __init__(self, source: str = "", kind: Kind | None = None, **options: Any) -> None:
        self.source, self.source_kind = source, kind
        super().__init__(**{"default": "", "editable": False, **options})

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        key = (self.source_kind.key(getattr(model_instance, self.source)) or "") if self.source_kind else ""
        setattr(model_instance, self.attname, key)
        return key


class Declared(models.Field):
    """What the columns below share: a kind, and whether a value is required. Migrations see the plain Django field."""

    kind: Kind
    plain = "django.db.models.TextField"

    def __init__(
        self, label: Any = None, *, kind: Kind | None = None, required: bool = False, hint: Any = "", **options: Any
    ) -> None:
        if kind is not None:
            self.kind = kind
        self.required, self.hint = required, hint
        super().__init__(label, **{"blank": not required, **self.defaults(), **options})

    def defaults(self) -> dict[str, Any]:
        """The options of the Django field that this column sets by itself."""
        return {"default": ""}

    def deconstruct(self) -> tuple[str, str, Any, dict[str, Any]]:
        name, _, args, options = super().deconstruct()
        return (
            name,
            self.plain,
            args,
            {k: v for k, v in options.items() if k not in ("verbose_name", "help_text", "blank", "choices")},
        )


class TextColumn(Declared, models.TextField):
    """A line of text, with its folded key beside it."""

    kind: Kind = Text()

    def contribute_to_class(self, cls: type[models.Model], name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only)
        if not cls._meta.abstract:
            KeyColumn(name, self.kind).contribute_to_class(cls, name + KEY)


class LongTextColumn(TextColumn):
    """Several lines of text."""

    kind: Kind = LongText()


class CodeColumn(Declared, BinaryText):
    """A code that is its own key: VAT number, postal code, phone …"""

    kind: Kind = Code()
    plain = "rapporto.store.columns.BinaryText"


class ChoiceColumn(CodeColumn):
    """One of a list."""

    kind: Kind = Choice()


class _Nullable(Declared):
    def defaults(self) -> dict[str, Any]:
        return {"null": True}


class TickColumn(Declared, models.BooleanField):
    """Yes or no."""

    kind: Kind = Tick()
    plain = "django.db.models.BooleanField"

    def defaults(self) -> dict[str, Any]:
        return {"default": False}


class IntegerColumn(_Nullable, models.BigIntegerField):
    """A whole number."""

    kind: Kind = Integer()
    plain = "django.db.models.BigIntegerField"


class MoneyColumn(IntegerColumn):
    """Whole cents."""

    kind: Kind = Money()


class DayColumn(_Nullable, models.DateField):
    """A calendar day."""

    kind: Kind = Day()
    plain = "django.db.models.DateField"


class MomentColumn(_Nullable, models.DateTimeField):
    """A moment in UTC."""

    kind: Kind = Moment()
    plain = "django.db.models.DateTimeField"


class LinkColumn(models.ForeignKey):
    """A link to one record. Nothing is ever deleted by following links: the store decides what goes with what."""

    def __init__(
        self,
        to: Any,
        label: Any = None,
        *,
        required: bool = False,
        hint: Any = "",
        relation: Any = "",
        on_delete: Callable[..., Any] = models.PROTECT,
        **options: Any,
    ) -> None:
        self.required, self.hint, self.relation_label = required, hint, relation
        options.setdefault("null", not required)
        super().__init__(to, on_delete=on_delete, verbose_name=label, **{"blank": not required, **options})

    @property
    def kind(self) -> Kind:
        target: Any = self.remote_field.model
        return Link(to=record_name(self.model if target == "self" else target))

    def deconstruct(self) -> tuple[str, str, Any, dict[str, Any]]:
        name, _, args, options = super().deconstruct()
        return (
            name,
            "django.db.models.ForeignKey",
            args,
            {k: v for k, v in options.items() if k not in ("verbose_name", "blank")},
        )


class LinksColumn(models.ManyToManyField):
    """Links to several records, kept in the rows of a `through` model of two link columns."""

    required = False

    def __init__(self, to: Any, label: Any = None, *, through: Any, hint: Any = "", **options: Any) -> None:
        self.hint = hint
        super().__init__(to, through=through, verbose_name=label, **{"blank": True, **options})

    @property
    def kind(self) -> Kind:
        return Links(to=record_name(self.remote_field.model))

    def deconstruct(self) -> tuple[str, str, Any, dict[str, Any]]:
        name, _, args, options = super().deconstruct()
        return (
            name,
            "django.db.models.ManyToManyField",
            args,
            {k: v for k, v in options.items() if k not in ("verbose_name", "blank", "kind")},
        )


class Recorded(models.Model):
    """The base of every declared model: an id, and the values of the fields that the company made for itself."""

    id = models.BigAutoField(primary_key=True)
    extra = models.JSONField(default=dict, blank=True)

    class Meta:
        abstract = True
