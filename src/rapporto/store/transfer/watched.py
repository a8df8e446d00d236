"""Takes the files that other programs lay into a folder: whole ones only, each once, and lays them aside with a report when done."""

import os
import re
import secrets
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from rapporto.kernel.text import clean

WORKING, DONE, REFUSED = "working", "done", "refused"
STILL_SECONDS = 20.0
"""A file that has not changed for so long between two looks is whole."""
_UNFINISHED = (".part", ".partial", ".tmp", ".temp", ".crdownload", ".filepart", ".lock", ".swp")
_LONGEST = 120
_HARMLESS = re.compile(r"[^\w.,()+@ -]")
_TAKEN = re.compile(r"\d{8}-\d{6}-[0-9a-f]{8}-(.+)")


@dataclass(frozen=True)
class Taken:
    """A file that is ours now."""

    path: Path
    name: str
    """What it was called, without what could do harm."""


class WatchedFolder:
    """A folder, looked at again and again by one or several workers.

    A file becomes `working/…` by being renamed: of two who want it, one gets it. It ends in `done/` or `refused/`, a report beside
    it. Links, pipes, folders and hidden files stay where they are and are never opened.
    """

    def __init__(self, root: Path, *, still: float = STILL_SECONDS, clock: Callable[[], float] = time.time) -> None:
        self.root, self.still, self.clock = root, still, clock
        self._seen: dict[bytes, tuple[int, int, float]] = {}
        for name in (WORKING, DONE, REFUSED):
            folder = root / name
            folder.mkdir(mode=0o770, exist_ok=True)
            if not stat.S_ISDIR(folder.lstat().st_mode):
                raise NotADirectoryError(folder)

    def take(self) -> Iterator[Taken]:
        """Every file that is whole since an earlier look. It is this worker's once it is given."""
        seen: dict[bytes, tuple[int, int, float]] = {}
        whole: list[str] = []
        now = self.clock()
        for entry in self._files():
            key, state = os.fsencode(entry.name), entry.stat(follow_symlinks=False)
            size, changed, since = self._seen.get(key, (-1, -1, now))
            if (size, changed) != (state.st_size, state.st_mtime_ns):
                since = now
            seen[key] = state.st_size, state.st_mtime_ns, since
            if now - since >= self.still:
                whole.append(entry.name)
        self._seen = seen
        for name in sorted(whole):
            if taken := self._claim(name):
                yield taken

    def _files(self) -> Iterator[os.DirEntry[str]]:
        with os.scandir(self.root) as entries:
            for entry in entries:
                hidden = entry.name.startswith((".", "~")) or entry.name.lower().endswith(_UNFINISHED)
                try:
                    if not hidden and entry.is_file(follow_symlinks=False):
                        yield entry
                except OSError:  # gone meanwhile
                    continue

    def _claim(self, name: str) -> Taken | None:
        called = harmless(name)
        target = (
            self.root
            / WORKING
            / f"{time.strftime('%Y%m%d-%H%M%S', time.gmtime(self.clock()))}-{secrets.token_hex(4)}-{called}"
        )
        try:
            (self.root / name).rename(target)
        except OSError:  # another worker was quicker, or it is still held open
            return None
        if not stat.S_ISREG(target.lstat().st_mode):  # exchanged for a link between look and claim
            target.rename(self.root / REFUSED / target.name)
            return None
        self._seen.pop(os.fsencode(name), None)
        return Taken(target, called)

    def left_over(self) -> Iterator[Taken]:
        """The files that were taken and not finished, by a worker that is no more; call it when no other works on them."""
        for path in sorted((self.root / WORKING).iterdir()):
            found = _TAKEN.fullmatch(path.name)
            if found and stat.S_ISREG(path.lstat().st_mode):
                yield Taken(path, found[1])

    def done(self, taken: Taken, report: str) -> Path:
        """Lay a file aside that was brought in; gives where it is now."""
        return self._lay(taken, DONE, report)

    def refused(self, taken: Taken, report: str) -> Path:
        """Lay a file aside that could not be brought in; gives where it is now."""
        return self._lay(taken, REFUSED, report)

    def _lay(self, taken: Taken, where: str, report: str) -> Path:
        target = self.root / where / taken.path.name
        with suppress(FileNotFoundError):  # of a worker that died between the report and the move
            target.with_name(f"{target.name}.report.txt").unlink()
        write_beside(target, "report.txt", report.encode())
        taken.path.rename(target)
        return target


def write_beside(path: Path, ending: str, data: bytes) -> Path:
    """Write a file beside another, under its name and an ending; never through a link, never over what is there."""
    target = path.with_name(f"{path.name}.{ending}")
    here_only = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | here_only, 0o660)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
    return target


def harmless(name: str) -> str:
    """A file's name by which nothing can be opened or overwritten elsewhere, and that can be shown."""
    bare = clean(os.fsencode(name).decode("utf-8", "replace"))
    bare = _HARMLESS.sub("_", bare).strip(". ") or "file"
    stem, dot, extension = bare.rpartition(".")
    return f"{stem[: _LONGEST - len(extension)]}.{extension}" if dot and len(extension) < 10 else bare[:_LONGEST]
