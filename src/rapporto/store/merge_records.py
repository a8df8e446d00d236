"""The record types of what was merged: with them come their history and their undo. They are written by merging alone."""

from rapporto.kernel.actor import ADMINISTRATOR, MANAGER, SYSTEM
from rapporto.kernel.text import Message
from rapporto.kernel.where import EVERYTHING
from rapporto.store.declare import declare
from rapporto.store.merge_models import Merged, MergedValue
from rapporto.store.merge_rules import MERGE_RULES, MergeRule

READERS = dict.fromkeys((MANAGER, ADMINISTRATOR, SYSTEM), EVERYTHING)
WRITERS = dict.fromkeys((ADMINISTRATOR, SYSTEM), EVERYTHING)

merged = declare(
    Merged,
    title="title",
    order="title",
    grid=("record", "title", "gone", "into", "kept"),
    see=READERS,
    change=WRITERS,
    icon="link",
)

merged_value = declare(
    MergedValue,
    title="field",
    grid=("merged", "field", "value"),
    see=READERS,
    change=WRITERS,
    personal=("value", "code"),
    icon="tag",
    part_of="merged",
)

NAMED_ELSEWHERE = Message(
    "These cannot be merged: other records know them by their own name. Convert or move them in the settings."
)
for _name in ("user_field", "field_choice", "merged", "merged_value"):
    MERGE_RULES.add(_name, MergeRule(refuse=lambda one, other: NAMED_ELSEWHERE))
