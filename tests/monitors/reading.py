"""What the entities of a monitor would show."""

from typing import Any

from custom_components.homelab_ai.monitors import Monitor

UNAVAILABLE = "unavailable"


def sensors(monitor: Monitor[Any], data: Any) -> dict[str, Any]:
    """Return the values of those sensors that exist, by key."""
    return {
        one.key: one.value_fn(data) if one.available_fn(data) else UNAVAILABLE
        for one in monitor.sensors()
        if one.exists_fn(data)
    }


def binary_sensors(monitor: Monitor[Any], data: Any) -> dict[str, bool | None]:
    """Return the values of those binary sensors that exist, by key."""
    return {one.key: one.value_fn(data) for one in monitor.binary_sensors() if one.exists_fn(data)}


def problems(monitor: Monitor[Any], data: Any) -> dict[str, str]:
    """Return what is wrong and reaches people: severity and summary by the id within the source."""
    found = monitor.problems(data)
    assert all(one.id == key and one.source == monitor.settings.source for key, one in found.items())
    return {
        key.removeprefix(f"{monitor.settings.source}:"): f"{one.severity}: {one.summary}"
        for key, one in found.items()
        if not one.suppressed
    }
