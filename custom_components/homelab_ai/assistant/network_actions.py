"""What the actions on the devices of the network do; for administrators, for they tell of guests."""

from typing import TYPE_CHECKING

from homeassistant.core import ServiceCall, ServiceResponse
from homeassistant.util import dt as dt_util

from ..coordinator import HomelabData
from ..errors import invalid
from ..health.problem import MAX_NAME, plain
from .calls import homelab_of, language_of

if TYPE_CHECKING:
    from ..coordinator.network import NetworkCoordinator

ATTR_DEVICE = "device"
ATTR_VERDICT = "verdict"


def network_of(homelab: HomelabData) -> NetworkCoordinator:
    """Return what listens to the network. Raises ServiceValidationError where that is off."""
    if homelab.network is None:
        raise invalid("network_off")
    return homelab.network


async def list_devices(call: ServiceCall) -> ServiceResponse:
    """List the devices of the network, those that were seen last first, and say what is not seen."""
    network = network_of(homelab_of(call))
    wanted = call.data[ATTR_VERDICT]
    records = [record for record in network.register if not wanted or record.verdict.value in wanted]
    records.sort(key=lambda record: record.last_seen, reverse=True)
    return {
        "devices": [network.listed(record) for record in records[: call.data["limit"]]],
        "total": len(records),
        "new": len(network.register.waiting(dt_util.utcnow())),
        "sources": list(network.data.sources),
        "coverage": network.coverage(language_of(call)),
    }


async def review_device(call: ServiceCall) -> ServiceResponse:
    """Take what a person says of a device: that it is known, a guest's, or to be ignored."""
    network = network_of(homelab_of(call))
    record = network.find(call.data[ATTR_DEVICE])
    if record is None:
        raise invalid("device_unknown", device=plain(call.data[ATTR_DEVICE], MAX_NAME))
    network.review(record, call.data[ATTR_VERDICT], call.data.get("name", ""))
    return network.listed(record)
