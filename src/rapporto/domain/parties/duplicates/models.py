"""A pair of parties that may be one and the same, and what somebody decided about it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from rapporto.domain.parties.duplicates.rules import PerCent, RuleNames
from rapporto.domain.people.models import User
from rapporto.kernel.kinds import Choice
from rapporto.store.columns import ChoiceColumn, IntegerColumn, LinkColumn, MomentColumn, Recorded, TextColumn

PARTY = "parties.Party"
OPEN, LATER, DIFFERENT, MERGED = "open", "later", "different", "merged"
STATES = (
    (OPEN, _("To be looked at")),
    (LATER, _("Later")),
    (DIFFERENT, _("No duplicates")),
    (MERGED, _("Merged")),
)
SEARCH, IMPORT, PERSON = "search", "import", "person"
FOUND_BY = (
    (SEARCH, _("Search of the whole register")),
    (IMPORT, _("Import")),
    (PERSON, _("Somebody")),
)


class LikelyDuplicate(Recorded):
    """Two parties, the smaller number first. When they are merged the second one is gone, and the pair keeps the one that stayed."""

    first = LinkColumn(PARTY, _("First party"), required=True, related_name="likely_duplicates", db_index=False,
                       relation=_("Likely duplicates"))  # fmt: skip
    second = LinkColumn(
        PARTY,
        _("Second party"),
        related_name="likely_duplicates_too",
        relation=_("Likely duplicates, seen from the second"),
    )
    probability = IntegerColumn(_("Probability (%)"), required=True, kind=PerCent(), default=50)
    reasons = TextColumn(
        _("Reasons"), kind=RuleNames(200), hint=_("The rules that speak for it, such as vat_number and phone.")
    )
    state = ChoiceColumn(_("State"), required=True, kind=Choice(STATES), default=OPEN)
    found_by = ChoiceColumn(_("Where it comes from"), required=True, kind=Choice(FOUND_BY), default=PERSON)
    decided_by = LinkColumn(User, _("Decided by"), related_name="decided_duplicates", relation=_("Pairs decided"))
    decided_at = MomentColumn(_("Decided at"))

    class Meta:
        verbose_name, verbose_name_plural = _("Likely duplicate"), _("Likely duplicates")
        constraints = [models.UniqueConstraint(fields=["first", "second"], name="likely_duplicate_once")]
        indexes = [models.Index(fields=["state", "probability", "id"], name="likely_duplicate_queue")]


class DuplicateSearch(models.Model):
    """One search of the whole register: what it read and found. Plumbing without history."""

    night = models.DateField(null=True, unique=True)
    """The night it belongs to; None when somebody asked for it. Of several workers one alone gets the night."""
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    parties = models.BigIntegerField(default=0)
    likely = models.BigIntegerField(default=0)
    new = models.BigIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["-began_at"], name="duplicate_search_last")]
