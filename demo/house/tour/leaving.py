"""The chapter that leaves something broken for whoever looks around in the house."""

from demo.servers.kubernetes.homelab import APPS

from ..check import Finding
from ..systems import KUBERNETES
from .guide import Guide

_SECONDS_TO_NOTICE = 10


async def leave_something(guide: Guide) -> list[Finding]:
    """Suspend Flux and take a replica from a volume."""
    guide.console.step("Left like this for you to look at: Flux is suspended, a volume has lost a replica")
    guide.happenings.begin()
    guide.lab.cluster.suspend_flux()
    guide.lab.cluster.degrade_volume(APPS[2])
    sensor = (await guide.homelab()).of_system(KUBERNETES, "storage_problem")
    on = sensor and await guide.until_state(sensor.entity_id, "on", _SECONDS_TO_NOTICE)
    await guide.happenings.until(guide.automation_ran("broken"), seconds=1)
    return [Finding(on is not None, "a volume that lost a replica is a storage problem")]
