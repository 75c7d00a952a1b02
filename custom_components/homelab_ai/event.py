"""The event entity of the homelab: one for all problems."""

from homeassistant.components.event import EventEntity, EventEntityDescription
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import HomelabConfigEntry
from .entity import HomelabEntity
from .events import problem_data
from .health.ledger import ChangeKind

PARALLEL_UPDATES = 0

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

    @callback
    def _handle_coordinator_update(self) -> None:
        for change in self.coordinator.data.changes:
            self._trigger_event(change.kind.value, problem_data(change.problem))
            # Written each time, for the next one replaces it.
            self.async_write_ha_state()
