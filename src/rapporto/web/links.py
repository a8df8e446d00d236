"""The addresses of one record and of what can be done with it."""

from urllib.parse import urlencode


def card_url(record: str, row_id: int) -> str:
    """The page of a record; the side panel has the same address."""
    return f"/{record}/{row_id}/"


def new_url(record: str, **preset: object) -> str:
    """The form of a new record, some fields being given: `new_url("address", party=12)`."""
    return f"/{record}/new/" + (f"?{urlencode(preset)}" if preset else "")


def edit_url(record: str, row_id: int) -> str:
    """The form that changes a record."""
    return f"/{record}/{row_id}/edit/"


def delete_url(record: str, row_id: int) -> str:
    """Where a deletion is sent to."""
    return f"/{record}/{row_id}/delete/"


def history_url(record: str, row_id: int) -> str:
    """Further lines of the history of a record."""
    return f"/{record}/{row_id}/history/"


def timeline_url(party_id: int) -> str:
    """The story of a party, by its kinds of entry."""
    return f"/party/{party_id}/timeline/"


def activity_url(party_id: int) -> str:
    """Where the note of a dealing is sent to."""
    return f"/party/{party_id}/activity/"


def suggest_url(record: str, kind: str = "") -> str:
    """What is offered while a link is typed; `kind` narrows parties to persons or companies."""
    return f"/{record}/suggest/" + (f"?{urlencode({'kind': kind})}" if kind else "")


def hints_url(record: str, **known: object) -> str:
    """What helps while a form is filled in; `known` is what the form does not hold: the kind of a new party, its id."""
    return f"/{record}/hints/" + (f"?{urlencode(known)}" if known else "")


def undo_url(change_set_id: int) -> str:
    """Where the wish to undo a change set is sent to."""
    return f"/undo/{change_set_id}/"


def undo_preview_url(change_set_id: int) -> str:
    """What undoing a change set will do, shown before it is done."""
    return f"/undo/{change_set_id}/preview/"


def grid_url(record: str) -> str:
    """The list of the records of a type."""
    return f"/{record}/"


def job_url(job_id: int) -> str:
    """The page of a long work, with its bar and what came of it."""
    return f"/jobs/{job_id}/"


def org_chart_url(party_id: int) -> str:
    """The org chart of a company."""
    return f"/party/{party_id}/org-chart/"


def post_url(party_id: int, post_id: int) -> str:
    """One post of an org chart, where it is changed by words."""
    return f"/party/{party_id}/org-chart/{post_id}/"


def chart_change_url(party_id: int) -> str:
    """Where changes of an org chart are sent to."""
    return f"/party/{party_id}/org-chart/change/"


def profile_url(party_id: int) -> str:
    """What the company wants to know of a party, in its own groups."""
    return f"/party/{party_id}/profile/"


def merge_url(record: str, *ids: int) -> str:
    """Where records are compared and merged; with one id the other is looked for."""
    return f"/{record}/merge/?{urlencode([('id', one) for one in ids])}"


def consents_url(party_id: int) -> str:
    """Whether a party may be contacted, and asking for the confirmation of a consent."""
    return f"/party/{party_id}/consents/"


def personal_data_url(record: str, row_id: int) -> str:
    """The rights of a person over their data: taking everything out, erasing."""
    return f"/{record}/{row_id}/personal-data/"
