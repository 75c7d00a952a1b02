"""The timeline through a real Home Assistant: what is kept, told and looked up."""

from collections.abc import AsyncGenerator
import json
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest

from custom_components.homelab_ai.const import DOMAIN
from demo.servers.ollama import OllamaServer
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError

from .acting import act
from .common import MODEL
from .looking import ENTRY_ID, pass_time
from .systems import Alerts, monitor_subentry, watch

STORED = f"{DOMAIN}.{ENTRY_ID}.timeline"


@pytest.fixture
async def alerts(socket_enabled: None) -> AsyncGenerator[Alerts]:
    async with Alerts() as server:
        yield server


async def happened(hass: HomeAssistant, **data: Any) -> list[str]:
    """Return what happened, the oldest first."""
    response = await act(hass, "timeline", **data)
    return [entry["message"] for entry in response["entries"]][::-1]


async def test_hub_and_problems(
    hass: HomeAssistant, hub: OllamaServer, alerts: Alerts, freezer: FrozenDateTimeFactory
) -> None:
    await watch(hass, hub.url, monitor_subentry("alertmanager", alerts.url, "Alerts"))
    assert await happened(hass) == []
    alerts.firing = {"DiskFull": "critical"}
    await pass_time(hass, freezer)
    await hub.stop()
    await pass_time(hass, freezer)
    await hub.start()
    alerts.firing = {}
    await pass_time(hass, freezer)
    await pass_time(hass, freezer, 125)
    assert await happened(hass, language="en") == [
        "The alert Disk Full is firing: “DiskFull is firing”.",
        "Ollama went off.",
        "Ollama is off.",
        "Ollama came on.",
        "Ollama is on again.",
        "The alert Disk Full is over.",
    ]
    assert (await happened(hass, language="de", thing="Ollama"))[0] == "Ollama ist ausgegangen."
    assert await happened(hass, thing="Alerts", language="de", limit=1) == ["Der Alarm Disk Full ist vorbei."]
    with pytest.raises(ServiceValidationError, match="nothing_like_this"):
        await happened(hass, thing="nothing_like_this")


async def test_survives_a_restart(
    hass: HomeAssistant, hub: OllamaServer, freezer: FrozenDateTimeFactory, hass_storage: dict[str, Any]
) -> None:
    entry = await watch(hass, hub.url)
    await hub.stop()
    await pass_time(hass, freezer)
    before = await happened(hass)
    assert before
    await pass_time(hass, freezer, 31)
    # What a power failure leaves: half a minute later it was on disk.
    stored = json.loads(json.dumps(hass_storage[STORED]))
    assert len(stored["data"]["entries"]) == len(before)
    await hub.start()
    assert await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert (await happened(hass))[: len(before)] == before
    response = await act(hass, "timeline", thing="Ollama")
    latest = response["entries"][0]
    assert (latest["kind"], latest["noticed_late"]) == ("hub_on", True)
    assert await hass.config_entries.async_remove(entry.entry_id)
    assert STORED not in hass_storage


async def test_a_broken_store_is_left_behind(
    hass: HomeAssistant, hub: OllamaServer, hass_storage: dict[str, Any]
) -> None:
    hass_storage[STORED] = {
        "version": 1,
        "minor_version": 1,
        "key": STORED,
        "data": {"entries": 7, "memory": []},
    }
    entry = await watch(hass, hub.url)
    assert entry.state is ConfigEntryState.LOADED
    assert await happened(hass) == []


async def test_look_up(
    hass: HomeAssistant, hub: OllamaServer, alerts: Alerts, freezer: FrozenDateTimeFactory
) -> None:
    await watch(
        hass,
        hub.url,
        monitor_subentry("alertmanager", alerts.url, "Alerts"),
        monitor_subentry("paperless_ai", f"{alerts.url}/nowhere", "Paperless-AI"),
    )
    found = await act(hass, "look_up", name="ollama")
    assert (found["name"], found["kind"], found["state"]) == ("Ollama", "hub", "ok")
    assert found["facts"]["models_installed"]["value"] == 8
    assert {one["name"] for one in found["needed_by"]} >= {MODEL, "Paperless-AI"}
    assert {"link": "needs", "state": "off"}.items() <= next(
        one for one in found["needed_by"] if one["name"] == "Paperless-AI"
    ).items()
    await hub.stop()
    await pass_time(hass, freezer)
    found = await act(hass, "look_up", name="ollama", language="de")
    assert (found["state"], [one["kind"] for one in found["problems"]]) == ("off", ["hub_offline"])
    assert "Ollama ist ausgegangen." in [one["message"] for one in found["changes"]]
    model = await act(hass, "look_up", name=MODEL)
    assert (model["state"], list(model["facts"])) == ("off", ["size"])
    with pytest.raises(ServiceValidationError, match="kitchen"):
        await act(hass, "look_up", name="kitchen light")


async def test_who_muted_what(
    hass: HomeAssistant, hub: OllamaServer, alerts: Alerts, freezer: FrozenDateTimeFactory
) -> None:
    await watch(hass, hub.url, monitor_subentry("alertmanager", alerts.url, "Alerts"))
    alerts.firing = {"DiskFull": "critical"}
    await pass_time(hass, freezer)
    await act(hass, "mute_problem", problem_id="DiskFull")
    await act(hass, "unmute_problem", problem_id="DiskFull")
    # What is not muted does not count "again".
    await act(hass, "unmute_problem", problem_id="DiskFull")
    entries = (await act(hass, "timeline", language="en"))["entries"][::-1]
    assert [(entry["kind"], entry["facts"].get("by")) for entry in entries] == [
        ("raised", None),
        ("muted", "person"),
        ("unmuted", "person"),
    ]
    assert entries[1]["message"] == "DiskFull was muted."
    assert "until" in entries[1]["facts"]
