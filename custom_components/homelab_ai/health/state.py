"""The state of the homelab: what entities, triggers, briefings and tools read of the ledger."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from .problem import Problem, Severity
from .unseen import NotSeen

KEPT_BACK = "kept back"
"""The fact of a suppressed problem that says why nobody is told of it, in these words:"""
KEPT_BACK_BY = ("silenced", "inhibited", "muted")
"""By a person, because of another, by a time interval."""


class ChangeKind(StrEnum):
    """What happened to a problem; also the event types of the `problem` event entity.

    One that becomes worse is raised again.
    """

    RAISED = "raised"
    RESOLVED = "resolved"


@dataclass(frozen=True, slots=True)
class Change:
    """A problem that came or went; a consequence of another, or a muted one, does not come by itself."""

    kind: ChangeKind
    problem: Problem
    consequences: tuple[Problem, ...] = ()
    """What follows from it, as far as that is known by then."""
    house: tuple[str, ...] = ()
    """The integrations of Home Assistant that depend on the thing that has it."""


class Health(StrEnum):
    """The state of the homelab as a whole."""

    OK = "ok"
    DEGRADED = "degraded"
    CRITICAL = "critical"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class HealthData:
    """What entities, triggers, briefings and tools read.

    `problems` are those that count, one for each incident, worst first: as severe as the worst that belongs
    to it. `consequences` are by the id of the problem that caused them, and `why_grouped` says by their own
    ids why they are; `changes` are those of this very update. `not_seen` is what nobody could look at, and
    `kept_back` what its own system tells nobody of, though it is more than information.
    """

    known: bool = False
    problems: tuple[Problem, ...] = ()
    muted: tuple[Problem, ...] = ()
    consequences: Mapping[str, tuple[Problem, ...]] = field(default_factory=dict)
    why_grouped: Mapping[str, str] = field(default_factory=dict)
    changes: tuple[Change, ...] = ()
    muted_by_model: bool = False
    """Whether something that matters is muted because a model asked for that."""
    not_seen: tuple[NotSeen, ...] = ()
    kept_back: tuple[Problem, ...] = ()

    @property
    def health(self) -> Health:
        """Return the state as a whole; mere information does not count, nor do problems that a person muted.

        With what a model muted it is never better than degraded, and it is never OK while something essential
        is not seen.
        """
        if not self.known:
            return Health.UNKNOWN
        match self.problems[0].severity if self.problems else None:
            case Severity.CRITICAL:
                return Health.CRITICAL
            case Severity.WARNING:
                return Health.DEGRADED
            case _:
                if self.muted_by_model:
                    return Health.DEGRADED
                blind = any(unseen.unseen.essential for unseen in self.not_seen)
                return Health.UNKNOWN if blind else Health.OK

    def count(self, severity: Severity) -> int:
        """Return how many problems that count are of a severity."""
        return sum(1 for problem in self.problems if problem.severity is severity)

    def find(self, problem_id: str) -> Problem | None:
        """Return a problem by its id, also a muted one or a consequence."""
        everywhere = (self.problems, self.muted, *self.consequences.values())
        return next((problem for group in everywhere for problem in group if problem.id == problem_id), None)
