"""How often each program has asked in the minute at hand."""

from django.db import models


class Asked(models.Model):
    """The requests of one caller in one minute. In a table of its own, as one statement then both counts and tells the number."""

    caller = models.TextField(primary_key=True)
    minute = models.BigIntegerField()
    number = models.IntegerField()

    class Meta:
        db_table = "api_asked"
