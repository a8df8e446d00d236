"""Facts that ask for an effect outside the rows, and the deliveries owed for them."""

from django.db import models


class Fact(models.Model):
    """Something that happened, by ids; the values are in the history."""

    id = models.BigAutoField(primary_key=True)
    name = models.TextField()
    payload = models.JSONField()
    subject = models.TextField(default="")
    change_set_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "outbox_fact"


class Delivery(models.Model):
    """What one follower owes for one fact."""

    id = models.BigAutoField(primary_key=True)
    fact = models.ForeignKey(Fact, models.CASCADE, related_name="deliveries")
    follower = models.TextField()
    subject = models.TextField(default="")
    due = models.DateTimeField()
    tries = models.IntegerField(default=0)
    parked = models.BooleanField(default=False)
    """Refused for good: a person must look at it."""
    reason = models.TextField(default="")

    class Meta:
        db_table = "outbox_delivery"
        indexes = [
            models.Index(fields=["due", "id"], name="outbox_delivery_due", condition=models.Q(parked=False)),
            models.Index(fields=["follower", "subject", "id"], name="outbox_delivery_order"),
        ]
