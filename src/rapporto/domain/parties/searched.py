"""By which words a party is found: its own, those of its addresses and numbers, and the companies a person works for."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

import phonenumbers
from django.db.models import Model
from django.utils import timezone

from rapporto.domain.parties.models import Address, Affiliation, ContactPoint, Party
from rapporto.store.chunks import chunks
from rapporto.store.declare import Refresh
from rapporto.store.derive import OnFields, on_fields
from rapporto.store.documents import make_documents, renew_documents
from rapporto.store.merge_reading import words_of_merged
from rapporto.store.plain_rows import among, plain_rows, run
from rapporto.store.wholes import wholes

Words = defaultdict[int, list[str]]

PHONES = ("phone", "mobile")
WORDS = ("vat_number", "tax_code", "external_code", "email", "pec", "website", "city")
OF_ITALY = "+39"


def make_search(rows: Sequence[Party]) -> None:
    """Write the search documents of parties just made: they have nothing but their own words yet."""
    make_documents("party", [row.pk for row in rows], documents, alone=lambda ids: _own(ids, defaultdict(list)))


def nobody_yet(rows: Sequence[Party]) -> None:
    """Nobody works for a party just made, but who was made with it."""


@on_fields(
    "name",
    "first_name",
    "last_name",
    "kind",
    *PHONES,
    *WORDS,
    "part_of",
    "notes",
    new=make_search,
)
def renew_search(ids: Sequence[int]) -> None:
    """Write anew the search documents of these parties."""
    renew_documents("party", ids, documents)


@on_fields("name", "first_name", "last_name", new=nobody_yet)
def renew_search_of_people(ids: Sequence[int]) -> None:
    """Write anew the documents of who works for these parties, or is a unit of them: their name is among its words."""
    for some in chunks(ids):
        posts = Affiliation.objects.filter(organisation__in=some, until=None, person__isnull=False)
        people = posts.values_list("person_id", flat=True)
        units = Party.objects.filter(part_of__in=some).values_list("id", flat=True)
        if affected := {*people, *units}:
            renew_search(sorted(affected))


def renew_search_of_whole(part: type[Model], *links: str) -> Refresh:
    """For parts: a function that writes anew the documents of the parties they belong to, or belonged to before this change."""

    def renew(ids: Sequence[int]) -> None:
        renew_search(sorted(wholes(part, ids, links)))

    def new(rows: Sequence[Model]) -> None:
        renew_search(sorted({one for row in rows for link in links if (one := getattr(row, link)) is not None}))

    return OnFields(renew, None, new=new)


def documents(ids: Sequence[int]) -> Iterator[tuple[int, str, str]]:
    """What is searched of these parties: id, name, all other words. Five queries for any number of parties, one more for units."""
    words: Words = defaultdict(list)
    _of_addresses(ids, words)
    _of_contact_points(ids, words)
    _of_affiliations(ids, words)
    for party_id, value in words_of_merged("party", ids):
        words[party_id].append(value)
    return _own(ids, words)


def _own(ids: Sequence[int], words: Words) -> Iterator[tuple[int, str, str]]:
    """The documents: the own words of these parties, and those found for them elsewhere."""
    parties = plain_rows(Party, ("id", "part_of_id", "name", *PHONES, *WORDS, "notes"), "id", ids)
    wholes_of = sorted({part_of for _, part_of, *_ in parties if part_of is not None})
    names: dict[int | None, str] = dict(plain_rows(Party, ("id", "name"), "id", wholes_of)) if wholes_of else {}
    for party_id, part_of, name, phone, mobile, *own, notes in parties:
        every = (*own, names.get(part_of), *digits((phone, mobile)), *words[party_id], notes)
        yield party_id, name, " ".join(dict.fromkeys(word for word in every if word))


def _of_addresses(ids: Sequence[int], words: Words) -> None:
    for party_id, *found in plain_rows(Address, ("party_id", "name", "street", "postal_code", "city"), "party_id", ids):
        words[party_id] += found


def _of_contact_points(ids: Sequence[int], words: Words) -> None:
    numbers = (ContactPoint.PHONE, ContactPoint.MOBILE, ContactPoint.FAX)
    for party_id, kind, value in plain_rows(ContactPoint, ("party_id", "kind", "value"), "party_id", ids):
        words[party_id] += digits((value,)) if kind in numbers else (value,)


_POSTS = " UNION ".join(
    f"""SELECT a.id, a.person_id, a.organisation_id, o.name, a.job_title, a.phone, a.mobile, a.email
    FROM {Affiliation._meta.db_table} a JOIN {Party._meta.db_table} o ON o.id = a.organisation_id
    WHERE (a.until IS NULL OR a.until >= %s) AND a.{end} {{listed}}"""
    for end in ("person_id", "organisation_id")
)


def _of_affiliations(ids: Sequence[int], words: Words) -> None:
    """A person is found by the company; both are found by the numbers of that desk."""
    listed, among_ids = among(ids)
    running = [timezone.localdate().isoformat(), *among_ids]
    for _, person_id, company_id, company, job, phone, mobile, email in run(
        f"{_POSTS.format(listed=listed)} ORDER BY 1", [*running, *running]
    ):
        desk = (*digits((phone, mobile)), email)
        words[person_id] += (company, job, *desk)
        words[company_id] += desk


def digits(phones: Iterable[str]) -> Iterator[str]:
    """Telephone numbers as they are searched: E.164, which in Italy contains the national form; abroad with the 0 dialled there too."""
    for phone in phones:
        number = phone.partition(";")[0]
        if number:
            yield number
        if number.startswith("+") and not number.startswith(OF_ITALY):
            yield from _national(number)


def _national(number: str) -> Iterator[str]:
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return
    national = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL)
    yield "".join(sign for sign in national if sign.isdigit())
