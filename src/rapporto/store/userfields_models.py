"""The fields that a company makes on the screen."""

from django.db import models


class UserField(models.Model):
    """One field made here: its kind, labels and settings. Its values live in the rows' JSON under `name`."""

    id = models.BigAutoField(primary_key=True)
    record = models.TextField()
    name = models.TextField()
    label = models.TextField()
    kind = models.TextField()
    settings = models.JSONField(default=dict)
    group = models.TextField(default="")
    position = models.IntegerField(default=0)
    removed = models.BooleanField(default=False)

    class Meta:
        db_table = "store_user_field"
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["record", "name"], name="store_user_field_name")]


class FieldsVersion(models.Model):
    """One row whose number grows when a user-made field changes, so that every process reads the fields anew."""

    id = models.SmallIntegerField(primary_key=True)
    number = models.BigIntegerField(default=0)

    class Meta:
        db_table = "store_fields_version"
