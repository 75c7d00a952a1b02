"""What a cluster says about one problem: its object, what made it, and what has happened to them.

Only reads, and only what docs/kubernetes.md lets the token read; what it may not is left out and named.
"""

import asyncio
from collections.abc import Awaitable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from ...api.errors import ApiConnectionError, ApiError, ApiForbiddenError, ApiNotFoundError
from ...api.kubernetes.client import KubernetesClient
from ...api.kubernetes.history import ClusterEvent, Container, LookedUp, Reference, events_of, look_up
from ...api.kubernetes.objects import Application, FluxObject
from ...health.evidence import Evidence, said_something
from ...health.problem import Problem
from ...values.text import text
from .data import KubernetesData
from .noted import Noted, full_name

PATIENCE = 4.0
"""Seconds for all that is asked about one problem."""
MOST_OBJECTS = 4
"""An object and its owners: a pod, its replica set, its deployment, and what made that."""
MOST_EVENTS = 6


@dataclass(frozen=True, slots=True)
class Delivery:
    """What delivers objects to the cluster, of what is watched anyway."""

    kustomizations: Iterable[Noted[FluxObject]]
    releases: Iterable[Noted[FluxObject]]
    applications: Iterable[Noted[Application]]

    def flux(self, reference: Reference) -> FluxObject | None:
        """Return a Kustomization or a HelmRelease."""
        among = self.kustomizations if reference.kind == "Kustomization" else self.releases
        name = (reference.namespace, reference.name)
        return next((item.item for item in among if (item.item.namespace, item.item.name) == name), None)

    def application(self, name: str, namespace: str | None = None) -> Application | None:
        """Return an application, of any namespace unless one is said."""
        items = (application.item for application in self.applications if application.item.name == name)
        return next((item for item in items if namespace in (None, item.namespace)), None)


_KINDS = (
    ("pod_", "Pod"),
    ("node_", "Node"),
    ("backup_failed", "Backup"),
    ("volume_", "Volume"),
    ("argocd_", "Application"),
)
"""The kind of the object, by how the kind of its problem begins, where no fact says it."""
_NAMED_BY: Mapping[str, str] = {
    "backup_failed": "backup",
    "volume_degraded": "volume",
    "volume_faulted": "volume",
    "volume_unscheduled": "volume",
}
"""The fact that names the object, where its problem is called by something else."""


def subject_of(problem: Problem) -> Reference | None:
    """Return the object that a problem is about, None where it is about none or that cannot be told."""
    details = problem.details
    kind = details.get("kind") or next((kind for begin, kind in _KINDS if problem.kind.startswith(begin)), "")
    fact = _NAMED_BY.get(problem.kind)
    name = details.get(fact, "") if fact else details.get("object") or problem.name
    namespace, _, own = name.rpartition("/")
    reference = Reference(text(kind), text(namespace), text(own))
    return reference if reference.is_sound else None


async def evidence(
    client: KubernetesClient, data: KubernetesData, delivery: Delivery, problem: Problem
) -> tuple[Evidence, ...]:
    """Return what the cluster says about a problem, within a few seconds; raises nothing."""
    subject = subject_of(problem)
    inquiry = Inquiry(client, subject)
    if subject is not None:
        await inquiry.ask()
    details = dict(problem.details)
    explanation = details.pop("explanation", "")
    if problem.kind == "backup_overdue" and data.backups is not None:
        details["last good backup"] = _moment(data.backups.last_good.get(problem.name)) or "never"
    return said_something(
        (
            Evidence.listed("Finding", details),
            Evidence.of("Explanation by k8sgpt", explanation),
            *inquiry.objects(),
            Evidence.of("Owner", inquiry.chain),
            Evidence.of("Events", *(_happened(event) for event in inquiry.latest())),
            Evidence.of("GitOps", *_delivered(subject, inquiry.found.values(), delivery)),
            Evidence.of("Left out", *(f"{name}: {why}" for name, why in inquiry.left_out.items())),
        )
    )


