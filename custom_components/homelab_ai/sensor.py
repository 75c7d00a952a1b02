"""The sensors."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from homeassistant.components.sensor import (
    DOMAIN as SENSOR_DOMAIN,
    RestoreSensor,
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import (
    CONF_MODEL,
    MAX_LENGTH_STATE_STATE,
)
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.util import dt as dt_util

from .agent.unlinked import unlinked
from .coordinator import HomelabConfigEntry, HomelabData, MonitorCoordinator, Totals
from .coordinator.hub_figures import HUB_SENSORS, HUB_TOTALS, HubSensorDescription, HubValue
from .entity import (
    HomelabEntity,
    HubEntity,
    MonitorEntity,
    NetworkEntity,
    add_as_found,
    adding,
    forget_others,
)
from .events import told
from .health.ledger import Health, HealthData
from .health.problem import Problem, Severity
from .language.briefing import Style, brief
from .language.unseen import names_not_seen
from .monitors.monitor import MonitorSensor, Value
from .values.number import Whole, total, whole

if TYPE_CHECKING:
    from .coordinator.network import NetworkData

PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class HomelabSensorDescription(SensorEntityDescription):
    """How a sensor reads the ledger, and what it lists; no list is recorded."""

    value_fn: Callable[[HealthData], str | int]
    problems_fn: Callable[[HealthData], tuple[Problem, ...]] | None = None
    lists_not_seen: bool = False


MOST_LISTED = 20
"""Problems in an attribute; all of them are in the action `list_problems`."""
MOST_BRIEFED = 1000
"""Problems up to which an attribute has the briefing: it is composed at every change."""
HOMELAB_SENSORS = (
    HomelabSensorDescription(
        key="health",
        translation_key="health",
        device_class=SensorDeviceClass.ENUM,
        options=[health.value for health in Health],
        value_fn=lambda data: data.health.value,
        lists_not_seen=True,
    ),
    HomelabSensorDescription(
        key="problems",
        translation_key="problems",
        state_class=SensorStateClass.MEASUREMENT,
        value_fn=lambda data: len(data.problems),
        problems_fn=lambda data: data.problems,
    ),
    HomelabSensorDescription(
        key="critical_problems",
        translation_key="critical_problems",
        state_class=SensorStateClass.MEASUREMENT,
        value_fn=lambda data: data.count(Severity.CRITICAL),
    ),
    HomelabSensorDescription(
        key="muted_problems",
        translation_key="muted_problems",
        state_class=SensorStateClass.MEASUREMENT,
        value_fn=lambda data: len(data.muted),
        problems_fn=lambda data: data.muted,
    ),
)


@dataclass(frozen=True, kw_only=True)
class NetworkSensorDescription(SensorEntityDescription):
    """How a sensor reads the network."""

    value_fn: Callable[[NetworkData], int | None]


NETWORK_SENSORS = (
    NetworkSensorDescription(
        key="network_devices",
        translation_key="network_devices",
        state_class=SensorStateClass.MEASUREMENT,
        value_fn=lambda data: data.present,
    ),
    NetworkSensorDescription(
        key="new_devices",
        translation_key="new_devices",
        state_class=SensorStateClass.MEASUREMENT,
        value_fn=lambda data: len(data.waiting),
    ),
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: HomelabConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the sensors of the homelab, of each hub and of each monitored system."""
    async_add_entities = adding(entry, async_add_entities)
    homelab = entry.runtime_data
    async_add_entities(HomelabSensor(homelab.health, description) for description in HOMELAB_SENSORS)
    if (network := homelab.network) is not None:
        async_add_entities(NetworkSensor(network, description) for description in NETWORK_SENSORS)

    def add_sensors_of(monitor: MonitorCoordinator) -> None:
        sensors = monitor.monitor.sensors()
        forget_others(monitor, SENSOR_DOMAIN, sensors)
        add_as_found(
            monitor,
            sensors,
            lambda coordinator, found: async_add_entities(
                [MonitorSensorEntity(coordinator, description) for description in found],
                config_subentry_id=coordinator.source,
            ),
        )

    homelab.for_each_system(add_sensors_of)
    for hub in homelab.hubs:
        async_add_entities(
            [
                *(
                    (HubMeasured if description.is_measured else HubSensor)(hub, description)
                    for description in HUB_SENSORS
                ),
                *(HubTotal(hub, description) for description in HUB_TOTALS),
            ],
            config_subentry_id=hub.subentry_id,
        )


