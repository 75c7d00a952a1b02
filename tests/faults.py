"""One fault of every kind that every system can have, made where it happens: in a server, over a socket.

Each is a generator that yields when all is well, then what the thing is called that it broke, then when it is
mended.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed

from custom_components.homelab_ai.monitors.prometheus import _VOLUMES_QUERY
from demo.servers.apps.app import AppServer
from demo.servers.apps.librechat import LibreChatServer
from demo.servers.apps.open_webui import KEY as CHAT_KEY, OpenWebUIServer
from demo.servers.apps.paperless_ai import KEY as TAGGER_KEY, Document, PaperlessAIServer
from demo.servers.apps.web_page import WebPage, self_signed
from demo.servers.forge.github import WRITE, GitHub
from demo.servers.forge.repository import Repository
from demo.servers.kubernetes import ApiServer
from demo.servers.ollama import OllamaServer
from demo.servers.ollama.catalogue import LLAMA
from homeassistant.config_entries import ConfigSubentryDataWithId
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er

from .acting import act
from .clusters import hurry, kubernetes
from .common import conversation_subentry, homelab_entry, hub_subentry, set_up
from .systems import Alerts, monitor_subentry
from .test_entities import portainer, put, rack
from .test_monitor_faults import Metrics

REPOSITORY = "home/k8s"


@dataclass
class House:
    """A homelab in which one fault after another is made."""

    hass: HomeAssistant
    hub: OllamaServer
    freezer: FrozenDateTimeFactory
    monkeypatch: pytest.MonkeyPatch
    entry: MockConfigEntry = field(init=False)

    async def watch(self, *subentries: Any, **options: Any) -> None:
        """Set up a homelab with these systems."""
        self.entry = await set_up(self.hass, homelab_entry(self.hub.url, *subentries, options=options))

    async def look(self) -> None:
        """Look at everything, as polls do."""
        data = self.entry.runtime_data
        sources = [*data.hubs, *data.monitors, *([data.network] if data.network else [])]
        await asyncio.gather(*(source.async_refresh() for source in sources))
        await self.hass.async_block_till_done()

    async def later(self, **span: float) -> None:
        """Let time pass; what follows a stream goes on for ever, and is not waited for."""
        self.freezer.tick(timedelta(**span))
        async_fire_time_changed(self.hass)
        await self.hass.async_block_till_done()


type Change = Callable[[PaperlessAIServer], object]
type Fault = Callable[[House], AsyncGenerator[str]]


async def hub_offline(house: House) -> AsyncGenerator[str]:
    await house.watch()
    yield ""
    await house.hub.stop()
    yield "Ollama"
    await house.hub.start()
    yield ""


async def standby_offline(house: House) -> AsyncGenerator[str]:
    async with OllamaServer() as standby:
        await house.watch(hub_subentry(standby.url, "Attic"))
        yield ""
        await standby.stop()
        yield "Attic"
        await standby.start()
        yield ""


async def model_missing(house: House) -> AsyncGenerator[str]:
    await house.watch(conversation_subentry("Kitchen"))
    yield ""
    house.hub.hub.remove(LLAMA)
    yield "Kitchen"
    house.hub.hub.install(LLAMA)
    await house.later(seconds=31)
    yield ""


def offline(kind: str, make: Callable[[], Any], place: str = "", **data: Any) -> Fault:
    """Return that a system of this kind does not answer any more."""

    async def fault(house: House) -> AsyncGenerator[str]:
        server = make()
        async with server:
            await house.watch(monitor_subentry(kind, f"{server.url}{place}", "Lab", **data))
            yield ""
            await server.stop()
            yield "Lab"
            await server.start()
            yield ""

    return fault


async def cluster_offline(house: House) -> AsyncGenerator[str]:
    hurry(house.monkeypatch)
    async with ApiServer() as server:
        await house.watch(kubernetes(server))
        yield ""
        await server.stop()
        yield "Cluster"
        await server.start()
        yield ""


def of_app[AppT: AppServer](
    kind: str,
    make: Callable[[], AppT],
    broken: Callable[[AppT], object],
    mended: Callable[[AppT], object],
    name: str = "Lab",
    **data: Any,
) -> Fault:
    """Return what is wrong with an app once `broken` was called, until `mended` was."""

    async def fault(house: House) -> AsyncGenerator[str]:
        async with make() as app:
            await house.watch(monitor_subentry(kind, app.url, "Lab", **data))
            yield ""
            broken(app)
            yield name
            mended(app)
            yield ""

    return fault


def setting(**values: Any) -> Callable[[Any], None]:
    """Return what sets attributes of a server."""

    def change(server: Any) -> None:
        for key, value in values.items():
            assert hasattr(server, key)
            setattr(server, key, value)

    return change


def tagger(broken: Change, mended: Change) -> Fault:
    """Return what is wrong with the fork of Paperless-AI, which says more of itself."""

    def make() -> PaperlessAIServer:
        server = PaperlessAIServer("zettelrobbe")
        server.scan()
        return server

    return of_app("paperless_ai", make, broken, mended, api_key=TAGGER_KEY)


def upstream(broken: Change, mended: Change) -> Fault:
    """Return what is wrong with Paperless-AI, which has just processed something."""

    def make() -> PaperlessAIServer:
        server = PaperlessAIServer()
        server.finish(1, "A letter", _ago(0.1))
        return server

    return of_app("paperless_ai", make, broken, mended, api_key=TAGGER_KEY)


def _ago(hours: float) -> datetime:
    return datetime.now(UTC) - timedelta(hours=hours)


def _fail_scans(server: PaperlessAIServer) -> None:
    server.failures = 2


def _idle(server: PaperlessAIServer) -> None:
    server.finish(2, "An old letter", _ago(9))


def _chat() -> OpenWebUIServer:
    return OpenWebUIServer(api_key=CHAT_KEY)


async def certificate(house: House) -> AsyncGenerator[str]:
    now = datetime.now(UTC)
    long = await asyncio.to_thread(self_signed, now + timedelta(days=90))
    short = await asyncio.to_thread(self_signed, now + timedelta(days=3))
    port = 0
    for made, name in ((long, ""), (short, "Lab"), (long, "")):
        async with WebPage(ssl_context=made.server_context(), port=port) as page:
            if not port:
                port = page.port
                data = {"verify_ssl": False}
                await house.watch(monitor_subentry("web", page.url, "Lab", **data))
            await house.later(hours=2)
            yield name


ALERT = {"labels": {"alertname": "DiskFull", "severity": "warning"}, "annotations": {}, "state": "firing"}
BEAT = {"labels": {"alertname": "Watchdog", "severity": "none"}, "annotations": {}, "state": "firing"}
SINCE = {"activeAt": "2026-11-21T11:00:00Z", "value": "1e+00"}


def silence(kind: str, make: Callable[[], Any], firing: Any) -> Fault:
    """Return that a heartbeat stops."""

    async def fault(house: House) -> AsyncGenerator[str]:
        async with make() as server:
            server.firing = firing
            await house.watch(monitor_subentry(kind, server.url, "Lab"))
            yield ""
            server.firing = type(firing)()
            await house.later(seconds=301)
            yield "Watchdog"
            server.firing = firing
            yield ""

    return fault


QUERY = {"name": "Temperature", "query": "temperature", "above": 80}


def _hot(server: Metrics) -> None:
    server.values["temperature"] = "91"


def _cool(server: Metrics) -> None:
    server.values["temperature"] = "40"


def _volume(used: str) -> Callable[[Metrics], None]:
    def change(server: Metrics) -> None:
        server.labels[_VOLUMES_QUERY] = {"namespace": "documents", "persistentvolumeclaim": "scans"}
        server.values[_VOLUMES_QUERY] = used

    return change


def _metrics() -> Metrics:
    server = Metrics()
    server.values["temperature"] = "40"
    _volume("0.5")(server)
    return server


def of_entity(bad: str) -> Fault:
    """Return that one of Home Assistant's entities is in a bad state; removed where that is empty."""

    async def fault(house: House) -> AsyncGenerator[str]:
        states = house.hass.states
        found = er.async_get(house.hass).async_get_or_create(
            "sensor", "portainer", "jellyfin", suggested_object_id="jellyfin", original_name="Jellyfin"
        )
        states.async_set(found.entity_id, "running", {"friendly_name": "Jellyfin"})
        rack = ConfigSubentryDataWithId(
            subentry_id="01RACK",
            subentry_type="system",
            title="Rack",
            unique_id=None,
            data={"kind": "entities", "entities": [found.id]},
        )
        await house.watch(rack)
        yield ""
        if bad:
            states.async_set(found.entity_id, bad, {"friendly_name": "Jellyfin"})
            await house.later(seconds=1)
            await house.later(minutes=11)
        else:
            er.async_get(house.hass).async_remove(found.entity_id)
            states.async_remove(found.entity_id)
            await house.later(seconds=31)
            await house.later(minutes=11)
        yield "Jellyfin"
        if not bad:
            er.async_get(house.hass).async_get_or_create(
                "sensor", "portainer", "jellyfin", suggested_object_id="jellyfin", original_name="Jellyfin"
            )
        states.async_set(found.entity_id, "running", {"friendly_name": "Jellyfin"})
        await house.later(seconds=31)
        yield ""

    return fault


