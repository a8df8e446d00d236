"""Codes that lead to a party of the other kind: whoever stands under the code of a company works there, and no party changes its kind."""

from rapporto.domain.parties.contacts.known import Company, Known
from rapporto.domain.parties.contacts.reading import COMPANY, Whole
from rapporto.domain.parties.models import ORGANISATION, PERSON
from rapporto.store.imports.drafts import Asked, Draft

Holders = dict[tuple[str, str], Draft]
"""By code and kind the first draft of the portion that stands for the party."""


def keep_kinds(known: Known, holders: Holders, asked: Asked) -> None:
    """Lead the codes of a row to parties of the kind that it tells of; `holders` are those of the rows above."""
    whole: Whole = asked.own
    for draft in (whole.company, *(desk.person for desk in whole.desks)):
        if draft is None or not draft.code:
            continue
        code, kind = draft.code, draft.values["kind"]
        if (first := holders.get((code, kind))) is not None:
            draft.twin, draft.id = first, None
        elif not _is(known, draft, kind):
            if kind == PERSON and whole.company is None and not whole.of_people:
                draft = _company_of(asked, whole, draft, holders)
            else:
                draft.twin, draft.id, draft.updates, draft.code = None, None, False, ""
        holders.setdefault((code, draft.values["kind"]), draft)


def _is(known: Known, draft: Draft, kind: str) -> bool:
    """Whether the code leads to a party of that kind, or nowhere yet."""
    if draft.twin is not None:
        return bool(draft.first.values["kind"] == kind)
    there = known.by_id.get(draft.id) if draft.id is not None else None
    return there is None or isinstance(there, Company) == (kind == ORGANISATION)


def _company_of(asked: Asked, whole: Whole, draft: Draft, holders: Holders) -> Draft:
    """The company of the code, of which the row tells nothing but its people."""
    code, above = draft.code, holders.get((draft.code, ORGANISATION))
    known = (None, False) if above is not None else (draft.id, draft.updates)
    company = Draft("party", {"kind": ORGANISATION}, COMPANY, code=code, id=known[0], updates=known[1], twin=above)
    draft.twin, draft.id, draft.updates, draft.code = None, None, False, ""
    whole.company = asked.main = company
    asked.drafts.insert(0, company)
    for desk in whole.desks:
        if desk.person is not None and desk.affiliation is None:
            told = {"person": desk.person, "organisation": company, "main": False}
            desk.affiliation = Draft("affiliation", told)
            asked.drafts.append(desk.affiliation)
    return company


__all__ = ["keep_kinds"]
