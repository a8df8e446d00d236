"""Writes customers with an attachment each until it is ended, fifty a second, and says each one that was acknowledged."""

import itertools
import sys
import time
from pathlib import Path

import django

django.setup()

from django.conf import settings  # noqa: E402

from rapporto.kernel.actor import ADMINISTRATOR, Actor  # noqa: E402
from rapporto.store.write import save  # noqa: E402

ALDO = Actor(None, "Aldo", frozenset({ADMINISTRATOR}))

for number in itertools.count(int(sys.argv[1])):
    folder = Path(settings.MEDIA_ROOT) / "attachments"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{number}.txt").write_text(f"Allegato {number}", encoding="utf-8")
    save(ALDO, "party", {"name": f"Cliente {number}", "employees": number + 1})
    print(number, flush=True)
    time.sleep(0.02)
