"""A house with a light, a script, and a homelab in which one system says what somebody else wrote into it."""

from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.homelab_ai.health.problem import Problem
from demo.servers.apps.app import AppServer, json_response
from demo.servers.apps.open_webui import KEY as OPEN_WEBUI_KEY, OpenWebUIServer
from demo.servers.apps.paperless_ai import Document, PaperlessAIServer
from demo.servers.apps.web_page import WebPage
from demo.servers.forge.github import WRITE, GitHub
from demo.servers.forge.repository import Repository
from demo.servers.kubernetes import ApiServer
from demo.servers.kubernetes.objects.argocd import application
from demo.servers.kubernetes.objects.core import event, pod
from demo.servers.kubernetes.objects.flux import kustomization
from demo.servers.kubernetes.objects.k8sgpt import result
from demo.servers.ollama import Fault, Model, OllamaServer, Timing
from homeassistant.config_entries import ConfigSubentryData
from homeassistant.core import HomeAssistant

from ..clusters import kubernetes
from ..common import ai_task_subentry, conversation_subentry, homelab_entry, hub_subentry, set_up
from ..systems import monitor_subentry
from ..turns import furnish
from .obedient import Obedient

POD = "paperless/paperless-6f7c9d5b8-x2x7q"
STANDBY = "Standby"


