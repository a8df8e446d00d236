"""The row of a long work: who asked for it, how far it is, and what came of it."""

from django.db import models


class Job(models.Model):
    """One work of a kind in JOBS. What it wrote is in the history, what it made in its file; the row goes after a month."""

    WAITING, RUNNING, DONE, FAILED, STOPPED = "waiting", "running", "done", "failed", "stopped"
    ENDED = (DONE, FAILED, STOPPED)

    id = models.BigAutoField(primary_key=True)
    kind = models.TextField()
    user_id = models.BigIntegerField()
    door = models.TextField(default="web")
    language = models.TextField(default="")
    """The language of whoever asked: what the work writes for them is in it."""
    parameters = models.JSONField(default=dict)
    state = models.TextField(default=WAITING)
    stop = models.BooleanField(default=False)
    """Somebody pressed the button that stops it; the work ends at its next step."""
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    """How many steps there are; 0 as long as nobody knows."""
    sentence = models.JSONField(default=dict)
    """What is said of its end, as a dumped Message."""
    url = models.TextField(default="")
    file = models.TextField(default="")
    """The token of the file it made."""
    file_name = models.TextField(default="")
    details = models.JSONField(default=dict)
    """What the page of the result tells beyond the sentence."""
    change_set_id = models.BigIntegerField(null=True)
    made_at = models.DateTimeField()
    begun_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "store_job"
        indexes = [models.Index(fields=["user_id", "-id"], name="store_job_user")]
