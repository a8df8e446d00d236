"""Users with one role, their teams, and the territories they look after."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from rapporto.kernel.actor import ADMINISTRATOR, AGENT, MANAGER
from rapporto.kernel.kinds import Choice, Code, Email, LongText, Text
from rapporto.store.columns import (
    ChoiceColumn,
    CodeColumn,
    DayColumn,
    IntegerColumn,
    LinkColumn,
    LinksColumn,
    LongTextColumn,
    Recorded,
    TextColumn,
    TickColumn,
)

BACK_OFFICE = "back_office"
ROLES = (
    (AGENT, _("Salesperson")),
    (MANAGER, _("Manager")),
    (BACK_OFFICE, _("Back office")),
    (ADMINISTRATOR, _("Administrator")),
)


class Team(Recorded):
    """Users who work together."""

    name = TextColumn(_("Name"), required=True, kind=Text(80))

    class Meta:
        verbose_name, verbose_name_plural = _("Team"), _("Teams")


class Territory(Recorded):
    """A part of the market that somebody looks after: regions, provinces or ranges of postal codes."""

    name = TextColumn(_("Name"), required=True, kind=Text(80))

    class Meta:
        verbose_name, verbose_name_plural = _("Territory"), _("Territories")


class TerritoryArea(Recorded):
    """One piece of ground of a territory. The narrowest piece wins: postal codes before province before region."""

    REGION, PROVINCE, POSTAL_CODES = "region", "province", "postal_codes"
    KINDS = ((REGION, _("Region")), (PROVINCE, _("Province")), (POSTAL_CODES, _("Postal codes")))

    territory = LinkColumn(Territory, _("Territory"), required=True, relation=_("Areas"), related_name="areas")
    kind = ChoiceColumn(_("Kind"), required=True, kind=Choice(KINDS))
    first = CodeColumn(_("Code, or first postal code"), required=True, kind=Code(20))
    last = CodeColumn(_("Last postal code"), kind=Code(20))

    class Meta:
        verbose_name, verbose_name_plural = _("Area"), _("Areas")
        indexes = [models.Index(fields=["kind", "first"], name="people_area_first")]


class UserManager(BaseUserManager["User"]):
    """Makes users outside the screens: the first administrator, tests."""

    def create_user(self, email: str, password: str | None = None, **values: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **values)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser, Recorded):
    """Somebody who signs in. The password is no declared field: it never enters the history."""

    email = CodeColumn(_("E-mail"), required=True, unique=True, kind=Email())
    name = TextColumn(_("Name"), required=True, kind=Text(120))
    role = ChoiceColumn(_("Role"), required=True, kind=Choice(ROLES))
    team = LinkColumn(Team, _("Team"), related_name="members", relation=_("Members"))
    territories = LinksColumn(Territory, _("Territories"), through="people.UserTerritory", related_name="+")
    language = ChoiceColumn(_("Language"), kind=Choice((("it", _("Italian")), ("en", _("English")))))
    is_active = TickColumn(_("May sign in"), default=True)

    # Of the password too, and no declared field either: somebody else knows it, so it must be changed before anything else.
    handed_over = models.BooleanField(default=False)

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    is_staff = False
    is_superuser = False

    class Meta:
        verbose_name, verbose_name_plural = _("User"), _("Users")

    def __str__(self) -> str:
        return self.name


class RoleRule(Recorded):
    """How the users of a role sign in."""

    role = ChoiceColumn(_("Role"), required=True, kind=Choice(ROLES))
    second_step = TickColumn(_("Second step required"), hint=_("Codes from an app, or a passkey."))

    class Meta:
        verbose_name, verbose_name_plural = _("Rule of a role"), _("Rules of the roles")
        constraints = [models.UniqueConstraint(fields=["role"], name="people_role_rule")]


class UserTerritory(Recorded):
    """A user looks after a territory."""

    user = LinkColumn(User, _("User"), required=True, related_name="user_territories")
    territory = LinkColumn(Territory, _("Territory"), required=True, related_name="territory_users")

    class Meta:
        verbose_name, verbose_name_plural = _("Territory of a user"), _("Territories of users")
        constraints = [models.UniqueConstraint(fields=["user", "territory"], name="people_user_territory")]


class SavedView(Recorded):
    """A way to look at a list, kept under a name: columns, widths, filters, order, groups, as the address of the list says them."""

    MINE, TEAM, EVERYONE = "mine", "team", "everyone"
    SHARED = ((MINE, _("Only me")), (TEAM, _("My team")), (EVERYONE, _("Everyone")))
    LAYOUTS = (("list", _("List")),)

    name = TextColumn(_("Name"), required=True, kind=Text(60))
    listed = TextColumn(_("List"), required=True, kind=Text(60))
    query = LongTextColumn(_("What it shows"), kind=LongText(), hint=_("The address of the list."))
    layout = ChoiceColumn(_("View type"), required=True, kind=Choice(LAYOUTS), default="list")
    owner = LinkColumn(User, _("Made by"), related_name="saved_views", relation=_("Saved views"))
    shared = ChoiceColumn(_("Who sees it"), required=True, kind=Choice(SHARED), default=MINE)
    team = LinkColumn(Team, _("Team"), related_name="saved_views", relation=_("Saved views"))
    pinned = TickColumn(_("Pinned above the list"), default=True)
    usual_for = ChoiceColumn(
        _("Opens by itself for"), kind=Choice((("all", _("Everyone")), *ROLES)), hint=_("When the list is opened.")
    )
    position = IntegerColumn(_("Position"))

    class Meta:
        verbose_name, verbose_name_plural = _("Saved view"), _("Saved views")
        indexes = [models.Index(fields=["listed_key", "position"], name="people_saved_view_listed")]


class ViewChoice(Recorded):
    """What somebody wants of a view, by its number, 0 for the list as it is: to open the list, to stand above it or not."""

    ABOVE, IN_MENU = "above", "menu"
    PLACES = ((ABOVE, _("Above the list")), (IN_MENU, _("Only in the menu of the views")))

    user = LinkColumn(User, _("User"), required=True, related_name="view_choices")
    listed = TextColumn(_("List"), required=True, kind=Text(60))
    view = IntegerColumn(_("View"), required=True)
    opens = TickColumn(_("Opens the list"))
    place = ChoiceColumn(_("Where it stands"), kind=Choice(PLACES), hint=_("Blank: as whoever shares it wants it."))

    class Meta:
        verbose_name, verbose_name_plural = _("Choice of a view"), _("Choices of views")
        constraints = [models.UniqueConstraint(fields=["user", "listed", "view"], name="people_view_choice")]


class ApiToken(Recorded):
    """What another program signs in with, in the name of a user and never with more rights than theirs.

    Of the token itself only a hash is kept, which is no declared column: it never enters the history, and a token that was revoked
    stays without effect when its row comes back.
    """

    name = TextColumn(_("What it is for"), required=True, kind=Text(80))
    user = LinkColumn(User, _("User"), required=True, related_name="api_tokens", relation=_("Tokens of programs"))
    scopes = LongTextColumn(
        _("What it may do"),
        required=True,
        kind=LongText(2000),
        default="read",
        hint=_("«read» or «write» for everything its user may do, or «party:read activity:write» for some lists only."),
    )
    expires_on = DayColumn(_("Ends after"), hint=_("Blank: never."))
    hashed = models.TextField(null=True, unique=True)
    last_used_on = models.DateField(null=True)

    class Meta:
        verbose_name, verbose_name_plural = _("Token of a program"), _("Tokens of programs")


class Webhook(Recorded):
    """Another program that wants to be told of changes, at an address of its own, with what its user may see and nothing more.

    What it is signed with, and how far it has read the history, are no declared columns: they never enter it. The secret itself is
    kept nowhere: it follows from `salt` and the secret key of the installation.
    """

    ALL, CHANGED, GONE = "all", "changed", "gone"
    TELLS = ((ALL, _("Every change")), (CHANGED, _("What is new or changed")), (GONE, _("What is gone")))
    FAILED, REFUSED, UNWANTED, ORPHANED = "failed", "refused", "unwanted", "orphaned"

    name = TextColumn(_("What it is for"), required=True, kind=Text(80))
    user = LinkColumn(User, _("User"), required=True, related_name="webhooks", relation=_("Webhooks"))
    address = TextColumn(
        _("Address"), required=True, kind=Text(500), hint=_("Where the other program listens: https://…")
    )
    records = LongTextColumn(
        _("Of which lists"), kind=LongText(2000), hint=_("Such as «party activity»; blank: all that its user sees.")
    )
    tells = ChoiceColumn(_("Which changes"), required=True, kind=Choice(TELLS), default=ALL)
    active = TickColumn(_("On"), default=True)
    salt = models.TextField(default="")
    salt_before = models.TextField(default="")
    renewed_at = models.DateTimeField(null=True)
    read_up_to = models.BigIntegerField(null=True)
    failing_since = models.DateTimeField(null=True)
    off_because = models.TextField(default="")

    class Meta:
        verbose_name, verbose_name_plural = _("Webhook"), _("Webhooks")


class WebhookEvent(models.Model):
    """What is told to one webhook at once: a piece of the history, by reading numbers. Without history, and gone after a month."""

    WAITING, SENT, STOPPED, LEFT = "waiting", "sent", "stopped", "left"
    UNSENT = (WAITING, STOPPED)

    id = models.BigAutoField(primary_key=True)
    hook_id = models.BigIntegerField()
    """A number and no link: undoing may take the webhook away, whose events then lead nowhere."""
    event = models.TextField(unique=True)
    """The id by which the receiver knows a repetition."""
    after = models.BigIntegerField()
    up_to = models.BigIntegerField()
    part = models.IntegerField(default=0)
    """Of one very large transaction: which thousand of its changes."""
    again = models.BooleanField(default=False)
    """Told once more because somebody asked for it."""
    state = models.TextField(default=WAITING)
    tries = models.IntegerField(default=0)
    number = models.IntegerField(null=True)
    """How many records were told; None before the first try."""
    answer = models.TextField(default="")
    next_try = models.DateTimeField(null=True)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "people_webhook_event"
        indexes = [
            models.Index(fields=["hook_id", "-id"], name="people_webhook_event_hook"),
            models.Index(fields=["hook_id"], name="people_webhook_event_waits", condition=models.Q(state="waiting")),
        ]
