"""Officine Adige S.r.l. itself: its people, territories, sectors, types of parties and links, and the fields it made for itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db.models import Model

from rapporto.domain.parties.models import Industry, LinkType, PartyType
from rapporto.domain.people.actors import actor_of
from rapporto.domain.people.ground import Grounds, Place
from rapporto.domain.people.models import BACK_OFFICE, Team, Territory, TerritoryArea, User, UserTerritory
from rapporto.kernel.actor import ADMINISTRATOR, AGENT, MANAGER, Actor
from rapporto.kernel.record import Field
from rapporto.kernel.text import fold
from rapporto.site.demo.dealings import COMPETITORS
from rapporto.site.demo.trades import TRADES
from rapporto.site.demo.views import keep_views
from rapporto.store.made_fields import make_field
from rapporto.store.userfields import record_type
from rapporto.store.write import save

NAME = "Officine Adige S.r.l."
PASSWORD = "rapporto-demo"
DOMAIN = "officineadige.esempio.it"

STAFF = (
    ("Elena Ferri", ADMINISTRATOR, "Direzione"),
    ("Bruno Ferrari", MANAGER, "Direzione"),
    ("Anna Righetti", AGENT, "Vendite Veneto"),
    ("Carla Monti", AGENT, "Vendite Veneto"),
    ("Silvia Marchetti", AGENT, "Vendite Veneto"),
    ("Davide Pozzi", AGENT, "Vendite Lombardia e Italia"),
    ("Matteo Guidi", AGENT, "Vendite Lombardia e Italia"),
    ("Luca Bortolotti", AGENT, "Vendite Lombardia e Italia"),
    ("Giulia Mazzi", BACK_OFFICE, "Servizio clienti"),
    ("Sara Tosi", BACK_OFFICE, "Servizio clienti"),
)
REGION, PROVINCE, CODES = TerritoryArea.REGION, TerritoryArea.PROVINCE, TerritoryArea.POSTAL_CODES
TERRITORIES = (
    ("Verona sud", "Anna Righetti", ((CODES, "37040", "37069"),)),
    ("Verona e lago", "Anna Righetti", ((PROVINCE, "VR", ""),)),
    ("Vicenza e Belluno", "Carla Monti", ((PROVINCE, "VI", ""), (PROVINCE, "BL", ""))),
    ("Padova e Rovigo", "Carla Monti", ((PROVINCE, "PD", ""), (PROVINCE, "RO", ""))),
    ("Venezia e Treviso", "Silvia Marchetti", ((PROVINCE, "VE", ""), (PROVINCE, "TV", ""))),
    ("Friuli-Venezia Giulia", "Silvia Marchetti", ((REGION, "Friuli-Venezia Giulia", ""),)),
    ("Trentino-Alto Adige", "Luca Bortolotti", ((REGION, "Trentino-Alto Adige", ""),)),
    ("Brescia e Mantova", "Davide Pozzi", ((PROVINCE, "BS", ""), (PROVINCE, "MN", ""))),
    ("Lombardia", "Davide Pozzi", ((REGION, "Lombardia", ""),)),
    ("Emilia-Romagna", "Matteo Guidi", ((REGION, "Emilia-Romagna", ""),)),
    (
        "Nord-Ovest",
        "Luca Bortolotti",
        tuple((REGION, name, "") for name in ("Piemonte", "Liguria", "Valle d’Aosta")),
    ),
    (
        "Centro e Sud",
        "Matteo Guidi",
        tuple(
            (REGION, name, "")
            for name in ("Toscana", "Umbria", "Marche", "Lazio", "Abruzzo", "Molise", "Campania", "Puglia",
                         "Basilicata", "Calabria", "Sicilia", "Sardegna")
        ),
    ),
)  # fmt: skip
PARTY_TYPES = ("Cliente", "Potenziale", "Fornitore", "Rivenditore", "Consulente", "Concorrente")
LINK_TYPES = (
    ("controlla", "è controllata da"),
    ("fornisce", "è fornita da"),
    ("è consulente di", "ha come consulente"),
    ("lavora in subappalto per", "subappalta a"),
)
PROFILE: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("Macchine", "text", {}),
    ("Sollevamento", "text", {}),
    ("Portata massima (kg)", "integer", {}),
    ("Certificazioni", "text", {}),
    ("Concorrente", "choice", {"choices": [[fold(name).replace(" ", "_"), name] for name in COMPETITORS]}),
)


def email_of(name: str) -> str:
    """«anna.righetti@officineadige.esempio.it»."""
    return f"{fold(name).replace(' ', '.')}@{DOMAIN}"


@dataclass(frozen=True)
class House:
    """The ids of everything that the rows of parties and activities refer to."""

    users: Mapping[str, User]
    territories: Mapping[str, int]
    industries: Mapping[str, int]
    types: Mapping[str, int]
    links: Mapping[str, int]
    fields: Mapping[str, Field]

    @cached_property
    def grounds(self) -> Grounds:
        """Which place belongs to which territory."""
        return Grounds.read()

    @cached_property
    def agents(self) -> Mapping[int, int]:
        """Who looks after a territory."""
        return {self.territories[name]: self.users[agent].pk for name, agent, _ in TERRITORIES}

    @cached_property
    def salespeople(self) -> tuple[int, ...]:
        """The agents."""
        return tuple(user.pk for user in self.users.values() if user.role == AGENT)

    @cached_property
    def office(self) -> tuple[int, ...]:
        """Who answers the telephone."""
        return tuple(user.pk for user in self.users.values() if user.role == BACK_OFFICE)

    @cached_property
    def actors(self) -> Mapping[int, Actor]:
        """The actor of each user, by id."""
        return {user.pk: actor_of(user) for user in self.users.values()}

    def territory(self, code: str, province: str, region: str) -> int | None:
        """Whose ground a place is."""
        return self.grounds.territory(Place(code, province, region))


def build(actor: Actor) -> House:
    """Make what is missing of the company, within the change set under way; what has the same name already serves."""
    territories = {name: _named(actor, Territory, "territory", name) for name, _, _ in TERRITORIES}
    for name, _, areas in TERRITORIES:
        for kind, first, last in areas:
            _area(actor, territories[name], kind, first, last)
    teams = {name: _named(actor, Team, "team", name) for name in dict.fromkeys(team for _, _, team in STAFF)}
    keep_views(actor)
    return House(
        users=_users(actor, teams, territories),
        territories=territories,
        industries={one.code: _named(actor, Industry, "industry", one.name, code=one.code) for one in TRADES},
        types={name: _named(actor, PartyType, "party_type", name) for name in PARTY_TYPES},
        links={name: _named(actor, LinkType, "link_type", name, reverse=reverse) for name, reverse in LINK_TYPES},
        fields={label: _profile_field(actor, label, kind, settings) for label, kind, settings in PROFILE},
    )


def _named(actor: Actor, model: type[Model], record: str, name: str, **values: str) -> int:
    there = model._default_manager.filter(name=name).values_list("pk", flat=True).first()
    return there or int(save(actor, record, {"name": name, **values}).pk)


def _area(actor: Actor, territory: int, kind: str, first: str, last: str) -> None:
    if not TerritoryArea.objects.filter(territory=territory, kind=kind, first=first).exists():
        save(actor, "territory_area", {"territory": territory, "kind": kind, "first": first, "last": last})


def _users(actor: Actor, teams: Mapping[str, int], territories: Mapping[str, int]) -> dict[str, User]:
    # one hash for all: hashing is slow on purpose, and the password is the same
    password = make_password(PASSWORD)
    users = {}
    for name, role, team in STAFF:
        user = User.objects.filter(email=email_of(name)).first()
        if user is None:
            values = {"name": name, "email": email_of(name), "role": role, "team": teams[team], "language": "it"}
            user = save(actor, "user", {**values, "is_active": True})
            User.objects.filter(pk=user.pk).update(password=password)
        users[name] = user
        for territory, agent, _ in TERRITORIES:
            if agent == name:
                _looks_after(actor, user.pk, territories[territory])
    return users


def _looks_after(actor: Actor, user: int, territory: int) -> None:
    if not UserTerritory.objects.filter(user=user, territory=territory).exists():
        save(actor, "user_territory", {"user": user, "territory": territory})


def _profile_field(actor: Actor, label: str, kind: str, settings: Mapping[str, Any]) -> Field:
    known = record_type("party").made_here
    there = next((field for field in known if fold(str(field.label)) == fold(label)), None)
    return there or make_field(actor, "party", label, kind, settings, "Tecnica")
