"""What no system may break: the house's own pages, registries and files, whatever a system answers."""

from collections.abc import Callable
import json
import time
from typing import Any

from aiohttp import web
from freezegun.api import FrozenDateTimeFactory
import orjson
import pytest

from custom_components.homelab_ai.const import DOMAIN
from custom_components.homelab_ai.coordinator.hub_issues import MOST_OF_A_KIND
from custom_components.homelab_ai.hub.server import HubServer
from custom_components.homelab_ai.monitors.alertmanager import AlertmanagerMonitor
from demo.servers.http_server import HttpServer
from demo.servers.ollama import OllamaServer
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er, issue_registry as ir
from homeassistant.helpers.json import JSONEncoder
from homeassistant.helpers.restore_state import async_get as restore_states

from .common import ask, conversation_subentry, homelab_entry, set_up
from .looking import is_on, pass_time, sensor, state
from .systems import Alerts, monitor_subentry
from .turns import assert_no_traceback

ODD_TEXTS = {
    "half an emoji": "0.33.0\ud83d",
    "escape": "0.33\x1b[31m.0",
    "override": "0.33\u202e.0",
    "null": "0.33.0\0",
    "long": "9" * 100_000,
    "lines": "0.33.0\n\nWARNING",
}
ODD_NUMBERS: tuple[Any, ...] = (2**70, 1e308, -1, "x", None, [], 2**53, 10**19)


class Odd(HttpServer):
    """Answers what it was given, by the end of the path; everything as JSON, half characters too."""

    def __init__(self, **answers: Any) -> None:
        super().__init__()
        self.answers = answers

    async def handle(self, request: web.Request) -> web.StreamResponse:
        name = request.path.rpartition("/")[2]
        if name not in self.answers:
            return web.Response(status=404)
        said = self.answers[name]
        text = said if isinstance(said, str) else json.dumps(said)
        return web.Response(text=text, content_type="application/json")


def model(**odd: Any) -> dict[str, Any]:
    """Return a model that is installed and loaded."""
    return {
        "model": "llama3.1:8b",
        "digest": "a" * 64,
        "size": 5_000_000_000,
        "size_vram": 4_000_000_000,
        "context_length": 8192,
        "modified_at": "2026-11-21T10:30:00Z",
        "expires_at": "2026-11-21T12:30:00Z",
        **odd,
    }


def hub(version: object = "0.33.0", **odd: Any) -> Odd:
    """Return a hub of one odd model."""
    models = {"models": [model(**odd)]}
    return Odd(version={"version": version}, tags=models, ps=models, show={"model_info": odd})


def assert_house_is_whole(hass: HomeAssistant) -> None:
    """Fail if what the house shows, records, registers or restores cannot be written."""
    for entity in hass.states.async_all():
        assert len(entity.state) <= 255
        # `/api/states`, the websocket and the recorder's attributes are made of these bytes.
        assert len(orjson.dumps(orjson.loads(entity.as_dict_json))) < 20_000
    for registry in (dr.async_get(hass), er.async_get(hass)):
        orjson.dumps(registry._data_to_save(), default=JSONEncoder().default)
    for restored in restore_states(hass).async_get_stored_states():
        orjson.dumps(restored.as_dict(), default=JSONEncoder().default)
    for device in dr.async_get(hass).devices:
        assert len(device.sw_version or "") <= 100


@pytest.mark.parametrize("version", ODD_TEXTS.values(), ids=ODD_TEXTS)
async def test_version_of_a_hub(
    hass: HomeAssistant,
    socket_enabled: None,
    caplog: pytest.LogCaptureFixture,
    version: str,
) -> None:
    async with hub(version) as server:
        await set_up(hass, homelab_entry(server.url))
        assert is_on(hass, "online") == "on"
        assert_house_is_whole(hass)
    assert_no_traceback(caplog)


_SYSTEMS: dict[str, Callable[[Any], Odd]] = {
    "prometheus": lambda text: Odd(
        buildinfo={"status": "success", "data": {"version": text}},
        alerts={
            "status": "success",
            "data": {
                "alerts": [
                    {
                        "state": "firing",
                        "labels": {"alertname": text, "severity": "critical", text: text},
                        "annotations": {"summary": text, "description": text},
                        "activeAt": "0001-01-01T00:00:00Z",
                    }
                ]
            },
        },
        query={
            "status": "success",
            "data": {"resultType": "vector", "result": [{"metric": {text: text}, "value": [1, "1e308"]}]},
        },
    ),
    "alertmanager": lambda text: Odd(
        status={"versionInfo": {"version": text}},
        alerts=[
            {
                "fingerprint": text,
                "labels": {"alertname": text, "severity": "critical"},
                "annotations": {"summary": text},
                "startsAt": "9999-12-31T23:59:59-14:00",
                "generatorURL": text,
                "status": {"state": "active"},
            }
        ],
    ),
    "open_webui": lambda text: Odd(config={"version": text, "features": {}}),
    "paperless_ai": lambda text: Odd(
        health={
            "status": text,
            "message": text,
            "scan": {"consecutiveFailures": 1e308, "paperless": {"error": text}},
        },
    ),
}


