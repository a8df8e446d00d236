"""Child processes of a test that work on the test's own database, each with connections of its own."""

import os
import sys
import traceback
from collections.abc import Callable

from django.db import connections


def begin(work: Callable[[], object]) -> int:
    """Fork a child that does the work and exits with 0, or 1 when it raised; gives its process id."""
    for connection in connections.all(initialized_only=True):
        connection.close()
        if getattr(connection, "pool", None) is not None:
            connection.close_pool()  # type: ignore[attr-defined]
    child = os.fork()
    if child:
        return child
    try:
        work()
    except BaseException:
        traceback.print_exc(file=sys.__stderr__)
        os._exit(1)
    os._exit(0)


def end(child: int) -> int:
    """Wait for a child: its exit code, or minus the signal that ended it."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
