"""The volumes of Longhorn."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from ...api.kubernetes.objects import Volume
from ...health.problem import Problem
from .noted import Noted, Report, by_id, is_trouble


@dataclass(frozen=True, slots=True)
class Storage:
    """How many volumes have lost copies of their data, or all of them, and the problems they are."""

    degraded: int
    problems: Mapping[str, Problem]
    is_trouble: bool


def note(report: Report) -> Callable[[Volume], Noted[Volume]]:
    """Return how a volume is noted. One that is detached is of unknown robustness, and well."""

    def noted(volume: Volume) -> Noted[Volume]:
        name = volume.claim or volume.name
        facts = {"volume": volume.name, "state": volume.state}
        if volume.robustness == "faulted":
            summary = f"volume {name} is faulted: none of its copies can be used"
            problem = report("volume_faulted", volume.name, name, summary, facts=facts)
        elif volume.robustness == "degraded":
            summary = f"volume {name} is degraded: it has fewer copies than it should"
            problem = report(
                "volume_degraded",
                volume.name,
                name,
                summary,
                since=volume.degraded,
                facts=facts,
            )
        else:
            return Noted(volume)
        return Noted(volume, (problem,))

    return noted


def storage(volumes: Collection[Noted[Volume]]) -> Storage:
    """Return how the volumes are."""
    problems = by_id(volumes)
    return Storage(sum(1 for noted in volumes if noted.problems), problems, is_trouble(problems))
