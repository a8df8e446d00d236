"""The register of what was merged: where the number of a record that is gone leads, and which of its values stand nowhere else."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from rapporto.kernel.kinds import Code, LongText, Text
from rapporto.store.columns import CodeColumn, IntegerColumn, LinkColumn, LongTextColumn, Recorded, TextColumn
from rapporto.store.userfields_models import SmallCode


class Merged(Recorded):
    """A record became part of another one of its type. Its old address, links and codes lead to `kept`."""

    record = CodeColumn(_("Record type"), required=True, kind=SmallCode(60))
    title = TextColumn(_("Name"), kind=Text(200))
    gone = IntegerColumn(_("Number of the merged record"), required=True)
    into = IntegerColumn(_("Merged into number"), required=True)
    kept = IntegerColumn(
        _("Leads to number"), required=True, hint=_("Another one than it was merged into, when that was merged too.")
    )

    class Meta:
        verbose_name, verbose_name_plural = _("Merged record"), _("Merged records")
        constraints = [models.UniqueConstraint(fields=["record", "gone"], name="merged_once")]
        indexes = [models.Index(fields=["record", "kept"], name="merged_by_kept")]


class MergedValue(Recorded):
    """A value for which the kept record had no place: told on its card, and still leading to it."""

    merged = LinkColumn(
        Merged, _("Merged record"), required=True, related_name="merged_values", relation=_("Values without a place")
    )
    field = CodeColumn(_("Field"), required=True, kind=SmallCode(80))
    value = LongTextColumn(_("Value"), kind=LongText())
    code = CodeColumn(_("Found by"), kind=Code(100), hint=_("The beginning of the value."))

    class Meta:
        verbose_name, verbose_name_plural = _("Value of a merged record"), _("Values of merged records")
        indexes = [models.Index(fields=["field", "code"], name="merged_value_by_code")]
