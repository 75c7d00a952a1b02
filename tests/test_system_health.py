"""The card on the system information page."""

from freezegun.api import FrozenDateTimeFactory
from pytest_homeassistant_custom_component.common import get_system_health_info

from custom_components.homelab_ai.const import DOMAIN
from demo.servers.ollama import Fault, OllamaServer
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component

from .common import MODEL, ask, homelab_entry, hub_subentry, is_error, set_up
from .looking import pass_time
from .translations import load


async def test_card(hass: HomeAssistant, hub: OllamaServer, freezer: FrozenDateTimeFactory) -> None:
    async with OllamaServer(version="0.30.1") as other:
        entry = homelab_entry(hub.url, hub_subentry(other.url))
        await hub.load(MODEL)
        await other.load("gemma3:4b")
        await set_up(hass, entry)
        await async_setup_component(hass, "system_health", {})
        await hass.async_block_till_done()
        card = await get_system_health_info(hass, DOMAIN)
        assert card == {
            "hubs": 2,
            "hubs_online": 2,
            "hub_versions": "0.33.0, 0.30.1",
            "models_loaded": "llama3.1:8b, gemma3:4b",
            "agents": 0,
            "failed_requests": 0,
        }
        await other.stop()
        await pass_time(hass, freezer)
        card = await get_system_health_info(hass, DOMAIN)
        assert (card["hubs"], card["hubs_online"], card["hub_versions"]) == (2, 1, "0.33.0")
        assert card["models_loaded"] == "llama3.1:8b"
        await hass.config_entries.async_unload(entry.entry_id)
        card = await get_system_health_info(hass, DOMAIN)
        assert (card["hubs"], card["hubs_online"], card["hub_versions"]) == (0, 0, "")


async def test_counts_agents_and_failures(
    hass: HomeAssistant, hub: OllamaServer, freezer: FrozenDateTimeFactory
) -> None:
    await set_up(hass, homelab_entry(hub.url))
    hub.inject(Fault.error_line("out of memory"))
    assert is_error(await ask(hass, "Hello"))
    await pass_time(hass, freezer)
    await async_setup_component(hass, "system_health", {})
    await hass.async_block_till_done()
    card = await get_system_health_info(hass, DOMAIN)
    assert (card["agents"], card["failed_requests"]) == (2, 1)


async def test_does_not_wait_for_a_hub(hass: HomeAssistant, hub: OllamaServer) -> None:
    await set_up(hass, homelab_entry(hub.url))
    await async_setup_component(hass, "system_health", {})
    await hass.async_block_till_done()
    asked = len(hub.requests)
    await get_system_health_info(hass, DOMAIN)
    assert len(hub.requests) == asked


async def test_every_line_has_a_name(hass: HomeAssistant, hub: OllamaServer) -> None:
    await set_up(hass, homelab_entry(hub.url))
    await async_setup_component(hass, "system_health", {})
    await hass.async_block_till_done()
    card = await get_system_health_info(hass, DOMAIN)
    for language in ("en", "de"):
        assert all(load(language)["system_health", "info", key] for key in card)
