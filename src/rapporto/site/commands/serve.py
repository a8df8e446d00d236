"""`rapporto serve`: checks the database, then serves the pages and delivers what facts have asked for."""

import argparse
import os
import signal
import sys
import threading
from collections.abc import Callable
from functools import partial
from typing import Any

from django.conf import settings
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.urls import get_resolver
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from rapporto.domain.people import hooks_reader
from rapporto.insight.duplicates.work import nightly
from rapporto.site.serving import Company, Role, die_with_parent
from rapporto.site.welcome import answers, welcome
from rapporto.site.wsgi import application
from rapporto.store import jobs, jobs_worker, outbox
from rapporto.store.answers import tidy as tidy_answers
from rapporto.store.history.changing import close_abandoned
from rapporto.store.history.install import differences
from rapporto.store.history.seals import seal_all
from rapporto.store.outbox import run_worker
from rapporto.web.imports.watching import look as look_into_folders

THREADS = 4
LONG_WORKS = 2
"""How many long works go on at once."""
LONG_WORK_YIELDS = 5
"""By how much long work yields the processor to the pages (nice)."""
TIDYING = (outbox.tidy, close_abandoned, jobs_worker.tidy, tidy_answers, seal_all)
"""What is done every ten minutes when there is nothing to deliver, before the chores of the parts."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where to listen, and how many processes answer."""
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (default: this machine only)")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--processes", type=int, default=1, help="processes for pages (default 1; add one per 2 cores)")
    parser.add_argument("--no-deliveries", action="store_true", help="leave the work behind the pages to another one")


def run(options: argparse.Namespace) -> int:
    """Refuses a database that is behind, or whose triggers would let changes escape the history."""
    problems = behind() or differences()
    if problems:
        print("The database is not as it must be:", *problems, sep="\n  ", file=sys.stderr)
        print("Run `rapporto init` to bring it up to date.", file=sys.stderr)
        return 1
    warm_up()
    pages = Role("pages", partial(serve_pages, options.host, options.port, options.processes), vital=True)
    deliveries = Role("deliveries", deliver, vital=False)
    long_work = Role("long work", work_long, vital=False)
    roles = (pages,) if options.no_deliveries else (pages, deliveries, long_work)
    return Company(roles, partial(greet, options.host, options.port)).serve()


def greet(host: str, port: int) -> None:
    """Says where the product is, as soon as it answers."""
    if answers(host, port):
        print(welcome(f"http://{host}:{port}", settings.DATA), flush=True)
        # a role that is started anew later is forked from here
        connections.close_all()


def behind() -> list[str]:
    """The migrations not yet applied."""
    executor = MigrationExecutor(connections["default"])
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"migration {migration.app_label}.{migration.name} is missing" for migration, _backwards in plan]


def warm_up() -> None:
    """Loads what every process needs before it forks, and lets go of what may not be shared: connections."""
    get_resolver().check()
    for connection in connections.all(initialized_only=True):
        connection.close()
        if getattr(connection, "pool", None) is not None:
            connection.close_pool()  # type: ignore[attr-defined]


def serve_pages(host: str, port: int, processes: int) -> None:
    """Granian's main process, which keeps its workers alive."""
    Granian(
        "rapporto.site.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=processes,
        blocking_threads=THREADS,
        respawn_failed_workers=True,
        websockets=False,
        log_level=LogLevels.warning,
    ).serve(target_loader=loaded, wrap_loader=False)


def loaded() -> Callable[..., Any]:
    """The application, loaded already by the parent."""
    die_with_parent()
    return application


def deliver() -> None:
    """Does the short work behind the pages until told to stop, and beside it what waits for other machines; ends what is under way."""
    stopped = threading.Event()
    signal.signal(signal.SIGTERM, lambda _number, _frame: stopped.set())
    outside = threading.Thread(target=deliver_outside, args=(stopped,))
    outside.start()
    run_worker(stopped.is_set, long=False, outside=False, tidying=(*TIDYING, *outbox.CHORES.values()))
    outside.join()


def deliver_outside(stopped: threading.Event) -> None:
    """Does what waits for other machines; should it fail, the process ends with it, and is begun anew."""
    try:
        run_worker(stopped.is_set, outside=True, tidying=(hooks_reader.tidy,), looking=(hooks_reader.look,))
    finally:
        stopped.set()


def work_long() -> None:
    """Does the long works, a few at a time, and lets the pages go first; told to stop, they end at their next step."""
    signal.signal(signal.SIGTERM, lambda _number, _frame: jobs.ending.set())
    os.nice(LONG_WORK_YIELDS)
    # the works of the night are begun by one of them alone
    nights = [(nightly, look_into_folders), *[()] * (LONG_WORKS - 1)]
    workers = [
        threading.Thread(target=run_worker, args=(jobs.ending.is_set,), kwargs={"long": True, "tidying": tidying})
        for tidying in nights
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
