"""The record type of likely duplicates: whoever may see both parties sees the pair, and decides about it."""

from rapporto.domain.parties.duplicates.models import LikelyDuplicate
from rapporto.domain.parties.duplicates.written import in_order, note_decision
from rapporto.domain.people.permissions import READ_BY_ALL, STAFF, roles
from rapporto.kernel.where import field, through
from rapporto.store.declare import declare

BOTH = roles(through("first") & (through("second") | field("second").eq(None)), *READ_BY_ALL)
NOTED = ("decided_by", "decided_at")

likely_duplicate = declare(
    LikelyDuplicate,
    title="first",
    order="-probability",
    grid=("first", "second", "probability", "reasons", "state", "found_by", "decided_by", "decided_at"),
    see=BOTH,
    change=BOTH,
    fixed=dict.fromkeys(STAFF, NOTED),
    prepare=(in_order, note_decision),
    icon="parties",
    part_of="first",
    goes_with=("second",),
    remark=True,
)
