"""Whether there is a good and recent backup of everything that should have one.

K8up answers for the namespaces that it backs up, Longhorn's own backups for the volumes of all others and for
those that a job of Longhorn is for. Velero's schedules and VolSync's sources tell when they last succeeded.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from ...api.kubernetes.objects import K8upBackup, K8upSchedule, K8upSnapshot, RecurringJob, Volume
from ...api.kubernetes.sights import Phase, Sights
from ...health.problem import Problem
from .noted import Report, credible, full_name, is_trouble, sentence

_NEVER = datetime.min.replace(tzinfo=UTC)
_SETTLED = timedelta(days=1)
"""After which a volume without any backup is no new one."""
type Counted = tuple[Volume, datetime | None, bool]

_DATA = "/data/"
_WHOLE = ("", "/", "/data", _DATA)


@dataclass(frozen=True, slots=True)
class Backups:
    """The last good backup of all that has or should have one, None where there is none yet.

    By namespace (K8up), and by claim for those whose backup is older than that of their namespace; by volume
    (Longhorn), schedule (Velero) or source (VolSync). `failed` is how many schedules of K8up failed the last
    time, None where nothing tells of failures.
    """

    last_good: Mapping[str, datetime | None]
    failed: int | None
    problems: Mapping[str, Problem]
    is_trouble: bool

    @property
    def latest(self) -> datetime | None:
        """Return when the last good backup of anything was made."""
        return max((moment for moment in self.last_good.values() if moment), default=None)

    @property
    def oldest(self) -> tuple[str, datetime | None]:
        """Return what was not backed up for the longest time, and when it last was; nothing without any."""
        return min(self.last_good.items(), key=lambda item: (item[1] or _NEVER, item[0]), default=("", None))


@dataclass(frozen=True, slots=True)
class Longhorn:
    """What Longhorn says: its volumes, and the jobs that back them up again and again."""

    volumes: Iterable[Volume]
    jobs: Collection[RecurringJob] = ()

    def counted(self, covered: Collection[str], now: datetime) -> Iterator[Counted]:
        """Yield the volumes that Longhorn answers for, when each was backed up, and whether it should be.

        It should where it ever was, or where a job is for it. Where something else covers a namespace, only a
        job makes Longhorn answer.
        """
        for volume in self.volumes:
            is_wanted = self.wants(volume)
            if is_wanted or _namespace_of(volume) not in covered:
                last = volume.last_backup if credible(volume.last_backup, now) else None
                yield volume, last, is_wanted or last is not None

    def wants(self, volume: Volume) -> bool:
        """Return whether a job is there to back up a volume."""
        return any(
            job.backs_up and (job.name in volume.jobs or not job.groups.isdisjoint(volume.groups))
            for job in self.jobs
        )


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim that has a volume; `backs_up` is what it says of itself, None where it says nothing."""

    created: datetime | None
    backs_up: bool | None = None


@dataclass(frozen=True, slots=True)
class Others:
    """What Velero and VolSync say: when each of their plans last succeeded; and what they cover."""

    last_good: Mapping[str, datetime | None] = field(default_factory=dict)
    namespaces: frozenset[str] | None = frozenset()
    """The namespaces that they may back up, None for all."""

    def may_cover(self, namespace: str) -> bool:
        """Return whether one of them may back up what is in a namespace."""
        return self.namespaces is None or namespace in self.namespaces


