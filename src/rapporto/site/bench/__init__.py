"""`rapporto bench`: the pages and commands of the real server, measured as whole HTTP requests against hand-written SQL."""

from collections.abc import Sequence
from pathlib import Path

from rapporto.site.bench.browser import Browser
from rapporto.site.bench.bulk_items import FEW, IMPORTED, BulkItems
from rapporto.site.bench.changes import CREATE_DURING_IMPORT, Changes, importing
from rapporto.site.bench.eight import eight
from rapporto.site.bench.ground import Ground, ground
from rapporto.site.bench.group_items import group_items
from rapporto.site.bench.items import Asks, items
from rapporto.site.bench.measure import Watch, line
from rapporto.site.bench.program_items import program_items
from rapporto.site.bench.report import Result
from rapporto.site.bench.server import Server, serving

TIMES, CREATED, BULK = 40, 40, 3
MIXED_SECONDS = 15.0
DURING = 25
PROCESSES = (1, 2)


def main(size: int, database: str = "sqlite", build: Path = Path("build"), *, quick: bool = False) -> int:
    """Measure with a demo company of `size` parties on `sqlite` or `postgresql`; print a table and keep it as JSON.

    Gives 1 when product and hand-written SQL did not give the same rows, never because something was slow. `quick` measures
    each item a few times only.
    """
    with ground(size, database, build.resolve()) as place:
        result = Result(database, place.facts.size, place.megabytes())
        for processes in PROCESSES:
            with serving(place.environment, processes) as server:
                _measure(place, server, processes, result, quick=quick)
        result.show()
        print(f"\n{result.write(place.folder)}")
    return 0 if result.right else 1


def _measure(place: Ground, server: Server, processes: int, result: Result, *, quick: bool) -> None:
    """Everything with one process; with more of them only what they are there for."""
    result.starts[processes] = server.ready
    browsers = {one.name: Browser(server.port).sign_in(one.email, place.facts.password) for one in place.facts.people}
    if processes == PROCESSES[0]:
        _read(place, server, browsers, result, times=3 if quick else TIMES)
        _write(place, server, browsers, result, times=3 if quick else CREATED, bulk=1 if quick else BULK)
    cookies = {name: browser.cookies for name, browser in browsers.items()}
    result.mixed.append(eight(server.port, place.facts, cookies, processes, 1.0 if quick else MIXED_SECONDS))
    result.memory[processes] = server.memory()


def _watch(place: Ground, server: Server, ours: Sequence[int]) -> Watch:
    return Watch(server.pid, place.postgresql.pid if place.postgresql else 0, set(ours))


def _read(place: Ground, server: Server, browsers: dict[str, Browser], result: Result, *, times: int) -> None:
    expert = place.expert()
    watch = _watch(place, server, [expert.backend])
    for item in (
        *items(place.facts),
        *(one for who in place.facts.people for one in group_items(Asks(place.facts, who))),
        *(one for who in place.facts.people for one in program_items(Asks(place.facts, who))),
    ):
        browser = browsers[item.person]
        result.lines.append(
            line(
                item.title, item.person, lambda item=item, browser=browser: item.product(browser),  # type: ignore[misc]
                lambda item=item: item.raw(expert), watch, times=times, target=item.target, exact=item.exact,  # type: ignore[misc]
            )
        )  # fmt: skip
    expert.close()


def _write(
    place: Ground, server: Server, browsers: dict[str, Browser], result: Result, *, times: int, bulk: int
) -> None:
    raw = place.run()
    watch = _watch(place, server, [raw.backend])
    people = [one for one in place.facts.people if one.every or one.territories]
    changes = {one.name: Changes(place.facts, one, browsers[one.name], raw, watch) for one in people}
    result.lines += [one.create(times) for one in changes.values()]
    for one in changes.values():
        result.lines += one.change_many(bulk)
    boss = people[0]
    with importing(place.environment, boss.email, place.folder, raw) as process:
        during = changes[boss.name].create(min(times, DURING), "create during an import", CREATE_DURING_IMPORT)
        if process.poll() is not None:
            raise RuntimeError("the import ended before the measurement did; see above")
        result.lines.append(during)
    result.lines += BulkItems(place, raw, changes[boss.name].one_change, FEW if times < CREATED else IMPORTED).lines()
    raw.close()
