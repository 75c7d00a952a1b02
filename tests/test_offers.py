"""What the homelab tells of is offered in the menu of systems, filled in, and never added unasked."""

from collections.abc import AsyncGenerator
from typing import Any

from aiohttp import web
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.homelab_ai.flows.offers import MOST_OFFERED, kind_of_workload
from custom_components.homelab_ai.monitors import MONITORS
from demo.servers.apps.app import AppServer, json_response
from demo.servers.kubernetes import TOKEN, ApiServer, homelab_cluster, objects as make
from demo.servers.ollama import OllamaServer
from homeassistant.config_entries import SOURCE_USER
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType

from .common import set_up
from .forms import fields, suggested
from .systems import Alerts, monitor_subentry, watched_homelab


class Prometheus(AppServer):
    """What Prometheus says of where alerts go; nothing else of it is asked here."""

    told: object = ()

    async def answer(self, request: web.Request) -> web.StreamResponse:
        if request.path != "/api/v1/alertmanagers":
            return web.Response(status=404)
        return json_response({"status": "success", "data": {"activeAlertmanagers": self.told}})


@pytest.fixture
async def prometheus(socket_enabled: None) -> AsyncGenerator[Prometheus]:
    async with Prometheus() as server:
        yield server


async def menu(hass: HomeAssistant, entry: MockConfigEntry) -> Any:
    return await hass.config_entries.subentries.async_init(
        (entry.entry_id, "system"), context={"source": SOURCE_USER}
    )


async def choose(hass: HomeAssistant, flow: Any, **chosen: Any) -> Any:
    return await hass.config_entries.subentries.async_configure(flow["flow_id"], chosen)


async def labels(hass: HomeAssistant, entry: MockConfigEntry) -> list[str]:
    """Return what is offered, as a person reads it; nothing where nothing is."""
    flow = await menu(hass, entry)
    if "offered" not in flow["menu_options"]:
        assert flow["menu_options"] == list(MONITORS)
        return []
    assert flow["menu_options"] == ["offered", *MONITORS]
    form = await choose(hass, flow, next_step_id="offered")
    return [one["label"] for one in fields(form)[0]["selector"]["select"]["options"]]


async def test_nothing_to_offer(hass: HomeAssistant, hub: OllamaServer) -> None:
    assert await labels(hass, await set_up(hass, watched_homelab(hub.url))) == []


async def test_an_app_of_the_cluster(hass: HomeAssistant, hub: OllamaServer) -> None:
    """By its ingress; once it is there it is not offered any more."""
    async with ApiServer() as api:
        homelab_cluster(api)
        cluster = monitor_subentry("kubernetes", api.url, "k3s", token=TOKEN)
        entry = await set_up(hass, watched_homelab(hub.url, cluster))
        number = (await labels(hass, entry)).index("Open WebUI · https://open-webui.home")
        before = set(entry.subentries)
        flow = await menu(hass, entry)
        form = await choose(hass, flow, next_step_id="offered")
        form = await choose(hass, form, system=str(number))
        assert (form["type"], form["step_id"]) == (FlowResultType.FORM, "open_webui")
        assert (suggested(form)["name"], suggested(form)["url"]) == ("Open WebUI", "https://open-webui.home")
        assert set(entry.subentries) == before
        assert await hass.config_entries.async_unload(entry.entry_id)


@pytest.mark.parametrize(
    ("made", "url"),
    [
        (make.service("prometheus", namespace="web", address="10.0.0.9", port=9090), "http://10.0.0.9:9090"),
        (
            make.ingress_route("prometheus", namespace="web", match="Host(`prometheus.home`)"),
            "https://prometheus.home",
        ),
        (
            make.http_route("prometheus", namespace="web", hosts=["prometheus.home"]),
            "https://prometheus.home",
        ),
    ],
    ids=["LoadBalancer", "IngressRoute", "HTTPRoute"],
)
async def test_however_it_is_led_to(made: Any, url: str, hass: HomeAssistant, hub: OllamaServer) -> None:
    async with ApiServer(systems=("traefik", "gateway")) as api:
        parts = (make.deployment("prometheus", namespace="web"), make.service("prometheus", namespace="web"))
        api.load([make.node("worker-1"), make.namespace("web"), *parts])
        api.load([made])
        cluster = monitor_subentry("kubernetes", api.url, "k3s", token=TOKEN)
        entry = await set_up(hass, watched_homelab(hub.url, cluster))
        assert await labels(hass, entry) == [f"Prometheus · {url}"]
        assert await hass.config_entries.async_unload(entry.entry_id)


