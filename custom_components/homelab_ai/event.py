"""The event entities: one for all problems, and one of each system in which something happens."""

from abc import abstractmethod
from collections import deque
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from homeassistant.components.event import EventEntity, EventEntityDescription
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.event import async_call_later

from .agent.unlinked import unlinked
from .coordinator import HomelabConfigEntry, MonitorCoordinator
from .entity import HomelabEntity, MonitorEntity, NetworkEntity, adding
from .events import told_change
from .health.ledger import Change, ChangeKind
from .monitors.monitor import Happening

if TYPE_CHECKING:
    from .network.register import News

PARALLEL_UPDATES = 0

GAP = 0.002
"""Seconds between two events: the state is a time in milliseconds, and triggers wait for another state."""
MOST_WAITING = 2000
"""Events that wait for their turn, some seconds of them; where more come the oldest are left out. The bus has
them all, and so have the actions."""
PROBLEM = EventEntityDescription(
    key="problem", translation_key="problem", event_types=[kind.value for kind in ChangeKind]
)

NETWORK = EventEntityDescription(
    key="network", translation_key="network", event_types=["device_new", "device_back"]
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: HomelabConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the event of the homelab, and those of its systems."""
    async_add_entities = adding(entry, async_add_entities)
    async_add_entities([ProblemEvent(entry.runtime_data.health, PROBLEM)])
    if (network := entry.runtime_data.network) is not None:
        async_add_entities([NetworkEvent(network, NETWORK)])

    def add_event_of(monitor: MonitorCoordinator) -> None:
        if monitor.monitor.event is not None:
            event = MonitorEvent(monitor, monitor.monitor.event)
            async_add_entities([event], config_subentry_id=monitor.source)

    entry.runtime_data.for_each_system(add_event_of)


class _Teller[NewsT](EventEntity):
    """Fires for each of several events, one after another."""

    def __init__(self, *args: Any) -> None:
        """Have nothing to tell yet."""
        super().__init__(*args)
        self._waiting: deque[NewsT] = deque(maxlen=MOST_WAITING)
        self._cancel_next: CALLBACK_TYPE | None = None

    @abstractmethod
    def _told(self, news: NewsT) -> tuple[str, Mapping[str, Any]]:
        """Return the type of an event, and what is told of it."""

    async def async_will_remove_from_hass(self) -> None:
        await super().async_will_remove_from_hass()
        if self._cancel_next is not None:
            self._cancel_next()

    def _tell(self, news: Iterable[NewsT]) -> None:
        self._waiting.extend(news)
        if self._cancel_next is None:
            self._tell_next()

    @callback
    def _tell_next(self, _now: datetime | None = None) -> None:
        self._cancel_next = None
        if not self._waiting:
            return
        event_type, told = self._told(self._waiting.popleft())
        self._trigger_event(event_type, dict(told))
        self.async_write_ha_state()
        if self._waiting:
            self._cancel_next = async_call_later(self.hass, GAP, self._tell_next)


class ProblemEvent(_Teller[Change], HomelabEntity):
    """Fires for each problem that comes or goes."""

    def _told(self, news: Change) -> tuple[str, Mapping[str, Any]]:
        return news.kind.value, told_change(self.hass, news, self.coordinator.page)

    @callback
    def _handle_coordinator_update(self) -> None:
        self._tell(self.coordinator.data.changes)


class NetworkEvent(_Teller["News"], NetworkEntity):
    """Fires for a device that is new in the network, or back after a long time; never for its movements."""

    def _told(self, news: News) -> tuple[str, Mapping[str, Any]]:
        facts = self.coordinator.facts_of(news.record)
        told = {key: unlinked(str(value)) for key, value in facts.items()}
        return news.kind.value, {"name": unlinked(self.coordinator.name_of(news.record)), **told}

    @callback
    def _handle_coordinator_update(self) -> None:
        self._tell(self.coordinator.data.news)


class MonitorEvent(_Teller[Happening], MonitorEntity):
    """Fires for what happens in a system; what happened before the first look is not news."""

    _seen: object = None

    def _told(self, news: Happening) -> tuple[str, Mapping[str, Any]]:
        facts = {
            key: unlinked(value) if key != "url" and isinstance(value, str) else value
            for key, value in news.facts.items()
        }
        return news.type, facts

    @callback
    def _handle_coordinator_update(self) -> None:
        data = self.coordinator.data
        # Whether it answers is seen at the entity, too.
        self.async_write_ha_state()
        if self.coordinator.last_update_success and data is not self._seen:
            self._seen = data
            self._tell(self.coordinator.monitor.happenings(data))
