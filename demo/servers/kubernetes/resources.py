"""What kinds of objects the API server knows, and which of them a system brings along.

Sources: systems.md 3.1, 4.3 and 5.
"""

from dataclasses import dataclass

# What a field selector may name on anything (systems.md 4.1).
_METADATA = frozenset({"metadata.name", "metadata.namespace"})
# And on events (kubernetes/kubernetes pkg/registry/core/event/strategy.go, ToSelectableFields).
_OF_EVENTS = (
    *(f"involvedObject.{key}" for key in ("kind", "namespace", "name", "uid", "apiVersion")),
    *("involvedObject.resourceVersion", "involvedObject.fieldPath"),
    *("reason", "reportingComponent", "type"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """One kind of object; what its objects look like is in `schemas`."""

    group: str = ""
    version: str
    plural: str
    kind: str
    namespaced: bool = True
    custom: bool = True
    selectable: frozenset[str] = _METADATA
    has_status: bool = True

    @property
    def api_version(self) -> str:
        """As objects carry it."""
        return f"{self.group}/{self.version}" if self.group else self.version

    @property
    def qualified(self) -> str:
        """As messages name it: `results.core.k8sgpt.ai`, `pods`."""
        return f"{self.plural}.{self.group}" if self.group else self.plural

    def described(self) -> list[dict[str, object]]:
        """As an APIResourceList does, its status among the entries."""
        entry: dict[str, object] = {
            "name": self.plural,
            "singularName": self.kind.lower(),
            "namespaced": self.namespaced,
            "kind": self.kind,
            "verbs": ["delete", "deletecollection", "get", "list", "patch", "create", "update", "watch"],
        }
        if not self.has_status:
            return [entry]
        status = {"name": f"{self.plural}/status", "singularName": "", "namespaced": self.namespaced}
        return [entry, {**status, "kind": self.kind, "verbs": ["get", "patch", "update"]}]


def _core(
    plural: str, kind: str, *selectable: str, namespaced: bool = True, has_status: bool = True
) -> Resource:
    return Resource(
        version="v1",
        plural=plural,
        kind=kind,
        namespaced=namespaced,
        custom=False,
        selectable=_METADATA | set(selectable),
        has_status=has_status,
    )


def _built_in(group: str, **kinds: str) -> tuple[Resource, ...]:
    return tuple(
        Resource(group=group, version="v1", plural=plural, kind=kind, custom=False)
        for plural, kind in kinds.items()
    )


def _custom(group: str, version: str, **kinds: str) -> tuple[Resource, ...]:
    return tuple(
        Resource(group=group, version=version, plural=plural, kind=kind) for plural, kind in kinds.items()
    )


BUILT_IN: tuple[Resource, ...] = (
    _core("namespaces", "Namespace", "status.phase", namespaced=False),
    _core("nodes", "Node", "spec.unschedulable", namespaced=False),
    _core("persistentvolumes", "PersistentVolume", namespaced=False),
    _core("persistentvolumeclaims", "PersistentVolumeClaim"),
    _core("pods", "Pod", "status.phase", "spec.nodeName"),
    _core("services", "Service"),
    _core("configmaps", "ConfigMap", has_status=False),
    _core("secrets", "Secret", "type", has_status=False),
    _core("events", "Event", *_OF_EVENTS, has_status=False),
    *_built_in(
        "apps",
        deployments="Deployment",
        replicasets="ReplicaSet",
        statefulsets="StatefulSet",
        daemonsets="DaemonSet",
    ),
    *_built_in("batch", jobs="Job", cronjobs="CronJob"),
    *_built_in("networking.k8s.io", ingresses="Ingress"),
)

SYSTEMS: dict[str, tuple[Resource, ...]] = {
    "traefik": _custom("traefik.io", "v1alpha1", ingressroutes="IngressRoute"),
    "gateway": _custom("gateway.networking.k8s.io", "v1", httproutes="HTTPRoute"),
    "k8sgpt": (
        Resource(group="core.k8sgpt.ai", version="v1alpha1", plural="k8sgpts", kind="K8sGPT"),
        Resource(group="core.k8sgpt.ai", version="v1alpha1", plural="results", kind="Result"),
        Resource(group="core.k8sgpt.ai", version="v1alpha1", plural="mutations", kind="Mutation"),
    ),
    "flux": (
        *_custom("kustomize.toolkit.fluxcd.io", "v1", kustomizations="Kustomization"),
        *_custom("helm.toolkit.fluxcd.io", "v2", helmreleases="HelmRelease"),
        *_custom(
            "source.toolkit.fluxcd.io",
            "v1",
            gitrepositories="GitRepository",
            ocirepositories="OCIRepository",
            helmrepositories="HelmRepository",
            helmcharts="HelmChart",
            buckets="Bucket",
        ),
        *_custom(
            "image.toolkit.fluxcd.io",
            "v1",
            imagerepositories="ImageRepository",
            imagepolicies="ImagePolicy",
            imageupdateautomations="ImageUpdateAutomation",
        ),
        *_custom("fluxcd.controlplane.io", "v1", fluxinstances="FluxInstance", fluxreports="FluxReport"),
    ),
    "argocd": _custom(
        "argoproj.io",
        "v1alpha1",
        applications="Application",
        applicationsets="ApplicationSet",
        appprojects="AppProject",
    ),
    "k8up": _custom(
        "k8up.io",
        "v1",
        schedules="Schedule",
        backups="Backup",
        checks="Check",
        prunes="Prune",
        archives="Archive",
        restores="Restore",
        snapshots="Snapshot",
    ),
    "longhorn": _custom(
        "longhorn.io",
        "v1beta2",
        volumes="Volume",
        backups="Backup",
        backupvolumes="BackupVolume",
        backuptargets="BackupTarget",
        snapshots="Snapshot",
        nodes="Node",
        recurringjobs="RecurringJob",
    ),
    "velero": _custom(
        "velero.io",
        "v1",
        backups="Backup",
        schedules="Schedule",
        restores="Restore",
        backupstoragelocations="BackupStorageLocation",
    ),
    "volsync": _custom(
        "volsync.backube",
        "v1alpha1",
        replicationsources="ReplicationSource",
        replicationdestinations="ReplicationDestination",
    ),
    "cert-manager": (
        *_custom("cert-manager.io", "v1", certificates="Certificate", issuers="Issuer"),
        Resource(
            group="cert-manager.io",
            version="v1",
            plural="clusterissuers",
            kind="ClusterIssuer",
            namespaced=False,
        ),
    ),
}
