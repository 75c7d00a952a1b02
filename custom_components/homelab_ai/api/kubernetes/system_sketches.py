"""What the systems of a cluster tell of: volumes, what Git delivers, backups, certificates; see `sketches`.

Sources beside those: fluxcd source-controller `api/v1`, kustomize-controller `api/v1`, helm-controller
`api/v2`; argo-cd `types.go`; longhorn-manager `apis/longhorn/v1beta2`; k8up `api/v1`; velero `api/v1`;
volsync `api/v1alpha1`; cert-manager `apis/certmanager/v1`.
"""

from collections.abc import Iterator
from itertools import islice

from ...values.address import web_address
from ...values.text import without_users
from ..answers import Json, Moment, Text, number, text, time
from .client import part
from .reading import conditions, items, namespace, texts_of, truth
from .sketches import (
    MOST_NAMED,
    Sketch,
    SketchReader,
    by_holding,
    facts,
    key_of,
    quantity,
    sketch,
)


def of_volume(obj: Json) -> Sketch:
    """Read a Volume of Longhorn."""
    spec, status = part(obj, "spec"), part(obj, "status")
    size, used = quantity(spec.get("size")), quantity(status.get("actualSize"))
    node = text(status.get("currentNodeID"))
    state = {"healthy": "ok", "degraded": "trouble", "faulted": "trouble"}.get(
        text(status.get("robustness")), "unknown"
    )
    claim_status = part(status, "kubernetesStatus")
    claim = key_of("Volume", text(claim_status.get("namespace")), text(claim_status.get("pvcName")))
    return sketch(
        obj,
        "Volume",
        state="off" if text(status.get("state")) == "detached" else state,
        facts=facts(
            ("size", size, "B"),
            ("used", used, "B"),
            ("used_percent", number(round(100 * used / size, 1)) if size and used is not None else None, "%"),
        ),
        ties=(("runs_on", key_of("Node", "", node)),) if node else (),
        keys=(
            key_of("Volume", "", text(part(obj, "metadata").get("name"))),
            *((claim,) if claim_status.get("pvcName") else ()),
        ),
    )


def of_kustomization(obj: Json) -> Sketch:
    """Read a Kustomization."""
    status = part(obj, "status")
    return _flux(
        obj,
        "Kustomization",
        part(obj, "spec", "sourceRef"),
        ("revision", text(status.get("lastAppliedRevision"))),
        ("path", text(part(obj, "spec").get("path"))),
        ("delivered_at", _applied(obj)),
    )


def _applied(obj: Json) -> Moment | None:
    """Return when the revision was first applied; older versions of Flux do not say."""
    return time(next(items(obj, "status", "history"), {}).get("firstReconciled"))


def of_helm_release(obj: Json) -> Sketch:
    """Read a HelmRelease: the chart that was last deployed, and when."""
    last = next(items(obj, "status", "history"), {})
    chart = part(obj, "spec", "chart", "spec")
    return _flux(
        obj,
        "HelmRelease",
        part(chart, "sourceRef") or part(obj, "spec", "chartRef"),
        (
            "revision",
            text(last.get("chartVersion")) or text(part(obj, "status").get("lastAppliedRevision")),
        ),
        ("version", text(last.get("appVersion"))),
        ("chart", text(chart.get("chart")) or text(last.get("chartName"))),
        ("delivered_at", time(last.get("lastDeployed"))),
        also=text(part(obj, "status").get("helmChart")),
    )


def _flux(
    obj: Json, kind: str, source: Json, *rows: tuple[str, Text | Moment | None], also: str = ""
) -> Sketch:
    spec = part(obj, "spec")
    suspended = spec.get("suspend") is True
    needs = (
        ("needs", key_of(kind, text(item.get("namespace")) or namespace(obj), text(item.get("name"))))
        for item in islice(items(spec, "dependsOn"), MOST_NAMED)
    )
    chart = (("delivered_by", text(f"helmchart:{also}")),) if also else ()
    return sketch(
        obj,
        kind,
        state="off" if suspended else by_holding(truth(conditions(obj).get("Ready", {}))),
        facts=facts(*rows, ("suspended", suspended)),
        ties=(*needs, *chart, *_source_ties(obj, source)),
    )


def _source_ties(obj: Json, source: Json) -> Iterator[tuple[str, Text]]:
    kind, own = text(source.get("kind")), text(source.get("name"))
    if kind and own:
        yield "delivered_by", key_of(kind, text(source.get("namespace")) or namespace(obj), own)


def of_source(kind: str) -> SketchReader:
    """Return a reader of a source of Flux, or of what looks for images."""

    def read(obj: Json) -> Sketch:
        spec, status = part(obj, "spec"), part(obj, "status")
        suspended = spec.get("suspend") is True
        url = text(without_users(text(spec.get("url"))))
        policy = text(part(spec, "imageRepositoryRef").get("name"))
        needs = (("needs", key_of("ImageRepository", namespace(obj), policy)),) if policy else ()
        return sketch(
            obj,
            kind,
            state="off" if suspended else by_holding(truth(conditions(obj).get("Ready", {}))),
            facts=facts(
                ("revision", text(part(status, "artifact").get("revision"))),
                ("delivered_at", time(part(status, "artifact").get("lastUpdateTime"))),
                ("suspended", suspended),
                ("address", url),
            ),
            ties=(*needs, *_source_ties(obj, part(spec, "sourceRef"))),
            url=web_address(url),
        )

    return read


