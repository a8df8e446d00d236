"""The heads of the columns of a grid: word, order, width and filter of each."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from rapporto.kernel.kinds import Links, Money
from rapporto.kernel.record import Field
from rapporto.web.grid.addresses import ListAddress
from rapporto.web.grid.columns import PICK, usual_width
from rapporto.web.grid.rows import name_position, near_columns


@dataclass(frozen=True)
class Head:
    """The head of a column: its word, where a press leads, how it is sorted now, its width in pixels, and its filter."""

    name: str
    label: str
    classes: str
    sort_url: str
    sorted: str
    control: SafeString
    width: int
    numeric: bool
    stretches: bool
    """It takes the room that no other column needs."""


def heads(
    address: ListAddress, columns: Sequence[Field], filters: Sequence[SafeString], widths: Mapping[str, int]
) -> Iterator[Head]:
    """The heads of the columns; the sign stands only on the sorted one."""
    sort = "" if address.words else address.sort or address.record.order
    near = near_columns(address.record, columns)
    first = name_position(address.record, columns)
    for at, (field, control) in enumerate(zip(columns, filters, strict=True)):
        classes = ("num", field.kind.numeric), ("far", field.name not in near), ("name", at == first)
        down = sort == field.name
        yield Head(
            name=field.name,
            label=head_label(field),
            classes=" ".join(word for word, wanted in classes if wanted),
            # What a search finds is in its own order: sorting would silently let the words go, and all records come back.
            sort_url=""
            if isinstance(field.kind, Links) or address.words
            else address.text(sort=f"-{field.name}" if down else field.name),
            sorted="ascending" if down else "descending" if sort == f"-{field.name}" else "",
            control=control,
            width=widths.get(field.name) or usual_width(field, name=at == first),
            numeric=field.kind.numeric,
            stretches=at == first and field.name not in widths,
        )


def head_label(field: Field) -> str:
    """What a column is called above its values: money says once that it is money."""
    return f"{field.label} €" if isinstance(field.kind, Money) else str(field.label)


def whole_width(shown: Sequence[Head], *, pick: bool) -> int:
    """The least width of a table in pixels."""
    return sum(head.width for head in shown) + (PICK if pick else 0)
