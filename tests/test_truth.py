"""A homelab with one fault is never well, its briefing names the fault, and it is well again once mended.

Each fault is made in a real server of its system, see `faults` and `test_kubernetes_kinds`. A kind that a
system can have (docs/systems.md lists them) and that has no fault here fails.
"""

import asyncio
from collections.abc import AsyncGenerator, Iterator
from datetime import datetime
from pathlib import Path
import re

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.homelab_ai.health.kinds import HEARTBEAT, KINDS, OFFLINE
from custom_components.homelab_ai.health.problem import Severity
from custom_components.homelab_ai.language.briefing import Style, brief
from custom_components.homelab_ai.language.names import spoken_name
from custom_components.homelab_ai.language.words import language_of
from custom_components.homelab_ai.monitors.kubernetes.evidence import subject_of
from custom_components.homelab_ai.monitors.registry import CLASSES
from demo.servers.apps.web_page import WebPage
from demo.servers.kubernetes import ApiServer
from demo.servers.kubernetes.objects.parts import ago
from demo.servers.ollama import OllamaServer
from homeassistant.const import STATE_UNKNOWN
from homeassistant.core import HomeAssistant

from .clusters import coordinator, hurry, kubernetes
from .faults import FAULTS, House
from .looking import pass_time, sensor, state, until
from .systems import monitor_subentry, watch
from .test_kubernetes_kinds import ALSO, LIVES, Life, put, take_away

LANGUAGES = ("en", "de")
IN_CLUSTERS = {
    ("kubernetes", kind) for life in (*LIVES, *ALSO) for kind in (life.kind, life.kind_of_late) if kind
}
"""Kinds whose fault is made in a cluster, as its controllers write it."""
PAGE = Path(__file__).parent.parent / "docs" / "systems.md"
SYSTEMS = {
    "The hubs": "hubs",
    "Prometheus": "prometheus",
    "Alertmanager": "alertmanager",
    "Open WebUI": "open_webui",
    "LibreChat": "librechat",
    "Paperless-AI": "paperless_ai",
    "Web page": "web",
    "Git forge": "forge",
    "Entities of Home Assistant": "entities",
    "[Network](network.md)": "network",
    "Kubernetes": "kubernetes",
}
"""What the page calls the systems."""
CALLED = {"ai/web-1": "web", "db/db-1": "db", "ai/db-1": "db", "ai/schedule": "ai"}
"""What people hear of an object where that is not its name."""


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
    (problem,) = entry.runtime_data.situation().health.problems
    is_trouble = problem.severity is not Severity.INFO
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
    """Of no system; an entity of Home Assistant is not reached over the network, so it cannot be offline."""
    rows = re.findall(r"^\| ([^|]+) \| `(\w+)` \| [^|]+ \| [^|]+ \|$", PAGE.read_text(), re.MULTILINE)
    listed = {(SYSTEMS[system], kind) for system, kind in rows if system != "Every system"}
    listed |= {(system, OFFLINE) for system in CLASSES.keys() - {"entities"}}
    assert {kind for _, kind in listed} == KINDS.keys() - {HEARTBEAT}
    assert FAULTS.keys() | IN_CLUSTERS == listed
    assert not FAULTS.keys() & IN_CLUSTERS


@pytest.mark.usefixtures("socket_enabled")
@pytest.mark.parametrize(("system", "kind"), FAULTS, ids=str)
async def test_every_kind_of_every_system(  # noqa: PLR0917 - what a test needs
    system: str,
    kind: str,
    hass: HomeAssistant,
    hub: OllamaServer,
    freezer: FrozenDateTimeFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    house = House(hass, hub, freezer, monkeypatch)
    course = FAULTS[system, kind](house)
    try:
        for expected in ([], [kind], []):
            name = await anext(course)
            await house.look()
            await until_told(hass, expected)
            if expected:
                assert_told(hass, house.entry, kind, spoken_name(name))
            else:
                assert_well(hass, house.entry, kind)
    finally:
        await course.aclose()


async def until_told(hass: HomeAssistant, expected: list[str]) -> None:
    """Wait until exactly this is told; the clock stands still, so nothing that waits for it would end."""
    for _ in range(1000):
        if problems(hass) == expected:
            return
        await asyncio.sleep(0)
    assert problems(hass) == expected


def _faults(life: Life) -> Iterator[tuple[str, str, datetime]]:
    """Yield the states in which something is wrong with an object, with the kind of that problem."""
    if life.late is not None and life.is_dated:
        yield life.kind_of_late or life.kind, "waiting", ago(**life.late)
    if life.failed:
        yield life.kind, life.failed, ago(hours=48)


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
        await until(lambda: problems(hass) == list(expected), seconds=30)

    for life in (*LIVES, *ALSO):
        for kind, broken, at in _faults(life):
            put(server, life, broken, at)
            await shows(kind)
            (problem,) = entry.runtime_data.situation().health.problems
            assert_told(hass, entry, kind, CALLED.get(problem.name) or spoken_name(problem.name))
            # What has happened to an object is asked for; a backup that is missing is none.
            assert subject_of(problem) is not None or kind in ("backup_overdue", "backup_none"), kind
            put(server, life, "healthy", ago(hours=1))
            await shows()
            assert_well(hass, entry, kind)
        take_away(server, life)
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
