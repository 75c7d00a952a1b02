"""The volumes of Longhorn."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from ...api.kubernetes.objects import Volume
from ...health.problem import Problem
from .noted import Later, Noted, Report, by_id, is_trouble

UNSCHEDULED = timedelta(minutes=15)
"""How long a copy of a volume may be without a place: a node that restarts is back by then."""


@dataclass(frozen=True, slots=True)
class Storage:
    """How many volumes have lost copies of their data, or all of them, and the problems they are."""

    degraded: int
    problems: Mapping[str, Problem]
    is_trouble: bool


def note(report: Report) -> Callable[[Volume], Noted[Volume]]:
    """Return how a volume is noted. One that is detached is of unknown robustness, and well."""

    def noted(volume: Volume) -> Noted[Volume]:
        return Noted(volume, tuple(_problems(volume, report)), tuple(_unscheduled(volume, report)))

    return noted


def _problems(volume: Volume, report: Report) -> Iterator[Problem]:
    name = volume.claim or volume.name
    facts = {"volume": volume.name, "state": volume.state}
    if volume.robustness == "faulted":
        summary = f"volume {name} is faulted: none of its copies can be used"
        yield report("volume_faulted", volume.name, name, summary, facts=facts)
    elif volume.robustness == "degraded":
        summary = f"volume {name} is degraded: it has fewer copies than it should"
        yield report("volume_degraded", volume.name, name, summary, since=volume.degraded, facts=facts)


def _unscheduled(volume: Volume, report: Report) -> Iterator[Later]:
    if not volume.unscheduled or volume.robustness in ("faulted", "degraded"):
        return
    name = volume.claim or volume.name
    since = volume.unscheduled_since or datetime.now(UTC)
    problem = report(
        "volume_unscheduled",
        volume.name,
        name,
        f"a copy of volume {name} has no place: {volume.unscheduled}",
        since=since,
        facts={"volume": volume.name, "state": volume.state, "reason": volume.unscheduled},
    )
    yield Later(since + UNSCHEDULED, problem)


def storage(volumes: Collection[Noted[Volume]], now: datetime) -> Storage:
    """Return how the volumes are."""
    problems = by_id(volumes, now)
    degraded = sum(1 for noted in volumes if noted.item.robustness in ("degraded", "faulted"))
    return Storage(degraded, problems, is_trouble(problems))
