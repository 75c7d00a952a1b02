"""What a cluster does not say is never taken for well: restarts, a hanging storage, rights that go."""

import asyncio
from base64 import urlsafe_b64encode
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from itertools import chain
import json

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_capture_events

from custom_components.homelab_ai.api.kubernetes.token import expiry
from custom_components.homelab_ai.events import EVENT_PROBLEM
from custom_components.homelab_ai.health import ledger
from custom_components.homelab_ai.monitors.kubernetes import cluster as module
from demo.servers.kubernetes import ApiServer, HomelabCluster, homelab_cluster
from demo.servers.ollama import OllamaServer
from homeassistant.const import STATE_OFF, STATE_ON
from homeassistant.core import HomeAssistant

from .clusters import CLUSTER, RESULTS, coordinator, hurry, kubernetes, watched
from .looking import is_on, issues, until
from .systems import watch

UNDONE = 60.0
"""Seconds that no test lasts."""


@pytest.fixture
async def server(socket_enabled: None) -> AsyncGenerator[ApiServer]:
    async with ApiServer() as server:
        yield server


@pytest.fixture
def cluster(server: ApiServer) -> HomelabCluster:
    cluster = homelab_cluster(server)
    cluster.break_pod_image()
    cluster.degrade_volume()
    cluster.out_of_sync()
    cluster.lose_node()
    return cluster


async def watch_in_a_hurry(
    hass: HomeAssistant,
    hub: OllamaServer,
    server: ApiServer,
    monkeypatch: pytest.MonkeyPatch,
    **seconds: float,
) -> MockConfigEntry:
    """Look at the cluster; what is gone is told as resolved at once."""
    hurry(monkeypatch, **{"doubt": UNDONE, "left_out": UNDONE, "last_retry": 0.3, **seconds})
    monkeypatch.setattr(ledger, "DAMPING", ledger.DAMPING * 0)
    entry = await watch(hass, hub.url, kubernetes(server))
    await watched(server)
    return entry


def known(entry: MockConfigEntry) -> set[str]:
    """Return which problems of the cluster the homelab knows, but for the one that it does not answer."""
    data = entry.runtime_data.health.data
    problems = chain(data.problems, *data.consequences.values())
    return {one.id for one in problems if one.source == CLUSTER and one.kind != "offline"}


