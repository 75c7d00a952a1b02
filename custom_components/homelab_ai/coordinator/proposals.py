"""Proposals of a homelab: composed in a thread, opened one at a time, remembered for 90 days.

Imported only where there is a forge. Nothing here merges or approves: the forges cannot be told to.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.util import dt as dt_util

from ..api.errors import ApiConflictError, ApiError
from ..api.forge.forge import Forge
from ..api.forge.pull_request import PullRequest, State
from ..const import LOGGER
from ..language.proposals import proposal_words
from ..monitors.capabilities import ProposesChanges
from ..monitors.suggestions import roots_of
from ..proposals.audit import MOST_AN_HOUR, MOST_OPEN, Audit, Record, Status
from ..proposals.desk import Base, branch_name, clean, finish, open_draft, open_ones, read_base
from ..proposals.draft import body_of, branch_of, diff_of, id_of, title_of
from ..proposals.graph import Graph, build
from ..proposals.objects import PlannedObject, objects_of
from ..proposals.refusal import Reason, RefusedError
from ..proposals.repository import Repository
from ..proposals.verification import Verified, verify
from ..proposals.wish import Surroundings, Wish, plan_of
from .cluster_checks import cluster_among, cluster_checks
from .deliveries import FOLLOWED_FOR, clusters_among, in_force
from .monitor import MonitorCoordinator
from .storage import load, proposals_store
from .topology import TopologyCoordinator

FINISHED_WITHIN = timedelta(hours=1)
"""A proposal whose pull request was not opened for longer is nobody's wish any more: its branch goes."""
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks, in which words and language; and what a model had to do with it."""

    by: str
    """One of "person", "automation" and "voice"."""
    language: str
    user: str = ""
    request: str = ""
    model: str = ""
    exchanges: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a wish. `record` is None for a preview; `known` whether it was open before."""

    verified: Verified
    title: str
    body: str
    diff: str
    record: Record | None = None
    known: bool = False


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A repository as it was read, and what it delivers."""

    forge: Forge
    base: Base
    graph: Graph
    paths: tuple[str, ...]


class ProposalCoordinator:
    """The proposals of one homelab. Methods raise ApiError, and RefusedError with the reason."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry[Any],
        monitors: Sequence[MonitorCoordinator],
        things: TopologyCoordinator,
    ) -> None:
        """`monitors` are those of the homelab, see `ask`. `things` keep the timeline."""
        self.hass = hass
        self._entry = entry
        self._store = proposals_store(hass, entry.entry_id)
        self._audit = Audit()
        self._lock = asyncio.Lock()
        self._texts: dict[str, dict[str, str | None]] = {}
        self._things = things
        self._unlisten: list[CALLBACK_TYPE] = []
        self.ask(monitors)

    async def async_load(self) -> None:
        """Remember what was proposed before the restart."""
        self._audit = await load(self.hass, self._store, Audit)

    def ask(self, monitors: Sequence[MonitorCoordinator]) -> None:
        """Ask the forges and clusters among these systems, and none of those before."""
        self.close()
        self._texts.clear()
        self._cluster = cluster_among(monitors)
        self._clusters = clusters_among(monitors)
        self.forges = tuple(monitor for monitor in monitors if isinstance(monitor.monitor, ProposesChanges))

    @callback
    def follow(self) -> None:
        """Finish what was begun before a restart, and see what becomes of what is open."""
        for forge in self.forges:
            self._unlisten.append(forge.async_add_listener(partial(self._look_soon, forge)))
            self._look_soon(forge)
        for cluster in self._clusters:
            self._unlisten.append(cluster.async_add_listener(self._look_at_clusters))

    def close(self) -> None:
        """Listen to nobody any more."""
        while self._unlisten:
            self._unlisten.pop()()

    @property
    def records(self) -> tuple[Record, ...]:
        """Return all that was proposed, the latest last."""
        return self._audit.records

    async def snapshot(self, source: str) -> Snapshot:
        """Return the repository of a forge as it is now."""
        forge, monitor = await self._forge(source)
        if not (paths := monitor.paths):
            raise RefusedError(Reason.PATH, path="")
        # Right after a start nobody may have looked at it yet.
        base = monitor.base or (await forge.repository()).default_branch
        known = self._texts.setdefault(source, {})
        read = await read_base(forge, base, ("",), known)
        graph = await self._graph(source, read.repository)
        return Snapshot(forge, read, graph, paths)

    async def _graph(self, source: str, repository: Repository) -> Graph:
        """Return what a repository delivers; where it does not say from where, as the cluster says."""
        run = self.hass.async_add_executor_job
        try:
            return await run(build, repository)
        except RefusedError as err:
            monitor = next(forge.monitor for forge in self.forges if forge.source == source)
            roots = roots_of(self._things.topology, monitor.settings.connection.url)
            if err.reason is not Reason.NO_ROOT or not roots:
                raise
            return await run(build, repository, roots)

    async def propose(
        self, source: str, wish: Wish, around: Surroundings, asking: Asking, *, preview: bool
    ) -> Outcome:
        """Compose a change, and open a draft of it unless it is a preview."""
        async with self._lock:
            try:
                return await self._proposed(source, wish, around, asking, preview=preview)
            except ApiConflictError:
                # The base has moved since it was read: once more from how it is now.
                return await self._proposed(source, wish, around, asking, preview=preview)
            except RefusedError as err:
                if not preview:
                    await self.note_refusal(source, wish.change.value, wish.apps, asking, err)
                raise

    async def withdraw(self, source: str, number: int) -> Record | None:
        """Close a draft of ours and delete its branch. Those of others are refused."""
        async with self._lock:
            forge, _ = await self._forge(source)
            pull_request = await forge.pull_request(number)
            if not pull_request.ours:
                raise RefusedError(Reason.NOT_OURS, number=str(number))
            await forge.withdraw(number)
            record = self._record_of(source, number)
            if record is not None and record.status is Status.OPEN:
                record = self._audit.change(record, status=Status.WITHDRAWN)
                await self._save()
            return record

    async def _forge(self, source: str) -> tuple[Forge, ProposesChanges]:
        monitor = next(forge.monitor for forge in self.forges if forge.source == source)
        assert isinstance(monitor, ProposesChanges)
        return await monitor.forge(), monitor

    async def _proposed(
        self, source: str, wish: Wish, around: Surroundings, asking: Asking, *, preview: bool
    ) -> Outcome:
        snapshot = await self.snapshot(source)
        run = self.hass.async_add_executor_job
        verified, planned = await run(_planned, snapshot.graph, wish, around)
        checks = await cluster_checks(self.hass, self._cluster, planned)
        outcome = await run(_told, verified.with_checks(checks), asking)
        if preview:
            return outcome
        if not outcome.verified.may_open:
            raise RefusedError(Reason.POLICY, rules=", ".join(outcome.verified.failures)[:200])
        if (known := await self._known(snapshot.forge, source, outcome)) is not None:
            return replace(outcome, record=known, known=True)
        record = self._begin(source, snapshot, outcome, asking)
        await self._check_bounds(snapshot.forge, record)
        edits = outcome.verified.plan.edits
        begun = partial(self._remember, record)
        pull_request, was_open = await open_draft(
            snapshot.forge, snapshot.base, record, edits, snapshot.paths, begun
        )
        record = await self._opened(record, pull_request)
        return replace(outcome, record=record, known=was_open)

    async def _known(self, forge: Forge, source: str, outcome: Outcome) -> Record | None:
        """Return the open draft of the same wish, though its files may have changed since."""
        plan = outcome.verified.plan
        for record in self._audit.open(source):
            if (record.change, record.apps, record.title) == (plan.change, plan.apps, outcome.title):
                assert record.number is not None
                if (await forge.pull_request(record.number)).state is State.OPEN:
                    return record
        return None

    def _begin(self, source: str, snapshot: Snapshot, outcome: Outcome, asking: Asking) -> Record:
        plan = outcome.verified.plan
        proposal = id_of(plan)
        return Record(
            id=proposal,
            at=dt_util.utcnow(),
            source=source,
            asked_by=asking.by,
            user=asking.user,
            request=asking.request,
            change=plan.change.value,
            apps=plan.apps,
            targets=snapshot.graph.labels_of(plan.apps),
            title=outcome.title,
            body=outcome.body,
            branch=branch_name(branch_of(plan, proposal)),
            base=snapshot.base.branch.name,
            model=asking.model,
            exchanges=asking.exchanges,
        )

    async def _check_bounds(self, forge: Forge, record: Record) -> None:
        """Refuse a new draft where there are too many; one that is open already may be named again."""
        if await forge.of_branch(record.branch, record.base) is not None:
            return
        if self._audit.opened_since(dt_util.utcnow() - HOUR) >= MOST_AN_HOUR:
            raise RefusedError(Reason.TOO_SOON, most=str(MOST_AN_HOUR))
        if await open_ones(forge) >= MOST_OPEN:
            raise RefusedError(Reason.TOO_MANY_OPEN, most=str(MOST_OPEN))

    async def _remember(self, record: Record) -> None:
        self._audit.put(record, dt_util.utcnow())
        await self._save()

    async def _opened(self, record: Record, pull_request: PullRequest) -> Record:
        known = self._audit.find(record.id)
        facts = {"status": Status.OPEN, "number": int(pull_request.number), "url": str(pull_request.url)}
        if known is None or known.status not in (Status.BEGUN, Status.OPEN):
            self._audit.put(record, dt_util.utcnow())
            known = record
        opened = self._audit.change(known, **facts)
        await self._save()
        self._hurry(record.source)
        return opened

    async def note_refusal(
        self, source: str, change: str, apps: tuple[str, ...], asking: Asking, err: RefusedError
    ) -> None:
        """Remember what was wished for, and why it was refused."""
        now = dt_util.utcnow()
        record = Record(
            id=f"{int(now.timestamp() * 1000):x}",
            at=now,
            source=source,
            asked_by=asking.by,
            user=asking.user,
            request=asking.request,
            change=change,
            apps=apps,
            status=Status.REFUSED,
            reason=err.reason.value,
            model=asking.model,
            exchanges=asking.exchanges,
        )
        self._audit.put(record, now)
        await self._save()

    def _hurry(self, source: str) -> None:
        for forge in self.forges:
            if forge.source == source:
                self._entry.async_create_background_task(
                    self.hass, forge.async_request_refresh(), f"look at {forge.name}"
                )

    def _record_of(self, source: str, number: int) -> Record | None:
        return next(
            (
                record
                for record in reversed(self.records)
                if (record.source, record.number) == (source, number)
            ),
            None,
        )

    # What becomes of them

    def _look_soon(self, forge: MonitorCoordinator) -> None:
        if forge.data is None:
            return
        open_numbers = {pull_request.pull_request.number for pull_request in forge.data.pull_requests}
        gone = [other for other in self._audit.open(forge.source) if other.number not in open_numbers]
        begun = [other for other in self._audit.begun() if other.source == forge.source]
        if gone or (begun and not self._lock.locked()):
            self._entry.async_create_background_task(
                self.hass, self._settle(forge.source), f"proposals of {forge.name}"
            )

    async def _settle(self, source: str) -> None:
        """Finish or clean what was begun, and learn what has become of what was open."""
        async with self._lock:
            try:
                forge, _ = await self._forge(source)
                for record in [other for other in self._audit.begun() if other.source == source]:
                    await self._finish(forge, record, dt_util.utcnow())
                for record in self._audit.open(source):
                    assert record.number is not None
                    self._follow_up(record, await forge.pull_request(record.number))
            except ApiError as err:
                # It is looked again after the next look at the forge.
                LOGGER.debug("Proposals of %s wait: %s", source, err)
            await self._save()
        self._look_at_clusters()

    @callback
    def _look_at_clusters(self) -> None:
        """Keep what has come into force of what people have merged."""
        now, found = dt_util.utcnow(), False
        for record in self._audit.merged(now - FOLLOWED_FOR):
            entries = list(in_force(record, self._clusters, now))
            for entry in entries:
                self._things.note(entry)
            if entries:
                found = True
                delivered = (*record.delivered, *(str(entry.facts["target"]) for entry in entries))
                done = now if set(record.targets) <= set(delivered) else None
                self._audit.change(record, delivered=delivered, delivered_at=done)
        if found:
            self._entry.async_create_background_task(self.hass, self._save(), "keep what was delivered")

    async def _finish(self, forge: Forge, record: Record, now: datetime) -> None:
        if now - record.at > FINISHED_WITHIN:
            if (known := await forge.of_branch(record.branch, record.base)) is None:
                await clean(forge, record)
                self._audit.change(record, status=Status.FAILED, reason="interrupted")
                return
        elif (known := await finish(forge, record)) is None:
            self._audit.change(record, status=Status.FAILED, reason="interrupted")
            return
        self._audit.change(record, status=Status.OPEN, number=int(known.number), url=str(known.url))

    def _follow_up(self, record: Record, pull_request: PullRequest) -> None:
        if pull_request.state is State.MERGED:
            self._audit.change(record, status=Status.MERGED, merged_by=str(pull_request.merged_by or ""))
        elif pull_request.state is State.CLOSED:
            self._audit.change(record, status=Status.CLOSED)

    async def _save(self) -> None:
        await self._store.async_save(self._audit.as_stored())


def _planned(graph: Graph, wish: Wish, around: Surroundings) -> tuple[Verified, tuple[PlannedObject, ...]]:
    """Return a plan with its checks, and the objects of it. Runs in a thread."""
    plan = plan_of(graph, wish, around)
    return verify(graph, plan), objects_of(graph, plan)


def _told(verified: Verified, asking: Asking) -> Outcome:
    """Return what is said of a plan. Runs in a thread."""
    words: Mapping[str, str] = proposal_words(asking.language)
    body = body_of(verified, words, asking.request, asking.by, asking.model)
    return Outcome(verified, title_of(verified.plan, words), body, diff_of(verified.plan))
