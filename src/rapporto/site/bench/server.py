"""The product as it is really served, in processes of its own: started, watched for memory and time of the processor, ended."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

from rapporto.site.postgresql import free_port

PATIENCE = 60.0
RAPPORTO = (str(Path(sys.executable).with_name("rapporto")),)
"""The command as it is installed beside this Python."""
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Server:
    """A running `rapporto serve`. `ready` is how many seconds it took until it answered a request."""

    pid: int
    port: int
    ready: float

    def memory(self) -> list[tuple[float, float]]:
        """The proportional share of memory of every process, in MB, and what of it are pages of files, the database's too."""
        return [(_share(pid, "Pss"), _share(pid, "Pss_File")) for pid in tree(self.pid)]


@contextmanager
def serving(environment: Mapping[str, str], processes: int) -> Iterator[Server]:
    """Start it on a free port of this machine; ended afterwards. Raises RuntimeError when it does not answer."""
    port = free_port()
    words = [*RAPPORTO, "serve", "--port", str(port), "--processes", str(processes)]
    began = time.perf_counter()
    process = subprocess.Popen(words, env=dict(environment), stdout=subprocess.DEVNULL)
    try:
        _wait_until_it_answers(port, process)
        yield Server(process.pid, port, time.perf_counter() - began)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(PATIENCE)


def _wait_until_it_answers(port: int, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE):
                connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
                connection.request("GET", "/account/login/")
                connection.getresponse().read()
                connection.close()
                return
        except OSError:
            time.sleep(0.01)
    raise RuntimeError("the product did not start; see above")


def tree(pid: int) -> list[int]:
    """A process and all that descend from it."""
    children: dict[int, list[int]] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            children.setdefault(_parent(int(folder.name)), []).append(int(folder.name))
    found = [pid]
    for one in found:
        found += children.get(one, ())
    return found


def processor(pids: list[int]) -> float:
    """Seconds of the processor that these processes have used so far."""
    return sum(int(one) for pid in pids for one in _stat(pid)[11:13]) / TICKS


def _stat(pid: int) -> list[str]:
    """The fields of /proc/pid/stat after the name; nothing of a process that is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return ["?"] + ["0"] * 20


def _parent(pid: int) -> int:
    return int(_stat(pid)[1])


def _share(pid: int, part: str) -> float:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="utf-8").splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith(f"{part}:")), 0.0)
