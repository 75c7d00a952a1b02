"""The kinds of problems: one row each, and all that the house knows of a kind is in its row.

A new kind is one row here and one phrase in each language (`language/words`), see docs/architecture.md.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType

from .facts import Facts, count_of, figure_of, text_of
from .problem import HUB_OFFLINE, Problem, Severity
from .reasons import reason_of
from .subjects import Subject, nothing, of_alert, of_claim, of_kind, of_object

OFFLINE = "offline"
"""The kind of the problem of a system that does not answer."""
STANDBY_OFFLINE = "standby_offline"
MODEL_MISSING = "model_missing"
"""An agent's model is on none of the hubs that answer."""
MIDDLE = 5
"""The rank of what is neither likely to be a cause nor likely to be a consequence."""


class Scope(StrEnum):
    """What the name of a thing is unique in, so that several problems of one thing are told as one."""

    APP = "app"
    """With its namespace."""
    DEPLOYED = "deployed"
    """Without: Argo CD keeps what it deploys in a namespace of its own."""
    NODE = "node"
    ALERT = "alert"


class Naming(StrEnum):
    """What of its name a problem is called by."""

    WHOLE = "whole"
    APP = "app"
    """What Kubernetes made up is left out."""
    NAMESPACE = "namespace"
    """What is before the slash."""
    ALERT = "alert"
    """As words, for it is written as one, and with the thing that it is about."""


class Family(StrEnum):
    """What people call problems of several kinds by."""

    ALERTS = "alerts"
    ARGOCD = "argocd"
    BACKUPS = "backups"
    CERTIFICATES = "certificates"
    FLUX = "flux"
    K8SGPT = "k8sgpt"
    NODES = "nodes"
    VOLUMES = "volumes"


ALIASES: Mapping[Family, frozenset[str]] = MappingProxyType(
    {
        Family.ALERTS: frozenset(("alert", "alerts", "alarm", "alarme", "alarms")),
        Family.ARGOCD: frozenset(("argo", "argocd", "gitops")),
        Family.BACKUPS: frozenset(("backup", "backups", "sicherung", "sicherungen", "datensicherung")),
        Family.CERTIFICATES: frozenset(("certificate", "certificates", "zertifikat", "zertifikate")),
        Family.FLUX: frozenset(("flux", "gitops")),
        Family.K8SGPT: frozenset(("k8sgpt", "kubegpt")),
        Family.NODES: frozenset(("node", "nodes", "knoten")),
        Family.VOLUMES: frozenset(("volume", "volumes", "storage", "longhorn", "speicher")),
    }
)
"""The words for a family, in small letters and without separators; plurals are listed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Object:
    """What a problem of a kind is about where its fact `kind` names an object; see `Kind` for the fields."""

    noun: str = ""
    cause: int = MIDDLE
    scope: Scope | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of problem.

    How bad: `severity`, `needs_hub` and `patience` are those of `Problem`, unless a monitor knows better.

    Its place among others: `cause` is the rank in which problems of the same severity are told, the likely
    causes (0) first. `silences` marks that a system does not answer any more, so that what it said before may
    be out of date; `stops_hub` marks the cause of all problems that need the hub.

    What it is about: `noun` is a key of a language's nouns, empty where a name says what it is; `scope` tells
    which problems are about the same thing, None where no other is. `objects` say otherwise by the fact
    `kind`, for kinds that are about several sorts of objects.

    Its words: `phrase` is a key of a language's phrases, the kind's own where it is empty; `variant` returns
    another one where the facts say so, else an empty text. `naming` says what of the name is said, `since`
    which fact is the moment since when, `until` which is the moment ahead and `over` the phrase once that has
    passed. `quotes_summary` where the summary is the system's own words; of all others the facts `error` or
    `message` are.

    What people call it: by the words of its `family`, by those of its `aliases`, and by the names of what it
    is also `about`.

    Which thing has it, so that it is told with what explains it: the system itself (`of_system`), or what
    `subject` makes of name and facts.
    """

    key: str
    severity: Severity = Severity.WARNING
    needs_hub: bool = False
    patience: timedelta = timedelta()
    cause: int = MIDDLE
    silences: bool = False
    stops_hub: bool = False
    noun: str = ""
    scope: Scope | None = None
    objects: Mapping[str, Object] = field(default_factory=dict)
    phrase: str = ""
    variant: Callable[[Facts], str] | None = None
    naming: Naming = Naming.WHOLE
    since: str = ""
    until: str = ""
    over: str = ""
    quotes_summary: bool = False
    family: Family | None = None
    aliases: frozenset[str] = frozenset()
    about: tuple[str, ...] = ()
    of_system: bool = False
    subject: Subject = nothing

    def is_called(self, word: str) -> bool:
        """Return whether people call problems of this kind so; `word` is in the form of `ALIASES`."""
        return word in self.aliases or (self.family is not None and word in ALIASES[self.family])

    def phrase_of(self, facts: Facts) -> str:
        """Return the key of the phrase that tells a problem with these facts."""
        return (self.variant(facts) if self.variant else "") or self.phrase or self.key

    def object_of(self, facts: Facts) -> Object | Kind:
        """Return what has `noun`, `cause` and `scope` of a problem with these facts."""
        return (self.objects.get(text_of(facts, "kind")) if self.objects else None) or self


def row_of(key: str) -> Kind:
    """Return the kind of this key; of one that nobody knows, what holds for any."""
    return KINDS.get(key) or Kind(key=key)


def kind_of(problem: Problem) -> Kind:
    """Return the kind of a problem."""
    return row_of(problem.kind)


def _of_app(noun: str) -> Object:
    return Object(noun=noun, cause=6, scope=Scope.APP)


