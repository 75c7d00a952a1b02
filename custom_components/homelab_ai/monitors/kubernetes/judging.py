"""From how objects are to what is wrong: failures at once, what only waits when its time is over."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise
import re

from cronsim import CronSim, CronSimError

from ...api.kubernetes.reading import duration
from ...api.kubernetes.sights import Phase, Sight, Sights
from ...health.problem import Problem, Severity
from ...values.moment import known
from .noted import Later, Noted, Report, full_name, sentence

type Due = Callable[[Sight], datetime | None]

_AGES_AGO = datetime.min.replace(tzinfo=UTC)
_TIME_ZONE = re.compile(r"(?:CRON_)?TZ=\S{1,50}\s+")
_EVERY = re.compile(r"@every\s+(\S{1,30})")
_MACROS: Mapping[str, str] = {
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
    "@monthly": "0 0 1 * *",
    "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@hourly": "0 * * * *",
}
_RUNS = 60
"""Runs of a schedule that are looked at: an hourly one of the working days has its weekend among them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What is wrong with an object that fails, or that waits for too long.

    `kind` is that of the problem. `not_yet` is how long it may wait, None where it may for ever; `patience`
    how long it may fail. `failed` and `late` are the words for it: "{noun} {name} {words}: {message}".
    `severity` is another one than that of the kind. `due` says when waiting ends, where that depends on more.
    `late_kind` is the kind of one that has waited for too long, where that is another problem than a failure.
    """

    kind: str
    late_kind: str = ""
    not_yet: timedelta | None = None
    patience: timedelta = timedelta()
    failed: str = "is not ready"
    late: str = "has been waiting for too long"
    severity: Severity | None = None
    suspended: str = ""
    due: Due | None = None

    @property
    def all_kinds(self) -> frozenset[str]:
        """Return the kinds of all problems that come of it."""
        return frozenset((self.kind, self.late_kind, self.suspended)) - {""}


def missed_run(grace: timedelta) -> Due:
    """Return when a cron job has not run though it should have: so long after its longest pause."""

    def due(sight: Sight) -> datetime | None:
        pause = longest_pause(sight.reason, sight.since or _AGES_AGO)
        return sight.since + pause + grace if sight.since and pause else None

    return due


def longest_pause(schedule: str, begin: datetime) -> timedelta | None:
    """Return how far the runs of a schedule lie apart at most, None where it is none.

    In which time zone it is meant, only the controller knows; the pauses do not depend on it. Source of the
    words: the cron library of the controllers, robfig/cron `parser.go`.
    """
    text = _TIME_ZONE.sub("", schedule.strip())
    if every := _EVERY.fullmatch(text):
        return duration(every[1])
    try:
        runs = list(islice(CronSim(_MACROS.get(text, text).replace("?", "*"), begin), _RUNS))
    except CronSimError:
        return None
    return max((later - earlier for earlier, later in pairwise(runs)), default=None)


def expiry(grace: timedelta) -> Due:
    """Return when a renewal is late: so long after it should have begun."""
    return lambda sight: sight.since + grace if sight.since else None


class Judge:
    """Judges the objects of one kind; `noun` is the kind in Kubernetes' words, `judgements` are by aspect."""

    def __init__(self, noun: str, judgements: Mapping[str, Judgement], report: Report) -> None:
        """Judge nothing yet."""
        self._noun = noun
        self._judgements = judgements
        self._report = report

    def note(self, sights: Sights) -> Noted[Sights]:
        """Return an object with what is wrong now, and what will be once its time is over."""
        sights = tuple(map(_dated, sights))
        now, later = [], []
        for sight in sights:
            for judged in self._judged(sight):
                if isinstance(judged, Later):
                    later.append(judged)
                else:
                    now.append(judged)
        return Noted(sights, tuple(now), tuple(later))

    def carry(self, sights: Sights, before: Noted[Sights]) -> Sights:
        """Return what fails as failing while it only tries again, and what waits as waiting since then."""
        failing = {
            other.aspect: other
            for other in before.item
            if other.phase is Phase.FAILED or (other.phase is Phase.WAITING and other.was_failing)
        }
        waiting = {other.aspect: other.since for other in before.item if other.phase is Phase.WAITING}
        return tuple(
            _still(_dated(sight, waiting.get(sight.aspect)), failing.get(sight.aspect)) for sight in sights
        )

    def _judged(self, sight: Sight) -> Iterator[Problem | Later]:
        row = self._judgements.get(sight.aspect)
        if row is None or sight.phase is Phase.WELL:
            return
        if sight.phase is Phase.SUSPENDED:
            if row.suspended:
                yield self._problem(row.suspended, sight, "is suspended", None)
            return
        if sight.phase is Phase.FAILED or sight.was_failing:
            problem = self._problem(row.kind, sight, row.failed, row.severity)
            if row.patience and sight.since:
                yield Later(sight.since + row.patience, problem)
            else:
                yield problem
            return
        if (due := self._due(row, sight)) is not None:
            yield Later(due, self._problem(row.late_kind or row.kind, sight, row.late, row.severity))

    def _due(self, row: Judgement, sight: Sight) -> datetime | None:
        if row.due is not None:
            return row.due(sight)
        if row.not_yet is None:
            return None
        return (sight.since or datetime.now(UTC)) + row.not_yet + sight.longer

    def _problem(self, kind: str, sight: Sight, words: str, severity: Severity | None) -> Problem:
        name = sight.subject or full_name(sight.namespace, sight.name)
        facts: dict[str, object] = {"kind": self._noun}
        if sight.reason:
            facts["reason"] = sight.reason
        if sight.message:
            facts["message"] = sight.message
        if sight.expires:
            facts["expires"] = sight.expires
        if sight.subject:
            facts["object"] = full_name(sight.namespace, sight.name)
        return self._report(
            kind,
            f"{self._noun}/{name}" + (f"/{sight.aspect}" if sight.aspect else ""),
            name,
            sentence(f"{self._noun} {name} {words}", sight.message or sight.reason),
            severity=severity,
            since=sight.since,
            facts=facts,
        )


def latest(noted: Iterable[Noted[Sights]]) -> list[Noted[Sights]]:
    """Return what still counts: of a series only its latest that has come to an end.

    One that is still at it says nothing of how the last one went.
    """
    alone: list[Noted[Sights]] = []
    series: dict[str, tuple[datetime, Noted[Sights]]] = {}
    for note in noted:
        sight = next(
            (sight for sight in note.item if sight.series and sight.phase is not Phase.WAITING), None
        )
        if sight is None:
            alone.append(note)
            continue
        at = sight.at or _AGES_AGO
        newest = series.get(sight.series)
        if newest is None or at >= newest[0]:
            series[sight.series] = (at, note)
    return [*alone, *(sery for _, sery in series.values())]


def _dated(sight: Sight, since: datetime | None = None) -> Sight:
    """Return what waits with a beginning: where its object says none, when it was first seen so."""
    if sight.phase is not Phase.WAITING or sight.since is not None:
        return sight
    return replace(sight, since=known(since or datetime.now(UTC)))


def _still(sight: Sight, failing: Sight | None) -> Sight:
    if failing is None or sight.phase is not Phase.WAITING:
        return sight
    return replace(
        sight, was_failing=True, reason=failing.reason, message=failing.message, since=failing.since
    )
