"""`rapporto erasures`: who was erased on request, by number, and the same again after a restore."""

import argparse

from django.utils import timezone
from django.utils.translation import gettext as _

from rapporto.store.erasures import erased
from rapporto.store.rights.replay import replay_erasures, to_replay


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What is to be done."""
    parser.add_argument("--replay", action="store_true", help="erase again whoever a restored backup brought back")


def run(options: argparse.Namespace) -> int:
    """Prints the list, or what was erased again; 1 when somebody is back who must not be."""
    if options.replay:
        done = replay_erasures()
        print(_("Erased again: {number}.").format(number=len(done)))
        return 0
    back = {one.token for one in to_replay()}
    for one in erased():
        state = _("is in the database again") if one.token in back else ""
        allowed = _("admitted again {day}").format(day=one.allowed.isoformat()) if one.allowed else ""
        print(f"{timezone.localtime(one.at):%Y-%m-%d}\t{one.record} {one.row_id}\t{state or allowed}")
    return 1 if back else 0
