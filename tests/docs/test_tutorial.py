"""The tutorial, followed word for word: its files are written, its commands run, and the new type inherits its tests."""

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.database import SERVER, chosen_database

ROOT = Path(__file__).resolve().parents[2]
TUTORIAL = ROOT / "docs" / "tutorial.md"
_BLOCK = re.compile(r"(?:^`(?P<file>[\w/.]+)`\n\n)?^```(?P<language>\w+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    """A piece of the tutorial: a file to write, or commands to run."""

    file: str
    language: str
    text: str


def blocks() -> list[Block]:
    """The pieces of the tutorial in their order."""
    found = _BLOCK.finditer(TUTORIAL.read_text("utf-8"))
    return [Block(one["file"] or "", one["language"], one["text"]) for one in found]


def run(commands: str, folder: Path, data: Path) -> str:
    """Run the commands as a reader would, in their own installation."""
    variables = {
        name: value for name, value in os.environ.items() if not name.startswith(("RAPPORTO_", "DJANGO_", "PYTEST_"))
    }
    variables |= {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "RAPPORTO_DATA": str(data),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    variables.pop("DATABASE_URL", None)
    variables.pop(SERVER, None)
    done = subprocess.run(
        ["bash", "-euc", commands], cwd=folder, env=variables, capture_output=True, text=True, check=False, timeout=600
    )
    assert done.returncode == 0, (done.stdout + done.stderr)[-4000:]
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A folder in which everything the tutorial says was done: the files written, the commands run."""
    folder, data = tmp_path_factory.mktemp("installation"), tmp_path_factory.mktemp("data")
    commands = ""
    for block in blocks():
        if block.file:
            (folder / block.file).parent.mkdir(parents=True, exist_ok=True)
            (folder / block.file).write_text(block.text, "utf-8")
        elif block.language == "sh":
            commands += block.text
    said = run(commands, folder, data)
    assert "All is as it should be." in said
    return folder, data


def test_the_record_type_is_two_python_files() -> None:
    assert [one.file for one in blocks() if one.language == "python"] == ["fleet/models.py", "fleet/records.py"]


def test_the_commands_make_the_table_with_its_history(followed: tuple[Path, Path]) -> None:
    folder, data = followed
    assert (folder / "fleet/migrations/0001_initial.py").exists()
    question = (
        "from rapporto.store.declare import DECLARED; from rapporto.store.history import install;"
        "assert install.differences() == []; assert 'vehicles' in DECLARED['party'].record.relations;"
        "print(DECLARED['vehicle'].record.plural)"
    )
    script = f'export PYTHONPATH=$PWD RAPPORTO_PARTS=fleet\nrapporto shell --no-imports -c "{question}"'
    assert "Veicoli" in run(script, folder, data) or "Vehicles" in run(script, folder, data)


def test_the_new_type_inherits_its_tests_unasked(followed: tuple[Path, Path]) -> None:
    folder, data = followed
    (asked,) = [one.text.strip() for one in blocks() if one.language == "test"]
    assert asked.startswith("pytest ")
    command = f"{sys.executable} -m {asked} -q -p no:cacheprovider --database={chosen_database()}"
    script = f"export PYTHONPATH={folder} RAPPORTO_PARTS=fleet\ncd {ROOT}\n{command}"
    said = run(script, folder, data)
    passed = re.search(r"(\d+) passed", said)
    assert passed is not None, said
    assert int(passed[1]) >= 14
    assert "failed" not in said
