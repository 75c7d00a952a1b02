"""All that can go wrong with a cluster: Home Assistant shows it, is well again by itself, and never wrong."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
import logging
import time
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.homelab_ai.api.kubernetes import client as api
from custom_components.homelab_ai.health.problem import MAX_SUMMARY
from demo.servers.apps.open_webui import OpenWebUIServer
from demo.servers.certificates import make_certificates
from demo.servers.kubernetes import TOKEN, ApiServer, HomelabCluster, homelab_cluster
from demo.servers.kubernetes.faults import INSTEAD
from demo.servers.kubernetes.objects import backup, node, result, snapshot as backup_snapshot
from demo.servers.ollama import OllamaServer
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import STATE_OFF, STATE_ON, STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant

from .api.test_kubernetes_certificates import careless_certificates
from .clusters import CLUSTER, coordinator, hurry, kubernetes, watched
from .looking import is_on, issues, sensor, until
from .systems import entities, monitor_subentry, source, watch

OURS = "custom_components.homelab_ai"
RESULTS_PATH = "/apis/core.k8sgpt.ai/v1alpha1/results"
CHAT = source("Chat")


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    hurry(monkeypatch)


@pytest.fixture
async def server(socket_enabled: None) -> AsyncGenerator[ApiServer]:
    async with ApiServer() as server:
        yield server


@pytest.fixture
def cluster(server: ApiServer) -> HomelabCluster:
    return homelab_cluster(server)


@pytest.fixture
async def chat(socket_enabled: None) -> AsyncGenerator[OpenWebUIServer]:
    """Return a system that nothing happens to."""
    async with OpenWebUIServer() as server:
        yield server


@pytest.fixture
async def entry(
    hass: HomeAssistant, hub: OllamaServer, server: ApiServer, cluster: HomelabCluster, chat: OpenWebUIServer
) -> MockConfigEntry:
    """Return a homelab with a cluster whose watches stand."""
    entry = await watch(hass, hub.url, kubernetes(server), monitor_subentry("open_webui", chat.url, "Chat"))
    await watched(server)
    return entry


def logged(caplog: pytest.LogCaptureFixture) -> list[tuple[int, str]]:
    """Return what a person finds in the log since the last call; a traceback must not be there."""
    found = [one for one in caplog.records if one.levelno >= logging.INFO]
    assert not [one.getMessage() for one in found if one.exc_info or "Traceback" in one.getMessage()]
    said = [(one.levelno, one.getMessage()) for one in found if one.name.startswith(OURS)]
    caplog.clear()
    return said


def shows(hass: HomeAssistant, online: str) -> bool:
    """Return whether the cluster is on or off, with all that hangs on it; its neighbour is on anyway."""
    assert is_on(hass, "online", CHAT) == STATE_ON
    findings = sensor(hass, "k8sgpt_findings", CLUSTER)
    return is_on(hass, "online", CLUSTER) == online and (findings == STATE_UNAVAILABLE) is (
        online == STATE_OFF
    )


# The server


@pytest.mark.parametrize("ended", [True, False], ids=["with-its-watches", "watches-go-on"])
async def test_token_is_revoked_in_mid_watch(  # noqa: PLR0917 - what a test needs and what it is given
    ended: bool,
    hass: HomeAssistant,
    entry: MockConfigEntry,
    server: ApiServer,
    cluster: HomelabCluster,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A repair asks for another one. Until then the cluster is off, and told so once."""
    logged(caplog)
    server.revoke_token()
    if ended:
        server.end_watches()
    else:
        # As in a real cluster; the next poll finds out.
        await coordinator(entry).async_refresh()
    await until(lambda: shows(hass, STATE_OFF))
    assert issues(hass)["monitor_rejected"].translation_placeholders == {"system": "Cluster"}
    for _ in range(3):
        await coordinator(entry).async_refresh()
    refused = "Cluster refuses access. Check its key, token or password"
    assert logged(caplog) == [(logging.ERROR, f"Error fetching Cluster data: {refused}")]
    # That of the hub was not refused.
    assert list(hass.config_entries.flow.async_progress()) == []
    cluster.lose_node()
    server.token = TOKEN
    await coordinator(entry).async_refresh()
    await until(lambda: shows(hass, STATE_ON) and sensor(hass, "nodes_not_ready", CLUSTER) == "1")
    assert issues(hass) == {}
    assert logged(caplog) == [(logging.INFO, "Fetching Cluster data recovered")]
    await watched(server)


