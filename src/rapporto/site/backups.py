"""A backup: one archive of the database at one moment, the files beside it, the secret, and a manifest by which all of it is checked."""

import gzip
import hashlib
import io
import json
import os
import shutil
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import IO, Any

import rapporto
from rapporto.site.copies import CopyFailed, postgresql_dump, sqlite_copy
from rapporto.site.secret import FILE_NAME as SECRET

FORMAT = 1
DATABASE, FILES, MANIFEST = "database", "files", "manifest.json"
FLEETING = ("jobs",)
"""Folders of files that live for a day: what long works take in and give out."""
_PIECE = 2**20
_MANIFEST_MOST = 512 * 2**20
_ROOM = 64 * 2**20
"""Bytes that stay free on the disk while an archive is opened."""


@dataclass(frozen=True)
class Manifest:
    """What an archive holds: by whom it was written, of which database, when; sizes and SHA-256 of its members; the head of the audit."""

    format: int
    version: str
    vendor: str
    at: str
    sealed: str
    members: Mapping[str, tuple[int, str]]


@dataclass(frozen=True)
class Source:
    """What is copied: the settings of the database with its vendor, the folder of the files, that of the secret, the head of the audit."""

    vendor: str
    settings: Mapping[str, Any]
    files: Path
    data: Path
    sealed: str = ""


def write_backup(source: Source, target: Path) -> Manifest:
    """Write an archive beside `target` and rename it at the end: what is half written is never taken for a backup.

    The database is copied first, at one moment: every file that one of its rows names is there when the files are copied.
    Raises CopyFailed, saying why; nothing is left then.
    """
    unfinished = target.with_name(target.name + ".unfinished")
    try:
        unfinished.unlink(missing_ok=True)
        with TemporaryDirectory(prefix=".backup-", dir=target.parent) as folder:
            copy = Path(folder) / DATABASE
            (sqlite_copy if source.vendor == "sqlite" else postgresql_dump)(dict(source.settings), copy)
            manifest = _write(source, copy, unfinished)
        os.replace(unfinished, target)
    except OSError as error:
        raise CopyFailed(error.strerror or str(error)) from error
    finally:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
    return manifest


def _write(source: Source, copy: Path, unfinished: Path) -> Manifest:
    at = datetime.now(UTC).isoformat(timespec="seconds")
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as plain:
        # quick rather than small: people go on working meanwhile
        with gzip.GzipFile(fileobj=plain, mode="wb", compresslevel=1) as packed, _archive(packed) as archive:
            members = {name: added for name, file in _members(source, copy) if (added := _add(archive, name, file))}
            manifest = Manifest(FORMAT, rapporto.__version__, source.vendor, at, source.sealed, members)
            _add_text(archive, MANIFEST, json.dumps(asdict(manifest)))
        plain.flush()
        os.fsync(plain.fileno())
    return manifest


@contextmanager
def _archive(packed: gzip.GzipFile) -> Iterator[tarfile.TarFile]:
    with tarfile.open(fileobj=packed, mode="w|", format=tarfile.PAX_FORMAT) as archive:
        yield archive


def _members(source: Source, copy: Path) -> Iterator[tuple[str, Path]]:
    yield DATABASE, copy
    if (source.data / SECRET).exists():
        yield SECRET, source.data / SECRET
    for file in sorted(source.files.rglob("*")):
        inside = file.relative_to(source.files)
        if file.is_file() and not file.is_symlink() and inside.parts[0] not in FLEETING:
            yield f"{FILES}/{inside.as_posix()}", file


