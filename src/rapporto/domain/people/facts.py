"""What happens among the people who work here and asks for work afterwards."""

from dataclasses import dataclass

from rapporto.kernel.facts import Fact


@dataclass(frozen=True)
class TerritoriesChanged(Fact):
    """The ground of some territory is no longer what it was: every party is looked at again, in steps."""

    step: str = "places"
    """First the parties that have a place; then, «people», those who follow their company."""
    after: int = 0
    """The parties up to this id are done."""

    @property
    def subject(self) -> str:
        return "territories"


@dataclass(frozen=True)
class HookDue(Fact):
    """A webhook is to be told an event."""

    event: int

    @property
    def subject(self) -> str:
        return f"webhook_event:{self.event}"


@dataclass(frozen=True)
class HookWentOff(Fact):
    """A webhook was switched off because it did not work any more; whoever it belongs to is told."""

    hook: int

    @property
    def subject(self) -> str:
        return f"webhook:{self.hook}"
