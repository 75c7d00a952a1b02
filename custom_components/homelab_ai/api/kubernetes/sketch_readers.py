"""What there is in every cluster: nodes, pods, workloads, claims, services; see `sketches`."""

from collections.abc import Mapping
from itertools import islice
from typing import Any

from ..answers import number, text, time
from .client import part
from .reading import conditions, items, namespace, texts_of, truth
from .sketches import (
    MOST_NAMED,
    Sketch,
    SketchReader,
    by_holding,
    claims_of,
    facts,
    image_of,
    key_of,
    label_set,
    quantity,
    sketch,
)

_TEMPLATE = ("spec", "template", "spec")
_BROKEN = ("CrashLoopBackOff", "ImagePullBackOff", "ErrImagePull", "CreateContainerConfigError")


def _count(value: Any) -> int:
    return int(max(number(value) or 0, 0))


def of_node(found: Mapping[str, Any]) -> Sketch:
    """Read a Node; it is known by its addresses, too."""
    status = part(found, "status")
    addresses = [text(one.get("address")) for one in islice(items(status, "addresses"), MOST_NAMED)]
    state = by_holding(truth(conditions(found).get("Ready", {})))
    if state == "unknown" and "Ready" in conditions(found):
        state = "trouble"
    return sketch(
        found,
        "Node",
        state=state,
        facts=facts(
            ("version", text(part(status, "nodeInfo").get("kubeletVersion"))),
            ("os", text(part(status, "nodeInfo").get("osImage"))),
            ("memory_total", quantity(part(status, "capacity").get("memory")), "B"),
            ("cordoned", part(found, "spec").get("unschedulable") is True),
        ),
        keys=tuple(dict.fromkeys(f"address:{one.lower()}" for one in addresses if one)),
    )


def of_pod(found: Mapping[str, Any]) -> Sketch:
    """Read a Pod: where it runs, what it stores in, how often it has restarted."""
    spec, status = part(found, "spec"), part(found, "status")
    containers = list(islice(items(status, "containerStatuses"), MOST_NAMED))
    node = text(spec.get("nodeName"))
    placed = (("runs_on", key_of("Node", "", node)),) if node else ()
    ended = [time(part(one, "lastState", "terminated").get("finishedAt")) for one in containers]
    return sketch(
        found,
        "Pod",
        state=_state_of_pod(found, containers),
        facts=facts(
            ("image", image_of(found, "spec")),
            ("restarts", max((_count(one.get("restartCount")) for one in containers), default=0)),
            ("last_restart", max((one for one in ended if one), default=None)),
            ("started", time(status.get("startTime"))),
        ),
        ties=(*placed, *claims_of(found, "spec")),
    )


def _state_of_pod(found: Mapping[str, Any], containers: list[Mapping[str, Any]]) -> str:
    match text(part(found, "status").get("phase")):
        case "Succeeded":
            return "off"
        case "Failed":
            return "trouble"
    if truth(conditions(found).get("Ready", {})):
        return "ok"
    reasons = [text(part(one, "state", "waiting").get("reason")) for one in containers]
    return "trouble" if any(one in _BROKEN for one in reasons) else "unknown"


def of_workload(kind: str) -> SketchReader:
    """Return a reader of a Deployment, StatefulSet or DaemonSet."""

    def read(found: Mapping[str, Any]) -> Sketch:
        spec, status = part(found, "spec"), part(found, "status")
        desired, ready = spec.get("replicas", 1), status.get("readyReplicas")
        if kind == "DaemonSet":
            desired, ready = status.get("desiredNumberScheduled"), status.get("numberReady")
        wanted, there = _count(desired), _count(ready)
        state = "off" if wanted == 0 else "ok" if there >= wanted else "trouble"
        return sketch(
            found,
            kind,
            state=state,
            facts=facts(("ready", there), ("desired", wanted), ("image", image_of(found, *_TEMPLATE))),
            ties=tuple(claims_of(found, *_TEMPLATE)),
            labels=label_set(part(found, "spec", "template", "metadata", "labels")),
        )

    return read


def of_cron_job(found: Mapping[str, Any]) -> Sketch:
    """Read a CronJob; its jobs are known by its name."""
    spec, status = part(found, "spec"), part(found, "status")
    template = ("spec", "jobTemplate", *_TEMPLATE)
    suspended = spec.get("suspend") is True
    return sketch(
        found,
        "CronJob",
        state="off" if suspended else "ok",
        facts=facts(
            ("image", image_of(found, *template)),
            ("schedule", text(spec.get("schedule"))),
            ("last_run", time(status.get("lastScheduleTime"))),
            ("last_success", time(status.get("lastSuccessfulTime"))),
            ("suspended", suspended),
        ),
        ties=tuple(claims_of(found, *template)),
    )


