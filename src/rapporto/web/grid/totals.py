"""Numbers of a list that arrive after its rows: how many records there are, and the sums of its columns."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from rapporto.kernel.actor import Actor
from rapporto.kernel.kinds import Money
from rapporto.kernel.record import Field
from rapporto.store.groups import Subtotal, total
from rapporto.store.records import find
from rapporto.web.asked import language
from rapporto.web.figures import figure
from rapporto.web.grid.addresses import ListAddress
from rapporto.web.grid.past import check_answerable, known_then, moment_of, past

COUNTED = 10_000
"""Up to how many records are counted one by one unasked; beyond that a list without groups says «more than»."""


def summed(address: ListAddress, columns: Sequence[Field]) -> list[str]:
    """The columns whose values are added up."""
    return [one.name for one in columns if one.kind.numeric and (known_then(one) or not past(address))]


def number_of(actor: Actor, address: ListAddress) -> int:
    """How many records a list has, COUNTED + 1 for more than can be counted at once."""
    check_answerable(address)
    with moment_of(address.day):
        rows = find(actor, address.record.name, address.where).order_by().values("pk")
        return rows[: COUNTED + 1].count()


def total_of(actor: Actor, address: ListAddress, columns: Sequence[Field]) -> Subtotal:
    """How many records a list has and what its columns add up to, however many there are."""
    check_answerable(address)
    with moment_of(address.day):
        return total(actor, address.record.name, address.where, summed(address, columns))


def number_words(address: ListAddress, number: int, *, whole: bool = False) -> str:
    """A number of records with what they are called; `whole` when it was counted to the end."""
    if number > COUNTED and not whole:
        return _("{plural}: more than {number}").format(plural=address.record.plural, number=figure(COUNTED))
    return _("{plural}: {number}").format(plural=address.record.plural, number=figure(number))


def short_number(number: int) -> str:
    """A number beside the name of a view."""
    return figure(COUNTED) + "+" if number > COUNTED else figure(number)


def sum_words(field: Field, value: int | None) -> str:
    """A sum as it stands in its column."""
    if value is None:
        return "—"
    return field.kind.edit(value, language()) if isinstance(field.kind, Money) else field.kind.show(value, language())
