"""A noisy Italian register of which is known who is who: the parties that exist, and those of them that were written again."""

from dataclasses import dataclass

from rapporto.insight.duplicates.subject import Subject
from rapporto.site.demo.chance import Chance
from rapporto.site.demo.places import read_places
from rapporto.site.labelled.dirt import again
from rapporto.site.labelled.entities import companies, people
from rapporto.site.labelled.typed import Typed, subject

AGAIN, THRICE = 0.3, 0.05
"""How many of a hundred stand there a second time, and of these how many a third."""


@dataclass(frozen=True)
class Labelled:
    """A register and the truth about it: of every card the party it stands for."""

    subjects: list[Subject]
    entities: dict[int, int]

    @property
    def pairs(self) -> frozenset[tuple[int, int]]:
        """The pairs of cards that are one party, the smaller number first."""
        cards: dict[int, list[int]] = {}
        for card, entity in self.entities.items():
            cards.setdefault(entity, []).append(card)
        return frozenset((one, two) for some in cards.values() for one in some for two in some if one < two)


def italian(seed: str, size: int) -> Labelled:
    """A register of about `size` cards, half of them companies; the same seed gives the same register."""
    chance, places = Chance(seed), read_places()
    count = round(size / (1 + AGAIN) / 2)
    firms = companies(chance, places, count)
    cards = [*firms, *people(chance, places, firms, len(firms) + 1, count)]
    written: list[Typed] = list(cards)
    for card in cards:
        if chance.happens(AGAIN):
            written.append(again(chance, card))
            if chance.happens(THRICE):
                written.append(again(chance, card))
    chance.shuffle(written)
    return Labelled(
        [subject(card, number) for number, card in enumerate(written, 1)],
        {number: card.entity for number, card in enumerate(written, 1)},
    )
