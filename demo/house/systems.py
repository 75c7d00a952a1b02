"""The systems of the simulated homelab as a person enters them into the integration's dialogs."""

from collections.abc import Iterator
from dataclasses import dataclass

from demo.servers.apps.open_webui import KEY as OPEN_WEBUI_KEY
from demo.servers.apps.paperless_ai import KEY as PAPERLESS_AI_KEY
from demo.servers.forge.homelab import NAME, PATHS
from demo.servers.kubernetes import TOKEN

from . import flow
from .client import Client, Json
from .configuration import EXAMPLES
from .lab import Lab
from .phrases import Phrases

_SUBENTRIES = "/api/config/config_entries/subentries/flow"
KUBERNETES, PROMETHEUS, ALERTMANAGER = "Kubernetes", "Prometheus", "Alertmanager"
OPEN_WEBUI, LIBRECHAT, PAPERLESS_AI = "Open WebUI", "LibreChat", "Paperless-AI"
VAULTWARDEN = "Vaultwarden"
RACK = "Rack"
REPOSITORY = "Git"
_HUB = "hub"


@dataclass(frozen=True, slots=True)
class System:
    """One system, or a standby hub: its kind, what it is called, where it is, what else the form asks.

    What is within Home Assistant itself has no `url`.
    """

    kind: str
    name: str
    url: str
    fields: Json

    @property
    def form(self) -> Json:
        """The filled form."""
        return {"name": self.name, **({"url": self.url} if self.url else {}), **self.fields}


def systems(lab: Lab, phrases: Phrases) -> Iterator[System]:
    """Yield all that are there in this run."""
    yield System(
        "kubernetes",
        KUBERNETES,
        lab.api.url,
        {
            "token": TOKEN,
            "ca_certificate": lab.certificates.ca,
            "verify_ssl": True,
            "rpo_hours": 24,
            "max_restarts": 5,
        },
    )
    if lab.prometheus and lab.alertmanager:
        queries = list(_queries(lab, phrases))
        yield System("prometheus", PROMETHEUS, lab.prometheus.url, {"verify_ssl": True, "queries": queries})
        ignored = ["Watchdog", "InfoInhibitor"]
        yield System(
            "alertmanager", ALERTMANAGER, lab.alertmanager.url, {"verify_ssl": True, "ignored": ignored}
        )
    yield System(
        "open_webui", OPEN_WEBUI, lab.open_webui.url, {"api_key": OPEN_WEBUI_KEY, "verify_ssl": True}
    )
    metrics = f"{lab.librechat_metrics.url}/metrics"
    yield System("librechat", LIBRECHAT, lab.librechat.url, {"metrics_url": metrics, "verify_ssl": True})
    paperless = {
        "api_key": PAPERLESS_AI_KEY,
        "verify_ssl": True,
        "overdue_hours": 2,
        "paperless_url": lab.paperless.url,
    }
    yield System("paperless_ai", PAPERLESS_AI, lab.paperless_ai.url, paperless)
    page = {
        "verify_ssl": True,
        "expected_status": 200,
        "contains": "Vaultwarden",
        "certificate_days": 14,
        "advanced": {"ca_certificate": lab.certificates.ca},
    }
    yield System("web", VAULTWARDEN, lab.vaultwarden.url, page)
    entities = [f"sensor.{key}" for key in EXAMPLES]
    yield System("entities", RACK, "", {"entities": entities, "patience": 5})
    forge = {"token": lab.forge_token, "paths": PATHS, "verify_ssl": True}
    yield System("forge", REPOSITORY, f"{(lab.gitea or lab.forge).url}/{NAME}", forge)
    if lab.standby:
        yield System(_HUB, phrases.standby, lab.standby.url, {"verify_ssl": True, "advanced": {}})


def _queries(lab: Lab, phrases: Phrases) -> Iterator[Json]:
    fullest = "100 * max(kubelet_volume_stats_used_bytes / kubelet_volume_stats_capacity_bytes)"
    yield {"name": phrases.fullest_volume, "query": fullest, "unit": "%", "above": 90}
    if lab.gpu:
        temperature = "max(nvidia_smi_temperature_gpu)"
        yield {"name": phrases.gpu_temperature, "query": temperature, "unit": "°C", "above": 85}


async def add(client: Client, entry_id: str, system: System) -> None:
    """Go through the dialog of one system; raises DemoError with what it objected to."""
    answers: dict[str, flow.Answer] = {
        "user": lambda _: {"next_step_id": system.kind},
        system.kind: lambda _: system.form,
        # What could be measured as well; the house has its own queries.
        "presets": lambda _: {},
    }
    handler = "system"
    if system.kind == _HUB:
        answers, handler = {"user": lambda _: system.form}, _HUB
    await flow.completed(client, _SUBENTRIES, [entry_id, handler], answers, lambda *_: None)
