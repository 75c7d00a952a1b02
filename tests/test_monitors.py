"""The monitored systems: their set-up, their devices and entities, and what becomes of them in an outage."""

import asyncio
from collections.abc import AsyncGenerator
import logging
import time
from types import MappingProxyType
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.filters import props

from custom_components.homelab_ai.coordinator.systems import SETUP_PATIENCE
from custom_components.homelab_ai.monitors import Monitor
from demo.servers.apps.librechat import LibreChatExporter, LibreChatServer
from demo.servers.apps.open_webui import KEY, OpenWebUIServer
from demo.servers.apps.paperless_ai import KEY as PAPERLESS_KEY, PaperlessAIServer
from demo.servers.apps.web_page import WebPage
from demo.servers.certificates import make_certificates
from demo.servers.exporters import GIB, K8sgptExporter, NvidiaGpuExporter
from demo.servers.kubernetes import TOKEN, ApiServer
from demo.servers.ollama import OllamaServer
from demo.servers.prometheus import LOGIN, Alertmanager, AlertRule, Prometheus, find
from homeassistant.config_entries import ConfigEntryState, ConfigSubentry
from homeassistant.const import STATE_OFF, STATE_ON, STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir

from .common import MODEL
from .looking import (
    ENTRY_ID,
    device,
    is_on,
    issues,
    pass_time,
    sensor,
    settle,
    state,
    until,
)
from .systems import Alerts, entities, monitor_subentry, source, watch

OURS = "custom_components.homelab_ai"
CHAT = source("Chat")
MOVING = ("sensor.last_processed", "sensor.certificate_expires")
"""What is another with every run."""

needs_binaries = pytest.mark.skipif(
    find() is None, reason="Prometheus is not here: python -m demo.servers.prometheus unpacks it"
)


@pytest.fixture
async def chat(socket_enabled: None) -> AsyncGenerator[OpenWebUIServer]:
    async with OpenWebUIServer() as server:
        yield server


def open_webui(app: OpenWebUIServer, title: str = "Chat", **data: Any) -> Any:
    return monitor_subentry("open_webui", app.url, title, **data)


# What there is


async def test_devices_and_entities(
    hass: HomeAssistant, hub: OllamaServer, snapshot: SnapshotAssertion
) -> None:
    """Each kind with all it may have, as it is registered and as it is now."""
    fork, upstream = PaperlessAIServer("zettelrobbe"), PaperlessAIServer()
    for tagger in (fork, upstream):
        tagger.finish(1, "Invoice")
    fork.scan()
    certificates = await asyncio.to_thread(make_certificates)
    async with (
        Alerts() as alerts,
        OpenWebUIServer() as chat,
        LibreChatServer() as libre,
        LibreChatExporter() as exporter,
        fork,
        upstream,
        WebPage() as page,
        WebPage(ssl_context=certificates.server_context()) as safe,
    ):
        entry = await watch(
            hass,
            hub.url,
            monitor_subentry("alertmanager", alerts.url, "Alerts"),
            open_webui(chat, api_key=KEY),
            monitor_subentry("librechat", libre.url, "Libre", metrics_url=f"{exporter.url}/metrics"),
            monitor_subentry("paperless_ai", fork.url, "Tagger", api_key=PAPERLESS_KEY),
            monitor_subentry(
                "paperless_ai", upstream.url, "Upstream", api_key=PAPERLESS_KEY, paperless_url=page.url
            ),
            monitor_subentry("web", page.url, "Router"),
            monitor_subentry("web", safe.url, "Safe", ca_certificate=certificates.ca),
        )
        alerts.firing = {"Disk": "critical", "Fan": "warning"}
        await entry.runtime_data.monitors[0].async_refresh()
    homelab = device(hass, ENTRY_ID)
    assert homelab is not None
    for title in ("Alerts", "Chat", "Libre", "Tagger", "Upstream", "Router", "Safe"):
        stem = source(title)
        found = device(hass, stem)
        assert found is not None
        assert (found.name, found.via_device_id, found.config_subentry_id) == (title, homelab.id, stem)
        assert found == snapshot(name=title, exclude=props("configuration_url"))
        states: dict[str, str] = {}
        for key, one in sorted(entities(hass, stem).items()):
            assert one.device_id == found.id
            assert one == snapshot(name=f"{title} {key}")
            shown = hass.states.get(one.entity_id)
            if key == "sensor.response_time":
                assert shown is None, "another value at every look: off at first"
                continue
            assert shown is not None
            assert shown.state not in (STATE_UNAVAILABLE, STATE_UNKNOWN), one.entity_id
            if key not in MOVING:
                states[key] = shown.state
        assert states == snapshot(name=f"{title} states")


