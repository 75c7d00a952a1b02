"""What nobody could look at is neither well nor wrong: it is named, in state, condition and words."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from aiohttp import web
from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.homelab_ai.health.ledger import Health, HealthData
from custom_components.homelab_ai.health.problem import Problem
from custom_components.homelab_ai.health.situation import Situation
from custom_components.homelab_ai.health.unseen import SYSTEM, NotSeen, Reason, Unseen
from custom_components.homelab_ai.language.answers import backups, why
from custom_components.homelab_ai.language.briefing import Style, brief
from custom_components.homelab_ai.language.unseen import names_not_seen
from custom_components.homelab_ai.language.words import language_of
from demo.servers.apps.web_page import WebPage
from demo.servers.kubernetes import ApiServer, homelab_cluster
from demo.servers.ollama import OllamaServer
from homeassistant.const import STATE_UNKNOWN
from homeassistant.core import HomeAssistant, ServiceCall

from .acting import act
from .api.serving import Server
from .clusters import coordinator, hurry, kubernetes
from .common import homelab_entry, hub_subentry, set_up
from .language.situations import CLUSTER, problem, situation, system
from .looking import pass_time, sensor, state, until
from .systems import monitor_subentry, source, watch
from .test_condition import automate, holds

BACKUPS = NotSeen("cluster", "k3s", Unseen("backups", Reason.FORBIDDEN))
K8UP = ("snapshots.k8up.io", "backups.k8up.io", "schedules.k8up.io")


def not_seen(hass: HomeAssistant) -> list[str]:
    listed: list[str] = state(hass, "sensor", "health").attributes["not_seen"]
    return listed


def briefings(entry: MockConfigEntry) -> tuple[str, str]:
    told = entry.runtime_data.situation()
    return brief(told, "en"), brief(told, "de")


async def test_right_that_is_missing(
    hass: HomeAssistant,
    hub: OllamaServer,
    socket_enabled: None,
    monkeypatch: pytest.MonkeyPatch,
    service_calls: list[ServiceCall],
) -> None:
    hurry(monkeypatch)
    async with ApiServer() as server:
        homelab_cluster(server)
        for resource in K8UP:
            server.deny(resource)
        entry = await watch(hass, hub.url, kubernetes(server))
        await automate(hass, "is_healthy")
        await coordinator(entry).async_refresh()
        await until(lambda: not_seen(hass))
        assert (sensor(hass, "health"), not_seen(hass)) == (STATE_UNKNOWN, ["Cluster: backups"])
        assert briefings(entry) == (
            "As far as I can see all is well in the homelab; I may not look at backups.",
            "Soweit ich sehe, ist im Homelab alles in Ordnung; Backups darf ich nicht ansehen.",
        )
        assert not await holds(hass, service_calls)
        assert (await act(hass, "briefing"))["health"] == STATE_UNKNOWN
        for resource in K8UP:
            server.allow(resource)
        await until(lambda: sensor(hass, "health") == "ok")
        assert not_seen(hass) == []
        assert briefings(entry)[0] == "All is well in the homelab."
        assert await holds(hass, service_calls)


async def test_silent_system_is_seen_no_better_because_it_is_muted(
    hass: HomeAssistant, hub: OllamaServer, socket_enabled: None, freezer: FrozenDateTimeFactory
) -> None:
    async with WebPage() as page:
        entry = await watch(hass, hub.url, monitor_subentry("web", page.url, "Router"))
        assert (sensor(hass, "health"), not_seen(hass)) == ("ok", [])
    await pass_time(hass, freezer)
    # That it does not answer is the problem; it is not told twice.
    assert (sensor(hass, "health"), not_seen(hass)) == ("degraded", ["Router"])
    assert briefings(entry)[0].startswith("Router has not been answering")
    assert "see" not in briefings(entry)[0]
    await act(hass, "mute_problem", problem_id=f"{source('Router')}:offline:offline")
    assert sensor(hass, "health") == STATE_UNKNOWN
    assert briefings(entry) == (
        "As far as I can see all is well in the homelab; I cannot see Router. One problem is muted.",
        "Soweit ich sehe, ist im Homelab alles in Ordnung; Router kann ich nicht sehen."
        " Ein Problem ist stummgeschaltet.",
    )


async def test_standby_that_is_off_hides_nothing(hass: HomeAssistant, hub: OllamaServer) -> None:
    """That it is off is known, and no other problem can be there then."""
    await set_up(hass, homelab_entry(hub.url, hub_subentry("http://127.0.0.1:9")))
    assert (sensor(hass, "health"), not_seen(hass)) == ("ok", [])


# In words


def seen(parts: Iterable[NotSeen], *given: Problem) -> Situation:
    """Return a situation of which these parts are not seen."""
    found = situation(*given, systems=[CLUSTER, system("Prometheus")])
    return replace(found, health=replace(found.health, not_seen=tuple(parts)))


PARTS = (
    pytest.param(
        [BACKUPS],
        "I may not look at backups",
        "Backups darf ich nicht ansehen",
        id="a right",
    ),
    pytest.param(
        [BACKUPS, NotSeen("prometheus", "Prometheus", Unseen("alerts"))],
        "I may not look at backups, and I cannot see alerts",
        "Backups darf ich nicht ansehen, und Alarme kann ich nicht sehen",
        id="both reasons",
    ),
    pytest.param(
        [NotSeen("a", "Prometheus", Unseen("alerts")), NotSeen("b", "Mimir", Unseen("alerts"))],
        "I cannot see alerts of Prometheus and alerts of Mimir",
        "Alarme von Prometheus und Alarme von Mimir kann ich nicht sehen",
        id="the same part of two systems",
    ),
    pytest.param(
        [NotSeen("a", "Prometheus", Unseen("query", name="Disk temperature"))],
        "I cannot see the query Disk temperature",
        "die Abfrage Disk temperature kann ich nicht sehen",
        id="a query by its name",
    ),
    pytest.param(
        [NotSeen("a", "Prometheus", Unseen("made up"))],
        "I cannot see something",
        "etwas kann ich nicht sehen",
        id="a part without a noun",
    ),
)


@pytest.mark.parametrize(("parts", "english", "german"), PARTS)
def test_clause(parts: list[NotSeen], english: str, german: str) -> None:
    well = seen(parts)
    assert brief(well, "en") == f"As far as I can see all is well in the homelab; {english}."
    assert brief(well, "de") == f"Soweit ich sehe, ist im Homelab alles in Ordnung; {german}."
    assert brief(well, "en", Style.WRITTEN) == brief(well, "en")


@pytest.mark.parametrize(("parts", "english", "german"), PARTS)
def test_clause_beside_a_problem(parts: list[NotSeen], english: str, german: str) -> None:
    ill = seen(parts, problem("volume_degraded", "pvc-1"))
    assert brief(ill, "en").endswith(f" {english}.")
    assert brief(ill, "de").lower().endswith(f" {german}.".lower())
    assert "well" not in brief(ill, "en")


def test_answers_do_not_call_well_what_is_not_seen() -> None:
    told = seen([BACKUPS])
    assert backups(told, "en") == "I do not know whether everything is backed up. I may not look at backups."
    assert why(told, "k3s", "en").endswith("I may not look at backups.")
    assert "may not" not in why(told, "Prometheus", "en")


def test_list() -> None:
    parts = [BACKUPS, NotSeen("x", "Router", Unseen(SYSTEM)), BACKUPS]
    assert names_not_seen(parts, "en") == ["k3s: backups", "Router"]
    assert names_not_seen(parts, "de") == ["k3s: Backups", "Router"]


def test_what_is_not_essential_does_not_hide_a_problem() -> None:
    optional = NotSeen("a", "Mimir", Unseen("alerts", essential=False))
    assert HealthData(True, not_seen=(optional,)).health is Health.OK
    assert HealthData(True, not_seen=(optional, BACKUPS)).health is Health.UNKNOWN
    assert brief(seen([optional]), "en").endswith("; I cannot see alerts.")


def test_languages_have_the_same_parts() -> None:
    assert language_of("en").parts.keys() == language_of("de").parts.keys()


# What is there, and not to be told


async def test_system_of_a_kind_that_nobody_knows(hass: HomeAssistant, hub: OllamaServer) -> None:
    """A later version has stored it: it is named, and nothing is well on its behalf."""
    entry = await watch(hass, hub.url, monitor_subentry("proxmox", "http://127.0.0.1:9", "Hypervisor"))
    assert (sensor(hass, "health"), not_seen(hass)) == (STATE_UNKNOWN, ["Hypervisor"])
    assert briefings(entry) == (
        "As far as I can see all is well in the homelab; I cannot see Hypervisor.",
        "Soweit ich sehe, ist im Homelab alles in Ordnung; Hypervisor kann ich nicht sehen.",
    )
    assert await hass.config_entries.async_unload(entry.entry_id)


async def test_alerts_that_reach_nobody(hass: HomeAssistant, hub: OllamaServer, socket_enabled: None) -> None:
    """Silenced, inhibited, muted by a time interval: no problem, and never left unsaid."""

    def alert(name: str, severity: str, **status: list[str]) -> dict[str, Any]:
        return {
            "fingerprint": name,
            "labels": {"alertname": name, "severity": severity},
            "status": {"state": "suppressed" if status else "active", **status},
        }

    night = alert("NightlyLoad", "critical")
    given = [
        alert("DiskFull", "warning", silencedBy=["id"]),
        alert("FanSlow", "warning", inhibitedBy=["x"]),
        alert("FanLoud", "critical", inhibitedBy=["x"]),
        alert("Advice", "info", inhibitedBy=["x"]),
        night,
    ]
    muted = {**night, "status": {"state": "suppressed", "mutedBy": ["nights"]}}
    said = {"/api/v2/alerts": given, "/api/v2/alerts/groups": [{"alerts": [muted]}]}

    async def answer(request: Any) -> Any:
        return web.json_response(said.get(request.path, {"versionInfo": {"version": "0.28.1"}}))

    async with Server(answer) as server:
        entry = await watch(hass, hub.url, monitor_subentry("alertmanager", server.url, "Alerts"))
        assert sensor(hass, "health") == "ok"
        assert briefings(entry) == (
            "All is well in the homelab. The alert Disk Full is silenced in Alertmanager. Two alerts are held"
            " back because of another alert. The alert Nightly Load is muted by a time interval.",
            "Im Homelab ist alles in Ordnung. Der Alarm Disk Full ist in Alertmanager stummgeschaltet."
            " Zwei Alarme werden wegen anderer Alarme zurückgehalten. Der Alarm Nightly Load ist durch ein"
            " Zeitfenster stummgeschaltet.",
        )
        assert "Disk Full is silenced" in brief(entry.runtime_data.situation(), "en", Style.WRITTEN)
        assert await hass.config_entries.async_unload(entry.entry_id)
