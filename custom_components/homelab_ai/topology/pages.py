"""The page of a thing: its own, or that of what it is a part of."""

from .thing import LinkKind, Thing, ThingKind
from .topology import Topology

_MOST_STEPS = 3
_TOO_WIDE = frozenset({ThingKind.NAMESPACE, ThingKind.CLUSTER, ThingKind.SYSTEM, ThingKind.HUB})
"""What has many parts: its page says nothing of one of them."""


def page_of(topology: Topology, thing: Thing | None) -> str:
    """Return the address of the page that shows a thing, empty without one."""
    for _ in range(_MOST_STEPS):
        if thing is None or thing.url:
            break
        parents = (target for kind, target in topology.targets(thing) if kind is LinkKind.PART_OF)
        thing = next((parent for parent in parents if parent.kind not in _TOO_WIDE), None)
    return thing.url if thing is not None else ""
