"""`rapporto import`: reads contacts from a CSV of Outlook or Google, as one change set."""

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The file, and in whose name it is read."""
    parser.add_argument("file", help="a CSV exported by Outlook (Italian or English) or Google")
    parser.add_argument("--as", dest="user", required=True, help="the e-mail address of whoever imports")


def run(options: argparse.Namespace) -> int:
    """Prints the summary of the import."""
    raise NotImplementedError
