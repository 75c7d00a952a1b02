"""The cluster of a homelab: a dozen namespaces under GitOps, backed up, on replicated storage.

Healthy at first; what goes wrong is told by every system that would notice.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from . import objects as make
from .objects.core import PodState
from .objects.parts import ago
from .operator import Finding, Operator
from .server import ApiServer
from .wire import Object

NODES = ("pve-control-1", "pve-worker-1", "pve-worker-2")
ADDRESSES = dict(zip(NODES, ("192.168.178.31", "192.168.178.32", "192.168.178.33"), strict=True))
INFRASTRUCTURE = (
    "kube-system",
    "flux-system",
    "argocd",
    "k8up-system",
    "longhorn-system",
    "cert-manager",
    "monitoring",
    "k8sgpt-operator-system",
    "home-assistant-monitor",
)


@dataclass(frozen=True, slots=True)
class App:
    """An app: one deployment, and a volume that is backed up if it has data."""

    name: str
    namespace: str
    image: str
    deployed_by: str = "flux"
    volume: str = ""

    @property
    def pod(self) -> str:
        """The name of its pod, as its replica set makes it up."""
        return f"{self.replica_set}-x2x4q"

    @property
    def claim(self) -> str:
        """The name of the claim that it stores in, empty where it has no data."""
        return f"{self.name}-data" if self.volume else ""

    @property
    def replica_set(self) -> str:
        """The name of its replica set: that of the deployment, and a hash of the template."""
        return f"{self.name}-7d9f8b6c5d"


APPS = (
    App("open-webui", "ai", "ghcr.io/open-webui/open-webui:v0.6.33", volume="pvc-1f6c0a9e"),
    App("librechat", "ai", "ghcr.io/danny-avila/librechat:v0.8.0", volume="pvc-2a7d1b8f"),
    App("paperless-ngx", "documents", "ghcr.io/paperless-ngx/paperless-ngx:2.19.1", volume="pvc-3b8e2c90"),
    App("paperless-ai", "documents", "clusterzx/paperless-ai:3.0.9", volume="pvc-4c9f3da1"),
    App("jellyfin", "media", "jellyfin/jellyfin:10.11.0", "argocd", volume="pvc-5da04eb2"),
    App("sonarr", "media", "ghcr.io/linuxserver/sonarr:4.0.15", "argocd"),
    App("gitea", "git", "gitea/gitea:1.24.6", volume="pvc-6eb15fc3"),
    App("vaultwarden", "vault", "vaultwarden/server:1.34.3", volume="pvc-7fc260d4"),
    App("grafana", "monitoring", "grafana/grafana:12.2.0", "argocd"),
)

_CHARTS = ("cert-manager", "longhorn-system", "k8up-system")
_BACK_OFF = 'Back-off pulling image "{image}"'
_ADVICE = (
    "Error: The image cannot be pulled.\n\nSolution: 1. Check that the tag exists in the registry. 2. Check"
    " the pull secret of the service account. 3. Correct the tag in the Git repository and let Flux apply it."
)


class HomelabCluster:
    """The scene on one server. Everything that breaks is mended by `mend`."""

    def __init__(self, server: ApiServer) -> None:
        """Bring all systems and a healthy cluster."""
        self._server = server
        for system in ("k8sgpt", "flux", "argocd", "k8up", "longhorn"):
            server.install(system)
        self.operator = Operator(server)
        self.others: set[tuple[str, str]] = set()
        """Kind and name of what others look after: mending leaves it alone."""
        self._findings: dict[str, tuple[Finding, ...]] = {}
        self._healthy = list(_objects())
        server.load(self._healthy)

    def break_pod_image(self, app: App = APPS[0]) -> None:
        """Give an app a tag that does not exist; k8sgpt finds pod and deployment."""
        image = f"{app.image.rpartition(':')[0]}:v9.9.9"
        told = _BACK_OFF.format(image=image)
        self._apply(
            *_workload(app, state="image_pull", image=image),
            make.event("Pod", app.pod, "BackOff", told, namespace=app.namespace, count=12),
        )
        self._deployed(app, healthy=False)
        self._find(
            f"image {app.name}",
            Finding("Pod", f"{app.namespace}/{app.pod}", (told,), _ADVICE),
            Finding(
                "Deployment",
                f"{app.namespace}/{app.name}",
                (f"Deployment {app.namespace}/{app.name} has 1 replicas but 0 are available",),
                _ADVICE,
            ),
        )

    def fail_backup(self, app: App = APPS[2]) -> None:
        """Let tonight's backup of an app's namespace fail; what was backed up before stays."""
        told = "job 'backup-schedule-backup-fail' has failed: Fatal: unable to open repository: 403 Forbidden"
        failed = make.backup(
            "schedule-backup-fail", namespace=app.namespace, state="failed", message=told, at=ago(minutes=20)
        )
        self._apply(failed)

    def suspend_flux(self, name: str = "apps") -> None:
        """Suspend a kustomization; its conditions stay those of its last reconciliation."""
        self._apply(make.kustomization(name, suspended=True, at=ago(days=2)))

    def degrade_volume(self, app: App = APPS[2]) -> None:
        """Lose a replica of an app's volume."""
        self._apply(_volume(app, robustness="degraded"))

    def out_of_sync(self, app: App = APPS[4]) -> None:
        """Change an app by hand, so that it differs from what Git says."""
        self._apply(
            make.application(app.name, sync="OutOfSync", target_namespace=app.namespace, at=ago(days=1))
        )

    def lose_node(self, name: str = NODES[2]) -> None:
        """Let a node go silent."""
        self._apply(make.node(name, state="gone", address=ADDRESSES[name]))
        self._find(f"node {name}", Finding("Node", name, (f"{name} has condition of type Ready",)))

    def mend(self) -> None:
        """Make everything as it was; the analysis after it deletes all Results."""
        wanted = {_identity(value) for value in self._healthy}
        for collection in self._server.store.collections.values():
            for value in [stored.value for stored in collection.within(None)]:
                metadata = value["metadata"]
                is_known = _identity(value) in wanted or (value["kind"], metadata["name"]) in self.others
                if value["kind"] != "Result" and not is_known:
                    self._server.delete(
                        collection.resource.qualified, metadata.get("namespace", ""), metadata["name"]
                    )
        self._server.load(self._healthy)
        self._findings.clear()
        self.operator.analyse()

    def _apply(self, *values: Object) -> None:
        self._server.load(values)

    def _find(self, cause: str, *findings: Finding) -> None:
        self._findings[cause] = findings
        self.operator.analyse(*(each for found in self._findings.values() for each in found))

    def _deployed(self, app: App, *, healthy: bool) -> None:
        if app.deployed_by == "flux":
            self._apply(
                make.helm_release(app.name, namespace=app.namespace, state="ready" if healthy else "failed")
            )
        else:
            health = "Healthy" if healthy else "Degraded"
            self._apply(make.application(app.name, health=health, target_namespace=app.namespace))


