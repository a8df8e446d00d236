"""Builds what browsers load: bundles our CSS and JavaScript, copies htmx and the font from the npm packages."""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ROOT / "node_modules"
STATIC = ROOT / "src" / "rapporto" / "web" / "static"
BUILT = STATIC / "built"
ENTRIES = ("css/main.css", "js/main.js")
FONT = "inter-{part}-wght-normal.woff2"
FONT_PARTS = ("latin", "latin-ext")
COPIES = {
    PACKAGES / "htmx.org" / "dist" / "htmx.min.js": BUILT / "htmx.js",
    **{
        PACKAGES / "@fontsource-variable" / "inter" / "files" / FONT.format(part=part): BUILT
        / "fonts"
        / FONT.format(part=part)
        for part in FONT_PARTS
    },
}


def build() -> None:
    """Writes everything below static/built, which is never committed."""
    BUILT.mkdir(parents=True, exist_ok=True)
    for source, target in COPIES.items():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
    for entry in ENTRIES:
        if (STATIC / entry).exists():
            bundle(entry)


def bundle(entry: str) -> None:
    """One file for the browser from one entry. What a style sheet names by `url()` stays where it is."""
    command = [
        str(PACKAGES / ".bin" / "esbuild"), str(STATIC / entry), "--bundle", "--minify", "--target=es2022",
        "--external:*.woff2", "--external:*.svg", "--log-level=warning",
        f"--outfile={BUILT / Path(entry).name}",
    ]  # fmt: skip
    if entry.endswith(".js"):
        command.append("--format=esm")
    if subprocess.run(command, check=False).returncode:
        sys.exit(f"esbuild refused {entry}; its reason stands above.")


if __name__ == "__main__":
    build()