@needs_binaries
async def test_prometheus_from_exporter_to_entity(
    hass: HomeAssistant, hub: OllamaServer, snapshot: SnapshotAssertion
) -> None:
    """The real one: alerts, queries that people named, k8sgpt's counts, and the GPU's memory of the hub."""
    hot = AlertRule("Hot", "nvidia_smi_temperature_gpu > 85", "critical", "The GPU is hot")
    queries = [
        {"name": "GPU temperature", "query": "nvidia_smi_temperature_gpu", "unit": "°C", "above": 80},
        {"name": "Nothing", "query": "no_such_series"},
    ]
    async with (
        NvidiaGpuExporter() as gpu,
        K8sgptExporter() as k8sgpt,
        Prometheus({"gpu": gpu, "k8sgpt": k8sgpt}, [hot], login=LOGIN) as prometheus,
    ):
        gpu.heat(91)
        k8sgpt.analysed(("Pod", "ai/open-webui"))
        await prometheus.scraped()
        login = {"username": LOGIN.username, "password": LOGIN.password}
        entry = await watch(
            hass, hub.url, monitor_subentry("prometheus", prometheus.url, "Metrics", queries=queries, **login)
        )
        stem = source("Metrics")
        monitor = entry.runtime_data.monitors[0]
        async with asyncio.timeout(60):
            while sensor(hass, "alerts_firing", stem) != "1":
                await asyncio.sleep(0.2)
                await monitor.async_refresh()
        assert set(entities(hass, stem)) == {
            "binary_sensor.online",
            "sensor.alerts_firing",
            "sensor.k8sgpt_findings",
            "sensor.query_gpu_temperature",
            "sensor.query_nothing",
        }
        for key, one in sorted(entities(hass, stem).items()):
            assert one == snapshot(name=key)
        assert sensor(hass, "k8sgpt_findings", stem) == "1"
        temperature = state(hass, "sensor", "query_gpu_temperature", stem)
        assert temperature.entity_id == "sensor.metrics_gpu_temperature"
        assert (float(temperature.state), temperature.attributes["unit_of_measurement"]) == (91, "°C")
        assert sensor(hass, "query_nothing", stem) == STATE_UNAVAILABLE
        assert {one.kind for one in entry.runtime_data.health.data.problems} == {"alert", "query"}
        assert sensor(hass, "health") == "critical"
        assert float(sensor(hass, "vram_total")) == pytest.approx(monitor.data.vram.total / GIB)
        found = device(hass, stem)
        assert found is not None
        assert found.sw_version == monitor.data.version
        assert found == snapshot(name="device", exclude=props("configuration_url", "sw_version"))
        # A series that vanishes is not zero.
        gpu.lose_gpu()
        async with asyncio.timeout(60):
            while sensor(hass, "query_gpu_temperature", stem) != STATE_UNAVAILABLE:
                await asyncio.sleep(0.2)
                await monitor.async_refresh()
        assert is_on(hass, "online", stem) == STATE_ON


@needs_binaries
async def test_alertmanager_that_is_real(hass: HomeAssistant, hub: OllamaServer) -> None:
    async with Alertmanager() as alertmanager:
        await watch(hass, hub.url, monitor_subentry("alertmanager", alertmanager.url, "Alerts"))
        assert is_on(hass, "online", source("Alerts")) == STATE_ON
        assert sensor(hass, "alerts_active", source("Alerts")) == "0"


@needs_binaries
async def test_findings_are_counted_once(hass: HomeAssistant, hub: OllamaServer) -> None:
    """A cluster that is watched itself knows them better, and sooner, than the metrics of its operator."""
    async with (
        K8sgptExporter() as k8sgpt,
        ApiServer(systems=("k8sgpt",)) as cluster,
        Prometheus({"k8sgpt": k8sgpt}, []) as prometheus,
    ):
        k8sgpt.analysed(("Pod", "ai/open-webui"))
        await prometheus.scraped()
        await watch(
            hass,
            hub.url,
            monitor_subentry("prometheus", prometheus.url, "Metrics"),
            monitor_subentry("kubernetes", cluster.url, "Cluster", token=TOKEN),
        )
        assert set(entities(hass, source("Metrics"))) == {"binary_sensor.online", "sensor.alerts_firing"}
        assert sensor(hass, "k8sgpt_findings", source("Cluster")) == "0"