def homelab_cluster(server: ApiServer) -> HomelabCluster:
    """Fill a server with the homelab."""
    return HomelabCluster(server)


def _objects() -> Iterator[Object]:
    for name, address in ADDRESSES.items():
        yield make.node(name, control_plane=name == NODES[0], address=address, at=ago(days=40))
    spaces = dict.fromkeys((*INFRASTRUCTURE, *(app.namespace for app in APPS)))
    yield from (make.namespace(name) for name in spaces)
    yield make.k8sgpt()
    yield make.backup_target()
    yield make.kinds.with_ready("GitRepository", "flux-system", at=ago(hours=3))
    charts = (*_CHARTS, *(app.name for app in APPS if app.deployed_by == "flux"))
    for name in charts:
        yield make.kinds.with_ready("HelmRepository", name, at=ago(days=4))
    for name in ("flux-system", "infrastructure", "apps"):
        yield make.kustomization(name, path=f"./clusters/home/{name}", at=ago(hours=3))
    for name in _CHARTS:
        yield make.helm_release(name, namespace=name, at=ago(days=9))
    for name in INFRASTRUCTURE:
        yield make.pod(f"{name}-controller-5f6d7c8b9-k8s2p", namespace=name, app=name, restarts=1)
    for app in APPS:
        yield from _of(app)
    for name in {app.namespace for app in APPS if app.volume}:
        yield make.schedule(namespace=name)
        yield make.backup("schedule-backup-8xk2p", namespace=name, at=ago(hours=6))


def _of(app: App) -> Iterator[Object]:
    yield from _workload(app)
    if app.deployed_by == "flux":
        yield make.helm_release(app.name, namespace=app.namespace, at=ago(days=4))
    else:
        yield make.application(app.name, target_namespace=app.namespace, at=ago(days=4))
    yield make.service(app.name, namespace=app.namespace)
    yield make.ingress(app.name, namespace=app.namespace, host=f"{app.name}.home")
    if not app.volume:
        return
    yield make.persistent_volume_claim(f"{app.name}-data", namespace=app.namespace, volume=app.volume)
    yield _volume(app)
    yield make.longhorn_backup(f"backup-{app.volume[4:]}", volume=app.volume, at=ago(hours=5))
    yield make.backup_volume(app.volume, last_backup=f"backup-{app.volume[4:]}", at=ago(hours=5))
    snapshot_id = f"{app.volume[4:]}{'0' * 56}"
    yield make.snapshot(
        snapshot_id, namespace=app.namespace, path=f"/data/{app.name}-data", date=ago(hours=6)
    )


def _workload(app: App, state: PodState = "running", image: str = "") -> Iterator[Object]:
    """A deployment as its GitOps delivers it, with the replica set and the pod that came of it."""
    runs = state == "running"
    labels, annotations = {"app.kubernetes.io/managed-by": "Helm"}, {}
    if app.deployed_by == "flux":
        owner = {"name": app.name, "namespace": app.namespace}
        labels |= {f"helm.toolkit.fluxcd.io/{key}": value for key, value in owner.items()}
    else:
        tracked = f"{app.name}:apps/Deployment:{app.namespace}/{app.name}"
        annotations["argocd.argoproj.io/tracking-id"] = tracked
    image = image or app.image
    deployment = make.deployment(
        app.name,
        namespace=app.namespace,
        available=runs,
        labels=labels,
        annotations=annotations,
        image=image,
        claim=app.claim,
    )
    yield deployment
    made = make.replica_set(app.replica_set, namespace=app.namespace, owner=deployment, available=runs)
    yield made
    # A new image makes a new pod.
    created = None if runs else ago(minutes=1)
    yield make.pod(
        app.pod,
        namespace=app.namespace,
        state=state,
        image=image,
        app=app.name,
        owner=made,
        created=created,
        claim=app.claim,
    )


def _volume(app: App, robustness: str | None = None) -> Object:
    return make.volume(
        app.volume,
        claim=f"{app.name}-data",
        claim_namespace=app.namespace,
        robustness=robustness,
        last_backup=f"backup-{app.volume[4:]}",
        last_backup_at=ago(hours=5),
    )


def _identity(value: Object) -> tuple[str, str, str, str]:
    metadata = value["metadata"]
    return value["apiVersion"], value["kind"], metadata.get("namespace", ""), metadata["name"]