class Inquiry:
    """One object and its owners, asked about at once; what has come in time is kept."""

    def __init__(self, client: KubernetesClient, subject: Reference | None) -> None:
        """Ask nothing yet."""
        self.found: dict[Reference, LookedUp] = {}
        self.left_out: dict[str, str] = {}
        self._client = client
        self._chain = [subject] if subject else []
        self._events: list[ClusterEvent] = []

    async def ask(self) -> None:
        """Ask about everything, for a few seconds at most."""
        try:
            async with asyncio.timeout(PATIENCE), asyncio.TaskGroup() as tasks:
                await self._climb(tasks)
        except TimeoutError:
            self.left_out["the rest"] = "the API server took too long"

    @property
    def chain(self) -> str:
        """Return what made what, empty where nothing did."""
        return " of ".join(str(reference) for reference in self._chain) if len(self._chain) > 1 else ""

    def latest(self) -> list[ClusterEvent]:
        """Return what has happened: warnings first, each kind the latest first, and each thing once."""
        ordered = sorted(self._events, key=lambda event: (event.kind == "Normal", _age(event)))
        different: dict[tuple[str, str], ClusterEvent] = {}
        for event in ordered:
            different.setdefault((event.reason, event.message), event)
        return list(different.values())[:MOST_EVENTS]

    def objects(self) -> Iterator[Evidence]:
        """Yield how the objects are, by their kind; nothing in a title was written by anybody else."""
        for item, answer in self.found.items():
            pods = f"{answer.ready} of {answer.wanted} pods are ready" if answer.wanted is not None else ""
            texts = (answer.phase, answer.reason, answer.message, pods)
            containers = (_container(container) for container in answer.containers)
            parts = [part for part in (*texts, *containers, *answer.trouble) if part]
            if parts:
                yield Evidence.of(item.kind, full_name(item.namespace, item.name), *parts)

    async def _climb(self, tasks: asyncio.TaskGroup) -> None:
        """Look up an object, then its owner, and so on; ask for the events of each meanwhile."""
        while True:
            at = self._chain[-1]
            tasks.create_task(self._ask_events(at))
            if at.resource is None:
                return
            answer = await self._try(at.resource, look_up(self._client, at))
            if answer is None:
                return
            self.found[at] = answer
            owner = answer.owner
            if owner is None or not owner.is_sound or len(self._chain) == MOST_OBJECTS:
                return
            self._chain.append(owner)

    async def _ask_events(self, one: Reference) -> None:
        self._events += await self._try("events", events_of(self._client, one)) or []

    async def _try[ResultT](self, what: str, request: Awaitable[ResultT]) -> ResultT | None:
        """Return what was asked for; where that cannot be had, note why."""
        try:
            return await request
        except ApiForbiddenError:
            self.left_out[what] = "the token may not read this"
        except ApiNotFoundError:
            self.left_out[what] = "not there any more"
        except ApiConnectionError:
            self.left_out[what] = "the API server did not answer"
        except ApiError as err:
            self.left_out[what] = str(err)
        return None


def _delivered(subject: Reference | None, owners: Iterable[LookedUp], delivery: Delivery) -> Iterator[str]:
    """Yield what delivers an object, and where from; of the owners the last is what was delivered."""
    if subject is not None and subject.kind in ("Kustomization", "HelmRelease"):
        yield _flux(subject, delivery.flux(subject))
        return
    if subject is not None and subject.kind == "Application":
        if application := delivery.application(subject.name, subject.namespace):
            yield _application(application)
        return
    for owner in reversed(tuple(owners)):
        if owner.flux is not None:
            yield _flux(owner.flux, delivery.flux(owner.flux))
            return
        if owner.argocd and (application := delivery.application(owner.argocd)):
            yield _application(application)
            return


def _flux(reference: Reference, item: FluxObject | None) -> str:
    if item is None:
        return str(reference)
    state = "is ready" if item.ready else "is not ready"
    if item.suspended or item.ready is None:
        state = "is suspended" if item.suspended else "is being reconciled"
    return f"{reference} {state}, delivers {item.origin}"


def _application(application: Application) -> str:
    name = full_name(application.namespace, application.name)
    return f"Application {name} is {application.sync} and {application.health}, delivers {application.origin}"


def _container(one: Container) -> str:
    """Return how a container is, empty where all is well."""
    parts = []
    if one.waiting:
        parts.append(f"waits: {one.waiting}" + (f" ({one.message})" if one.message else ""))
    if one.ended:
        code = "" if one.exit_code is None else f" with exit code {one.exit_code}"
        parts.append(f"last ended {one.ended}{code} {_moment(one.ended_at)}".strip())
    if one.restarts:
        parts.append(f"{one.restarts} restarts")
    return f"container {one.name}: {', '.join(parts)}" if parts else ""


def _happened(event: ClusterEvent) -> str:
    times = f" {event.count}×" if event.count > 1 else ""
    return f"{_moment(event.last)}{times} {event.reason}: {event.message}".strip()


def _moment(at: datetime | None) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}" if at else ""


def _age(event: ClusterEvent) -> float:
    return -event.last.timestamp() if event.last else 0.0
