"""The tables of the history. They keep the user as a number and a name, so that the store knows no people."""

from django.db import models


class ChangeSet(models.Model):
    """What one act changed: who, when, through which door, by which command."""

    id = models.BigAutoField(primary_key=True)
    at = models.BigIntegerField(db_index=True)
    """When it began, in microseconds since 1970 UTC."""
    user_id = models.BigIntegerField(null=True)
    user_name = models.TextField(default="")
    door = models.TextField()
    command = models.TextField()
    undoes = models.ForeignKey("self", models.PROTECT, null=True, related_name="undone_by")
    open = models.BooleanField(default=False)
    """A long command, an import, is still adding to it."""
    summary = models.JSONField(default=dict)

    class Meta:
        db_table = "history_change_set"
        indexes = [
            models.Index(fields=["user_id", "id"], name="history_set_user"),
            models.Index(fields=["at"], name="history_set_open", condition=models.Q(open=True)),
        ]

    def is_undone(self) -> bool:
        """Undone, and not done again since."""
        return any(not later.is_undone() for later in self.undone_by.all())


class Entry(models.Model):
    """One row before a change: inserted (no image: there was nothing), updated or deleted. Written only by triggers."""

    INSERTED, UPDATED, DELETED = "I", "U", "D"

    id = models.BigAutoField(primary_key=True)
    change_set = models.ForeignKey(
        ChangeSet, models.DO_NOTHING, null=True, db_constraint=False, db_index=False, related_name="entries"
    )
    """None: changed outside the product."""
    record = models.TextField()
    row_id = models.BigIntegerField()
    act = models.TextField()
    at = models.BigIntegerField()
    image = models.JSONField(null=True)
    xid = models.BigIntegerField(null=True)
    """The transaction (PostgreSQL), from which the reading number is given after commit."""

    class Meta:
        db_table = "history_entry"
        indexes = [
            models.Index(fields=["record", "row_id", "id"], name="history_entry_row"),
            models.Index(fields=["record", "at", "row_id"], name="history_entry_at"),
            models.Index(fields=["change_set", "record", "row_id"], name="history_entry_set"),
            models.Index(fields=["xid"], name="history_entry_xid", condition=models.Q(xid__isnull=False)),
        ]


class Reading(models.Model):
    """The order in which readers may take the transactions of PostgreSQL: numbered after they were committed."""

    number = models.BigAutoField(primary_key=True)
    xid = models.BigIntegerField(unique=True)
    horizon = models.BigIntegerField(default=0)
    """The oldest transaction under way when this number was given: all older ones had theirs."""

    class Meta:
        db_table = "history_reading"


class Stamp(models.Model):
    """The change set being written (SQLite, one row): its triggers read it; empty means outside."""

    id = models.SmallIntegerField(primary_key=True)
    change_set_id = models.BigIntegerField(null=True)
    at = models.BigIntegerField(null=True)
    markers_only = models.BooleanField(default=False)

    class Meta:
        db_table = "history_stamp"


class Seal(models.Model):
    """Entries of the history in the order of the readers, sealed: each seal holds on to the one before it.

    `ids`, `salts` and `digests` hold 8, 16 and 32 bytes for each entry. A salt of zeros: what was there has been erased.
    """

    number = models.BigIntegerField(primary_key=True)
    reached = models.BigIntegerField()
    """The reading number of its last entry."""
    first_id = models.BigIntegerField()
    last_id = models.BigIntegerField(db_index=True)
    """The smallest and the largest id among its entries."""
    ids = models.BinaryField()
    salts = models.BinaryField()
    digests = models.BinaryField()
    head = models.TextField()
    """SHA-256 over the head of the seal before, the ids and the digests, in hexadecimal."""
    at = models.DateTimeField()

    class Meta:
        db_table = "history_seal"
