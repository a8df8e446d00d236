"""What must hold when a user or a piece of ground is written, and what follows from it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils import timezone

from rapporto.domain.people.facts import TerritoriesChanged
from rapporto.domain.people.ground import forget_ground, region_key
from rapporto.domain.people.models import SavedView, TerritoryArea, User
from rapporto.kernel.actor import ADMINISTRATOR, Actor, system_task
from rapporto.kernel.kinds import Province
from rapporto.kernel.text import BadValue, Message
from rapporto.store import access
from rapporto.store.derive import on_fields
from rapporto.store.documents import renew_documents
from rapporto.store.errors import Invalid, Refused
from rapporto.store.history.changing import current
from rapporto.store.outbox import record

CLOSED = "closed"
"""Stands for the role of who may not sign in."""
LAST_ADMINISTRATOR = Message("This is the only administrator; make another one first.")


@on_fields("email")
def address_is_free(row: User, changed: Mapping[str, Any]) -> None:
    """Two users never sign in with the same address."""
    other = User.objects.filter(email=row.email).exclude(pk=row.pk).first()
    if other is not None:
        taken = Message("{name} already signs in with this address; write another one.", {"name": other.name})
        raise Invalid({"email": taken})


@on_fields("role", "is_active")
def somebody_administers(row: User, changed: Mapping[str, Any]) -> None:
    """The last administrator stays one: nobody locks everybody out."""
    administrators = User.objects.filter(role=ADMINISTRATOR, is_active=True)
    if row.pk is None or (row.role == ADMINISTRATOR and row.is_active) or not administrators.filter(pk=row.pk).exists():
        return
    if not administrators.exclude(pk=row.pk).exists():
        raise Invalid({"role" if row.role != ADMINISTRATOR else "is_active": LAST_ADMINISTRATOR})


def an_administrator_stays(ids: Sequence[int]) -> None:
    """Nobody deletes the last administrator either. Raises Refused."""
    administrators = User.objects.filter(role=ADMINISTRATOR, is_active=True)
    if administrators.filter(pk__in=ids).exists() and not administrators.exclude(pk__in=ids).exists():
        raise Refused(LAST_ADMINISTRATOR.text)


@on_fields("role")
def other_rights_sign_in_anew(row: User, changed: Mapping[str, Any]) -> None:
    """Whose role changes signs in again: no session outlives the rights with which it began."""
    if row.pk is not None and User.objects.filter(pk=row.pk).exclude(role=row.role).exists():
        _end({str(row.pk)})


@on_fields("role", "is_active")
def note_rights(ids: Sequence[int]) -> None:
    """Write down whose rights changed, whichever way they did: saved, undone, by a command."""
    change = current()
    by = Actor(change.user_id, change.user_name, door=change.door) if change else system_task("", door="outside")
    for user in User.objects.filter(pk__in=ids):
        noted = access.about("user", user.pk).filter(act=access.RIGHTS_CHANGED).first()
        was, became = noted.details["role"][1] if noted else "", user.role if user.is_active else CLOSED
        if was != became:
            access.note(by, access.RIGHTS_CHANGED, "user", user.pk, role=[was, became])


@on_fields("is_active")
def end_sessions(ids: Sequence[int]) -> None:
    """Who may no longer sign in is signed out everywhere."""
    _end(
        {
            str(one)
            for one in set(ids) - set(User.objects.filter(pk__in=ids, is_active=True).values_list("pk", flat=True))
        }
    )


def _end(users: set[str]) -> None:
    if not users:
        return
    # A session tells its user only when it is opened; there are as many as devices signed in.
    for session in Session.objects.filter(expire_date__gt=timezone.now()).iterator():
        if session.get_decoded().get(SESSION_KEY) in users:
            session.delete()


@on_fields("owner", "shared")
def follow_team(row: SavedView, changed: Mapping[str, Any]) -> None:
    """A view shared with a team is shared with that of its owner."""
    owner = User.objects.get(pk=row.owner_id) if row.shared == SavedView.TEAM and row.owner_id else None
    if owner is not None and owner.team_id is None:
        no_team = Message(
            "{name} is in no team; share the view with everyone, or keep it to yourself.", {"name": owner.name}
        )
        raise Invalid({"shared": no_team})
    row.team_id = owner.team_id if owner is not None else None


@on_fields("kind", "first", "last")
def canonical_piece(row: TerritoryArea, changed: Mapping[str, Any]) -> None:
    """Keep a piece of ground as places are compared with it. Raises Invalid with what to do."""
    if row.kind == TerritoryArea.PROVINCE:
        try:
            row.first, row.last = Province().check(row.first) or "", ""
        except BadValue as wrong:
            raise Invalid({"first": wrong.message}) from None
    elif row.kind == TerritoryArea.REGION:
        row.last = ""
        if row.first and not region_key(row.first):
            raise Invalid({"first": Message("Write the name of the region, such as Veneto.")})
    else:
        _check_codes(row)


def _check_codes(row: TerritoryArea) -> None:
    wrong = [
        name for name in ("first", "last") if (code := getattr(row, name)) and not (code.isdigit() and len(code) == 5)
    ]
    if wrong:
        raise Invalid(dict.fromkeys(wrong, Message("A postal code has five figures, such as 37121.")))
    if row.last and row.last < row.first:
        raise Invalid({"last": Message("The last postal code comes before the first; swap them.")})


@on_fields("territory", "kind", "first", "last")
def tell_of_ground(ids: Sequence[int]) -> None:
    """The parties on the ground are given to their new territories afterwards."""
    forget_ground()
    record(TerritoriesChanged())


@on_fields("name", "email")
def renew_user_search(ids: Sequence[int]) -> None:
    """Write anew the search documents of these users."""
    renew_documents("user", ids, _documents)


def _documents(ids: Sequence[int]) -> Iterable[tuple[int, str, str]]:
    return User.objects.filter(pk__in=ids).values_list("id", "name", "email")
