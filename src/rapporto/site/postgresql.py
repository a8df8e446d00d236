"""Starts Debian's PostgreSQL for tests and measurements: own folder, own port, an unprivileged user."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

INSTALLED = Path("/usr/lib/postgresql")
UNPRIVILEGED = ("postgres", "nobody")
USER = "rapporto"
DATABASE = "rapporto"
FLEETING: Mapping[str, str] = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "autovacuum": "off",
    "jit": "off",
}
"""For a run of tests, of which nothing need survive a crash."""


class PostgreSQLMissing(Exception):
    """There is no PostgreSQL server on this machine, or it would not start."""


@dataclass(frozen=True)
class PostgreSQL:
    """A server of our own in `folder`, on `port`."""

    programs: Path
    folder: Path
    port: int
    user: str | None

    @property
    def address(self) -> str:
        """What DATABASE_URL expects; reached by TCP on this machine alone."""
        return self.address_of(DATABASE)

    def address_of(self, database: str) -> str:
        """The address of one of its databases."""
        return f"postgresql://{USER}@127.0.0.1:{self.port}/{database}"

    @classmethod
    def start(cls, **options: str) -> "PostgreSQL":
        """Makes a cluster that will be thrown away and starts it. Raises PostgreSQLMissing, saying why."""
        server = cls.at(Path(tempfile.mkdtemp(prefix="rapporto-postgresql-")))
        server.make()
        server.begin(dict(FLEETING) | options)
        server.run("createdb", "--host=127.0.0.1", f"--port={server.port}", f"--username={USER}", DATABASE)
        return server

    @classmethod
    def at(cls, folder: Path) -> "PostgreSQL":
        """The server of a folder that is there, on a free port; neither made nor started yet. Raises PostgreSQLMissing."""
        server = cls(newest_programs(), folder, free_port(), unprivileged_user())
        if server.user is not None:
            entry = pwd.getpwnam(server.user)
            os.chown(folder, entry.pw_uid, entry.pw_gid)
        return server

    def make(self) -> None:
        """Makes the cluster."""
        self.run("initdb", f"--username={USER}", "--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync",
                 "--pgdata", str(self.folder / "data"))  # fmt: skip

    def begin(self, options: Mapping[str, str]) -> None:
        """Starts the server of a made cluster and waits until it answers."""
        settings = {**options, "listen_addresses": "127.0.0.1", "port": str(self.port),
                    "unix_socket_directories": str(self.folder)}  # fmt: skip
        words = " ".join(f"-c {name}={value}" for name, value in settings.items())
        self.control("start", "-o", words, "-l", str(self.folder / "log"))

    @property
    def pid(self) -> int:
        """The process of the running server."""
        return int((self.folder / "data" / "postmaster.pid").read_text(encoding="utf-8").split()[0])

    def end(self) -> None:
        """Stops the server in order; the cluster stays."""
        self.control("stop", "-m", "fast")

    def stop(self) -> None:
        """Stops the server and removes its folder."""
        try:
            self.control("stop", "-m", "immediate")
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)

    def control(self, verb: str, *words: str) -> None:
        """pg_ctl, waiting until it is done."""
        self.run("pg_ctl", verb, "-w", "-D", str(self.folder / "data"), *words)

    def run(self, program: str, *words: str) -> None:
        """Runs a program of PostgreSQL, which refuses to work for root, as the unprivileged user."""
        command = [str(self.programs / program), *words]
        if self.user is not None:
            command = ["runuser", "-u", self.user, "--", *command]
        # pg_ctl's child inherits the output: a pipe would never end.
        with tempfile.TemporaryFile("w+") as output:
            result = subprocess.run(command, cwd=self.folder, stdout=output, stderr=output, check=False)
            output.seek(0)
            if result.returncode:
                raise PostgreSQLMissing(f"{program}: {output.read().strip()}")


def newest_programs() -> Path:
    """The folder of the newest server installed by Debian."""
    found = [path for path in INSTALLED.glob("*/bin") if (path / "initdb").exists()]
    if not found:
        raise PostgreSQLMissing("no server found; it is the Debian package postgresql")
    return max(found, key=lambda path: int(path.parent.name))


def unprivileged_user() -> str | None:
    """Whom to run as when we are root; None when we are not."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in UNPRIVILEGED if name in names)


def free_port() -> int:
    """A port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
