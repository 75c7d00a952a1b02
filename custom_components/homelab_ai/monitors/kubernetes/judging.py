"""From how objects are to what is wrong: failures at once, what only waits when its time is over."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise

from cronsim import CronSim, CronSimError

from ...api.kubernetes.sights import Phase, Sight, Sights
from ...health.problem import Problem, Severity
from .noted import Later, Noted, Report, full_name, sentence

type Due = Callable[[Sight], datetime | None]

_AGES_AGO = datetime.min.replace(tzinfo=UTC)
_RUNS = 60
"""Runs of a schedule that are looked at: an hourly one of the working days has its weekend among them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What is wrong with an object that fails, or that waits for too long.

    `kind` is that of the problem. `not_yet` is how long it may wait, None where it may for ever; `patience`
    how long it may fail. `failed` and `late` are the words for it: "{noun} {name} {words}: {message}".
    `severity` is another one than that of the kind. `due` says when waiting ends, where that depends on more.
    """

    kind: str
    not_yet: timedelta | None = None
    patience: timedelta = timedelta()
    failed: str = "is not ready"
    late: str = "has been waiting for too long"
    severity: Severity | None = None
    suspended: str = ""
    due: Due | None = None


def missed_run(grace: timedelta) -> Due:
    """Return when a cron job has not run though it should have: so long after its longest pause.

    In which time zone its schedule is meant, only the controller knows; how far its runs lie apart does not
    depend on it.
    """

    def due(sight: Sight) -> datetime | None:
        try:
            runs = list(islice(CronSim(sight.reason, sight.since or _AGES_AGO), _RUNS))
        except CronSimError:
            return None
        pause = max((later - earlier for earlier, later in pairwise(runs)), default=None)
        return sight.since + pause + grace if sight.since and pause else None

    return due


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
        now, later = [], []
        for sight in sights:
            for judged in self._judged(sight):
                if isinstance(judged, Later):
                    later.append(judged)
                else:
                    now.append(judged)
        return Noted(sights, tuple(now), tuple(later))

    def carry(self, sights: Sights, before: Noted[Sights]) -> Sights:
        """Return what fails as still failing while it only tries again."""
        failing = {
            other.aspect: other
            for other in before.item
            if other.phase is Phase.FAILED or (other.phase is Phase.WAITING and other.was_failing)
        }
        return tuple(_still(sight, failing.get(sight.aspect)) for sight in sights)

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
            yield Later(due, self._problem(row.kind, sight, row.late, row.severity))

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
    """Return what still counts: of a series only its latest."""
    alone: list[Noted[Sights]] = []
    series: dict[str, tuple[datetime, Noted[Sights]]] = {}
    for note in noted:
        sight = next((sight for sight in note.item if sight.series), None)
        if sight is None:
            alone.append(note)
            continue
        at = sight.at or _AGES_AGO
        newest = series.get(sight.series)
        if newest is None or at >= newest[0]:
            series[sight.series] = (at, note)
    return [*alone, *(sery for _, sery in series.values())]


def _still(sight: Sight, failing: Sight | None) -> Sight:
    if failing is None or sight.phase is not Phase.WAITING:
        return sight
    return Sight(
        sight.namespace,
        sight.name,
        Phase.WAITING,
        reason=failing.reason,
        message=failing.message,
        since=failing.since,
        aspect=sight.aspect,
        series=sight.series,
        at=sight.at,
        was_failing=True,
        subject=sight.subject,
    )