def of_application(obj: Json) -> Sketch:
    """Read an Application of Argo CD; what it delivers names it without its namespace, too."""
    status, own = part(obj, "status"), text(part(obj, "metadata").get("name"))
    health = text(part(status, "health").get("status"))
    state = {"Healthy": "ok", "Degraded": "trouble", "Missing": "trouble", "Suspended": "off"}
    source = part(obj, "spec", "source") or next(items(obj, "spec", "sources"), {})
    last = list(islice(items(status, "history"), 200))
    return sketch(
        obj,
        "Application",
        state=state.get(health, "unknown"),
        facts=facts(
            ("revision", text(part(status, "sync").get("revision"))),
            ("delivered_at", time(last[-1].get("deployedAt")) if last else None),
            ("sync", text(part(status, "sync").get("status"))),
            ("path", text(source.get("path") or source.get("chart"))),
            ("address", text(without_users(text(source.get("repoURL"))))),
        ),
        keys=(text(f"application:{own}"),),
    )


def of_certificate(obj: Json) -> Sketch:
    """Read a Certificate of cert-manager."""
    spec, status = part(obj, "spec"), part(obj, "status")
    reference = part(spec, "issuerRef")
    kind, issuer = text(reference.get("kind")) or "Issuer", text(reference.get("name"))
    where = "" if kind == "ClusterIssuer" else namespace(obj)
    return sketch(
        obj,
        "Certificate",
        state=by_holding(truth(conditions(obj).get("Ready", {}))),
        facts=facts(("expires", time(status.get("notAfter"))), ("renews", time(status.get("renewalTime")))),
        ties=(("needs", key_of(kind, where, issuer)),) if issuer else (),
        aliases=tuple(islice(texts_of(spec, "dnsNames"), MOST_NAMED)),
    )


def by_condition(kind: str, condition: str = "Ready") -> SketchReader:
    """Return a reader of objects of which only a condition matters."""
    return lambda obj: sketch(obj, kind, state=by_holding(truth(conditions(obj).get(condition, {}))))


def of_backup_target(obj: Json) -> Sketch | None:
    """Read a BackupTarget of Longhorn; one without a URL is none."""
    if not text(part(obj, "spec").get("backupTargetURL")):
        return None
    available = part(obj, "status").get("available")
    return sketch(obj, "BackupTarget", state=by_holding(available if isinstance(available, bool) else None))


def of_storage_location(obj: Json) -> Sketch:
    """Read a BackupStorageLocation of Velero."""
    phase = text(part(obj, "status").get("phase"))
    states = {"Available": "ok", "Unavailable": "trouble"}
    return sketch(obj, "BackupStorageLocation", state=states.get(phase, "unknown"))


def of_schedule_of_k8up(obj: Json) -> Sketch | None:
    """Read a Schedule of K8up that makes backups."""
    if not (plan := part(obj, "spec", "backup")):
        return None
    own = text(part(obj, "metadata").get("name"))
    return sketch(
        obj,
        "Schedule",
        state="ok",
        facts=facts(("schedule", text(plan.get("schedule")))),
        keys=(key_of("Backup", namespace(obj), own),),
    )


def of_schedule_of_velero(obj: Json) -> Sketch:
    """Read a Schedule of Velero."""
    spec, status = part(obj, "spec"), part(obj, "status")
    paused = spec.get("paused") is True
    place = text(part(spec, "template").get("storageLocation")) or "default"
    return sketch(
        obj,
        "VeleroSchedule",
        state="off" if paused else "ok" if text(status.get("phase")) == "Enabled" else "trouble",
        facts=facts(
            ("schedule", text(spec.get("schedule"))),
            ("last_run", time(status.get("lastBackup"))),
            ("suspended", paused),
        ),
        ties=(("needs", key_of("BackupStorageLocation", namespace(obj), place)),),
        keys=(key_of("Backup", namespace(obj), text(part(obj, "metadata").get("name"))),),
    )


def of_replication_source(obj: Json) -> Sketch:
    """Read a ReplicationSource of VolSync: the backup of one claim."""
    spec, status = part(obj, "spec"), part(obj, "status")
    result = text(part(status, "latestMoverStatus").get("result"))
    names = (text(part(obj, "metadata").get("name")), text(spec.get("sourcePVC")))
    return sketch(
        obj,
        "ReplicationSource",
        state={"Successful": "ok", "Failed": "trouble"}.get(result, "unknown"),
        facts=facts(
            ("last_good", time(status.get("lastSyncTime")) if result == "Successful" else None),
            ("next_backup", time(status.get("nextSyncTime"))),
        ),
        keys=tuple(dict.fromkeys(key_of("Backup", namespace(obj), own) for own in names if own)),
    )