def of_job(found: Mapping[str, Any]) -> Sketch:
    """Read a Job."""
    told = conditions(found)
    failed, done = truth(told.get("Failed", {})), truth(told.get("Complete", {}))
    state = "trouble" if failed else "off" if done else "ok"
    begun = time(part(found, "status").get("startTime"))
    return sketch(found, "Job", state=state, facts=facts(("started", begun)))


def of_claim(found: Mapping[str, Any]) -> Sketch:
    """Read a PersistentVolumeClaim."""
    spec, status = part(found, "spec"), part(found, "status")
    volume = text(spec.get("volumeName"))
    kinds = ("volume", "persistentvolume") if volume else ()
    phase = text(status.get("phase"))
    return sketch(
        found,
        "PersistentVolumeClaim",
        state={"Bound": "ok", "Lost": "trouble"}.get(phase, "unknown"),
        facts=facts(
            ("size", quantity(part(status, "capacity").get("storage")), "B"),
            ("storage_class", text(spec.get("storageClassName"))),
        ),
        ties=tuple(("stores_in", key_of(kind, "", volume)) for kind in kinds),
    )


def of_persistent_volume(found: Mapping[str, Any]) -> Sketch | None:
    """Read a PersistentVolume, and who serves it; one of Longhorn is told of by its own Volume."""
    spec = part(found, "spec")
    if text(part(spec, "csi").get("driver")) == "driver.longhorn.io":
        return None
    server = (
        text(part(spec, "nfs").get("server")) or text(part(spec, "csi", "volumeAttributes").get("server"))
    ).lower()
    phase = text(part(found, "status").get("phase"))
    return sketch(
        found,
        "PersistentVolume",
        state={"Failed": "trouble", "Bound": "ok", "Available": "ok"}.get(phase, "unknown"),
        facts=facts(("size", quantity(part(spec, "capacity").get("storage")), "B"), ("server", server)),
        ties=(("served_by", f"address:{server}"),) if server else (),
    )


def of_service(found: Mapping[str, Any]) -> Sketch:
    """Read a Service: which pods answer, and at which addresses."""
    spec, own = part(found, "spec"), text(part(found, "metadata").get("name"))
    ports = list(islice(items(spec, "ports"), MOST_NAMED))
    inside = [f"{own}.{namespace(found)}{end}" for end in ("", ".svc", ".svc.cluster.local")]
    balanced = items(found, "status", "loadBalancer", "ingress")
    hosts = [
        *inside,
        text(spec.get("clusterIP")),
        text(spec.get("loadBalancerIP")),
        *islice(texts_of(spec, "externalIPs"), MOST_NAMED),
        *(text(one.get("ip")) or text(one.get("hostname")) for one in islice(balanced, MOST_NAMED)),
    ]
    numbers = [_count(one.get("port")) for one in ports]
    addresses = (
        f"address:{host.lower()}:{port}" for host in hosts if host not in ("", "None") for port in numbers
    )
    return sketch(
        found,
        "Service",
        selector=label_set(part(spec, "selector")),
        keys=tuple(dict.fromkeys(addresses))[: 4 * MOST_NAMED],
        ports=tuple(port for one in ports if (port := _count(one.get("nodePort")))),
    )


def of_ingress(found: Mapping[str, Any]) -> Sketch:
    """Read an Ingress: which service answers for a host. One whose paths lead to several is left out."""
    secured = {
        host for one in islice(items(found, "spec", "tls"), MOST_NAMED) for host in texts_of(one, "hosts")
    }
    services: dict[str, set[str]] = {}
    for rule in islice(items(found, "spec", "rules"), MOST_NAMED):
        host = text(rule.get("host")).lower()
        for path in islice(items(rule, "http", "paths"), MOST_NAMED):
            own = text(part(path, "backend", "service").get("name"))
            if host and own:
                services.setdefault(host, set()).add(key_of("Service", namespace(found), own))
    routes = (
        (f"{'https' if host in secured else 'http'}://{host}", *behind)
        for host, behind in services.items()
        if len(behind) == 1
    )
    return sketch(found, "Ingress", routes=tuple((url, service) for url, service in routes))
