"""Takes the demo company out again: everything its load made, the keys of its people, and the note of how to sign in."""

from collections.abc import Sequence

from django.conf import settings
from django.db.models import ForeignObjectRel

from rapporto.domain.consent.models import OptOutCheck
from rapporto.domain.parties.models import Party
from rapporto.domain.people.models import User
from rapporto.domain.people.written import end_sessions
from rapporto.kernel.actor import ADMINISTRATOR, Actor, system_task
from rapporto.site.welcome import SIGN_IN_FILE
from rapporto.store.columns import Recorded, record_name
from rapporto.store.declare import DECLARED
from rapporto.store.errors import Refused
from rapporto.store.history.changing import change_set
from rapporto.store.history.models import Entry
from rapporto.store.history.removal import Removal, remove_made
from rapporto.store.imports.models import ImportSource
from rapporto.store.merge_models import Merged
from rapporto.store.write import delete_rows, save
from rapporto.web.first.demo import REMOVE, loads
from rapporto.web.first.leaving import own_administrators

TASK = system_task("Demo", door="demo")


def leave(actor: Actor, *, dependent: bool = True) -> Removal:
    """Remove the demo company; what own rows refer to stays, its people without a key. One change set, which can be undone.

    `dependent` removes also what was written upon its records and cannot be without them. Raises Refused when it is not there, when
    the actor is no administrator, and when nobody else would administer afterwards.
    """
    sets = loads()
    if ADMINISTRATOR not in actor.roles:
        raise Refused("Only an administrator takes the demo company away.")
    if not sets:
        raise Refused("The demo company is not here.")
    if not own_administrators(sets):
        raise Refused("Make an administrator of your own first; those of the demo company leave with it.")
    people = _made(User, sets)
    hung_on = [(model, _made(model, sets)) for model in (OptOutCheck, ImportSource)]
    with change_set(actor, REMOVE):
        _take_what_hangs_on(User, people)
        merged = _merged(sets)
        removal = remove_made(actor, sets, command=REMOVE, dependent=dependent)
        for model, ids in hung_on:
            there = set(model._default_manager.filter(pk__in=ids).values_list("pk", flat=True))
            _take_what_hangs_on(model, [one for one in ids if one not in there])
        there = set(Party.objects.filter(pk__in=merged.values()).values_list("pk", flat=True))
        delete_rows(TASK, "merged", [line for line, kept in merged.items() if kept not in there])
        for user in User.objects.filter(pk__in=people, is_active=True).values_list("pk", flat=True):
            save(actor, "user", {"is_active": False}, user)
    end_sessions(people)
    (settings.DATA / SIGN_IN_FILE).unlink(missing_ok=True)
    return removal


def _made(model: type[Recorded], sets: Sequence[int]) -> list[int]:
    """The rows of a type that came with the demo company and are still there."""
    came = Entry.objects.filter(change_set_id__in=sets, record=record_name(model), act=Entry.INSERTED)
    rows = model._default_manager.filter(pk__in=list(came.values_list("row_id", flat=True)))
    return list(rows.values_list("pk", flat=True))


def _merged(sets: Sequence[int]) -> dict[int, int]:
    """What the register of merged parties tells of those of the demo company: its lines, and the party that each leads to."""
    lines = dict(Merged.objects.filter(record="party").values_list("pk", "kept"))
    came = Entry.objects.filter(change_set_id__in=sets, record="party", act=Entry.INSERTED, row_id__in=lines.values())
    theirs = set(came.values_list("row_id", flat=True))
    return {line: kept for line, kept in lines.items() if kept in theirs}


def _take_what_hangs_on(model: type[Recorded], ids: Sequence[int]) -> None:
    """What is no record of ours leaves with the row it belongs to: passkeys of a user, numbers of a check, runs of an import."""
    for relation in model._meta.get_fields(include_hidden=True):
        if not isinstance(relation, ForeignObjectRel) or relation.many_to_many:
            continue
        column = relation.field
        if record_name(column.model) not in DECLARED:
            column.model._default_manager.filter(**{f"{column.attname}__in": ids}).delete()