class HubSensor(HubEntity, SensorEntity):
    """A figure of a hub as it is now."""

    entity_description: HubSensorDescription
    # Lists and details are for dashboards; the history is about the figure.
    _unrecorded_attributes = frozenset({"models", "voice", "task", "background", CONF_MODEL, "status"})

    @property
    def native_value(self) -> HubValue:
        return self.entity_description.value_fn(self.coordinator.data)

    @property
    def extra_state_attributes(self) -> Mapping[str, Any] | None:
        attributes_fn = self.entity_description.attributes_fn
        return attributes_fn(self.coordinator.data) if attributes_fn else None


class HubMeasured(HubSensor, RestoreSensor):
    """A figure of the last answer: it stands until the next one, also over a restart."""

    _before: float | None = None

    async def async_added_to_hass(self) -> None:
        await super().async_added_to_hass()
        restored = await self.async_get_last_sensor_data()
        if restored is not None and isinstance(restored.native_value, int | float):
            self._before = restored.native_value

    @property
    def native_value(self) -> HubValue:
        measured = super().native_value
        return self._before if measured is None else measured


class HubTotal(HubEntity, RestoreSensor):
    """A total that goes on where it was before a restart; it counts on while the hub is off."""

    entity_description: HubSensorDescription
    _before: int = 0

    async def async_added_to_hass(self) -> None:
        await super().async_added_to_hass()
        restored = await self.async_get_last_sensor_data()
        kept = self._totals.find(self.coordinator.source, self.entity_description.key)
        # What Home Assistant restores may be a quarter of an hour old.
        self._before = kept or whole(restored.native_value if restored else None) or 0

    @property
    def _totals(self) -> Totals:
        totals: Totals = self.coordinator.config_entry.runtime_data.totals
        return totals

    @callback
    def _handle_coordinator_update(self) -> None:
        self._totals.keep(self.coordinator.source, self.entity_description.key, self.native_value)
        super()._handle_coordinator_update()

    @property
    def available(self) -> bool:
        """Return whether there is a count at all, whatever the hub does."""
        return self.coordinator.last_update_success

    @property
    def native_value(self) -> Whole:
        counted = self.entity_description.value_fn(self.coordinator.data)
        # No larger than the file can keep in which Home Assistant restores the totals of the whole house.
        return total((self._before, counted if isinstance(counted, int) else 0))


class MonitorSensorEntity(MonitorEntity, SensorEntity):
    """A figure of a monitored system."""

    entity_description: MonitorSensor[Any]

    @property
    def available(self) -> bool:
        """Return whether the system answers and the figure exists."""
        return super().available and self.entity_description.available_fn(self.coordinator.data)

    @property
    def native_value(self) -> Value:
        value = self.entity_description.value_fn(self.coordinator.data)
        return value[:MAX_LENGTH_STATE_STATE] if isinstance(value, str) else value

    @property
    def extra_state_attributes(self) -> Mapping[str, Any] | None:
        return self.entity_description.attributes_fn(self.coordinator.data) if self.available else None


class HomelabSensor(HomelabEntity, SensorEntity):
    """A figure of the homelab as a whole."""

    entity_description: HomelabSensorDescription
    _unrecorded_attributes = frozenset({"briefing", "problems", "not_seen"})

    @property
    def native_value(self) -> str | int:
        return self.entity_description.value_fn(self.coordinator.data)

    @property
    def extra_state_attributes(self) -> Mapping[str, Any] | None:
        if self.entity_description.lists_not_seen:
            names = names_not_seen(self.coordinator.data.not_seen, self.hass.config.language)
            return {"not_seen": names[:MOST_LISTED], "briefing": self._briefing()}
        problems_fn = self.entity_description.problems_fn
        if problems_fn is None:
            return None
        listed = problems_fn(self.coordinator.data)[:MOST_LISTED]
        return {"problems": [self._told(problem) for problem in listed]}

    def _told(self, problem: Problem) -> dict[str, Any]:
        data = told(self.hass, problem, self.coordinator.page)
        if until := self.coordinator.muted_until(problem.id):
            data["muted_until"] = dt_util.as_local(until).isoformat(timespec="seconds")
        return data

    def _briefing(self) -> str | None:
        """Return the written briefing, for a card, an e-mail or a display; None of a flood."""
        if len(self.coordinator.data.problems) > MOST_BRIEFED:
            return None
        homelab: HomelabData = self.coordinator.config_entry.runtime_data
        return unlinked(brief(homelab.situation(), self.hass.config.language, Style.WRITTEN))


class NetworkSensor(NetworkEntity, SensorEntity):
    """How many devices there are in the network."""

    entity_description: NetworkSensorDescription

    @property
    def native_value(self) -> int | None:
        return self.entity_description.value_fn(self.coordinator.data)
