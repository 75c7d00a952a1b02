"""The dashboard strategy and its two cards: what browsers load, and what the cards subscribe to."""

from functools import partial
from pathlib import Path

from homeassistant.components import frontend, websocket_api
from homeassistant.components.http import StaticPathConfig
from homeassistant.core import HomeAssistant, callback
from homeassistant.loader import async_get_integration

from ..const import DOMAIN
from ..coordinator import HomelabConfigEntry
from .subscription import subscribe_inbox, subscribe_problems

__all__ = ["async_load_in_browsers", "async_serve"]

_FOLDER = Path(__file__).parent / "js"


async def async_serve(hass: HomeAssistant) -> None:
    """Serve the JavaScript and the cards' commands for as long as Home Assistant runs: once, not per homelab.

    The version is part of the path, so that browsers keep the files until an update.
    """
    path = await _path(hass)
    await hass.http.async_register_static_paths([StaticPathConfig(path, str(_FOLDER), cache_headers=True)])
    websocket_api.async_register_command(hass, subscribe_problems)
    websocket_api.async_register_command(hass, subscribe_inbox)


async def async_load_in_browsers(hass: HomeAssistant, entry: HomelabConfigEntry) -> None:
    """Have browsers load the JavaScript until the last homelab is unloaded; without a frontend do nothing."""
    if frontend.DOMAIN not in hass.config.components:
        return
    url = f"{await _path(hass)}/homelab-ai.js"
    frontend.add_extra_js_url(hass, url)
    entry.async_on_unload(partial(_unload, hass, entry, url))


@callback
def _unload(hass: HomeAssistant, entry: HomelabConfigEntry, url: str) -> None:
    if all(other is entry for other in hass.config_entries.async_loaded_entries(DOMAIN)):
        frontend.remove_extra_js_url(hass, url)


async def _path(hass: HomeAssistant) -> str:
    integration = await async_get_integration(hass, DOMAIN)
    return f"/{DOMAIN}/{integration.version}"