@pytest.mark.parametrize("text", ODD_TEXTS.values(), ids=ODD_TEXTS)
@pytest.mark.parametrize("kind", _SYSTEMS)
async def test_texts_of_a_system(
    hass: HomeAssistant,
    *,
    hub: OllamaServer,
    caplog: pytest.LogCaptureFixture,
    freezer: FrozenDateTimeFactory,
    kind: str,
    text: str,
) -> None:
    async with _SYSTEMS[kind](text) as server:
        data = {"queries": [{"name": "Query", "query": "up", "unit": "x"}]} if kind == "prometheus" else {}
        entry = await set_up(
            hass,
            homelab_entry(
                hub.url, conversation_subentry(), monitor_subentry(kind, server.url, "Odd", **data)
            ),
        )
        await pass_time(hass, freezer)
        assert entry.state is ConfigEntryState.LOADED
        assert_house_is_whole(hass)
    assert_no_traceback(caplog)


@pytest.mark.parametrize("key", ["size", "size_vram", "context_length", "llama.context_length"])
@pytest.mark.parametrize("number", ODD_NUMBERS, ids=str)
async def test_numbers_of_a_hub(
    hass: HomeAssistant,
    *,
    socket_enabled: None,
    caplog: pytest.LogCaptureFixture,
    key: str,
    number: Any,
) -> None:
    async with hub(**{"general.architecture": "llama", key: number}) as server:
        entry = await set_up(hass, homelab_entry(server.url))
        assert entry.state is ConfigEntryState.LOADED
        assert is_on(hass, "online") == "on"
        assert_house_is_whole(hass)
    assert_no_traceback(caplog)


@pytest.mark.parametrize("count", [2**70, 10**19, 2**53 - 1, 1e308])
async def test_totals_can_always_be_restored(
    hass: HomeAssistant, socket_enabled: None, freezer: FrozenDateTimeFactory, count: Any
) -> None:
    """They stand in one file with those of the whole house."""
    async with hub() as server:
        end = {
            "message": {"content": "Good evening."},
            "done": True,
            "eval_count": count,
            "prompt_eval_count": count,
        }
        server.answers["chat"] = json.dumps(end) + "\n"
        await set_up(hass, homelab_entry(server.url))
        for _ in range(3):
            await ask(hass, "Why is the sky blue?")
        await pass_time(hass, freezer)
        assert 0 <= float(sensor(hass, "generated_tokens")) < 2**53
        assert sensor(hass, "requests") == "3"
        assert_house_is_whole(hass)


# Odd beyond all that is known: itself, and nothing else


async def test_an_odd_hub_breaks_itself_alone(
    hass: HomeAssistant,
    hub: OllamaServer,
    freezer: FrozenDateTimeFactory,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looks = {"left": 4}
    look = HubServer.look

    async def odd(self: HubServer) -> Any:
        if looks["left"]:
            looks["left"] -= 1
            raise ZeroDivisionError("as at set-up, so at run time")
        return await look(self)

    monkeypatch.setattr(HubServer, "look", odd)
    async with Alerts() as alerts:
        entry = await set_up(
            hass,
            homelab_entry(
                hub.url, conversation_subentry(), monitor_subentry("alertmanager", alerts.url, "Alerts")
            ),
        )
        assert entry.state is ConfigEntryState.LOADED
        assert is_on(hass, "online") == "off"
        assert is_on(hass, "online", "01ALERTS") == "on"
        while looks["left"]:
            await pass_time(hass, freezer)
        assert is_on(hass, "online") == "off"
        await pass_time(hass, freezer)
        assert is_on(hass, "online") == "on"
    said = [one for one in caplog.records if one.exc_info and "cannot be read" in one.getMessage()]
    assert len(said) == 1


@pytest.mark.parametrize("method", ["fetch", "problems", "version"])
async def test_an_odd_system_breaks_itself_alone(
    hass: HomeAssistant,
    *,
    hub: OllamaServer,
    freezer: FrozenDateTimeFactory,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    method: str,
) -> None:
    def odd(*_: Any) -> Any:
        raise ZeroDivisionError("as at set-up, so at run time")

    with monkeypatch.context() as patch:
        patch.setattr(AlertmanagerMonitor, method, odd)
        async with Alerts() as alerts:
            entry = await set_up(
                hass,
                homelab_entry(
                    hub.url, conversation_subentry(), monitor_subentry("alertmanager", alerts.url, "Alerts")
                ),
            )
            assert entry.state is ConfigEntryState.LOADED
            assert (is_on(hass, "online"), is_on(hass, "online", "01ALERTS")) == ("on", "off")
            await pass_time(hass, freezer)
            assert is_on(hass, "online", "01ALERTS") == "off"
            assert "cannot be read" in str(state(hass, "sensor", "problems").attributes["problems"])
            patch.undo()
            await pass_time(hass, freezer)
            assert is_on(hass, "online", "01ALERTS") == "on"
    said = [one for one in caplog.records if one.exc_info and "cannot be read" in one.getMessage()]
    assert len(said) == 1


async def test_thousands_of_pinned_models_are_few_repairs(hass: HomeAssistant, socket_enabled: None) -> None:
    names = [f"model-{number}:1b" for number in range(2000)]
    models = {"models": [model(model=name, expires_at="2318-03-08T10:00:00Z") for name in names]}
    async with Odd(version={"version": "0.33.0"}, tags=models, ps=models, show={"model_info": {}}) as server:
        entry = await set_up(hass, homelab_entry(server.url))
        ours = [one for one in ir.async_get(hass).issues.values() if one.domain == DOMAIN]
        assert 0 < len(ours) <= 3 * MOST_OF_A_KIND
        state_of_hub = entry.runtime_data.hubs[0].data.state
        begun = time.perf_counter()
        assert all(state_of_hub.find(name) for name in names)
        assert time.perf_counter() - begun < 0.5
