"""The calls: everything that a client asks of another system."""

from collections.abc import AsyncIterable, Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import timedelta
import ssl

import aiohttp

from custom_components.homelab_ai.api.alertmanager import AlertmanagerClient
from custom_components.homelab_ai.api.answers import Line, Text, Whole
from custom_components.homelab_ai.api.chat import ChatRequest, Message
from custom_components.homelab_ai.api.forge.address import find_forge
from custom_components.homelab_ai.api.forge.change import Create
from custom_components.homelab_ai.api.forge.forge import Forge
from custom_components.homelab_ai.api.forge.gitea import GiteaForge
from custom_components.homelab_ai.api.forge.github import GitHubForge
from custom_components.homelab_ai.api.forge.gitlab import GitLabForge
from custom_components.homelab_ai.api.forge.pull_request import Branch, Proposal, PullRequest, State
from custom_components.homelab_ai.api.http import Connection
from custom_components.homelab_ai.api.kubernetes import KubernetesClient
from custom_components.homelab_ai.api.librechat import LibreChatClient
from custom_components.homelab_ai.api.ollama import OllamaClient
from custom_components.homelab_ai.api.open_webui import OpenWebUIClient
from custom_components.homelab_ai.api.paperless_ai import PaperlessAIClient
from custom_components.homelab_ai.api.prometheus import PrometheusClient
from custom_components.homelab_ai.api.registry import RegistryClient
from custom_components.homelab_ai.api.web import WebClient

type Call = Callable[[], Awaitable[object]]

SECRET = "sk-of-ours-0123456789"


async def _all(items: AsyncIterable[object]) -> list[object]:
    return [item async for item in items]


def calls(session: aiohttp.ClientSession, url: str, tls: ssl.SSLContext) -> Mapping[str, Call]:
    """Return every call to a system at this address."""
    connection = Connection(url, {"Authorization": f"Bearer {SECRET}"}, tls)
    return {
        **_ollama(OllamaClient(session, connection)),
        **_registry(RegistryClient(session, url, url, url)),
        **_alertmanager(AlertmanagerClient(session, connection)),
        **_prometheus(PrometheusClient(session, connection)),
        **{
            f"{kind.__name__}.{name}": call
            for kind in (GiteaForge, GitHubForge, GitLabForge)
            for name, call in _forge(kind(session, connection, url, "home/k8s")).items()
        },
        "forge.found": lambda: find_forge(session, replace(connection, url=f"{url}/home/k8s")),
        **_kubernetes(KubernetesClient(session, Connection(url, {}, tls), SECRET)),
        "open_webui": OpenWebUIClient(session, Connection(url, {}, tls), SECRET).status,
        "librechat": LibreChatClient(
            session, Connection(url, {}, tls), Connection(f"{url}/metrics", {}, tls)
        ).status,
        "paperless_ai": PaperlessAIClient(session, Connection(url, {}, tls), SECRET).status,
        "web": WebClient(session, connection).page,
    }


def _ollama(client: OllamaClient) -> Mapping[str, Call]:
    async def chat() -> object:
        async with client.chat(ChatRequest("m", [Message("user", "x")])) as chunks:
            return await _all(chunks)

    return {
        "ollama.version": client.version,
        "ollama.identify": client.identify,
        "ollama.installed": client.installed,
        "ollama.loaded": client.loaded,
        "ollama.details": lambda: client.details("m"),
        "ollama.chat": chat,
        "ollama.pull": lambda: _all(client.pull("m")),
        "ollama.load": lambda: client.load("m", 10, 10),
        "ollama.delete": lambda: client.delete("m"),
        "ollama.copy": lambda: client.copy("m", "n"),
    }


def _registry(client: RegistryClient) -> Mapping[str, Call]:
    return {
        "registry.upstream": lambda: client.upstream("a"),
        "registry.size": lambda: client.size("a"),
        "registry.server": client.latest_server,
    }


def _alertmanager(client: AlertmanagerClient) -> Mapping[str, Call]:
    return {
        "alertmanager.alerts": client.alerts,
        "alertmanager.version": client.version,
        "alertmanager.silence": lambda: client.silence(
            {"a": "b"}, timedelta(hours=1), comment="c", created_by="d"
        ),
    }


def _prometheus(client: PrometheusClient) -> Mapping[str, Call]:
    return {
        "prometheus.query": lambda: client.query("up"),
        "prometheus.firing": client.firing,
        "prometheus.version": client.version,
    }


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
    return {
        "repository": forge.repository,
        "rights": lambda: forge.rights("main"),
        "branch": lambda: forge.branch("main"),
        "tree": lambda: forge.tree(sha, ("kubernetes", "apps")),
        "read": lambda: forge.read("a.yaml", sha),
        "pull_requests": forge.pull_requests,
        "verdict": lambda: forge.verdict(seen),
        "changed_files": lambda: forge.changed_files(1),
        "diff": lambda: forge.diff(1),
        "commit": lambda: forge.commit("homelab-ai/x1", base, "x", [Create("a.yaml", "x")], ("",)),
        "_commit": lambda: forge._commit("homelab-ai/x1", base, "x", [Create("a.yaml", "x")]),
        "_open": lambda: forge._open(Proposal("0" * 8, "homelab-ai/x1", "main", "x", "x", ("a",)), "x", "x"),
        "withdraw": lambda: forge.withdraw(1),
    }


def _kubernetes(client: KubernetesClient) -> Mapping[str, Call]:
    return {
        "kubernetes.version": client.version,
        "kubernetes.discover": client.discover,
        "kubernetes.list": lambda: _all(client.list("/api/v1/pods")),
        "kubernetes.watch": lambda: _all(client.watch("/api/v1/pods", "1", 0.5)),
    }
