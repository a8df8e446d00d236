"""`rapporto check`: compares what is stored with what it should be."""

import argparse

from rapporto.store.check import run as check_store
from rapporto.store.history.seals import head, seal_all, verify


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Whether the audit is read through too, and a head of it that was kept elsewhere."""
    parser.add_argument("--audit", action="store_true", help="also read the sealed history from its first entry on")
    parser.add_argument("--head", default="", help="a head of the audit kept elsewhere (each backup names one)")


def run(options: argparse.Namespace) -> int:
    """Prints what was found; 0 when all is as it should be."""
    found = check_store()
    return _audit(options.head) or found if options.audit or options.head else found


def _audit(known_head: str) -> int:
    """1 when the history is not as it was sealed."""
    broken = 0
    for one in verify(known_head):
        broken += 1
        print(f"Audit, seal {one.seal}: {one.text}.")
    seal_all()
    if not broken:
        print(f"The history is as it was sealed. Head: {head() or 'none yet'}")
    return 1 if broken else 0
