"""The store's own tables: the history, facts and deliveries, long works, imports, user-made fields, the rights of persons."""

from rapporto.store.access_models import AccessEntry
from rapporto.store.answers_models import KeptAnswer
from rapporto.store.history.models import ChangeSet, Entry, Reading, Seal, Stamp
from rapporto.store.imports.models import ExternalCode, Imported, ImportRun, ImportSource, RefusedRow
from rapporto.store.jobs_models import Job
from rapporto.store.merge_models import Merged, MergedValue
from rapporto.store.outbox_models import Delivery, Fact
from rapporto.store.rights_models import Erasure
from rapporto.store.userfields_models import FieldChoice, FieldGroup, FieldsVersion, UserField

__all__ = [
    "AccessEntry",
    "ChangeSet",
    "Delivery",
    "Entry",
    "Erasure",
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
    "Seal",
    "Stamp",
    "UserField",
]
