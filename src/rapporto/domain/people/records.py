"""The record types of the people who work here."""

from django.utils.translation import gettext_lazy as _

from rapporto.domain.people.actors import actor_by_id
from rapporto.domain.people.hooks import can_be_asked, follow_switch, known_records
from rapporto.domain.people.models import (
    BACK_OFFICE,
    ApiToken,
    RoleRule,
    SavedView,
    Team,
    Territory,
    TerritoryArea,
    User,
    UserTerritory,
    ViewChoice,
    Webhook,
)
from rapporto.domain.people.permissions import CHANGED_BY_ADMINISTRATORS, CHANGED_BY_MANAGERS, READ_BY_ALL, STAFF, roles
from rapporto.domain.people.tokens import known_scopes, stays_with_its_user
from rapporto.domain.people.written import (
    address_is_free,
    an_administrator_stays,
    canonical_piece,
    end_sessions,
    follow_team,
    note_rights,
    other_rights_sign_in_anew,
    renew_user_search,
    somebody_administers,
    tell_of_ground,
)
from rapporto.kernel.actor import ADMINISTRATOR, AGENT, MANAGER, SYSTEM
from rapporto.kernel.kinds import Day
from rapporto.kernel.where import EVERYTHING, ME, MY_TEAM, field
from rapporto.store.declare import Derived, declare
from rapporto.store.jobs_worker import actors_from

actors_from(actor_by_id)

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
    prepare=(address_is_free, somebody_administers, other_rights_sign_in_anew),
    refresh=(end_sessions, note_rights, renew_user_search),
    leave=(an_administrator_stays,),
    icon="person",
)

role_rule = declare(
    RoleRule,
    see={**roles(EVERYTHING, ADMINISTRATOR), SYSTEM: EVERYTHING},
    change=CHANGED_BY_ADMINISTRATORS,
    title="role",
    icon="shield",
)

user_territory = declare(
    UserTerritory,
    see=READ_BY_ALL,
    change=CHANGED_BY_ADMINISTRATORS,
    title="user",
    icon="pin",
    part_of="user",
)

MY_VIEW = field("owner").eq(ME)
SHARED_VIEW = field("shared").is_in((SavedView.TEAM, SavedView.EVERYONE))
SHARED_WITH_ME = field("shared").eq(SavedView.EVERYONE) | (
    field("shared").eq(SavedView.TEAM) & field("team").eq(MY_TEAM)
)
KEEPERS = {**roles(MY_VIEW | SHARED_VIEW, MANAGER, ADMINISTRATOR), SYSTEM: EVERYTHING}

saved_view = declare(
    SavedView,
    grid=("name", "listed", "owner", "shared", "team", "pinned", "usual_for"),
    sections={
        _("Saved view"): ("name", "listed", "layout", "shared", "team", "owner", "pinned", "usual_for", "position"),
        _("What it shows"): ("query",),
    },
    see={**roles(MY_VIEW | SHARED_WITH_ME, AGENT, BACK_OFFICE), **KEEPERS},
    change={**roles(MY_VIEW, AGENT, BACK_OFFICE), **KEEPERS},
    fixed={
        **dict.fromkeys((AGENT, BACK_OFFICE, MANAGER), ("team", "usual_for")),
        ADMINISTRATOR: ("team",),
    },
    prepare=(follow_team,),
    icon="columns",
)

MY_CHOICE = field("user").eq(ME)

view_choice = declare(
    ViewChoice,
    see={**roles(MY_CHOICE, *STAFF), ADMINISTRATOR: EVERYTHING, SYSTEM: EVERYTHING},
    change={**roles(MY_CHOICE, *STAFF), ADMINISTRATOR: EVERYTHING, SYSTEM: EVERYTHING},
    title="listed",
    icon="columns",
    part_of="user",
)

api_token = declare(
    ApiToken,
    grid=("name", "user", "scopes", "expires_on", "last_used_on"),
    sections={_("Token of a program"): ("name", "user", "scopes", "expires_on", "last_used_on")},
    derived={"last_used_on": Derived("last_used_on", Day(), _("Last used on"))},
    see={**roles(MY_CHOICE, *STAFF), ADMINISTRATOR: EVERYTHING, SYSTEM: EVERYTHING},
    change={**roles(MY_CHOICE, *STAFF), ADMINISTRATOR: EVERYTHING, SYSTEM: EVERYTHING},
    prepare=(known_scopes, stays_with_its_user),
    icon="key",
    part_of="user",
)

webhook = declare(
    Webhook,
    grid=("name", "user", "address", "records", "tells", "active"),
    sections={_("Webhook"): ("name", "user", "address", "records", "tells", "active")},
    see={**roles(MY_CHOICE, *STAFF), ADMINISTRATOR: EVERYTHING, SYSTEM: EVERYTHING},
    change={**roles(MY_CHOICE, *STAFF), ADMINISTRATOR: EVERYTHING, SYSTEM: EVERYTHING},
    prepare=(can_be_asked, known_records, stays_with_its_user),
    refresh=(follow_switch,),
    icon="link",
    part_of="user",
)
