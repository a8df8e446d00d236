"""`rapporto import`: reads contacts from a CSV of Outlook or Google, as one change set."""

import argparse
import sys
from pathlib import Path

from django.utils.translation import gettext as _

from rapporto.domain.parties.contacts.importing import Imported, import_contacts, preview_contacts
from rapporto.domain.people.actors import actor_of
from rapporto.domain.people.models import User
from rapporto.kernel.text import Message
from rapporto.store.errors import Refused
from rapporto.store.transfer.delimited import Unreadable


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The file, and in whose name it is read."""
    parser.add_argument("file", type=Path, help="a CSV exported by Outlook (Italian or English) or Google")
    parser.add_argument("--as", dest="user", required=True, help="the e-mail address of whoever imports")
    parser.add_argument("--preview", action="store_true", help="only say what would be added")


def run(options: argparse.Namespace) -> int:
    """Prints the summary of the import; 1 when the file cannot be read or nobody of that address may import."""
    user = User.objects.filter(email=options.user.strip().lower(), is_active=True).first()
    if user is None:
        return _refused(_("Nobody signs in with {address}.").format(address=options.user))
    try:
        data = options.file.read_bytes()
    except OSError as error:
        return _refused(f"{options.file}: {error.strerror}")
    actor = actor_of(user, door="import")
    try:
        imported = (
            Imported(None, preview_contacts(actor, data).summary)
            if options.preview
            else import_contacts(actor, data, name=options.file.name)
        )
    except (Unreadable, Refused) as wrong:
        return _refused(_in_words(wrong.message))
    _print(imported)
    return 0


def _print(imported: Imported) -> None:
    summary = imported.summary
    for row, why in summary.refusals:
        print(_("row {row}: left out: {why}").format(row=row, why=_in_words(why)))
    for one in summary.asides:
        print(_("row {row}, {column}: «{text}» is in the notes: {why}").format(
            row=one.row, column=one.column, text=one.text[:60], why=_in_words(one.reason)))  # fmt: skip
    print(_("{rows} rows: {people} persons, {companies} companies, {affiliations} affiliations; {known} known already, "
            "{refused} left out, {aside} values to be verified").format(**summary.counts()))  # fmt: skip
    if imported.change_set_id:
        print(_("Change set {number}: it can be undone as a whole.").format(number=imported.change_set_id))


def _in_words(message: Message) -> str:
    return _(message.text).format(**message.params)


def _refused(why: str) -> int:
    print(f"rapporto import: {why}", file=sys.stderr)
    return 1
