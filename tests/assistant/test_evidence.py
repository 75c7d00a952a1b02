"""The evidence on a problem, gathered in a house with a hub, a cluster and alerts."""

import asyncio
import time
from typing import Any

import pytest

from custom_components.homelab_ai.assistant import evidence as module
from custom_components.homelab_ai.assistant.evidence import gather
from custom_components.homelab_ai.coordinator import HomelabData
from custom_components.homelab_ai.health.ledger import HealthData
from custom_components.homelab_ai.health.problem import Problem, Severity
from demo.servers.apps.open_webui import KEY, OpenWebUIServer
from demo.servers.apps.paperless_ai import PaperlessAIServer
from demo.servers.kubernetes import TOKEN, ApiServer, HomelabCluster
from demo.servers.ollama import OllamaServer
from homeassistant.core import HomeAssistant
from tests.systems import monitor_subentry, watch

from .conftest import Alerts


def kubernetes(server: ApiServer) -> Any:
    return monitor_subentry("kubernetes", server.url, "Cluster", token=TOKEN)


async def homelab(hass: HomeAssistant, hub: OllamaServer, *systems: Any) -> HomelabData:
    entry = await watch(hass, hub.url, *systems)
    found: HomelabData = entry.runtime_data
    return found


def problem(found: HomelabData, kind: str, name: str = "") -> Problem:
    data = found.health.data
    everywhere = (data.problems, *data.consequences.values(), data.muted)
    return next(one for some in everywhere for one in some if one.kind == kind and name in one.name)


async def told(found: HomelabData, kind: str, name: str = "") -> dict[str, str]:
    return {one.title: one.text for one in await gather(found, problem(found, kind, name))}


async def test_finding_of_a_cluster(
    hass: HomeAssistant, hub: OllamaServer, api_server: ApiServer, cluster: HomelabCluster, alerts: Alerts
) -> None:
    cluster.break_pod_image()
    cluster.degrade_volume()
    alerts.firing = {"Unrelated": "warning"}
    systems = (kubernetes(api_server), monitor_subentry("alertmanager", alerts.url, "Alerts"))
    found = await told(await homelab(hass, hub, *systems), "k8sgpt_finding", "ai/open-webui-7")
    assert list(found) == [
        "Finding",
        "Explanation by k8sgpt",
        "Pod",
        "ReplicaSet",
        "Deployment",
        "Owner",
        "Events",
        "GitOps",
        "Cause",
        "Related problems",
    ]
    assert "HelmRelease ai/open-webui is not ready" in found["Cause"]
    related = found["Related problems"]
    assert "warning: ai/open-webui: Deployment ai/open-webui" in related
    assert "Unrelated" not in related
    assert "paperless" not in related


async def test_alert_with_all_that_it_says(hass: HomeAssistant, hub: OllamaServer, alerts: Alerts) -> None:
    alerts.firing = {"DiskFull": "critical"}
    alerts.more = {
        "annotations": {"summary": "93 % full", "description": "on nas", "runbook_url": "https://wiki/x"},
        "generatorURL": "http://user:secret@prometheus:9090/graph?g0.expr=up",
    }
    found = await told(
        await homelab(hass, hub, monitor_subentry("alertmanager", alerts.url, "Alerts")), "alert"
    )
    assert found == {
        "Annotations": "summary: 93 % full; description: on nas; runbook_url: https://wiki/x",
        "Labels": "alertname: DiskFull; severity: critical",
        "Alert": "since: 2026-11-21T11:00:00Z; raised by: http://prometheus:9090/graph?g0.expr=up",
    }


async def test_hub_that_is_off_and_what_follows(hass: HomeAssistant, hub: OllamaServer) -> None:
    async with OpenWebUIServer() as app:
        app.ollama_reachable = False
        await hub.stop()
        found = await homelab(hass, hub, monitor_subentry("open_webui", app.url, "Open WebUI", api_key=KEY))
        off = await told(found, "hub_offline")
        assert off["Hub"].startswith("name: Ollama; last error: ")
        assert "offline since: 20" in off["Hub"]
        assert off["Consequences"].startswith("warning: Open WebUI: offers no model")
        caused = await told(found, "hub_unreachable")
        assert caused["Status"].endswith("models offered: 0; of the hub: 0")
        assert caused["Cause"].startswith("warning: Ollama: does not answer: ")
        assert "Related problems" not in caused


