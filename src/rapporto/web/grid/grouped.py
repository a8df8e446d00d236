"""The groups of a list as rows of its table: heads that open, the rows within them, and what each adds up to, arriving later."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from html import escape

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from rapporto.kernel.actor import Actor
from rapporto.kernel.record import Field
from rapporto.kernel.text import BadValue
from rapporto.kernel.where import EVERYTHING, Where
from rapporto.store.groups import Group, GroupPage, Subtotal, group_of, group_page, subtotals
from rapporto.web.figures import figure
from rapporto.web.grid.addresses import ListAddress
from rapporto.web.grid.group_words import group_words
from rapporto.web.grid.page import listing
from rapporto.web.grid.past import check_answerable, moment_of
from rapporto.web.grid.rows import near_columns
from rapporto.web.grid.totals import sum_words, summed
from rapporto.web.icons import icon_html

MOST_OPEN = 30
"""Groups that a page opens by itself because they were open before; the browser opens further ones one by one."""
Path = tuple[str, ...]
"""The tokens of a group, from the first level on."""


def group_id(path: Path) -> str:
    """What the row of a group is called in the page: the same whenever the page is written."""
    return "g" + blake2b("\0".join(path).encode(), digest_size=8).hexdigest()


def more_id(path: Path) -> str:
    """What the row that asks for more within a group is called."""
    return f"more-{group_id(path)}" if path else "more"


@dataclass
class Groups:
    """Writes the groups of one list for one page."""

    actor: Actor
    address: ListAddress
    columns: Sequence[Field]
    pick: bool
    open: Collection[Path] = ()
    """The groups that were open before."""
    _opened: int = field(default=0, init=False)

    def within(self, path: Path) -> SafeString:
        """What is in a group, or in the list: further groups, or rows. `after` of the address says from where on."""
        return mark_safe("".join(self._content(path, self._inside(path), self.address.after)))

    def totals(self, path: Path) -> SafeString:
        """What the groups within a group add up to, each number with the place where it belongs."""
        inside = self._inside(path)
        found = self._page(path, inside, self.address.after)
        grouping, sums = self.address.groups[len(path)].grouping, summed(self.address, self.columns)
        name, where = self.address.record.name, self.address.where & inside
        with moment_of(self.address.day):
            known = subtotals(self.actor, name, where, (grouping,), found.groups, sums)
        parts = []
        for group in found.groups:
            told = known.get((group.key,), Subtotal(0, {}))
            at = group_id((*path, group.key))
            parts.append(placed(f"{at}-n", _count(at, figure(told.number))))
            for column in self.columns[1:]:
                if column.name in sums:
                    place = place_of(at, column)
                    parts.append(
                        placed(place, self.sum_cell(place, column, sum_words(column, told.sums.get(column.name))))
                    )
        return mark_safe("".join(parts))

    def sum_cell(self, place: str, column: Field, words: str = "", *, awaited: bool = False) -> str:
        """The cell of a sum; one still awaited keeps, dimmed, what it said before."""
        far = "" if column.name in near_columns(self.address.record, self.columns) else " far"
        waits = " hx-morph-skip-children" if awaited else ""
        return f'<td class="num{far}{" awaited" if awaited else ""}" id="{place}"{waits}>{escape(words)}</td>'

    def _inside(self, path: Path) -> Where:
        """The condition of a group: that of its token at every level. BadValue for a token that is none."""
        if len(path) > len(self.address.groups):
            raise BadValue("This address is incomplete; open the list again.")
        where = EVERYTHING
        for level, key in zip(self.address.groups, path, strict=False):
            where = where & group_of(self.actor, self.address.record.name, level.grouping, key).where
        return where

    def _page(self, path: Path, inside: Where, after: str) -> GroupPage:
        check_answerable(self.address)
        level = self.address.groups[len(path)]
        with moment_of(self.address.day):
            return group_page(
                self.actor,
                self.address.record.name,
                self.address.where & inside,
                level.grouping,
                down=level.down,
                after=after or None,
            )

    def _content(self, path: Path, inside: Where, after: str) -> Iterator[str]:
        if len(path) == len(self.address.groups):
            yield from self._rows(path, inside, after)
            return
        found = self._page(path, inside, after)
        for group in found.groups:
            yield from self._head(path, group, found, inside)
        if not found.groups and not path and not after:
            return
        if found.after:
            yield self._more(path, found.after)
        here = escape(self.address.text(within=path, after=after))
        at = group_id((*path, f"after {after}"))
        yield f'<tr class="sums" id="sums-{at}" hidden hx-get="{here}" hx-trigger="load" hx-target="this" hx-swap="delete"></tr>'

    def _rows(self, path: Path, inside: Where, after: str) -> Iterator[str]:
        here = replace(self.address, within=path, after=after)
        found = listing(self.actor, here, [one.name for one in self.columns], pick=self.pick, inside=inside)
        yield found.rows
        if found.page.after:
            yield self._more(path, found.page.after)

    def _head(self, path: Path, group: Group, found: GroupPage, inside: Where) -> Iterator[str]:
        here = (*path, group.key)
        opened = here in self.open and self._opened < MOST_OPEN
        yield self._row(here, group, found, opened=opened)
        if opened:
            self._opened += 1
            yield from self._content(here, inside & group.where, "")

    def _row(self, path: Path, group: Group, found: GroupPage, *, opened: bool) -> str:
        at, number = group_id(path), len(path)
        words = group_words(self.address.groups[number - 1], group, found.titles)
        url = escape(self.address.text(within=path, after=""))
        link = (
            f'<a class="opens" href="{url}" aria-expanded="{"true" if opened else "false"}" data-opens hx-get="{url}"'
            f' hx-target="#{at}" hx-swap="afterend" hx-trigger="open">{icon_html("right")}<bdi>{escape(words)}</bdi>'
            f" {_count(at)}</a>"
        )
        return (
            f'<tr class="g{number}" id="{at}" data-level="{number}" data-in="{escape(" ".join(path))}">'
            f'<th scope="rowgroup" colspan="{2 if self.pick else 1}" title="{escape(words)}">{self._box(url, words)}{link}</th>'
            f"{self._sums(at)}</tr>"
        )

    def _box(self, url: str, words: str) -> str:
        """The box that chooses all records of a group, those not on the page among them."""
        if not self.pick:
            return ""
        label = escape(_("Choose all of {group}").format(group=words))
        return (
            f'<label class="pick-group"><input type="checkbox" form="bulk" name="group" value="{url}" aria-label="{label}">'
            "</label>"
        )

    def _sums(self, at: str) -> str:
        """The places of the sums, in the columns that they sum."""
        near, sums = near_columns(self.address.record, self.columns), summed(self.address, self.columns)
        cells = []
        for column in self.columns[1:]:
            if column.name in sums:
                cells.append(self.sum_cell(place_of(at, column), column, awaited=True))
            else:
                cells.append("<td></td>" if column.name in near else '<td class="far"></td>')
        return "".join(cells)

    def _more(self, path: Path, after: str) -> str:
        url, at = escape(self.address.text(within=path, after=after)), more_id(path)
        words = _("50 more groups") if len(path) < len(self.address.groups) else _("50 more")
        return (
            f'<tr class="more" id="{at}" data-level="{len(path) + 1}"><td colspan="{len(self.columns) + (1 if self.pick else 0)}">'
            f'<a class="btn" href="{url}" hx-get="{url}" hx-target="#{at}" hx-swap="outerHTML" hx-trigger="click, intersect once">'
            f"{icon_html('down')}{words}</a></td></tr>"
        )


def place_of(at: str, column: Field) -> str:
    """Where the sum of a column stands in a row: the same place wherever the column is moved to."""
    return f"{at}-{column.name.replace('.', '--')}"


def _count(at: str, words: str | None = None) -> str:
    awaited = " hx-morph-skip-children" if words is None else ""
    return f'<span class="count{" awaited" if awaited else ""}" id="{at}-n"{awaited}>{words or ""}</span>'


def placed(at: str, html: str) -> str:
    """A piece of the page that takes the place of the one called so."""
    return f'<hx-partial hx-target="#{at}" hx-swap="outerHTML">{html}</hx-partial>'
