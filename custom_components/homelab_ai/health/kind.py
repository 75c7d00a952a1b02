"""What a kind of problem is: all that the house knows of it, as one row of `kinds`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType

from .facts import Facts, text_of
from .problem import Severity
from .subjects import Subject, nothing

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
    PULL_REQUESTS = "pull_requests"
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
        Family.PULL_REQUESTS: frozenset(
            ("pullrequest", "pullrequests", "mergerequest", "mergerequests", "pr", "prs")
        ),
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

    `second_hand` marks what others say of a thing: what the thing says itself comes first.

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
    second_hand: bool = False
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