@needs_binaries
async def test_memory_of_a_gpu(hass: HomeAssistant, hub: OllamaServer) -> None:
    """What the hub's GPU has is measured; what a person entered counts only while nobody measures."""
    await hub.load(MODEL)
    async with NvidiaGpuExporter(total=24 * GIB) as gpu, Prometheus({"gpu": gpu}, []) as prometheus:
        await prometheus.scraped()
        entry = await watch(hass, hub.url, monitor_subentry("prometheus", prometheus.url, "Metrics"))
        monitor = entry.runtime_data.monitors[0]
        async with asyncio.timeout(60):
            while monitor.data.vram is None:
                await asyncio.sleep(0.2)
                await monitor.async_refresh()
        hass.config_entries.async_update_entry(entry, options={"vram_total": 16})
        await hass.async_block_till_done()
        assert float(sensor(hass, "vram_total")) == pytest.approx(24, abs=0.3)
        assert 0 < float(sensor(hass, "vram_usage")) < 100


async def test_entities_appear_when_their_data_does_and_never_twice(
    hass: HomeAssistant, hub: OllamaServer, freezer: FrozenDateTimeFactory, caplog: pytest.LogCaptureFixture
) -> None:
    async with LibreChatServer() as libre, LibreChatExporter(warm=False) as exporter:
        entry = await watch(
            hass,
            hub.url,
            monitor_subentry("librechat", libre.url, "Libre", metrics_url=f"{exporter.url}/metrics"),
        )
        stem = source("Libre")
        assert set(entities(hass, stem)) == {"binary_sensor.online", "sensor.response_time"}
        exporter.warm_up()
        for _ in range(3):
            await pass_time(hass, freezer)
            assert len(entities(hass, stem)) == 6
        assert sensor(hass, "messages", stem) == "1284.0"
        exporter.remove("librechat_messages_total")
        await pass_time(hass, freezer)
        assert sensor(hass, "messages", stem) == STATE_UNAVAILABLE
        assert await hass.config_entries.async_reload(entry.entry_id)
        await hass.async_block_till_done()
        assert len(entities(hass, stem)) == 6
        assert "does not generate unique IDs" not in caplog.text


async def test_tagger_that_says_little(
    hass: HomeAssistant, hub: OllamaServer, freezer: FrozenDateTimeFactory
) -> None:
    """Binary sensors, too, are there when their data is."""
    async with PaperlessAIServer() as app:
        await watch(hass, hub.url, monitor_subentry("paperless_ai", app.url, "Tagger", api_key=PAPERLESS_KEY))
        stem = source("Tagger")
        assert "binary_sensor.overdue" not in entities(hass, stem)
        app.finish(1, "Invoice")
        await pass_time(hass, freezer)
        assert is_on(hass, "overdue", stem) == STATE_OFF


async def test_device_tells_the_version_it_has_now(
    hass: HomeAssistant, hub: OllamaServer, chat: OpenWebUIServer, freezer: FrozenDateTimeFactory
) -> None:
    entry = await watch(hass, hub.url, open_webui(chat))
    chat.version = "0.7.0"
    await pass_time(hass, freezer)
    found = device(hass, CHAT)
    assert found is not None
    assert (found.sw_version, sensor(hass, "version", CHAT)) == ("0.7.0", "0.7.0")
    # It is kept for as long as it cannot be asked.
    await chat.stop()
    assert await hass.config_entries.async_reload(entry.entry_id)
    found = device(hass, CHAT)
    assert found is not None
    assert found.sw_version == "0.7.0"


# Outages


async def test_system_that_is_off(
    hass: HomeAssistant, hub: OllamaServer, chat: OpenWebUIServer, freezer: FrozenDateTimeFactory
) -> None:
    await watch(hass, hub.url, open_webui(chat))
    await chat.stop()
    await pass_time(hass, freezer)
    assert is_on(hass, "online", CHAT) == STATE_OFF
    assert sensor(hass, "version", CHAT) == STATE_UNAVAILABLE
    await chat.start()
    await pass_time(hass, freezer)
    assert is_on(hass, "online", CHAT) == STATE_ON
    assert sensor(hass, "version", CHAT) == "0.6.33"


async def test_system_that_is_off_from_the_beginning(
    hass: HomeAssistant, hub: OllamaServer, chat: OpenWebUIServer, freezer: FrozenDateTimeFactory
) -> None:
    await chat.stop()
    entry = await watch(hass, hub.url, open_webui(chat))
    assert entry.state is ConfigEntryState.LOADED
    assert is_on(hass, "online", CHAT) == STATE_OFF
    assert set(entities(hass, CHAT)) == {"binary_sensor.online"}
    assert sensor(hass, "health") == "degraded"
    await chat.start()
    await pass_time(hass, freezer)
    assert set(entities(hass, CHAT)) == {"binary_sensor.online", "sensor.response_time", "sensor.version"}


