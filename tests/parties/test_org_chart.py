"""Who reports to whom in a company: posts are filled, left vacant, moved below another one, and never in a circle."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rapporto.domain.parties.models import Affiliation, Party
from rapporto.domain.parties.org_chart import add_post, close_post, fill_post, leave_post, report_to
from rapporto.domain.parties.reporting import ANOTHER_COMPANY, IN_A_CIRCLE, NOBODY_AND_NOTHING, OWN_BOSS
from rapporto.kernel.actor import Actor
from rapporto.store.errors import Invalid, NotFound
from rapporto.store.history.models import ChangeSet
from rapporto.store.history.undo import undo
from rapporto.store.write import delete, save
from tests.cast import casale, enters, person

pytestmark = pytest.mark.django_db


def works(actor: Actor, who: Party, where: Party, **desk: Any) -> Affiliation:
    row: Affiliation = save(actor, "affiliation", {"person": who.pk, "organisation": where.pk, **desk})
    return row


def team(actor: Actor, where: Party, *names: str) -> list[Affiliation]:
    """People of a company, each with a job that is called as they are."""
    return [works(actor, person(actor, name, "Rossi"), where, job_title=name) for name in names]


def boss_of(post: Affiliation) -> int | None:
    return Affiliation.objects.values_list("reports_to_id", flat=True).get(pk=post.pk)


def test_a_person_is_moved_below_another_one_and_back_by_undo() -> None:
    anna = enters("Anna")
    paolo, lucia, marco = team(anna, casale(anna), "Paolo", "Lucia", "Marco")
    report_to(anna, lucia.pk, paolo.pk)
    report_to(anna, lucia.pk, marco.pk)
    assert boss_of(lucia) == marco.pk
    undo(anna, ChangeSet.objects.latest("id").pk)
    assert boss_of(lucia) == paolo.pk
    report_to(anna, lucia.pk, None)
    assert boss_of(lucia) is None


def test_nobody_reports_to_themselves_nor_to_who_stands_below_nor_to_another_company() -> None:
    anna = enters("Anna")
    first = casale(anna)
    paolo, lucia, dino = team(anna, first, "Paolo", "Lucia", "Dino")
    (stranger,) = team(anna, casale(anna, name="Officine Adige"), "Ugo")
    report_to(anna, lucia.pk, paolo.pk)
    report_to(anna, dino.pk, lucia.pk)
    for boss, why in ((paolo, OWN_BOSS), (dino, IN_A_CIRCLE), (lucia, IN_A_CIRCLE), (stranger, ANOTHER_COMPANY)):
        with pytest.raises(Invalid) as refused:
            report_to(anna, paolo.pk, boss.pk)
        assert refused.value.errors == {"reports_to": why}
    assert boss_of(paolo) is None


def test_who_changes_company_with_a_boss_is_told_so() -> None:
    anna = enters("Anna")
    paolo, lucia = team(anna, casale(anna), "Paolo", "Lucia")
    report_to(anna, lucia.pk, paolo.pk)
    other = casale(anna, name="Officine Adige")
    with pytest.raises(Invalid) as refused:
        save(anna, "affiliation", {"organisation": other.pk}, lucia.pk)
    assert refused.value.errors == {"reports_to": ANOTHER_COMPANY}


def test_who_works_for_a_unit_reports_to_somebody_of_the_company_and_of_another_unit() -> None:
    anna = enters("Anna")
    company = casale(anna)
    purchase = casale(anna, name="Acquisti", kind="unit", part_of=company.pk)
    foreign = casale(anna, name="Acquisti estero", kind="unit", part_of=purchase.pk)
    (paolo,) = team(anna, company, "Paolo")
    (lucia,) = team(anna, purchase, "Lucia")
    (nina,) = team(anna, foreign, "Nina")
    report_to(anna, lucia.pk, paolo.pk)
    report_to(anna, nina.pk, lucia.pk)
    assert (boss_of(lucia), boss_of(nina)) == (paolo.pk, lucia.pk)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=st.lists(st.tuples(st.integers(0, 5), st.one_of(st.none(), st.integers(0, 5))), max_size=25))
def test_whatever_is_moved_wherever_nobody_ever_stands_above_themselves(
    moves: list[tuple[int, int | None]], db: None
) -> None:
    anna = enters("Anna")
    posts = team(anna, casale(anna), *"ABCDEF")
    wanted: dict[int, int | None] = {}
    for who, boss in moves:
        try:
            report_to(anna, posts[who].pk, None if boss is None else posts[boss].pk)
        except Invalid:
            continue
        wanted[posts[who].pk] = None if boss is None else posts[boss].pk
    bosses = dict(Affiliation.objects.filter(pk__in=[one.pk for one in posts]).values_list("pk", "reports_to_id"))
    assert bosses == {one.pk: wanted.get(one.pk) for one in posts}
    for start in bosses:
        seen, above = {start}, bosses[start]
        while above is not None:
            assert above not in seen
            seen.add(above)
            above = bosses[above]


def test_a_post_is_vacant_then_filled_then_left_and_the_past_is_kept() -> None:
    anna = enters("Anna")
    company = casale(anna)
    (paolo,) = team(anna, company, "Paolo")
    vacant = add_post(anna, company.pk, job_title="Ufficio tecnico", boss=paolo.pk)
    (dino,) = team(anna, company, "Dino")
    report_to(anna, dino.pk, vacant.pk)
    nina = person(anna, "Nina", "Verdi")
    held = fill_post(anna, vacant.pk, nina.pk, since=date(2026, 1, 7))
    assert (held.pk, held.person_id, boss_of(dino)) == (vacant.pk, nina.pk, held.pk)
    with pytest.raises(Invalid):
        close_post(anna, held.pk)
    empty = leave_post(anna, held.pk, gone_on=date(2026, 5, 1))
    held.refresh_from_db()
    assert (held.person_id, held.until, empty.person_id) == (nina.pk, date(2026, 4, 30), None)
    assert (empty.job_title, empty.reports_to_id, boss_of(dino)) == ("Ufficio tecnico", paolo.pk, empty.pk)
    close_post(anna, empty.pk)
    assert boss_of(dino) == paolo.pk
    assert not Affiliation.objects.filter(pk=empty.pk).exists()


def test_who_works_there_already_takes_a_vacant_post_with_their_numbers() -> None:
    anna = enters("Anna")
    company = casale(anna)
    (paolo,) = team(anna, company, "Paolo")
    vacant = add_post(anna, company.pk, job_title="Acquisti", boss=paolo.pk)
    lucia = person(anna, "Lucia", "Bonetti")
    desk = works(anna, lucia, company, phone="045 7901251", since=date(2020, 1, 1))
    held = fill_post(anna, vacant.pk, lucia.pk)
    assert (held.pk, held.job_title, held.reports_to_id, held.phone) == (desk.pk, "Acquisti", paolo.pk, "+390457901251")
    assert not Affiliation.objects.filter(pk=vacant.pk).exists()
    assert Affiliation.objects.filter(person=lucia).count() == 1


def test_a_boss_who_left_leaves_a_post_that_can_be_filled_or_closed() -> None:
    anna = enters("Anna")
    company = casale(anna)
    paolo, lucia = team(anna, company, "Paolo", "Lucia")
    report_to(anna, lucia.pk, paolo.pk)
    save(anna, "affiliation", {"until": timezone.localdate() - timedelta(days=30)}, paolo.pk)
    nina = person(anna, "Nina", "Verdi")
    held = fill_post(anna, paolo.pk, nina.pk)
    assert (held.job_title, boss_of(lucia)) == ("Paolo", held.pk)
    assert Affiliation.objects.filter(pk=paolo.pk, person__isnull=False).exists()


def test_who_was_put_into_a_post_by_mistake_today_leaves_no_past_behind() -> None:
    anna = enters("Anna")
    company = casale(anna)
    lucia = works(anna, person(anna, "Lucia", "Bonetti"), company, job_title="Acquisti", since=timezone.localdate())
    empty = leave_post(anna, lucia.pk)
    assert empty.pk == lucia.pk
    assert Affiliation.objects.filter(pk=lucia.pk, person=None, since=None).exists()


def test_everything_done_in_the_chart_is_undone_as_one_change() -> None:
    anna = enters("Anna")
    company = casale(anna)
    paolo, lucia = team(anna, company, "Paolo", "Lucia")
    report_to(anna, lucia.pk, paolo.pk)
    before = list(Affiliation.objects.order_by("pk").values())
    leave_post(anna, paolo.pk)
    undone = undo(anna, ChangeSet.objects.latest("id").pk)
    assert undone.kept == ()
    assert list(Affiliation.objects.order_by("pk").values()) == before


def test_a_place_of_work_needs_a_person_or_a_name() -> None:
    anna = enters("Anna")
    with pytest.raises(Invalid) as refused:
        save(anna, "affiliation", {"organisation": casale(anna).pk})
    assert refused.value.errors == {"person": NOBODY_AND_NOTHING}


def test_another_agent_neither_finds_nor_moves_anybody() -> None:
    anna = enters("Anna")
    company = casale(anna)
    paolo, lucia = team(anna, company, "Paolo", "Lucia")
    carla = enters("Carla")
    for forbidden in (
        lambda: report_to(carla, lucia.pk, paolo.pk),
        lambda: leave_post(carla, lucia.pk),
        lambda: fill_post(carla, lucia.pk, paolo.person_id or 0),
        lambda: close_post(carla, lucia.pk),
    ):
        with pytest.raises((NotFound, Invalid)):
            forbidden()
    with pytest.raises(Invalid):
        add_post(carla, company.pk, job_title="Nuovo")
    assert boss_of(lucia) is None


def test_a_person_is_deleted_with_their_places_of_work() -> None:
    anna = enters("Anna")
    lucia = works(anna, person(anna, "Lucia", "Bonetti"), casale(anna))
    delete(anna, "party", lucia.person_id or 0)
    assert not Affiliation.objects.filter(pk=lucia.pk).exists()
