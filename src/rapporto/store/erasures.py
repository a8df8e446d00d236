"""The list of erased persons, in a file outside the database: neither a restored backup nor an old list brings them back.

It names nobody: a line has the number of a record, days, and keyed hashes of what the person could be known by again. The key lies
beside it in a file of its own; without it the hashes of telephone numbers could be guessed one by one.
"""

import hmac
import json
import os
import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from rapporto.kernel.record import RecordType
from rapporto.kernel.text import Message, fold
from rapporto.store.history.models import Entry

LIST, KEY = "erasures.jsonl", "erasures.key"
NAME = "name"
ERASED = Message(
    "Erased on request on {day}: not entered again. With a new consent of the person an administrator admits them again."
)


@dataclass(frozen=True)
class Erased:
    """One line of the list. `allowed`: since that day the person is admitted again, by a new consent of theirs."""

    token: str
    at: datetime
    record: str
    row_id: int
    requested_on: date
    made: str
    """A keyed hash by which the row is known for the same one: of its number and the moment it was made."""
    marks: frozenset[str]
    allowed: date | None = None


@dataclass
class _Read:
    """The file as it was last read, and what it looked like then."""

    looks: tuple[str, int, int] = ("", -1, -1)
    lines: dict[str, Erased] = field(default_factory=dict)
    by_mark: dict[str, Erased] = field(default_factory=dict)
    by_row: dict[tuple[str, int], Erased] = field(default_factory=dict)


_read = _Read()
_keys: dict[Path, bytes] = {}
"""The key by its place; it never changes."""


def folder() -> Path:
    """Where the list and its key are: the folder of the data, never the database."""
    return Path(settings.ERASURES_ROOT)


def erased() -> list[Erased]:
    """The erasures, oldest first."""
    return list(_fresh().lines.values())


def any_erased() -> bool:
    """Whether there is anything to look out for; costs no more than a look at the file."""
    return bool(_fresh().by_mark)


def add(record: str, row_id: int, requested_on: date, made: str, marks: Iterable[str]) -> str:
    """Add an erasure to the list, before the first row is touched: what was begun will be ended. Gives its token."""
    token = secrets.token_hex(8)
    told = {"token": token, "at": datetime.now(UTC).isoformat(), "record": record, "row_id": row_id}
    _append({**told, "requested_on": requested_on.isoformat(), "made": made, "marks": sorted(marks)})
    return token


def allow(token: str, day: date) -> None:
    """Admit a person again who has consented anew."""
    _append({"token": token, "allowed": day.isoformat()})


def mark(nature: str, value: str) -> str:
    """The keyed hash of a value; equal values have equal ones, and nobody without the key tells the value from it."""
    return hmac.digest(_key(), f"{nature}:{value}".encode(), "sha256").hex()


def mark_of(name: str, value: Any) -> str:
    """The hash of an identifying value of a field: an address or a number is the same in whatever field it stands."""
    text = str(value).strip()
    if "@" in text:
        return mark("mail", text.lower())
    if text.startswith("+") and text[1:2].isdigit():
        return mark("phone", text.partition(";")[0])
    return mark(name, text.upper())


def mark_of_name(name: str, company: str) -> str:
    """The hash of a person who is known by name and company alone, as in many an old list."""
    return mark(NAME, f"{fold(name)}|{fold(company)}")


def known_again(values: Mapping[str, Any], names: Iterable[str]) -> Iterator[tuple[str, Erased]]:
    """The identifying values that an erased person had: the field, and the erasure."""
    by_mark = _fresh().by_mark
    for name in names if by_mark else ():
        value = values.get(name)
        if value not in (None, "") and (found := by_mark.get(mark_of(name, value))):
            yield name, found


def known_by_name(name: str, company: str) -> Erased | None:
    """The erasure of somebody of this name at this company; None when there is none."""
    by_mark = _fresh().by_mark
    return by_mark.get(mark_of_name(name, company)) if by_mark else None


