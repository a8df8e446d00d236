"""Activities: the dealings with a party, done or planned."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from rapporto.domain.parties.models import Party
from rapporto.domain.people.models import User
from rapporto.kernel.kinds import Choice, LongText, Text
from rapporto.store.columns import (
    ChoiceColumn,
    DayColumn,
    LinkColumn,
    LongTextColumn,
    MomentColumn,
    Recorded,
    TextColumn,
    TickColumn,
)

CALL, VISIT, MAIL, LETTER, NOTE, APPOINTMENT = "call", "visit", "mail", "letter", "note", "appointment"
ACTIVITY_KINDS = (
    (CALL, _("Phone call")),
    (VISIT, _("Visit")),
    (MAIL, _("E-mail")),
    (LETTER, _("Letter")),
    (NOTE, _("Note")),
    (APPOINTMENT, _("Appointment")),
)
PLANNED, DONE = "planned", "done"
STATES = ((PLANNED, _("Planned")), (DONE, _("Done")))


class Activity(Recorded):
    """One dealing with a party: with whom exactly, when, what was asked, who took it."""

    kind = ChoiceColumn(_("Kind"), required=True, kind=Choice(ACTIVITY_KINDS), default=CALL)
    direction = ChoiceColumn(_("Direction"), kind=Choice((("in", _("Received")), ("out", _("Made")))))
    state = ChoiceColumn(_("State"), required=True, kind=Choice(STATES), default=DONE)
    party = LinkColumn(
        Party, _("Party"), db_index=False, required=True, related_name="activities", relation=_("Activities")
    )
    person = LinkColumn(
        Party, _("Person"), db_index=False, related_name="activities_as_person", relation=_("Activities as the person")
    )
    at = MomentColumn(_("When"), required=True)
    day = DayColumn(_("Day"), hint=_("Follows from the moment."))
    subject = TextColumn(_("Subject"), required=True)
    asked = LongTextColumn(_("What was asked"), kind=LongText())
    outcome = TextColumn(_("Outcome"), kind=Text(200))
    taken_by = LinkColumn(
        User, _("Taken by"), db_index=False, related_name="activities_taken", relation=_("Activities taken")
    )
    assignee = LinkColumn(
        User, _("Assigned to"), db_index=False, related_name="activities_assigned", relation=_("Activities assigned")
    )
    private = TickColumn(_("Private"), hint=_("Only who took it and who it is assigned to see it."))

    class Meta:
        verbose_name, verbose_name_plural = _("Activity"), _("Activities")
        indexes = [
            # With what decides who sees them: they are counted for many parties without looking at their rows.
            models.Index(fields=["party", "at", "id", "private", "taken_by", "assignee"], name="activity_by_party"),
            # What lists are grouped by, with what decides who sees them: groups are counted without looking at the rows.
            models.Index(
                fields=["kind", "state", "direction", "taken_by", "assignee", "private", "day", "party"],
                name="activity_by_cube",
            ),
            models.Index(fields=["person", "at", "id"], name="activity_by_person"),
            models.Index(fields=["at", "id"], name="activity_by_moment"),
            models.Index(fields=["day", "id"], name="activity_by_day"),
            models.Index(fields=["kind", "at", "id"], name="activity_by_kind"),
            models.Index(fields=["state", "at", "id"], name="activity_by_state"),
            models.Index(fields=["subject_key", "id"], name="activity_by_subject"),
            models.Index(fields=["taken_by", "at", "id"], name="activity_by_taker"),
            models.Index(fields=["assignee", "at", "id"], name="activity_by_assignee"),
        ]
