"""The ledger: all problems of the homelab, which of them are new, which are gone and which are muted."""

from collections.abc import Collection, Iterator, Mapping, Set
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import chain, islice, takewhile
from typing import Any

from ..topology import Topology
from .incidents import Incidents, Subjects, incidents_of
from .mutes import FOREVER, MAX_MUTES, Mutes, moment
from .problem import Problem, Severity
from .state import Change, ChangeKind, Health, HealthData

__all__ = (
    "DAMPING",
    "FOREVER",
    "HUB_PATIENCE",
    "MAX_MUTES",
    "Change",
    "ChangeKind",
    "Health",
    "HealthData",
    "Ledger",
)

DAMPING = timedelta(minutes=2)
"""A problem that returns within this time is the same problem."""
HUB_PATIENCE = timedelta(seconds=45)
"""Who needs the hub may miss it before we do; by then the hub has been looked at again."""
CAUSE_PATIENCE = timedelta(seconds=30)
"""What something else may explain waits this long for it: which of the two is seen first is chance."""


@dataclass(slots=True)
class _Record:
    """A problem that was seen: as it was told of, or as it was when it vanished; since when it is there."""

    problem: Problem
    since: datetime


@dataclass(frozen=True, slots=True)
class _View:
    """What settling knows of a problem beside what its source says: its incident, and whether it is muted."""

    incidents: Incidents
    mutes: Collection[str]
    subjects: Subjects

    def is_held(self, problem: Problem) -> bool:
        """Return whether a problem is not told by itself."""
        return problem.suppressed or problem.id in self.mutes or problem.id in self.incidents.grouped

    def patience(self, problem: Problem) -> timedelta:
        """Return how long a new problem is not told: its cause may be found a little later."""
        if problem.needs_hub:
            return HUB_PATIENCE
        return CAUSE_PATIENCE if self.subjects.may_follow(problem) else timedelta()

    def effective(self, problem: Problem) -> Problem:
        """Return a problem as severe as the worst that belongs to its incident."""
        worst = self.incidents.worst.get(problem.id)
        return problem if worst is None else replace(problem, severity=worst)


@dataclass(slots=True)
class _Source:
    """What is remembered of a source.

    `current` are its problems now, None until it reports. `known` are those that were seen and are not
    resolved; of these, `gone` are not there any more (since when; oldest first), and `silent` were not
    raised: not before the time given, and None while that must wait for something else.
    """

    current: Mapping[str, Problem] | None = None
    known: dict[str, _Record] = field(default_factory=dict)
    gone: dict[str, datetime] = field(default_factory=dict)
    silent: dict[str, datetime | None] = field(default_factory=dict)

    def report(self, problems: Mapping[str, Problem], now: datetime) -> None:
        """Take all problems that there are now; of those that vanish, keep what they last were."""
        current = self.current or {}
        before = self.known if self.current is None else current
        self.current = problems
        for problem_id in self.gone.keys() & problems.keys():
            del self.gone[problem_id]
        for problem_id in sorted(before.keys() - problems.keys()):
            if record := self.known.get(problem_id):
                record.problem = current.get(problem_id, record.problem)
                self.gone[problem_id] = now

    def changes(self, now: datetime, view: _View) -> Iterator[Change]:
        """Yield what changed since the last time; what is held is not raised, for now.

        The cost is that of what is there and what changed, not of all that is gone: it may be thousands.
        """
        if self.current is None:
            return
        yield from self._worsened(self.current, view)
        yield from self._raised(self.current, now, view)
        yield from self._resolved(now)
        yield from self._held_no_more(self.current, now, view)

    def _raised(self, current: Mapping[str, Problem], now: datetime, view: _View) -> Iterator[Change]:
        for problem_id in [problem_id for problem_id in current if problem_id not in self.known]:
            problem = view.effective(current[problem_id])
            self.known[problem_id] = _Record(problem, problem.since or now)
            if view.is_held(problem):
                self.silent[problem_id] = None
            elif patience := view.patience(problem):
                self.silent[problem_id] = now + patience
            else:
                yield Change(ChangeKind.RAISED, problem)

    def _worsened(self, current: Mapping[str, Problem], view: _View) -> Iterator[Change]:
        for problem_id, reported in current.items():
            record = self.known.get(problem_id)
            problem = view.effective(reported)
            if record is None:
                continue
            if record.problem.severity is problem.severity:
                if problem is reported:
                    # One copy: of ten thousand problems two, after a restart, are many megabytes.
                    record.problem = reported
                continue
            is_worse = problem.severity.at_least(record.problem.severity)
            if is_worse and problem_id not in self.silent and view.is_held(problem):
                # It is told as worse once it is told of again.
                continue
            record.problem = problem
            if is_worse and problem_id not in self.silent:
                yield Change(ChangeKind.RAISED, problem)

    def _resolved(self, now: datetime) -> Iterator[Change]:
        for problem_id, _ in tuple(takewhile(lambda one: now - one[1] >= DAMPING, self.gone.items())):
            del self.gone[problem_id]
            record = self.known.pop(problem_id)
            if problem_id in self.silent:
                del self.silent[problem_id]
            else:
                yield Change(ChangeKind.RESOLVED, record.problem)

    def _held_no_more(self, current: Mapping[str, Problem], now: datetime, view: _View) -> Iterator[Change]:
        for problem_id, raise_at in tuple(self.silent.items()):
            problem = current.get(problem_id)
            if problem is None:
                continue
            if view.is_held(problem):
                self.silent[problem_id] = None
            elif raise_at is None:
                # What held it is over; it has this long to go away by itself.
                self.silent[problem_id] = now + max(DAMPING, problem.patience)
            elif now >= raise_at:
                del self.silent[problem_id]
                yield Change(ChangeKind.RAISED, view.effective(problem))

    def shift(self, by: timedelta) -> None:
        """Move all moments that something is waited for."""
        self.gone = {problem_id: at + by for problem_id, at in self.gone.items()}
        self.silent = {problem_id: at and at + by for problem_id, at in self.silent.items()}

    def deadline(self) -> datetime | None:
        """Return when something changes without a report."""
        raised = (at for problem_id, at in self.silent.items() if at and problem_id not in self.gone)
        resolved = (at + DAMPING for at in islice(self.gone.values(), 1))
        return min(chain(raised, resolved), default=None)

    def as_stored(self) -> dict[str, Any]:
        """Return what is known as JSON takes it; what is gone is told as gone after the restart."""
        current = self.current or {}
        # A copy, for this is done in a thread of its own while the ledger goes on.
        records = self.known.copy()
        return {
            problem_id: _as_stored(
                current.get(problem_id, record.problem), record.since, announced=problem_id not in self.silent
            )
            for problem_id, record in records.items()
        }