async def test_an_outage_is_logged_once_and_once_when_it_ends(
    hass: HomeAssistant,
    hub: OllamaServer,
    chat: OpenWebUIServer,
    freezer: FrozenDateTimeFactory,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def said(level: int) -> list[str]:
        found = [one for one in caplog.records if one.name.startswith(OURS) and one.levelno == level]
        return [one.getMessage() for one in found]

    await watch(hass, hub.url, open_webui(chat))
    caplog.clear()
    await chat.stop()
    for _ in range(3):
        await pass_time(hass, freezer)
    (error,) = said(logging.ERROR)
    assert "Chat does not answer: Cannot connect to host" in error
    caplog.clear()
    await chat.start()
    for _ in range(3):
        await pass_time(hass, freezer)
    assert said(logging.INFO) == ["Fetching Chat data recovered"]
    assert said(logging.ERROR) == said(logging.WARNING) == []


async def test_set_up_does_not_wait_for_a_system_that_hangs(
    hass: HomeAssistant, hub: OllamaServer, chat: OpenWebUIServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert SETUP_PATIENCE <= 3
    monkeypatch.setattr("custom_components.homelab_ai.coordinator.systems.SETUP_PATIENCE", 0.5)
    async with WebPage() as page:
        page.faults.hang(20, times=1)
        started = time.monotonic()
        entry = await watch(hass, hub.url, monitor_subentry("web", page.url, "Router"), open_webui(chat))
        assert time.monotonic() - started < 18
        assert entry.state is ConfigEntryState.LOADED
        stem = source("Router")
        assert is_on(hass, "online", CHAT) == STATE_ON
        assert is_on(hass, "online", stem) == STATE_UNKNOWN
        assert entry.runtime_data.monitors[0].problems({}) is None
        # Nobody may say that all is well before it was looked at.
        assert sensor(hass, "health") == STATE_UNKNOWN
        assert state(hass, "sensor", "health").attributes["not_seen"] == ["Router"]
        # It is waited for in the background, and there as soon as it answers.
        await until(lambda: is_on(hass, "online", stem) == STATE_ON)
        await hass.async_block_till_done()
        assert "sensor.response_time" in entities(hass, stem)


async def test_system_that_hangs_can_be_left(hass: HomeAssistant, hub: OllamaServer) -> None:
    async with WebPage() as page:
        page.faults.hang()
        entry = await watch(hass, hub.url, monitor_subentry("web", page.url, "Router"))
        assert await hass.config_entries.async_unload(entry.entry_id)
        await settle()


async def test_system_that_answers_too_slowly(
    hass: HomeAssistant, hub: OllamaServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each of its answers comes in time, and all of them together do not."""
    monkeypatch.setattr("custom_components.homelab_ai.coordinator.monitor.FETCH_TIMEOUT", 0.2)
    async with WebPage() as page:
        page.faults.hang(1)
        entry = await watch(hass, hub.url, monitor_subentry("web", page.url, "Router"))
    assert entry.runtime_data.monitors[0].failure == "timed out"
    assert is_on(hass, "online", source("Router")) == STATE_OFF


@pytest.mark.parametrize(
    "body", ["<!doctype html>", "null", "[1, 2]", '{"features": 7}', "\x00\xff", "{" * 100_000]
)
async def test_nonsense_does_not_reach_the_others(
    body: str, hass: HomeAssistant, hub: OllamaServer, chat: OpenWebUIServer
) -> None:
    async with WebPage(body, content_type="application/json") as page:
        await watch(
            hass,
            hub.url,
            *(
                monitor_subentry(kind, page.url, title)
                for kind, title in (
                    ("alertmanager", "One"),
                    ("prometheus", "Two"),
                    ("paperless_ai", "Three"),
                    ("librechat", "Four"),
                )
            ),
            open_webui(chat),
        )
    assert is_on(hass, "online", CHAT) == STATE_ON
    assert is_on(hass, "online") == STATE_ON
    assert {is_on(hass, "online", source(title)) for title in ("One", "Two")} == {STATE_OFF}


# Credentials


async def test_rejected_credential_is_a_repair(
    hass: HomeAssistant, hub: OllamaServer, freezer: FrozenDateTimeFactory
) -> None:
    async with Alerts() as alerts:
        alerts.token = "good"
        entry = await watch(
            hass, hub.url, monitor_subentry("alertmanager", alerts.url, "Alerts", token="old-secret")
        )
        stem = source("Alerts")
        assert is_on(hass, "online", stem) == STATE_OFF
        found = issues(hass)["monitor_rejected"]
        assert (found.translation_placeholders, found.severity) == (
            {"system": "Alerts"},
            ir.IssueSeverity.ERROR,
        )
        # That it is off meanwhile does not say that the token is good.
        await alerts.stop()
        await pass_time(hass, freezer)
        assert "monitor_rejected" in issues(hass)
        await alerts.start()
        alerts.token = "old-secret"
        await pass_time(hass, freezer)
        assert (issues(hass), is_on(hass, "online", stem)) == ({}, STATE_ON)
        alerts.token = "newer"
        await pass_time(hass, freezer)
        assert "monitor_rejected" in issues(hass)
        hass.config_entries.async_remove_subentry(entry, stem)
        await hass.async_block_till_done()
        assert issues(hass) == {}


@pytest.mark.parametrize(
    ("data", "sent"),
    [
        ({}, None),
        ({"token": "abc"}, "Bearer abc"),
        ({"username": "mike", "password": "pässword"}, "Basic bWlrZTpww6Rzc3dvcmQ="),
        ({"username": "mike"}, "Basic bWlrZTo="),
    ],
)
async def test_credential_is_sent(
    data: dict[str, Any], sent: str | None, hass: HomeAssistant, hub: OllamaServer
) -> None:
    async with Alerts() as alerts:
        await watch(hass, hub.url, monitor_subentry("alertmanager", alerts.url, "Alerts", **data))
        assert {request.headers.get("Authorization") for request in alerts.requests} == {sent}


async def test_authority_that_is_no_certificate(
    hass: HomeAssistant, hub: OllamaServer, chat: OpenWebUIServer
) -> None:
    """It cannot come from a flow; somebody wrote it into the storage."""
    entry = await watch(hass, hub.url, open_webui(chat, ca_certificate="no PEM"))
    assert entry.state is ConfigEntryState.SETUP_ERROR
    assert str(entry.reason).startswith("The CA certificate of Chat is not a valid PEM certificate")


# Changes at runtime


async def test_system_that_is_added_and_removed(
    hass: HomeAssistant, hub: OllamaServer, chat: OpenWebUIServer
) -> None:
    entry = await watch(hass, hub.url)
    new = ConfigSubentry(
        data=MappingProxyType({"url": chat.url}), subentry_type="open_webui", title="Chat", unique_id=None
    )
    hass.config_entries.async_add_subentry(entry, new)
    await hass.async_block_till_done()
    assert is_on(hass, "online", new.subentry_id) == STATE_ON
    assert set(entities(hass, new.subentry_id)) == {
        "binary_sensor.online",
        "sensor.response_time",
        "sensor.version",
    }
    hass.config_entries.async_remove_subentry(entry, new.subentry_id)
    await hass.async_block_till_done()
    assert device(hass, new.subentry_id) is None
    assert entities(hass, new.subentry_id) == {}
    assert entry.state is ConfigEntryState.LOADED
    seen = len(chat.requests)
    await entry.runtime_data.hubs[0].async_refresh()
    assert len(chat.requests) == seen


async def test_stream_hurries_the_poll(
    hass: HomeAssistant, hub: OllamaServer, chat: OpenWebUIServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A system that tells of changes is asked at once, and not for each of them."""
    told = asyncio.Event()

    async def follow(self: Monitor[Any], changed: Any) -> None:
        while True:
            await told.wait()
            told.clear()
            for _ in range(50):
                changed()

    kind = "custom_components.homelab_ai.monitors.open_webui.OpenWebUIMonitor"
    monkeypatch.setattr(f"{kind}.follows", True)
    monkeypatch.setattr(f"{kind}.follow", follow)

    def looks() -> int:
        return sum(one.path == "/api/config" for one in chat.requests)

    entry = await watch(hass, hub.url, open_webui(chat))
    chat.version = "0.7.0"
    seen = looks()
    told.set()
    await until(lambda: sensor(hass, "version", CHAT) == "0.7.0")
    await asyncio.sleep(0.5)
    assert 1 <= looks() - seen <= 3
    # Its end is that of the entry.
    assert await hass.config_entries.async_unload(entry.entry_id)
    seen = len(chat.requests)
    told.set()
    await asyncio.sleep(0.3)
    assert len(chat.requests) == seen


async def test_vram_of_options_counts_where_nobody_measures(
    hass: HomeAssistant, hub: OllamaServer, chat: OpenWebUIServer
) -> None:
    await hub.load(MODEL)
    entry = await watch(hass, hub.url, open_webui(chat))
    hass.config_entries.async_update_entry(entry, options={"vram_total": 16})
    await hass.async_block_till_done()
    assert float(sensor(hass, "vram_total")) == 16
