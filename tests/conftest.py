"""Options and fixtures for every test: the database of the run, and a real browser."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from django.utils import translation
from hypothesis import settings
from playwright.sync_api import Browser, BrowserType
from pytest_django import DjangoDbBlocker

from rapporto.store import access_guard, userfields
from rapporto.store.asking import forget_estimates
from rapporto.store.search_tables import searched, table
from tests.database import CHOICES, OPTION, chosen_database

CHROMIUM = (Path("/usr/bin/chromium"), Path("/usr/bin/chromium-browser"), Path("/usr/bin/google-chrome"))
CHROMIUM_FLAGS = (
    "--headless", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
MADE_INDEXES = {
    "sqlite": r"SELECT name FROM sqlite_master WHERE type = 'index' AND name LIKE 'made\_%' ESCAPE '\'",
    "postgresql": r"SELECT indexname FROM pg_indexes WHERE indexname LIKE 'made\_%' ESCAPE '\'",
}
ONCE = tuple(Path(__file__).parent / folder for folder in ("docs", "kernel", "transfer"))
"""Folders of what knows no database."""
UNDER_CI = os.environ.get("CI", "").lower() in {"1", "true"}

# What CI says of a change must not depend on chance; at the desk hypothesis goes on looking for new cases.
settings.register_profile("ci", derandomize=True, deadline=None)
settings.load_profile("ci" if UNDER_CI else "default")

# Playwright runs an event loop in the thread of the test, and Django then refuses its ORM there.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--database`: read in tests/database.py before Django wakes; named here so that pytest knows it."""
    parser.addoption(OPTION, choices=CHOICES, default=chosen_database(), help="the database of this run")


def pytest_report_header(config: pytest.Config) -> str:
    """Says on which database this run stands."""
    return f"database: {chosen_database()}"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leaves out the tests that mean nothing, or nothing new, on this database, and those of minutes unless they are asked for."""
    marks = {"sqlite", "once"} if chosen_database() == "postgresql" else {"postgresql"}
    marks |= set() if os.environ.get("RAPPORTO_LONG") == "1" else {"long"}
    for item in items:
        if item.path.parent in ONCE:
            item.add_marker("once")
    left_out = [item for item in items if any(mark.name in marks for mark in item.iter_markers())]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if not any(mark.name in marks for mark in item.iter_markers())]


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """The database of the run without the guard that refuses to empty the register of accesses, as every test begins anew."""
    with django_db_blocker.unblock():
        access_guard.drop()


@pytest.fixture(autouse=True)
def nothing_read_yet(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test begins without what an earlier one has read: the fields of its company, the estimates of its lists, the language of
    its last page. Where there is no database, no company has fields of its own."""
    translation.deactivate()
    has_database = request.node.get_closest_marker("django_db") is not None or "db" in request.fixturenames
    monkeypatch.setattr(userfields, "_cache", userfields._Cache() if has_database else userfields._Cache(0, {}))
    forget_estimates()


@pytest.fixture(autouse=True)
def emptied(request: pytest.FixtureRequest, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """After a test that committed, what Django does not empty by itself: the search tables, and the register of accesses, whose
    guard a migration of the test may have put back."""
    yield
    marker = request.node.get_closest_marker("django_db")
    if marker is not None and marker.kwargs.get("transaction"):
        with django_db_blocker.unblock():
            access_guard.drop()
            with connection.cursor() as cursor:
                for record in searched():
                    cursor.execute(f'DELETE FROM "{table(record)}"')
                cursor.execute(MADE_INDEXES[connection.vendor])
                for (index,) in cursor.fetchall():  # of fields that the test made
                    cursor.execute(f'DROP INDEX "{index}"')


@pytest.fixture(scope="session")
def chromium() -> Path:
    """The browser of the machine. Without one the test says that it did not run; in CI that is a failure."""
    for place in CHROMIUM:
        if place.exists():
            return place
    message = "NOT RUN: no Chromium on this machine (Debian package chromium)"
    if UNDER_CI:
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture(scope="session")
def libreoffice() -> Path:
    """The spreadsheet of the machine. Without one the test says that it did not run; in CI that is a failure."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    if found:
        return Path(found)
    message = "NOT RUN: no LibreOffice on this machine (Debian package libreoffice-calc-nogui)"
    if UNDER_CI:
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture(scope="session")
def browser(browser_type: BrowserType, chromium: Path) -> Iterator[Browser]:
    """A real Chromium that asks nothing of any host but the tests' own server."""
    root = ["--no-sandbox"] if os.geteuid() == 0 else []
    started = browser_type.launch(executable_path=chromium, args=[*CHROMIUM_FLAGS, *root])
    yield started
    started.close()
