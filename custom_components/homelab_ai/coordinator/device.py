"""The devices of hubs and systems."""

from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr


def note_version(
    hass: HomeAssistant, entry_id: str, identifier: tuple[str, str], version: str | None
) -> None:
    """Keep the version on the device's page: its entities tell it only when they are added."""
    registry = dr.async_get(hass)
    device = registry.async_get_device_by_identifier(identifier, entry_id)
    if device is not None:
        registry.async_update_device(device.id, sw_version=version)
