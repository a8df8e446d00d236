"""Reads files of business cards as tables: one row a card, the columns named in the words of other address books."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from rapporto.kernel.text import Message
from rapporto.store.transfer.card_columns import columns_in, filled, is_group
from rapporto.store.transfer.card_properties import Card, cards_of
from rapporto.store.transfer.reading import MAX_CELL, Heads, Notices, Record, Settings
from rapporto.store.transfer.text_blocks import BLOCK, TextBlocks

LOOKED_OVER = 20_000
"""Cards by which the columns are found; what later ones have beyond them goes with the rest."""
MOST_BLOCKS = 100
"""Of a quarter of a megabyte: so much is looked over at most."""
GROUPS = Message("Cards {rows}: lists of other cards, left out.")


class VcardRows:
    """The cards of a file."""

    sheets: tuple[str, ...] = ()

    def __init__(self, path: Path, given: Settings | None = None) -> None:
        self.notices = Notices()
        self.blocks = TextBlocks(path, self.notices, given.encoding if given else "")
        self.settings = Settings("vcard", self.blocks.encoding, header_row=0, header_rows=0)
        used: dict[str, str] = {}
        rest, number = False, 0
        for card in islice(self._cards(MOST_BLOCKS), LOOKED_OVER):
            said = filled(card)
            used |= dict.fromkeys(said.values, "x")
            rest, number = rest or bool(said.rest), number + 1
        whole = number < LOOKED_OVER and self.blocks.size < MOST_BLOCKS * BLOCK
        self.heads: Heads | None = Heads(columns_in((used,), rest=rest or not whole), 0, 0)
        self.estimated = number if whole else self.blocks.estimated(b"END:VCARD")

    def _cards(self, most: int | None = None) -> Iterator[Card]:
        return cards_of(line for piece in islice(self.blocks.raw(), most) for line in piece.splitlines())

    def records(self) -> Iterator[Record]:
        """Every card."""
        names = self.heads.names if self.heads else ()
        for card in self._cards():
            if is_group(card):
                self.notices.say_row(GROUPS, card.number)
                continue
            cells = [text if len(text) <= MAX_CELL else text[:MAX_CELL] for text in filled(card).row(names)]
            yield Record(card.number, cells, card.broken, card.raw)
