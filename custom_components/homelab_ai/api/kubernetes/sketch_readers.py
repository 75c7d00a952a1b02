"""What there is in every cluster: nodes, pods, workloads, claims, volumes; see `sketches`."""

from itertools import islice

from ..answers import Json, text, time
from .client import part
from .reading import conditions, count, items, truth
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


def of_node(obj: Json) -> Sketch:
    """Read a Node; it is known by its addresses, too."""
    status = part(obj, "status")
    addresses = [text(item.get("address")) for item in islice(items(status, "addresses"), MOST_NAMED)]
    state = by_holding(truth(conditions(obj).get("Ready", {})))
    if state == "unknown" and "Ready" in conditions(obj):
        state = "trouble"
    return sketch(
        obj,
        "Node",
        state=state,
        facts=facts(
            ("version", text(part(status, "nodeInfo").get("kubeletVersion"))),
            ("os", text(part(status, "nodeInfo").get("osImage"))),
            ("memory_total", quantity(part(status, "capacity").get("memory")), "B"),
            ("cordoned", part(obj, "spec").get("unschedulable") is True),
        ),
        keys=tuple(dict.fromkeys(text(f"address:{address.lower()}") for address in addresses if address)),
    )


def of_pod(obj: Json) -> Sketch:
    """Read a Pod: where it runs, what it stores in, how often it has restarted."""
    spec, status = part(obj, "spec"), part(obj, "status")
    containers = list(islice(items(status, "containerStatuses"), MOST_NAMED))
    node = text(spec.get("nodeName"))
    placed = (("runs_on", key_of("Node", "", node)),) if node else ()
    ended = [time(part(container, "lastState", "terminated").get("finishedAt")) for container in containers]
    return sketch(
        obj,
        "Pod",
        state=_state_of_pod(obj, containers),
        facts=facts(
            ("image", image_of(obj, "spec")),
            (
                "restarts",
                max((count(container.get("restartCount")) for container in containers), default=count(0)),
            ),
            ("last_restart", max((moment for moment in ended if moment), default=None)),
            ("started", time(status.get("startTime"))),
        ),
        ties=(*placed, *claims_of(obj, "spec")),
    )


def _state_of_pod(obj: Json, containers: list[Json]) -> str:
    match text(part(obj, "status").get("phase")):
        case "Succeeded":
            return "off"
        case "Failed":
            return "trouble"
    if truth(conditions(obj).get("Ready", {})):
        return "ok"
    reasons = [text(part(container, "state", "waiting").get("reason")) for container in containers]
    return "trouble" if any(reason in _BROKEN for reason in reasons) else "unknown"


def of_workload(kind: str) -> SketchReader:
    """Return a reader of a Deployment, StatefulSet or DaemonSet."""

    def read(obj: Json) -> Sketch:
        spec, status = part(obj, "spec"), part(obj, "status")
        desired, ready = spec.get("replicas", 1), status.get("readyReplicas")
        if kind == "DaemonSet":
            desired, ready = status.get("desiredNumberScheduled"), status.get("numberReady")
        desired_count, there = count(desired), count(ready)
        state = "off" if desired_count == 0 else "ok" if there >= desired_count else "trouble"
        return sketch(
            obj,
            kind,
            state=state,
            facts=facts(("ready", there), ("desired", desired_count), ("image", image_of(obj, *_TEMPLATE))),
            ties=tuple(claims_of(obj, *_TEMPLATE)),
            labels=label_set(part(obj, "spec", "template", "metadata", "labels")),
        )

    return read


def of_cron_job(obj: Json) -> Sketch:
    """Read a CronJob; its jobs are known by its name."""
    spec, status = part(obj, "spec"), part(obj, "status")
    template = ("spec", "jobTemplate", *_TEMPLATE)
    suspended = spec.get("suspend") is True
    return sketch(
        obj,
        "CronJob",
        state="off" if suspended else "ok",
        facts=facts(
            ("image", image_of(obj, *template)),
            ("schedule", text(spec.get("schedule"))),
            ("last_run", time(status.get("lastScheduleTime"))),
            ("last_success", time(status.get("lastSuccessfulTime"))),
            ("suspended", suspended),
        ),
        ties=tuple(claims_of(obj, *template)),
    )


def of_job(obj: Json) -> Sketch:
    """Read a Job."""
    by_type = conditions(obj)
    failed, done = truth(by_type.get("Failed", {})), truth(by_type.get("Complete", {}))
    state = "trouble" if failed else "off" if done else "ok"
    begun = time(part(obj, "status").get("startTime"))
    return sketch(obj, "Job", state=state, facts=facts(("started", begun)))


def of_claim(obj: Json) -> Sketch:
    """Read a PersistentVolumeClaim."""
    spec, status = part(obj, "spec"), part(obj, "status")
    volume = text(spec.get("volumeName"))
    kinds = ("volume", "persistentvolume") if volume else ()
    phase = text(status.get("phase"))
    return sketch(
        obj,
        "PersistentVolumeClaim",
        state={"Bound": "ok", "Lost": "trouble"}.get(phase, "unknown"),
        facts=facts(
            ("size", quantity(part(status, "capacity").get("storage")), "B"),
            ("storage_class", text(spec.get("storageClassName"))),
        ),
        ties=tuple(("stores_in", key_of(kind, "", volume)) for kind in kinds),
    )


def of_persistent_volume(obj: Json) -> Sketch | None:
    """Read a PersistentVolume, and who serves it; one of Longhorn is told of by its own Volume."""
    spec = part(obj, "spec")
    if text(part(spec, "csi").get("driver")) == "driver.longhorn.io":
        return None
    named = part(spec, "nfs").get("server") or part(spec, "csi", "volumeAttributes").get("server")
    server = text(text(named).lower())
    phase = text(part(obj, "status").get("phase"))
    return sketch(
        obj,
        "PersistentVolume",
        state={"Failed": "trouble", "Bound": "ok", "Available": "ok"}.get(phase, "unknown"),
        facts=facts(("size", quantity(part(spec, "capacity").get("storage")), "B"), ("server", server)),
        ties=(("served_by", text(f"address:{server}")),) if server else (),
    )
