"""`rapporto demo`: fills an empty database with the demo company."""

import argparse

from rapporto.domain.people.models import User
from rapporto.site.demo import load

ORGANISATIONS = 2000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """How large the company is, and what to do when somebody works here already."""
    parser.add_argument("--size", type=int, default=ORGANISATIONS, help=f"organisations (default {ORGANISATIONS:,})")
    parser.add_argument("--if-empty", action="store_true", help="do nothing when there are users already")


def run(options: argparse.Namespace) -> int:
    """Writes the same company every time."""
    if options.if_empty and User.objects.exists():
        return 0
    load(options.size)
    return 0
