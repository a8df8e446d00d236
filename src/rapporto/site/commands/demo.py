"""`rapporto demo`: fills an empty database with the demo company."""

import argparse
import sys

from rapporto.domain.parties.models import Party
from rapporto.site.demo import load

PARTIES = 8_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """How large the company is."""
    parser.add_argument(
        "--size", type=int, default=PARTIES, help=f"organisations and people in all (default {PARTIES:,})"
    )
    parser.add_argument("--if-empty", action="store_true", help="do nothing in a database that has parties already")


def run(options: argparse.Namespace) -> int:
    """Writes the same company every time."""
    if options.if_empty and Party.objects.exists():
        return 0
    try:
        load(options.size)
    except ValueError as mistake:
        print(f"rapporto demo: {mistake}", file=sys.stderr)
        return 2
    return 0
