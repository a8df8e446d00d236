"""Takes in the files that other programs lay into the folder of a source, in the name of whoever imported from it last."""

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from rapporto.domain.people.actors import actor_by_id
from rapporto.kernel.actor import Actor
from rapporto.store.errors import Refused
from rapporto.store.imports.models import ImportRun, ImportSource
from rapporto.store.imports.plain import shape_of
from rapporto.store.imports.runs import BY, SETTINGS, Asking, begin, proposed, remembered_mode
from rapporto.store.messages import in_words
from rapporto.store.transfer.opened import Settings, Unreadable, open_table
from rapporto.store.transfer.watched import Taken, WatchedFolder, harmless
from rapporto.web.imports.files import keep_file, place_of
from rapporto.web.imports.work import go_on

log = logging.getLogger(__name__)
PIECE = 1 << 20
_folders: dict[Path, WatchedFolder] = {}
"""What was seen in each folder, from one look to the next."""


def root() -> Path:
    """Where the folders of the sources are: `watched` among the data of the installation."""
    return Path(settings.DATA) / "watched"


def look() -> int:
    """For the worker: look into every folder once, and begin the import of what lies there whole; gives how many were begun.

    A file is whole when it has not changed since an earlier look. One that cannot be read is laid aside with the reason.
    """
    begun = 0
    for source in ImportSource.objects.exclude(folder=""):
        try:
            for watched, taken in _whole(source):
                begun += _take_in(source, watched, taken)
        except OSError:
            log.exception("the folder of %s cannot be read", source.name)
    return begun


def _whole(source: ImportSource) -> Iterator[tuple[WatchedFolder, Taken]]:
    place = root() / harmless(source.folder)
    first = place not in _folders
    if first:
        place.mkdir(mode=0o770, parents=True, exist_ok=True)
        _folders[place] = WatchedFolder(place)
    watched = _folders[place]
    if first:
        yield from ((watched, taken) for taken in watched.left_over())
    yield from ((watched, taken) for taken in watched.take())


def _take_in(source: ImportSource, watched: WatchedFolder, taken: Taken) -> bool:
    try:
        run = _begun(source, taken)
    except (Unreadable, Refused) as wrong:
        watched.refused(taken, in_words(wrong.message))
        return False
    watched.done(
        taken, _("Taken over as import {number}: what came of it stands on the page of imports.").format(number=run.pk)
    )
    return True


NOBODY_KNOWN = (
    "Nobody has imported from this source by hand yet: do it once, so that it is known what the columns mean."
)


def _begun(source: ImportSource, taken: Taken) -> ImportRun:
    """The run of a file, its columns understood as they were the last time."""
    remembered: dict[str, dict[str, Any]] = source.remembered
    name, kept = next(iter(remembered.items()), ("", {}))
    actor: Actor | None = actor_by_id(int(kept.get(BY) or 0), "import")
    if not name or actor is None:
        raise Refused(NOBODY_KNOWN)
    token = _kept(taken.path)
    shape, place = shape_of(name), place_of(token)
    assert place is not None
    given = Settings.from_json(kept[SETTINGS]) if kept.get(SETTINGS) else None
    table = open_table(place, taken.name, given)
    columns = proposed(actor, source, shape, table.headers)
    mode = remembered_mode(source, shape)
    asking = Asking(taken.name, token, columns, mode, settings=table.settings.to_json(), total=table.estimated)
    run = begin(actor, source, shape, asking)
    go_on(actor, run)
    return run


def _kept(path: Path) -> str:
    with path.open("rb") as file:
        return keep_file(iter(lambda: file.read(PIECE), b""))
