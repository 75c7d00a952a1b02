"""The binary sensors of a hub: online above all, which is off while the hub is and never unavailable."""

import logging

from freezegun.api import FrozenDateTimeFactory
import pytest
from syrupy.assertion import SnapshotAssertion

from demo.servers.ollama import Fault, OllamaServer
from homeassistant.const import STATE_OFF, STATE_ON, STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant

from .common import MODEL, conversation_subentry, homelab_entry, hub_subentry, set_up
from .looking import assert_platform, is_on, pass_time, standby, state

GIB = 1024**3
OURS = "custom_components.homelab_ai"


def said(caplog: pytest.LogCaptureFixture, level: int) -> list[str]:
    """Return what we logged at a level."""
    return [one.getMessage() for one in caplog.records if one.name.startswith(OURS) and one.levelno == level]


@pytest.mark.freeze_time("2026-11-21 12:00:00+00:00")
async def test_binary_sensors(hass: HomeAssistant, hub: OllamaServer, snapshot: SnapshotAssertion) -> None:
    await hub.load(MODEL, 8192, 1800)
    await set_up(hass, homelab_entry(hub.url))
    assert_platform(hass, snapshot, "binary_sensor")


async def test_online_is_off_while_the_hub_is(
    hass: HomeAssistant, hub: OllamaServer, freezer: FrozenDateTimeFactory
) -> None:
    await set_up(hass, homelab_entry(hub.url))
    assert is_on(hass, "online") == STATE_ON
    await hub.stop()
    await pass_time(hass, freezer)
    assert is_on(hass, "online") == STATE_OFF
    assert {is_on(hass, "spilling"), is_on(hass, "contention")} == {STATE_UNAVAILABLE}
    await hub.start()
    await pass_time(hass, freezer)
    assert is_on(hass, "online") == STATE_ON
    assert {is_on(hass, "spilling"), is_on(hass, "contention")} == {STATE_OFF}


@pytest.mark.parametrize(
    "fault",
    [
        Fault.status(401, path="/api/tags", times=None),
        Fault.status(500, path="/api/ps", times=None),
        Fault.status(503, path="/api/version", times=None),
        Fault.status(200, "<html>", path="/api/version", times=None),
        Fault.status(200, "<html>", path="/api/tags", times=None),
    ],
    ids=["refused", "broken", "busy", "page", "page of models"],
)
async def test_online_is_off_while_the_hub_cannot_be_used(
    fault: Fault, hass: HomeAssistant, hub: OllamaServer
) -> None:
    hub.inject(fault)
    await set_up(hass, homelab_entry(hub.url, hub_subentry(hub.url)))
    assert is_on(hass, "online") == STATE_OFF


async def test_online_is_of_each_hub(
    hass: HomeAssistant, hub: OllamaServer, freezer: FrozenDateTimeFactory
) -> None:
    async with OllamaServer() as other:
        entry = await set_up(hass, homelab_entry(hub.url, hub_subentry(other.url)))
        await other.stop()
        await pass_time(hass, freezer)
        assert (is_on(hass, "online"), is_on(hass, "online", standby(entry))) == (STATE_ON, STATE_OFF)


async def test_an_outage_is_logged_once_and_once_when_it_ends(
    hass: HomeAssistant,
    hub: OllamaServer,
    freezer: FrozenDateTimeFactory,
    caplog: pytest.LogCaptureFixture,
) -> None:
    await set_up(hass, homelab_entry(hub.url))
    for _ in range(2):
        caplog.clear()
        await hub.stop()
        for _ in range(3):
            await pass_time(hass, freezer)
        (warning,) = said(caplog, logging.WARNING)
        assert warning.startswith("Ollama does not answer: ")
        assert said(caplog, logging.INFO) == []
        caplog.clear()
        await hub.start()
        for _ in range(3):
            await pass_time(hass, freezer)
        assert said(caplog, logging.INFO) == ["Ollama answers again"]
        assert said(caplog, logging.WARNING) == []
    assert said(caplog, logging.ERROR) == []


