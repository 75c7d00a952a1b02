"""The button that gives the GPU's memory back."""

import asyncio

import pytest
from syrupy.assertion import SnapshotAssertion

from custom_components.homelab_ai.hub.downloads import DownloadCancelledError
from demo.servers.ollama import OllamaServer, Timing
from demo.servers.ollama.catalogue import LLAMA
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError, Unauthorized

from .acting import person
from .common import MODEL, homelab_entry, hub_subentry, set_up
from .looking import ENTRY_ID, assert_platform, entity_id, sensor, standby, state, until

NEW = "qwen3:32b"


async def press(
    hass: HomeAssistant,
    stem: str = ENTRY_ID,
    key: str = "unload_models",
    context: Context | None = None,
) -> None:
    button = entity_id(hass, "button", key, stem)
    await hass.services.async_call("button", "press", {"entity_id": button}, blocking=True, context=context)


async def test_buttons(hass: HomeAssistant, hub: OllamaServer, snapshot: SnapshotAssertion) -> None:
    await set_up(hass, homelab_entry(hub.url))
    assert_platform(hass, snapshot, "button")


async def test_unloads_all_models_whoever_loaded_them(hass: HomeAssistant, hub: OllamaServer) -> None:
    await hub.load(MODEL, 8192)
    await hub.load("nomic-embed-text", keep_alive=-1)
    await set_up(hass, homelab_entry(hub.url))
    assert sensor(hass, "models_loaded") == "2"
    await press(hass)
    assert hub.loaded == {}
    # Seen at once, not with the next look half a minute later.
    assert sensor(hass, "models_loaded") == "0"


async def test_unloads_those_of_its_own_hub(hass: HomeAssistant, hub: OllamaServer) -> None:
    async with OllamaServer() as other:
        await hub.load(MODEL)
        await other.load(MODEL)
        entry = await set_up(hass, homelab_entry(hub.url, hub_subentry(other.url)))
        await press(hass, standby(entry))
        assert list(hub.loaded) == [MODEL]
        assert other.loaded == {}


async def test_says_that_the_hub_does_not_answer(hass: HomeAssistant, hub: OllamaServer) -> None:
    """The hub went off since it was looked at last."""
    await set_up(hass, homelab_entry(hub.url))
    await hub.stop()
    with pytest.raises(HomeAssistantError, match=r"^Ollama does not answer: ") as raised:
        await press(hass)
    assert raised.value.translation_key == "cannot_connect"


async def test_cannot_be_pressed_while_the_hub_is_known_to_be_off(
    hass: HomeAssistant, hub: OllamaServer
) -> None:
    await hub.stop()
    await set_up(hass, homelab_entry(hub.url))
    assert state(hass, "button", "unload_models").state == STATE_UNAVAILABLE


async def test_only_administrators_may_press(hass: HomeAssistant, hub: OllamaServer) -> None:
    """As with the actions that do the same; who is nobody is an automation."""
    await hub.load(MODEL)
    await set_up(hass, homelab_entry(hub.url))
    resident = await person(hass, "Kim", admin=False)
    with pytest.raises(Unauthorized):
        await press(hass, context=resident)
    assert list(hub.loaded) == [MODEL]
    await press(hass, context=await person(hass, "Ada", admin=True))
    assert hub.loaded == {}
    # One after another: the context of the one before must not count for an automation.
    await hub.load(MODEL)
    with pytest.raises(Unauthorized):
        await press(hass, context=resident)
    await press(hass)
    assert hub.loaded == {}


async def test_only_administrators_may_cancel(hass: HomeAssistant, socket_enabled: None) -> None:
    async with OllamaServer([LLAMA], timing=Timing(pull_bytes_per_second=1e6)) as hub:
        entry = await set_up(hass, homelab_entry(hub.url))
        downloads = entry.runtime_data.hubs[0].server.downloads
        download = asyncio.create_task(downloads.pull(NEW))
        await until(lambda: downloads.current)
        with pytest.raises(Unauthorized):
            await press(hass, key="cancel_download", context=await person(hass, "Kim", admin=False))
        assert [one.model for one in downloads.current] == [NEW]
        await press(hass, key="cancel_download")
        with pytest.raises(DownloadCancelledError):
            await download