@pytest.mark.parametrize("refused", [0.2, 1.0])
async def test_restart_of_a_server_that_refuses_a_good_token(  # noqa: PLR0917 - what a test needs
    refused: float,
    hass: HomeAssistant,
    hub: OllamaServer,
    server: ApiServer,
    cluster: HomelabCluster,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Until it has read its roles: nothing is forgotten or told as resolved, and no token is called wrong."""
    entry = await watch_in_a_hurry(hass, hub, server, monkeypatch)
    before = known(entry)
    assert len(before) >= 6
    events = async_capture_events(hass, EVENT_PROBLEM)
    await server.restart(refused=refused, unready=0.5)
    for _ in range(3):
        await coordinator(entry).async_refresh()
        assert known(entry) == before
    await until(lambda: is_on(hass, "online", CLUSTER) == STATE_ON)
    await watched(server)
    assert known(entry) == before
    told = [(one.data["type"], one.data["kind"]) for one in events]
    assert [one for one in told if one[1] != "offline"] == []
    assert "monitor_rejected" not in issues(hass)
    assert coordinator(entry).data.unread == {}
    # What is mended is still told as resolved.
    cluster.mend()
    await until(lambda: known(entry) == set())


async def test_storage_hangs(
    hass: HomeAssistant,
    hub: OllamaServer,
    server: ApiServer,
    cluster: HomelabCluster,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The version is told and the watches are open, but nothing comes any more."""
    monkeypatch.setattr(module, "_LONG_SILENCE", 0.2)
    entry = await watch_in_a_hurry(hass, hub, server, monkeypatch, silence=0.3)
    before = known(entry)
    server.lose_storage()
    cluster.mend()
    for _ in range(20):
        await asyncio.sleep(0.05)
        await coordinator(entry).async_refresh()
    assert is_on(hass, "online", CLUSTER) == STATE_OFF
    assert "etcd" in str(coordinator(entry).failure)
    assert known(entry) == before
    server.regain_storage()
    await coordinator(entry).async_refresh()
    await until(lambda: known(entry) == set())
    assert is_on(hass, "online", CLUSTER) == STATE_ON


async def test_conversion_webhook_is_dead(
    hass: HomeAssistant,
    hub: OllamaServer,
    server: ApiServer,
    cluster: HomelabCluster,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What cannot be read is named, before and after a reload, and what was known of it stands."""
    entry = await watch_in_a_hurry(hass, hub, server, monkeypatch, doubt=0.0)
    before = known(entry)
    server.break_conversion(RESULTS)
    await coordinator(entry).async_refresh()
    await until(lambda: RESULTS in coordinator(entry).data.unread)
    await hass.config_entries.async_reload(entry.entry_id)
    await until(lambda: is_on(hass, "online", CLUSTER) == STATE_ON)
    monitor = coordinator(entry)
    assert [one.unseen.part for one in monitor.not_seen()] == ["findings"]
    assert known(entry) == before
    server.mend_conversion(RESULTS)
    cluster.mend()
    await until(lambda: known(entry) == set())
    assert monitor.not_seen() == ()


async def test_right_is_withdrawn(
    hass: HomeAssistant,
    hub: OllamaServer,
    server: ApiServer,
    cluster: HomelabCluster,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nobody says that it is over because nobody may look any more; of the rest everything is told."""
    entry = await watch_in_a_hurry(hass, hub, server, monkeypatch, doubt=0.2, left_out=0.05)
    before = known(entry)
    server.deny(RESULTS)
    server.drop_watches()
    await until(lambda: RESULTS in coordinator(entry).data.unread)
    cluster.mend()
    findings = {one for one in before if ":k8sgpt_finding:" in one}
    await until(lambda: known(entry) == findings)
    await coordinator(entry).async_refresh()
    assert known(entry) == findings
    server.allow(RESULTS)
    await until(lambda: known(entry) == set())


def token(**claims: object) -> str:
    """Return a token as a service account has it; nobody here checks its signature."""
    body = urlsafe_b64encode(json.dumps({"iss": "kubernetes/serviceaccount", **claims}).encode())
    return f"eyJhbGciOiJSUzI1NiJ9.{body.decode().rstrip('=')}.c2lnbmF0dXJl"


@pytest.mark.parametrize(("days", "is_told"), [(13, True), (-1, True), (15, False), (None, False)])
async def test_token_that_expires(
    days: float | None, is_told: bool, hass: HomeAssistant, hub: OllamaServer, server: ApiServer
) -> None:
    """A person is told two weeks ahead, by the token's own word; one without an end says nothing."""
    ends = {} if days is None else {"exp": int((datetime.now(UTC) + timedelta(days=days)).timestamp())}
    server.token = token(**ends)
    entry = await watch(hass, hub.url, kubernetes(server, token=server.token))
    assert is_on(hass, "online", CLUSTER) == STATE_ON
    assert ("monitor_expires" in issues(hass)) is is_told
    if is_told:
        date = f"{datetime.now(UTC) + timedelta(days=days or 0):%Y-%m-%d}"
        assert issues(hass)["monitor_expires"].translation_placeholders == {"system": "Cluster", "date": date}
    # It is taken back with the system.
    assert await hass.config_entries.async_unload(entry.entry_id)
    assert "monitor_expires" not in issues(hass)


@pytest.mark.parametrize(
    "text", ["", "opaque", "a.b", "a.b.c", "a.!!.c", "a.e30.c", "a.W10.c", token(exp="soon"), token(exp=1e99)]
)
def test_token_that_says_no_end(text: str) -> None:
    assert expiry(text) is None
