"""Answers kept for programs that ask the same thing twice."""

from django.db import models


class KeptAnswer(models.Model):
    """What was answered to a request that bore a key, written in the transaction of what it changed. Without history."""

    id = models.BigAutoField(primary_key=True)
    caller = models.BigIntegerField()
    key = models.TextField()
    request = models.TextField()
    """The digest of what was asked."""
    status = models.IntegerField(default=0)
    headers = models.JSONField(default=dict)
    body = models.TextField(default="")
    at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "kept_answer"
        constraints = [models.UniqueConstraint(fields=["caller", "key"], name="kept_answer_key")]
