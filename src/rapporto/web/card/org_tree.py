"""The org chart as a tree of boxes: who reports to whom, with the units of the company as levels of their own."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from rapporto.web.card.ties import Tie

UNSEEN = "?"
"""Stands for who held a post and may not be seen."""


@dataclass(frozen=True)
class Post:
    """An affiliation as the chart needs it. `name` is '' when nobody holds it; None when who holds it may not be seen."""

    id: int
    person: int | None
    name: str | None
    job: str
    organisation: int
    boss: int | None
    until: date | None = None
    main: bool = False
    role: str = ""


@dataclass(frozen=True)
class Unit:
    """A unit of the company, and of what it is part."""

    id: int
    name: str
    part_of: int


@dataclass
class Box:
    """One box of the drawing: a post, or (without one) a unit; below it those who report to it."""

    post: Post | None = None
    unit: Unit | None = None
    ties: tuple[Tie, ...] = ()
    below: list["Box"] = field(default_factory=list)
    circular: bool = False
    was: str = ""
    """Who held a vacant post last."""
    today: str = ""
    """What is otherwise today, when the past is looked at."""

    @property
    def vacant(self) -> bool:
        """Whether nobody holds the post."""
        return self.post is not None and (self.post.name == "" or bool(self.was))

    def boxes(self) -> Iterator["Box"]:
        """This one and all below it."""
        yield self
        for one in self.below:
            yield from one.boxes()

    @property
    def count(self) -> int:
        """How many posts stand below it."""
        return sum(1 for one in self.boxes() if one.post is not None) - (self.post is not None)

    @property
    def stacked(self) -> bool:
        """Whether those below are drawn one under the other: nobody reports to any of several."""
        return len(self.below) > 1 and not any(one.below for one in self.below)

    @property
    def columns(self) -> int:
        """How many boxes wide the drawing is."""
        return 1 if not self.below or self.stacked else sum(one.columns for one in self.below)


@dataclass(frozen=True)
class Chart:
    """The drawing of a company. `loose` are people of whom nobody has said to whom they report, beside others who do."""

    roots: tuple[Box, ...]
    loose: tuple[Box, ...] = ()

    def boxes(self) -> Iterator[Box]:
        """Every box."""
        for one in (*self.roots, *self.loose):
            yield from one.boxes()

    @property
    def columns(self) -> int:
        """How many boxes wide the drawing is."""
        return sum(one.columns for one in self.roots)

    @property
    def posts(self) -> list[Box]:
        """The boxes that are posts."""
        return [one for one in self.boxes() if one.post is not None]


def chart_of(
    company: int, posts: Sequence[Post], units: Sequence[Unit], ties: Mapping[int, tuple[Tie, ...]], day: date
) -> Chart:
    """The tree of the posts of a company as they were on a day.

    Who left stays as a vacant post as long as somebody reports to them. A circle, which only an undo can leave, is cut.
    """
    there = _of_the_day(posts, day)
    boxes = {one.id: _box(one, ties, day) for one in there}
    tops, below = _below(there, boxes)
    for boss, some in below.items():
        boxes[boss].below = list(_by_unit(boxes[boss], some, {one.id: one for one in units}))
    roots = _roots(company, tops, units, {box.unit.id for one in tops for box in one.boxes() if box.unit})
    heads = [one for one in roots if one.unit or one.below]
    if not heads:
        return Chart(tuple(roots))
    return Chart(tuple(heads), tuple(one for one in roots if not (one.unit or one.below)))


def _of_the_day(posts: Sequence[Post], day: date) -> list[Post]:
    by_id = {one.id: one for one in posts}
    kept = {one.id for one in posts if one.until is None or one.until >= day}
    for one in list(kept):
        above = by_id[one].boss
        while above in by_id and above not in kept:
            kept.add(above)
            above = by_id[above].boss
    return [one for one in posts if one.id in kept]


def _box(post: Post, ties: Mapping[int, tuple[Tie, ...]], day: date) -> Box:
    if post.until is not None and post.until < day:
        return Box(post, was=post.name or UNSEEN)
    return Box(post, ties=ties.get(post.person or 0, ()) if post.name else ())


def _below(there: Sequence[Post], boxes: Mapping[int, Box]) -> tuple[list[Box], dict[int, list[Box]]]:
    """Those on top, and those below each boss."""
    boss = {one.id: one.boss if one.boss in boxes else None for one in there}
    for one in there:
        if _goes_round(one.id, boss):
            boss[one.id], boxes[one.id].circular = None, True
    below: defaultdict[int, list[Box]] = defaultdict(list)
    for one in there:
        above = boss[one.id]
        if above is not None:
            below[above].append(boxes[one.id])
    return [boxes[one.id] for one in there if boss[one.id] is None], below


def _goes_round(start: int, boss: Mapping[int, int | None]) -> bool:
    seen: set[int] = set()
    above = boss[start]
    while above is not None and above not in seen:
        if above == start:
            return True
        seen.add(above)
        above = boss[above]
    return False


def _by_unit(boss: Box, some: Iterable[Box], units: Mapping[int, Unit]) -> Iterator[Box]:
    """Those below a boss, those of another unit together under its name."""
    levels: dict[int, Box] = {}
    for one in some:
        where = one.post.organisation if one.post else 0
        if where not in units or (boss.post is not None and boss.post.organisation == where):
            yield one
        elif where in levels:
            levels[where].below.append(one)
        else:
            levels[where] = Box(unit=units[where], below=[one])
    yield from levels.values()


def _roots(company: int, tops: Sequence[Box], units: Sequence[Unit], placed: set[int]) -> list[Box]:
    """What stands on top: heads without a boss, and the units none of whose people reports to somebody outside."""
    own = {one.id: Box(unit=one) for one in units}
    found: list[Box] = []
    for one in tops:
        where = one.post.organisation if one.post else company
        (own[where].below if where in own else found).append(one)
    drawn = {key for key, box in own.items() if box.below or key not in placed}
    for unit in units:
        if unit.id in drawn:
            (own[unit.part_of].below if unit.part_of in drawn else found).append(own[unit.id])
    return found
