"""The `rapporto` command: what an administrator types, and what the product answers."""

import os
import re
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from rapporto.site.command import SUBCOMMANDS
from rapporto.store.history.triggers import PREFIX

PATIENCE_SECONDS = 60
CODE = "import sys; from rapporto.site.command import main; sys.exit(main())"
DEPLOYMENT_CHECK = (
    "from django.core.management import call_command\ncall_command('check', '--deploy', '--fail-level', 'WARNING')"
)

pytestmark = pytest.mark.sqlite  # these installations live in a folder of their own


def environment(data: Path, **variables: str) -> dict[str, str]:
    """The variables of a fresh installation in that folder."""
    kept = {
        key: value for key, value in os.environ.items() if not key.startswith(("RAPPORTO_", "DJANGO_", "DATABASE_"))
    }
    return kept | {"RAPPORTO_DATA": str(data)} | variables


def rapporto(data: Path, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Runs the command as a person would."""
    return subprocess.run(
        [sys.executable, "-c", CODE, *words],
        env=environment(data, **variables),
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of an installation that nobody has used yet."""
    data = tmp_path_factory.mktemp("installation") / "data"
    result = rapporto(data, "init", "--quiet")
    assert result.returncode == 0, result.stderr
    return data


def test_asked_nothing_it_lists_what_it_can_do(tmp_path: Path) -> None:
    answer = rapporto(tmp_path).stdout
    assert [name for name in SUBCOMMANDS if not re.search(rf"^  {name} +\w", answer, re.MULTILINE)] == []


def test_a_mistake_in_a_variable_is_one_line_that_names_it(tmp_path: Path) -> None:
    result = rapporto(tmp_path, "check", RAPPORTO_URL="crm.example.it")
    assert result.returncode == 1
    assert result.stderr == "rapporto: RAPPORTO_URL must look like https://crm.example.it\n"


def test_the_secret_and_the_data_are_for_their_owner_only(installed: Path) -> None:
    assert stat.S_IMODE(installed.stat().st_mode) == 0o700
    assert stat.S_IMODE((installed / "secret_key").stat().st_mode) == 0o600


def test_a_second_init_keeps_the_secret_and_says_nothing(installed: Path) -> None:
    before = (installed / "secret_key").read_text()
    result = rapporto(installed, "init", "--quiet")
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")
    assert (installed / "secret_key").read_text() == before


def test_the_first_administrator_is_made_once(installed: Path) -> None:
    first = rapporto(installed, "administrator", "Aldo@Esempio.it", "--name", "Aldo Rossi")
    assert first.returncode == 0, first.stderr
    assert "aldo@esempio.it" in first.stdout
    again = rapporto(installed, "administrator", "altra@esempio.it", "--name", "Altra")
    assert again.returncode == 1
    assert "altra" not in again.stdout


def test_the_settings_of_an_installation_behind_https_pass_the_deployment_check(installed: Path) -> None:
    result = rapporto(
        installed, "shell", "-c", DEPLOYMENT_CHECK,
        RAPPORTO_URL="https://crm.example.it", RAPPORTO_PROXIES="1", RAPPORTO_HSTS_SECONDS="31536000",
    )  # fmt: skip
    assert result.returncode == 0, result.stderr


def test_a_backup_is_restored_and_the_present_data_are_not_replaced_unasked(installed: Path, tmp_path: Path) -> None:
    assert rapporto(installed, "backup", str(tmp_path / "copy")).returncode == 0
    assert rapporto(installed, "backup", str(tmp_path / "copy")).returncode == 1
    other = tmp_path / "other"
    assert rapporto(other, "init", "--quiet").returncode == 0
    assert "Add --replace" in rapporto(other, "restore", str(tmp_path / "copy")).stderr
    assert rapporto(other, "restore", str(tmp_path / "copy"), "--replace").returncode == 0


def test_serve_refuses_a_database_that_is_behind(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    result = rapporto(data, "serve", "--port", str(free_port()), RAPPORTO_SECRET_KEY="x" * 60)
    assert result.returncode == 1
    assert "is missing" in result.stderr
    assert "rapporto init" in result.stderr


def test_serve_refuses_a_database_without_one_of_its_triggers(tmp_path: Path) -> None:
    data = tmp_path / "data"
    assert rapporto(data, "init", "--quiet").returncode == 0
    with closing(sqlite3.connect(data / "rapporto.sqlite3")) as connection:
        (name,) = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE ? ORDER BY name", [PREFIX + "%"]
        ).fetchone()
        connection.execute(f'DROP TRIGGER "{name}"')
        connection.commit()
    result = rapporto(data, "serve", "--port", str(free_port()))
    assert result.returncode == 1
    assert name in result.stderr


def free_port() -> int:
    """A port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def served(installed: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A running product and its address, which it has printed itself."""
    words = [sys.executable, "-c", CODE, "serve", "--port", str(free_port())]
    process = subprocess.Popen(words, env=environment(installed), stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    address = re.search(r"http://\S+", process.stdout.readline())
    assert address is not None
    yield process, address.group()
    process.terminate()
    process.wait(PATIENCE_SECONDS)
    process.stdout.close()


def test_serve_prints_an_address_that_answers(served: tuple[subprocess.Popen[str], str]) -> None:
    with urllib.request.urlopen(served[1] + "/account/login/", timeout=PATIENCE_SECONDS) as answer:
        assert answer.status == 200
        assert b"<form" in answer.read()


def test_what_serve_started_ends_with_it(served: tuple[subprocess.Popen[str], str]) -> None:
    process, _ = served
    children = descendants(process.pid)
    assert len(children) >= 3  # pages, their worker, deliveries
    process.send_signal(signal.SIGTERM)
    assert process.wait(PATIENCE_SECONDS) == 0
    deadline = time.monotonic() + PATIENCE_SECONDS
    while any(Path(f"/proc/{child}").exists() for child in children):
        assert time.monotonic() < deadline
        time.sleep(0.02)


def descendants(parent: int) -> list[int]:
    """The processes below that one."""
    found = []
    for task in Path(f"/proc/{parent}/task").iterdir():
        for child in map(int, (task / "children").read_text().split()):
            found += [child, *descendants(child)]
    return found
