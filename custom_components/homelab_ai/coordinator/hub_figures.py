"""What the sensors of a hub show: figures of now, of the last request, and totals."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from homeassistant.components.sensor import SensorDeviceClass, SensorEntityDescription, SensorStateClass
from homeassistant.const import CONF_MODEL, EntityCategory, UnitOfInformation, UnitOfRatio, UnitOfTime

from ..hub.measurements import Measurement
from .hub import HubData

type HubValue = str | int | float | datetime | None


@dataclass(frozen=True, kw_only=True)
class HubSensorDescription(SensorEntityDescription):
    """How a sensor reads a hub, and what more it tells; `attributes` are never recorded."""

    value_fn: Callable[[HubData], HubValue]
    attributes_fn: Callable[[HubData], Mapping[str, Any]] | None = None
    is_measured: bool = False
    """Whether it stands until something else is measured."""


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
        is_measured=True,
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
