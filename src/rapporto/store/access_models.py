"""The register of accesses: who took data out, looked at sensitive ones, signed in, got other rights. Rows are only ever added."""

from django.db import models


class AccessEntry(models.Model):
    """One access. It holds numbers and names of fields, never a value of a person: nothing in it has to be erased."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(db_index=True)
    user_id = models.BigIntegerField(null=True)
    user_name = models.TextField(default="")
    door = models.TextField(default="")
    act = models.TextField()
    """The name of one of ACTS."""
    record = models.TextField(default="")
    row_id = models.BigIntegerField(null=True)
    """The record concerned; None for many."""
    number = models.BigIntegerField(null=True)
    """How many records, where there were many."""
    details = models.JSONField(default=dict)
    """Columns, paths of the filters, the address of a sign-in, the role before and after."""

    class Meta:
        db_table = "access_entry"
        indexes = [
            models.Index(fields=["record", "row_id", "-id"], name="access_by_row"),
            models.Index(fields=["user_id", "-id"], name="access_by_user"),
            models.Index(fields=["act", "-id"], name="access_by_act"),
        ]
