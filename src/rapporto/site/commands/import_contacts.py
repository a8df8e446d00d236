"""`rapporto import`: brings in a file as one change set, its columns told by their heads or as they were the last time."""

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path

from django.utils.translation import gettext as _

from rapporto.domain.people.actors import actor_of
from rapporto.domain.people.models import User
from rapporto.kernel.actor import Actor
from rapporto.store.errors import Refused
from rapporto.store.imports.drafts import MODES
from rapporto.store.imports.engine import Engine
from rapporto.store.imports.models import ImportRun
from rapporto.store.imports.plain import shape_of
from rapporto.store.imports.runs import Asking, begin, proposed, remember, remembered_mode, source_named
from rapporto.store.imports.shapes import Written
from rapporto.store.jobs import loaded
from rapporto.store.messages import in_words
from rapporto.store.transfer.opened import Unreadable, open_table


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The file, in whose name it is read, where it comes from."""
    parser.add_argument(
        "file", type=Path, help="a CSV or a workbook: of Outlook, Google, Thunderbird, LinkedIn, an ERP"
    )
    parser.add_argument("--as", dest="user", required=True, help="the e-mail address of whoever imports")
    parser.add_argument(
        "--source", default="", help="where it comes from; by this name codes and columns are remembered"
    )
    parser.add_argument("--record", default="party", help="what its rows are about (party)")
    parser.add_argument("--mode", choices=MODES, default=None, help="what happens to records that are there")
    parser.add_argument("--preview", action="store_true", help="only say what would be done")


def run(options: argparse.Namespace) -> int:
    """Prints the figures of the import; 1 when the file cannot be read or nobody of that address may import."""
    user = User.objects.filter(email=options.user.strip().lower(), is_active=True).first()
    if user is None:
        return _refused(_("Nobody signs in with {address}.").format(address=options.user))
    if not options.file.is_file():
        return _refused(_("There is no file {name}.").format(name=options.file))
    try:
        done = _import(actor_of(user, door="import"), options)
    except (Unreadable, Refused) as wrong:
        return _refused(in_words(wrong.message))
    _print(done)
    return 0


def _import(actor: Actor, options: argparse.Namespace) -> ImportRun:
    table, shape = open_table(options.file, options.file.name), shape_of(options.record)
    source = source_named(actor, options.source or _("Files of {name}").format(name=actor.name))
    columns = proposed(actor, source, shape, table.headers)
    settings, mode = table.settings.to_json(), options.mode or remembered_mode(source, shape)
    asking = Asking(options.file.name, "", columns, mode, options.preview, settings, table.estimated)
    written = Written(table.settings.decimal, table.settings.day_first)
    if not options.preview:
        remember(actor, source.pk, shape, table.headers, asking)
    return Engine(actor, begin(actor, source, shape, asking), shape, table, written=written).go()


def _print(done: ImportRun) -> None:
    for one in done.refused.order_by("number"):
        print(_("row {row}: left out: {why}").format(row=one.number, why=in_words(loaded(one.reason))))
    told: Mapping[str, int] = {name: done.counts.get(f"rows.{name}", 0) for name in ("made", "changed", "known")}
    print(_("{rows} rows: {made} made something new, {changed} changed something, {known} were known, {refused} left out").format(
        rows=done.counts.get("rows", 0), refused=done.counts.get("refused", 0), **told))  # fmt: skip
    if done.change_set_id:
        print(_("Change set {number}: it can be undone as a whole.").format(number=done.change_set_id))


def _refused(why: str) -> int:
    print(f"rapporto import: {why}", file=sys.stderr)
    return 1
