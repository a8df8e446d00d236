"""The record types of imports: whoever works here may bring data in, and sees where data come from."""

from rapporto.domain.people.permissions import CHANGED_BY_ALL, READ_BY_ALL
from rapporto.kernel.text import Message
from rapporto.store.declare import declare
from rapporto.store.imports.models import Imported, ImportSource
from rapporto.store.merge_rules import MERGE_RULES, MergeRule

import_source = declare(ImportSource, grid=("name", "folder"), see=READ_BY_ALL, change=CHANGED_BY_ALL, icon="import")

imported = declare(
    Imported,
    order="-at",
    grid=("name", "source", "at"),
    see=READ_BY_ALL,
    change=CHANGED_BY_ALL,
    icon="import",
)

OF_ITS_OWN = Message("Each import stands for itself: what came in with it could not be told apart any more.")
for _name in ("import_source", "imported"):
    MERGE_RULES.add(_name, MergeRule(refuse=lambda one, other: OF_ITS_OWN))