def of_portainer(name: str, *containers: str) -> Fault:
    """Return that all entities of these containers are unavailable."""

    async def fault(house: House) -> AsyncGenerator[str]:
        found = portainer(house.hass, *containers)
        entities = [one for some in found.values() for one in some]
        before = [(one, house.hass.states.get(one.entity_id)) for one in entities]
        await house.watch(rack(integrations=["portainer"]))
        yield ""
        for one in entities:
            put(house.hass, one, "unavailable")
        await house.later(seconds=301)
        await house.later(seconds=31)
        yield name
        for one, state in before:
            assert state is not None
            put(house.hass, one, state.state)
        await house.later(seconds=31)
        yield ""

    return fault


def _lab(github: GitHub) -> tuple[Repository, Any]:
    """Return a repository, and the settings of a forge with it."""
    repository = github.add(Repository(REPOSITORY, {"kubernetes/apps/ai/ollama/ks.yaml": "a: 1\n"}))
    repository.rules = [{"type": "pull_request", "parameters": {}}]
    data = {"token": github.token("ha-bot", WRITE, None), "paths": ["kubernetes/apps"]}
    return repository, monitor_subentry("forge", f"{github.url}/{REPOSITORY}", "Lab", **data)


async def forge_offline(house: House) -> AsyncGenerator[str]:
    async with GitHub() as github:
        await house.watch(_lab(github)[1])
        yield ""
        await github.stop()
        yield "Lab"
        await github.start()
        yield ""


