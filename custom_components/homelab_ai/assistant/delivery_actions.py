"""The action that lets Flux or Argo CD look at Git now. It deploys nothing that Git does not say already."""

from collections.abc import Iterator
from itertools import islice

from homeassistant.core import ServiceCall, ServiceResponse
from homeassistant.exceptions import HomeAssistantError

from ..api.errors import ApiForbiddenError
from ..coordinator import HomelabData, MonitorCoordinator
from ..errors import calling, invalid
from ..health.problem import MAX_NAME, plain
from ..monitors.capabilities import AsksForDelivery
from ..topology import Thing, ThingKind
from .calls import homelab_of
from .knowing import knowledge_of
from .thing_actions import things_called
from .things import origins

ATTR_NAME = "name"
ATTR_WITH_SOURCE = "with_source"
MOST_ASKED = 5


async def reconcile(call: ServiceCall) -> ServiceResponse:
    """Ask what delivers a thing to look now, and where that comes from before it."""
    homelab = homelab_of(call)
    coordinator, thing, sources = _delivering(homelab, call.data[ATTR_NAME])
    if thing.fact("suspended") is True:
        raise invalid("reconcile_suspended", thing=thing.name)
    asked = [*(sources if call.data[ATTR_WITH_SOURCE] else ()), thing]
    monitor: object = coordinator.monitor
    assert isinstance(monitor, AsksForDelivery)
    with calling(HomeAssistantError, coordinator.name):
        try:
            for one in asked:
                await monitor.ask_for_delivery(one)
        except ApiForbiddenError as err:
            raise invalid("reconcile_forbidden", system=coordinator.name) from err
    await coordinator.async_request_refresh()
    return {
        "asked": [
            {"id": one.id, "kind": one.detail, "place": one.place or None, "name": one.name} for one in asked
        ]
    }


def _delivering(homelab: HomelabData, name: str) -> tuple[MonitorCoordinator, Thing, list[Thing]]:
    """Return the cluster, what delivers a thing of this name there, and its sources, the first one first.

    Raises ServiceValidationError.
    """
    clusters = {
        monitor.source: monitor
        for monitor in homelab.monitors
        if isinstance(monitor.monitor, AsksForDelivery)
    }
    for called in things_called(homelab, name):
        chain = list(islice(_chain(homelab, called), MOST_ASKED))
        if chain and chain[0].source in clusters:
            cluster, (thing, *others) = clusters[chain[0].source], chain
            sources = [one for one in others if one.kind is ThingKind.SOURCE and one.source == thing.source]
            return cluster, thing, sources[::-1]
    raise invalid("not_delivered", thing=plain(name, MAX_NAME))


def _chain(homelab: HomelabData, thing: Thing) -> Iterator[Thing]:
    """Yield what can be asked of a thing and of what delivers it, the nearest first."""
    monitors: dict[str, object] = {monitor.source: monitor.monitor for monitor in homelab.monitors}
    for one in (thing, *origins(knowledge_of(homelab, homelab.situation()), thing)):
        monitor = monitors.get(one.source)
        if isinstance(monitor, AsksForDelivery) and monitor.can_ask(one):
            yield one
