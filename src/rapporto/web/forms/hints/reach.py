"""Slips in mail domains, the website that an address tells, and how the e-invoice finds its way."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

from rapporto.domain.parties.mail_domains import is_certified, is_provider, meant
from rapporto.domain.parties.models import PERSON
from rapporto.kernel.kinds import Email
from rapporto.kernel.text import fold
from rapporto.web.forms.hints.sheet import CHECK, Hint, Offer, Sheet

_PUBLIC = re.compile(
    r"\b(?:comune di|provincia di|regione|ministero|prefettura|questura|asl|ulss|ausl|asst|azienda (?:ospedaliera|sanitaria)"
    r"|universita|istituto comprensivo|camera di commercio|agenzia delle entrate|tribunale|liceo)\b"
)
_OFFICE = 6


def mail_hints(sheet: Sheet) -> Iterator[Hint]:
    """A provider with a slip in its name is offered as it is meant; certified mail at an ordinary provider asks to be looked at."""
    for name in sheet.texts:
        value = sheet.values.get(name)
        if not value or not isinstance(sheet.record.fields[name].kind, Email):
            continue
        mailbox, _at, domain = value.partition("@")
        if right := meant(domain):
            said = _("Perhaps {domain}?").format(domain=right)
            yield Hint(name, said, CHECK, (Offer(f"{mailbox}@{right}", {name: f"{mailbox}@{right}"}),))
        elif name == "pec" and is_provider(domain) and not is_certified(domain):
            yield Hint(name, _("{domain} is no certified mail.").format(domain=domain), CHECK)
        elif name == "email" and is_certified(domain) and sheet.free("pec"):
            yield Hint(
                name,
                _("This looks like certified mail."),
                offers=(Offer(_("Move it to PEC"), {"email": "", "pec": value}),),
            )


def website_hints(sheet: Sheet) -> Iterator[Hint]:
    """The website of a company, from its address."""
    domain = str(sheet.values.get("email") or "").partition("@")[2]
    if (
        domain
        and sheet.free("website")
        and sheet.values.get("kind") != PERSON
        and not is_provider(domain)
        and not meant(domain)
    ):
        site = f"www.{domain}"
        yield Hint("website", offers=(Offer(site, {"website": site}),))


def invoice_hints(sheet: Sheet) -> Iterator[Hint]:
    """Public offices have codes of six; of companies the tax code is mostly the VAT number."""
    code, name = sheet.values.get("sdi_code") or "", fold(str(sheet.values.get("name") or ""))
    if code and _PUBLIC.search(name) and len(code) != _OFFICE:
        yield Hint(
            "sdi_code",
            _("Public bodies have a code of 6 characters; this one has {count}.").format(count=len(code)),
            CHECK,
        )
    elif len(code) == _OFFICE and sheet.at == "sdi_code":
        yield Hint("sdi_code", _("6 characters: a public body. Companies have 7."))
    vat_number = sheet.values.get("vat_number") or ""
    if vat_number.isdigit() and sheet.free("tax_code") and sheet.values.get("kind") != PERSON:
        yield Hint("tax_code", offers=(Offer(_("The same as the VAT number"), {"tax_code": vat_number}),))
