"""The updates of the server and of each model: only where they are wanted, told by digest and time."""

from collections.abc import AsyncGenerator
from dataclasses import replace
from functools import partial
import logging
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_capture_events
from syrupy.assertion import SnapshotAssertion

from custom_components.homelab_ai.api.registry import RegistryClient
from custom_components.homelab_ai.const import DOMAIN
from custom_components.homelab_ai.coordinator.updates import MOST_MODELS
from custom_components.homelab_ai.hub import connection, downloads
from demo.servers.ollama import Fault, Model, OllamaServer, Timing
from demo.servers.ollama.catalogue import GEMMA, LLAMA
from demo.servers.registry import RegistryServer
from homeassistant.components.update import ATTR_IN_PROGRESS, ATTR_UPDATE_PERCENTAGE
from homeassistant.const import STATE_OFF, STATE_ON, STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import Event, HomeAssistant, State
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er

from .common import homelab_entry, hub_subentry, set_up
from .looking import ENTRY_ID, assert_platform, entity_id, pass_time, standby, state, until

WANTED = {"check_updates": True}
HALF_A_DAY = 12 * 3600.0
OLD, NEW = LLAMA.digest, "f" * 64
# Newer content of llama3.1, which a pull brings.
NEXT = replace(LLAMA, digest=NEW, size=LLAMA.size + 1000)


@pytest.fixture
async def registry(socket_enabled: None, monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[RegistryServer]:
    """The places on the internet, moved to this machine; they have what the hub has."""
    async with RegistryServer() as server:
        here = partial(RegistryClient, models=server.url, releases=server.url)
        monkeypatch.setattr(connection, "RegistryClient", here)
        for model in (LLAMA, GEMMA):
            server.publish(model.name, model.digest, model.modified_at)
        yield server


@pytest.fixture
async def hub(socket_enabled: None) -> AsyncGenerator[OllamaServer]:
    """A hub with two models."""
    async with OllamaServer([LLAMA, GEMMA]) as server:
        yield server


def model(hass: HomeAssistant, name: str = LLAMA.name, stem: str = ENTRY_ID) -> State:
    return state(hass, "update", f"model_{name}", stem)


def updates(hass: HomeAssistant, entry: MockConfigEntry) -> list[str]:
    """Return what the registered updates are of."""
    entries = er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)
    return sorted(one.unique_id.partition("_")[2] for one in entries if one.domain == "update")


async def start(hass: HomeAssistant, entry: MockConfigEntry) -> MockConfigEntry:
    """Set up, and wait for what is asked in the background."""
    await set_up(hass, entry)
    await hass.async_block_till_done(wait_background_tasks=True)
    return entry


async def install(hass: HomeAssistant, name: str = LLAMA.name) -> None:
    target = {"entity_id": entity_id(hass, "update", f"model_{name}")}
    await hass.services.async_call("update", "install", target, blocking=True)


def progress(seen: list[Event[Any]]) -> list[int | None]:
    """Return the percentages that were shown while llama3.1 was being installed."""
    states = [one.data["new_state"] for one in seen if one.data["entity_id"] == "update.ollama_llama3_1_8b"]
    return [
        one.attributes[ATTR_UPDATE_PERCENTAGE] for one in states if one and one.attributes[ATTR_IN_PROGRESS]
    ]


# Whether there are any


async def test_none_unless_they_are_wanted(
    hass: HomeAssistant, hub: OllamaServer, registry: RegistryServer, freezer: FrozenDateTimeFactory
) -> None:
    """They would leave the house."""
    entry = await start(hass, homelab_entry(hub.url))
    await pass_time(hass, freezer, HALF_A_DAY)
    assert updates(hass, entry) == []
    assert registry.requests == []


async def test_removed_when_they_are_not_wanted_any_more(
    hass: HomeAssistant, hub: OllamaServer, registry: RegistryServer
) -> None:
    entry = await start(hass, homelab_entry(hub.url, options=WANTED))
    assert updates(hass, entry) == ["model_gemma3:4b", "model_llama3.1:8b", "server"]
    hass.config_entries.async_update_entry(entry, options={})
    await hass.async_block_till_done(wait_background_tasks=True)
    assert updates(hass, entry) == []
    assert hass.states.async_entity_ids("update") == []
    hass.config_entries.async_update_entry(entry, options=WANTED)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert len(updates(hass, entry)) == 3


async def test_updates(
    hass: HomeAssistant, hub: OllamaServer, registry: RegistryServer, snapshot: SnapshotAssertion
) -> None:
    registry.release = "v0.34.1"
    registry.publish(LLAMA.name, NEW)
    await start(hass, homelab_entry(hub.url, options=WANTED))
    assert_platform(hass, snapshot, "update")


