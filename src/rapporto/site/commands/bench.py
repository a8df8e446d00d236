"""`rapporto bench`: measures the pages and commands against hand-written SQL."""

import argparse

from rapporto.site.bench import main

PARTIES = 100_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """How many parties to measure with."""
    parser.add_argument("--size", type=int, default=PARTIES, help=f"parties (default {PARTIES:,})")


def run(options: argparse.Namespace) -> int:
    """Measures in a database of its own, never in the one in use."""
    return main(options.size)
