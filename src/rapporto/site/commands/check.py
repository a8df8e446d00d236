"""`rapporto check`: compares what is stored with what it should be."""

import argparse

from rapporto.store.check import run as check_store


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Nothing to choose."""


def run(options: argparse.Namespace) -> int:
    """Prints what was found; 0 when all is as it should be."""
    return check_store()
