"""Finds every word of the screen in the sources: what goes through gettext, and the messages of the kernel."""

import ast
import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils.translation.template import templatize

SOURCE = Path(__file__).resolve().parent.parent / "src" / "rapporto"
SINGULAR = frozenset({"_", "gettext", "gettext_lazy", "gettext_noop", "Message", "BadValue", "Refused"})
PLURAL = frozenset({"ngettext", "ngettext_lazy"})
IN_CONTEXT = frozenset({"pgettext", "pgettext_lazy"})
LITERAL = r"""u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
CALL_IN_TEMPLATE = re.compile(rf"\b(_|n?gettext|n?pgettext)\(({LITERAL}(?:, *{LITERAL})*)")


@dataclass(frozen=True)
class Word:
    """What is looked up: the English text, and the context that tells two equal texts apart."""

    text: str
    context: str | None = None


def words_of_call(name: str, texts: list[str]) -> list[Word]:
    """The words in one call of gettext. The plural is looked up together with its singular."""
    if name in SINGULAR | PLURAL and texts:
        return [Word(texts[0])]
    if name in IN_CONTEXT and len(texts) > 1:
        return [Word(texts[1], texts[0])]
    return []


def words_of_python(text: str) -> list[Word]:
    """The words of a Python file."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        texts = [
            str(word.value) for word in node.args if isinstance(word, ast.Constant) and isinstance(word.value, str)
        ]
        found += words_of_call(name, texts)
    return found


def words_of_template(text: str) -> list[Word]:
    """The words of a Django template."""
    found = []
    for name, literals in CALL_IN_TEMPLATE.findall(templatize(text)):
        found += words_of_call(name, list(ast.literal_eval(f"[{literals}]")))
    return found


def words_of_screen() -> dict[Word, set[str]]:
    """Every word, with the files in which it stands."""
    if not settings.configured:
        settings.configure(USE_I18N=True)
    found: dict[Word, set[str]] = defaultdict(set)
    readers = {".py": words_of_python, ".html": words_of_template, ".txt": words_of_template}
    for file in sorted(SOURCE.rglob("*")):
        reader = readers.get(file.suffix)
        if reader is None or (file.suffix != ".py" and "templates" not in file.parts) or "migrations" in file.parts:
            continue
        for word in reader(file.read_text(encoding="utf-8")):
            found[word].add(str(file.relative_to(SOURCE)))
    return found


def catalogues(language: str) -> dict[Path, Catalog]:
    """The product's catalogues of that language."""
    files = sorted(SOURCE.glob(f"**/locale/{language}/LC_MESSAGES/django.po"))
    return {file: read_po(file.open("rb"), locale=language, abort_invalid=True) for file in files}


def translated(language: str) -> set[Word]:
    """The words that have a translation a person has agreed to."""
    return {
        Word(message.id if isinstance(message.id, str) else message.id[0], message.context)
        for catalogue in catalogues(language).values()
        for message in catalogue
        if message.id
        and not message.fuzzy
        and all(message.string if isinstance(message.string, tuple) else [message.string])
    }


def main() -> None:
    """Prints the words that have no Italian yet, with their files."""
    known = translated("it")
    for word, files in sorted(words_of_screen().items(), key=lambda pair: sorted(pair[1])):
        if word not in known:
            print(f"{', '.join(sorted(files))}: {word.text!r}" + (f" (in {word.context!r})" if word.context else ""))


if __name__ == "__main__":
    main()
