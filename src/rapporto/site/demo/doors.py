"""What the demo company shows of the newer parts: doubles, consents, another program; written when everything else is there."""

from rapporto.kernel.actor import Actor
from rapporto.site.demo.consents import write_consents
from rapporto.site.demo.doubles import merge_some, write_doubles
from rapporto.site.demo.world import World
from rapporto.store.history.changing import change_set
from rapporto.store.write import save
from rapporto.web.first.demo import LOAD


def write_doors(actor: Actor, world: World, change: int, at: int) -> int:
    """Add them to the change set of the load, dated `at`; gives how many parties came with them."""
    with change_set(actor, LOAD, continues=change, keep_open=True, at=at):
        twins, came = write_doubles(actor, world)
        write_consents(actor, world)
        _write_programs(actor, world)
    merge_some(world, twins)
    return came - len(twins)


def _write_programs(actor: Actor, world: World) -> None:
    """A token that nobody knows and a webhook that is switched off: neither opens a door or knocks at one."""
    elena = world.house.users["Elena Ferri"].pk
    save(actor, "api_token", {"name": "Cruscotto delle vendite", "user": elena, "scopes": "party:read activity:read"})
    hook = {
        "name": "Gestionale", "user": elena, "address": "https://gestionale.officineadige.esempio.it/rapporto",
        "records": "party", "active": False,
    }  # fmt: skip
    save(actor, "webhook", hook)
