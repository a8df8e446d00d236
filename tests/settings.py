"""The product's settings with what tests need: the chosen database, quick password hashes, mails kept in memory."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from tests.database import choose_database

choose_database()
folder = Path(tempfile.mkdtemp(prefix="rapporto-tests-"))
atexit.register(shutil.rmtree, folder, ignore_errors=True)
(folder / "static").mkdir()
os.environ["RAPPORTO_DATA"] = str(folder)
os.environ.setdefault("RAPPORTO_SECRET_KEY", "only-for-tests-and-nothing-else-0123456789abcdef")

from rapporto.site.settings import *  # noqa: E402, F403
from rapporto.site.settings import DATABASES  # noqa: E402

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # a file as in life: a database in memory has no WAL and no second process
    DATABASES["default"]["TEST"] = {"NAME": str(folder / "test.sqlite3")}

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
