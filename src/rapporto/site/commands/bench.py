"""`rapporto bench`: measures the pages and commands against hand-written SQL."""

import argparse
import os
from pathlib import Path

from rapporto.site.bench import main

PARTIES = 100_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """How many parties to measure with, on which database, and where to keep them."""
    usual = "postgresql" if os.environ.get("DATABASE_URL") else "sqlite"
    parser.add_argument("--size", type=int, default=PARTIES, help=f"parties (default {PARTIES:,})")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default=usual,
                        help="postgresql: the server of DATABASE_URL, else one of its own (default: %(default)s)")  # fmt: skip
    parser.add_argument("--build", type=Path, default=Path("build"), help="the folder for databases and results")
    parser.add_argument("--quick", action="store_true", help="measure everything only a few times")


def run(options: argparse.Namespace) -> int:
    """Measures in databases of its own, never in the one in use."""
    return main(options.size, options.database, options.build, quick=options.quick)
