"""The calls: everything that a client asks of another system."""

import annotationlib
from collections.abc import AsyncIterable, Awaitable, Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
import importlib
import inspect
import pkgutil
import ssl

import aiohttp
import httpx

from custom_components.homelab_ai import api
from custom_components.homelab_ai.api.alertmanager import AlertmanagerClient
from custom_components.homelab_ai.api.answers import Line, Text, Whole
from custom_components.homelab_ai.api.chat import ChatRequest, Message
from custom_components.homelab_ai.api.exposure import answers_anybody
from custom_components.homelab_ai.api.forge.address import find_forge
from custom_components.homelab_ai.api.forge.change import Create
from custom_components.homelab_ai.api.forge.forge import Forge
from custom_components.homelab_ai.api.forge.gitea import GiteaForge
from custom_components.homelab_ai.api.forge.github import GitHubForge
from custom_components.homelab_ai.api.forge.gitlab import GitLabForge
from custom_components.homelab_ai.api.forge.pull_request import Branch, Proposal, PullRequest, State
from custom_components.homelab_ai.api.http import Connection
from custom_components.homelab_ai.api.kubernetes import KubernetesClient
from custom_components.homelab_ai.api.kubernetes.client import version_of
from custom_components.homelab_ai.api.kubernetes.core import PODS
from custom_components.homelab_ai.api.kubernetes.history import Reference, events_of, look_up
from custom_components.homelab_ai.api.kubernetes.openapi import Schemas
from custom_components.homelab_ai.api.kubernetes.requests import dry_run, look_now
from custom_components.homelab_ai.api.kubernetes.watch import Groups, Timing, Watched
from custom_components.homelab_ai.api.librechat import LibreChatClient
from custom_components.homelab_ai.api.ollama import OllamaClient
from custom_components.homelab_ai.api.open_webui import OpenWebUIClient
from custom_components.homelab_ai.api.paperless_ai import PaperlessAIClient
from custom_components.homelab_ai.api.prometheus import PrometheusClient
from custom_components.homelab_ai.api.recognition import system_at
from custom_components.homelab_ai.api.registry import RegistryClient
from custom_components.homelab_ai.api.web import WebClient

type Call = Callable[[], Awaitable[object]]

SECRET = "sk-of-ours-0123456789"


async def _all(items: AsyncIterable[object]) -> list[object]:
    return [item async for item in items]


async def _only_ends(answer: Awaitable[object]) -> None:
    """Ask for an object of which nothing is read."""
    await answer


def calls(session: aiohttp.ClientSession, url: str, tls: ssl.SSLContext) -> Mapping[str, Call]:
    """Return every call to a system at this address, by its class and method, or its module and function."""
    connection = Connection(url, {"Authorization": f"Bearer {SECRET}"}, tls)
    open_to_all = Connection(url, {}, tls)
    repository = replace(connection, url=f"{url}/home/k8s")
    own = {
        **_ollama(OllamaClient(session, connection)),
        **_registry(RegistryClient(session, url, url, url)),
        **_alertmanager(AlertmanagerClient(session, connection)),
        **_prometheus(PrometheusClient(session, connection)),
        **_kubernetes(KubernetesClient(session, open_to_all, SECRET)),
        **_web(WebClient(session, connection), WebClient(session, _encrypted(connection))),
        "OpenWebUIClient.status": OpenWebUIClient(session, open_to_all, SECRET).status,
        "LibreChatClient.status": LibreChatClient(
            session, open_to_all, Connection(f"{url}/metrics", {}, tls)
        ).status,
        "PaperlessAIClient.status": PaperlessAIClient(session, open_to_all, SECRET).status,
        "exposure.answers_anybody": lambda: answers_anybody(session, connection),
        "recognition.system_at": lambda: system_at(session, connection),
        "forge.address.find_forge": lambda: find_forge(session, repository),
    }
    forges = (GiteaForge, GitHubForge, GitLabForge)
    of_forges = {
        f"{kind.__name__}.{name}": call
        for kind in forges
        for name, call in _forge(kind(session, connection, url, "home/k8s")).items()
    }
    return own | of_forges


