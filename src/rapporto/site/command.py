"""The `rapporto` command: a table of sub-commands; every other word goes to Django's own management commands."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Protocol, cast

import django
from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line
from django.db import connections
from django.db.utils import OperationalError

from rapporto.site.environment import EnvironmentMistake


class CommandModule(Protocol):
    """What a module in `rapporto.site.commands` offers."""

    add_arguments: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace], int]


@dataclass(frozen=True)
class Subcommand:
    """One line of the table. A command may have to work before the settings do, or before there is a database."""

    module: str
    summary: str
    needs_apps: bool = True
    needs_database: bool = True


SUBCOMMANDS: dict[str, Subcommand] = {
    "init": Subcommand(
        "rapporto.site.commands.init",
        "make the secret, the database and the files of the pages, or bring them up to date",
        needs_apps=False,
        needs_database=False,
    ),
    "administrator": Subcommand(
        "rapporto.site.commands.administrator", "make the first administrator of an empty database"
    ),
    "serve": Subcommand("rapporto.site.commands.serve", "serve the pages and do the work behind them"),
    "demo": Subcommand("rapporto.site.commands.demo", "fill an empty database with the demo company"),
    "import": Subcommand(
        "rapporto.site.commands.import_contacts", "bring in a file: of Outlook, Google, an ERP, a workbook"
    ),
    "token": Subcommand("rapporto.site.commands.token", "make, list or revoke what other programs sign in with"),
    "backup": Subcommand("rapporto.site.commands.backup", "write the whole database to one file while it is in use"),
    "restore": Subcommand(
        "rapporto.site.commands.restore", "put a backup in the place of the database", needs_database=False
    ),
    "erasures": Subcommand(
        "rapporto.site.commands.erasures", "list the erasures, and do them again after a restore (--replay)"
    ),
    "check": Subcommand("rapporto.site.commands.check", "compare what is stored with what it should be, and mend it"),
    "duplicates": Subcommand(
        "rapporto.site.commands.duplicates", "search the register for duplicates, train the search, or measure it"
    ),
    "bench": Subcommand(
        "rapporto.site.commands.bench",
        "measure the pages and commands against hand-written SQL",
        needs_apps=False,
        needs_database=False,
    ),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one sub-command and returns the exit status: 0 done, 1 refused or failed, 2 not understood."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rapporto.site.settings")
    words = list(sys.argv[1:] if arguments is None else arguments)
    if not words or words[0] in {"-h", "--help", "help"}:
        print(overview())
        return 0
    try:
        return run(words[0], words[1:])
    except (EnvironmentMistake, ImproperlyConfigured) as mistake:
        print(f"rapporto: {mistake}", file=sys.stderr)
        return 1


def run(name: str, words: list[str]) -> int:
    """Runs the sub-command of that name, or Django's."""
    subcommand = SUBCOMMANDS.get(name)
    if subcommand is None:
        execute_from_command_line(["rapporto", name, *words])
        return 0
    if subcommand.needs_apps:
        django.setup()
    if subcommand.needs_database:
        reach_database()
    module = cast(CommandModule, import_module(subcommand.module))
    parser = argparse.ArgumentParser(prog=f"rapporto {name}", description=subcommand.summary)
    module.add_arguments(parser)
    return module.run(parser.parse_args(words))


def reach_database() -> None:
    """Raises ImproperlyConfigured, with what to do, when the database does not answer."""
    try:
        connections["default"].ensure_connection()
    except OperationalError as error:
        raise ImproperlyConfigured(
            f"The database does not answer ({error}). `rapporto init` makes a new one."
        ) from error


def overview() -> str:
    """What `rapporto` prints when asked nothing."""
    width = max(map(len, SUBCOMMANDS))
    lines = [f"  {name:<{width}}  {subcommand.summary}" for name, subcommand in SUBCOMMANDS.items()]
    return "\n".join(
        ["rapporto <command>", "", *lines, "", "Other words go to Django: migrate, shell, createsuperuser …"]
    )
