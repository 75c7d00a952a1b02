"""All that runs for one homelab."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from homeassistant.config_entries import ConfigEntry

from ..agent.agent import Agent
from ..health.situation import Situation
from ..hub.pool import HubPool
from .askers import Askers
from .health import HealthCoordinator
from .hub import HubCoordinator
from .inbox import Inbox
from .monitor import MonitorCoordinator
from .situation import survey
from .topology import TopologyCoordinator
from .totals import Totals
from .updates import UpdatesCoordinator

if TYPE_CHECKING:
    from .habits import HabitCoordinator
    from .network import NetworkCoordinator
    from .proposals import ProposalCoordinator


@dataclass(slots=True)
class HomelabData:
    """All that runs for one homelab. The first hub is the homelab's own, standby hubs follow."""

    name: str
    pool: HubPool
    hubs: tuple[HubCoordinator, ...]
    updates: tuple[UpdatesCoordinator, ...]
    agents: dict[str, Agent]
    monitors: tuple[MonitorCoordinator, ...]
    health: HealthCoordinator
    things: TopologyCoordinator
    totals: Totals
    inbox: Inbox
    homelab_device_id: str
    hub_device_id: str
    habits: HabitCoordinator | None = None
    """None unless the option says so."""
    askers: Askers = field(default_factory=Askers)
    network: NetworkCoordinator | None = None
    """None unless the option says so."""
    proposals: ProposalCoordinator | None = None
    """None without a forge."""
    changing: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held while a change of the systems is followed."""
    _adders: list[Callable[[MonitorCoordinator], None]] = field(default_factory=list)

    def for_each_system(self, add: Callable[[MonitorCoordinator], None]) -> None:
        """Add the entities of each system, also of those that come later."""
        for monitor in self.monitors:
            add(monitor)
        self._adders.append(add)

    def add_entities_of(self, monitor: MonitorCoordinator) -> None:
        """Add the entities of a system that has come."""
        for add in self._adders:
            add(monitor)

    def situation(self, now: datetime | None = None) -> Situation:
        """Return what is known at this moment, or at `now` in the person's time zone; asks nobody."""
        return survey(self.hubs, self.monitors, self.health, now)

    def hurry(self) -> None:
        """Look at the hubs soon: a request has just changed what they are doing."""
        for hub in self.hubs:
            hub.config_entry.async_create_background_task(
                hub.hass, hub.async_request_refresh(), f"refresh {hub.name}"
            )

    async def async_close(self) -> None:
        """End all that runs; a stream that is under way ends with an error of its turn."""
        self.pool.close()
        self.inbox.close()
        if self.proposals is not None:
            self.proposals.close()
        await self.health.async_close()
        await self.things.async_close()
        await self.totals.async_close()
        if self.habits is not None:
            await self.habits.async_close()

        if self.network is not None:
            await self.network.async_close()
        for monitor in self.monitors:
            monitor.close()
        for hub in self.hubs:
            await hub.async_close()


type HomelabConfigEntry = ConfigEntry[HomelabData]
