"""The devices of hubs and systems."""

from typing import TYPE_CHECKING

from homeassistant.helpers import device_registry as dr

if TYPE_CHECKING:
    from .hub import HubCoordinator
    from .monitor import MonitorCoordinator


def note_version(coordinator: HubCoordinator | MonitorCoordinator, version: str | None) -> None:
    """Keep the version on the device's page: its entities tell it only when they are added."""
    registry = dr.async_get(coordinator.hass)
    entry_id = coordinator.config_entry.entry_id
    device = registry.async_get_device_by_identifier(coordinator.device_identifier, entry_id)
    if device is not None:
        registry.async_update_device(device.id, sw_version=version)
