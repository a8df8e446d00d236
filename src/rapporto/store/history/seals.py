"""The seal of the history: a chain of digests over every entry, so that nobody changes, takes out or slips in one unseen.

Each entry is digested with a salt of its own, and a seal holds the digests of a thousand entries and the head of the chain. Whoever
erases what an entry held on request takes its salt away too: the digest stays, and can no longer be guessed back. Who keeps a head
elsewhere (every backup does) can prove that what came before it is as it was. See RFC 6962 for the idea of such a log.
"""

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from struct import Struct

from django.db import connection, transaction
from django.utils import timezone

from rapporto.store.chunks import chunks
from rapporto.store.history.models import Entry, Seal
from rapporto.store.history.reading import changes_since, newest
from rapporto.store.history.values import parsed
from rapporto.store.one_writer import turn

SEALED = 1_000
"""Entries of one seal; a transaction is never divided, so that a seal can hold more."""
START = "0" * 64
"""What the first seal holds on to."""
_ID, _SALT, _DIGEST = Struct(">q"), 16, 32
_GONE = bytes(_SALT)


@dataclass(frozen=True)
class Broken:
    """What the chain does not agree with: the number of the seal, and what is wrong, in words."""

    seal: int
    text: str


def head() -> str:
    """The head of the chain; '' as long as nothing is sealed."""
    last = Seal.objects.order_by("-number").values_list("head", flat=True).first()
    return last or ""


def seal_all() -> int:
    """Seal everything that was committed and is not sealed yet; gives the number of new seals."""
    made = 0
    while _seal_some():
        made += 1
    return made


def _seal_some() -> bool:
    """One more seal; False when there is nothing to be sealed, or somebody else is at it."""
    with turn(), transaction.atomic():
        last = Seal.objects.select_for_update().order_by("-number").first()
        reached = last.reached if last else 0
        changes = changes_since(reached, SEALED) if newest() > reached else []
        if not changes:
            return False
        ids = [change.entry_id for change in changes]
        salts = {entry_id: os.urandom(_SALT) for entry_id in ids}
        digests = dict(_digests(ids, salts))
        packed = b"".join(map(_ID.pack, ids)), b"".join(digests[one] for one in ids)
        _seal, made = Seal.objects.get_or_create(
            number=last.number + 1 if last else 1,
            defaults={
                "reached": changes[-1].number,
                "first_id": min(ids),
                "last_id": max(ids),
                "ids": packed[0],
                "salts": b"".join(salts[one] for one in ids),
                "digests": packed[1],
                "head": _head(last.head if last else START, *packed),
                "at": timezone.now(),
            },
        )
        return made


def _head(before: str, ids: bytes, digests: bytes) -> str:
    return hashlib.sha256(bytes.fromhex(before) + ids + digests).hexdigest()


_ENTRIES = """
SELECT e.id, e.record, e.row_id, e.act, e.at, e.image, c.id, c.at, c.user_id, c.user_name, c.door, c.command
FROM history_entry e LEFT JOIN history_change_set c ON c.id = e.change_set_id WHERE e.id IN ({})"""


def _digests(ids: Sequence[int], salts: dict[int, bytes]) -> Iterator[tuple[int, bytes]]:
    """The digest of each entry that is there: what it was, who did it, when, through which door, by which command."""
    for some in chunks(ids):
        with connection.cursor() as cursor:
            cursor.execute(_ENTRIES.format(", ".join(["%s"] * len(some))), some)
            for entry_id, record, row_id, act, at, image, *who in cursor.fetchall():
                told = [entry_id, record, row_id, act, at, parsed(image), *who]
                canonical = json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)
                yield entry_id, hashlib.sha256(salts[entry_id] + canonical.encode()).digest()


def unsalt(entry_ids: Iterable[int]) -> None:
    """Take away the salts of entries whose content is erased on request; in the transaction of the erasure."""
    wanted = set(entry_ids)
    if not wanted:
        return
    for seal in Seal.objects.filter(first_id__lte=max(wanted), last_id__gte=min(wanted)).iterator(20):
        salts, mine = bytearray(seal.salts), False
        for at, entry_id in enumerate(_unpacked(bytes(seal.ids))):
            if entry_id in wanted:
                salts[at * _SALT : (at + 1) * _SALT], mine = _GONE, True
        if mine:
            Seal.objects.filter(pk=seal.pk).update(salts=bytes(salts))


def _unpacked(ids: bytes) -> list[int]:
    return [number for (number,) in _ID.iter_unpack(ids)]


def verify(known_head: str = "") -> Iterator[Broken]:
    """Where the chain and the history differ. With `known_head`, one kept elsewhere, that must be among its heads.

    Entries that were erased on request are believed. What is not sealed yet cannot be judged.
    """
    before, found, sealed = START, not known_head, 0
    last_number = Seal.objects.order_by("-number").values_list("number", flat=True).first() or 0
    for number in range(1, last_number + 1):
        seal = Seal.objects.filter(pk=number).first()
        if seal is None:
            yield Broken(number, "this seal is missing")
            continue
        yield from _verify_one(seal, before)
        before, sealed = seal.head, sealed + 1
        found = found or seal.head == known_head
    if not found:
        yield Broken(sealed, "the head that was kept elsewhere is not in the chain")
    yield from _slipped_in()


def _verify_one(seal: Seal, before: str) -> Iterator[Broken]:
    ids, salts, digests = _unpacked(bytes(seal.ids)), bytes(seal.salts), bytes(seal.digests)
    if _head(before, bytes(seal.ids), digests) != seal.head:
        yield Broken(seal.number, "it does not follow from the one before")
    salt_of = {entry_id: salts[at * _SALT : (at + 1) * _SALT] for at, entry_id in enumerate(ids)}
    told = dict(_digests(ids, salt_of))
    for at, entry_id in enumerate(ids):
        if entry_id not in told:
            yield Broken(seal.number, f"entry {entry_id} is missing")
        elif salt_of[entry_id] != _GONE and told[entry_id] != digests[at * _DIGEST : (at + 1) * _DIGEST]:
            yield Broken(seal.number, f"entry {entry_id} is not as it was sealed")


def _slipped_in() -> Iterator[Broken]:
    """Entries older than sealed ones that no seal holds."""
    last = Seal.objects.order_by("-number").first()
    if last is None:
        return
    sealed = sum(len(bytes(ids)) // _ID.size for ids in Seal.objects.values_list("ids", flat=True).iterator(20))
    later, reached = 0, last.reached
    while changes := changes_since(reached, SEALED):
        later, reached = later + len(changes), changes[-1].number
    if (more := Entry.objects.count() - sealed - later) > 0:
        yield Broken(last.number, f"{more} entries are in the history that were never sealed")
