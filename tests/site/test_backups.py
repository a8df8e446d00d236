"""A backup holds everything at one moment, is made while people work, is checked before it is believed, and comes back."""

import gzip
import io
import json
import os
import random
import resource
import signal
import sqlite3
import subprocess
import sys
import tarfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings

from rapporto.site.backups import MANIFEST, Manifest, Source, opened, put_files, write_backup
from rapporto.site.copies import CopyFailed
from rapporto.site.databases import postgresql as postgresql_settings
from rapporto.site.postgresql import free_port
from tests.database import SERVER, chosen_database
from tests.site.test_command import CODE, environment

ROOT = Path(settings.PACKAGE).parent.parent


@pytest.fixture
def source(tmp_path: Path) -> Source:
    """An installation with a small database and two files."""
    data = tmp_path / "data"
    (data / "files" / "attachments").mkdir(parents=True)
    (data / "files" / "jobs").mkdir()
    (data / "files" / "attachments" / "offerta.txt").write_text("Offerta 12", "utf-8")
    (data / "files" / "jobs" / "export").write_text("of a day", "utf-8")
    (data / "secret_key").write_text("secret", "utf-8")
    with closing(sqlite3.connect(data / "rapporto.sqlite3")) as made:
        made.execute("PRAGMA journal_mode=WAL")
        made.execute("CREATE TABLE django_migrations (id INTEGER)")
        made.execute("CREATE TABLE kept AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 9000)"
                     " SELECT i, hex(randomblob(200)) AS filling FROM n")  # fmt: skip
        made.commit()
    return Source("sqlite", {"NAME": str(data / "rapporto.sqlite3")}, data / "files", data, "head")


def files_of(folder: Path) -> dict[str, str]:
    return {one.name: one.read_text("utf-8") for one in folder.rglob("*") if one.is_file()}


def test_it_holds_database_files_and_secret_and_names_its_sums(source: Source, tmp_path: Path) -> None:
    written = write_backup(source, tmp_path / "b.tar.gz")
    assert set(written.members) == {"database", "secret_key", "files/attachments/offerta.txt"}
    with opened(tmp_path / "b.tar.gz", tmp_path) as (manifest, folder):
        assert (manifest.members, manifest.sealed, manifest.vendor) == (written.members, "head", "sqlite")
        with closing(sqlite3.connect(folder / "database")) as copy:
            assert copy.execute("SELECT count(*) FROM kept").fetchone() == (9000,)
        (source.files / "attachments" / "later.txt").write_text("later", "utf-8")
        put_files(folder, source.files)
    assert files_of(source.files) == {"offerta.txt": "Offerta 12"}
    assert oct((tmp_path / "b.tar.gz").stat().st_mode & 0o777) == "0o600"
    assert [one.name for one in tmp_path.iterdir() if one.name.startswith(".")] == []


def archive_of(*members: tuple[tarfile.TarInfo, bytes]) -> bytes:
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w:gz") as archive:
        for head, content in members:
            head.size = len(content)
            archive.addfile(head, io.BytesIO(content))
    return held.getvalue()


def manifest_of(**members: tuple[int, str]) -> tuple[tarfile.TarInfo, bytes]:
    told = {"format": 1, "version": "0", "vendor": "sqlite", "at": "", "sealed": "", "members": members}
    return tarfile.TarInfo(MANIFEST), json.dumps(told).encode()


def link() -> tarfile.TarInfo:
    made = tarfile.TarInfo("files/passwd")
    made.type, made.linkname = tarfile.SYMTYPE, "/etc/passwd"
    return made


HOSTILE: dict[str, bytes] = {
    "a path upwards": archive_of((tarfile.TarInfo("files/../../evil"), b"x"), manifest_of()),
    "an absolute path": archive_of((tarfile.TarInfo("/tmp/evil"), b"x"), manifest_of()),
    "another name": archive_of((tarfile.TarInfo("settings.py"), b"x"), manifest_of()),
    "a link": archive_of((link(), b""), manifest_of()),
    "no manifest": archive_of((tarfile.TarInfo("database"), b"x")),
    "something after its end": archive_of(manifest_of(), (tarfile.TarInfo("database"), b"x")),
    "a member that it does not name": archive_of((tarfile.TarInfo("database"), b"x"), manifest_of()),
    "a member that is missing": archive_of(manifest_of(database=(1, "ab"))),
    "a manifest of something else": archive_of((tarfile.TarInfo(MANIFEST), b'{"a": 1}')),
    "no archive": b"SQLite format 3" * 50,
    "a bomb": gzip.compress(bytes(3_000_000)),
    "nothing": b"",
}


