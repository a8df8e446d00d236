"""The processes of one `rapporto serve` live and end together."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

PATIENCE_SECONDS = 30
PROGRAM = """
    import os, signal, sys, time
    from pathlib import Path
    from rapporto.site.serving import Company, Role

    folder = Path(sys.argv[1])

    def work(name):
        def stay():
            with (folder / name).open("a") as stream:
                stream.write(f"{os.getpid()}\\n")
            while True:
                time.sleep(0.05)
        return stay

    company = Company((Role("pages", work("pages"), True), Role("deliveries", work("deliveries"), False)), lambda: None)
    sys.exit(company.serve())
"""


def wait_for(folder: Path, name: str, count: int = 1) -> list[int]:
    """The numbers under which that process has run so far, once there are `count`."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        file = folder / name
        lines = file.read_text().splitlines() if file.exists() else []
        if len(lines) >= count:
            return [int(line) for line in lines]
        time.sleep(0.02)
    raise AssertionError(f"{name} did not start {count} times")


def lives(number: int) -> bool:
    """Whether that process runs, and is no mere entry waiting to be read by its parent."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{number}/status").read_text()
    except FileNotFoundError:
        return False


def wait_until_dead(number: int) -> None:
    """Fails when the process does not end."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while lives(number):
        assert time.monotonic() < deadline, f"{number} still lives"
        time.sleep(0.02)


@pytest.fixture
def company(tmp_path: Path) -> subprocess.Popen[bytes]:
    """A parent with two children."""
    return subprocess.Popen([sys.executable, "-c", textwrap.dedent(PROGRAM), str(tmp_path)])


def test_a_signal_to_the_parent_ends_all(company: subprocess.Popen[bytes], tmp_path: Path) -> None:
    pages, deliveries = wait_for(tmp_path, "pages")[0], wait_for(tmp_path, "deliveries")[0]
    company.send_signal(signal.SIGTERM)
    assert company.wait(PATIENCE_SECONDS) == 0
    assert not lives(pages)
    assert not lives(deliveries)


def test_deliveries_that_die_are_started_again(company: subprocess.Popen[bytes], tmp_path: Path) -> None:
    os.kill(wait_for(tmp_path, "deliveries")[0], signal.SIGKILL)
    first, second = wait_for(tmp_path, "deliveries", 2)
    assert first != second
    company.terminate()
    company.wait(PATIENCE_SECONDS)


def test_when_the_pages_die_all_end_with_a_failure(company: subprocess.Popen[bytes], tmp_path: Path) -> None:
    deliveries = wait_for(tmp_path, "deliveries")[0]
    os.kill(wait_for(tmp_path, "pages")[0], signal.SIGKILL)
    assert company.wait(PATIENCE_SECONDS) == 1
    assert not lives(deliveries)


@pytest.mark.skipif(sys.platform != "linux", reason="asks the Linux kernel")
def test_a_parent_that_is_killed_leaves_no_orphan(company: subprocess.Popen[bytes], tmp_path: Path) -> None:
    pages, deliveries = wait_for(tmp_path, "pages")[0], wait_for(tmp_path, "deliveries")[0]
    company.kill()
    company.wait(PATIENCE_SECONDS)
    wait_until_dead(pages)
    wait_until_dead(deliveries)


def test_ctrl_c_in_the_terminal_reaches_the_parent_alone(company: subprocess.Popen[bytes], tmp_path: Path) -> None:
    children = [wait_for(tmp_path, "pages")[0], wait_for(tmp_path, "deliveries")[0]]
    assert os.getpgid(company.pid) not in {os.getpgid(child) for child in children}
    company.send_signal(signal.SIGINT)
    assert company.wait(PATIENCE_SECONDS) == 0
    assert not any(map(lives, children))