def refusals(record: RecordType, values: Mapping[str, Any]) -> dict[str, Message]:
    """By field: why values are not entered again that an erased person had. Every door that writes asks this."""
    return {name: words(one) for name, one in known_again(values, record.identifying)}


def words(one: Erased) -> Message:
    """What is told to who enters an erased person again."""
    return Message(ERASED.text, {"day": f"{timezone.localtime(one.at):%d/%m/%Y}"})


def made_mark(record: str, row_id: int) -> str:
    """By which a row is known for the same one after a restore: its number and the moment it was made."""
    made = Entry.objects.filter(record=record, row_id=row_id, act=Entry.INSERTED).order_by("id")
    return mark("made", f"{record}/{row_id}/{made.values_list('at', flat=True).first()}")


def line_of(record: str, row_id: int) -> Erased | None:
    """The erasure for which a row stands, which has been anonymous since; None for any other row."""
    found = _fresh().by_row.get((record, row_id))
    return found if found is not None and found.made == made_mark(record, row_id) else None


def stand_ins(record: str, ids: Iterable[int]) -> set[int]:
    """Which of these rows stand for erased persons: anonymous ones are like each other, and nobody's doubles."""
    known = {row_id for name, row_id in _fresh().by_row if name == record}
    return {one for one in known.intersection(ids) if line_of(record, one) is not None} if known else set()


def is_refusal(message: Message) -> bool:
    """Whether a message says that a value belonged to an erased person: an importer then leaves out the row and keeps none of it."""
    return message.text == ERASED.text


def _append(told: Mapping[str, Any]) -> None:
    folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(folder() / LIST, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "ab", buffering=0) as file:
        file.write(json.dumps(told).encode() + b"\n")
        os.fsync(file.fileno())


def _fresh() -> _Read:
    """The list, read anew when the file is another one than last time."""
    place = folder() / LIST
    try:
        state = place.stat()
    except FileNotFoundError:
        looks = (str(place), -1, -1)
    else:
        looks = (str(place), state.st_mtime_ns, state.st_size)
    if _read.looks != looks:
        _read.lines = _lines(place) if looks[2] >= 0 else {}
        _read.by_mark = {one: line for line in _read.lines.values() if line.allowed is None for one in line.marks}
        _read.by_row = {(line.record, line.row_id): line for line in _read.lines.values()}
        _read.looks = looks
    return _read


def _lines(place: Path) -> dict[str, Erased]:
    found: dict[str, Erased] = {}
    for line in place.read_bytes().splitlines():
        told = _whole(line)
        if "record" in told:
            found[told["token"]] = Erased(
                told["token"],
                datetime.fromisoformat(told["at"]),
                told["record"],
                told["row_id"],
                date.fromisoformat(told["requested_on"]),
                told["made"],
                frozenset(told["marks"]),
            )
        elif told.get("token") in found:
            found[told["token"]] = replace(found[told["token"]], allowed=date.fromisoformat(told["allowed"]))
    return found


def _whole(line: bytes) -> dict[str, Any]:
    """A line; nothing when the machine went down while it was written."""
    try:
        told: dict[str, Any] = json.loads(line)
    except ValueError:
        return {}
    return told


def _key() -> bytes:
    """The key of the hashes; made with the first erasure, readable by the product alone."""
    place = folder() / KEY
    if place in _keys:
        return _keys[place]
    try:
        _keys[place] = place.read_bytes()
    except FileNotFoundError:
        _keys[place] = _made_key(place)
    return _keys[place]


def _made_key(place: Path) -> bytes:
    folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    made = secrets.token_bytes(32)
    unfinished = place.with_name(f"{KEY}.{os.getpid()}")
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(made)
        os.fsync(file.fileno())
    try:
        os.link(unfinished, place)  # of two who make it at once, one succeeds
    except FileExistsError:
        made = place.read_bytes()
    unfinished.unlink()
    return made
