"""Takes the pictures of the README and of the guide: starts the product with the demo company and looks at it, in both languages.

    .venv/bin/python -m scripts.pictures            all of them
    .venv/bin/python -m scripts.pictures grid card  those with these names

What they show is declared in `scripts/scenes.py`.
"""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from scripts.scenes import FIRST, PHONE, PREFERENCES, SCENES, Scene

HOUSE = Path(__file__).resolve().parent.parent
PICTURES = HOUSE / "docs" / "pictures"
CHROMIUM = next(
    (one for one in ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome") if Path(one).exists()),
    None,
)
PEOPLE = {"anna": "anna.righetti", "bruno": "bruno.ferrari", "elena": "elena.ferri"}
LANGUAGES = {"it": "it-IT", "en": "en-GB"}
LARGEST = 200_000


@contextmanager
def product(*, demo: bool) -> Iterator[tuple[str, Path]]:
    """The address of the product, on a port of its own, and its folder, which is thrown away afterwards."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "RAPPORTO_DATA": folder}
        command = [str(Path(sys.executable).with_name("rapporto"))]
        for step in (["init", "--quiet"], *([["demo"]] if demo else [])):
            subprocess.run([*command, *step], env=environment, check=True, cwd=HOUSE, stdout=subprocess.DEVNULL)
        served = subprocess.Popen(
            [*command, "serve", "--port", str(port)], env=environment, cwd=HOUSE, stdout=subprocess.DEVNULL
        )
        try:
            wait_for(port)
            yield f"http://127.0.0.1:{port}", Path(folder)
        finally:
            served.send_signal(signal.SIGTERM)
            served.wait(20)


def wait_for(port: int) -> None:
    """Until somebody listens there."""
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit("the product did not start")


def window(browser: Browser, scene: Scene, language: str, state: object = None) -> BrowserContext:
    """A window as the scene wants it."""
    return browser.new_context(
        viewport={"width": scene.size[0], "height": scene.size[1]},
        locale=LANGUAGES[language],
        color_scheme="dark" if scene.dark else "light",
        reduced_motion="reduce",
        has_touch=scene.size == PHONE,
        storage_state=state,  # type: ignore[arg-type]
    )


def speak(page: Page, language: str) -> None:
    """Choose the language in the menu of the person who is signed in."""
    page.locator(f"form[action='/language/'] button[value={language}]").first.evaluate("one => one.click()")
    page.wait_for_function("language => document.documentElement.lang === language", arg=language)


def sign_in(browser: Browser, address: str, who: str, language: str) -> object:
    """The cookies of somebody who has come in and chosen the language."""
    context = window(browser, FIRST, language)
    page = context.new_page()
    page.goto(address + "/account/login/")
    form = page.locator("form", has=page.locator("input[type=password]")).first
    form.locator("input[name=login]").fill(f"{PEOPLE[who]}@officineadige.esempio.it")
    form.locator("input[name=password]").fill("rapporto-demo")
    form.locator("button.primary").click()
    page.wait_for_load_state()
    speak(page, language)
    state = context.storage_state()
    context.close()
    return state


def preference_page(folder: Path) -> str:
    """Where the link of a message to Lucia Bonetti of the demo company leads."""
    code = (
        "import django; django.setup(); from rapporto.domain.consent.links import Link, signed;"
        " print(signed(Link(2, 'l.bonetti@casale.esempio.it', 'MARKETING', 'email')))"
    )
    environment = {**os.environ, "RAPPORTO_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "rapporto.site.settings"}
    said = subprocess.run([sys.executable, "-c", code], env=environment, check=True, capture_output=True, text=True)
    return f"/p/{said.stdout.strip()}/"


def take(browser: Browser, address: str, scene: Scene, language: str, state: object) -> None:
    """Look, press, and keep what is seen. ValueError when the picture is too heavy."""
    context = window(browser, scene, language, state)
    page = context.new_page()
    page.set_default_timeout(8_000)
    page.goto(address + scene.path)
    page.wait_for_timeout(scene.wait)
    if scene.act is not None:
        scene.act(page)
        page.wait_for_timeout(300)
    file = PICTURES / language / f"{scene.name}.png"
    page.screenshot(path=file)
    context.close()
    if file.stat().st_size > LARGEST:
        raise ValueError(f"the picture has {file.stat().st_size} bytes, more than {LARGEST}")


def take_all(browser: Browser, scenes: Sequence[Scene]) -> int:
    """Take them in both languages; gives how many could not be taken."""
    failed = 0
    for language in LANGUAGES:
        with product(demo=True) as (address, folder):
            states = {who: sign_in(browser, address, who, language) for who in sorted({one.who for one in scenes})}
            for scene in scenes:
                try:
                    if scene.path == PREFERENCES:
                        scene = replace(scene, path=preference_page(folder))
                    take(browser, address, scene, language, states[scene.who])
                except Exception as wrong:
                    failed += 1
                    print(f"{language}/{scene.name}: {str(wrong).splitlines()[0]}", file=sys.stderr)
    return failed


def take_first(browser: Browser) -> None:
    """What a new installation asks whoever has started it."""
    with product(demo=False) as (address, folder):
        context = window(browser, FIRST, "it")
        page = context.new_page()
        page.goto(f"{address}/first/{(folder / 'first-sign-in-key.txt').read_text('ascii').strip()}/")
        for name, words in (
            ("name", "Aldo Conti"),
            ("email", "aldo.conti@esempio.it"),
            ("password", "tre mele e un ponte"),
        ):
            page.locator(f"main [name={name}], form [name={name}]").first.fill(words)
        page.locator("button.primary").click()
        page.wait_for_url("**/welcome/")
        for language in LANGUAGES:
            speak(page, language)
            page.goto(address + FIRST.path)
            page.screenshot(path=PICTURES / language / f"{FIRST.name}.png")
        context.close()


def main(wanted: list[str]) -> int:
    """Take the pictures that are wanted, or all."""
    if CHROMIUM is None:
        print("There is no Chromium on this machine; install the package chromium.", file=sys.stderr)
        return 1
    flags = ["--headless", "--disable-gpu", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    chosen = [one for one in SCENES if not wanted or one.name in wanted]
    for language in LANGUAGES:
        (PICTURES / language).mkdir(parents=True, exist_ok=True)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=flags)
        failed = take_all(browser, chosen) if chosen else 0
        if not wanted or FIRST.name in wanted:
            take_first(browser)
        browser.close()
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
