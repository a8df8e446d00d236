"""Tells whoever started the product where it is and how to sign in, once it really answers."""

import socket
import time
from pathlib import Path

from rapporto.domain.people.models import User
from rapporto.web.first.key import first_key

SIGN_IN_FILE = "demo-sign-in.txt"
PATIENCE_SECONDS = 20
PAUSE_SECONDS = 0.02


def answers(host: str, port: int) -> bool:
    """Waits until somebody listens there; False when nobody does in time."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        try:
            socket.create_connection((host, port), timeout=1).close()
        except OSError:
            time.sleep(PAUSE_SECONDS)
        else:
            return True
    return False


def welcome(address: str, data: Path) -> str:
    """The address and, with the demo company, the people one may sign in as; while there is nobody, where to become the first."""
    file = data / SIGN_IN_FILE
    sign_in = file.read_text(encoding="utf-8").strip() if file.exists() else ""
    if not User.objects.exists():
        sign_in = f"Nobody can sign in yet. Become its administrator at {address}/first/{first_key(data)}/"
    return "\n".join(line for line in (f"Rapporto is at {address}", sign_in, "Ctrl+C ends it.") if line)
