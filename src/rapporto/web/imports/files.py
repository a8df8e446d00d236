"""Keeps an uploaded file between its preview and its import: under a name nobody can guess, readable by the product alone, for a day."""

import os
import re
import secrets
import time
from contextlib import suppress
from pathlib import Path

from django.conf import settings

KEPT_SECONDS = 24 * 3600
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


def _folder() -> Path:
    folder = Path(settings.MEDIA_ROOT) / "imports"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def keep_file(data: bytes) -> str:
    """Keep a file; gives the token by which it is taken. What others left behind a day ago is thrown away."""
    folder, now = _folder(), time.time()
    for old in folder.iterdir():
        with suppress(FileNotFoundError):
            if now - old.stat().st_mtime > KEPT_SECONDS:
                old.unlink()
    token = secrets.token_urlsafe(32)
    handle = os.open(folder / token, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
    return token


def read_file(token: str) -> bytes | None:
    """The file, which stays; None when it is not there."""
    kept = _folder() / token
    return kept.read_bytes() if _TOKEN.fullmatch(token) and kept.exists() else None


def take_file(token: str) -> bytes | None:
    """The file, which is gone from here on: of two who ask, one gets it. None when it is not there."""
    if not _TOKEN.fullmatch(token):
        return None
    kept = _folder() / token
    taken = kept.with_name(f"{token}.taken")
    try:
        kept.rename(taken)
    except FileNotFoundError:
        return None
    data = taken.read_bytes()
    taken.unlink()
    return data