def of_forge(title: str, branch: str, name: str, body: str = "") -> Fault:
    """Return that the checks of a pull request fail."""

    async def fault(house: House) -> AsyncGenerator[str]:
        async with GitHub() as github:
            repository, settings = _lab(github)
            await house.watch(settings)
            yield ""
            repository.open(title, branch, body=body)
            sha = repository.pulls[1].head_sha
            repository.checks[sha] = [{"name": "flate", "status": "completed", "conclusion": "failure"}]
            yield name
            repository.close(1)
            yield ""

    return fault


def strangers(count: int) -> Fault:
    """Return that so many devices that nobody knows come at once."""

    async def fault(house: House) -> AsyncGenerator[str]:
        states = house.hass.states
        tracker = {
            "source_type": "router",
            "mac": "24:0A:C4:00:00:01",
            "ip": "192.168.1.20",
            "host_name": "a",
        }
        states.async_set("device_tracker.heating", "home", tracker)
        await house.watch(network=True)
        await house.later(hours=25)
        yield ""
        for number in range(count):
            more = {"mac": f"24:0A:C4:11:22:{number:02X}", "ip": f"192.168.1.{50 + number}"}
            states.async_set(
                f"device_tracker.esp{number}", "home", {**tracker, **more, "host_name": "esp-4a21"}
            )
        await house.later(seconds=31)
        # Some are told one by one, and the others together: those alone are left.
        for problem in house.entry.runtime_data.health.data.problems if count > 1 else ():
            if problem.kind == "unknown_device":
                await act(house.hass, "review_device", device=problem.facts["device"], verdict="known")
        yield "Homelab" if count > 1 else "esp-4a21"
        for device in (await act(house.hass, "list_devices", verdict="new", limit=50))["devices"]:
            await act(house.hass, "review_device", device=device["id"], verdict="known")
        yield ""

    return fault


