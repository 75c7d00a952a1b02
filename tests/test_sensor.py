"""The sensors of a hub: what they show, while it is on, off, and after a restart."""

from datetime import timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
    async_mock_restore_state_shutdown_restart,
)
from syrupy.assertion import SnapshotAssertion

from custom_components.homelab_ai.api.chat import ChatRequest, Message
from custom_components.homelab_ai.hub.measurements import Purpose
from demo.servers.ollama import Fault, Model, OllamaServer, Reply, Timing
from homeassistant.components import ai_task
from homeassistant.const import STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.util import dt as dt_util

from .common import MODEL, TASK, ask, homelab_entry, hub_subentry, is_error, set_up
from .looking import assert_platform, device, entity_id, pass_time, sensor, standby, state
from .translations import load

NOW = pytest.mark.freeze_time("2026-11-21 12:00:00+00:00")
GIB = 1024**3

TOTALS = ("prompt_tokens", "generated_tokens", "requests", "failed_requests")
OF_NOW = (
    "version",
    "models_installed",
    "models_size",
    "models_loaded",
    "vram_used",
    "ram_spill",
)
MEASURED = ("time_to_first_token", "load_time", "prompt_speed", "generation_speed")


async def answer(entry: MockConfigEntry, purpose: Purpose) -> None:
    """Let the hub answer a request whose prompt is the same on every Home Assistant."""
    request = ChatRequest(MODEL, (Message("user", "Hello"),), num_ctx=8192, keep_alive=1800)
    async with entry.runtime_data.hubs[0].server.chat(request, purpose, "jarvis") as chunks:
        [chunk async for chunk in chunks]


async def finish(hass: HomeAssistant) -> None:
    """Let the look happen that a request hurried."""
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=2))
    await hass.async_block_till_done(wait_background_tasks=True)


@NOW
async def test_sensors(
    hass: HomeAssistant, hub: OllamaServer, freezer: FrozenDateTimeFactory, snapshot: SnapshotAssertion
) -> None:
    entry = await set_up(hass, homelab_entry(hub.url, options={"vram_total": 16}))
    hub.script(Reply(content="Good evening."), Reply(content="Three."))
    await answer(entry, Purpose.VOICE)
    await answer(entry, Purpose.TASK)
    await pass_time(hass, freezer)
    assert_platform(hass, snapshot, "sensor")


async def test_lists_and_details_are_not_recorded(hass: HomeAssistant, hub: OllamaServer) -> None:
    entry = await set_up(hass, homelab_entry(hub.url))
    await answer(entry, Purpose.VOICE)
    await entry.runtime_data.hubs[0].async_refresh()
    for key in ("models_installed", "models_loaded", *MEASURED):
        found = state(hass, "sensor", key)
        assert found.state_info is not None
        kept = found.attributes.keys() - found.state_info["unrecorded_attributes"]
        assert kept <= {
            "device_class",
            "friendly_name",
            "icon",
            "state_class",
            "unit_of_measurement",
        }


async def test_what_is_another_at_every_look_is_off_at_first(hass: HomeAssistant, hub: OllamaServer) -> None:
    """Two rows a minute for each system, which few people look at."""
    await set_up(hass, homelab_entry(hub.url))
    entry = er.async_get(hass).async_get(entity_id(hass, "sensor", "response_time"))
    assert entry is not None
    assert entry.disabled_by is er.RegistryEntryDisabler.INTEGRATION


async def test_figures_are_rounded_before_they_are_written(hass: HomeAssistant, hub: OllamaServer) -> None:
    """59.99999996 and 60.00000004 are one state: a graph of them would be noise."""
    entry = await set_up(hass, homelab_entry(hub.url, options={"vram_total": 3.3}))
    hub.script(Reply(content="Good evening. The front door is locked, and all lights are off."))
    await answer(entry, Purpose.VOICE)
    await entry.runtime_data.hubs[0].async_refresh()
    for key, decimals in {
        "time_to_first_token": 2,
        "load_time": 2,
        "generation_speed": 1,
        "vram_usage": 1,
    }.items():
        found = state(hass, "sensor", key)
        shown = float(found.state)
        assert shown == round(shown, decimals), key
        voice = found.attributes.get("voice", 0)
        assert voice == round(voice, decimals), key


async def test_units_are_words_of_the_person_who_looks(hass: HomeAssistant, hub: OllamaServer) -> None:
    """Home Assistant writes the English one, which statistics keep; the frontend translates it."""
    hass.config.language = "de"
    await set_up(hass, homelab_entry(hub.url))
    german = load("de")
    for key in ("generation_speed", "prompt_speed", "generated_tokens", "prompt_tokens"):
        unit = state(hass, "sensor", key).attributes["unit_of_measurement"]
        assert unit.startswith("tokens")
        assert german["entity", "sensor", key, "unit_of_measurement"] == unit.replace("tokens", "Tokens")