def _encrypted(connection: Connection) -> Connection:
    return replace(connection, url=connection.url.replace("http://", "https://", 1))


def _ollama(client: OllamaClient) -> Mapping[str, Call]:
    async def chat() -> object:
        async with client.chat(ChatRequest("m", [Message("user", "x")])) as chunks:
            return await _all(chunks)

    return {
        "OllamaClient.version": client.version,
        "OllamaClient.identify": client.identify,
        "OllamaClient.installed": client.installed,
        "OllamaClient.loaded": client.loaded,
        "OllamaClient.details": lambda: client.details("m"),
        "OllamaClient.answers_anybody": client.answers_anybody,
        "OllamaClient.chat": chat,
        "OllamaClient.pull": lambda: _all(client.pull("m")),
        "OllamaClient.load": lambda: client.load("m", 10, 10),
        "OllamaClient.unload": lambda: client.unload("m"),
        "OllamaClient.delete": lambda: client.delete("m"),
        "OllamaClient.copy": lambda: client.copy("m", "n"),
    }


def _registry(client: RegistryClient) -> Mapping[str, Call]:
    return {
        "RegistryClient.upstream": lambda: client.upstream("a"),
        "RegistryClient.size": lambda: client.size("a"),
        "RegistryClient.latest_server": client.latest_server,
    }


def _alertmanager(client: AlertmanagerClient) -> Mapping[str, Call]:
    return {
        "AlertmanagerClient.alerts": client.alerts,
        "AlertmanagerClient.version": client.version,
        "AlertmanagerClient.labels": lambda: client.labels("0" * 16),
        "AlertmanagerClient.muted": client.muted,
        "AlertmanagerClient.silence": lambda: client.silence(
            {"a": "b"}, timedelta(hours=1), comment="c", created_by="d"
        ),
    }


def _prometheus(client: PrometheusClient) -> Mapping[str, Call]:
    return {
        "PrometheusClient.query": lambda: client.query("up"),
        "PrometheusClient.firing": client.firing,
        "PrometheusClient.version": client.version,
        "PrometheusClient.alertmanagers": client.alertmanagers,
    }


def _web(client: WebClient, encrypted: WebClient) -> Mapping[str, Call]:
    return {"WebClient.page": client.page, "WebClient.certificate_expires": encrypted.certificate_expires}


def _forge(forge: Forge) -> Mapping[str, Call]:
    sha = Text("0" * 40)
    base = Branch(Text("main"), sha, Text(""))
    seen = PullRequest(
        number=Whole(1),
        title=Line(Text("x")),
        url=Text(""),
        state=State.OPEN,
        draft=True,
        author=Line(Text("x")),
        head=Text("homelab-ai/x1"),
        base=Text("main"),
        head_sha=sha,
    )
    proposal = Proposal("0" * 8, "homelab-ai/x1", "main", "x", "x", ("a",))
    return {
        "repository": forge.repository,
        "rights": lambda: forge.rights("main"),
        "branch": lambda: forge.branch("main"),
        "tree": lambda: forge.tree(sha, ("kubernetes", "apps")),
        "read": lambda: forge.read("a.yaml", sha),
        "pull_requests": forge.pull_requests,
        "pull_request": lambda: forge.pull_request(1),
        "of_branch": lambda: forge.of_branch("homelab-ai/x1", "main"),
        "verdict": lambda: forge.verdict(seen),
        "changed_files": lambda: forge.changed_files(1),
        "diff": lambda: forge.diff(1),
        "commit": lambda: forge.commit("homelab-ai/x1", base, "x", [Create("a.yaml", "x")], ("",)),
        "open_draft": lambda: forge.open_draft(proposal),
        "withdraw": lambda: forge.withdraw(1),
        "delete_branch": lambda: forge.delete_branch("homelab-ai/x1"),
        # What those come to once the forge has said the right things before.
        "_commit": lambda: forge._commit("homelab-ai/x1", base, "x", [Create("a.yaml", "x")]),
        "_open": lambda: forge._open(proposal, "x", "x"),
        "_close": lambda: forge._close(1),
        "_delete_branch": lambda: forge._delete_branch("homelab-ai/x1"),
    }


