"""The tables of imports: where data come from, each import, how far it is, what it refused, and the codes of other programs."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from rapporto.kernel.kinds import Text
from rapporto.store.columns import BinaryText, LinkColumn, MomentColumn, Recorded, TextColumn


class ImportSource(Recorded):
    """Where data come from: the ERP, the old CRM, somebody's workbook. Codes mean something within a source alone."""

    name = TextColumn(_("Name"), required=True, kind=Text(80))
    folder = TextColumn(
        _("Watched folder"), kind=Text(80), hint=_("Its name inside the folder of imports; files put there are read.")
    )
    remembered = models.JSONField(default=dict)
    """By shape: what the columns meant last time, how the file was written, the mode."""

    class Meta:
        verbose_name, verbose_name_plural = _("Import source"), _("Import sources")


class Imported(Recorded):
    """One import that has written something; what it made leads to it, and it goes when the import is undone."""

    name = TextColumn(_("File"), required=True, kind=Text(200))
    source = LinkColumn(ImportSource, _("Source"), required=True, related_name="imports", relation=_("Imports"))
    at = MomentColumn(_("When"), required=True)

    class Meta:
        verbose_name, verbose_name_plural = _("Import"), _("Imports")


class ImportRun(models.Model):
    """What was asked for and how far it is, written in the transactions of the import itself; plumbing without a history."""

    id = models.BigAutoField(primary_key=True)
    user_id = models.BigIntegerField()
    source = models.ForeignKey(ImportSource, models.DO_NOTHING, related_name="+", db_constraint=False)
    """Not held by the database: a source that is deleted or undone leaves its runs, and finds them when it is back."""
    shape = models.TextField()
    name = models.TextField()
    file = models.TextField()
    """The token of the file that is read."""
    settings = models.JSONField(default=dict)
    """How the file is written, as a person has confirmed it."""
    columns = models.JSONField(default=list)
    """What each column means, in their order; '' for those that are left out."""
    mode = models.TextField(default="new")
    dry = models.BooleanField(default=False)
    total = models.BigIntegerField(default=0)
    at_row = models.BigIntegerField(default=0)
    """The number of the last row that is done."""
    counts = models.JSONField(default=dict)
    change_set_id = models.BigIntegerField(null=True)
    imported_id = models.BigIntegerField(null=True)
    job_id = models.BigIntegerField(null=True)
    ended = models.BooleanField(default=False)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "store_import_run"


class RefusedRow(models.Model):
    """A row that could not be read, as it stood in the file, with the reason."""

    id = models.BigAutoField(primary_key=True)
    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="refused")
    number = models.BigIntegerField()
    values = models.JSONField(default=list)
    raw = models.TextField(default="")
    """What stood there, where it could not be cut into cells."""
    reason = models.JSONField(default=dict)

    class Meta:
        db_table = "store_import_refused"
        constraints = [models.UniqueConstraint(fields=["run", "number"], name="import_refused_once")]


class ExternalCode(models.Model):
    """The code by which another program knows a record, and what its row said last.

    Without a history: a code whose record is gone leads nowhere until the record is back, by undoing or by a later import.
    """

    id = models.BigAutoField(primary_key=True)
    source = models.ForeignKey(ImportSource, models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False)
    """Not held by the database: a source that comes back knows its codes."""
    record = BinaryText()
    code = BinaryText()
    row = models.BigIntegerField()
    said = BinaryText(default="")
    """The mark of the row that was taken in last."""
    change_set_id = models.BigIntegerField(null=True)
    """In which it was taken in: what was undone since was not."""
    level = models.SmallIntegerField(default=0)
    """How much of it was taken in: what was only allowed to fill blanks may still change values later."""

    class Meta:
        db_table = "store_external_code"
        constraints = [models.UniqueConstraint(fields=["source", "record", "code"], name="external_code_once")]
        indexes = [models.Index(fields=["record", "row"], name="external_code_by_row")]
