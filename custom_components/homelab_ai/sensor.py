"""The sensors."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
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
    EntityCategory,
    UnitOfInformation,
    UnitOfRatio,
    UnitOfTime,
)
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import HomelabConfigEntry, HubData, MonitorCoordinator, Totals
from .entity import HomelabEntity, HubEntity, MonitorEntity, NetworkEntity, add_as_found, forget_others
from .events import told
from .health.ledger import Health, HealthData
from .health.problem import Problem, Severity
from .hub.measurements import Measurement
from .language.unseen import names_not_seen
from .monitors.monitor import MonitorSensor, Value
from .values.number import Whole, total, whole

if TYPE_CHECKING:
    from .coordinator.network import NetworkData

PARALLEL_UPDATES = 0

type HubValue = str | int | float | datetime | None


@dataclass(frozen=True, kw_only=True)
class HubSensorDescription(SensorEntityDescription):
    """How a sensor reads a hub, and what more it tells; `attributes` are never recorded."""

    value_fn: Callable[[HubData], HubValue]
    attributes_fn: Callable[[HubData], Mapping[str, Any]] | None = None


def _measured(key: str, decimals: int, **options: Any) -> HubSensorDescription:
    """Return the sensor of one figure of the last answered request; its attributes tell it per purpose."""

    def figure(measured: Measurement | None) -> float | None:
        exact: float | None = getattr(measured, key, None)
        # What differs from before by less than anybody can see would be another state, and noise in a graph.
        return None if exact is None else round(exact, decimals)

    def by_purpose(data: HubData) -> Mapping[str, Any]:
        last = data.measurements.last
        figures: dict[str, Any] = {
            purpose.value: figure(other) for purpose, other in data.measurements.by_purpose.items()
        }
        return {**figures, CONF_MODEL: last.model} if last else figures

    return HubSensorDescription(
        key=key,
        translation_key=key,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=decimals,
        value_fn=lambda data: figure(data.measurements.last),
        attributes_fn=by_purpose,
        **options,
    )


_SECONDS: dict[str, Any] = {
    "device_class": SensorDeviceClass.DURATION,
    "native_unit_of_measurement": UnitOfTime.SECONDS,
}
_BYTES: dict[str, Any] = {
    "device_class": SensorDeviceClass.DATA_SIZE,
    "native_unit_of_measurement": UnitOfInformation.BYTES,
    "suggested_unit_of_measurement": UnitOfInformation.GIBIBYTES,
    "suggested_display_precision": 1,
    "state_class": SensorStateClass.MEASUREMENT,
}

HUB_SENSORS = (
    HubSensorDescription(
        key="version",
        translation_key="version",
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda data: data.state.version,
    ),
    HubSensorDescription(
        key="response_time",
        translation_key="response_time",
        device_class=SensorDeviceClass.DURATION,
        native_unit_of_measurement=UnitOfTime.MILLISECONDS,
        suggested_display_precision=0,
        state_class=SensorStateClass.MEASUREMENT,
        entity_category=EntityCategory.DIAGNOSTIC,
        # Another value at every look: two a minute to record, for what few people watch.
        entity_registry_enabled_default=False,
        value_fn=lambda data: None if (time := data.state.response_time) is None else round(time * 1000, 1),
    ),
    HubSensorDescription(
        key="models_installed",
        translation_key="models_installed",
        state_class=SensorStateClass.MEASUREMENT,
        value_fn=lambda data: len(data.state.installed),
        attributes_fn=lambda data: {"models": sorted(model.name for model in data.state.installed)},
    ),
    HubSensorDescription(
        key="models_size",
        translation_key="models_size",
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda data: data.state.models_size,
        **_BYTES,
    ),
    HubSensorDescription(
        key="models_loaded",
        translation_key="models_loaded",
        state_class=SensorStateClass.MEASUREMENT,
        value_fn=lambda data: len(data.state.loaded),
        attributes_fn=lambda data: {"models": [asdict(model) for model in data.state.loaded]},
    ),
    HubSensorDescription(
        key="vram_used", translation_key="vram_used", value_fn=lambda data: data.state.vram_used, **_BYTES
    ),
    HubSensorDescription(
        key="vram_total",
        translation_key="vram_total",
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda data: data.vram_total,
        **_BYTES,
    ),
    HubSensorDescription(
        key="vram_usage",
        translation_key="vram_usage",
        native_unit_of_measurement=UnitOfRatio.PERCENTAGE,
        suggested_display_precision=0,
        state_class=SensorStateClass.MEASUREMENT,
        value_fn=lambda data: (
            round(100 * data.state.vram_used / data.vram_total, 1) if data.vram_total else None
        ),
    ),
    HubSensorDescription(
        key="ram_spill", translation_key="ram_spill", value_fn=lambda data: data.state.ram_spill, **_BYTES
    ),
    HubSensorDescription(
        key="next_unload",
        translation_key="next_unload",
        device_class=SensorDeviceClass.TIMESTAMP,
        # To the minute: every request moves it by seconds, and the logbook would tell each time.
        value_fn=lambda data: (
            None if (time := data.state.next_unload) is None else time.replace(second=0, microsecond=0)
        ),
    ),
    HubSensorDescription(
        key="download",
        translation_key="download",
        native_unit_of_measurement=UnitOfRatio.PERCENTAGE,
        value_fn=lambda data: data.downloads[0].percent if data.downloads else None,
        attributes_fn=lambda data: {
            CONF_MODEL: data.downloads[0].model if data.downloads else None,
            "status": data.downloads[0].status if data.downloads else None,
        },
    ),
    _measured("time_to_first_token", 2, **_SECONDS),
    _measured("load_time", 2, **_SECONDS),
    _measured("prompt_speed", 1),
    _measured("generation_speed", 1),
)


def _total(key: str) -> HubSensorDescription:
    """Return the sensor of a total since the integration was set up; its unit is translated."""
    return HubSensorDescription(
        key=key,
        translation_key=key,
        state_class=SensorStateClass.TOTAL_INCREASING,
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda data: getattr(data.measurements, key),
    )


HUB_TOTALS = (
    _total("prompt_tokens"),
    _total("generated_tokens"),
    _total("requests"),
    _total("failed_requests"),
)


@dataclass(frozen=True, kw_only=True)
class HomelabSensorDescription(SensorEntityDescription):
    """How a sensor reads the ledger, and what it lists; no list is recorded."""

    value_fn: Callable[[HealthData], str | int]
    problems_fn: Callable[[HealthData], tuple[Problem, ...]] | None = None
    lists_not_seen: bool = False


MOST_LISTED = 20
"""Problems in an attribute; all of them are in the action `list_problems`."""
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
                *(HubSensor(hub, description) for description in HUB_SENSORS),
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
    _unrecorded_attributes = frozenset({"problems", "not_seen"})

    @property
    def native_value(self) -> str | int:
        return self.entity_description.value_fn(self.coordinator.data)

    @property
    def extra_state_attributes(self) -> Mapping[str, Any] | None:
        if self.entity_description.lists_not_seen:
            names = names_not_seen(self.coordinator.data.not_seen, self.hass.config.language)
            return {"not_seen": names[:MOST_LISTED]}
        problems_fn = self.entity_description.problems_fn
        if problems_fn is None:
            return None
        listed = problems_fn(self.coordinator.data)[:MOST_LISTED]
        return {"problems": [told(self.hass, problem, self.coordinator.page) for problem in listed]}


class NetworkSensor(NetworkEntity, SensorEntity):
    """How many devices there are in the network."""

    entity_description: NetworkSensorDescription

    @property
    def native_value(self) -> int | None:
        return self.entity_description.value_fn(self.coordinator.data)