@pytest.mark.parametrize("spoil", HOSTILE)
def test_what_is_no_whole_backup_is_refused(tmp_path: Path, spoil: str) -> None:
    (tmp_path / "b").write_bytes(HOSTILE[spoil])
    with pytest.raises(CopyFailed), opened(tmp_path / "b", tmp_path / "place"):
        pytest.fail("it was taken for a backup")
    assert list((tmp_path / "place").iterdir()) == []
    assert not Path("/tmp/evil").exists()


def test_one_changed_byte_anywhere_is_noticed(source: Source, tmp_path: Path) -> None:
    whole = tmp_path / "b"
    write_backup(source, whole)
    content, chance = whole.read_bytes(), random.Random(20261126)
    for _ in range(12):
        at = chance.randrange(12, len(content))
        (tmp_path / "spoilt").write_bytes(content[:at] + bytes([content[at] ^ 0x55]) + content[at + 1 :])
        with pytest.raises(CopyFailed), opened(tmp_path / "spoilt", tmp_path / "place"):
            pytest.fail(f"byte {at} was changed and nobody noticed")


LIMITED = """
import resource, signal, sys
from pathlib import Path
from rapporto.site.backups import Source, write_backup
from rapporto.site.copies import CopyFailed
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
data, target, limit = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
try:
    write_backup(Source("sqlite", {"NAME": str(data / "rapporto.sqlite3")}, data / "files", data), target)
except CopyFailed as failure:
    sys.exit(f"refused: {failure}")
"""


@pytest.mark.parametrize("limit", [0, 4096, 100_000, 1_500_000, 3_900_000])
def test_a_disk_that_is_full_leaves_neither_half_a_backup_nor_a_scratch(
    source: Source, tmp_path: Path, limit: int
) -> None:
    command = [sys.executable, "-c", LIMITED, str(source.data), str(tmp_path / "b"), str(limit)]
    ended = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert ended.returncode == 1
    assert ended.stderr.startswith("refused: ")
    assert sorted(one.name for one in tmp_path.iterdir()) == ["data"]
    with closing(sqlite3.connect(source.data / "rapporto.sqlite3")) as live:
        assert live.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert live.execute("SELECT count(*) FROM kept").fetchone() == (9000,)


# ── the whole product ───────────────────────────────────────────────────────────────────────────
class Installation:
    """The product in a folder of its own, on the database of this run."""

    def __init__(self, folder: Path, address: str = "") -> None:
        self.folder, self.data = folder, folder / "data"
        self.variables = environment(self.data, PYTHONPATH=os.pathsep.join(sys.path), DJANGO_SETTINGS_MODULE=SETTINGS)
        if address:
            self.variables["DATABASE_URL"] = address

    def command(self, *words: str) -> list[str]:
        return [sys.executable, "-c", CODE, *words]

    def run(self, *words: str) -> str:
        """What it says; a failure fails the test."""
        ended = subprocess.run(self.command(*words), env=self.variables, capture_output=True, text=True, check=False)
        assert ended.returncode == 0, ended.stderr + ended.stdout
        return ended.stdout

    def names(self) -> dict[str, int]:
        """Every customer and its number."""
        code = (
            "import django; django.setup(); import json; from rapporto.domain.parties.models import Party;"
            "print(json.dumps(dict(Party.objects.values_list('name', 'employees'))))"
        )
        said = subprocess.run(
            [sys.executable, "-c", code], env=self.variables, capture_output=True, text=True, check=True
        )
        return dict(json.loads(said.stdout))

    @contextmanager
    def working(self, start: int) -> Iterator[Callable[[], list[int]]]:
        """People at work; gives what tells the numbers acknowledged so far."""
        told = self.folder / f"told-{start}"
        with told.open("wb") as said:
            words = [sys.executable, str(Path(__file__).with_name("backup_writer.py")), str(start)]
            writer = subprocess.Popen(words, env=self.variables, stdout=said, cwd=ROOT)
            try:
                yield lambda: [int(line) for line in told.read_text("utf-8").splitlines(True) if line.endswith("\n")]
                assert writer.poll() is None, "nobody worked meanwhile"
            finally:
                writer.kill()
                writer.wait()


SETTINGS = "rapporto.site.settings"


