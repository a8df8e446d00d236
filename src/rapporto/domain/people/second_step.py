"""The second step of signing in (codes of an app, or a passkey): which roles must have one."""

from collections.abc import Collection

from rapporto.domain.people.models import ROLES, RoleRule
from rapporto.kernel.actor import ADMINISTRATOR, SYSTEM, Actor, system_task
from rapporto.kernel.where import field
from rapporto.store.errors import Refused
from rapporto.store.history.changing import change_set
from rapporto.store.records import find
from rapporto.store.write import save

TASK = system_task("second_step")


def roles_with_second_step() -> frozenset[str]:
    """The roles that must have a second step. One query."""
    rows = find(TASK, "role_rule", field("second_step").eq(True))
    return frozenset(rows.values_list("role", flat=True))


def require_second_step(actor: Actor, roles: Collection[str]) -> None:
    """Let exactly these roles have a second step: who has none sets it up at the next sign-in. Raises Refused."""
    if not actor.roles & {ADMINISTRATOR, SYSTEM}:
        raise Refused("Only an administrator says how others sign in.")
    with change_set(actor, "require_second_step"):
        there = {row.role: row for row in find(actor, "role_rule")}
        for role, _label in ROLES:
            rule: RoleRule | None = there.get(role)
            wanted = role in roles
            if rule is None and wanted:
                save(actor, "role_rule", {"role": role, "second_step": True})
            elif rule is not None and rule.second_step != wanted:
                save(actor, "role_rule", {"second_step": wanted}, rule.pk)
