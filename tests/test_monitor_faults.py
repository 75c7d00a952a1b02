"""All that can go wrong with a monitored system: told once, over by itself, and nobody else's business."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import AsyncExitStack
from datetime import timedelta
import json
import logging
import time
from typing import Any

from aiohttp import web
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.homelab_ai.monitors.alertmanager import AlertmanagerMonitor
from demo.servers.apps.app import AppServer, json_response
from demo.servers.apps.librechat import LibreChatExporter, LibreChatServer
from demo.servers.apps.open_webui import OpenWebUIServer
from demo.servers.apps.paperless_ai import PaperlessAIServer
from demo.servers.apps.web_page import WebPage
from demo.servers.ollama import OllamaServer
from homeassistant.const import STATE_OFF, STATE_ON, STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant

from .looking import is_on, issues, sensor, state, until
from .systems import Alerts, entities, monitor_subentry, source, watch

OURS = "custom_components.homelab_ai"


class Metrics(AppServer):
    """What Prometheus answers, as far as its monitor asks: to each query what a test says, or nothing."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.values: dict[str, str] = {}
        self.labels: dict[str, dict[str, str]] = {}
        self.firing: list[dict[str, Any]] = []

    async def answer(self, request: web.Request) -> web.StreamResponse:
        query = request.query.get("query", "")
        labels = self.labels.get(query, {})
        found = [{"metric": labels, "value": [1, self.values[query]]}] if query in self.values else []
        data = {
            "/api/v1/status/buildinfo": {"version": "3.7.1"},
            "/api/v1/alerts": {"alerts": self.firing},
            "/api/v1/query": {"resultType": "vector", "result": found},
        }.get(request.path)
        if data is None:
            return web.Response(status=404, text="404 page not found")
        return json_response({"status": "success", "data": data})


MAKE: Mapping[str, Callable[[], AppServer]] = {
    "alertmanager": Alerts,
    "prometheus": Metrics,
    "open_webui": OpenWebUIServer,
    "librechat": LibreChatServer,
    "paperless_ai": PaperlessAIServer,
    "web": WebPage,
}
VICTIMS = tuple(MAKE)
# It has no opinion on what a page says: whatever answers is there.
PICKY = tuple(kind for kind in VICTIMS if kind != "web")
HALF = json.dumps({"status": "success", "data": {"alerts": []}})[:30]


@pytest.fixture
async def lab(socket_enabled: None) -> AsyncGenerator[dict[str, AppServer]]:
    """Return one system of each kind, and one that nothing happens to."""
    async with AsyncExitStack() as started:
        makers = {**MAKE, "bystander": WebPage}
        yield {kind: await started.enter_async_context(make()) for kind, make in makers.items()}


async def watch_lab(hass: HomeAssistant, hub: OllamaServer, lab: Mapping[str, AppServer]) -> MockConfigEntry:
    kinds = {kind: "web" if kind == "bystander" else kind for kind in lab}
    return await watch(
        hass, hub.url, *(monitor_subentry(kinds[title], lab[title].url, title) for title in lab)
    )


async def look(entry: MockConfigEntry) -> None:
    """Look at all systems, as polls do."""
    await asyncio.gather(*(one.async_refresh() for one in entry.runtime_data.monitors))


def online(hass: HomeAssistant, lab: Mapping[str, AppServer]) -> set[str]:
    """Return which systems answer."""
    return {title for title in lab if is_on(hass, "online", source(title)) == STATE_ON}


def logged(caplog: pytest.LogCaptureFixture) -> list[tuple[int, str]]:
    """Return what a person finds in the log since the last call; a traceback must not be there."""
    found = [one for one in caplog.records if one.levelno >= logging.INFO]
    assert not [one.getMessage() for one in found if one.exc_info or "Traceback" in one.getMessage()]
    assert not [one.getMessage() for one in found if one.name == "asyncio"]
    said = [(one.levelno, one.getMessage()) for one in found if one.name.startswith(OURS)]
    caplog.clear()
    return said


# One that answers otherwise than it should