@dataclass(frozen=True, slots=True)
class K8up:
    """What K8up says; each is None where it is not known."""

    schedules: list[K8upSchedule] | None
    backups: list[K8upBackup] | None
    snapshots: list[K8upSnapshot] | None
    claims: Mapping[str, Mapping[str, Claim]] = field(default_factory=dict)
    """The claims of each namespace by name, where they are known."""

    def paths(self, now: datetime) -> dict[str, dict[str, datetime]]:
        """Return the last snapshot of each path, by namespace, without those of claims that are gone."""
        newest: dict[str, dict[str, datetime]] = {}
        for snapshot in self.snapshots or ():
            if snapshot.date is None or not credible(snapshot.date, now):
                continue
            for path in snapshot.paths:
                if not self._is_gone(snapshot.namespace, path):
                    paths = newest.setdefault(snapshot.namespace, {})
                    paths[path] = max(snapshot.date, paths.get(path, _NEVER))
        return newest

    def _is_gone(self, namespace: str, path: str) -> bool:
        """Return whether the claim that a snapshot is of is not there any more, though others are."""
        claims, name = self.claims.get(namespace), _claim_of(path)
        return bool(claims and name) and name not in (claims or ())

    def stale(self, now: datetime, rpo: timedelta) -> Iterator[tuple[str, datetime | None, datetime]]:
        """Yield what has no recent snapshot though others of its namespace have one.

        With when it last had one, None for never, and since when it is missed.
        """
        for namespace, paths in sorted(self.paths(now).items()):
            if not any(now - at <= rpo for at in paths.values()):
                continue
            for path, at in sorted(paths.items()):
                # Of all claims together is what one alone does not tell of.
                if now - at > rpo and path not in _WHOLE:
                    yield full_name(namespace, _claim_of(path) or path), at, at + rpo
            for name, created in sorted(self._never(namespace, paths)):
                if now - created > rpo:
                    yield full_name(namespace, name), None, created + rpo

    def _never(self, namespace: str, paths: Collection[str]) -> Iterator[tuple[str, datetime]]:
        """Yield the claims that should be backed up like the others of their namespace, and never were.

        Where any claim asks for it, those that do not may be left out on purpose: K8up can be told to.
        """
        mine = [schedule for schedule in self.schedules or () if schedule.namespace == namespace]
        backed_up = {_claim_of(path) for path in paths} - {""}
        if not backed_up or not any(plan.backs_up and not plan.is_selective for plan in mine):
            return
        on_demand = any(claim.backs_up for claims in self.claims.values() for claim in claims.values())
        for name, claim in self.claims.get(namespace, {}).items():
            is_meant = not on_demand if claim.backs_up is None else claim.backs_up
            if is_meant and name not in backed_up and claim.created is not None:
                yield name, claim.created

    def last_good(self, now: datetime) -> dict[str, datetime | None]:
        """Return the last good backup by namespace, of those that should have one and those that have.

        Snapshots are what really is in the repository. Only where a namespace has none, a job counts that
        says it succeeded: old versions of K8up do not make snapshots known.
        """
        snapshots = [(snapshot.namespace, snapshot.date) for snapshot in self.snapshots or ()]
        jobs = ((backup.namespace, backup.at) for backup in self.backups or () if backup.succeeded)
        newest: dict[str, datetime | None] = dict.fromkeys(self._expected())
        newest |= {**_latest(jobs, now), **_latest(snapshots, now)}
        return newest

    def overdue(self, now: datetime, rpo: timedelta) -> Iterator[tuple[str, datetime | None]]:
        """Yield the namespaces without a recent backup, and since when."""
        if self.backups is None and self.snapshots is None:
            return
        last_good, expected = self.last_good(now), self._expected()
        for namespace in sorted(expected or last_good):
            begin = last_good[namespace] or expected.get(namespace)
            if begin is None:
                yield namespace, None
            elif now - begin > rpo:
                yield namespace, begin + rpo

    def failures(self) -> Iterator[K8upBackup]:
        """Yield the last finished job of every schedule, where it failed.

        One that was made by hand is made good by any other of its namespace.
        """
        last: dict[tuple[str, str], K8upBackup] = {}
        done = (
            backup for backup in self.backups or () if backup.succeeded is not None and backup.at is not None
        )
        for attempt in sorted(done, key=lambda job: (job.at, job.name)):
            last[attempt.namespace, attempt.schedule] = attempt
            if attempt.succeeded:
                last.pop((attempt.namespace, ""), None)
        return (other for other in last.values() if not other.succeeded)

    def _expected(self) -> dict[str, datetime | None]:
        """Return the namespaces that should have backups, and since when."""
        expected: dict[str, datetime | None] = {}
        for schedule in self.schedules or ():
            if schedule.backs_up:
                expected.setdefault(schedule.namespace, schedule.created)
        return expected


