"""What a pair holds besides its parties: the names of the rules that speak for it, shown in words, and how likely it is."""

from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from rapporto.kernel.kinds import Integer, Text

WHOLE = "likeness"
RULE_WORDS: dict[str, Any] = {
    WHOLE: _("Name, place and numbers are alike as a whole"),
    "external_code": _("The same code in another program"),
    "vat_number": _("Same VAT number"),
    "tax_code": _("Same tax code"),
    "email": _("Same e-mail address"),
    "pec": _("Same PEC address"),
    "phone": _("Same telephone number"),
    "name": _("Like names"),
    "name_and_town": _("Like names in the same town"),
}
"""What a person reads instead of the name of a rule; a rule that is not named here is shown as it is."""


@dataclass(frozen=True)
class RuleNames(Text):
    """Names of rules with blanks between them: «vat_number phone»."""

    name: ClassVar[str] = "rule_names"

    def show(self, value: Any, language: str = "it") -> str:
        return " · ".join(in_words(value))

    def edit(self, value: Any, language: str = "it") -> str:
        return str(value or "")

    def read(self, typed: str) -> str | None:
        """The names themselves, or what is shown of them."""
        named = {str(words): name for name, words in RULE_WORDS.items()}
        return super().read(" ".join(named.get(one.strip(), one.strip()) for one in typed.split("·")))


@dataclass(frozen=True)
class PerCent(Integer):
    """A probability in whole per cent; nobody wants the sum of several."""

    name: ClassVar[str] = "per_cent"
    numeric: ClassVar[bool] = False


def in_words(names: Any) -> list[str]:
    """The rules of a pair, each in words."""
    return [str(RULE_WORDS.get(one, one)) for one in str(names or "").split()]


__all__ = ["RULE_WORDS", "WHOLE", "PerCent", "RuleNames", "in_words"]
