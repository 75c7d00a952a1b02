"""The sensor of a query that a person has chosen."""

from collections.abc import Mapping
from functools import partial
from typing import Protocol

from homeassistant.components.sensor import DEVICE_CLASS_UNITS, SensorDeviceClass, SensorStateClass

from .monitor import MonitorSensor
from .queries import Query, Reading


class HasReadings(Protocol):
    """Data with the readings of queries by their keys."""

    @property
    def queries(self) -> Mapping[str, Reading | None]:
        """Return them; None where a query has no series."""


def _query_value(key: str, data: HasReadings) -> float | None:
    reading = data.queries[key]
    return None if reading is None else reading.value


def _query_series(key: str, data: HasReadings) -> dict[str, object] | None:
    """Return which of the series a sensor shows, and how many there are."""
    reading = data.queries[key]
    return None if reading is None else {"series": reading.series, "series_count": reading.count}


_BY_UNIT: Mapping[object, SensorDeviceClass] = {
    unit: device_class
    for device_class in (
        SensorDeviceClass.CURRENT,
        SensorDeviceClass.DATA_RATE,
        SensorDeviceClass.DATA_SIZE,
        SensorDeviceClass.DURATION,
        SensorDeviceClass.FREQUENCY,
        SensorDeviceClass.POWER,
        SensorDeviceClass.TEMPERATURE,
        SensorDeviceClass.VOLTAGE,
    )
    for unit in DEVICE_CLASS_UNITS[device_class]
}
"""What a figure is about, where its unit says so; of a share of 100 nobody knows what it is a share of."""


def query_sensor(query: Query) -> MonitorSensor[HasReadings]:
    """Return the sensor of a query; its name is the one that its person gave it."""
    return MonitorSensor(
        key=query.key,
        name=query.name,
        device_class=_BY_UNIT.get(query.unit),
        native_unit_of_measurement=query.unit,
        suggested_display_precision=2,
        state_class=SensorStateClass.MEASUREMENT,
        value_fn=partial(_query_value, query.key),
        available_fn=lambda data: data.queries[query.key] is not None,
        attributes_fn=partial(_query_series, query.key),
    )
