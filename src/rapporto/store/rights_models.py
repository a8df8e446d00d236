"""What is kept of an erasure: that it was, when, why, and how much went; nothing of who it was."""

from django.db import models


class Erasure(models.Model):
    """One erasure of a person. `token` names its line in the list of erasures, which lies outside the database."""

    id = models.BigAutoField(primary_key=True)
    token = models.TextField(unique=True)
    record = models.TextField()
    row_id = models.BigIntegerField()
    at = models.DateTimeField()
    requested_on = models.DateField()
    reason = models.TextField(default="")
    user_id = models.BigIntegerField(null=True)
    user_name = models.TextField(default="")
    counts = models.JSONField(default=dict)
    """How many records by type and fate, images, texts, files."""
    swept = models.JSONField(default=dict)
    """What was found when the files of the database were searched afterwards."""

    class Meta:
        db_table = "erasure"
        indexes = [models.Index(fields=["record", "row_id"], name="erasure_by_row")]