# What a hub is doing


async def test_vram_total_is_never_guessed(hass: HomeAssistant, hub: OllamaServer) -> None:
    await hub.load(MODEL)
    await set_up(hass, homelab_entry(hub.url))
    assert sensor(hass, "vram_total") == STATE_UNKNOWN
    assert sensor(hass, "vram_usage") == STATE_UNKNOWN
    assert float(sensor(hass, "vram_used")) > 4


async def test_vram_total_is_what_a_person_says(hass: HomeAssistant, hub: OllamaServer) -> None:
    runner = await hub.load(MODEL)
    await set_up(hass, homelab_entry(hub.url, options={"vram_total": 12.5}))
    assert float(sensor(hass, "vram_total")) == 12.5
    assert float(sensor(hass, "vram_usage")) == round(100 * runner.size_vram / (12.5 * GIB), 1)


async def test_vram_total_is_of_the_first_hub_only(hass: HomeAssistant, hub: OllamaServer) -> None:
    async with OllamaServer() as other:
        entry = await set_up(
            hass, homelab_entry(hub.url, hub_subentry(other.url), options={"vram_total": 16})
        )
        assert float(sensor(hass, "vram_total")) == 16
        assert sensor(hass, "vram_total", standby(entry)) == STATE_UNKNOWN


async def test_follows_what_other_clients_load(
    hass: HomeAssistant, hub: OllamaServer, freezer: FrozenDateTimeFactory
) -> None:
    await set_up(hass, homelab_entry(hub.url))
    assert (sensor(hass, "models_loaded"), sensor(hass, "next_unload")) == ("0", STATE_UNKNOWN)
    runner = await hub.load(MODEL, num_ctx=8192, keep_alive=600)
    leaves = dt_util.utcnow() + timedelta(seconds=600)
    await pass_time(hass, freezer)
    found = state(hass, "sensor", "models_loaded")
    assert found.state == "1"
    (loaded,) = found.attributes["models"]
    assert (loaded["name"], loaded["context_length"]) == (MODEL, 8192)
    assert float(sensor(hass, "vram_used")) == pytest.approx(runner.size_vram / GIB)
    # To the minute, or the logbook would be full of it.
    assert sensor(hass, "next_unload") == leaves.replace(second=0, microsecond=0).isoformat()
    hub.unload(MODEL)
    await pass_time(hass, freezer)
    assert (sensor(hass, "models_loaded"), sensor(hass, "next_unload")) == ("0", STATE_UNKNOWN)
    assert float(sensor(hass, "vram_used")) == 0


async def test_model_leaves_when_its_time_is_over(
    hass: HomeAssistant, hub: OllamaServer, freezer: FrozenDateTimeFactory
) -> None:
    await hub.load(MODEL, keep_alive=45)
    await set_up(hass, homelab_entry(hub.url))
    await pass_time(hass, freezer)
    assert sensor(hass, "models_loaded") == "1"
    await pass_time(hass, freezer)
    assert sensor(hass, "models_loaded") == "0"


@NOW
async def test_model_that_stays_forever_never_leaves(
    hass: HomeAssistant, hub: OllamaServer, freezer: FrozenDateTimeFactory
) -> None:
    await hub.load(MODEL, keep_alive=-1)
    await set_up(hass, homelab_entry(hub.url))
    assert (sensor(hass, "models_loaded"), sensor(hass, "next_unload")) == ("1", STATE_UNKNOWN)
    await hub.load("gemma3:4b", keep_alive=300)
    await pass_time(hass, freezer)
    assert sensor(hass, "next_unload") == "2026-11-21T12:05:00+00:00"


async def test_spill_is_what_did_not_fit(hass: HomeAssistant, socket_enabled: None) -> None:
    async with OllamaServer(vram=4 * GIB) as hub:
        runner = await hub.load(MODEL)
        await set_up(hass, homelab_entry(hub.url))
        assert float(sensor(hass, "vram_used")) == pytest.approx(4)
        assert float(sensor(hass, "ram_spill")) == pytest.approx((runner.size - 4 * GIB) / GIB)


async def test_models_and_version_change(
    hass: HomeAssistant, hub: OllamaServer, freezer: FrozenDateTimeFactory
) -> None:
    await set_up(hass, homelab_entry(hub.url))
    before = float(sensor(hass, "models_size"))
    assert (sensor(hass, "version"), sensor(hass, "models_installed")) == ("0.33.0", "8")
    hub.hub.version = "0.34.1"
    hub.hub.install(Model(name="jarvis:1b", size=GIB))
    await pass_time(hass, freezer)
    assert (sensor(hass, "version"), sensor(hass, "models_installed")) == ("0.34.1", "9")
    assert "jarvis:1b" in state(hass, "sensor", "models_installed").attributes["models"]
    assert float(sensor(hass, "models_size")) == pytest.approx(before + 1, abs=0.01)
    hub_device = device(hass, "01HOMELAB0000000000000000A_hub")
    assert hub_device is not None
    assert hub_device.sw_version == "0.34.1"