FAULTS: Mapping[tuple[str, str], Fault] = {
    ("hubs", "hub_offline"): hub_offline,
    ("hubs", "standby_offline"): standby_offline,
    ("hubs", "model_missing"): model_missing,
    ("kubernetes", "offline"): cluster_offline,
    ("prometheus", "offline"): offline("prometheus", _metrics),
    ("alertmanager", "offline"): offline("alertmanager", Alerts),
    ("open_webui", "offline"): offline("open_webui", _chat),
    ("librechat", "offline"): offline("librechat", LibreChatServer),
    ("paperless_ai", "offline"): offline("paperless_ai", PaperlessAIServer),
    ("web", "offline"): offline("web", WebPage),
    ("forge", "offline"): forge_offline,
    ("prometheus", "alert"): of_app(
        "prometheus", _metrics, setting(firing=[ALERT | SINCE]), setting(firing=[]), "DiskFull"
    ),
    ("alertmanager", "alert"): of_app(
        "alertmanager", Alerts, setting(firing={"DiskFull": "warning"}), setting(firing={}), "DiskFull"
    ),
    ("prometheus", "alerts_silent"): silence("prometheus", _metrics, [BEAT | SINCE]),
    ("alertmanager", "alerts_silent"): silence("alertmanager", Alerts, {"Watchdog": "none"}),
    ("prometheus", "query"): of_app("prometheus", _metrics, _hot, _cool, "Temperature", queries=[QUERY]),
    ("prometheus", "volume_full"): of_app("prometheus", _metrics, _volume("0.97"), _volume("0.5"), "scans"),
    ("open_webui", "hub_unreachable"): of_app(
        "open_webui",
        _chat,
        setting(ollama_reachable=False),
        setting(ollama_reachable=True),
        api_key=CHAT_KEY,
    ),
    ("open_webui", "app_unwell"): of_app(
        "open_webui", _chat, OpenWebUIServer.lose_database, OpenWebUIServer.recover
    ),
    ("paperless_ai", "app_unwell"): upstream(setting(health="database_error"), setting(health="healthy")),
    ("paperless_ai", "paperless_offline"): tagger(
        setting(paperless_reachable=False), setting(paperless_reachable=True)
    ),
    ("paperless_ai", "scans_failed"): tagger(_fail_scans, PaperlessAIServer.scan),
    ("paperless_ai", "stuck"): upstream(
        setting(processing=Document(7, "A book", _ago(9), "processing")), setting(processing=None)
    ),
    ("paperless_ai", "overdue"): upstream(_idle, lambda server: server.finish(3, "A new one")),
    ("web", "web_unexpected"): of_app("web", WebPage, setting(status=502), setting(status=200)),
    ("web", "certificate_expires"): certificate,
    ("forge", "proposal_failing"): of_forge(
        "Enable paperless", "homelab-ai/enable-1", "Enable paperless", "Why\n\n<!-- homelab_ai:0a1b2c3d -->\n"
    ),
    ("forge", "updates_waiting"): of_forge("Update grafana to v12", "renovate/grafana-12.x", "Lab"),
    ("entities", "entity_bad"): of_entity("exited"),
    ("entities", "entity_unavailable"): of_entity("unavailable"),
    ("entities", "entity_gone"): of_entity(""),
    ("entities", "device_unavailable"): of_portainer("Jellyfin", "Jellyfin"),
    ("entities", "integration_unavailable"): of_portainer("portainer", "Jellyfin", "Sonarr"),
    ("network", "unknown_device"): strangers(1),
    ("network", "unknown_devices"): strangers(12),
}
"""By the kind of system and the kind of problem; those of the objects of a cluster are beside this."""