# The server


@pytest.mark.parametrize(
    ("release", "expected"),
    [("v0.33.0", STATE_OFF), ("v0.33.1", STATE_ON), ("v0.32.9", STATE_OFF), (None, STATE_UNKNOWN)],
)
async def test_server(
    release: str | None, expected: str, hass: HomeAssistant, hub: OllamaServer, registry: RegistryServer
) -> None:
    registry.release = release
    await start(hass, homelab_entry(hub.url, options=WANTED))
    found = state(hass, "update", "server")
    assert found.state == expected
    assert found.attributes["installed_version"] == "0.33.0"
    # Ollama cannot be told to update itself.
    assert found.attributes["supported_features"] == 0


async def test_server_that_was_updated(
    hass: HomeAssistant, hub: OllamaServer, registry: RegistryServer, freezer: FrozenDateTimeFactory
) -> None:
    registry.release = "v0.34.1"
    await start(hass, homelab_entry(hub.url, options=WANTED))
    hub.hub.version = "0.34.1"
    await pass_time(hass, freezer)
    assert state(hass, "update", "server").state == STATE_OFF


# Models


@pytest.mark.parametrize(
    ("upstream", "expected"),
    [
        ((OLD, -60), STATE_OFF),
        ((NEW, +60), STATE_ON),
        # Pulled before server 0.19: the same model under another digest, told by its time.
        ((NEW, -60), STATE_OFF),
    ],
    ids=["the same", "newer", "pulled before 0.19"],
)
async def test_model(
    upstream: tuple[str, int], expected: str, hass: HomeAssistant, hub: OllamaServer, registry: RegistryServer
) -> None:
    digest, pushed = upstream
    registry.publish(LLAMA.name, digest, LLAMA.modified_at + pushed)
    await start(hass, homelab_entry(hub.url, options=WANTED))
    found = model(hass)
    assert found.state == expected
    assert found.attributes["installed_version"] == OLD[:12]
    assert found.attributes["latest_version"] == (digest if expected == STATE_ON else OLD)[:12]
    assert found.attributes["release_url"] == "https://ollama.com/library/llama3.1:8b"


async def test_digests_are_no_numbers(
    hass: HomeAssistant, hub: OllamaServer, registry: RegistryServer
) -> None:
    """Two that happen to have only decimal digits would compare as versions."""
    hub.hub.install(replace(LLAMA, digest="9" * 64))
    registry.publish(LLAMA.name, "1" * 64)
    await start(hass, homelab_entry(hub.url, options=WANTED))
    assert model(hass).state == STATE_ON


async def test_model_that_the_registry_does_not_have(
    hass: HomeAssistant, hub: OllamaServer, registry: RegistryServer
) -> None:
    """It may be one that a person made, or one that was withdrawn."""
    name = "homemade:latest"
    hub.hub.install(Model(name=name))
    await start(hass, homelab_entry(hub.url, options=WANTED))
    assert model(hass, name).state == STATE_UNKNOWN
    assert model(hass, name).attributes["release_url"] is None
    assert model(hass).state == STATE_OFF
    assert len({request.path for request in registry.requests}) == 4


@pytest.mark.parametrize("name", ["hf.co/bartowski/llama:Q4_K_M", "gpt-oss:120b-cloud"])
async def test_model_that_comes_from_elsewhere_has_no_update(
    name: str, hass: HomeAssistant, hub: OllamaServer, registry: RegistryServer
) -> None:
    """Nobody could ever tell whether it is old."""
    hub.hub.install(Model(name=name))
    entry = await start(hass, homelab_entry(hub.url, options=WANTED))
    assert updates(hass, entry) == ["model_gemma3:4b", "model_llama3.1:8b", "server"]
    assert len({request.path for request in registry.requests}) == 3


async def test_model_of_a_person(hass: HomeAssistant, hub: OllamaServer, registry: RegistryServer) -> None:
    hub.hub.install(Model(name="mike/jarvis:1b"))
    registry.publish("mike/jarvis:1b", NEW)
    await start(hass, homelab_entry(hub.url, options=WANTED))
    found = model(hass, "mike/jarvis:1b")
    assert found.state == STATE_ON
    assert found.attributes["release_url"] == "https://ollama.com/mike/jarvis:1b"


