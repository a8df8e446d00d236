"""Makes and reads the secret with which sessions and links are signed."""

import os
import secrets
from pathlib import Path

FILE_NAME = "secret_key"


def read_secret(data: Path) -> str:
    """The secret of this installation, empty when it has none yet (Django then refuses to sign anything)."""
    file = data / FILE_NAME
    return file.read_text(encoding="ascii").strip() if file.exists() else ""


def make_secret(data: Path) -> bool:
    """Writes a new secret, readable by its owner only, unless there is one. Says whether it made one."""
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        handle = os.open(data / FILE_NAME, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    with os.fdopen(handle, "w", encoding="ascii") as stream:
        stream.write(secrets.token_urlsafe(50))
    return True
