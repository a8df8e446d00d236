"""Legal forms of Italian organisations: found in a name however it is written, left out to compare, written properly to suggest."""

import re
from dataclasses import dataclass
from typing import NamedTuple

from rapporto.kernel.text import clean, fold


@dataclass(frozen=True)
class LegalForm:
    """A form: its code, how it is written after a name, and the words that mean it (folded, without stops)."""

    code: str
    written: str
    words: tuple[str, ...]


class Named(NamedTuple):
    """A name taken apart: what stands without the form, the form if there is one, and what follows it («di Rossi Mario & C.»)."""

    bare: str
    form: LegalForm | None
    rest: str = ""


_LIMITED = "a responsabilita limitata"
FORMS: tuple[LegalForm, ...] = (
    LegalForm("srls", "S.r.l.s.", ("srls", f"societa {_LIMITED} semplificata")),
    LegalForm("srl_sole", "S.r.l. unipersonale", ("srl unipersonale", "srlu", "srl a socio unico", "srl con socio unico")),
    LegalForm("srl", "S.r.l.", ("srl", f"societa {_LIMITED}")),
    LegalForm("spa_sole", "S.p.A. unipersonale", ("spa unipersonale", "spa a socio unico", "spa con socio unico")),
    LegalForm("spa", "S.p.A.", ("spa", "societa per azioni")),
    LegalForm("sapa", "S.a.p.a.", ("sapa", "societa in accomandita per azioni")),
    LegalForm("snc", "S.n.c.", ("snc", "societa in nome collettivo")),
    LegalForm("sas", "S.a.s.", ("sas", "societa in accomandita semplice")),
    LegalForm("ss", "S.s.", ("ss", "societa semplice", "societa agricola semplice", "ssa")),
    LegalForm("coop_social", "Soc. coop. sociale", ("soc coop sociale", "societa cooperativa sociale", "cooperativa sociale")),
    LegalForm("coop", "Soc. coop.", ("soc coop", "scarl", "scrl", "soc coop arl", "soc coop a rl", "societa cooperativa",
                                     f"societa cooperativa {_LIMITED}", "coop arl", "societa cooperativa arl")),
    LegalForm("consortium_srl", "S.c. a r.l.", ("societa consortile arl", f"societa consortile {_LIMITED}", "soc cons arl", "sc arl")),
    LegalForm("stp_srl", "S.t.p. S.r.l.", ("stp srl", "srl stp")),
    LegalForm("stp", "S.t.p.", ("stp", "societa tra professionisti")),
    LegalForm("sta", "S.t.a.", ("sta", "societa tra avvocati")),
    LegalForm("firm", "Studio associato", ("studio associato", "associazione professionale")),
    LegalForm("onlus", "ONLUS", ("onlus",)),
    LegalForm("ets", "ETS", ("ets", "ente del terzo settore")),
    LegalForm("aps", "APS", ("aps", "associazione di promozione sociale")),
    LegalForm("odv", "ODV", ("odv", "organizzazione di volontariato")),
    LegalForm("asd", "A.S.D.", ("asd", "associazione sportiva dilettantistica")),
    LegalForm("gmbh", "GmbH", ("gmbh", "gesmbh")),
    LegalForm("ag", "AG", ("ag",)),
    LegalForm("ltd", "Ltd", ("ltd", "limited")),
    LegalForm("sarl", "SARL", ("sarl",)),
    LegalForm("doo", "d.o.o.", ("doo",)),
)  # fmt: skip

_ALSO_FIRST = frozenset(("firm", "onlus", "ets", "aps", "odv", "asd"))
"""Forms that are often the first words of a name («Studio associato Verdi»); the others stand last."""
_SMALL = frozenset(
    (
        "di",
        "da",
        "de",
        "del",
        "della",
        "dei",
        "degli",
        "delle",
        "dello",
        "e",
        "ed",
        "in",
        "con",
        "per",
        "a",
        "al",
        "alla",
    )
)
_SHORT = frozenset(
    ("al", "bar", "bel", "bio", "blu", "car", "col", "da", "dal", "dei", "del", "due", "e", "est", "ex", "gas", "i", "il", "la",
     "le", "lo", "mar", "neo", "new", "oro", "pan", "pro", "san", "sei", "sol", "sud", "tre", "un", "una", "uno", "val", "via",
     "vip", "zoo"),
)  # fmt: skip
"""Words of up to three letters; other ones in capitals are mostly the letters of a name («ABB», «ENI»)."""
_BY_WORDS = {tuple(words.split()): form for form in FORMS for words in form.words}
_LONGEST_WRITTEN = 12
"""Pieces a form can take when it is written out, its letters apart."""
_FOLLOWS = re.compile(r"(?<=[.cs])\s+di\s.+$|\s+-?\s*\(?in (?:liquidazione|concordato preventivo)\b.*$", re.IGNORECASE)
_PIECE = re.compile(r"[^\s,;]+")


