"""The record types of the people who work here."""

from django.utils.translation import gettext_lazy as _

from rapporto.domain.people.models import Team, Territory, TerritoryArea, User, UserTerritory
from rapporto.domain.people.permissions import CHANGED_BY_ADMINISTRATORS, CHANGED_BY_MANAGERS, READ_BY_ALL
from rapporto.domain.people.written import (
    address_is_free,
    canonical_piece,
    end_sessions,
    renew_user_search,
    somebody_administers,
    tell_of_ground,
)
from rapporto.store.declare import declare

team = declare(Team, see=READ_BY_ALL, change=CHANGED_BY_ADMINISTRATORS, icon="group")

territory = declare(Territory, see=READ_BY_ALL, change=CHANGED_BY_MANAGERS, icon="pin")

territory_area = declare(
    TerritoryArea,
    see=READ_BY_ALL,
    change=CHANGED_BY_MANAGERS,
    title="first",
    grid=("territory", "kind", "first", "last"),
    prepare=(canonical_piece,),
    refresh=(tell_of_ground,),
    icon="pin",
    part_of="territory",
)

user = declare(
    User,
    grid=("name", "email", "role", "team", "territories", "is_active"),
    sections={_("User"): ("name", "email", "role", "team", "territories", "language", "is_active")},
    search={"name": 100, "email": 80},
    see=READ_BY_ALL,
    change=CHANGED_BY_ADMINISTRATORS,
    prepare=(address_is_free, somebody_administers),
    refresh=(end_sessions, renew_user_search),
    icon="person",
)

user_territory = declare(
    UserTerritory,
    see=READ_BY_ALL,
    change=CHANGED_BY_ADMINISTRATORS,
    title="user",
    icon="pin",
    part_of="user",
)
