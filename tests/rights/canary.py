"""One person with a word of its own in every field of every record that is theirs, of whatever types there are."""

import re
from typing import Any

from django.db import transaction

from rapporto.kernel.actor import Actor
from rapporto.kernel.erasure import holds_text
from rapporto.kernel.kinds import Email, Iban, Phone, PostalCode, SdiCode, TaxCode, VatNumber, Web
from rapporto.kernel.record import Field
from rapporto.store.errors import Invalid
from rapporto.store.made_fields import make_field
from rapporto.store.rights.ties import ties
from rapporto.store.userfields import forget, record_type
from rapporto.store.write import save
from tests.web.samples import TOLD, value_of_kind

FORMS = {Phone: "+39045{n:07}", Email: "{word}@canarino.example", Web: "https://{word}.example"}
CHECKED = (VatNumber, Iban, PostalCode, SdiCode)
"""Kinds with a form or a check of their own: a word cannot stand in them."""
_OWN = re.compile(r"(?:lucia|marta)[a-z]+\d+|\+39045\d+|(?:bntlcu|rssmrt)\w+")
TAX_CODES = {"lucia": "BNTLCU80A41L781T", "marta": "RSSMRT85T41L781Z"}


class Canary:
    """A person, and the words by which their data are known again wherever they turn up."""

    def __init__(self, actor: Actor, name: str, number: int) -> None:
        self.actor, self.name, self.number = actor, name, number
        self.words: list[str] = []
        self.rows: dict[str, list[int]] = {}
        self._next = number * 1000
        values = {
            **self._values("party", {}),
            "kind": "person",
            "first_name": name.capitalize(),
            "last_name": self._word("last"),
        }
        values["name"] = f"{values['first_name']} {values['last_name']}"
        self.full_name = values["name"]
        self.id = int(self._save("party", values).pk)

    def everything(self, others: dict[str, int]) -> "Canary":
        """A record of every type that leads to the person, twice changed so that the history holds other words."""
        for tie in ties("party"):
            name = tie.declaration.name
            if (name, tie.link) == ("likely_duplicate", "second"):
                continue  # a pair is there once, whichever of the two is named first
            if tie.declaration.record.person is not None or not tie.declaration.record.changeable(self.actor):
                continue
            try:
                with transaction.atomic():
                    mine = {**others, **{kind: rows[-1] for kind, rows in self.rows.items()}}
                    row = self._save(name, {**self._values(name, mine), tie.link: self.id})
            except Exception as wrong:
                if self.rows.get(name) and isinstance(wrong, Invalid):
                    continue  # there can be only one between the same two
                raise AssertionError(f"no {name} could be made: {wrong}") from wrong
            self.rows.setdefault(name, []).append(int(row.pk))
            self.change(name, int(row.pk))
        self.change("party", self.id)
        return self

    def change(self, name: str, row_id: int) -> None:
        """Other words in the fields that take any."""
        record = record_type(name)
        if record.append_only:
            return
        values = {
            one: self._word(one)
            for one in record.erased_fields
            if type(record.fields[one].kind).__name__ in ("Text", "LongText")
            and one != "name"
            and one not in TOLD.get(name, {})
        }
        if name == "party":
            values = {one: value for one, value in values.items() if one not in ("first_name", "last_name")}
        if values:
            self._save(name, values, row_id)

    def _save(self, name: str, values: dict[str, Any], row_id: int | None = None) -> Any:
        """Save, and remember the words that are now in the register."""
        row = save(self.actor, name, values, row_id)
        for value in values.values():
            if isinstance(value, str):
                self.words += _OWN.findall(value.lower().replace(self.name.capitalize(), self.name))
        return row

    def _values(self, name: str, others: dict[str, int]) -> dict[str, Any]:
        record, found = record_type(name), dict[str, Any]()
        fixed = record.fixed_for(self.actor)
        for one, field in record.fields.items():
            if one not in fixed and field.link != name:
                found[one] = self._value(field, others)
        found |= {one: value for one, value in TOLD.get(name, {}).items() if not holds_text(record.fields[one].kind)}
        if name == "contact_point":
            found |= {"kind": "email", "value": f"{self._word('value')}@canarino.example"}
        if name == "consent_entry":
            found |= {"channel": "email", "address": f"{self._word('address')}@canarino.example"}
        return found

    def _value(self, field: Field, others: dict[str, int]) -> Any:
        kind = field.kind
        if isinstance(kind, TaxCode):
            return TAX_CODES[self.name]
        if field.link or not holds_text(kind) or isinstance(kind, CHECKED):
            return value_of_kind(field, self.number, others)
        form = next((form for one, form in FORMS.items() if isinstance(kind, one)), "")
        if not form:
            return self._word(field.name)
        self._next += 1
        return form.format(word=self._word(field.name) if "word" in form else "", n=self._next)

    def _word(self, where: str) -> str:
        self._next += 1
        return f"{self.name}{where.replace('_', '')}{self._next}"[:24]


def own_fields(actor: Actor) -> None:
    """A field of the company's own on parties and one on activities, so that both hold words too."""
    forget()
    for name in ("party", "activity"):
        make_field(actor, name, "Hobby", "text")
