"""What tells of backups in a cluster: which resources, and what they come down to."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from ...api.kubernetes import objects as resources
from ...api.kubernetes.client import Resource
from ...api.kubernetes.sights import Sights
from ...api.kubernetes.watch import Watched
from .backups import Backups, K8up, Longhorn, Systems, claims_of, others_of
from .noted import Noted, Report

ALONE: tuple[Resource[Any], ...] = (
    resources.SCHEDULES,
    resources.BACKUPS,
    resources.SNAPSHOTS,
    resources.RECURRING_JOBS,
)
"""Those that nothing else is made of."""
NAMES = (
    *(resource.name for resource in ALONE),
    "volumes.longhorn.io",
    "persistentvolumeclaims",
    "schedules.velero.io",
    "backups.velero.io",
    "replicationsources.volsync.backube",
)
"""All of them, in the order of the fields of `Told`."""


@dataclass(frozen=True, slots=True)
class Told:
    """The resources that tell of backups."""

    schedules: Watched[Any, Any]
    jobs: Watched[Any, Any]
    snapshots: Watched[Any, Any]
    recurring: Watched[Any, Any]
    volumes: Watched[Any, Any]
    claims: Watched[Any, Any]
    plans: Watched[Any, Any]
    done: Watched[Any, Any]
    sources: Watched[Any, Any]

    @property
    def followed(self) -> tuple[Watched[Any, Any], ...]:
        """Return those that make a cluster one with backups."""
        return (self.schedules, self.jobs, self.snapshots, self.volumes, self.plans, self.done, self.sources)

    @property
    def also(self) -> tuple[Watched[Any, Any], ...]:
        """Return those that only add to it."""
        return (self.recurring, self.claims)

    def judge(self, now: datetime, rpo: timedelta, report: Report) -> Backups:
        """Return how the backups are doing."""
        k8up = K8up(
            list(self.schedules) if self.schedules.known else None,
            list(self.jobs) if self.jobs.known else None,
            list(self.snapshots) if self.snapshots.known else None,
            claims_of(_items(self.claims)),
        )
        has_k8up = self.schedules.known or self.jobs.known or self.snapshots.known
        longhorn = Longhorn([noted.item for noted in self.volumes], list(self.recurring))
        others = others_of(_items(self.plans), _items(self.done), _items(self.sources), now)
        return Systems(k8up if has_k8up else None, longhorn, others).judge(now, rpo, report)


def _items(watched: Iterable[Noted[Sights]]) -> Iterator[Sights]:
    return (noted.item for noted in watched)
