"""All that is known of a homelab, as questions about it are answered from it."""

from datetime import datetime

from ..coordinator import HomelabData
from ..health.situation import Situation
from ..language.questions.heard import Network, NewDevice
from ..language.questions.knowledge import Knowledge


def knowledge_of(homelab: HomelabData, situation: Situation, asked_at: datetime | None = None) -> Knowledge:
    """Return all that is known of a homelab; `asked_at` is when the same person asked last."""
    things = homelab.things
    subject = homelab.health.ledger.subject
    return Knowledge(
        situation, things.topology, things.names, things.timeline, subject, asked_at, _network(homelab)
    )


def _network(homelab: HomelabData) -> Network | None:
    """Return what is heard of the network, without any address."""
    network = homelab.network
    if network is None:
        return None
    new = tuple(
        NewDevice(network.name_of(record), network.vendor(record), record.first_seen)
        for record in network.waiting
    )
    return Network(network.data.present, new, network.coverage)
