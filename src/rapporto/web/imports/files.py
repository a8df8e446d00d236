"""Keeps the files that are imported: under names nobody can guess, readable by the product alone, until some weeks have passed."""

import os
import re
import secrets
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from django.conf import settings

KEPT_SECONDS = 30 * 24 * 3600
"""An import that was stopped can be gone on with for so long."""
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


def _folder() -> Path:
    folder = Path(settings.MEDIA_ROOT) / "imports"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def keep_file(chunks: Iterable[bytes]) -> str:
    """Keep a file; gives the token by which it is found. What others left behind long ago is thrown away."""
    folder, now = _folder(), time.time()
    for old in folder.iterdir():
        with suppress(FileNotFoundError):
            if now - old.stat().st_mtime > KEPT_SECONDS:
                old.unlink()
    token = secrets.token_urlsafe(32)
    handle = os.open(folder / token, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        for chunk in chunks:
            file.write(chunk)
    return token


def place_of(token: str) -> Path | None:
    """Where the file of a token is; None when it is there no more."""
    place = _folder() / token
    return place if _TOKEN.fullmatch(token) and place.exists() else None


def forget_file(token: str) -> None:
    """Throw a file away."""
    if (place := place_of(token)) is not None:
        place.unlink(missing_ok=True)
