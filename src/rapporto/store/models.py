"""The store's own tables: history, facts and deliveries, long works, imports, user-made fields, what was merged."""

from rapporto.store.answers_models import KeptAnswer
from rapporto.store.history.models import ChangeSet, Entry, Reading, Stamp
from rapporto.store.imports.models import ExternalCode, Imported, ImportRun, ImportSource, RefusedRow
from rapporto.store.jobs_models import Job
from rapporto.store.merge_models import Merged, MergedValue
from rapporto.store.outbox_models import Delivery, Fact
from rapporto.store.userfields_models import FieldChoice, FieldGroup, FieldsVersion, UserField

__all__ = [
    "ChangeSet",
    "Delivery",
    "Entry",
    "ExternalCode",
    "Fact",
    "FieldChoice",
    "FieldGroup",
    "FieldsVersion",
    "ImportRun",
    "ImportSource",
    "Imported",
    "Job",
    "KeptAnswer",
    "Merged",
    "MergedValue",
    "Reading",
    "RefusedRow",
    "Stamp",
    "UserField",
]
