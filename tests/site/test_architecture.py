"""The shape of the house: who may import whom, how long a file may be, what may not stand in a lock file."""

import ast
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.once
ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "rapporto"
LONGEST_FILE = 500
LONGEST_FUNCTION = 40

# contract, the file that gets one line more, and the line
VIOLATIONS = (
    ("A layer uses those below it", "kernel/text.py", "import rapporto.store.apps"),
    ("A layer uses those below it", "store/apps.py", "import rapporto.domain.people.apps"),
    ("A layer uses those below it", "domain/people/apps.py", "import rapporto.web.apps"),
    ("A layer uses those below it", "web/apps.py", "import rapporto.site.places"),
    ("A layer uses those below it", "web/apps.py", "import rapporto.api.apps"),
    ("A layer uses those below it", "api/apps.py", "import rapporto.web.apps"),
    ("A layer uses those below it", "surprise/__init__.py", "import rapporto.kernel"),
    ("An area of the domain", "domain/people/apps.py", "import rapporto.domain.parties.apps"),
    ("An area of the domain", "domain/parties/apps.py", "import rapporto.domain.processes.apps"),
    ("An area of the domain", "domain/surprise/__init__.py", "import rapporto.kernel"),
    ("The kernel is plain Python", "kernel/text.py", "import django.db"),
    ("The kernel is plain Python", "kernel/text.py", "import sqlite3"),
    ("No package has a ring", "site/places.py", "import rapporto.site.settings"),
)
BANNED = (
    "from django.http import HttpRequest",
    "from django.shortcuts import render",
    "from django.urls import reverse",
    "from django import forms",
    "from django.db.models.signals import post_save",
    "from django.db.models import signals",
    "from django.dispatch import receiver",
)


def sources() -> list[Path]:
    """Every Python file that people write."""
    places = [SOURCE, ROOT / "tests", ROOT / "scripts"]
    files = [file for place in places for file in place.rglob("*.py") if "migrations" not in file.parts]
    assert files
    return sorted(files)


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """The package and its contracts in a folder where they may be spoilt."""
    shutil.copytree(SOURCE, tmp_path / "src" / "rapporto", ignore=shutil.ignore_patterns("__pycache__", "static"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def lint_imports(folder: Path) -> str:
    """What import-linter prints about the package in that folder, in one line."""
    code = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    result = subprocess.run(
        [sys.executable, "-c", code, "--no-cache"],
        cwd=folder,
        env={"PYTHONPATH": str(folder / "src"), "PATH": "/usr/bin:/bin", "COLUMNS": "500", "LANG": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
    )
    return re.sub(r"\s+", " ", result.stdout + result.stderr)


def broken(report: str, contract: str) -> bool:
    """Whether that contract is reported as broken."""
    return re.search(re.escape(contract) + r"(?:(?! KEPT ).)*? BROKEN ", report) is not None


def test_every_import_contract_is_kept(copied: Path) -> None:
    report = lint_imports(copied)
    assert " 0 broken" in report, report


@pytest.mark.parametrize(("contract", "file", "line"), VIOLATIONS)
def test_a_planted_violation_of_an_import_contract_is_caught(copied: Path, contract: str, file: str, line: str) -> None:
    spoilt = copied / "src" / "rapporto" / file
    spoilt.parent.mkdir(exist_ok=True)
    text = spoilt.read_text(encoding="utf-8") if spoilt.exists() else ""
    spoilt.write_text(f"{text}\n{line}\n", encoding="utf-8")
    report = lint_imports(copied)
    assert broken(report, contract), report


def refused_by_ruff(text: str, where: str) -> set[str]:
    """The codes of the rules for which ruff refuses that text in that file."""
    result = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--output-format", "json", "--stdin-filename", where, "-"],
        cwd=ROOT,
        input=text,
        capture_output=True,
        text=True,
        check=False,
    )
    return {finding["code"] for finding in json.loads(result.stdout)}


@pytest.mark.parametrize("line", BANNED)
@pytest.mark.parametrize("layer", ["kernel", "store", "domain/parties"])
def test_requests_forms_and_signals_are_banned_below_the_surfaces(layer: str, line: str) -> None:
    assert "TID251" in refused_by_ruff(f"{line}\n", f"src/rapporto/{layer}/planted.py")


@pytest.mark.parametrize("layer", ["web", "api", "site"])
def test_requests_are_at_home_in_the_surfaces(layer: str) -> None:
    assert "TID251" not in refused_by_ruff("from django.http import HttpRequest\n", f"src/rapporto/{layer}/planted.py")


def test_an_import_inside_a_function_is_refused() -> None:
    text = "def late() -> None:\n    import json\n\n    json.dumps(1)\n"
    assert "PLC0415" in refused_by_ruff(text, "src/rapporto/kernel/planted.py")


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function of a file, those inside classes and functions included."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def too_long(name: str, text: str) -> list[str]:
    """The file, and each function in it, that is longer than the house allows."""
    found = []
    count = text.count("\n")
    if count > LONGEST_FILE:
        found.append(f"{name}: {count} lines")
    for function in functions(ast.parse(text)):
        length = (function.end_lineno or function.lineno) - function.lineno + 1
        if length > LONGEST_FUNCTION:
            found.append(f"{name}:{function.lineno} {function.name}: {length} lines")
    return found


def test_no_file_and_no_function_is_too_long() -> None:
    found = [line for file in sources() for line in too_long(str(file.relative_to(ROOT)), file.read_text("utf-8"))]
    assert found == []


def test_a_function_that_is_too_long_is_found() -> None:
    assert too_long("planted.py", "def long():\n" + "    pass\n" * LONGEST_FUNCTION)
    assert too_long("planted.py", "pass\n" * (LONGEST_FILE + 1))
    assert not too_long("planted.py", "def short():\n" + "    pass\n" * (LONGEST_FUNCTION - 1))


def test_every_module_opens_with_a_sentence_saying_what_it_is_for() -> None:
    silent = [
        str(file.relative_to(ROOT)) for file in sources() if not ast.get_docstring(ast.parse(file.read_text("utf-8")))
    ]
    assert silent == []


@pytest.mark.parametrize("name", ["utils", "helpers", "common", "manager", "managers", "misc"])
def test_no_module_has_a_name_that_says_nothing(name: str) -> None:
    assert [file for file in sources() if name in {file.stem, *file.relative_to(ROOT).parts}] == []


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt", "requirements-node.txt"])
def test_the_pinned_python_packages_have_hashes_and_no_addresses(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    pins = re.findall(r"^[a-z0-9].*==.*$", text, flags=re.MULTILINE)
    assert pins
    assert len(re.findall(r"^[a-z0-9].*==.* \\\n    --hash=sha256:", text, flags=re.MULTILINE)) == len(pins)
    assert re.search(r"://|^-|^\s*--(?!hash=)| @ |/wheels|/simple", text, flags=re.MULTILINE) is None


def test_the_pinned_npm_packages_have_checksums_and_no_addresses() -> None:
    text = (ROOT / "package-lock.json").read_text(encoding="utf-8")
    assert "://" not in text
    assert '"resolved"' not in text
    assert text.count('"integrity"') == len(re.findall(r'^    "node_modules/', text, flags=re.MULTILINE))
