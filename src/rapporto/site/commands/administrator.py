"""`rapporto administrator`: the first administrator of an installation without the demo company."""

import argparse
import sys

from django.utils.translation import gettext as _

from rapporto.domain.people.first import first_administrator
from rapporto.store.errors import Invalid


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Who it is."""
    parser.add_argument("email", help="the address with which to sign in")
    parser.add_argument("--name", required=True, help="name and surname")


def run(options: argparse.Namespace) -> int:
    """Prints a password, once; 1 when there are users already or the address is none."""
    try:
        first = first_administrator(options.email, options.name)
    except Invalid as wrong:
        for message in wrong.errors.values():
            print(message.format(_(message.text)), file=sys.stderr)
        return 1
    if first is None:
        print(_("There are users already; an administrator among them invites the others."), file=sys.stderr)
        return 1
    print(_("{email} signs in with the password {password}; it is shown only here.").format(**vars(first)))
    return 0
