"""Runs the processes of the product side by side and ends them together: pages, and the work behind them."""

import ctypes
import gc
import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from types import FrameType

FORK = multiprocessing.get_context("fork")
PATIENCE_SECONDS = 15
PAUSE_SECONDS = 1.0
DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG of prctl(2)


def die_with_parent() -> None:
    """Asks Linux to end this process when its parent is gone, however brutally."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGTERM)


@dataclass(frozen=True)
class Role:
    """One process and what its unexpected end means: `vital` ends all, otherwise it is started again."""

    name: str
    work: Callable[[], None]
    vital: bool


@dataclass
class Company:
    """The processes of one `rapporto serve`. Forked from one parent that has loaded everything, they share memory.

    `started` is called once all of them run.
    """

    roles: tuple[Role, ...]
    started: Callable[[], None]
    running: dict[str, BaseProcess] = field(default_factory=dict)
    stopping: bool = False

    def serve(self) -> int:
        """Starts all, stays until told to stop or a vital one ends; returns the exit status."""
        gc.collect()
        gc.freeze()
        signal.signal(signal.SIGTERM, self.stop)
        signal.signal(signal.SIGINT, self.stop)
        for role in self.roles:
            self.start(role)
        self.started()
        status = self.watch()
        self.end_all()
        return status

    def stop(self, number: int, frame: FrameType | None) -> None:
        """Notes a signal; the watch ends at its next look."""
        self.stopping = True

    def start(self, role: Role) -> None:
        """Forks one process."""
        process = FORK.Process(target=begin, args=(role.work,), name=role.name)
        process.start()
        self.running[role.name] = process

    def watch(self) -> int:
        """Looks every moment whether a process ended by itself."""
        while not self.stopping:
            wait([process.sentinel for process in self.running.values()], timeout=PAUSE_SECONDS / 4)
            for role in self.roles:
                if self.stopping or self.running[role.name].is_alive():
                    continue
                if role.vital:
                    return 1
                time.sleep(PAUSE_SECONDS)
                self.start(role)
        return 0

    def end_all(self) -> None:
        """Asks every process to end, waits, and ends by force what does not."""
        for process in self.running.values():
            process.terminate()
        deadline = time.monotonic() + PATIENCE_SECONDS
        for process in self.running.values():
            process.join(max(0.1, deadline - time.monotonic()))
            if process.is_alive():
                process.kill()
                process.join()


def begin(work: Callable[[], None]) -> None:
    """What a forked process does first: forget the parent's signals, follow its end.

    A group of its own keeps Ctrl+C from the terminal away: the parent alone hears it and ends all in order.
    """
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    os.setpgrp()
    die_with_parent()
    work()
