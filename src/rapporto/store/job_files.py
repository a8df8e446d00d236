"""The files that long works take in and give out: under names nobody can guess, readable by the product alone, for a day."""

import os
import re
import secrets
import time
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

KEPT_SECONDS = 24 * 3600
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


def folder() -> Path:
    """Where they are, and where they are written; made when it is not there yet."""
    place = Path(settings.MEDIA_ROOT) / "jobs"
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    return place


def new_file() -> tuple[str, BinaryIO]:
    """An empty file to be written and closed by whoever asks, and the token by which it is found."""
    token = secrets.token_urlsafe(32)
    handle = os.open(folder() / token, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    return token, os.fdopen(handle, "w+b")


def kept_file(token: str) -> Path | None:
    """Where the file of a token is; None when it is there no more."""
    if not _TOKEN.fullmatch(token):
        return None
    place = folder() / token
    return place if place.exists() else None


def forget_file(token: str) -> None:
    """Throw a file away."""
    if _TOKEN.fullmatch(token):
        (folder() / token).unlink(missing_ok=True)


def forget_old_files() -> None:
    """Throw away what is older than a day."""
    now = time.time()
    for old in folder().iterdir():
        with suppress(FileNotFoundError):
            if now - old.stat().st_mtime > KEPT_SECONDS:
                old.unlink()