# On and off


async def test_off_and_on_again(
    hass: HomeAssistant, hub: OllamaServer, freezer: FrozenDateTimeFactory
) -> None:
    entry = await set_up(hass, homelab_entry(hub.url))
    await answer(entry, Purpose.VOICE)
    await pass_time(hass, freezer)
    counts = {key: sensor(hass, key) for key in TOTALS}
    assert counts["requests"] == "1"
    await hub.stop()
    await pass_time(hass, freezer)
    assert {sensor(hass, key) for key in (*OF_NOW, *MEASURED, "next_unload")} == {STATE_UNAVAILABLE}
    assert {key: sensor(hass, key) for key in TOTALS} == counts
    await hub.start()
    await pass_time(hass, freezer)
    assert STATE_UNAVAILABLE not in {sensor(hass, key) for key in (*OF_NOW, *MEASURED, *TOTALS)}
    assert {key: sensor(hass, key) for key in TOTALS} == counts


async def test_off_from_the_beginning(
    hass: HomeAssistant, hub: OllamaServer, freezer: FrozenDateTimeFactory
) -> None:
    await hub.stop()
    await set_up(hass, homelab_entry(hub.url))
    assert {sensor(hass, key) for key in (*OF_NOW, *MEASURED)} == {STATE_UNAVAILABLE}
    assert {sensor(hass, key) for key in TOTALS} == {"0"}
    await hub.start()
    await pass_time(hass, freezer)
    assert sensor(hass, "version") == "0.33.0"
    assert {sensor(hass, key) for key in MEASURED} == {STATE_UNKNOWN}


async def test_a_standby_is_a_hub_of_its_own(
    hass: HomeAssistant, hub: OllamaServer, freezer: FrozenDateTimeFactory
) -> None:
    async with OllamaServer(version="0.30.1") as other:
        entry = await set_up(hass, homelab_entry(hub.url, hub_subentry(other.url)))
        stem = standby(entry)
        assert (sensor(hass, "version"), sensor(hass, "version", stem)) == ("0.33.0", "0.30.1")
        await other.load(MODEL)
        await hub.stop()
        await pass_time(hass, freezer)
        assert (sensor(hass, "models_loaded"), sensor(hass, "models_loaded", stem)) == (
            STATE_UNAVAILABLE,
            "1",
        )


# Measurements


async def test_shows_what_the_server_measured_for_each_purpose(
    hass: HomeAssistant, socket_enabled: None
) -> None:
    """An AI task that waits for the model to load, then a voice turn that finds it loaded."""
    async with OllamaServer(timing=Timing(load_seconds=0.3)) as hub:
        await set_up(hass, homelab_entry(hub.url))
        hub.script(Reply(content="It is a cat."), Reply(content="Good evening, sir. What a day."))
        await ai_task.async_generate_data(
            hass, task_name="look", entity_id=TASK, instructions="What is a cat?"
        )
        assert not is_error(await ask(hass, "Hello"))
        await finish(hass)
        task, voice = hub.requests_to("/api/chat")
        assert int(sensor(hass, "prompt_tokens")) == task.prompt_tokens + voice.prompt_tokens
        assert int(sensor(hass, "generated_tokens")) == task.generated_tokens + voice.generated_tokens
        assert (sensor(hass, "requests"), sensor(hass, "failed_requests")) == ("2", "0")
        figures = {key: state(hass, "sensor", key) for key in MEASURED}
        for key, found in figures.items():
            assert found.attributes["model"] == MODEL, key
            assert float(found.state) == pytest.approx(found.attributes["voice"]), key
            assert "background" not in found.attributes
        assert figures["load_time"].attributes["task"] >= 0.2
        assert figures["load_time"].attributes["voice"] < 0.2
        assert 5 > figures["time_to_first_token"].attributes["task"] >= 0.2
        assert 0 <= figures["time_to_first_token"].attributes["voice"] < 5
        # Of a model that was there already nobody knows how much of the prompt was in the cache.
        assert figures["prompt_speed"].attributes["task"] == pytest.approx(2000, rel=1e-3)
        assert figures["prompt_speed"].attributes["voice"] == pytest.approx(2000, rel=1e-3)
        for name in ("task", "voice"):
            assert figures["generation_speed"].attributes[name] == pytest.approx(60, rel=1e-3)


