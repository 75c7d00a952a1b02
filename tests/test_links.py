"""Links: a problem carries the page about it, wherever it is told; what is no web page is never told."""

from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.homelab_ai.health.pages import page_about
from custom_components.homelab_ai.health.problem import Problem, Severity
from custom_components.homelab_ai.topology import Link, LinkKind, Thing, ThingKind, Topology
from custom_components.homelab_ai.values.address import web_address
from demo.servers.apps.open_webui import OpenWebUIServer
from demo.servers.ollama import OllamaServer
from homeassistant.core import HomeAssistant, callback

from .acting import act
from .looking import device, pass_time
from .systems import Alerts, monitor_subentry, source, watch


class LinkedAlerts(Alerts):
    """Alertmanager, whose alerts say what raised them."""

    generator: object = "http://prometheus.home:9090/graph?g0.expr=up"

    def _alert(self, name: str, severity: str) -> dict[str, Any]:
        return {**super()._alert(name, severity), "generatorURL": self.generator}


@pytest.mark.parametrize(
    ("generator", "expected"),
    [
        ("http://prometheus.home:9090/graph?g0.expr=up", "http://prometheus.home:9090/graph?g0.expr=up"),
        ("https://me:secret@grafana.home/d/1", "https://grafana.home/d/1"),
        ("javascript:alert(1)", None),
        ("", None),
        (7, None),
    ],
)
async def test_page_of_an_alert(  # noqa: PLR0917 - what a test needs and what it is given
    generator: object,
    expected: str | None,
    hass: HomeAssistant,
    hub: OllamaServer,
    freezer: FrozenDateTimeFactory,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """In the list, on the bus, at the event entity and in the card."""
    async with LinkedAlerts() as alerts:
        alerts.generator = generator
        await watch(hass, hub.url, monitor_subentry("alertmanager", alerts.url, "Alerts"))
        told: list[Any] = []
        hass.bus.async_listen("homelab_ai_problem", callback(lambda event: told.append(event.data)))
        alerts.firing = {"Disk": "critical"}
        await pass_time(hass, freezer)
        (problem,) = (await act(hass, "list_problems"))["problems"]
        entity = hass.states.get("event.homelab_latest_news")
        assert entity is not None
        client = await hass_ws_client(hass)
        await client.send_json_auto_id({"type": "homelab_ai/subscribe_problems"})
        await client.receive_json()
        (row,) = (await client.receive_json())["event"]["problems"]
        for where in (problem, told[0], entity.attributes, row):
            assert where.get("url") == expected
            assert ("url" in where) is (expected is not None)


async def test_page_of_a_system(
    hass: HomeAssistant, hub: OllamaServer, freezer: FrozenDateTimeFactory
) -> None:
    """What is wrong with a system is seen at its own address, and so is its device."""
    async with OpenWebUIServer() as chat:
        await watch(hass, hub.url, monitor_subentry("open_webui", chat.url, "Chat"))
        found = device(hass, source("Chat"))
        assert found is not None
        assert str(found.configuration_url).rstrip("/") == chat.url
        await chat.stop()
        await pass_time(hass, freezer)
        (problem,) = (await act(hass, "list_problems"))["problems"]
        assert (problem["kind"], problem["url"].rstrip("/")) == ("offline", chat.url)


def thing(name: str, kind: ThingKind, url: str = "", *parents: str) -> Thing:
    links = tuple(Link(LinkKind.PART_OF, parent) for parent in parents)
    return Thing(id=name, kind=kind, name=name, source="lab", links=links, url=url)


@pytest.mark.parametrize(
    ("subject", "own", "expected"),
    [
        ("pod", "", "https://app.home/"),
        ("app", "", "https://app.home/"),
        ("pod", "https://alerts.home/", "https://alerts.home/"),
        ("lonely", "", ""),
        ("nobody", "", ""),
        ("loop", "", ""),
    ],
)
def test_page_of_a_thing(subject: str, own: str, expected: str) -> None:
    """The nearest one that shows it; a namespace's or a cluster's says nothing of one of its parts."""
    topology = Topology()
    things = [
        thing("pod", ThingKind.POD, "", "set"),
        thing("set", ThingKind.WORKLOAD, "", "app"),
        thing("app", ThingKind.APP, "https://app.home/", "namespace"),
        thing("lonely", ThingKind.POD, "", "namespace"),
        thing("namespace", ThingKind.NAMESPACE, "https://all.home/"),
        thing("loop", ThingKind.POD, "", "pool"),
        thing("pool", ThingKind.WORKLOAD, "", "loop"),
    ]
    topology.report("lab", {one.id: one for one in things})
    problem = Problem(
        "id", "lab", "offline", "Name", Severity.INFO, "", subject=(subject,), url=web_address(own)
    )
    assert page_about(problem, topology) == expected
