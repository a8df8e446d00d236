"""Takes the demo company out again: everything its load made, the keys of its people, and the note of how to sign in."""

from collections.abc import Sequence

from django.conf import settings

from rapporto.domain.people.models import User
from rapporto.domain.people.written import end_sessions
from rapporto.kernel.actor import ADMINISTRATOR, Actor
from rapporto.site.welcome import SIGN_IN_FILE
from rapporto.store.columns import record_name
from rapporto.store.declare import DECLARED
from rapporto.store.errors import Refused
from rapporto.store.history.changing import change_set
from rapporto.store.history.models import Entry
from rapporto.store.history.removal import Removal, remove_made
from rapporto.store.write import save
from rapporto.web.first.demo import REMOVE, loads
from rapporto.web.first.leaving import own_administrators


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
    came = Entry.objects.filter(change_set_id__in=sets, record="user", act=Entry.INSERTED).values_list(
        "row_id", flat=True
    )
    people = list(User.objects.filter(pk__in=list(came)).values_list("pk", flat=True))
    with change_set(actor, REMOVE):
        _take_keys(people)
        removal = remove_made(actor, sets, command=REMOVE, dependent=dependent)
        for user in User.objects.filter(pk__in=people, is_active=True).values_list("pk", flat=True):
            save(actor, "user", {"is_active": False}, user)
    end_sessions(people)
    (settings.DATA / SIGN_IN_FILE).unlink(missing_ok=True)
    return removal


def _take_keys(people: Sequence[int]) -> None:
    """What the sign-in keeps of a user, such as passkeys, is no record of ours and leaves with them."""
    for relation in User._meta.related_objects:
        column = relation.field
        if record_name(column.model) not in DECLARED and not column.many_to_many:
            column.model._default_manager.filter(**{f"{column.attname}__in": people}).delete()