class Ledger:
    """Unites the problems of all sources. Times are given, never taken: the same calls, the same result."""

    def __init__(self, stored: Mapping[str, Any] | None = None, topology: Topology | None = None) -> None:
        """`stored` is what `as_stored` returned before the restart; what does not fit is left out.

        The topology says which problems follow from which; without one only the hub explains any.
        """
        self._subjects = Subjects(topology or Topology())
        self._sources: dict[str, _Source] = {}
        self._mutes = Mutes()
        self._seen: datetime | None = None
        self._read(stored or {})

    def report(self, source: str, problems: Mapping[str, Problem], now: datetime) -> None:
        """Take all problems that a source has now, by id.

        A source that does not answer reports nothing: what it said before stands. The first report of
        a source ever takes its bearings: what is wrong already is no news.
        """
        self._see(now)
        if source not in self._sources:
            records = {key: _Record(problem, problem.since or now) for key, problem in problems.items()}
            self._sources[source] = _Source(known=records)
        self._sources[source].report(problems, now)

    @property
    def sources(self) -> Set[str]:
        """Return those that reported ever, also before the restart."""
        return self._sources.keys()

    def known(self, source: str) -> Mapping[str, Problem]:
        """Return the problems of a source that were there when it spoke last, also before the restart."""
        state = self._sources.get(source)
        if state is None:
            return {}
        if state.current is not None:
            return state.current
        return {key: record.problem for key, record in state.known.items()}

    def forget(self, source: str) -> None:
        """Drop a source that was removed, without saying that its problems are solved."""
        self._sources.pop(source, None)
        self._mutes.forget(source)

    def mute(
        self,
        problem_id: str,
        until: datetime | None,
        *,
        now: datetime | None = None,
        confirmed: bool | None = None,
    ) -> None:
        """Do not count a problem from `now` until then; None for ever.

        `confirmed` is for a mute that a model asks for: whether a person has agreed. Without that it ends
        when the problem becomes critical.
        """
        self._mutes.add(problem_id, until, confirmed, now)

    def unmute(self, problem_id: str) -> bool:
        """Count a problem again; return whether it was muted."""
        return self._mutes.remove(problem_id)

    def muted_until(self, problem_id: str) -> datetime | None:
        """Return until when a problem is muted, None where it is not."""
        return self._mutes.until(problem_id)

    def is_muted_by_model(self, problem_id: str) -> bool:
        """Return whether a problem is muted because a model asked for that."""
        return self._mutes.is_of_model(problem_id)

    def settle(self, now: datetime) -> HealthData:
        """Return the state of affairs, with what changed since the last time."""
        self._see(now)
        self._mutes.settle(now, self._current())
        incidents = incidents_of(self._current(), self._subjects, self._mutes.ids)
        view = _View(incidents, self._mutes.ids, self._subjects)
        changes = [change for source in self._sources.values() for change in source.changes(now, view)]
        data = self._data(view, changes)
        complete = (
            replace(change, consequences=data.consequences.get(change.problem.id, ())) for change in changes
        )
        return replace(data, changes=tuple(complete))

    def clock_was_set(self, by: timedelta) -> None:
        """Go on from another time than the one that was given last: what waits for something waits as long.

        A clock that is set back is noticed without this.
        """
        for source in self._sources.values():
            source.shift(by)
        self._seen = self._seen and self._seen + by

    def _see(self, now: datetime) -> None:
        if self._seen is not None and now < self._seen:
            self.clock_was_set(now - self._seen)
        self._seen = now

    def subject(self, problem: Problem) -> str | None:
        """Return the id of the thing that has a problem, None where that is not known."""
        return self._subjects.of(problem)

    def next_deadline(self) -> datetime | None:
        """Return when `settle` has something to say without any report: a mute or a damping ends."""
        waiting = (source.deadline() for source in self._sources.values())
        return min((*self._mutes.ends(), *(at for at in waiting if at)), default=None)

    def as_stored(self) -> dict[str, Any]:
        """Return what has to survive a restart, as JSON takes it. May be called in any thread."""
        return {
            "records": {name: source.as_stored() for name, source in self._sources.copy().items()},
            **self._mutes.as_stored(),
        }

    def _read(self, stored: Mapping[str, Any]) -> None:
        for name, records in _mapping(stored.get("records")).items():
            self._sources[name] = source = _Source()
            for problem_id, record in _mapping(records).items():
                with suppress(TypeError, ValueError):
                    source.known[problem_id], announced = _from_stored(problem_id, name, record)
                    if not announced:
                        source.silent[problem_id] = None
        self._mutes.read(*(_mapping(stored.get(key)) for key in ("mutes", "mutes_made", "mutes_of_models")))

    def since(self, problem: Problem) -> datetime | None:
        """Return since when a problem is there: what its system said at first, else when it was seen.

        It is kept when the problem returns as the same; systems begin anew then.
        """
        source = self._sources.get(problem.source)
        record = source.known.get(problem.id) if source else None
        return record.since if record else problem.since

    def _current(self) -> Iterator[Problem]:
        """Yield all problems that there are now."""
        return chain.from_iterable(
            source.current.values() for source in self._sources.values() if source.current is not None
        )

    def _data(self, view: _View, changes: list[Change]) -> HealthData:
        by_severity: dict[Severity, list[Problem]] = {severity: [] for severity in Severity}
        muted: list[Problem] = []
        consequences: dict[str, list[Problem]] = {}
        grouped = view.incidents.grouped
        kept_back: list[Problem] = []
        for problem in self._current():
            if problem.suppressed:
                if problem.severity.at_least(Severity.WARNING):
                    kept_back.append(problem)
                continue
            if problem.id in self._mutes.ids:
                muted.append(problem)
            elif (group := grouped.get(problem.id)) is not None:
                consequences.setdefault(group.root, []).append(problem)
            else:
                incident = view.effective(problem)
                by_severity[incident.severity].append(incident)
        return HealthData(
            known=any(source.current is not None for source in self._sources.values()),
            problems=tuple(chain.from_iterable(by_severity.values())),
            muted=tuple(muted),
            consequences={root: tuple(group) for root, group in consequences.items()},
            why_grouped={problem_id: group.why for problem_id, group in grouped.items()},
            changes=tuple(changes),
            kept_back=tuple(kept_back),
            muted_by_model=any(
                problem.severity.at_least(Severity.WARNING) and self._mutes.is_of_model(problem.id)
                for problem in muted
            ),
        )


def _as_stored(problem: Problem, since: datetime, *, announced: bool) -> list[Any]:
    """Return a problem as JSON; details are left out, they are only for problems that are there."""
    return [
        since.isoformat(),
        announced,
        problem.kind,
        problem.name,
        problem.severity.value,
        problem.summary,
        problem.needs_hub,
        list(problem.subject),
    ]


def _from_stored(problem_id: str, source: str, stored: list[Any]) -> tuple[_Record, bool]:
    """Return what `_as_stored` was given. Raises TypeError or ValueError where it does not fit."""
    # What was stored by versions before incidents does not say which thing it is.
    since, announced, kind, name, severity, summary, needs_hub, *more = stored
    problem = Problem(
        problem_id,
        source,
        kind,
        name,
        Severity(severity),
        summary,
        needs_hub=needs_hub,
        subject=tuple(key for key in (more[0] if more else ()) if isinstance(key, str)),
    )
    return _Record(problem, moment(since)), announced


def _mapping(stored: object) -> Mapping[str, Any]:
    return stored if isinstance(stored, dict) else {}
