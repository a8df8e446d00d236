"""Messages of the product in the language of whoever reads them."""

from collections.abc import Mapping

from django.utils.translation import gettext

from rapporto.kernel.text import Message


def in_words(message: Message) -> str:
    """A message of the product in the language at hand."""
    return gettext(message.text).format(**{name: _spoken(one) for name, one in message.params.items()})


def _spoken(value: object) -> object:
    return in_words(value) if isinstance(value, Message) else value


def fields_in_words(errors: Mapping[str, Message]) -> dict[str, str]:
    """The messages of Invalid by field, in the language at hand."""
    return {name: in_words(message) for name, message in errors.items()}