async def test_nothing_is_measured_before_the_first_request(hass: HomeAssistant, hub: OllamaServer) -> None:
    await set_up(hass, homelab_entry(hub.url))
    for key in MEASURED:
        assert sensor(hass, key) == STATE_UNKNOWN
        assert "model" not in state(hass, "sensor", key).attributes
    assert {sensor(hass, key) for key in TOTALS} == {"0"}


async def test_counts_a_failed_request(hass: HomeAssistant, hub: OllamaServer) -> None:
    await set_up(hass, homelab_entry(hub.url))
    hub.inject(Fault.error_line("out of memory"))
    assert is_error(await ask(hass, "Hello"))
    await finish(hass)
    assert (sensor(hass, "requests"), sensor(hass, "failed_requests")) == ("1", "1")
    assert sensor(hass, "generated_tokens") == "0"
    assert sensor(hass, "time_to_first_token") == STATE_UNKNOWN


# Totals over restarts


async def test_what_was_measured_stands_until_the_next_answer(
    hass: HomeAssistant, hub: OllamaServer, hass_storage: dict[str, Any]
) -> None:
    """Over a reload and a restart; what cannot be a figure is not restored."""
    entry = await set_up(hass, homelab_entry(hub.url))
    await answer(entry, Purpose.VOICE)
    await entry.runtime_data.hubs[0].async_refresh()
    before = {key: sensor(hass, key) for key in MEASURED}
    assert STATE_UNKNOWN not in (before["generation_speed"], before["load_time"])
    assert await hass.config_entries.async_reload(entry.entry_id)
    assert {key: sensor(hass, key) for key in MEASURED} == before
    assert await hass.config_entries.async_unload(entry.entry_id)
    stored = await async_mock_restore_state_shutdown_restart(hass)
    for item in hass_storage["core.restore_state"]["data"]:
        if item["state"]["entity_id"] == entity_id(hass, "sensor", "load_time"):
            item["extra_data"]["native_value"] = "long"
    await stored.async_load()
    assert await hass.config_entries.async_setup(entry.entry_id)
    assert {key: sensor(hass, key) for key in MEASURED} == before | {"load_time": STATE_UNKNOWN}


async def test_totals_go_on_after_a_restart(
    hass: HomeAssistant, hub: OllamaServer, hass_storage: dict[str, Any]
) -> None:
    """What cannot be a count, because a person or a fault wrote it, begins anew."""
    entry = await set_up(hass, homelab_entry(hub.url))
    await answer(entry, Purpose.VOICE)
    await entry.runtime_data.hubs[0].async_refresh()
    before = {key: sensor(hass, key) for key in TOTALS}
    assert await hass.config_entries.async_unload(entry.entry_id)
    stored = await async_mock_restore_state_shutdown_restart(hass)
    for item in hass_storage["core.restore_state"]["data"]:
        if item["state"]["entity_id"] == entity_id(hass, "sensor", "generated_tokens"):
            item["extra_data"]["native_value"] = "many"
        if item["state"]["entity_id"] == entity_id(hass, "sensor", "failed_requests"):
            item["extra_data"]["native_value"] = None
    (kept,) = hass_storage[f"homelab_ai.{entry.entry_id}.totals"]["data"].values()
    kept |= {"generated_tokens": "many", "failed_requests": None}
    await stored.async_load()
    assert await hass.config_entries.async_setup(entry.entry_id)
    expected = before | {"generated_tokens": "0", "failed_requests": "0"}
    assert {key: sensor(hass, key) for key in TOTALS} == expected
    await answer(entry, Purpose.TASK)
    await entry.runtime_data.hubs[0].async_refresh()
    assert sensor(hass, "requests") == "2"
    assert int(sensor(hass, "prompt_tokens")) == 2 * int(before["prompt_tokens"])


async def test_totals_go_on_after_a_reload(hass: HomeAssistant, hub: OllamaServer) -> None:
    entry = await set_up(hass, homelab_entry(hub.url))
    await answer(entry, Purpose.VOICE)
    await entry.runtime_data.hubs[0].async_refresh()
    before = {key: sensor(hass, key) for key in TOTALS}
    for _ in range(2):
        assert await hass.config_entries.async_reload(entry.entry_id)
        await hass.async_block_till_done()
        assert {key: sensor(hass, key) for key in TOTALS} == before
    await answer(entry, Purpose.TASK)
    await entry.runtime_data.hubs[0].async_refresh()
    assert sensor(hass, "requests") == "2"


async def test_entity_ids_are_of_the_hub_and_the_english_name(hass: HomeAssistant, hub: OllamaServer) -> None:
    await set_up(hass, homelab_entry(hub.url))
    assert entity_id(hass, "sensor", "requests") == "sensor.ollama_requests"
