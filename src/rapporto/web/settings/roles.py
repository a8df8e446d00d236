"""What each role sees and may change, read from the declarations: nothing here is said a second time."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from rapporto.domain.people.models import ROLES
from rapporto.kernel.actor import Actor
from rapporto.kernel.record import Branches, RecordType, any_branch
from rapporto.kernel.where import (
    EVERYTHING,
    ME,
    MY_TEAM,
    MY_TERRITORIES,
    NOTHING,
    All,
    AnyOf,
    Not,
    Test,
    Through,
    Where,
)
from rapporto.store.declare import DECLARED
from rapporto.store.history.undo import SENIOR
from rapporto.store.userfields import record_type
from rapporto.web.settings.frame import may_keep, show
from rapporto.web.settings.second_step import steps

MINE = (ME, MY_TERRITORIES, MY_TEAM)


@dataclass(frozen=True)
class Cell:
    """What a role sees of a type and what it changes, in words; '' where it sees nothing."""

    sees: str
    changes: str


@dataclass(frozen=True)
class Line:
    """One record type and what each role may do with it."""

    label: str
    cells: tuple[Cell, ...]
    hidden: tuple[str, ...]


@require_GET
def roles_page(request: HttpRequest) -> HttpResponse:
    """The matrix of roles and record types."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    mine = next(iter(actor.roles), "")
    context = {
        "roles": [(str(label), code == mine) for code, label in ROLES],
        "lines": [_line(record_type(one.name)) for one in _in_order()],
        "parts": ", ".join(str(one.record.plural).lower() for one in DECLARED.values() if one.record.part_of),
        "steps": steps() if may_keep(actor, "role_rule") else [],
        "senior": ", ".join(str(label) for code, label in ROLES if code in SENIOR),
    }
    return show(request, "settings_roles.html", "roles", context)


def _in_order() -> list[RecordType]:
    """Those with a place in the rail first; what is a part of something else follows that."""
    whole = [one.record for one in DECLARED.values() if not one.record.part_of]
    return sorted(whole, key=lambda record: not record.place)


def _line(record: RecordType) -> Line:
    return Line(str(record.plural), tuple(_cell(record, code) for code, _label in ROLES), tuple(_kept_from(record)))


def _cell(record: RecordType, role: str) -> Cell:
    somebody = Actor(1, "", frozenset({role}))
    sees, changes = record.visible(somebody), record.changeable(somebody)
    seen = in_words(record, sees)
    changed = _("the same") if any_branch(sees) == changes and sees else in_words(record, (changes,))
    return Cell(seen, changed) if sees else Cell("", "")


def in_words(record: RecordType, branches: Branches) -> str:
    """Alternatives as a person says them: «all», «assigned to oneself, or in one's own territories»."""
    said = [_where(record, branch) for branch in branches if branch != NOTHING]
    return _(", or ").join(dict.fromkeys(said)) if said else _("none")


def _where(record: RecordType, where: Where) -> str:
    if where == EVERYTHING:
        return _("all")
    match where:
        case AnyOf(parts):
            return _(", or ").join(dict.fromkeys(_where(record, one) for one in parts)) if parts else _("none")
        case All(parts):
            return _(" and ").join(_where(record, one) for one in parts)
        case Not(inner):
            return _("not {what}").format(what=_where(record, inner))
        case Through(link):
            return _("of every «{link}» they see").format(link=record.field(link).label)
        case Test():
            return _test(record, where)
    return _("some")


def _test(record: RecordType, test: Test) -> str:
    field = record.fields.get(test.path.partition(".")[0])
    label = str(field.label) if field is not None else test.path
    if test.value is ME or test.value == ME:
        return _("«{field}»: oneself").format(field=label)
    if test.value == MY_TERRITORIES:
        return _("in one’s own territories")
    if test.value == MY_TEAM:
        return _("of one’s own team")
    values = test.value if isinstance(test.value, tuple) else (test.value,)
    shown = ", ".join(str(field.kind.show(one)) for one in values) if field is not None else ""
    return _("«{field}»: {values}").format(field=label, values=shown)


def _kept_from(record: RecordType) -> Iterable[str]:
    """Fields denied to a role, and fields a role sees but does not change."""
    labels = dict(ROLES)
    for role, names in record.hidden.items():
        if role in labels and names:
            fields = ", ".join(str(record.fields[name].label) for name in names if name in record.fields)
            yield _("{role} does not know of: {fields}").format(role=labels[role], fields=fields)
    fixed = {role: names for role, names in record.fixed.items() if role in labels and names}
    for names in dict.fromkeys(fixed.values()):
        who = [str(labels[role]) for role, some in fixed.items() if some == names]
        fields = ", ".join(str(record.fields[name].label) for name in names if name in record.fields)
        whom = (
            _("Nobody changes by hand")
            if len(who) == len(ROLES)
            else _("{roles}: not changed by hand").format(roles=", ".join(who))
        )
        yield f"{whom}: {fields}"