async def test_system_that_does_not_answer_is_not_asked(
    hass: HomeAssistant, hub: OllamaServer, api_server: ApiServer, cluster: HomelabCluster
) -> None:
    cluster.break_pod_image()
    found = await homelab(hass, hub, kubernetes(api_server))
    await api_server.stop()
    (monitor,) = found.monitors
    await monitor.async_refresh()
    offline = await told(found, "offline")
    assert offline["System"].startswith("does not answer: ")
    finding = await told(found, "k8sgpt_finding", "ai/open-webui-7")
    assert set(finding) == {"System", "Details", "Cause", "Related problems"}


async def test_app_says_how_it_is(hass: HomeAssistant, hub: OllamaServer) -> None:
    async with PaperlessAIServer() as app:
        found = await homelab(hass, hub, monitor_subentry("paperless_ai", app.url, "Paperless-AI"))
        (monitor,) = found.monitors
        unwell = monitor.monitor.problem("app_unwell", "health", "Paperless-AI", "unwell")
        assert [one.title for one in await gather(found, unwell)] in (["Status"], [])


async def test_system_that_takes_too_long(
    hass: HomeAssistant, hub: OllamaServer, alerts: Alerts, monkeypatch: pytest.MonkeyPatch
) -> None:
    alerts.firing = {"DiskFull": "critical"}
    found = await homelab(hass, hub, monitor_subentry("alertmanager", alerts.url, "Alerts"))
    monkeypatch.setattr(module, "PATIENCE", 0.0)
    monkeypatch.setattr(type(found.monitors[0].monitor), "evidence", _never)
    assert await told(found, "alert") == {"Details": "fingerprint: print-DiskFull"}


async def _never(*_: object) -> None:
    await asyncio.get_running_loop().create_future()


async def test_problem_of_a_system_that_was_removed(hass: HomeAssistant, hub: OllamaServer) -> None:
    gone = Problem("gone:x:y", "gone", "alert", "Disk", Severity.WARNING, "so", facts={"node": "nas"})
    found = await gather(await homelab(hass, hub), gone)
    assert [(one.title, one.text) for one in found] == [("Details", "node: nas")]


def related(problem: Problem, *others: Problem) -> list[str]:
    return [one.name for one in module._related(HealthData(problems=(problem, *others)), problem)[1:]]


def make(name: str, kind: str = "alert", **details: str) -> Problem:
    return Problem(f"{kind}{name}", "s", kind, name, Severity.WARNING, "so", facts=details)


def test_related_are_the_closest_first() -> None:
    own = make("ai/open-webui-7d9f8b6c5d-x2x4q")
    assert related(
        own,
        make("ai/librechat"),
        make("Open WebUI"),
        make("KubePodCrashLooping", pod="open-webui-7d9f8b6c5d-x2x4q", namespace="ai"),
        make("ai/open-webui-data"),
        make("ai"),
        make("documents/paperless-ai"),
        make("DiskFull"),
    ) == ["Open WebUI", "KubePodCrashLooping", "ai/open-webui-data", "ai/librechat", "ai"]


@pytest.mark.parametrize("name", ["ai", "x/open-webui", "open", "x/openvpn2", "y"])
def test_a_common_beginning_relates_nothing(name: str) -> None:
    assert related(make("openvpn"), make(name)) == []


async def test_thousands_of_problems_do_not_hold_up_the_house(hass: HomeAssistant, hub: OllamaServer) -> None:
    found = await homelab(hass, hub)
    many = tuple(make(f"tenant{n % 100}/app-{n}-7d9f8b6c5d-x2x4q") for n in range(10_000))
    found.health.data = HealthData(known=True, problems=many)
    started = time.monotonic()
    evidence = await gather(found, many[0])
    assert time.monotonic() - started < 0.5
    assert len(evidence) <= 2
    assert all(len(one.text) <= 1500 for one in evidence)