async def test_server_restarts(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    server: ApiServer,
    cluster: HomelabCluster,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Nobody waits for a poll: the watches notice both."""
    logged(caplog)
    await server.stop()
    await until(lambda: shows(hass, STATE_OFF))
    assert sensor(hass, "health") == "degraded"
    cluster.break_pod_image()
    server.expire_history()
    for _ in range(3):
        await coordinator(entry).async_refresh()
    ((level, text),) = logged(caplog)
    assert (level, issues(hass)) == (logging.ERROR, {})
    host = server.url.partition("://")[2]
    assert f"Cluster does not answer: Cannot connect to host {host} [" in text
    assert "object at 0x" not in text
    await server.start()
    await until(lambda: shows(hass, STATE_ON) and sensor(hass, "k8sgpt_findings", CLUSTER) == "2")
    assert logged(caplog) == [(logging.INFO, "Fetching Cluster data recovered")]
    await watched(server)


async def test_watch_that_is_dead(  # noqa: PLR0917 - what a test needs and what it is given
    hass: HomeAssistant,
    hub: OllamaServer,
    server: ApiServer,
    cluster: HomelabCluster,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """It is open and says nothing, not even that it is there: what it holds back is found all the same."""
    monkeypatch.setattr(api, "GRACE", -0.5)
    hurry(monkeypatch, watch=1.0)
    await watch(hass, hub.url, kubernetes(server))
    await watched(server)
    logged(caplog)
    server.silence_watches(60)
    cluster.break_pod_image()
    # Between one and eleven seconds on a busy machine: the watches die and are opened again one by one.
    await until(lambda: sensor(hass, "k8sgpt_findings", CLUSTER) == "2", 40)
    assert is_on(hass, "online", CLUSTER) == STATE_ON
    assert logged(caplog) == []


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "half_object"},
        {"kind": "half_object", "clean": True},
        {"kind": "garbage_line"},
        {"kind": "huge_object", "size": api.MAX_LINE + 1},
        {"kind": "html_answer"},
        {"kind": "redirect_to_login"},
        {"status": 429, "retry_after": 1},
        {"status": 500},
        {"status": 502},
        {"status": 410},
    ],
    ids=str,
)
@pytest.mark.parametrize("of_watch", [True, False], ids=["watch", "list"])
async def test_fault_that_passes(  # noqa: PLR0917 - what a test needs and what it is given
    of_watch: bool,
    fault: dict[str, Any],
    hass: HomeAssistant,
    entry: MockConfigEntry,
    server: ApiServer,
    cluster: HomelabCluster,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Nobody notices, but by a moment's delay."""
    logged(caplog)
    injected = server.inject(watch=of_watch, path=RESULTS_PATH, **fault)
    if not of_watch:
        server.expire_history()
    if not of_watch or injected.kind in INSTEAD:
        # It strikes whoever asks anew; what spoils a line strikes a watch that stands.
        server.drop_watches()
    cluster.break_pod_image()
    await until(lambda: injected.spent and sensor(hass, "k8sgpt_findings", CLUSTER) == "2")
    cluster.mend()
    await until(lambda: sensor(hass, "k8sgpt_findings", CLUSTER) == "0")
    assert shows(hass, STATE_ON)
    assert (logged(caplog), issues(hass)) == ([], {})


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ({"kind": "html_answer"}, "something else answers"),
        ({"kind": "redirect_to_login"}, "something else answers"),
        ({"status": 429, "retry_after": 1}, "has too much to do"),
        ({"status": 500}, "could not do that: 500"),
        ({"status": 502}, "could not do that: 502"),
    ],
    ids=str,
)
async def test_server_that_answers_otherwise(  # noqa: PLR0917 - what a test needs and what it is given
    fault: dict[str, Any],
    words: str,
    hass: HomeAssistant,
    entry: MockConfigEntry,
    server: ApiServer,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A proxy or a portal in front of it, or itself while it starts."""
    logged(caplog)
    server.inject(times=None, **fault)
    server.drop_watches()
    await until(lambda: shows(hass, STATE_OFF))
    for _ in range(3):
        await coordinator(entry).async_refresh()
    ((level, text),) = logged(caplog)
    assert level == logging.ERROR
    assert words in text
    assert issues(hass) == {}
    server.faults.clear()
    await coordinator(entry).async_refresh()
    await until(lambda: shows(hass, STATE_ON))
    assert logged(caplog) == [(logging.INFO, "Fetching Cluster data recovered")]
    await watched(server)


async def test_server_that_hangs(  # noqa: PLR0917 - what a test needs and what it is given
    hass: HomeAssistant,
    hub: OllamaServer,
    server: ApiServer,
    cluster: HomelabCluster,
    chat: OpenWebUIServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Home Assistant starts without it, and it appears once it answers."""
    monkeypatch.setattr("custom_components.homelab_ai.coordinator.systems.SETUP_PATIENCE", 0.3)
    server.inject("stall", seconds=10, times=1)
    started = time.monotonic()
    entry = await watch(hass, hub.url, kubernetes(server), monitor_subentry("open_webui", chat.url, "Chat"))
    assert time.monotonic() - started < 9
    assert entry.state is ConfigEntryState.LOADED
    assert set(entities(hass, CLUSTER)) == {"binary_sensor.online"}
    assert is_on(hass, "online", CHAT) == STATE_ON
    await until(lambda: is_on(hass, "online", CLUSTER) == STATE_ON)
    await until(lambda: "sensor.k8sgpt_findings" in entities(hass, CLUSTER))


async def test_one_resource_that_fails_hides_no_other(
    hass: HomeAssistant, entry: MockConfigEntry, server: ApiServer, cluster: HomelabCluster
) -> None:
    server.inject(status=500, times=None, path=RESULTS_PATH)
    server.drop_watches()
    cluster.degrade_volume()
    await until(lambda: sensor(hass, "degraded_volumes", CLUSTER) == "1")
    # What it said last stands.
    assert sensor(hass, "k8sgpt_findings", CLUSTER) == "0"
    assert shows(hass, STATE_ON)


async def test_cluster_that_is_left_in_mid_watch(
    hass: HomeAssistant, entry: MockConfigEntry, server: ApiServer, caplog: pytest.LogCaptureFixture
) -> None:
    logged(caplog)
    assert await hass.config_entries.async_unload(entry.entry_id)
    await until(lambda: not server.watchers)
    seen = len(server.requests)
    await asyncio.sleep(0.3)
    assert len(server.requests) == seen
    assert logged(caplog) == []


# What it says


async def test_object_of_a_megabyte(
    hass: HomeAssistant, entry: MockConfigEntry, server: ApiServer, caplog: pytest.LogCaptureFixture
) -> None:
    """Etcd takes up to 1.5 MiB; of its text no more is kept than a person would read."""
    logged(caplog)
    server.apply(result("Pod", "ai/chatty", ["b" * 900_000]))
    await until(lambda: sensor(hass, "k8sgpt_findings", CLUSTER) == "1")
    (problem,) = coordinator(entry).data.problems.values()
    assert len(problem.summary) <= MAX_SUMMARY
    assert sum(len(str(value)) for value in problem.details.values()) < 10_000
    # It is listed as well as it is watched.
    server.expire_history()
    server.drop_watches()
    server.apply(result("Pod", "ai/other", ["broken"]))
    await until(lambda: sensor(hass, "k8sgpt_findings", CLUSTER) == "2")
    assert logged(caplog) == []


@pytest.mark.parametrize("hours", [-26, 2, 26])
async def test_clock_that_is_wrong(
    hours: int, hass: HomeAssistant, entry: MockConfigEntry, server: ApiServer
) -> None:
    """Nothing has happened in the future, and a backup from there is no backup."""
    before = sensor(hass, "last_backup", CLUSTER)
    server.clock_skew = hours * 3600
    server.apply(result("Pod", "ai/broken", ["broken"]))
    ahead = datetime.now(UTC) + timedelta(hours=hours)
    server.apply(node("pve-worker-2", state="not_ready", at=ahead))
    server.apply(backup_snapshot("f" * 64, namespace="ai", path="/data", date=ahead))
    await until(lambda: sensor(hass, "nodes_not_ready", CLUSTER) == "1")
    await until(lambda: sensor(hass, "k8sgpt_findings", CLUSTER) == "1")
    now = datetime.now(UTC)
    since = [one.since for one in coordinator(entry).data.problems.values()]
    assert len(since) == 2
    assert all(one is None or one <= now for one in since)
    assert all((one is None) is (hours > 0) for one in since)
    assert sensor(hass, "last_backup", CLUSTER) == before


async def test_finished_backup_from_the_future(
    hass: HomeAssistant, entry: MockConfigEntry, server: ApiServer
) -> None:
    """It failed, whenever that was."""
    ahead = datetime.now(UTC) + timedelta(hours=5)
    server.apply(backup("schedule-backup-odd", namespace="ai", state="failed", message="no", at=ahead))
    await until(lambda: sensor(hass, "failed_backups", CLUSTER) == "1")
    assert all(one.since is None for one in coordinator(entry).data.problems.values())


# Certificates


@pytest.mark.parametrize("strict", [True, False], ids=["strict", "unknown"])
async def test_certificate_that_is_not_accepted(  # noqa: PLR0917 - what a test needs and what it is given
    strict: bool,
    hass: HomeAssistant,
    hub: OllamaServer,
    chat: OpenWebUIServer,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The log says what helps; with the cluster's own authority it works."""
    # The server reports that it was not trusted.
    hass.loop.set_exception_handler(lambda _loop, _context: None)
    certificates = await asyncio.to_thread(careless_certificates if strict else make_certificates)
    words = "enter the cluster's own CA certificate"
    if strict:
        # As if the authority stood in the system's own store, where the rules are strict.
        context = await asyncio.to_thread(certificates.client_context)
        monkeypatch.setattr("custom_components.homelab_ai.connection.get_default_context", lambda: context)
        words = "strict X.509 rules reject it"
    async with ApiServer(ssl_context=await asyncio.to_thread(certificates.server_context)) as server:
        entry = await watch(
            hass,
            hub.url,
            kubernetes(server),
            monitor_subentry("open_webui", chat.url, "Chat"),
            monitor_subentry(
                "kubernetes", server.url, "Trusted", token=TOKEN, ca_certificate=certificates.ca
            ),
        )
        for _ in range(3):
            await coordinator(entry).async_refresh()
        assert is_on(hass, "online", CLUSTER) == STATE_OFF
        assert is_on(hass, "online", source("Trusted")) == STATE_ON
        assert is_on(hass, "online", CHAT) == STATE_ON
        ((level, text),) = (one for one in logged(caplog) if one[0] > logging.INFO)
        assert level == logging.ERROR
        assert words in text
        assert words in str(coordinator(entry).failure)
        assert await hass.config_entries.async_unload(entry.entry_id)