FAULTS: Mapping[str, tuple[Callable[[AppServer], None], tuple[str, ...], str]] = {
    "hangs": (lambda app: app.faults.hang(), VICTIMS, "does not answer: timed out"),
    "busy": (
        lambda app: app.faults.status(429, "slow down", headers={"Retry-After": "120"}),
        PICKY,
        "has too much to do",
    ),
    "unavailable": (
        lambda app: app.faults.status(503, "<html>no server</html>"),
        PICKY,
        "has too much to do",
    ),
    "error": (
        lambda app: app.faults.status(500, "oops\nat line 7"),
        PICKY,
        "could not do that: 500: oops at line 7",
    ),
    "bad gateway": (
        lambda app: app.faults.status(502, "<html>Bad gateway</html>"),
        PICKY,
        "could not do that: 502",
    ),
    "login page": (
        lambda app: app.faults.status(302, headers={"Location": "/login?next=%2F"}),
        PICKY,
        "something else answers",
    ),
    "portal": (lambda app: app.faults.html("Sign in"), PICKY, "something else answers"),
    "half an object": (
        lambda app: app.faults.status(200, HALF, content_type="application/json"),
        PICKY,
        "",
    ),
    "nothing": (lambda app: app.faults.status(204), PICKY, ""),
}


@pytest.mark.parametrize("fault", FAULTS)
async def test_system_that_answers_otherwise(  # noqa: PLR0917 - what a test needs and what it is given
    fault: str,
    hass: HomeAssistant,
    hub: OllamaServer,
    lab: dict[str, AppServer],
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It is off and its other entities unavailable; that is logged once, and once when it ends."""
    monkeypatch.setattr("custom_components.homelab_ai.coordinator.monitor.FETCH_TIMEOUT", 1.0)
    strike, victims, words = FAULTS[fault]
    entry = await watch_lab(hass, hub, lab)
    assert online(hass, lab) == set(lab)
    logged(caplog)
    for kind in victims:
        strike(lab[kind])
    for _ in range(3):
        await look(entry)
    assert online(hass, lab) == set(lab) - set(victims)
    for kind in victims:
        others = [one for key, one in entities(hass, source(kind)).items() if "online" not in key]
        shown = [hass.states.get(one.entity_id) for one in others if one.disabled_by is None]
        assert {one.state for one in shown if one is not None} <= {STATE_UNAVAILABLE}
        assert None not in shown
    said = logged(caplog)
    assert {level for level, _ in said} == {logging.ERROR}
    assert sorted(text.split()[2] for _, text in said) == sorted(victims)
    assert all(words in text for _, text in said), said
    # A refused credential would be a repair; none of this is.
    assert issues(hass) == {}
    for kind in victims:
        lab[kind].faults.clear()
    for _ in range(2):
        await look(entry)
    assert online(hass, lab) == set(lab)
    recovered = sorted((logging.INFO, f"Fetching {kind} data recovered") for kind in victims)
    assert sorted(logged(caplog)) == recovered


async def test_systems_that_hang_delay_nobody(
    hass: HomeAssistant, hub: OllamaServer, lab: dict[str, AppServer]
) -> None:
    entry = await watch_lab(hass, hub, lab)
    for kind in VICTIMS:
        lab[kind].faults.hang()
    *others, bystander = entry.runtime_data.monitors
    looks = [asyncio.create_task(one.async_refresh()) for one in others]
    started = time.monotonic()
    lab["bystander"].body = "changed"  # type: ignore[attr-defined]
    await bystander.async_refresh()
    await entry.runtime_data.hubs[0].async_refresh()
    assert time.monotonic() - started < 1
    assert not any(task.done() for task in looks)
    assert is_on(hass, "online", source("bystander")) == STATE_ON
    # It can be left while they hang.
    assert await hass.config_entries.async_unload(entry.entry_id)
    for task in looks:
        task.cancel()
    await asyncio.gather(*looks, return_exceptions=True)


async def test_system_that_says_when_to_come_again_is_left_alone(
    hass: HomeAssistant, hub: OllamaServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(AlertmanagerMonitor, "interval", timedelta(seconds=1))
    async with Alerts() as alerts:
        await watch(hass, hub.url, monitor_subentry("alertmanager", alerts.url, "Alerts"))
        alerts.faults.status(429, "slow down", headers={"Retry-After": "4"}, times=1)
        await until(lambda: is_on(hass, "online", source("Alerts")) == STATE_OFF)
        seen = len(alerts.requests)
        # Polls are on whole seconds: what is due in four may come after three.
        await asyncio.sleep(2.5)
        assert len(alerts.requests) == seen
        await until(lambda: is_on(hass, "online", source("Alerts")) == STATE_ON)


async def test_server_is_never_asked_sooner_than_usual_because_it_says_so(
    hass: HomeAssistant, hub: OllamaServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(AlertmanagerMonitor, "interval", timedelta(seconds=5))
    async with Alerts() as alerts:
        await watch(hass, hub.url, monitor_subentry("alertmanager", alerts.url, "Alerts"))
        alerts.faults.status(429, "slow down", headers={"Retry-After": "1"}, times=1)
        await until(lambda: is_on(hass, "online", source("Alerts")) == STATE_OFF)
        seen = len(alerts.requests)
        await asyncio.sleep(2.5)
        assert len(alerts.requests) == seen
        await until(lambda: is_on(hass, "online", source("Alerts")) == STATE_ON)


# Figures that are none


@pytest.mark.parametrize("value", [None, "NaN", "+Inf", "-Inf", "soon", ""])
async def test_query_without_a_number_is_unavailable_and_no_zero(
    value: str | None, hass: HomeAssistant, hub: OllamaServer, caplog: pytest.LogCaptureFixture
) -> None:
    """Below its limit would be a problem; what does not exist is below nothing."""
    query = {"name": "Load", "query": "load", "below": 1, "above": 90}
    async with Metrics() as metrics:
        metrics.values["load"] = "50"
        entry = await watch(
            hass, hub.url, monitor_subentry("prometheus", metrics.url, "Metrics", queries=[query])
        )
        stem = source("Metrics")
        assert float(sensor(hass, "query_load", stem)) == 50
        metrics.values = {} if value is None else {"load": value}
        await look(entry)
        assert sensor(hass, "query_load", stem) == STATE_UNAVAILABLE
        assert (is_on(hass, "online", stem), sensor(hass, "alerts_firing", stem)) == (STATE_ON, "0")
        assert "sensor.k8sgpt_findings" not in entities(hass, stem)
        # A query with limits that gives nothing may hide anything.
        assert (sensor(hass, "health"), sensor(hass, "problems")) == ("unknown", "0")
        metrics.values["load"] = "0"
        await look(entry)
        assert float(sensor(hass, "query_load", stem)) == 0
        assert sensor(hass, "health") == "degraded"
        assert not [text for level, text in logged(caplog) if level > logging.INFO]


async def test_exporter_that_writes_no_numbers(hass: HomeAssistant, hub: OllamaServer) -> None:
    async with LibreChatServer() as libre, LibreChatExporter() as exporter:
        url = f"{exporter.url}/metrics"
        entry = await watch(hass, hub.url, monitor_subentry("librechat", libre.url, "Libre", metrics_url=url))
        stem = source("Libre")
        assert float(sensor(hass, "messages", stem)) == 1284
        exporter.put("messages", float("nan"))
        exporter.put("active_users", float("inf"))
        await look(entry)
        assert {sensor(hass, key, stem) for key in ("messages", "active_users")} == {STATE_UNAVAILABLE}
        assert float(sensor(hass, "errors", stem)) == 9
        # An exporter that is gone does not make the app look ill.
        await exporter.stop()
        await look(entry)
        assert (is_on(hass, "online", stem), sensor(hass, "errors", stem)) == (STATE_ON, STATE_UNAVAILABLE)


async def test_alertmanager_that_settles(hass: HomeAssistant, hub: OllamaServer) -> None:
    """After its start it knows no alerts until Prometheus has told them again: nothing is solved by that."""
    told: list[str] = []
    hass.bus.async_listen("homelab_ai_problem", lambda event: told.append(event.data["type"]))
    async with Alerts() as alerts:
        alerts.firing = {"Disk": "warning"}
        entry = await watch(hass, hub.url, monitor_subentry("alertmanager", alerts.url, "Alerts"))
        stem = source("Alerts")
        settling = {"versionInfo": {"version": "0.28.1"}, "cluster": {"status": "settling", "peers": []}}
        alerts.faults.status(
            200, json.dumps(settling), content_type="application/json", path="/api/v2/status"
        )
        alerts.firing = {}
        await look(entry)
        assert (is_on(hass, "online", stem), sensor(hass, "alerts_active", stem)) == (STATE_ON, "0")
        alerts.firing = {"Disk": "warning"}
        await look(entry)
        assert sensor(hass, "alerts_active", stem) == "1"
        await hass.async_block_till_done()
    assert told == []
    assert state(hass, "sensor", "problems").state == "1"
