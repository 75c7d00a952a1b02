"""What the actions on things and on the timeline do."""

from datetime import datetime, timedelta

from homeassistant.core import ServiceCall, ServiceResponse
from homeassistant.util import dt as dt_util

from ..coordinator import HomelabData
from ..errors import invalid
from ..health.problem import MAX_NAME, plain
from ..topology import Thing
from .calls import homelab_of, language_of
from .knowing import knowledge_of
from .things import listed_entry, looked_up

ATTR_NAME = "name"
ATTR_THING = "thing"
DAY = 24
"""Hours that are listed where nothing else is said."""


async def look_up(call: ServiceCall) -> ServiceResponse:
    """Say all that is known of a thing: how it is, what it is tied to, and what happened to it."""
    homelab = homelab_of(call)
    thing, *others = things_called(homelab, call.data[ATTR_NAME])
    knowledge = knowledge_of(homelab, homelab.situation())
    return looked_up(knowledge, thing, others, language_of(call))


async def list_timeline(call: ServiceCall) -> ServiceResponse:
    """List what happened, the latest first."""
    homelab, language = homelab_of(call), language_of(call)
    hours = timedelta(hours=call.data.get("hours", DAY))
    since: datetime = call.data.get("since") or dt_util.utcnow() - hours
    words = call.data.get(ATTR_THING)
    things = {thing.id for thing in things_called(homelab, words)} if words else None
    entries = homelab.things.timeline.between(dt_util.as_utc(since), things=things)
    latest = entries[::-1][: call.data["limit"]]
    now = dt_util.now()
    return {"entries": [listed_entry(entry, now, language) for entry in latest], "total": len(entries)}


def things_called(homelab: HomelabData, name: str) -> list[Thing]:
    """Return the things of this id or name, the likeliest first. Raises ServiceValidationError for none."""
    topology = homelab.things.topology
    if (thing := topology.get(name)) is not None:
        return [thing]
    if things := homelab.things.names.find(name, topology):
        return things
    raise invalid("thing_unknown", thing=plain(name, MAX_NAME))
