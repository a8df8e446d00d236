"""Every word of the screen exists in Italian and in English."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Message

from scripts.words import SOURCE, Word, catalogues, translated, words_of_python, words_of_screen, words_of_template

PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|\{\w*(?:[!:][^}]*)?\}")


def messages() -> list[tuple[Path, Message]]:
    """Every Italian message of the product with its file."""
    return [(file, message) for file, catalogue in catalogues("it").items() for message in catalogue if message.id]


def parts(words: str | tuple[str, ...] | list[str] | None) -> list[str]:
    """The singular and the plural, where there are two."""
    return [words] if isinstance(words, str) else list(words or ())


def test_every_word_of_the_screen_has_its_italian() -> None:
    known = translated("it")
    missing = [f"{min(files)}: {word.text}" for word, files in words_of_screen().items() if word not in known]
    assert missing == []


def test_italian_and_english_hold_the_same_places_to_fill() -> None:
    different = [
        (file.relative_to(SOURCE), message.id)
        for file, message in messages()
        for italian in parts(message.string)
        if set(PLACEHOLDER.findall(italian))
        - {p for english in parts(message.id) for p in PLACEHOLDER.findall(english)}
        or (isinstance(message.id, str) and set(PLACEHOLDER.findall(message.id)) != set(PLACEHOLDER.findall(italian)))
    ]
    assert different == []


def test_italian_is_set_with_the_typographic_apostrophe() -> None:
    straight = [
        (file.relative_to(SOURCE), italian)
        for file, message in messages()
        for italian in parts(message.string)
        if re.search(r"\w'", italian)
    ]
    assert straight == []


@pytest.mark.parametrize(
    ("python", "word"),
    [
        ('_("Company")', Word("Company")),
        ('x = gettext_lazy("Company")', Word("Company")),
        ('ngettext("one", "many", 3)', Word("one")),
        ('pgettext("of a person", "Title")', Word("Title", "of a person")),
        ('Message("{n} rows", {"n": 3})', Word("{n} rows")),
        ('raise BadValue("Too long.")', Word("Too long.")),
    ],
)
def test_a_word_in_python_is_found(python: str, word: Word) -> None:
    assert words_of_python(python) == [word]


@pytest.mark.parametrize(
    ("template", "word"),
    [
        ('{% translate "It\'s late" %}', Word("It's late")),
        ("{% translate 'Say \"no\"' %}", Word('Say "no"')),
        ('{% translate "Title" context "of a person" %}', Word("Title", "of a person")),
        ("{% blocktranslate trimmed %}\n  a\n  b\n{% endblocktranslate %}", Word("a b")),
        ("{% blocktranslate count n=x %}one{% plural %}many{% endblocktranslate %}", Word("one")),
        ('{% include "x" with title=_("Title") %}', Word("Title")),
    ],
)
def test_a_word_in_a_template_is_found(template: str, word: Word) -> None:
    words_of_screen()
    assert words_of_template(template) == [word]