async def test_models_come_and_go(
    hass: HomeAssistant, hub: OllamaServer, registry: RegistryServer, freezer: FrozenDateTimeFactory
) -> None:
    entry = await start(hass, homelab_entry(hub.url, options=WANTED))
    came = Model(name="qwen3:0.6b")
    registry.publish(came.name, came.digest)
    hub.hub.install(came)
    hub.hub.remove(GEMMA)
    await pass_time(hass, freezer)
    assert updates(hass, entry) == ["model_llama3.1:8b", "model_qwen3:0.6b", "server"]
    # Known soon, not in half a day.
    assert model(hass, came.name).state == STATE_OFF
    hub.hub.remove(came)
    hub.hub.install(GEMMA)
    await pass_time(hass, freezer)
    assert updates(hass, entry) == ["model_gemma3:4b", "model_llama3.1:8b", "server"]
    assert model(hass, GEMMA.name).state == STATE_OFF
    assert hass.states.get("update.ollama_qwen3_0_6b") is None


async def test_model_that_went_while_home_assistant_was_off(
    hass: HomeAssistant, hub: OllamaServer, registry: RegistryServer
) -> None:
    entry = await start(hass, homelab_entry(hub.url, options=WANTED))
    assert await hass.config_entries.async_unload(entry.entry_id)
    hub.hub.remove(GEMMA)
    assert await hass.config_entries.async_setup(entry.entry_id)
    assert updates(hass, entry) == ["model_llama3.1:8b", "server"]


async def test_models_of_a_hub_that_is_off_stay(
    hass: HomeAssistant, hub: OllamaServer, registry: RegistryServer, freezer: FrozenDateTimeFactory
) -> None:
    registry.publish(LLAMA.name, NEW)
    entry = await start(hass, homelab_entry(hub.url, options=WANTED))
    await hub.stop()
    await pass_time(hass, freezer)
    assert len(updates(hass, entry)) == 3
    assert model(hass).state == STATE_UNAVAILABLE
    assert state(hass, "update", "server").state == STATE_UNAVAILABLE
    # Also when it is off at the time of the next look upstream.
    await pass_time(hass, freezer, HALF_A_DAY)
    await hub.start()
    await pass_time(hass, freezer)
    assert model(hass).state == STATE_ON


async def test_hub_that_is_off_from_the_beginning(
    hass: HomeAssistant, hub: OllamaServer, registry: RegistryServer, freezer: FrozenDateTimeFactory
) -> None:
    await hub.stop()
    await start(hass, homelab_entry(hub.url, options=WANTED))
    assert registry.requests == []
    await hub.start()
    await pass_time(hass, freezer)
    assert (model(hass).state, state(hass, "update", "server").state) == (STATE_OFF, STATE_OFF)


async def test_hub_without_models(hass: HomeAssistant, registry: RegistryServer) -> None:
    async with OllamaServer([]) as hub:
        await start(hass, homelab_entry(hub.url, options=WANTED))
        assert state(hass, "update", "server").state == STATE_OFF


async def test_looks_twice_a_day(
    hass: HomeAssistant, hub: OllamaServer, registry: RegistryServer, freezer: FrozenDateTimeFactory
) -> None:
    await start(hass, homelab_entry(hub.url, options=WANTED))
    assert len(registry.requests_to(LLAMA.name)) == 1
    for _ in range(3):
        await pass_time(hass, freezer, 3600)
    assert len(registry.requests_to(LLAMA.name)) == 1
    registry.publish(LLAMA.name, NEW)
    await pass_time(hass, freezer, HALF_A_DAY)
    assert len(registry.requests_to(LLAMA.name)) == 2
    assert model(hass).state == STATE_ON


async def test_updates_of_a_standby(hass: HomeAssistant, hub: OllamaServer, registry: RegistryServer) -> None:
    async with OllamaServer([GEMMA], version="0.30.1") as other:
        entry = await start(hass, homelab_entry(hub.url, hub_subentry(other.url), options=WANTED))
        stem = standby(entry)
        assert state(hass, "update", "server", stem).state == STATE_ON
        assert model(hass, GEMMA.name, stem).state == STATE_OFF
        assert f"{stem}_model_{LLAMA.name}" not in {
            one.unique_id for one in er.async_get(hass).entities.values()
        }


# The places on the internet


