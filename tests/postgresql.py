"""Starts Debian's PostgreSQL for one test run: own folder, own port, an unprivileged user, nothing kept."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

INSTALLED = Path("/usr/lib/postgresql")
UNPRIVILEGED = ("postgres", "nobody")
# Nothing of a test run need survive a crash.
OPTIONS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "autovacuum": "off",
    "jit": "off",
}


class PostgreSQLMissing(Exception):
    """There is no PostgreSQL server on this machine, or it would not start."""


@dataclass(frozen=True)
class PostgreSQL:
    """A running server. `address` is what DATABASE_URL expects."""

    programs: Path
    folder: Path
    port: int
    user: str | None

    @property
    def address(self) -> str:
        """Reached by TCP on this machine alone."""
        return f"postgresql://tests@127.0.0.1:{self.port}/rapporto"

    @classmethod
    def start(cls, **options: str) -> "PostgreSQL":
        """Makes a cluster and starts it. Raises PostgreSQLMissing, saying why."""
        programs = newest_programs()
        folder = Path(tempfile.mkdtemp(prefix="rapporto-postgresql-"))
        user = unprivileged_user()
        if user is not None:
            entry = pwd.getpwnam(user)
            os.chown(folder, entry.pw_uid, entry.pw_gid)
        server = cls(programs, folder, free_port(), user)
        server.run("initdb", "--username=tests", "--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync",
                   "--pgdata", str(folder / "data"))  # fmt: skip
        settings = OPTIONS | options | {"listen_addresses": "127.0.0.1", "port": str(server.port),
                                        "unix_socket_directories": str(folder)}  # fmt: skip
        words = " ".join(f"-c {name}={value}" for name, value in settings.items())
        server.control("start", "-o", words, "-l", str(folder / "log"))
        server.run("createdb", "--host=127.0.0.1", f"--port={server.port}", "--username=tests", "rapporto")
        return server

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
