"""The guide: each page in both languages, every picture and link leads somewhere, every button it names is one of the product."""

import re
from pathlib import Path

import pytest

from scripts.pictures import LARGEST
from scripts.scenes import FIRST, SCENES
from scripts.words import catalogues

ROOT = Path(__file__).resolve().parents[2]
GUIDE, PICTURES = ROOT / "docs" / "guide", ROOT / "docs" / "pictures"
LANGUAGES = ("it", "en")
BUTTON = {"it": r"\*\*«(.+?)»\*\*", "en": r"\*\*“(.+?)”\*\*"}
FEWEST, LONGEST = 15, 90


def pages(language: str) -> dict[str, str]:
    """The pages of a language by name, each as one line of words."""
    return {page.name: page.read_text("utf-8") for page in sorted((GUIDE / language).glob("*.md"))}


def words_of_the_screen(language: str) -> set[str]:
    """Every word of the catalogues in this language."""
    italian = language == "it"
    sides = (message.string if italian else message.id for one in catalogues("it").values() for message in one)
    return {word for side in sides for word in ([side] if isinstance(side, str) else side or ())}


def targets(text: str) -> list[str]:
    """What a page links to or shows, without the addresses of the web."""
    return re.findall(r"\]\(([^)#:]+)\)", text)


def test_every_page_has_its_twin() -> None:
    assert list(pages("it")) == list(pages("en"))
    assert len(pages("it")) > FEWEST


def test_twins_have_the_same_chapters_and_pictures() -> None:
    for name, italian in pages("it").items():
        english = pages("en")[name]
        assert len(re.findall(r"^#+ ", italian, re.MULTILINE)) == len(re.findall(r"^#+ ", english, re.MULTILINE)), name
        assert targets(italian.replace("/it/", "/en/")) == targets(english.replace("/it/", "/en/")), name


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_short_and_reached_from_the_first(language: str) -> None:
    first = pages(language)["README.md"]
    for name, text in pages(language).items():
        assert len(text.splitlines()) <= LONGEST, name
        assert name == "README.md" or f"({name})" in first, name


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_link_and_picture_leads_somewhere(language: str) -> None:
    dead = [
        f"{name}: {target}"
        for name, text in pages(language).items()
        for target in targets(text)
        if not (GUIDE / language / target).exists()
    ]
    assert dead == []


def test_every_picture_is_shown_somewhere_and_is_light() -> None:
    texts = [(page.parent, page.read_text("utf-8")) for page in (ROOT / "README.md", *(ROOT / "docs").rglob("*.md"))]
    shown = {(folder / target).resolve() for folder, text in texts for target in targets(text)}
    kept = set(PICTURES.rglob("*.png"))
    assert {str(one.relative_to(PICTURES)) for one in kept - shown} == set()
    assert [one.name for one in kept if one.stat().st_size > LARGEST] == []


def test_every_picture_is_one_that_the_script_takes_in_both_languages() -> None:
    declared = {f"{language}/{scene.name}.png" for language in LANGUAGES for scene in (*SCENES, FIRST)}
    assert {str(one.relative_to(PICTURES)) for one in PICTURES.rglob("*.png")} == declared


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_button_that_the_guide_names_is_a_word_of_the_screen(language: str) -> None:
    known = words_of_the_screen(language)
    named = {
        (name, button)
        for name, text in pages(language).items()
        for button in re.findall(BUTTON[language], " ".join(text.split()))
    }
    assert len(named) > 100
    assert sorted(one for one in named if one[1] not in known) == []
