"""Sensors that several kinds of systems have."""

from typing import Any

from homeassistant.components.sensor import SensorDeviceClass, SensorStateClass
from homeassistant.const import EntityCategory, UnitOfTime

from .monitor import MonitorSensor


def response_time() -> MonitorSensor[Any]:
    """Return the sensor of how long a system takes to answer; its data has `response_time` in seconds."""
    return MonitorSensor(
        key="response_time",
        translation_key="response_time",
        device_class=SensorDeviceClass.DURATION,
        native_unit_of_measurement=UnitOfTime.MILLISECONDS,
        suggested_display_precision=0,
        state_class=SensorStateClass.MEASUREMENT,
        entity_category=EntityCategory.DIAGNOSTIC,
        # Another value at every look: two a minute to record, for what few people watch.
        entity_registry_enabled_default=False,
        value_fn=lambda data: round(data.response_time * 1000, 1),
    )


def version() -> MonitorSensor[Any]:
    """Return the sensor of a system's version; its data has `version`, empty where it does not say."""
    return MonitorSensor(
        key="version",
        translation_key="version",
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda data: data.version or None,
        exists_fn=lambda data: bool(data.version),
    )
