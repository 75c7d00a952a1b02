"""What browsers load: the JavaScript under its version, for as long as there is a homelab."""

import json
from pathlib import Path
from typing import Any

from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.homelab_ai.const import DOMAIN
from demo.servers.ollama import OllamaServer
from homeassistant.components.frontend import DATA_EXTRA_MODULE_URL, UrlManager
from homeassistant.core import HomeAssistant

from ..acting import second_homelab
from ..common import homelab_entry, set_up

PACKAGE = Path(__file__).parents[2] / "custom_components" / DOMAIN
JAVASCRIPT = PACKAGE / "frontend" / "js"
VERSION = json.loads((PACKAGE / "manifest.json").read_text())["version"]
URL = f"/{DOMAIN}/{VERSION}/homelab-ai.js"
MOST_BYTES = 20 * 1024


def with_frontend(hass: HomeAssistant) -> UrlManager:
    """Pretend that the frontend is set up, without its 100 MB."""
    manager = UrlManager(lambda *_: None, [])
    hass.data[DATA_EXTRA_MODULE_URL] = manager  # type: ignore[misc]
    hass.config.components.add("frontend")
    return manager


def test_it_is_small() -> None:
    sizes = {path.name: path.stat().st_size for path in JAVASCRIPT.iterdir()}
    assert sum(sizes.values()) <= MOST_BYTES, sizes


def test_foreign_text_is_never_markup() -> None:
    source = "\n".join(path.read_text() for path in JAVASCRIPT.glob("*.js"))
    for markup in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("):
        assert markup not in source


async def test_it_is_served_under_its_version(
    hass: HomeAssistant, hub: OllamaServer, hass_client_no_auth: ClientSessionGenerator
) -> None:
    await set_up(hass, homelab_entry(hub.url))
    client = await hass_client_no_auth()
    for path in JAVASCRIPT.glob("*.js"):
        response = await client.get(f"/{DOMAIN}/{VERSION}/{path.name}")
        assert response.status == 200
        assert response.content_type == "text/javascript"
        assert "max-age" in response.headers["Cache-Control"]
        assert await response.text() == path.read_text()
    assert (await client.get(f"/{DOMAIN}/{VERSION}/../manifest.json")).status == 404


async def test_it_is_loaded_until_the_last_homelab_goes(hass: HomeAssistant, hub: OllamaServer) -> None:
    urls = with_frontend(hass)
    first = await set_up(hass, homelab_entry(hub.url))
    second = await set_up(hass, second_homelab(hub.url))
    assert urls.urls == {URL}
    await hass.config_entries.async_reload(first.entry_id)
    assert urls.urls == {URL}
    await hass.config_entries.async_unload(first.entry_id)
    assert urls.urls == {URL}
    await hass.config_entries.async_unload(second.entry_id)
    assert urls.urls == set()


def leftovers(hass: HomeAssistant) -> tuple[Any, ...]:
    """Return what stays registered in Home Assistant."""
    resources = [str(resource) for resource in hass.http.app.router.resources()]
    return sorted(resources), sorted(hass.data["websocket_api"])


async def test_reloads_leave_nothing_behind(hass: HomeAssistant, hub: OllamaServer) -> None:
    urls = with_frontend(hass)
    entry = await set_up(hass, homelab_entry(hub.url))
    before = leftovers(hass)
    assert f"{DOMAIN}/subscribe_problems" in before[1]
    for _ in range(3):
        await hass.config_entries.async_reload(entry.entry_id)
    assert leftovers(hass) == before
    assert urls.urls == {URL}


async def test_a_house_without_frontend(hass: HomeAssistant, hub: OllamaServer) -> None:
    entry = await set_up(hass, homelab_entry(hub.url))
    assert entry.state.value == "loaded"
    assert DATA_EXTRA_MODULE_URL not in hass.data
