"""A thing: one object of the homelab, with what is known of it and what it is tied to."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

type FactValue = str | int | float | bool | datetime | timedelta


class ThingKind(StrEnum):
    """What a thing is. The order is that of cause: what stands first explains what stands later."""

    CLUSTER = "cluster"
    HUB = "hub"
    SYSTEM = "system"
    NODE = "node"
    DEVICE = "device"
    VOLUME = "volume"
    CLAIM = "claim"
    SOURCE = "source"
    GITOPS = "gitops"
    NAMESPACE = "namespace"
    APP = "app"
    WORKLOAD = "workload"
    POD = "pod"
    MODEL = "model"
    BACKUP_PLAN = "backup_plan"
    CERTIFICATE = "certificate"
    PAGE = "page"
    ENTITY = "entity"
    INTEGRATION = "integration"
    ALERT = "alert"
    PULL_REQUEST = "pull_request"

    @property
    def rank(self) -> int:
        """Return 0 for what explains most."""
        return _RANKS[self]


_RANKS = {kind: rank for rank, kind in enumerate(ThingKind)}


class State(StrEnum):
    """How a thing is."""

    OK = "ok"
    TROUBLE = "trouble"
    OFF = "off"
    UNKNOWN = "unknown"


class LinkKind(StrEnum):
    """What one thing is to another; read "the thing … the target"."""

    PART_OF = "part_of"
    RUNS_ON = "runs_on"
    STORES_IN = "stores_in"
    SERVED_BY = "served_by"
    NEEDS = "needs"
    DELIVERED_BY = "delivered_by"
    BACKED_UP_BY = "backed_up_by"

    @property
    def carries_trouble(self) -> bool:
        """Return whether trouble of the target is trouble of the thing; a failed backup is not."""
        return self is not LinkKind.BACKED_UP_BY

    @property
    def is_transparent(self) -> bool:
        """Return whether a target without trouble of its own passes on what troubles it.

        A pod and its deployment are one to a person, and so are a claim and its volume. All other targets
        stand between: where a release is well, what it is delivered from does not explain its pods.
        """
        return self in (LinkKind.PART_OF, LinkKind.STORES_IN)


@dataclass(frozen=True, slots=True)
class Link:
    """What a thing is tied to: `target` is the id of a thing, or a key that one answers to."""

    kind: LinkKind
    target: str


@dataclass(frozen=True, slots=True)
class Fact:
    """Something measured or set of a thing; `unit` as Home Assistant writes it, empty without one."""

    key: str
    value: FactValue
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Thing:
    """One object of the homelab.

    `id` is stable and begins with the source that tells of it; `source` is a subentry's id, or the entry's
    for the first hub. `name` is the one people say, `place` what it is in (a namespace, a cluster). `keys`
    are what other systems may know it by, such as "node:worker-1" or "address:web.home:443": links and
    problems of other sources name these. `aliases` are other names that people use. `url` is a page that a
    person can open. `detail` is the kind's own word for it, as "StatefulSet".
    """

    id: str
    kind: ThingKind
    name: str
    source: str
    place: str = ""
    detail: str = ""
    state: State = State.UNKNOWN
    facts: tuple[Fact, ...] = ()
    links: tuple[Link, ...] = ()
    keys: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    url: str = ""

    def fact(self, key: str) -> FactValue | None:
        """Return the value of a fact, None where it is not known."""
        return next((fact.value for fact in self.facts if fact.key == key), None)