async def test_registry_that_is_down(
    hass: HomeAssistant,
    hub: OllamaServer,
    registry: RegistryServer,
    freezer: FrozenDateTimeFactory,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Nothing is known, and that is said once."""
    await registry.stop()
    await start(hass, homelab_entry(hub.url, options=WANTED))
    assert (model(hass).state, state(hass, "update", "server").state) == (STATE_UNKNOWN, STATE_UNKNOWN)
    for _ in range(3):
        await pass_time(hass, freezer, HALF_A_DAY)
    errors = [
        one.getMessage() for one in caplog.records if one.levelno >= logging.WARNING and DOMAIN in one.name
    ]
    assert len([one for one in errors if "integration" not in one]) == 1, errors
    assert "ollama.com does not answer" in caplog.text
    await registry.start()
    await pass_time(hass, freezer, HALF_A_DAY)
    assert (model(hass).state, state(hass, "update", "server").state) == (STATE_OFF, STATE_OFF)


async def test_registry_is_asked_again_soon_when_it_was_down(
    hass: HomeAssistant, hub: OllamaServer, registry: RegistryServer, freezer: FrozenDateTimeFactory
) -> None:
    """The house may have been without the internet just then."""
    await registry.stop()
    await start(hass, homelab_entry(hub.url, options=WANTED))
    await registry.start()
    await pass_time(hass, freezer, 31 * 60)
    assert model(hass).state == STATE_OFF
    # From then on twice a day again.
    asked = len(registry.requests)
    await pass_time(hass, freezer, 31 * 60)
    assert len(registry.requests) == asked


async def test_what_was_known_stays_known_while_the_registry_is_down(
    hass: HomeAssistant, hub: OllamaServer, registry: RegistryServer, freezer: FrozenDateTimeFactory
) -> None:
    registry.publish(LLAMA.name, NEW)
    await start(hass, homelab_entry(hub.url, options=WANTED))
    await registry.stop()
    await pass_time(hass, freezer, HALF_A_DAY)
    assert model(hass).state == STATE_ON


@pytest.mark.parametrize("status", [403, 404, 429, 500])
async def test_registry_that_is_out_of_order(
    status: int,
    hass: HomeAssistant,
    hub: OllamaServer,
    registry: RegistryServer,
    caplog: pytest.LogCaptureFixture,
) -> None:
    registry.failure = status
    await start(hass, homelab_entry(hub.url, options=WANTED))
    assert (model(hass).state, state(hass, "update", "server").state) == (STATE_UNKNOWN, STATE_UNKNOWN)
    assert "Error" not in caplog.text


# Installing


async def test_installing_pulls_and_shows_how_far_it_is(
    hass: HomeAssistant, registry: RegistryServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(downloads, "REPORT_INTERVAL", 0.1)
    async with OllamaServer([LLAMA], timing=Timing(pull_bytes_per_second=NEXT.size)) as hub:
        registry.publish(LLAMA.name, NEW)
        await start(hass, homelab_entry(hub.url, options=WANTED))
        hub.hub.registry[LLAMA.name] = NEXT
        seen = async_capture_events(hass, "state_changed")
        await install(hass)
        await hass.async_block_till_done()
    shown = progress(seen)
    assert shown[0] is None
    percents = [percent for percent in shown if percent is not None]
    assert percents == sorted(set(percents))
    assert percents[-1] == 100
    assert len(percents) > 3
    found = model(hass)
    assert found.state == STATE_OFF
    assert found.attributes["installed_version"] == NEW[:12]
    assert found.attributes[ATTR_IN_PROGRESS] is False
    assert found.attributes[ATTR_UPDATE_PERCENTAGE] is None


async def test_shows_a_download_that_somebody_else_asked_for(
    hass: HomeAssistant, registry: RegistryServer
) -> None:
    async with OllamaServer([LLAMA], timing=Timing(pull_bytes_per_second=NEXT.size)) as hub:
        registry.publish(LLAMA.name, NEW)
        entry = await start(hass, homelab_entry(hub.url, options=WANTED))
        hub.hub.registry[LLAMA.name] = NEXT
        pull = hass.async_create_task(entry.runtime_data.hubs[0].server.downloads.pull(LLAMA.name))
        await until(lambda: model(hass).attributes[ATTR_UPDATE_PERCENTAGE])
        assert model(hass).attributes[ATTR_IN_PROGRESS] is True
        with pytest.raises(HomeAssistantError, match="already in progress"):
            await install(hass)
        await pull
        assert model(hass).attributes[ATTR_IN_PROGRESS] is False
        await until(lambda: model(hass).state == STATE_OFF)
        assert len(hub.requests_to("/api/pull")) == 1


async def test_pull_that_fails(hass: HomeAssistant, hub: OllamaServer, registry: RegistryServer) -> None:
    registry.publish(LLAMA.name, NEW)
    await start(hass, homelab_entry(hub.url, options=WANTED))
    del hub.hub.registry[LLAMA.name]
    with pytest.raises(HomeAssistantError, match=r"Ollama's library has no model llama3\.1:8b") as raised:
        await install(hass)
    assert raised.value.translation_key == "model_unknown"
    assert model(hass).state == STATE_ON
    assert model(hass).attributes[ATTR_IN_PROGRESS] is False


async def test_pull_that_breaks_off(hass: HomeAssistant, hub: OllamaServer, registry: RegistryServer) -> None:
    registry.publish(LLAMA.name, NEW)
    await start(hass, homelab_entry(hub.url, options=WANTED))
    hub.hub.registry[LLAMA.name] = NEXT
    hub.inject(Fault.drop_after_first_token(after=3, path="/api/pull"))
    with pytest.raises(HomeAssistantError) as raised:
        await install(hass)
    assert raised.value.translation_key == "cannot_connect"
    assert model(hass).attributes[ATTR_IN_PROGRESS] is False
    seen = async_capture_events(hass, "state_changed")
    await install(hass)
    assert model(hass).state == STATE_OFF
    assert progress(seen)[0] is None


async def test_pull_of_a_hub_that_went_off(
    hass: HomeAssistant, hub: OllamaServer, registry: RegistryServer
) -> None:
    registry.publish(LLAMA.name, NEW)
    await start(hass, homelab_entry(hub.url, options=WANTED))
    await hub.stop()
    with pytest.raises(HomeAssistantError) as raised:
        await install(hass)
    assert raised.value.translation_key == "cannot_connect"
    assert model(hass).state == STATE_UNAVAILABLE


async def test_pull_ends_when_the_homelab_is_unloaded(hass: HomeAssistant, registry: RegistryServer) -> None:
    async with OllamaServer([LLAMA], timing=Timing(pull_bytes_per_second=1e8)) as hub:
        registry.publish(LLAMA.name, NEW)
        entry = await start(hass, homelab_entry(hub.url, options=WANTED))
        hub.hub.registry[LLAMA.name] = NEXT
        pull = hass.async_create_task(install(hass))
        await until(lambda: model(hass).attributes[ATTR_UPDATE_PERCENTAGE] is not None)
        assert await hass.config_entries.async_unload(entry.entry_id)
        with pytest.raises(HomeAssistantError):
            await pull
        await until(lambda: hub.requests_to("/api/pull")[0].outcome == "cancelled")


@pytest.mark.parametrize(
    ("language", "words"), [("en", "could not be looked up"), ("de", "ließ sich nicht abfragen")]
)
async def test_says_that_nobody_upstream_has_answered(
    hass: HomeAssistant, hub: OllamaServer, registry: RegistryServer, language: str, words: str
) -> None:
    """Unknown alone would be taken for "no update"; and where to look oneself is known all the same."""
    hass.config.language = language
    await registry.stop()
    await start(hass, homelab_entry(hub.url, options={"check_updates": True}))
    for found in (model(hass), state(hass, "update", "server")):
        assert found.state == STATE_UNKNOWN
        assert words in found.attributes["release_summary"]
    assert model(hass).attributes["release_url"] == "https://ollama.com/library/llama3.1:8b"


async def test_says_since_when_there_is_a_newer_one(
    hass: HomeAssistant, hub: OllamaServer, registry: RegistryServer
) -> None:
    registry.publish(LLAMA.name, NEW, LLAMA.modified_at + 90 * 24 * 3600)
    await start(hass, homelab_entry(hub.url, options={"check_updates": True}))
    found = model(hass)
    assert found.state == STATE_ON
    assert "since 20" in found.attributes["release_summary"]
    assert model(hass, GEMMA.name).attributes["release_summary"] is None


async def test_very_many_models(hass: HomeAssistant, registry: RegistryServer) -> None:
    """Some hundreds are looked for, those that changed last; and a look writes only what is another one."""
    models = [replace(LLAMA, name=f"made-up-{number}:8b", digest=f"{number:064x}") for number in range(700)]
    async with OllamaServer(models, timing=Timing.instant()) as hub:
        entry = await start(hass, homelab_entry(hub.url, options=WANTED))
        assert len(updates(hass, entry)) == 1 + MOST_MODELS
        assert len([one for one in registry.requests if "made-up" in one.path]) == MOST_MODELS
        # The first look after an entity was added writes it once more.
        await entry.runtime_data.hubs[0].async_refresh()
        before = {one.entity_id: one.last_reported for one in hass.states.async_all("update")}
        await entry.runtime_data.hubs[0].async_refresh()
        await hass.async_block_till_done()
        after = {one.entity_id: one.last_reported for one in hass.states.async_all("update")}
        assert len(after) == 1 + MOST_MODELS
        # The server's own is written with each look.
        assert sum(after[one] != before[one] for one in after) <= 1