def _words(text: str) -> tuple[str, ...]:
    """The folded words of a form, its stops and apostrophes gone: «S. R. L.» and «SRL» are alike."""
    bare = re.sub(r"(?<=\b\w)\.\s+(?=\w\.?(?:\s|$|\.))", ".", fold(text))
    return tuple(re.sub(r"[.'’\-]", "", word) for word in _PIECE.findall(bare) if re.sub(r"[.'’\-]", "", word))


def take_apart(name: str) -> Named:
    """The name without its legal form, and the form: «Rossi Mario S.R.L.» gives «Rossi Mario» and S.r.l."""
    text = clean(name)
    cut = _FOLLOWS.search(text)
    if cut and (named := _last_words(text[: cut.start()])):
        return named._replace(rest=text[cut.start() :].strip())
    return _last_words(text) or _first_words(text)


def _last_words(text: str) -> Named | None:
    pieces = [match.start() for match in _PIECE.finditer(text)][-_LONGEST_WRITTEN:]
    for start in pieces:
        if start and (form := _BY_WORDS.get(_words(text[start:]))):
            return Named(text[:start].rstrip(" ,;-"), form)
    return None


def _first_words(text: str) -> Named:
    ends = [match.end() for match in _PIECE.finditer(text)][:-1]
    for end in reversed(ends[:_LONGEST_WRITTEN]):
        form = _BY_WORDS.get(_words(text[:end]))
        if form and form.code in _ALSO_FIRST:
            return Named(text[end:].lstrip(" ,;-"), form)
    return Named(text, None)


def bare_name(name: str) -> str:
    """What two spellings of one organisation have in common, to compare: no form, stops, «Ditta» or «&», folded."""
    text = fold(take_apart(name).bare).replace("&", " e ")
    text = re.sub(r"^(?:spett(?:abi)?le|ditta|soc(?:ieta)?|impresa)\b\.?\s+", "", re.sub(r"[.'’]", "", text))
    return re.sub(r"[^\w]+", " ", text).strip() or fold(name)


def without_form(text: str) -> str:
    """A folded text without its legal form, by which a company is found however its form is written: «rossi mario srl»."""
    named = take_apart(text)
    return named.bare if named.form and named.bare else text


def suggested_name(name: str) -> str:
    """How the name would be written: «ROSSI MARIO S.R.L.» gives «Rossi Mario S.r.l.».

    Only a suggestion: acronyms stay where they have a figure, a stop or no vowel («A2A», «BTS»), but no rule knows them all.
    """
    bare, form, rest = take_apart(name)
    written = _cased(bare) if bare == bare.upper() or bare == bare.lower() else bare
    if form is None:
        return written
    if fold(clean(name)).startswith(fold(bare)):
        return " ".join(
            part for part in (written, form.written, _cased(rest, small=True) if rest.isupper() else rest) if part
        )
    return f"{form.written} {written}"


def suggested_person(name: str) -> str:
    """How the name of a person would be written: «DE LUCA ANNA» gives «De Luca Anna». Mixed letters stay as they are."""
    text = clean(name)
    if text not in (text.upper(), text.lower()):
        return text
    return " ".join(_capitalised(word) for word in text.split())


def _cased(text: str, *, small: bool = False) -> str:
    words = text.split()
    return " ".join(_cased_word(word, first=not (at or small)) for at, word in enumerate(words))


def _cased_word(word: str, *, first: bool) -> str:
    if fold(word) in _SMALL and not first:
        return word.lower()
    letters = fold(word)
    acronym = "." in word or any(letter.isdigit() for letter in word) or not re.search(r"[aeiouy]", letters)
    brief = len(letters) < 4 and letters not in _SHORT and letters.isalpha()
    if word.isupper() and (acronym or brief):
        return word
    return _capitalised(word)


def _capitalised(word: str) -> str:
    """«Rossi», «D'Angelo», «Anna-Maria», «McDonald», «McDonald's»."""
    written = re.sub(r"(?<![^\W\d_]['’])[^\W\d_]+|[^\W\d_]{2,}", lambda part: part[0].capitalize(), word.lower())
    return re.sub(r"\bMc([a-z])(?=[a-z]{2})", lambda part: "Mc" + part[1].upper(), written)
