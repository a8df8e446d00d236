"""The record types of what was merged: with them come their history and their undo. They are written by merging alone."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from rapporto.kernel.actor import ADMINISTRATOR, MANAGER, SYSTEM
from rapporto.kernel.text import Message
from rapporto.kernel.where import EVERYTHING
from rapporto.store.declare import DECLARED, declare
from rapporto.store.merge_models import Merged, MergedValue
from rapporto.store.merge_rules import MERGE_RULES, MergeRule
from rapporto.store.wholes import images, wholes

READERS = dict.fromkeys((MANAGER, ADMINISTRATOR, SYSTEM), EVERYTHING)
WRITERS = dict.fromkeys((ADMINISTRATOR, SYSTEM), EVERYTHING)


def renew_kept(ids: Sequence[int]) -> None:
    """Renew what is derived of the records to which these lines lead, or led before this change: their words are among its own."""
    _renew([*Merged.objects.filter(pk__in=ids).values_list("record", "kept"), *_before(ids)])


def renew_kept_of_values(ids: Sequence[int]) -> None:
    """The same for the values of such lines, which may have gone together with them."""
    renew_kept(sorted(wholes(MergedValue, ids, ("merged_id",))))


def _before(ids: Sequence[int]) -> Iterable[tuple[str, int]]:
    return images(Merged, ids).values_list("image__record", "image__kept")


def _renew(kept: Iterable[tuple[str, int]]) -> None:
    by_type: defaultdict[str, set[int]] = defaultdict(set)
    for name, row_id in kept:
        by_type[name].add(row_id)
    for name, found in by_type.items():
        for renew in DECLARED[name].refresh if name in DECLARED else ():
            renew(sorted(found))


merged = declare(
    Merged,
    title="title",
    order="title",
    grid=("record", "title", "gone", "into", "kept"),
    see=READERS,
    change=WRITERS,
    icon="link",
    refresh=(renew_kept,),
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
    refresh=(renew_kept_of_values,),
)

NAMED_ELSEWHERE = Message(
    "These cannot be merged: other records know them by their own name. Convert or move them in the settings."
)
for _name in ("user_field", "field_choice", "merged", "merged_value"):
    MERGE_RULES.add(_name, MergeRule(refuse=lambda one, other: NAMED_ELSEWHERE))
