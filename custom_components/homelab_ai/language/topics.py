"""What a problem is about: which phrase tells it, and of what kind of thing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
import re
from typing import NamedTuple

from ..health.problem import Problem
from .names import app_of

OFFLINE = "offline"
"""The kind of the problem of a system that does not answer."""

_SEEN = 300
"""Characters of a finding that are searched for its reason."""
# Words of Kubernetes, in small letters; the first that is found decides.
_REASONS: tuple[tuple[str, str], ...] = (
    ("errimagepull", "image"),
    ("imagepullbackoff", "image"),
    ("back-off pulling image", "image"),
    ("invalidimagename", "image"),
    ("errimageneverpull", "image"),
    ("failed to pull image", "image"),
    ("oomkilled", "memory"),
    ("crashloopbackoff", "crash"),
    ("back-off restarting", "crash"),
    ("runcontainererror", "crash"),
    ("createcontainerconfigerror", "configuration"),
    ("createcontainererror", "configuration"),
    ("failedmount", "mount"),
    ("failedattachvolume", "mount"),
    ("mountvolume.", "mount"),
    ("attachvolume.", "mount"),
    ("evicted", "evicted"),
    ("probe failed", "unhealthy"),
    ("unhealthy", "unhealthy"),
    ("unbound immediate persistentvolumeclaim", "storage"),
    ("unschedulable", "unschedulable"),
    ("failedscheduling", "unschedulable"),
    ("nodes are available", "unschedulable"),
    ("provisioningfailed", "storage"),
    ("storageclass", "storage"),
    ("diskpressure", "disk_pressure"),
    ("memorypressure", "memory_pressure"),
    ("no endpoints", "endpoints"),
    ("not ready endpoints", "endpoints"),
    ("backofflimitexceeded", "job_failed"),
    ("deadlineexceeded", "job_failed"),
    ("replicas but", "replicas"),
    ("pending", "pending"),
)
_COUNT = re.compile(r"[0-9]{1,6}")
_NUMBER = re.compile(r"-?[0-9]{1,12}(?:\.[0-9]{1,6})?(?:e[+-][0-9]{1,3})?")
_NODE_READY = ("type ready", "notready", "nodenotready", "nodestatusunknown")
_NOUNS = frozenset(
    (
        "Pod",
        "Deployment",
        "ReplicaSet",
        "StatefulSet",
        "DaemonSet",
        "Service",
        "Ingress",
        "PersistentVolumeClaim",
        "Job",
        "CronJob",
        "Node",
    )
)
_OF_AN_APP = frozenset(("Pod", "Deployment", "ReplicaSet", "StatefulSet", "DaemonSet", "Service"))
_KIND_NOUNS: Mapping[str, str] = {
    "standby_offline": "Standby",
    "alert": "Alert",
    "node_not_ready": "Node",
    "pod_restarting": "Pod",
    "volume_full": "Volume",
    "volume_faulted": "Volume",
    "volume_degraded": "Volume",
    "backup_failed": "LastBackup",
    "backup_overdue": "Backup",
    "certificate_expires": "Certificate",
}
# A name that says it already, as the one that the form suggests does.
_SAYS_STANDBY = re.compile(r"standby|ersatz|reserve|fallback", re.IGNORECASE)
_WHERE = ("pod", "deployment", "statefulset", "node", "persistentvolumeclaim", "namespace", "instance", "job")


@dataclass(frozen=True, slots=True)
class Topic:
    """Problems of one topic are told together; `noun` is empty where the name says what it is."""

    phrase: str
    noun: str = ""


class Scope(StrEnum):
    """What a thing's name is unique in."""

    APP = "app"
    """With its namespace."""
    DEPLOYED = "deployed"
    """Without: Argo CD keeps what it deploys in a namespace of its own."""
    NODE = "node"
    ALERT = "alert"


class Thing(NamedTuple):
    """What has a problem; `source` is empty where several systems tell of the same thing."""

    scope: Scope
    name: str
    source: str = ""


