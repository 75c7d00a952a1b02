"""What of the house depends on a thing of the homelab."""

from .thing import Thing, ThingKind
from .topology import Topology


def losses(topology: Topology, thing_id: str) -> tuple[str, ...]:
    """Return the names of the integrations that depend on a thing, those with most devices first."""
    hanging = [thing for thing in topology.impact(thing_id) if thing.kind is ThingKind.INTEGRATION]
    hanging.sort(key=lambda thing: (-_devices(thing), thing.name))
    return tuple(thing.name for thing in hanging)


def _devices(thing: Thing) -> int:
    count = thing.fact("devices")
    return count if isinstance(count, int) else 0