async def test_a_hub_that_is_off_from_the_beginning_is_logged_once(
    hass: HomeAssistant,
    hub: OllamaServer,
    freezer: FrozenDateTimeFactory,
    caplog: pytest.LogCaptureFixture,
) -> None:
    await hub.stop()
    await set_up(hass, homelab_entry(hub.url))
    await pass_time(hass, freezer)
    assert len(said(caplog, logging.WARNING)) == 1
    assert is_on(hass, "online") == STATE_OFF


async def test_spilling(hass: HomeAssistant, socket_enabled: None, freezer: FrozenDateTimeFactory) -> None:
    async with OllamaServer(vram=4 * GIB) as hub:
        await hub.load(MODEL, 8192)
        await set_up(hass, homelab_entry(hub.url))
        found = state(hass, "binary_sensor", "spilling")
        assert found.state == STATE_ON
        (finding,) = found.attributes["findings"]
        assert (finding["kind"], finding["model"]) == ("model_spills", MODEL)
        assert is_on(hass, "contention") == STATE_OFF
        hub.unload(MODEL)
        await pass_time(hass, freezer)
        assert is_on(hass, "spilling") == STATE_OFF
        assert state(hass, "binary_sensor", "spilling").attributes["findings"] == []


async def test_contention_stays_on_between_turns(
    hass: HomeAssistant, hub: OllamaServer, freezer: FrozenDateTimeFactory
) -> None:
    """Another program asks for the model with another context length, then an agent of ours does."""
    await hub.load(MODEL, 4096)
    await set_up(hass, homelab_entry(hub.url))
    found = state(hass, "binary_sensor", "contention")
    assert found.state == STATE_ON
    assert [one["kind"] for one in found.attributes["findings"]] == ["context_conflict"]
    await hub.load(MODEL, 8192)
    await pass_time(hass, freezer)
    assert is_on(hass, "contention") == STATE_ON
    await pass_time(hass, freezer, 15 * 60)
    assert is_on(hass, "contention") == STATE_OFF


async def test_contention_of_our_own_agents(hass: HomeAssistant, hub: OllamaServer) -> None:
    await set_up(
        hass,
        homelab_entry(hub.url, conversation_subentry(), conversation_subentry("Friday", num_ctx=16384)),
    )
    found = state(hass, "binary_sensor", "contention")
    assert [one["kind"] for one in found.attributes["findings"]] == ["agents_disagree"]


async def test_contention_by_a_pinned_model(hass: HomeAssistant, hub: OllamaServer) -> None:
    await hub.load("gemma3:4b", keep_alive=-1)
    await set_up(hass, homelab_entry(hub.url))
    found = state(hass, "binary_sensor", "contention")
    assert [one["kind"] for one in found.attributes["findings"]] == ["model_pinned"]


async def test_findings_are_not_recorded(hass: HomeAssistant, hub: OllamaServer) -> None:
    await set_up(hass, homelab_entry(hub.url))
    for key in ("spilling", "contention"):
        found = state(hass, "binary_sensor", key)
        assert found.state_info is not None
        assert "findings" in found.state_info["unrecorded_attributes"]


@pytest.mark.parametrize(
    ("language", "pinned", "spilled"),
    [
        ("en", "gemma3:4b is to stay in the GPU's memory forever", "does not fit"),
        ("de", "gemma3:4b soll für immer im Grafikspeicher bleiben", "passt nicht"),
    ],
)
async def test_a_finding_says_what_it_means(
    hass: HomeAssistant, socket_enabled: None, language: str, pinned: str, spilled: str
) -> None:
    """Not only its kind and figures, which nobody can read."""
    hass.config.language = language
    async with OllamaServer(vram=4 * GIB) as hub:
        await hub.load(MODEL, num_ctx=8192)
        await set_up(hass, homelab_entry(hub.url, conversation_subentry()))
        (finding,) = state(hass, "binary_sensor", "spilling").attributes["findings"]
        assert finding["message"].startswith(MODEL)
        assert spilled in finding["message"]
        hub.unload(MODEL)
        await hub.load("gemma3:4b", keep_alive=-1)
        await hass.config_entries.async_reload(hass.config_entries.async_entries("homelab_ai")[0].entry_id)
        await hass.async_block_till_done()
        (finding,) = state(hass, "binary_sensor", "contention").attributes["findings"]
        assert finding["message"] == pinned
