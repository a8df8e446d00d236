"""Reads the answer of the opt-out register: the numbers sent, and those that came back as free to call, or as refused."""

import re
from dataclasses import dataclass

from rapporto.kernel.kinds import Phone
from rapporto.kernel.text import BadValue, Message
from rapporto.store.errors import Invalid

MOST = 100_000
"""Numbers of one check."""
FREE, REFUSED = "free", "refused"
NONE_SENT = Message("Give the numbers that were checked.")
NO_ANSWER = Message(
    "Give the numbers that came back; when none did, tick that there were none, so that nobody takes a forgotten file for an answer."
)
TOO_LARGE = Message("This file is too large for a list of {most} numbers; is it the right one?")
TOO_MANY = Message("These are more than {most} numbers; keep the check in parts.")
WRONG = Message("{count} lines hold no number, the first is «{line}»; correct them and check again.")
NOT_SENT = Message("The number {number} came back but is not among those that were checked.")


@dataclass(frozen=True)
class Answer:
    """The numbers that were checked, and those of them that the register refuses; each once, written as the product keeps them."""

    numbers: list[str]
    refused: list[str]


def read_answer(sent: str, back: str, *, back_is: str, none_back: bool = False) -> Answer:
    """`sent` and `back` hold a number a line, further columns are left out; `back_is` FREE or REFUSED. Raises Invalid by field."""
    numbers = numbers_in(sent, "sent")
    if not numbers:
        raise Invalid({"sent": NONE_SENT})
    returned = numbers_in(back, "back")
    if not returned and not none_back:
        raise Invalid({"back": NO_ANSWER})
    known = set(numbers)
    if unknown := next((one for one in returned if one not in known), None):
        raise Invalid({"back": Message(NOT_SENT.text, {"number": unknown})})
    there = set(returned)
    return Answer(numbers, [one for one in numbers if (one in there) == (back_is == REFUSED)])


def numbers_in(text: str, field: str) -> list[str]:
    """The numbers of a list, one a line, as the product keeps them; a heading without figures is left out. Raises Invalid."""
    kind, found, wrong = Phone(), dict[str, None](), list[str]()
    lines = [line.strip() for line in text.replace("\x00", "").splitlines()]
    for place, line in enumerate(filter(None, lines)):
        said = re.split(r"[;,\t]", line.strip('"'), maxsplit=1)[0].strip(' "')
        if place == 0 and not any(letter.isdigit() for letter in said):
            continue
        try:
            found[str(kind.check(said) or "")] = None
        except BadValue:
            wrong.append(said)
    if wrong:
        raise Invalid({field: Message(WRONG.text, {"count": len(wrong), "line": wrong[0][:40]})})
    if len(found) > MOST:
        raise Invalid({field: Message(TOO_MANY.text, {"most": MOST})})
    return [one for one in found if one]
