"""The event entity of the homelab: one for all problems."""

from collections import deque
from datetime import datetime

from homeassistant.components.event import EventEntity, EventEntityDescription
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.event import async_call_later

from .coordinator import HealthCoordinator, HomelabConfigEntry
from .entity import HomelabEntity
from .events import told_change
from .health.ledger import Change, ChangeKind

PARALLEL_UPDATES = 0

GAP = 0.002
"""Seconds between two events: the state is a time in milliseconds, and triggers wait for another state."""
MOST_WAITING = 2000
"""Events that wait for their turn, some seconds of them; where more come the oldest are left out. The bus has
them all, and so have the actions."""
PROBLEM = EventEntityDescription(
    key="problem", translation_key="problem", event_types=[kind.value for kind in ChangeKind]
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: HomelabConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the event of the homelab."""
    async_add_entities([ProblemEvent(entry.runtime_data.health, PROBLEM)])


class ProblemEvent(HomelabEntity, EventEntity):
    """Fires for each problem that comes or goes, one after another where several do at once."""

    def __init__(self, coordinator: HealthCoordinator, description: EventEntityDescription) -> None:
        """Have nothing to tell yet."""
        super().__init__(coordinator, description)
        self._waiting: deque[Change] = deque(maxlen=MOST_WAITING)
        self._cancel_next: CALLBACK_TYPE | None = None

    async def async_will_remove_from_hass(self) -> None:
        await super().async_will_remove_from_hass()
        if self._cancel_next is not None:
            self._cancel_next()

    @callback
    def _handle_coordinator_update(self) -> None:
        self._waiting.extend(self.coordinator.data.changes)
        if self._cancel_next is None:
            self._tell_next()

    @callback
    def _tell_next(self, _now: datetime | None = None) -> None:
        self._cancel_next = None
        if not self._waiting:
            return
        change = self._waiting.popleft()
        self._trigger_event(change.kind.value, told_change(self.hass, change))
        self.async_write_ha_state()
        if self._waiting:
            self._cancel_next = async_call_later(self.hass, GAP, self._tell_next)
