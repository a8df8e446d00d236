"""Adds to the demo company those who will be measured, a thousand changes of today, and notes what to ask for."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import connection
from django.db.models import Count
from django.utils import timezone

from rapporto.domain.parties.models import Party
from rapporto.domain.people.actors import actor_of
from rapporto.domain.people.models import User
from rapporto.domain.processes.models import Activity
from rapporto.kernel.actor import ADMINISTRATOR, AGENT, MANAGER, Actor, system_task
from rapporto.kernel.kinds.dates import day_start
from rapporto.kernel.record import Field
from rapporto.kernel.where import field as where_field
from rapporto.site.bench.facts import Facts, Person
from rapporto.store.bulk import change_many
from rapporto.store.history.changing import change_set
from rapporto.store.pages import Cursor
from rapporto.store.records import find
from rapporto.store.search_tables import table
from rapporto.store.userfields import record_type
from rapporto.store.write import save

PASSWORD = "misure-di-prova"
FEW = 500
LATER = 1_000
RENAMED = 10
BULK = 9_000
CARD = 20
RANKED = 1_000
"""The search ranks that many matches; a fragment that more parties share has no one right answer."""
PEOPLE = ("manager", "half", "few", "zero")


def prepare(file: Path) -> None:
    """Write the people, the later changes and the facts. Done once, right after the demo company was loaded."""
    boss = system_task("Bench", door="bench")
    manager, half, few, zero = (_user(boss, name, MANAGER if name == "manager" else AGENT) for name in PEOPLE)
    territories = _about_half()
    for one in territories:
        save(boss, "user_territory", {"user": half.pk, "territory": one})
    _assign_few(boss, few)
    _change_later(boss)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    people = tuple(_person(user, name) for name, user in zip(PEOPLE, (manager, half, few, zero), strict=True))
    _facts(people).write(file)


def _user(boss: Actor, name: str, role: str) -> User:
    values = {
        "name": f"Misura {name}",
        "email": f"{name}@misure.esempio.it",
        "role": role,
        "language": "it",
        "is_active": True,
    }
    user: User = save(boss, "user", values)
    User.objects.filter(pk=user.pk).update(password=make_password(PASSWORD))
    user.refresh_from_db()
    return user


def _about_half() -> list[int]:
    """Territories that together hold nearly half of the parties."""
    wanted, found = Party.objects.count() // 2, []
    rows = (
        Party.objects.filter(territory__isnull=False)
        .values_list("territory")
        .annotate(number=Count("pk"))
        .order_by("-number")
    )
    for territory, count in rows:
        if count <= wanted:
            found.append(territory)
            wanted -= count
    return sorted(found)


def _assign_few(boss: Actor, few: User) -> None:
    """Every so many-th party, those with the most dealings among them."""
    step = max(1, Party.objects.count() // FEW)
    busy = _busy(Activity.objects.filter(private=False))
    ids = [*Party.objects.order_by("pk").values_list("pk", flat=True)][::step][: FEW - 1]
    change_many(boss, "party", where_field("owner").ne(few.pk), {"owner": few.pk}, only={*ids, busy})


def _busy(activities: Any) -> int:
    """The party with the most activities among these."""
    rows = activities.values_list("party").annotate(number=Count("pk")).order_by("-number", "party")
    found = rows.first()
    return found[0] if found and found[1] >= CARD else 0


def _change_later(boss: Actor) -> None:
    """A thousand changes of today, so that yesterday looks different: new phases, and the first of the list renamed."""
    ids = list(Party.objects.exclude(phase="cold_lead").order_by("pk").values_list("pk", flat=True))
    step = max(1, len(ids) // (LATER - RENAMED))
    some = ids[::step][: LATER - RENAMED]
    change_many(boss, "party", where_field("phase").ne("cold_lead"), {"phase": "cold_lead"}, only=some)
    with change_set(boss, "rename"):
        for one in Party.objects.order_by("name_key", "id")[: 3 * RENAMED : 3]:
            save(boss, "party", {"name": f"{one.name} (già)"}, one.pk)


def _person(user: User, name: str) -> Person:
    actor = actor_of(user)
    rows = find(actor, "party").order_by("name_key", "id").values_list("name_key", "id")
    sees = rows.count()
    deep = rows[int(sees * 0.9)] if sees else ("m", 1)
    mine = find(actor, "party").order_by().values("pk")
    return Person(
        name=name,
        email=user.email,
        id=user.pk,
        sees=sees,
        every=bool(actor.roles & {MANAGER, ADMINISTRATOR}),
        territories=tuple(sorted(actor.territories)),
        deep=deep,
        cursor=Cursor(*deep).text(),
        card=_busy(Activity.objects.filter(private=False, party__in=mine)),
    )


def _facts(people: tuple[Person, ...]) -> Facts:
    province, industry = _commonest(("province", "industry"))
    made, made_sort = _made("text"), _made("integer")
    value, key = _made_value(made)
    yesterday = timezone.localdate() - timedelta(days=1)
    midnight = day_start(yesterday, settings.TIME_ZONE, after=1)
    return Facts(
        size=Party.objects.count(),
        password=PASSWORD,
        people=people,
        province=province,
        industry=industry,
        made=made.name,
        made_value=value,
        made_key=key,
        made_sort=made_sort.name,
        fragment=_fragment(50, RANKED // 4),
        common=_fragment(RANKED, Party.objects.count()),
        provinces=_about_ten_thousand(),
        as_of=yesterday.isoformat(),
        at=int(midnight.timestamp() * 1_000_000) - 1,
        counts={"party": Party.objects.count(), "activity": Activity.objects.count()},
    )


def _commonest(names: Sequence[str]) -> tuple[Any, ...]:
    rows = Party.objects.exclude(province="").exclude(industry=None).values_list(*names)
    found: tuple[Any, ...] = rows.annotate(number=Count("pk")).order_by("-number", *names)[0]
    return found[:-1]


def _made(kind: str) -> Field:
    return next(one for one in record_type("party").made_here if one.kind.name == kind)


def _made_value(made: Field) -> tuple[str, str]:
    values = (extra.get(made.name) for extra in Party.objects.values_list("extra", flat=True).iterator())
    value = Counter(one for one in values if one).most_common(1)[0][0]
    return value, made.kind.key(value)


def _fragment(least: int, most: int) -> str:
    """A piece from the middle of words, found in at least and at most so many parties; the nearest when there is none."""
    headings = _headings()
    words = Counter(word for heading in headings for word in set(heading.split()) if len(word) >= 7)
    near: list[tuple[int, str]] = []
    for word, _ in words.most_common(400)[:: 1 if least >= RANKED else 4]:
        piece = word[1:6]
        count = sum(piece in heading for heading in headings) * _sampled()
        near.append((0 if least <= count <= most else abs(count - least), piece))
        if near[-1][0] == 0:
            break
    return min(near)[1]


def _sampled() -> int:
    return max(1, Party.objects.count() // 20_000)


def _headings() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT text FROM "{table("party")}" WHERE id %% {_sampled()} = 0', [])
        return [text for (text,) in cursor.fetchall()]


def _about_ten_thousand() -> tuple[str, ...]:
    """Provinces that together hold about nine thousand parties (a tenth of a smaller company): room for those a run adds there."""
    wanted = min(BULK, Party.objects.count() // 10)
    found = []
    rows = Party.objects.exclude(province="").values_list("province").annotate(number=Count("pk"))
    for province, count in rows.order_by("-number", "province"):
        if count <= wanted:
            found.append(province)
            wanted -= count
    return tuple(sorted(found))
