"""A homelab with one fault is never well, its briefing names the fault, and it is well again once mended.

Driven from the table of kinds: a kind without a scenario here fails.
"""

from collections.abc import AsyncGenerator, Iterator, Mapping
from datetime import timedelta

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.homelab_ai.health.facts import Facts
from custom_components.homelab_ai.health.kinds import KINDS
from custom_components.homelab_ai.health.problem import Problem, Severity
from custom_components.homelab_ai.language.briefing import Style, brief
from custom_components.homelab_ai.language.names import spoken_name
from custom_components.homelab_ai.language.words import language_of
from demo.apps.web_page import WebPage
from demo.kubernetes import ApiServer
from demo.kubernetes.objects.parts import ago
from demo.kubernetes.wire import Object
from demo.ollama import OllamaServer
from homeassistant.const import STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util

from .clusters import coordinator, hurry, kubernetes
from .common import homelab_entry, set_up
from .looking import pass_time, sensor, state, until
from .systems import monitor_subentry, watch
from .test_kubernetes_kinds import LIVES, Life, put

LANGUAGES = ("en", "de")

LIVED = {kind for life in LIVES for kind in (life.kind, life.kind_of_late) if kind}
"""Kinds whose fault is made in a cluster, as its controllers write it."""

_AT = dt_util.utcnow() - timedelta(days=2)
FAULTS: Mapping[str, tuple[str, Facts]] = {
    "hub_offline": ("Ollama", {}),
    "standby_offline": ("Attic", {}),
    "model_missing": ("Kitchen", {}),
    "offline": ("Alertmanager", {}),
    "hub_unreachable": ("Open WebUI", {"models": 3}),
    "app_unwell": ("LibreChat", {}),
    "paperless_offline": ("Paperless-AI", {}),
    "scans_failed": ("Paperless-AI", {"error": "out of memory", "failures": 3}),
    "overdue": ("Paperless-AI", {"last": _AT}),
    "stuck": ("Paperless-AI", {"started": _AT}),
    "web_unexpected": ("Wiki", {"status": 502, "expected": 200}),
    "alert": ("DiskFull", {}),
    "alerts_silent": ("Alertmanager", {}),
    "query": ("Temperature", {"side": "above", "value": 91.5, "bound": 80, "series": "disk 3"}),
    "volume_full": ("documents/scans", {"percent": 97}),
    "entity_bad": ("Jellyfin", {"state": "exited"}),
    "entity_unavailable": ("Jellyfin", {}),
    "entity_gone": ("Jellyfin", {}),
    "device_unavailable": ("Jellyfin", {"entities": 4}),
    "integration_unavailable": ("Portainer", {"entities": 40}),
    "node_not_ready": ("atlas", {}),
    "k8sgpt_finding": ("media/jellyfin", {"kind": "Deployment", "error": "no replicas"}),
    "volume_faulted": ("documents/scans", {}),
    "backup_failed": ("documents/nightly", {}),
    "backup_none": ("documents/scans", {}),
    "node_pressure": ("atlas", {"pressure": "disk"}),
    "node_cordoned": ("atlas", {}),
    "pod_failed": ("media/jellyfin-0", {}),
    "flux_suspended": ("media/jellyfin", {"kind": "HelmRelease"}),
    "argocd_out_of_sync": ("shop", {}),
    "argocd_sync_unknown": ("shop", {}),
    "argocd_operation_failed": ("shop", {}),
    "argocd_missing": ("shop", {}),
    "argocd_suspended": ("shop", {}),
    "unknown_device": ("esp-4a21", {"vendor": "Espressif Inc."}),
    "unknown_devices": ("Homelab", {"devices": 12}),
    "proposal_failing": ("Enable paperless-ai", {"repository": "home/k8s", "number": 14, "checks": "flate"}),
    "updates_waiting": ("k8s", {"updates": 7, "failing": 2, "major": 1}),
}
"""The others: name and facts of such a problem, as its monitor reports it."""
CALLED = {"pods": "web", "pod_failed": "jellyfin", "volume_full": "scans", "backup_failed": "documents"}
"""What people hear where it is not the name itself."""
SOURCE = "canned"


@pytest.fixture
async def server(socket_enabled: None) -> AsyncGenerator[ApiServer]:
    async with ApiServer() as server:
        yield server


def problems(hass: HomeAssistant) -> list[str]:
    """Return the kinds of what is told, information too."""
    return [problem["kind"] for problem in state(hass, "sensor", "problems").attributes["problems"]]


def _letters(text: str) -> str:
    """Return a text without spaces: an alert's name is spoken as words, and written as one."""
    return text.replace(" ", "").casefold()