def _kubernetes(client: KubernetesClient) -> Mapping[str, Call]:
    pod = Reference("Pod", "media", "jellyfin-0")
    schemas, apps = Schemas(client), "/apis/apps/v1/deployments"
    return {
        "KubernetesClient.version": client.version,
        "KubernetesClient.look": client.look,
        "KubernetesClient.ready": client.ready,
        "KubernetesClient.discover": client.discover,
        "KubernetesClient.read": lambda: client.read("/api/v1/pods", version_of, {"limit": "1"}),
        "KubernetesClient.list": lambda: _all(client.list("/api/v1/pods")),
        "KubernetesClient.watch": lambda: _all(client.watch("/api/v1/pods", "1", 0.5)),
        "KubernetesClient.parsed": lambda: client.parsed("/openapi/v3", version_of),
        "KubernetesClient.send": lambda: _only_ends(
            client.send("PATCH", f"{apps}/web", {}, "application/json")
        ),
        "Schemas.of": lambda: schemas.of("apps/v1", "Deployment"),
        "Schemas.served": lambda: schemas.served("apps/v1", "Deployment"),
        "Watched.refresh": Watched(client, Groups(), PODS, lambda pod: pod, Timing()).refresh,
        "kubernetes.requests.look_now": lambda: look_now(client, apps, "media", "web", datetime.now(UTC)),
        "kubernetes.requests.dry_run": lambda: dry_run(client, apps, "media", "web", {"kind": "Deployment"}),
        "kubernetes.history.look_up": lambda: look_up(client, pod),
        "kubernetes.history.events_of": lambda: events_of(client, pod),
    }


# What asks nothing, and what goes on for ever, by calls of the above.
NO_CALLS = frozenset(("OllamaClient.close", "Watched.follow"))


def asked() -> Iterator[str]:
    """Yield all that the package asks of other systems: what its clients and forges can be awaited for."""
    for info in pkgutil.walk_packages(api.__path__, f"{api.__name__}."):
        module = importlib.import_module(info.name)
        short = info.name.removeprefix(f"{api.__name__}.")
        for name, value in vars(module).items():
            if getattr(value, "__module__", "") != info.name or name.startswith("_"):
                continue
            if inspect.isclass(value) and _asks(value):
                yield from (f"{name}.{method}" for method in dir(value) if _is_call(value, method))
            elif inspect.iscoroutinefunction(value) and _CONNECTED & _annotations(value):
                yield f"{short}.{name}"


_CONNECTED = frozenset(("aiohttp.ClientSession", "ClientSession", "KubernetesClient"))
"""What a function takes that asks by itself."""
_PRIMITIVES = frozenset(
    ("http.fetch", "http.send", *(f"Api.{verb}" for verb in ("get", "find", "items", "write", "probe")))
)
"""What all calls are made of."""


def _annotations(function: Callable[..., object]) -> set[str]:
    hints = inspect.get_annotations(function, format=annotationlib.Format.STRING)
    return {str(hint) for name, hint in hints.items() if name != "return"}


def _asks(kind: type) -> bool:
    is_client = kind.__name__.endswith("Client") or bool(
        _CONNECTED & _annotations(inspect.getattr_static(kind, "__init__"))
    )
    return is_client and not inspect.isabstract(kind) and not issubclass(kind, httpx.AsyncBaseTransport)


def _is_call(kind: type, name: str) -> bool:
    method = inspect.unwrap(getattr(kind, name)) if callable(getattr(kind, name)) else None
    is_awaited = inspect.iscoroutinefunction(method) or inspect.isasyncgenfunction(method)
    return is_awaited and not name.startswith("_")


EVERY = frozenset(asked()) - NO_CALLS - _PRIMITIVES
