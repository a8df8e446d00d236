"""The store's own tables: change sets and entries of the history, facts and deliveries, long works, user-made fields, search documents."""

from rapporto.store.answers_models import KeptAnswer
from rapporto.store.history.models import ChangeSet, Entry, Reading, Seal, Stamp
from rapporto.store.jobs_models import Job
from rapporto.store.merge_models import Merged, MergedValue
from rapporto.store.outbox_models import Delivery, Fact
from rapporto.store.userfields_models import FieldChoice, FieldGroup, FieldsVersion, UserField

__all__ = [
    "ChangeSet",
    "Delivery",
    "Entry",
    "Fact",
    "FieldChoice",
    "FieldGroup",
    "FieldsVersion",
    "Job",
    "KeptAnswer",
    "Merged",
    "MergedValue",
    "Reading",
    "Seal",
    "Stamp",
    "UserField",
]
