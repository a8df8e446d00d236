"""How one party gets written a second time: another legal form, a slip, a word left out, an old number, a code that is not there."""

from collections.abc import Callable
from dataclasses import replace

from rapporto.domain.parties.legal_form import take_apart
from rapporto.site.demo import codes
from rapporto.site.demo.chance import Chance
from rapporto.site.labelled.typed import Typed

WRITTEN = {"S.r.l.": ("srl", "SRL", "S.R.L.", "Srl", "s.r.l", ""), "S.p.A.": ("spa", "SPA", "S.P.A.", "Spa", ""),
           "S.n.c.": ("snc", "SNC", "S.N.C.", ""), "S.a.s.": ("sas", "SAS", "S.A.S.", "")}  # fmt: skip
SHORT = (("F.lli", "Fratelli"), (" & ", " e "), ("Officina Meccanica", "Off. Mecc."), ("Fratelli", "Flli"), ("Carpenteria", "Carp."),
         ("Costruzioni", "Costr."), ("Meccanica", "Mecc."))  # fmt: skip
STREETS = (
    ("Via ", "V. "),
    ("Viale ", "V.le "),
    ("Piazza ", "P.zza "),
    ("dell’", "dell'"),
    ("Corso ", "C.so "),
    ("San ", "S. "),
)
NEAR = {"a": "s", "e": "r", "i": "o", "o": "i", "n": "m", "m": "n", "t": "r", "r": "t", "s": "a", "l": "k", "c": "v"}


def slip(chance: Chance, text: str) -> str:
    """One slip of the keyboard: a letter left out, doubled, swapped with the next, or its neighbour."""
    places = [at for at, letter in enumerate(text) if letter.isalnum()]
    if len(places) < 4:
        return text
    at = chance.one(places[1:-1])
    kind = chance.number(0, 3)
    if kind == 0:
        return text[:at] + text[at + 1 :]
    if kind == 1:
        return text[:at] + text[at] + text[at:]
    if kind == 2:
        return text[:at] + text[at + 1 : at + 2] + text[at] + text[at + 2 :]
    near = NEAR.get(text[at].lower()) or (str((int(text[at]) + 1) % 10) if text[at].isdigit() else "e")
    return text[:at] + near + text[at + 1 :]


def again(chance: Chance, card: Typed) -> Typed:
    """The same party, written by somebody else at another time."""
    one = replace(card, phones=list(card.phones), emails=list(card.emails))
    _numbers(chance, one)
    _place(chance, one)
    if one.first_name:
        _of_person(chance, one)
    else:
        _of_company(chance, one)
    return one


def _numbers(chance: Chance, one: Typed) -> None:
    """Numbers and addresses: some forgotten, some new, some mistyped, and each written in its own way."""
    kept = [number for number in one.phones if chance.happens(0.75)]
    if chance.happens(0.15):
        kept.append(codes.landline(chance, one.province) if one.province else codes.mobile(chance))
    one.phones = [_written(chance, slip(chance, number) if chance.happens(0.03) else number) for number in kept]
    one.emails = [slip(chance, each) if chance.happens(0.03) else each for each in one.emails if chance.happens(0.7)]
    if chance.happens(0.1):
        one.emails.append(f"{codes.host(one.name)[:12]}{chance.digits(3)}@gmail.com")
    one.pec = one.pec if chance.happens(0.6) else ""
    one.website = one.website if chance.happens(0.6) else ""


def _written(chance: Chance, number: str) -> str:
    national = number.removeprefix("+39")
    ways: tuple[Callable[[str], str], ...] = (
        lambda n: f"{n[:3]} {n[3:]}", lambda n: f"{n[:3]}/{n[3:]}", lambda n: f"0039 {n}", lambda n: f"+39 {n[:3]} {n[3:6]} {n[6:]}", str,
    )  # fmt: skip
    return chance.one(ways)(national)


def _place(chance: Chance, one: Typed) -> None:
    for written, short in STREETS:
        if written in one.street and chance.happens(0.3):
            one.street = one.street.replace(written, short)
    if chance.happens(0.12):
        one.street = slip(chance, one.street)
    if chance.happens(0.2):
        one.street = one.street.rsplit(" ", 1)[0] if chance.happens(0.4) else ""
    if chance.happens(0.15):
        one.postal_code = "" if chance.happens(0.7) else slip(chance, one.postal_code)
    if chance.happens(0.1):
        one.city = one.city.upper() if chance.happens(0.5) else slip(chance, one.city)
    if chance.happens(0.06):
        one.city = ""
    if chance.happens(0.15):
        one.province = ""


def _of_company(chance: Chance, one: Typed) -> None:
    bare, form, rest = take_apart(one.name)
    told = form.written if form else ""
    name = f"{bare} {chance.one(WRITTEN.get(told, (told,)))}".strip()
    if rest and chance.happens(0.5):
        name = f"{name} {rest}"
    for long, short in SHORT:
        if long in name and chance.happens(0.25):
            name = name.replace(long, short)
            break
    if chance.happens(0.15):
        name = name.upper()
    if chance.happens(0.12):
        name = slip(chance, name)
    if chance.happens(0.06):
        name = f"{chance.one(('Ditta', 'Soc.', 'Impresa', 'Spett.le'))} {name}"
    one.name = name
    if chance.happens(0.5):
        one.vat_number = ""
    elif chance.happens(0.06):
        one.vat_number = slip(chance, one.vat_number)
    if chance.happens(0.6):
        one.tax_code = ""


def _of_person(chance: Chance, one: Typed) -> None:
    _name_of_person(chance, one)
    if chance.happens(0.5):
        one.tax_code = ""
    elif chance.happens(0.04):
        one.tax_code = slip(chance, one.tax_code)
    if one.birth_date is not None and chance.happens(0.4):
        one.birth_date = None
    elif one.birth_date is not None and chance.happens(0.05) and one.birth_date.day <= 12:
        one.birth_date = one.birth_date.replace(month=one.birth_date.day, day=one.birth_date.month)
    if chance.happens(0.25):
        one.employer = ""
    elif one.employer and chance.happens(0.2):
        one.employer = slip(chance, one.employer)


def _name_of_person(chance: Chance, one: Typed) -> None:
    """An initial, the parts swapped, never taken apart, a slip, or a title before it."""
    draw = chance.random()
    if draw < 0.12:
        one.first_name, one.name = one.first_name[0], f"{one.first_name[0]}. {one.last_name}"
    elif draw < 0.22:
        one.name, one.first_name, one.last_name = f"{one.last_name} {one.first_name}", one.last_name, one.first_name
    elif draw < 0.34:
        one.name, one.first_name, one.last_name = f"{one.last_name} {one.first_name}", "", ""
    elif draw < 0.44:
        one.last_name = slip(chance, one.last_name)
        one.name = f"{one.first_name} {one.last_name}"
    elif draw < 0.5:
        one.name = f"{chance.one(('Dott.', 'Sig.', 'Ing.', 'Rag.'))} {one.name}"