def assert_told(hass: HomeAssistant, entry: MockConfigEntry, kind: str, name: str) -> None:
    """Hear a fault in both languages and styles, and see that the homelab is not well if it is trouble."""
    is_trouble = KINDS[kind].severity is not Severity.INFO
    assert sensor(hass, "health") in (("degraded", "critical") if is_trouble else ("ok",)), kind
    situation = entry.runtime_data.situation()
    for language in LANGUAGES:
        well = language_of(language).well("", in_part=False)
        for style in Style:
            text = brief(situation, language, style)
            assert _letters(name) in _letters(text), (kind, language, text)
            assert (well in text) is not is_trouble, (kind, language, text)


def assert_well(hass: HomeAssistant, entry: MockConfigEntry, kind: str) -> None:
    """See nothing, and hear that all is well without a reservation."""
    assert (problems(hass), sensor(hass, "health")) == ([], "ok"), kind
    for language in LANGUAGES:
        text = brief(entry.runtime_data.situation(), language)
        assert text.startswith(language_of(language).well("", in_part=False)), (kind, text)


def test_no_kind_is_forgotten() -> None:
    # A heartbeat that fires is no problem: it never reaches people, see tests/monitors/test_alertmanager.py.
    assert LIVED | FAULTS.keys() | {"heartbeat"} == KINDS.keys()
    assert not LIVED & FAULTS.keys()


async def test_every_kind_that_a_monitor_reports(hass: HomeAssistant, hub: OllamaServer) -> None:
    """The ledger, the health and the briefing of one homelab, one fault after another."""
    entry = await set_up(hass, homelab_entry(hub.url))
    health = entry.runtime_data.health
    for kind, (name, facts) in FAULTS.items():
        problem = Problem(
            id=f"{SOURCE}:{kind}",
            source=SOURCE,
            kind=kind,
            name=name,
            severity=KINDS[kind].severity,
            summary="is broken",
            since=_AT,
            facts=facts,
        )
        health.ledger.report(SOURCE, {problem.id: problem}, dt_util.utcnow())
        health.settle()
        assert problems(hass) == [kind]
        assert_told(hass, entry, kind, CALLED.get(kind) or spoken_name(name))
        health.ledger.report(SOURCE, {}, dt_util.utcnow())
        health.settle()
        assert_well(hass, entry, kind)


def _faults(life: Life) -> Iterator[tuple[str, Object]]:
    """Yield what an object is when something is wrong with it, with the kind of that problem."""
    if life.late is not None:
        yield life.kind_of_late or life.kind, life.make("waiting", ago(**life.late))
    if life.failed:
        yield life.kind, life.make(life.failed, ago(hours=48))


async def test_every_kind_of_a_cluster(
    hass: HomeAssistant, hub: OllamaServer, server: ApiServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One cluster with all systems, in which one object after another fails and is mended."""
    hurry(monkeypatch, quiet=0.0)
    for system in sorted({system for life in LIVES for system in life.systems}):
        server.install(system)
    entry = await watch(hass, hub.url, kubernetes(server))
    monitor = coordinator(entry)

    async def shows(*expected: str) -> None:
        await monitor.async_refresh()
        await until(lambda: problems(hass) == list(expected))

    for life in LIVES:
        for kind, broken in _faults(life):
            put(server, broken)
            await shows(kind)
            (problem,) = entry.runtime_data.situation().health.problems
            assert_told(hass, entry, kind, CALLED.get(life.resource) or spoken_name(problem.name))
            put(server, life.make("healthy", ago(hours=1)))
            await shows()
            assert_well(hass, entry, kind)
        metadata = broken["metadata"]
        collection = server.store._collection_of(broken)
        server.store.delete(collection, metadata.get("namespace", ""), metadata["name"])
        await shows()


@pytest.mark.parametrize("which", ["hub", "system"])
async def test_what_is_not_looked_at_any_more_is_not_well(
    which: str,
    hass: HomeAssistant,
    hub: OllamaServer,
    socket_enabled: None,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Polling that stops, as Home Assistant lets a person switch it off, is ignorance after five minutes."""
    async with WebPage() as page:
        entry = await watch(hass, hub.url, monitor_subentry("web", page.url, "Wiki"))
        sources = entry.runtime_data
        looked_at = sources.hubs[0] if which == "hub" else sources.monitors[0]
        for _ in range(8):
            await pass_time(hass, freezer, 61)
        assert_well(hass, entry, "")
        looked_at.update_interval = None
        for _ in range(4):
            await pass_time(hass, freezer, 61)
        assert sensor(hass, "health") == "ok"
        for _ in range(3):
            await pass_time(hass, freezer, 61)
        assert sensor(hass, "health") == STATE_UNKNOWN
        name = "Ollama" if which == "hub" else "Wiki"
        assert state(hass, "sensor", "health").attributes["not_seen"] == [name]
        for language in LANGUAGES:
            assert name in brief(entry.runtime_data.situation(), language)
        await looked_at.async_refresh()
        assert_well(hass, entry, "")
