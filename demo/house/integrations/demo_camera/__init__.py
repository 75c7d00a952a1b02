"""A made-up camera of the demo's house: it stands for all that reaches the homelab by a host."""

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant

DOMAIN = "demo_camera"
_PLATFORMS = (Platform.BINARY_SENSOR,)


async def async_setup_entry(hass: HomeAssistant, entry: ConfigEntry) -> bool:
    """Set up a camera."""
    await hass.config_entries.async_forward_entry_setups(entry, _PLATFORMS)
    return True


async def async_unload_entry(hass: HomeAssistant, entry: ConfigEntry) -> bool:
    """Unload a camera."""
    return await hass.config_entries.async_unload_platforms(entry, _PLATFORMS)