@pytest.fixture
def installations(tmp_path: Path) -> Iterator[tuple[Installation, Installation]]:
    """One that is in use, and an empty one elsewhere."""
    if chosen_database() == "sqlite":
        yield Installation(tmp_path / "one"), Installation(tmp_path / "other")
        return
    names = [f"backup_{os.getpid()}_{number}" for number in range(2)]
    server: dict[str, Any] = postgresql_settings(os.environ[SERVER])["default"]
    with psycopg.connect(os.environ[SERVER], autocommit=True) as connection:
        for name in names:
            connection.execute(f"CREATE DATABASE {name}")
        place = f"postgresql://{server['USER']}@{server['HOST']}:{server['PORT']}"
        yield tuple(Installation(tmp_path / name, f"{place}/{name}") for name in names)  # type: ignore[misc]
        for name in names:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def until(told: Callable[[], list[int]], count: int) -> list[int]:
    """What was acknowledged, once it is so much."""
    for _ in range(600):
        if len(found := told()) >= count:
            return found
        time.sleep(0.05)
    pytest.fail(f"only {len(told())} of {count} were written in half a minute")


def served(place: Installation) -> int:
    """The status with which the sign-in page of a served installation answers."""
    port = free_port()
    with subprocess.Popen(
        place.command("serve", "--port", str(port), "--no-deliveries"),
        env=place.variables, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    ) as server:  # fmt: skip
        try:
            assert server.stdout is not None
            server.stdout.readline()
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/account/login/", timeout=30) as answer:
                return int(answer.status)
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait()


def test_a_backup_taken_under_load_is_restored_elsewhere_with_all_that_was_acknowledged(
    installations: tuple[Installation, Installation],
) -> None:
    one, other = installations
    for place in installations:
        place.folder.mkdir()
        place.run("init", "--quiet")
    backup = one.folder / "b.tar.gz"
    with one.working(0) as told:
        before = until(told, 40)
        said = one.run("backup", str(backup), "--check")
        after = until(told, len(before) + 10)
    assert "everything is there" in said
    assert "as it was sealed" in said
    told_back = other.run("restore", str(backup), "--replace")
    assert "Restored from" in told_back
    restored, live = other.names(), one.names()
    assert {f"Cliente {number}" for number in before} <= restored.keys() <= live.keys()
    assert all(live[name] == number for name, number in restored.items())
    assert len(live) >= len(after)
    attached = {path.name: path.read_bytes() for path in (one.data / "files" / "attachments").iterdir()}
    found = {path.name: path.read_bytes() for path in (other.data / "files" / "attachments").iterdir()}
    assert {f"{name.split()[1]}.txt" for name in restored} <= found.keys()
    assert all(attached[name] == content for name, content in found.items())
    assert "All is as it should be." in other.run("check", "--audit")
    assert served(other) == 200


def test_killed_at_any_instant_a_backup_is_whole_or_not_there_and_a_restore_is_done_or_not_begun(
    installations: tuple[Installation, Installation],
) -> None:
    one, other = installations
    for place in installations:
        place.folder.mkdir()
        place.run("init", "--quiet")
    with one.working(0) as told:
        until(told, 30)
    with other.working(1000) as told:
        until(told, 5)
    chance, whole = random.Random(20261126), one.folder / "whole"
    one.run("backup", str(whole))
    for number in range(3):
        target = one.folder / f"b{number}"
        killed(one, chance.uniform(0.6, 1.8), "backup", str(target))
        if target.exists():
            with opened(target, one.folder / "place") as (manifest, _folder):
                assert isinstance(manifest, Manifest)
    expected = (set(one.names()), set(other.names()))
    for _ in range(3):
        killed(other, chance.uniform(0.8, 2.4), "restore", str(whole), "--replace")
        assert set(other.names()) in expected
    other.run("restore", str(whole), "--replace")
    assert set(other.names()) == expected[0]


def killed(place: Installation, seconds: float, *words: str) -> None:
    with subprocess.Popen(
        place.command(*words), env=place.variables, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as running:
        time.sleep(seconds)
        running.kill()
    if chosen_database() == "postgresql":
        end_what_was_left(place)


def end_what_was_left(place: Installation) -> None:
    """pg_restore, killed with its parent or alone, is waited for: its one transaction ends either way."""
    name = place.variables["DATABASE_URL"].rpartition("/")[2]
    with psycopg.connect(os.environ[SERVER], autocommit=True) as connection:
        for _ in range(200):
            row = connection.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND state <> 'idle'", [name]
            ).fetchone()
            if row == (0,):
                return
            time.sleep(0.05)


def test_memory_stays_small(source: Source, tmp_path: Path) -> None:
    (source.files / "attachments" / "large").write_bytes(os.urandom(2**20) * 120)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    write_backup(source, tmp_path / "b")
    with opened(tmp_path / "b", tmp_path / "place"):
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 80 * 1024