_OBJECTS: Mapping[str, Object] = {
    "Pod": Object(noun="Pod", cause=5, scope=Scope.APP),
    "Deployment": _of_app("Deployment"),
    "ReplicaSet": _of_app("ReplicaSet"),
    "StatefulSet": _of_app("StatefulSet"),
    "DaemonSet": _of_app("DaemonSet"),
    "Service": _of_app("Service"),
    "Ingress": Object(noun="Ingress", cause=6),
    "PersistentVolumeClaim": Object(noun="PersistentVolumeClaim", cause=4),
    "Job": Object(noun="Job", cause=6),
    "CronJob": Object(noun="CronJob", cause=6),
    "Node": Object(noun="Node", cause=1, scope=Scope.NODE),
}


def _scans(facts: Facts) -> str:
    failures = count_of(facts, "failures")
    return {None: "", 1: "scan_failed"}.get(failures, "scans_counted")


def _status(facts: Facts) -> str:
    status, expected = count_of(facts, "status"), count_of(facts, "expected")
    return "web_status" if None not in (status, expected) and status != expected else ""


def _query(facts: Facts) -> str:
    side = text_of(facts, "side")
    return f"query_{side}" if side in ("above", "below") and figure_of(facts, "value") is not None else ""


_ROWS = (
    # The hubs, and every system
    Kind(key=HUB_OFFLINE, cause=0, stops_hub=True, of_system=True),
    Kind(key=STANDBY_OFFLINE, severity=Severity.INFO, noun="Standby", of_system=True),
    Kind(key=MODEL_MISSING),
    Kind(key=OFFLINE, cause=2, silences=True, of_system=True),
    # Apps
    Kind(key="hub_unreachable", needs_hub=True, of_system=True),
    Kind(key="app_unwell", quotes_summary=True, of_system=True),
    Kind(key="paperless_offline", about=("Paperless-ngx",), of_system=True),
    Kind(key="scans_failed", needs_hub=True, variant=_scans, of_system=True),
    Kind(
        key="overdue",
        severity=Severity.INFO,
        needs_hub=True,
        # Since it last did something, not since that was too long ago.
        since="last",
        variant=lambda facts: "" if "last" in facts else "overdue_long",
        of_system=True,
    ),
    # Pages
    Kind(key="web_unexpected", variant=_status, of_system=True),
    Kind(
        key="certificate_expires",
        noun="Certificate",
        until="expires",
        over="certificate_expired",
        family=Family.CERTIFICATES,
        of_system=True,
    ),
    # Prometheus and Alertmanager
    Kind(
        key="alert",
        cause=8,
        noun="Alert",
        scope=Scope.ALERT,
        naming=Naming.ALERT,
        quotes_summary=True,
        family=Family.ALERTS,
        subject=of_alert,
    ),
    Kind(key="query", variant=_query),
    Kind(
        key="volume_full",
        cause=3,
        noun="Volume",
        variant=lambda facts: "" if count_of(facts, "percent") is None else "volume_percent",
        family=Family.VOLUMES,
        subject=of_claim,
    ),
    # A cluster
    Kind(
        key="node_not_ready",
        severity=Severity.CRITICAL,
        cause=1,
        noun="Node",
        scope=Scope.NODE,
        family=Family.NODES,
        subject=of_kind("node"),
    ),
    Kind(
        key="pod_restarting",
        noun="Pod",
        scope=Scope.APP,
        naming=Naming.APP,
        variant=lambda facts: "memory" if text_of(facts, "reason") == "OOMKilled" else "",
        subject=of_kind("pod"),
    ),
    Kind(
        key="k8sgpt_finding",
        cause=6,
        objects=_OBJECTS,
        naming=Naming.APP,
        variant=lambda facts: reason_of(text_of(facts, "kind"), text_of(facts, "error")),
        family=Family.K8SGPT,
        subject=of_object,
    ),
    Kind(
        key="volume_faulted",
        severity=Severity.CRITICAL,
        cause=3,
        noun="Volume",
        family=Family.VOLUMES,
        subject=of_claim,
    ),
    Kind(key="volume_degraded", cause=4, noun="Volume", family=Family.VOLUMES, subject=of_claim),
    # A backup is called by what it saves; the job's name is the same everywhere. What was backed up before is
    # still there: once that is too old, it is overdue.
    Kind(
        key="backup_failed",
        noun="LastBackup",
        naming=Naming.NAMESPACE,
        family=Family.BACKUPS,
        subject=of_kind("backup"),
    ),
    Kind(
        key="backup_overdue",
        severity=Severity.CRITICAL,
        noun="Backup",
        family=Family.BACKUPS,
        subject=of_kind("backup"),
    ),
    # GitOps
    Kind(
        key="flux_not_ready",
        cause=7,
        objects={"HelmRelease": Object(cause=7, scope=Scope.APP)},
        variant=lambda facts: "flux_waiting" if text_of(facts, "reason") == "DependencyNotReady" else "",
        family=Family.FLUX,
        subject=of_object,
    ),
    Kind(key="flux_suspended", severity=Severity.INFO, family=Family.FLUX, subject=of_object),
    Kind(key="argocd_out_of_sync", family=Family.ARGOCD, subject=of_kind("application")),
    Kind(key="argocd_sync_unknown", family=Family.ARGOCD, subject=of_kind("application")),
    Kind(
        key="argocd_degraded",
        cause=7,
        scope=Scope.DEPLOYED,
        family=Family.ARGOCD,
        subject=of_kind("application"),
    ),
    Kind(key="argocd_operation_failed", cause=7, family=Family.ARGOCD, subject=of_kind("application")),
)
KINDS: dict[str, Kind] = {row.key: row for row in _ROWS}
"""All kinds of problems, by key."""