def topic_of(problem: Problem) -> Topic:
    """Return what a problem is about; details are missing of what was known before a restart."""
    details = problem.details
    if problem.kind == "k8sgpt_finding":
        kind = details.get("kind", "")
        phrase = _reason(kind == "Node", details.get("error", "")[:_SEEN])
        return Topic(phrase, kind if kind in _NOUNS else "")
    variant = _VARIANTS.get(problem.kind)
    phrase = (variant(details) if variant else "") or problem.kind
    noun = _KIND_NOUNS.get(problem.kind, "")
    return Topic(phrase, "" if noun == "Standby" and _SAYS_STANDBY.search(problem.name) else noun)


def number_of(details: Mapping[str, str], key: str) -> int | None:
    """Return a whole number from the details, None where there is none."""
    text = details.get(key, "")
    return int(text) if _COUNT.fullmatch(text) else None


def measured(details: Mapping[str, str]) -> str:
    """Return the value that was measured, empty where it is no number."""
    text = details.get("value", "")
    return text if _NUMBER.fullmatch(text) else ""


def _query(details: Mapping[str, str]) -> str:
    side = details.get("side", "")
    return f"query_{side}" if side in ("above", "below") and measured(details) else ""


def _scans(details: Mapping[str, str]) -> str:
    failures = number_of(details, "failures")
    return {None: "", 1: "scan_failed"}.get(failures, "scans_counted")


def _status(details: Mapping[str, str]) -> str:
    status, expected = number_of(details, "status"), number_of(details, "expected")
    return "web_status" if None not in (status, expected) and status != expected else ""


# Kinds that are told otherwise where details say so; an empty phrase is that of the kind.
_VARIANTS: Mapping[str, Callable[[Mapping[str, str]], str]] = {
    "pod_restarting": lambda details: "memory" if details.get("reason") == "OOMKilled" else "",
    "flux_not_ready": lambda details: "flux_waiting" if details.get("reason") == "DependencyNotReady" else "",
    "query": _query,
    "web_unexpected": _status,
    "volume_full": lambda details: "" if number_of(details, "percent") is None else "volume_percent",
    "scans_failed": _scans,
    "overdue": lambda details: "" if "last" in details else "overdue_long",
}


@lru_cache(maxsize=1024)
def _reason(of_node: bool, error: str) -> str:
    """Return the phrase of a finding of k8sgpt, by the words of Kubernetes in it.

    Remembered, for thousands of findings say the same and are told again and again.
    """
    error = error.lower()
    if of_node and any(words in error for words in _NODE_READY):
        return "node_not_ready"
    return next((phrase for words, phrase in _REASONS if words in error), "finding")


def name_of(problem: Problem) -> str:
    """Return the whole name of what has the problem, as its system calls it."""
    match problem.kind:
        case "k8sgpt_finding":
            return app_of(problem.name, problem.details.get("kind", ""))
        case "pod_restarting":
            return app_of(problem.name)
        case "backup_failed":
            # A backup is called by what it saves; the job's name is the same everywhere.
            return problem.name.partition("/")[0]
    return problem.name


def where(problem: Problem) -> str:
    """Return the name of the thing that an alert is about, empty where it does not say."""
    details = problem.details
    for label in _WHERE:
        if (name := details.get(label)) and (label != "instance" or not name[:1].isdigit()):
            if label == "instance":
                return name.partition(":")[0]
            return app_of(name) if label == "pod" else name
    return ""


def thing(problem: Problem) -> Thing | None:
    """Return what has the problem, so that several problems of the same thing can be told as one."""
    kind, name, source = problem.kind, problem.name, problem.source
    object_kind = problem.details.get("kind", "")
    if kind == "node_not_ready" or (kind == "k8sgpt_finding" and object_kind == "Node"):
        return Thing(Scope.NODE, name, source)
    if kind == "pod_restarting" or (kind == "k8sgpt_finding" and object_kind in _OF_AN_APP):
        return Thing(Scope.APP, app_of(name, object_kind or "Pod"), source)
    if kind == "flux_not_ready" and object_kind == "HelmRelease":
        return Thing(Scope.APP, name, source)
    if kind == "argocd_degraded":
        return Thing(Scope.DEPLOYED, name.rpartition("/")[2], source)
    return Thing(Scope.ALERT, f"{name} {where(problem)}") if kind == "alert" else None
