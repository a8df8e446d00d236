"""Kinds of text: a line, several lines, a code that is its own key, one of a list, a tick."""

from dataclasses import dataclass
from typing import Any, ClassVar

from rapporto.kernel.kinds.base import BLANKS, CHOSEN_KINDS, EQUAL, TEXT_KINDS, WORDS, Kind
from rapporto.kernel.text import BadValue, clean, fold


@dataclass(frozen=True)
class Text(Kind):
    """One line of text, compared without case and accents."""

    name: ClassVar[str] = "text"
    ops: ClassVar[tuple[str, ...]] = ("contains", "eq", "ne", "is_in", "starts_with", "lt", "le", "gt", "ge", *BLANKS)
    keyed: ClassVar[bool] = True

    max_length: int = 200

    def read(self, typed: str) -> str | None:
        text = clean(typed)
        if len(text) > self.max_length:
            raise BadValue(
                "This is {length} characters long; keep it within {limit}.", length=len(text), limit=self.max_length
            )
        return text or None

    def load(self, dumped: Any) -> Any:
        return dumped if dumped is None else str(dumped)

    def key(self, value: Any) -> Any:
        # Folding can lengthen a text; twice its limit still fits every index entry.
        return fold(value)[: 2 * self.max_length] or None if value else None


@dataclass(frozen=True)
class LongText(Text):
    """Several lines of text."""

    name: ClassVar[str] = "long_text"
    ops: ClassVar[tuple[str, ...]] = (*WORDS, *BLANKS)
    widget: ClassVar[str] = "long_text"

    max_length: int = 20_000

    def read(self, typed: str) -> str | None:
        text = clean(typed, lines=True)
        if len(text) > self.max_length:
            raise BadValue(
                "This is {length} characters long; keep it within {limit}.", length=len(text), limit=self.max_length
            )
        return text or None


@dataclass(frozen=True)
class Code(Kind):
    """A short code in capital letters without inner spaces, such as an ERP code: it is its own key."""

    name: ClassVar[str] = "code"
    ops: ClassVar[tuple[str, ...]] = ("eq", "ne", "is_in", *WORDS, "lt", "le", "gt", "ge", *BLANKS)
    widget: ClassVar[str] = "code"

    max_length: int = 40

    def read(self, typed: str) -> str | None:
        text = clean(typed).replace(" ", "").upper()
        if len(text) > self.max_length:
            raise BadValue(
                "This is {length} characters long; keep it within {limit}.", length=len(text), limit=self.max_length
            )
        return text or None

    def load(self, dumped: Any) -> Any:
        return dumped if dumped is None else str(dumped)

    def part(self, typed: str) -> str:
        """A fragment of such a code as it is searched for."""
        return clean(typed).replace(" ", "").upper()


@dataclass(frozen=True)
class Choice(Kind):
    """One of a list: the code is stored, the label is shown. `choices` are (code, label) pairs in the order of the list."""

    name: ClassVar[str] = "choice"
    ops: ClassVar[tuple[str, ...]] = ("is_in", *[op for op in CHOSEN_KINDS if op != "is_in"])
    widget: ClassVar[str] = "choice"

    choices: tuple[tuple[str, Any], ...] = ()
    retired: frozenset[str] = frozenset()
    """Codes no longer in use: records that have one keep it, and it is filtered by, but it is offered no more."""

    @property
    def offered(self) -> tuple[tuple[str, Any], ...]:
        """What may be chosen now."""
        return tuple(one for one in self.choices if one[0] not in self.retired) if self.retired else self.choices

    def read(self, typed: str) -> str | None:
        wanted = typed.strip()
        if not wanted:
            return None
        if any(wanted == code for code, _ in self.choices):
            return wanted
        for code, label in self.choices:
            if fold(wanted) in (fold(code), fold(str(label))):
                return code
        raise BadValue(
            "«{typed}» is not in the list; choose one of: {choices}.",
            typed=wanted[:60],
            choices=", ".join(str(label) for _, label in self.offered[:12]),
        )

    def load(self, dumped: Any) -> Any:
        return dumped if dumped is None else str(dumped)

    def show(self, value: Any, language: str = "it") -> str:
        return next((str(label) for code, label in self.choices if code == value), value or "")

    def edit(self, value: Any, language: str = "it") -> str:
        return value or ""


@dataclass(frozen=True)
class Tick(Kind):
    """Yes or no; never blank: what was not said is no."""

    name: ClassVar[str] = "tick"
    ops: ClassVar[tuple[str, ...]] = EQUAL[:1]
    widget: ClassVar[str] = "check"
    json: ClassVar[dict[str, Any]] = {"type": "boolean"}
    column: ClassVar[str] = "boolean"
    sql: ClassVar[str] = "boolean"

    def read(self, typed: str) -> bool:
        said = fold(typed)
        if said in ("", "0", "no", "false", "off", "n"):
            return False
        if said in ("1", "si", "yes", "true", "on", "x", "y", "s"):
            return True
        raise BadValue("«{typed}» is neither yes nor no; write sì or no.", typed=typed[:60])

    def check(self, value: Any) -> bool:
        return self.read(value) if isinstance(value, str) else bool(value)

    def key(self, value: Any) -> Any:
        return bool(value)

    def show(self, value: Any, language: str = "it") -> str:
        return {("it", True): "Sì", ("it", False): "No"}.get((language[:2], bool(value)), "Yes" if value else "No")


__all__ = ["TEXT_KINDS", "Choice", "Code", "LongText", "Text", "Tick"]
