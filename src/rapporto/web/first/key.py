"""The key to the very first page: it lies in the data folder, and only who started the product can read it."""

import os
import secrets
from pathlib import Path

FILE = "first-sign-in-key.txt"


def first_key(data: Path) -> str:
    """The key, made when there is none yet; only the owner of the folder may read it."""
    file = data / FILE
    if not file.exists():
        data.mkdir(parents=True, exist_ok=True)
        with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as written:
            written.write(secrets.token_urlsafe(24))
    return file.read_text("ascii").strip()


def fits(key: str, data: Path) -> bool:
    """Whether this is the key; there is none once it was used."""
    file = data / FILE
    return file.exists() and secrets.compare_digest(file.read_text("ascii").strip().encode(), key.encode())


def throw_away(data: Path) -> None:
    """The key fits no more."""
    (data / FILE).unlink(missing_ok=True)
