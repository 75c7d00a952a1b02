"""The card on the system information page."""

from typing import Any

from homeassistant.components.system_health import SystemHealthRegistration
from homeassistant.core import HomeAssistant, callback

from .const import DOMAIN
from .coordinator import HomelabConfigEntry


@callback
def async_register(hass: HomeAssistant, register: SystemHealthRegistration) -> None:
    """Register the card."""
    register.async_register_info(_async_info)


async def _async_info(hass: HomeAssistant) -> dict[str, Any]:
    """Return what is known already: the card must not wait for a hub that is off."""
    entries: list[HomelabConfigEntry] = hass.config_entries.async_loaded_entries(DOMAIN)
    hubs = [hub for entry in entries for hub in entry.runtime_data.hubs]
    online = [hub for hub in hubs if hub.data.state.online]
    known = [hub for hub in hubs if hub.data.answers_anybody is not None]
    is_open = ", ".join(hub.name for hub in known if hub.data.answers_anybody)
    return {
        "hubs": len(hubs),
        "hubs_online": len(online),
        "hub_versions": ", ".join(hub.data.state.version or "?" for hub in online),
        "models_loaded": ", ".join(model.name for hub in online for model in hub.data.state.loaded),
        "agents": sum(len(entry.runtime_data.agents) for entry in entries),
        "failed_requests": sum(hub.data.measurements.failed_requests for hub in hubs),
        **({"open_hubs": is_open or "–"} if known else {}),
    }
