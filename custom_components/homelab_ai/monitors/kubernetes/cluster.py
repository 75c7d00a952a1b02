"""The monitor of a cluster: which resources it follows, and what it makes of them."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
import math
import time
from typing import Any

from homeassistant.const import CONF_TOKEN

from ...api.errors import (
    ApiAuthenticationError,
    ApiBusyError,
    ApiError,
    ApiForbiddenError,
    ApiTokenMissingError,
)
from ...api.kubernetes import objects as resources
from ...api.kubernetes.client import KubernetesClient, Resource
from ...api.kubernetes.results import FINDINGS
from ...api.kubernetes.token import expiry
from ...api.kubernetes.watch import Backoff, Groups, Timing, Watched
from ...health.evidence import Evidence
from ...health.problem import Problem
from ...health.unseen import Reason, Unseen
from ...topology import Thing, ThingKind
from ..capabilities import TellsBackups
from ..fields import TOKEN, VERIFY, certificate, whole
from ..monitor import Introduction, Monitor, MonitorBinarySensor, MonitorSensor, Settings
from . import backup_view, table, thing_table
from .applications import argocd, carry_application, note_application
from .asking import DRY_RUN, AskedCluster
from .backups import Backups
from .data import BINARY_SENSORS, SENSORS, KubernetesData
from .evidence import Delivery, evidence
from .findings import findings, note as note_finding
from .gitops import carry_flux, flux, note_flux
from .introduction import introduce, met
from .judging import Judge, latest
from .noted import by_id, cautious, is_trouble, itself
from .storage import note as note_volume, storage
from .things import ClusterThings
from .view import View
from .workloads import carry_node, nodes, note_node, note_pod, pods

CONF_RPO_HOURS = "rpo_hours"
CONF_MAX_RESTARTS = "max_restarts"
DEFAULT_RPO_HOURS = 24
DEFAULT_MAX_RESTARTS = 5

DISCOVERY = "/apis"
"""What stands for discovery among what is forbidden."""
_DISCOVERY_INTERVAL = 300.0
_LISTS = 6  # at the same time
_LONG_SILENCE = 90.0
"""Seconds in which not one of all watches has said anything, not even a bookmark."""
_FIRST_LOOKS = 2.0
"""Seconds between two looks at least, for a cluster that has not been found yet."""


class KubernetesMonitor(Monitor[KubernetesData], TellsBackups[KubernetesData], AskedCluster):
    """One cluster, seen from outside through its API server.

    Watches keep everything up to date; a poll only looks whether the server is there, and lists what no
    watch can be had of.
    """

    kind = "kubernetes"
    manufacturer = "Kubernetes"
    manual = "kubernetes.md#give-it-a-token"
    scheme = "https"
    fields = (
        TOKEN,
        # A cluster nearly always has an authority of its own.
        certificate(advanced=False),
        VERIFY,
        whole(CONF_RPO_HOURS, 1, 24 * 30, DEFAULT_RPO_HOURS),
        whole(CONF_MAX_RESTARTS, 1, 1000, DEFAULT_MAX_RESTARTS),
        DRY_RUN,
    )
    interval = timedelta(seconds=60)
    thing_kind = ThingKind.CLUSTER
    has_page = False
    follows = True

    def __init__(self, settings: Settings, timing: Timing | None = None) -> None:
        """Ask nothing yet; `timing` is for the impatient."""
        super().__init__(settings)
        self._token = str(settings.data.get(CONF_TOKEN, "")).strip()
        self._client = KubernetesClient(settings.session, settings.connection, self._token)
        self._timing = timing or Timing()
        self._groups = Groups()
        self._watched: list[Watched[Any, Any]] = []
        self._version = ""
        self._looked_at = self._discovered_at = -math.inf
        self._refused_at: float | None = None
        self._undiscovered = ""
        self._hurried = False
        self._found = asyncio.Event()
        self._lists = asyncio.Semaphore(_LISTS)
        self._things = ClusterThings(settings.source, settings.name)
        self._make_views()

    async def fetch(self) -> KubernetesData:
        await self._look()
        async with asyncio.TaskGroup() as tasks:
            for watched in self._watched:
                tasks.create_task(self._refresh(watched))
        if any(watched.unread and not watched.forbidden for watched in self._watched):
            # One resource may have its own trouble; where the server itself cannot work, that is the reason.
            await self._client.ready()
        data = self._data()
        followed = {
            watched.resource.name: watched
            for watched in self._watched
            if watched.resource.name in thing_table.THINGS
        }
        return replace(data, things=await self._things.update(followed, self.backups(data)))

    async def check(self) -> None:
        """Raise ApiError also for a token that may read nothing at all: its account has no role yet.

        Of each resource one object is asked for, until one has been had: a large cluster takes longer to
        list than a person waits.
        """
        await self._look(is_known=False)
        paths = [path for row in table.ROWS.values() if (path := self._groups.path(row.resource))]
        tasks = [asyncio.create_task(met(self._client, path)) for path in paths]
        try:
            for look in asyncio.as_completed(tasks):
                if await look is None:
                    return
        finally:
            for task in tasks:
                task.cancel()
        # What is not there, or fails, is no reason to refuse a cluster that has told its version.
        answers = (look.result() for look in tasks if look.done() and not look.cancelled())
        if forbidden := next((answer for answer in answers if isinstance(answer, ApiForbiddenError)), None):
            if not self._token:
                # Anybody may read the version.
                raise ApiTokenMissingError("the cluster wants a token") from forbidden
            raise forbidden

    async def introduce(self) -> Introduction:
        return await introduce(self._client, self._groups, (row.resource for row in table.ROWS.values()))

    async def follow(self, changed: Callable[[], None]) -> None:
        await self._wait_until_found(changed)
        async with asyncio.TaskGroup() as tasks:
            for watched in self.followed:
                tasks.create_task(watched.follow(self._hurrying(watched, changed)))

    @property
    def followed(self) -> list[Watched[Any, Any]]:
        """Return what is watched; the rest is listed."""
        return [watched for watched in self._watched if not _is_quiet(watched.resource)]

    async def _refresh(self, watched: Watched[Any, Any]) -> None:
        """List what is due, not everything at once: each list that runs has a connection of its own."""
        async with self._lists:
            await watched.refresh()

    async def _wait_until_found(self, changed: Callable[[], None]) -> None:
        """Hurry the polls until one has found the cluster: what to follow is only known then."""
        backoff = Backoff(self._timing)
        while not self._found.is_set():
            try:
                async with asyncio.timeout(max(_FIRST_LOOKS, backoff.next())):
                    await self._found.wait()
            except TimeoutError:
                changed()

    def forget(self) -> None:
        for watched in self._watched:
            watched.forget()
        self._data()  # what was made of them goes, too
        self._things = ClusterThings(self.settings.source, self.settings.name)

    def problems(self, data: KubernetesData) -> Mapping[str, Problem]:
        return data.problems

    def not_seen(self, data: KubernetesData) -> tuple[Unseen, ...]:
        parts = [
            Unseen(row.topic, Reason.FORBIDDEN if name in data.forbidden else Reason.FAILED)
            for name, row in table.ROWS.items()
            if name in data.unread
        ]
        return tuple(dict.fromkeys(parts))

    def is_unread(self, data: KubernetesData, problem: Problem) -> bool:
        return any(row.can_be(problem) for name, row in table.ROWS.items() if name in data.unread)

    async def evidence(self, data: KubernetesData, problem: Problem) -> tuple[Evidence, ...]:
        return await evidence(self._client, data, self._delivery, problem)

    def backups(self, data: KubernetesData) -> Mapping[str, datetime | None]:
        return data.backups.last_good if data.backups is not None else {}

    def credential_expires(self) -> datetime | None:
        return expiry(self._token)

    def version(self, data: KubernetesData) -> str | None:
        return data.version

    def things(self, data: KubernetesData) -> Mapping[str, Thing]:
        return data.things

    def sensors(self) -> tuple[MonitorSensor[KubernetesData], ...]:
        return SENSORS

    def binary_sensors(self) -> tuple[MonitorBinarySensor[KubernetesData], ...]:
        return BINARY_SENSORS

    def _make_views(self) -> None:
        """Make what is watched, and what it is watched for."""
        report = self._report = cautious(self.problem)
        max_restarts = int(self.settings.data.get(CONF_MAX_RESTARTS, DEFAULT_MAX_RESTARTS))
        self._judged = [(row, self._view_of(row)) for row in table.ROWS.values() if row.judgements]
        found = self._watch(FINDINGS, note_finding(report))
        kustomizations = self._watch(resources.KUSTOMIZATIONS, note_flux(report), carry_flux)
        releases = self._watch(resources.HELM_RELEASES, note_flux(report), carry_flux)
        applications = self._watch(resources.APPLICATIONS, note_application(report), carry_application)
        volumes = self._watch(resources.VOLUMES, note_volume(report))
        node_states = self._watch(resources.NODES, note_node(report), carry_node)
        pod_states = self._watch(resources.PODS, note_pod(report, max_restarts))
        self._findings = View(lambda: findings(list(found)), found)
        self._flux = self._by_clock(
            lambda now: flux([*kustomizations, *releases], now, report), kustomizations, releases
        )
        self._argocd = self._by_clock(lambda now: argocd(applications, now), applications)
        self._storage = self._by_clock(lambda now: storage(list(volumes), now), volumes)
        self._nodes = self._by_clock(lambda now: nodes(list(node_states), now), node_states)
        self._pods = self._by_clock(lambda now: pods(pod_states, now, max_restarts), pod_states)
        self._backups = self._view_of_backups()
        self._delivery = Delivery(kustomizations, releases, applications)
        for resource in thing_table.OPTIONAL:
            self._watch(resource, itself)

    def _view_of(self, row: table.Row) -> View[Mapping[str, Problem]]:
        """Return the problems of the objects of a row that are judged one by one."""
        judge = Judge(row.noun, row.judgements, self._report)
        watched = self._watch(row.resource, judge.note, judge.carry)
        return self._by_clock(lambda now: by_id(latest(watched), now), watched)

    def _view_of_backups(self) -> View[Backups]:
        for resource in backup_view.ALONE:
            self._watch(resource, itself)
        told = backup_view.Told(*map(self._of, backup_view.NAMES))
        rpo = timedelta(hours=self.settings.data.get(CONF_RPO_HOURS, DEFAULT_RPO_HOURS))
        judge = partial(told.judge, rpo=rpo, report=self._report)
        return self._by_clock(judge, *told.followed, also=told.also)

    def _by_clock[ValueT](
        self,
        make: Callable[[datetime], ValueT],
        *watched: Watched[Any, Any],
        also: tuple[Watched[Any, Any], ...] = (),
    ) -> View[ValueT]:
        return View(lambda: make(datetime.now(UTC)), *watched, by_clock=True, also=also)

    def _of(self, name: str) -> Watched[Any, Any]:
        return next(watched for watched in self._watched if watched.resource.name == name)

    def _watch[ItemT, KeptT](
        self,
        resource: Resource[ItemT],
        keep: Callable[[ItemT], KeptT],
        carry: Callable[[ItemT, KeptT], ItemT] | None = None,
    ) -> Watched[ItemT, KeptT]:
        timing = replace(self._timing, stale=self._timing.quiet) if _is_quiet(resource) else self._timing
        sketch = thing_table.THINGS[resource.name].read if resource.name in thing_table.THINGS else None
        watched = Watched(self._client, self._groups, resource, keep, timing, carry=carry, also=sketch)
        self._watched.append(watched)
        return watched

    def _hurrying(self, watched: Watched[Any, Any], changed: Callable[[], None]) -> Callable[[], None]:
        """Return what a change calls: a server that has just spoken need not be asked whether it is there."""

        def hurry() -> None:
            self._hurried = watched.error is None
            changed()

        return hurry

    async def _look(self, *, is_known: bool = True) -> None:
        """Look whether the server is there and knows the token, which it did unless not `is_known`.

        Raises ApiError.
        """
        now = time.monotonic()
        hurried, self._hurried = self._hurried, False
        if hurried and now - self._looked_at < self.interval.total_seconds():
            return
        self._looked_at = -math.inf
        self._version = await (self._ask_version() if is_known else self._client.version())
        heard_at = max((watched.heard_at for watched in self._watched), default=-math.inf)
        if math.isfinite(heard_at) and now - heard_at > _LONG_SILENCE:
            await self._client.ready()
        await self._discover(now)
        self._looked_at = now
        self._found.set()

    async def _ask_version(self) -> str:
        """Return the server's version. Raises ApiError; a refusal is "not yet" for as long as it is in doubt.

        The token has been good when the cluster was added.
        """
        try:
            version = await self._client.look()
        except ApiForbiddenError as err:
            now = time.monotonic()
            if self._refused_at is None:
                self._refused_at = now
            if now - self._refused_at < self._timing.doubt:
                raise ApiBusyError(f"the API server is not ready: {err}", err.status) from err
            raise ApiAuthenticationError(str(err)) from err
        self._refused_at = None
        return version

    async def _discover(self, now: float) -> None:
        """Look now and then which systems the cluster has."""
        if now - self._discovered_at < _DISCOVERY_INTERVAL:
            return
        try:
            self._groups.known = await self._client.discover()
        except ApiForbiddenError as err:
            # Then every resource is asked for, and the server says of each whether it is there.
            self._undiscovered = str(err)
        except ApiAuthenticationError:
            raise
        except ApiError:
            # What was found before is still there; the next poll tries again.
            return
        else:
            self._undiscovered = ""
        self._discovered_at = now

    def _data(self) -> KubernetesData:
        parts = (
            findings := self._findings.now(),
            flux := self._flux.now(),
            argocd := self._argocd.now(),
            backups := self._backups.now(),
            storage := self._storage.now(),
            nodes := self._nodes.now(),
            pods := self._pods.now(),
        )
        problems: dict[str, Problem] = {}
        for part in parts:
            if part is not None:
                problems |= part.problems
        trouble: dict[str, bool] = {}
        for row, view in self._judged:
            if (state := view.now()) is not None:
                problems |= state
                trouble[row.topic] = trouble.get(row.topic, False) or is_trouble(state)
        return KubernetesData(
            self._version,
            findings,
            flux,
            argocd,
            backups,
            storage,
            nodes,
            pods,
            self._forbidden(),
            {watched.resource.name: watched.unread for watched in self._watched if watched.unread},
            problems,
            trouble,
        )

    def _forbidden(self) -> dict[str, str]:
        forbidden = {watched.resource.name: watched.forbidden for watched in self._watched}
        return {
            name: message for name, message in {DISCOVERY: self._undiscovered, **forbidden}.items() if message
        }


def _is_quiet(resource: Resource[Any]) -> bool:
    """Return whether a resource is only listed; what is read for the sake of things alone is in no hurry."""
    row = table.ROWS.get(resource.name)
    return row is None or row.is_quiet