@dataclass(frozen=True, slots=True)
class Systems:
    """All that backs up in a cluster. `k8up` is None where the cluster does not have it."""

    k8up: K8up | None
    longhorn: Longhorn
    others: Others

    def judge(self, now: datetime, rpo: timedelta, report: Report) -> Backups:
        """Return how the backups are doing."""
        last_good: dict[str, datetime | None] = dict(self.others.last_good)
        problems: list[Problem] = []
        failed, covered = None, frozenset[str]()
        if (k8up := self.k8up) is not None:
            failures, stale = list(k8up.failures()), list(k8up.stale(now, rpo))
            of_namespaces = k8up.last_good(now)
            covered = frozenset(of_namespaces)
            last_good |= of_namespaces | {name: at for name, at, _ in stale}
            failed = None if k8up.backups is None else len(failures)
            problems = [
                *(_failed(failure, report) for failure in failures),
                *(_overdue(namespace, since, rpo, report) for namespace, since in k8up.overdue(now, rpo)),
                *(_overdue(name, since, rpo, report) for name, _, since in stale),
            ]
        volumes = list(self.longhorn.counted(covered, now))
        last_good |= {_called(volume): last for volume, last, is_expected in volumes if is_expected}
        problems += self._of_volumes(volumes, now, rpo, report)
        found = {problem.id: problem for problem in problems}
        return Backups(last_good, failed, found, is_trouble(found))

    def _of_volumes(
        self, volumes: Iterable[Counted], now: datetime, rpo: timedelta, report: Report
    ) -> Iterator[Problem]:
        """Judge the volumes that something uses; Longhorn itself leaves out the others."""
        for volume, last, is_expected in volumes:
            begin = last or volume.created
            if volume.state != "attached" or begin is None or now - begin <= rpo:
                continue
            if is_expected:
                yield _overdue(_called(volume), begin + rpo, rpo, report)
                continue
            is_covered = self.others.may_cover(_namespace_of(volume))
            if volume.claim and now - begin > _SETTLED and not is_covered:
                yield _none(_called(volume), begin, report)


def _called(volume: Volume) -> str:
    return volume.claim or volume.name


def _namespace_of(volume: Volume) -> str:
    """Return the namespace of the claim that uses a volume, empty without one."""
    return volume.claim.partition("/")[0]


def _none(name: str, since: datetime, report: Report) -> Problem:
    summary = f"{name} has never been backed up, and nothing is set up to do it"
    return report("backup_none", name, name, summary, since=since)


def claims_of(sights: Iterable[Sights]) -> dict[str, dict[str, Claim]]:
    """Return the claims by namespace and name; one without a volume has nothing to be backed up."""
    claims: dict[str, dict[str, Claim]] = {}
    for item in sights:
        for sight in item:
            created = sight.at if sight.phase is Phase.WELL else None
            claims.setdefault(sight.namespace, {})[sight.name] = Claim(created, sight.backs_up)
    return claims


def others_of(
    plans: Iterable[Sights], done: Iterable[Sights], replications: Iterable[Sights], now: datetime
) -> Others:
    """Return what Velero's schedules and their backups, and the sources of VolSync, come down to."""
    last_good: dict[str, datetime | None] = {
        full_name(sight.namespace, sight.name): None for item in plans for sight in item
    }
    has_velero = bool(last_good)
    good = (sight for item in done for sight in item if sight.phase is Phase.WELL and sight.series)
    last_good |= _latest(((sight.series, sight.at) for sight in good), now)
    sources = [sight for item in replications for sight in item if not sight.aspect]
    last_good |= {
        full_name(sight.namespace, sight.name): sight.at if credible(sight.at, now) else None
        for sight in sources
    }
    return Others(last_good, None if has_velero else frozenset(sight.namespace for sight in sources))


def _claim_of(path: str) -> str:
    """Return the claim that K8up backs up under a path, empty where it is none."""
    return path.removeprefix(_DATA) if path.startswith(_DATA) else ""


def _failed(job: K8upBackup, report: Report) -> Problem:
    name = full_name(job.namespace, job.schedule or job.name)
    return report(
        "backup_failed",
        full_name(job.namespace, job.schedule),
        name,
        sentence(f"the last backup of {name} failed", job.message),
        since=job.at,
        facts={"backup": full_name(job.namespace, job.name), "message": job.message},
    )


def _overdue(name: str, since: datetime | None, rpo: timedelta, report: Report) -> Problem:
    hours = round(rpo.total_seconds() / 3600)
    span = "hour" if hours == 1 else f"{hours} hours"
    summary = f"{name} has no good backup from the last {span}"
    return report("backup_overdue", name, name, summary, since=since)


def _latest(times: Iterable[tuple[str, datetime | None]], now: datetime) -> dict[str, datetime | None]:
    """Return the latest moment by name; one that lies far ahead must not hide that there is none."""
    latest: dict[str, datetime | None] = {}
    for name, moment in times:
        if moment is not None and credible(moment, now) and moment > (latest.get(name) or _NEVER):
            latest[name] = moment
    return latest