async def test_alertmanager_of_prometheus(
    hass: HomeAssistant, hub: OllamaServer, prometheus: Prometheus
) -> None:
    async with Alerts() as alerts:
        prometheus.told = [{"url": f"{alerts.url}/api/v2/alerts"}]
        metrics = monitor_subentry("prometheus", prometheus.url, "Prometheus")
        entry = await set_up(hass, watched_homelab(hub.url, metrics))
        assert await labels(hass, entry) == [f"Alertmanager · {alerts.url}"]
        form = await choose(hass, await menu(hass, entry), next_step_id="offered")
        form = await choose(hass, form, system="0")
        done = await choose(hass, form, name="Pager", url=suggested(form)["url"])
        assert done["type"] is FlowResultType.CREATE_ENTRY
        await hass.async_block_till_done()
        assert await labels(hass, entry) == []


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ([{"url": "javascript:alert(1)"}, {"url": "http://me:pw@x.home/api/v2/alerts"}, {"url": 7}, 5], []),
        ([{"url": "http://a.home/am/api/v2/alerts"}] * 3, ["Alertmanager · http://a.home/am"]),
        ("nonsense", []),
        (None, []),
    ],
)
async def test_odd_answers(
    told: object, expected: list[str], hass: HomeAssistant, hub: OllamaServer, prometheus: Prometheus
) -> None:
    prometheus.told = told
    metrics = monitor_subentry("prometheus", prometheus.url, "Prometheus")
    assert await labels(hass, await set_up(hass, watched_homelab(hub.url, metrics))) == expected


async def test_not_too_many(hass: HomeAssistant, hub: OllamaServer, prometheus: Prometheus) -> None:
    prometheus.told = [{"url": f"http://am-{number}.home:9093/api/v2/alerts"} for number in range(500)]
    metrics = monitor_subentry("prometheus", prometheus.url, "Prometheus")
    assert len(await labels(hass, await set_up(hass, watched_homelab(hub.url, metrics)))) == MOST_OFFERED


async def test_nobody_waits_for_a_system_that_hangs(
    hass: HomeAssistant, hub: OllamaServer, prometheus: Prometheus, monkeypatch: pytest.MonkeyPatch
) -> None:
    metrics = monitor_subentry("prometheus", prometheus.url, "Prometheus")
    entry = await set_up(hass, watched_homelab(hub.url, metrics))
    monkeypatch.setattr("custom_components.homelab_ai.flows.offers._PATIENCE", 0.1)
    prometheus.faults.hang()
    assert await labels(hass, entry) == []


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("open-webui", "open_webui"),
        ("Open-WebUI", "open_webui"),
        ("home-open-webui", "open_webui"),
        ("open-webui-pipelines", None),
        ("librechat", "librechat"),
        ("librechat-mongodb", None),
        ("paperless-ai", "paperless_ai"),
        ("paperless-ngx", None),
        ("prometheus", "prometheus"),
        ("prometheus-server", "prometheus"),
        ("prometheus-kube-prometheus-stack-prometheus", "prometheus"),
        ("prometheus-node-exporter", None),
        ("prometheus-operator", None),
        ("alertmanager-kube-prometheus-stack-alertmanager", "alertmanager"),
        ("notprometheus", None),
        ("", None),
    ],
)
def test_what_a_workload_is(name: str, kind: str | None) -> None:
    assert kind_of_workload(name) == kind
