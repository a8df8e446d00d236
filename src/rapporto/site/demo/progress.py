"""Says how far a load is, with figures, once it takes longer than two seconds."""

import sys
import time

PATIENCE_SECONDS = 2.0


class Progress:
    """A line on stderr now and then."""

    def __init__(self) -> None:
        self.start = self.said = time.monotonic()

    def tell(self, what: str, *, at_once: bool = False) -> None:
        """Say it when the last line is two seconds old; `at_once` before a step that may be long."""
        now = time.monotonic()
        if now - self.said >= PATIENCE_SECONDS or (at_once and now - self.start >= PATIENCE_SECONDS):
            self.said = now
            print(f"{now - self.start:5.0f} s  {what}", file=sys.stderr, flush=True)

    @property
    def seconds(self) -> float:
        """How long it has taken so far."""
        return time.monotonic() - self.start