class _Summed:
    """A file that is read once, its sum being taken on the way."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file, self.sum, self.size = file, hashlib.sha256(), 0

    def read(self, size: int = -1) -> bytes:
        piece = self.file.read(size)
        self.sum.update(piece)
        self.size += len(piece)
        return piece


def _add(archive: tarfile.TarFile, name: str, file: Path) -> tuple[int, str] | None:
    """Size and sum of what was added; None when the file is gone by now."""
    try:
        opened = file.open("rb")
    except FileNotFoundError:
        return None
    with opened:
        head = tarfile.TarInfo(name)
        head.size, head.mode = os.fstat(opened.fileno()).st_size, 0o600
        summed = _Summed(opened)
        archive.addfile(head, summed)
    return head.size, summed.sum.hexdigest()


def _add_text(archive: tarfile.TarFile, name: str, text: str) -> None:
    head = tarfile.TarInfo(name)
    content = text.encode()
    head.size, head.mode = len(content), 0o600
    archive.addfile(head, io.BytesIO(content))


@contextmanager
def opened(archive: Path, beside: Path) -> Iterator[tuple[Manifest, Path]]:
    """The manifest of an archive and the folder into which it was unpacked, in `beside`, after every member was checked.

    Raises CopyFailed for what is no whole backup of this product. The folder goes away at the end; what was moved out of it stays.
    """
    beside.mkdir(parents=True, exist_ok=True, mode=0o700)
    with TemporaryDirectory(prefix=".restore-", dir=beside) as name:
        folder = Path(name)
        try:
            manifest = _unpack(archive, folder)
        except (OSError, EOFError, tarfile.TarError, ValueError, KeyError, TypeError) as error:
            raise CopyFailed(f"the file is damaged or no backup of Rapporto ({error})") from error
        yield manifest, folder


def _unpack(archive: Path, folder: Path) -> Manifest:
    found: dict[str, tuple[int, str]] = {}
    told: Manifest | None = None
    with tarfile.open(archive, mode="r|gz") as members:
        for member in members:
            content = members.extractfile(member)
            if content is None or told is not None or member.name in found:
                raise ValueError(f"{member.name} does not belong there")
            if member.name == MANIFEST:
                told = _manifest(content, member.size)
                continue
            found[member.name] = _keep(content, member, folder)
    if told is None:
        raise ValueError("its end is missing")
    if found != dict(told.members):
        differing = sorted(set(found.items()) ^ set(told.members.items()))
        raise ValueError(f"{differing[0][0]} is not as it was written")
    return told


def _manifest(content: IO[bytes], size: int) -> Manifest:
    if size > _MANIFEST_MOST:
        raise ValueError("its manifest is too large")
    read = json.loads(content.read())
    told = Manifest(
        **{**read, "members": {name: (int(size), str(sum_)) for name, (size, sum_) in read["members"].items()}}
    )
    if told.format != FORMAT:
        raise ValueError(f"it is written in format {told.format}; this version reads format {FORMAT}")
    return told


def _keep(content: IO[bytes], member: tarfile.TarInfo, folder: Path) -> tuple[int, str]:
    """Write one member where it belongs; its size and sum."""
    parts = PurePosixPath(member.name).parts
    allowed = member.name in (DATABASE, SECRET) or (len(parts) > 1 and parts[0] == FILES and ".." not in parts)
    if not allowed or not member.isfile():
        raise ValueError(f"{member.name} does not belong there")
    if shutil.disk_usage(folder).free < member.size + _ROOM:
        raise ValueError(f"there is no room for it on the disk: {member.size:,} bytes")
    place = folder.joinpath(*parts)
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    summed = _Summed(content)
    handle = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as written:
        shutil.copyfileobj(summed, written, _PIECE)
    return summed.size, summed.sum.hexdigest()


def put_files(folder: Path, files: Path) -> None:
    """Put the unpacked files into the place of those that are there; these wait beside until the new ones are in place."""
    new, old = folder / FILES, files.with_name(files.name + ".before")
    new.mkdir(exist_ok=True, mode=0o700)
    shutil.rmtree(old, ignore_errors=True)
    if files.exists():
        os.replace(files, old)
    os.replace(new, files)
    shutil.rmtree(old, ignore_errors=True)
