"""`rapporto token`: makes, lists and revokes the tokens with which other programs sign in."""

import argparse
import sys
from datetime import date

from django.utils.translation import gettext as _

from rapporto.domain.people.actors import actor_of
from rapporto.domain.people.models import User
from rapporto.domain.people.tokens import make_token, revoke_token, tokens_of
from rapporto.kernel.actor import Actor
from rapporto.store.errors import Invalid, NotFound, Refused
from rapporto.store.messages import in_words


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """For whom, and what is to be done."""
    parser.add_argument(
        "--as", dest="user", required=True, help="the e-mail address of the user in whose name the program acts"
    )
    parser.add_argument("--make", metavar="NAME", help="make a token; what it is for")
    parser.add_argument("--scopes", default="read", help="read, write, or some lists only: «party:read activity:write»")
    parser.add_argument(
        "--until", type=date.fromisoformat, metavar="2027-12-31", help="its last day; none: it never ends"
    )
    parser.add_argument("--revoke", type=int, metavar="NUMBER", help="end the token of this number at once")


def run(options: argparse.Namespace) -> int:
    """Prints a new token, once, or the tokens there are; 1 when something is wrong."""
    user = User.objects.filter(email=options.user.strip().lower(), is_active=True).first()
    if user is None:
        return _refused(_("Nobody signs in with {address}.").format(address=options.user))
    try:
        _act(actor_of(user, door="command"), user.pk, options)
    except Invalid as wrong:
        return _refused(*map(in_words, wrong.errors.values()))
    except Refused as wrong:
        return _refused(in_words(wrong.message))
    except NotFound:
        return _refused(_("There is no token {number} of this user.").format(number=options.revoke))
    return 0


def _act(actor: Actor, user_id: int, options: argparse.Namespace) -> None:
    if options.make:
        made = make_token(actor, name=options.make, scopes=options.scopes, expires_on=options.until)
        print(made.text)
        print(_("This is shown only here; keep it where the program finds it."), file=sys.stderr)
    elif options.revoke is not None:
        revoke_token(actor, options.revoke)
        print(_("Token {number} is revoked.").format(number=options.revoke))
    else:
        for row in tokens_of(actor, user_id):
            print(f"{row.pk}\t{row.name}\t{row.scopes}\t{row.expires_on or '-'}\t{row.last_used_on or '-'}")


def _refused(*why: str) -> int:
    for sentence in why:
        print(f"rapporto token: {sentence}", file=sys.stderr)
    return 1
