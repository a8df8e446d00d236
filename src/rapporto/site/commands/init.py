"""`rapporto init`: makes the secret, the tables with their triggers, the pages' files; run again, it brings them up to date."""

import argparse
import os
from importlib import import_module
from pathlib import Path

import django
from django.core.management import call_command

from rapporto.site.environment import this_process
from rapporto.site.secret import make_secret

# what the bundles are made of need not be served
SOURCES_OF_BUNDLES = ["css/*", "js/*"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`--quiet` says nothing when there is nothing to say."""
    parser.add_argument("--quiet", action="store_true", help="print nothing but problems")


def run(options: argparse.Namespace) -> int:
    """Makes what is missing; changes nothing that is there and right."""
    data = this_process().path("DATA", "data")
    made = make_secret(data)
    os.environ["RAPPORTO_COLLECTING"] = "yes"
    django.setup()
    level = 0 if options.quiet else 1
    call_command("migrate", interactive=False, verbosity=level)
    call_command("createcachetable", verbosity=0)
    # models can be read only now that Django is awake
    import_module("rapporto.domain.processes.usual_views").begin_with_views()
    import_module("rapporto.domain.consent.usual_purposes").begin_with_purposes()
    call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=SOURCES_OF_BUNDLES)
    protect(data)
    if made and not options.quiet:
        print(f"A new secret is in {data}; keep it with the backups and show it to nobody.")
    return 0


def protect(data: Path) -> None:
    """Lets only the owner of the data folder read it, whatever the habits of the machine."""
    os.chmod(data, 0o700)
