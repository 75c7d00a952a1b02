"""The actions for models: listing, downloading, deleting, copying, loading and unloading them."""

import asyncio
from collections.abc import AsyncGenerator
from functools import partial
import logging
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from syrupy.assertion import SnapshotAssertion
from syrupy.filters import props

from custom_components.homelab_ai.api.registry import RegistryClient
from custom_components.homelab_ai.hub import connection
from demo.servers.ollama import Fault, OllamaServer, Timing
from demo.servers.ollama.catalogue import GEMMA, LLAMA, NOMIC
from demo.servers.registry import RegistryServer
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError

from .acting import act, second_homelab
from .common import MODEL, ai_task_subentry, conversation_subentry, homelab_entry, hub_subentry, set_up
from .looking import ENTRY_ID, device, pass_time, sensor, standby, until

NEW = "qwen3:32b"
GIB = 1024**3


@pytest.fixture(autouse=True)
async def registry(socket_enabled: None, monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[RegistryServer]:
    """The model registry, moved to this machine."""
    async with RegistryServer() as server:
        here = partial(RegistryClient, models=server.url, releases=server.url, manifests=server.url)
        monkeypatch.setattr(connection, "RegistryClient", here)
        yield server


@pytest.fixture
async def hub(socket_enabled: None) -> AsyncGenerator[OllamaServer]:
    """A hub with three models."""
    async with OllamaServer([LLAMA, GEMMA, NOMIC], timing=Timing.instant()) as server:
        yield server


@pytest.fixture
async def slow(socket_enabled: None) -> AsyncGenerator[OllamaServer]:
    """A hub whose downloads take for ever."""
    async with OllamaServer([LLAMA], timing=Timing(pull_bytes_per_second=1e6)) as server:
        yield server


def key(raised: pytest.ExceptionInfo[HomeAssistantError]) -> str | None:
    return raised.value.translation_key


async def names(hass: HomeAssistant) -> list[str]:
    return [one["name"] for one in (await act(hass, "list_models"))["models"]]


def device_id(hass: HomeAssistant, stem: str) -> str:
    found = device(hass, stem)
    assert found is not None
    return found.id


# Listing


async def test_list(hass: HomeAssistant, hub: OllamaServer, snapshot: SnapshotAssertion) -> None:
    await set_up(hass, homelab_entry(hub.url, conversation_subentry(), ai_task_subentry(model="LLAMA3.1:8b")))
    await hub.load(MODEL, num_ctx=8192)
    await hub.load(NOMIC.name, keep_alive=-1)
    response = await act(hass, "list_models")
    assert (response["hub"], response["version"]) == ("Ollama", "0.33.0")
    assert response["models"] == snapshot(exclude=props("expires_at"))
    loaded = {one["name"]: one["loaded"] for one in response["models"]}
    assert loaded[GEMMA.name] is None
    assert loaded[MODEL]["expires_at"] is not None
    assert loaded[NOMIC.name]["expires_at"] is None
    assert {one["name"]: one["used_by"] for one in response["models"]} == {
        MODEL: ["Jarvis", "AI Task"],
        GEMMA.name: [],
        NOMIC.name: [],
    }


async def test_list_says_what_is_there_now(hass: HomeAssistant, hub: OllamaServer) -> None:
    await set_up(hass, homelab_entry(hub.url))
    hub.hub.remove(GEMMA)
    assert await names(hass) == [MODEL, NOMIC.name]


@pytest.mark.parametrize("action", ["list_models", "pull_model", "delete_model", "copy_model", "load_model"])
async def test_hub_that_is_off_has_no_list(action: str, hass: HomeAssistant, hub: OllamaServer) -> None:
    """An empty one would be written over the backup."""
    await set_up(hass, homelab_entry(hub.url))
    await hub.stop()
    given: dict[str, dict[str, Any]] = {"list_models": {}, "copy_model": {"destination": "x", "model": MODEL}}
    with pytest.raises(HomeAssistantError) as raised:
        await act(hass, action, **given.get(action, {"model": MODEL}))
    assert (key(raised), isinstance(raised.value, ServiceValidationError)) == ("cannot_connect", False)
    assert sensor(hass, "models_installed") == "unavailable"


async def test_list_of_a_standby(hass: HomeAssistant, hub: OllamaServer) -> None:
    async with OllamaServer([GEMMA], timing=Timing.instant()) as other:
        entry = await set_up(hass, homelab_entry(hub.url, conversation_subentry(), hub_subentry(other.url)))
        response = await act(hass, "list_models", device_id=device_id(hass, standby(entry)))
        assert (response["hub"], [one["name"] for one in response["models"]]) == ("Standby", [GEMMA.name])
        response = await act(hass, "list_models", device_id=device_id(hass, f"{ENTRY_ID}_hub"))
        assert response["hub"] == "Ollama"
        agent = next(one.subentry_id for one in entry.subentries.values() if one.title == "Jarvis")
        for no_hub in (device_id(hass, agent), "nothing"):
            with pytest.raises(ServiceValidationError) as raised:
                await act(hass, "list_models", device_id=no_hub)
            assert key(raised) == "not_a_hub"


async def test_device_tells_its_homelab(hass: HomeAssistant, hub: OllamaServer) -> None:
    await set_up(hass, homelab_entry(hub.url))
    async with OllamaServer([GEMMA], timing=Timing.instant()) as other:
        cabin: MockConfigEntry = await set_up(hass, second_homelab(other.url))
        found = device(hass, f"{cabin.entry_id}_hub", cabin.entry_id)
        assert found is not None
        response = await act(hass, "list_models", device_id=found.id)
        assert [one["name"] for one in response["models"]] == [GEMMA.name]


# Downloading


async def test_pull_and_wait(hass: HomeAssistant, hub: OllamaServer) -> None:
    await set_up(hass, homelab_entry(hub.url, options={"vram_total": 16}))
    response = await act(hass, "pull_model", model=NEW, wait=True)
    assert response["done"] is True
    assert response["bytes"] > GIB
    assert response["seconds"] >= 0
    assert (response["model"], response["hub"], response["vram_total"]) == (NEW, "Ollama", 16 * GIB)
    assert NEW in await names(hass)
    assert sensor(hass, "models_installed") == "4"


async def test_pull_of_what_is_there(hass: HomeAssistant, hub: OllamaServer) -> None:
    await set_up(hass, homelab_entry(hub.url, options={"vram_total": 16}))
    response = await act(hass, "pull_model", model=MODEL, wait=True)
    assert (response["fit"], response["size"], response["done"]) == ("fits", LLAMA.size, True)
    assert LLAMA.size < response["vram_needed"] < 16 * GIB


async def test_pull_goes_on_by_itself(hass: HomeAssistant, hub: OllamaServer) -> None:
    await set_up(hass, homelab_entry(hub.url))
    response = await act(hass, "pull_model", model=NEW)
    assert (response["done"], response["fit"], response["vram_total"]) == (False, "unknown", None)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert NEW in await names(hass)


async def test_pull_that_will_not_fit(hass: HomeAssistant, hub: OllamaServer) -> None:
    await set_up(hass, homelab_entry(hub.url, options={"vram_total": 4}))
    with pytest.raises(ServiceValidationError) as raised:
        await act(hass, "pull_model", model=MODEL, wait=True, only_if_fits=True)
    assert key(raised) == "model_too_large"
    assert hub.requests_to("/api/pull") == []
    assert (await act(hass, "pull_model", model=MODEL, wait=True))["fit"] == "too_large"


async def test_pull_of_what_does_not_exist(
    hass: HomeAssistant, hub: OllamaServer, caplog: pytest.LogCaptureFixture
) -> None:
    await set_up(hass, homelab_entry(hub.url))
    with pytest.raises(HomeAssistantError) as raised:
        await act(hass, "pull_model", model="nobody:1b", wait=True)
    assert (key(raised), isinstance(raised.value, ServiceValidationError)) == ("model_unknown", False)
    caplog.clear()
    assert (await act(hass, "pull_model", model="nobody:1b"))["done"] is False
    await hass.async_block_till_done(wait_background_tasks=True)
    warned = [one.getMessage() for one in caplog.records if one.levelno >= logging.WARNING]
    assert len(warned) == 1
    assert warned[0].startswith("nobody:1b was not downloaded to Ollama: ")


async def test_cancel(hass: HomeAssistant, slow: OllamaServer) -> None:
    await set_up(hass, homelab_entry(slow.url))
    pulling = hass.async_create_task(act(hass, "pull_model", model=NEW, wait=True))
    await until(lambda: slow.requests_to("/api/pull"))
    assert await act(hass, "cancel_pull", model=NEW.upper()) == {"model": NEW.upper(), "hub": "Ollama"}
    with pytest.raises(HomeAssistantError) as raised:
        await pulling
    assert key(raised) == "download_cancelled"
    await until(lambda: slow.requests_to("/api/pull")[0].outcome == "cancelled")
    with pytest.raises(ServiceValidationError) as raised:
        await act(hass, "cancel_pull", model=NEW)
    assert key(raised) == "no_download"


async def test_download_ends_with_the_homelab(hass: HomeAssistant, slow: OllamaServer) -> None:
    entry = await set_up(hass, homelab_entry(slow.url))
    await act(hass, "pull_model", model=NEW)
    await until(lambda: slow.requests_to("/api/pull"))
    async with asyncio.timeout(10):
        assert await hass.config_entries.async_unload(entry.entry_id)


# Deleting and copying


async def test_delete(hass: HomeAssistant, hub: OllamaServer) -> None:
    await set_up(hass, homelab_entry(hub.url))
    response = await act(hass, "delete_model", model=GEMMA.name)
    assert response == {"model": GEMMA.name, "hub": "Ollama", "bytes": GEMMA.size}
    assert await names(hass) == [MODEL, NOMIC.name]
    assert sensor(hass, "models_installed") == "2"
    with pytest.raises(ServiceValidationError) as raised:
        await act(hass, "delete_model", model=GEMMA.name)
    assert key(raised) == "model_not_installed"


async def test_delete_what_is_used(hass: HomeAssistant, hub: OllamaServer) -> None:
    await set_up(hass, homelab_entry(hub.url))
    with pytest.raises(ServiceValidationError) as raised:
        await act(hass, "delete_model", model=MODEL)
    assert key(raised) == "model_in_use"
    assert "Jarvis" in str(raised.value)
    assert hub.requests_to("/api/delete") == []
    await act(hass, "delete_model", model=MODEL, force=True)
    assert MODEL not in await names(hass)


async def test_copy(hass: HomeAssistant, hub: OllamaServer) -> None:
    await set_up(hass, homelab_entry(hub.url))
    response = await act(hass, "copy_model", model=MODEL, destination="llama-before")
    assert response == {"model": MODEL, "destination": "llama-before", "hub": "Ollama"}
    assert "llama-before:latest" in await names(hass)
    with pytest.raises(ServiceValidationError) as raised:
        await act(hass, "copy_model", model=GEMMA.name, destination="llama-before")
    assert key(raised) == "model_exists"
    with pytest.raises(ServiceValidationError) as raised:
        await act(hass, "copy_model", model="nobody:1b", destination="x")
    assert key(raised) == "model_not_installed"
    with pytest.raises(ServiceValidationError) as raised:
        await act(hass, "copy_model", model=MODEL, destination="no name")
    assert key(raised) == "model_name_invalid"


# Loading and unloading


async def test_load_as_its_agents_would(hass: HomeAssistant, hub: OllamaServer) -> None:
    jarvis = conversation_subentry(num_ctx=4096, keep_alive=600)
    await set_up(hass, homelab_entry(hub.url, jarvis))
    response = await act(hass, "load_model", model=MODEL)
    assert (response["model"], response["hub"], response["keep_alive"]) == (MODEL, "Ollama", 600)
    assert response["context_length"] == hub.loaded[MODEL].options.num_ctx == 4096
    assert response["size_vram"] > GIB
    assert response["size"] >= response["size_vram"]
    assert sensor(hass, "models_loaded") == "1"


async def test_pin(hass: HomeAssistant, hub: OllamaServer) -> None:
    await set_up(hass, homelab_entry(hub.url))
    response = await act(hass, "load_model", model=GEMMA.name, num_ctx=2048.0, keep_alive=-1)
    assert (response["keep_alive"], response["context_length"]) == (-1, 2048)
    (model,) = [one for one in (await act(hass, "list_models"))["models"] if one["loaded"]]
    assert (model["name"], model["loaded"]["expires_at"]) == (GEMMA.name, None)


async def test_load_what_is_not_there(hass: HomeAssistant, hub: OllamaServer) -> None:
    await set_up(hass, homelab_entry(hub.url))
    with pytest.raises(ServiceValidationError) as raised:
        await act(hass, "load_model", model="nobody:1b")
    assert key(raised) == "model_not_installed"


async def test_load_that_fails(hass: HomeAssistant, hub: OllamaServer) -> None:
    await set_up(hass, homelab_entry(hub.url))
    hub.inject(Fault.status(500, path="/api/generate"))
    with pytest.raises(HomeAssistantError) as raised:
        await act(hass, "load_model", model=MODEL)
    assert key(raised) == "bad_response"


async def test_unload(hass: HomeAssistant, hub: OllamaServer, freezer: FrozenDateTimeFactory) -> None:
    await set_up(hass, homelab_entry(hub.url))
    for model in (MODEL, NOMIC.name):
        await hub.load(model)
    assert await act(hass, "unload_model", model=MODEL) == {"unloaded": [MODEL], "hub": "Ollama"}
    assert list(hub.loaded) == [NOMIC.name]
    assert await act(hass, "unload_model", model=MODEL) == {"unloaded": [], "hub": "Ollama"}
    assert await act(hass, "unload_model") == {"unloaded": [NOMIC.name], "hub": "Ollama"}
    assert hub.loaded == {}
    await pass_time(hass, freezer)
    assert sensor(hass, "models_loaded") == "0"
    with pytest.raises(ServiceValidationError) as raised:
        await act(hass, "unload_model", model="nobody:1b")
    assert key(raised) == "model_not_installed"
