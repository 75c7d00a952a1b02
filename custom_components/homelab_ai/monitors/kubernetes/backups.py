"""Whether there is a good and recent backup of everything that should have one.

K8up answers for the backups where there is one, Longhorn's own backups of volumes where there is none.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from ...api.kubernetes.objects import K8upBackup, K8upSchedule, K8upSnapshot, RecurringJob, Volume
from ...api.kubernetes.sights import Sights
from ...health.problem import Problem
from .noted import Report, credible, full_name, is_trouble, sentence

_NEVER = datetime.min.replace(tzinfo=UTC)
_SETTLED = timedelta(days=1)
"""After which a volume without any backup is no new one."""
_DATA = "/data/"
_WHOLE = ("", "/", "/data", _DATA)


@dataclass(frozen=True, slots=True)
class Backups:
    """The last good backup by namespace (K8up) or volume (Longhorn), None where there is none yet.

    `failed` is how many schedules failed the last time, None where nothing tells of failures.
    """

    last_good: Mapping[str, datetime | None]
    failed: int | None
    problems: Mapping[str, Problem]
    is_trouble: bool

    @property
    def latest(self) -> datetime | None:
        """Return when the last good backup of anything was made."""
        return max((moment for moment in self.last_good.values() if moment), default=None)


@dataclass(frozen=True, slots=True)
class Longhorn:
    """What Longhorn says: its volumes, and the jobs that back them up again and again."""

    volumes: Iterable[Volume]
    jobs: Collection[RecurringJob] = ()

    def wants(self, volume: Volume) -> bool:
        """Return whether a job is there to back up a volume."""
        return any(
            job.backs_up and (job.name in volume.jobs or not job.groups.isdisjoint(volume.groups))
            for job in self.jobs
        )


@dataclass(frozen=True, slots=True)
class K8up:
    """What K8up says; each is None where it is not known."""

    schedules: list[K8upSchedule] | None
    backups: list[K8upBackup] | None
    snapshots: list[K8upSnapshot] | None
    claims: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """The names of the claims of each namespace, where they are known."""

    def paths(self, now: datetime) -> dict[str, dict[str, datetime]]:
        """Return the last snapshot of each path, by namespace, without those of claims that are gone."""
        newest: dict[str, dict[str, datetime]] = {}
        for snapshot in self.snapshots or ():
            if snapshot.date is None or not credible(snapshot.date, now) or self._is_gone(snapshot):
                continue
            paths = newest.setdefault(snapshot.namespace, {})
            paths[snapshot.path] = max(snapshot.date, paths.get(snapshot.path, _NEVER))
        return newest

    def _is_gone(self, snapshot: K8upSnapshot) -> bool:
        """Return whether the claim that a snapshot is of is not there any more, though others are."""
        claims = self.claims.get(snapshot.namespace, frozenset())
        name = _claim_of(snapshot.path)
        return bool(claims and name) and name not in claims

    def stale_paths(self, now: datetime, rpo: timedelta) -> Iterator[tuple[str, str, datetime]]:
        """Yield namespace and path of what has no recent snapshot, where others of its namespace have one."""
        for namespace, paths in sorted(self.paths(now).items()):
            # Of all claims together is what one alone does not tell of.
            stale = [
                (path, at) for path, at in sorted(paths.items()) if now - at > rpo and path not in _WHOLE
            ]
            if any(now - at <= rpo for at in paths.values()):
                yield from ((namespace, path, at) for path, at in stale)

    def last_good(self, now: datetime) -> dict[str, datetime | None]:
        """Return the last good backup by namespace, of those that should have one and those that have.

        Snapshots are what really is in the repository. Only where a namespace has none, a job counts that
        says it succeeded: old versions of K8up do not make snapshots known.
        """
        snapshots = ((snapshot.namespace, snapshot.date) for snapshot in self.snapshots or ())
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


def backups(
    k8up: K8up | None,
    longhorn: Longhorn,
    now: datetime,
    rpo: timedelta,
    report: Report,
) -> Backups:
    """Return how the backups are doing. `k8up` is None where the cluster does not have it."""
    if k8up is None:
        return _of_volumes(longhorn, now, rpo, report)
    failures = list(k8up.failures())
    problems = [
        *(_failed(failure, report) for failure in failures),
        *(_overdue(namespace, since, rpo, report) for namespace, since in k8up.overdue(now, rpo)),
        *(
            _overdue(full_name(namespace, _claim_of(path) or path), at + rpo, rpo, report)
            for namespace, path, at in k8up.stale_paths(now, rpo)
        ),
    ]
    return _backups(k8up.last_good(now), None if k8up.backups is None else len(failures), problems)


def _of_volumes(longhorn: Longhorn, now: datetime, rpo: timedelta, report: Report) -> Backups:
    """Judge the volumes that something uses: those that have ever been backed up, and those that should be.

    Longhorn itself leaves out the others.
    """
    last_good: dict[str, datetime | None] = {}
    problems: list[Problem] = []
    for volume in longhorn.volumes:
        name = volume.claim or volume.name
        last = volume.last_backup if credible(volume.last_backup, now) else None
        is_expected = last is not None or longhorn.wants(volume)
        if is_expected:
            last_good[name] = last
        begin = last or volume.created
        if volume.state != "attached" or begin is None or now - begin <= rpo:
            continue
        if is_expected:
            problems.append(_overdue(name, begin + rpo, rpo, report))
        elif volume.claim and now - begin > _SETTLED:
            problems.append(_none(name, begin, report))
    return _backups(last_good, None, problems)


def _none(name: str, since: datetime, report: Report) -> Problem:
    summary = f"{name} has never been backed up, and nothing is set up to do it"
    return report("backup_none", name, name, summary, since=since)


def claims_of(sights: Iterable[Sights]) -> dict[str, frozenset[str]]:
    """Return the names of claims by their namespace."""
    claims: dict[str, set[str]] = {}
    for item in sights:
        for sight in item:
            claims.setdefault(sight.namespace, set()).add(sight.name)
    return {namespace: frozenset(names) for namespace, names in claims.items()}


def _claim_of(path: str) -> str:
    """Return the claim that K8up backs up under a path, empty where it is none."""
    return path.removeprefix(_DATA) if path.startswith(_DATA) else ""


def _backups(
    last_good: Mapping[str, datetime | None], failed: int | None, judged: Iterable[Problem]
) -> Backups:
    problems = {problem.id: problem for problem in judged}
    return Backups(last_good, failed, problems, is_trouble(problems))


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
