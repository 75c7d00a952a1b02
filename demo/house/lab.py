"""The simulated homelab: every system that the integration knows, each on a port of its own."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta

from demo.servers.apps.librechat import LibreChatExporter, LibreChatServer
from demo.servers.apps.open_webui import OpenWebUIServer
from demo.servers.apps.paperless_ai import PaperlessAIServer
from demo.servers.apps.web_page import WebPage
from demo.servers.certificates import Certificates, make_certificates
from demo.servers.exporters import GIB, K8sgptExporter, KubeletExporter, NvidiaGpuExporter
from demo.servers.forge.gitea import Gitea, GiteaError, home
from demo.servers.forge.github import WRITE, GitHub
from demo.servers.forge.homelab import BOT, NAME, files, fill, repository
from demo.servers.http_server import HttpServer
from demo.servers.kubernetes import READ_ONLY, RECONCILE, ApiServer, HomelabCluster, homelab_cluster
from demo.servers.kubernetes.delivery import Flux
from demo.servers.kubernetes.homelab import APPS
from demo.servers.ollama import OllamaServer, Timing
from demo.servers.prometheus import (
    Alertmanager,
    BinariesMissingError,
    Prometheus,
    ServiceError,
    find,
    install,
)

from .console import Console
from .errors import DemoError
from .memory import Memory
from .options import LOOPBACK, Options

GPU_MEMORY = 16  # GiB, of the simulated hub


@dataclass(slots=True)
class Lab:
    """The systems. Beside somebody's own hub there is no simulated one, and nothing that measures its GPU.

    Prometheus, Alertmanager and Gitea are the real ones, None where they cannot be had.
    """

    certificates: Certificates
    hub: OllamaServer | None
    standby: OllamaServer | None
    api: ApiServer
    cluster: HomelabCluster
    flux: Flux
    open_webui: OpenWebUIServer
    librechat: LibreChatServer
    librechat_metrics: LibreChatExporter
    paperless_ai: PaperlessAIServer
    paperless: WebPage
    vaultwarden: WebPage
    k8sgpt: K8sgptExporter
    kubelet: KubeletExporter
    gpu: NvidiaGpuExporter | None
    forge: GitHub
    forge_token: str
    gitea: Gitea | None = None
    """A real one in place of the simulated forge, where it was built."""
    alertmanager: Alertmanager | None = None
    prometheus: Prometheus | None = None

    async def merged(self) -> tuple[dict[str, str], str]:
        """The files on the base branch of the repository, and its newest commit."""
        if self.gitea is not None:
            return await asyncio.to_thread(self.gitea.files, NAME)
        kept = self.forge.repositories[NAME]
        found = kept.files("main") or {}
        return {path: kept.blobs[sha].decode() for path, (_, sha) in found.items()}, kept.branches["main"]

    @property
    def untold(self) -> dict[str, object]:
        """What no system can tell of the hub, as options of the integration."""
        is_measured = self.hub is None or self.prometheus is not None
        return {} if is_measured else {"vram_total": GPU_MEMORY}

    @property
    def ports(self) -> dict[str, int]:
        """Where each system listens, by name."""
        return {name: server.port for name, server in self.servers()}

    def servers(self) -> Iterator[tuple[str, HttpServer | Alertmanager | Prometheus]]:
        """Yield the systems that there are, by name."""
        for one in fields(self):
            value = getattr(self, one.name)
            if isinstance(value, HttpServer | Alertmanager | Prometheus):
                yield one.name, value


@asynccontextmanager
async def opened(options: Options, console: Console, memory: Memory) -> AsyncIterator[Lab]:
    """The homelab, running; with the ports and certificates that the memory has."""
    certificates = memory.certificates
    if certificates is None:
        certificates = await asyncio.to_thread(make_certificates)
    lab = _planned(options, certificates)
    async with AsyncExitStack() as stack:
        for name, server in list(lab.servers()):
            await _started(stack, name, server, memory)
        await _measured(stack, lab, console, memory)
        await _forged(stack, lab, console, memory)
        yield lab


def _planned(options: Options, certificates: Certificates) -> Lab:
    """The systems as they are on a good day, not started yet."""
    tls = certificates.server_context()
    api = ApiServer(ssl_context=tls, rbac=(*READ_ONLY, *RECONCILE))
    cluster, forge = homelab_cluster(api), GitHub()
    lab = Lab(
        certificates=certificates,
        hub=None if options.hub else _hub(options),
        standby=None if options.hub else OllamaServer(timing=Timing.realistic()),
        api=api,
        cluster=cluster,
        flux=Flux(api, cluster.others),
        open_webui=OpenWebUIServer(),
        librechat=LibreChatServer(),
        librechat_metrics=LibreChatExporter(),
        paperless_ai=PaperlessAIServer("zettelrobbe"),
        paperless=WebPage("<title>Paperless-ngx</title>"),
        vaultwarden=WebPage("<title>Vaultwarden Web</title>", ssl_context=tls),
        k8sgpt=K8sgptExporter(),
        kubelet=KubeletExporter(),
        gpu=None if options.hub else NvidiaGpuExporter(total=GPU_MEMORY * GIB),
        forge=forge,
        forge_token=forge.token(BOT, WRITE),
    )
    kept = forge.add(repository())
    lab.flux.deliver(files(), kept.branches["main"])
    lab.paperless_ai.finish(1204, "Stromrechnung 2026-10", datetime.now(UTC) - timedelta(minutes=12))
    lab.paperless_ai.scan()
    lab.k8sgpt.analysed()
    for number, app in enumerate(app for app in APPS if app.volume):
        lab.kubelet.volume(
            app.namespace, f"{app.name}-data", capacity=20 * GIB, used=(4 + 1.5 * number) * GIB
        )
    return lab


def _hub(options: Options) -> OllamaServer:
    return OllamaServer(
        timing=Timing.realistic(), vram=GPU_MEMORY * GIB, api_key=options.api_key, host=LOOPBACK
    )


async def _started(
    stack: AsyncExitStack, name: str, server: HttpServer | Alertmanager | Prometheus, memory: Memory
) -> None:
    server.port = memory.ports.get(name, 0)
    try:
        await server.start()
    except OSError as err:
        raise DemoError(f"The simulated system {name} cannot listen on port {server.port}: {err}") from err
    stack.push_async_callback(server.stop)


async def _forged(stack: AsyncExitStack, lab: Lab, console: Console, memory: Memory) -> None:
    """Start a real Gitea where it was built; where not, the simulated forge is there."""
    if home() is None:
        console.note("no Gitea was built (scripts/gitea): a simulated GitHub takes its place")
        return
    gitea = Gitea(port=memory.ports.get("gitea", 0))
    stack.push_async_callback(asyncio.to_thread, gitea.stop)
    try:
        await asyncio.to_thread(gitea.start)
        token = await asyncio.to_thread(fill, gitea)
    except GiteaError as err:
        console.warning(f"Gitea is left out: {err}")
        return
    lab.gitea, lab.forge_token = gitea, token


async def _measured(stack: AsyncExitStack, lab: Lab, console: Console, memory: Memory) -> None:
    """Start Prometheus and Alertmanager; without them the rest is still worth seeing."""
    try:
        if find() is None:
            console.note("unpacking Prometheus and Alertmanager")
            await asyncio.to_thread(install)
        alertmanager = Alertmanager()
        await _started(stack, "alertmanager", alertmanager, memory)
        exporters = {"k8sgpt": lab.k8sgpt, "kubelet": lab.kubelet}
        if lab.gpu is not None:
            exporters["gpu"] = lab.gpu
        prometheus = Prometheus(exporters, alertmanager_url=alertmanager.url)
        await _started(stack, "prometheus", prometheus, memory)
    except (BinariesMissingError, ServiceError) as err:
        console.warning(f"Prometheus and Alertmanager are left out: {err}")
        return
    lab.alertmanager, lab.prometheus = alertmanager, prometheus