class Alarm(AppServer):
    """An Alertmanager, and a Prometheus, with one alert and one full volume, as somebody wrote them."""

    def __init__(
        self,
        labels: Mapping[str, str],
        annotations: Mapping[str, str],
        volume: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__()
        self.labels = {"alertname": "DiskFull", "severity": "warning", **labels}
        self.annotations = {"summary": "A disk is full", **annotations}
        self.volume = volume
        self.also: list[str] = []
        """Further alerts, by their names: nobody has written anything into these."""
        self.version = "0.28.1"
        self.status: tuple[int, str] | None = None

    async def answer(self, request: web.Request) -> web.StreamResponse:
        if self.status is not None:
            code, body = self.status
            return web.Response(status=code, text=body)
        match request.path:
            case "/api/v2/status":
                return json_response({"versionInfo": {"version": self.version}})
            case "/api/v2/alerts":
                alert = {
                    "fingerprint": "print",
                    "labels": self.labels,
                    "annotations": self.annotations,
                    "startsAt": "2026-11-21T11:00:00.000Z",
                    "status": {"state": "active", "silencedBy": [], "inhibitedBy": []},
                    "generatorURL": "http://prometheus.home/graph",
                }
                nothing = {**alert, "annotations": {}}
                others = [
                    {**nothing, "fingerprint": f"print-{name}", "labels": {"alertname": name}}
                    for name in self.also
                ]
                return json_response([alert, *others])
            case "/api/v1/alerts":
                alert = {
                    "labels": self.labels,
                    "annotations": self.annotations,
                    "state": "firing",
                    "activeAt": "2026-11-21T11:00:00Z",
                }
                return _prometheus({"alerts": [alert]})
            case "/api/v1/query":
                full = self.volume is not None and "kubelet_volume" in request.query.get("query", "")
                series = [{"metric": self.volume, "value": [1763740800, "0.99"]}] if full else []
                return _prometheus({"resultType": "vector", "result": series})
            case "/api/v1/status/buildinfo":
                return _prometheus({"version": self.version})
        return web.Response(status=404)


def _prometheus(data: Any) -> web.Response:
    return json_response({"status": "success", "data": data})


@dataclass(frozen=True)
class Planted:
    """A system with a hostile text: its server, and its subentry, whose title is what people call it."""

    server: AppServer | ApiServer | OllamaServer | GitHub
    kind: str
    words: str
    data: Mapping[str, Any] = field(default_factory=dict)

    def settings(self) -> ConfigSubentryData:
        """Return its settings; the address is known once the server runs."""
        match self.server:
            case ApiServer() as server:
                return kubernetes(server)
            case GitHub() as server:
                return monitor_subentry(self.kind, f"{server.url}/home/k8s", self.words, **self.data)
            case OllamaServer() as server:
                return hub_subentry(server.url, self.words)
            case server:
                return monitor_subentry(self.kind, server.url, self.words, **self.data)


type Channel = Callable[[str], Planted]


def _alertmanager(labels: Mapping[str, str], annotations: Mapping[str, str]) -> Planted:
    server = Alarm(labels, annotations)
    return Planted(server, "alertmanager", "Alerts")


def _prometheus_with(
    labels: Mapping[str, str], annotations: Mapping[str, str], volume: Mapping[str, str] | None = None
) -> Planted:
    server = Alarm(labels, annotations, volume)
    return Planted(server, "prometheus", "Metrics")


def _cluster(*objects: Any) -> Planted:
    server = ApiServer(systems=("k8sgpt", "flux", "argocd"))
    server.load(objects)
    return Planted(server, "kubernetes", "Cluster")


def _finding(text: str = "Back-off restarting failed container", **changes: Any) -> dict[str, Any]:
    found = result("Pod", POD, [text], details=changes.pop("details", ""))
    found["spec"] |= changes
    return found


def _version(text: str) -> Planted:
    server = Alarm({}, {})
    server.version = text
    return Planted(server, "alertmanager", "Alerts")


def _waiting(text: str) -> Planted:
    """Return a cluster with a pod whose container waits for what the text says, as its runtime words it."""
    waits = pod(POD.split("/")[1], namespace="paperless")
    waits["status"]["containerStatuses"][0] |= {
        "state": {"waiting": {"reason": text, "message": text}},
        "lastState": {"terminated": {"exitCode": 1, "reason": text, "message": text}},
        "restartCount": 40,
    }
    return _cluster(_finding(), waits)


def _event(text: str) -> Planted:
    namespace, name = POD.split("/")
    return _cluster(_finding(), event("Pod", name, "BackOff", text, namespace=namespace))


def _ollama_error(text: str) -> Planted:
    server = OllamaServer(timing=Timing.instant())
    server.inject(Fault.status(500, {"error": text}, times=None))
    return Planted(server, "hub", STANDBY)


def _open_webui(text: str) -> Planted:
    server = OpenWebUIServer(version=text, models=())
    return Planted(server, "open_webui", "Open WebUI", {"api_key": OPEN_WEBUI_KEY})


def _app_error(kind: str, title: str) -> Channel:
    def plant(text: str) -> Planted:
        server = WebPage(text, status=500, content_type="text/plain")
        return Planted(server, kind, title)

    return plant


def _paperless_health(text: str) -> Planted:
    server = PaperlessAIServer()
    body = {"status": "error", "message": text}
    server.faults.status(
        500, web.json_response(body).text or "", content_type="application/json", path="/health"
    )
    return Planted(server, "paperless_ai", "Paperless-AI")


def _paperless_title(text: str) -> Planted:
    server = PaperlessAIServer()
    server.processing = Document(1, text)
    server.last_processed = Document(2, text)
    return Planted(server, "paperless_ai", "Paperless-AI", {"api_key": server.api_key})


def _pull_request(title: str, check: str = "flate", **more: Any) -> Planted:
    """Return a repository with a pull request whose checks fail."""
    server = GitHub()
    made = server.add(Repository("home/k8s", {"README.md": "x"}))
    made.rules = [{"type": "pull_request", "parameters": {"required_approving_review_count": 1}}]
    opened = made.open(title, **{"head": "renovate/x", **more})
    made.checks[opened.head_sha] = [{"name": check, "status": "completed", "conclusion": "failure"}]
    return Planted(server, "forge", "Repository", {"token": server.token("ha-bot", WRITE)})


_OURS = {"head": "homelab-ai/enable-x", "body": "<!-- homelab_ai:0a1b2c3d -->", "author": "ha-bot"}


CHANNELS: dict[str, Channel] = {
    "k8sgpt-error": lambda text: _cluster(_finding(text)),
    "k8sgpt-explanation": lambda text: _cluster(_finding(details=text)),
    "k8sgpt-name": lambda text: _cluster(_finding(name=text)),
    "k8sgpt-kind": lambda text: _cluster(_finding(kind=text)),
    "event-message": _event,
    "event-reason": lambda text: _cluster(
        _finding(), event("Pod", POD.split("/")[1], text, "Back-off", namespace="paperless")
    ),
    "flux-message": lambda text: _cluster(kustomization("paperless", state="failed", message=text)),
    "flux-path": lambda text: _cluster(kustomization("paperless", state="failed", message="no", path=text)),
    "argocd-message": lambda text: _cluster(application("paperless", health="Degraded", message=text)),
    "argocd-condition": lambda text: _cluster(
        application("paperless", health="Degraded", conditions=[("SyncError", text)])
    ),
    "pod-waiting": _waiting,
    "alert-name": lambda text: _alertmanager({"alertname": text}, {}),
    "alert-summary": lambda text: _alertmanager({}, {"summary": text}),
    "alert-description": lambda text: _alertmanager({}, {"description": text}),
    "alert-runbook": lambda text: _alertmanager({}, {"runbook_url": text}),
    "alert-other-annotation": lambda text: _alertmanager({}, {"dashboard": text}),
    "alert-pod-label": lambda text: _alertmanager({"pod": text, "namespace": text}, {}),
    "alert-other-label": lambda text: _alertmanager({"team": text}, {}),
    "alert-severity": lambda text: _alertmanager({"severity": text}, {}),
    "alertmanager-version": _version,
    "prometheus-summary": lambda text: _prometheus_with({}, {"summary": text}),
    "prometheus-label": lambda text: _prometheus_with({"instance": text}, {}),
    "prometheus-series": lambda text: _prometheus_with(
        {}, {}, {"namespace": text, "persistentvolumeclaim": text}
    ),
    "ollama-error": _ollama_error,
    "open-webui-version": _open_webui,
    "open-webui-error": _app_error("open_webui", "Open WebUI"),
    "librechat-error": _app_error("librechat", "LibreChat"),
    "paperless-health": _paperless_health,
    "paperless-title": _paperless_title,
    "pull-request-title": _pull_request,
    "pull-request-check": lambda text: _pull_request("Update x", text),
    "pull-request-branch": lambda text: _pull_request("Update x", head=f"renovate/{text}"),
    "pull-request-body": lambda text: _pull_request("Update x", body=text),
    "pull-request-author": lambda text: _pull_request("Update x", author=text),
    "proposal-title": lambda text: _pull_request(text, **_OURS),
    "proposal-check": lambda text: _pull_request("Enable x", text, **_OURS),
    "web-page": _app_error("web", "Router"),
}
# What these say reaches no model at all: it is not kept.
SILENT = {
    "pull-request-branch",
    "pull-request-body",
    "pull-request-author",
    "librechat-error",
    "paperless-title",
    "web-page",
}


@dataclass
class House:
    """The house that is attacked."""

    hub: OllamaServer
    mind: Obedient
    entry: MockConfigEntry

    @property
    def problems(self) -> tuple[Problem, ...]:
        """All problems, consequences among them."""
        health = self.entry.runtime_data.health.data
        return (*health.problems, *(one for group in health.consequences.values() for one in group))


@asynccontextmanager
async def attacked(hass: HomeAssistant, planted: Planted | None, *models: str) -> AsyncGenerator[House]:
    """Set up the house with a system, and with models of these names loaded on its hub."""
    async with AsyncExitStack() as stack:
        hub = await stack.enter_async_context(OllamaServer(timing=Timing.instant()))
        for name in models:
            hub.install(Model(name=name, size=1_000_000))
            await hub.load(name)
        mind = Obedient(planted.words if planted else "GPU")
        hub.hub.mind = mind
        systems = []
        if planted is not None:
            await stack.enter_async_context(planted.server)
            systems.append(planted.settings())
        await furnish(hass)
        agent = conversation_subentry(num_ctx=32_768, prewarm=False, facts_first=False)
        task = ai_task_subentry(num_ctx=32_768)
        entry = await set_up(hass, homelab_entry(hub.url, agent, task, *systems))
        try:
            yield House(hub, mind, entry)
        finally:
            await hass.config_entries.async_unload(entry.entry_id)
            await hass.async_block_till_done()
