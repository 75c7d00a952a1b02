"""A habit: what is done again and again, how often, and what an automation of it would have done."""

from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256
from itertools import chain

from .action import Key
from .days import DayType, SunEvent
from .statistics import MINUTES, wilson


class HabitKind(StrEnum):
    """What makes it a habit."""

    TIME = "time"
    SUN = "sun"
    SEQUENCE = "sequence"
    PRESENCE = "presence"
    REVERSED = "reversed"
    STALE = "stale"

    @property
    def is_automatable(self) -> bool:
        """Return whether an automation could do it; the others are about automations that there are."""
        return self not in (HabitKind.REVERSED, HabitKind.STALE)


class Presence(StrEnum):
    """What people do that a house notices."""

    ARRIVAL = "arrival"
    """The first comes home."""
    DEPARTURE = "departure"
    """The last leaves."""


@dataclass(frozen=True, slots=True)
class BackTest:
    """What the automation would have done in the last two weeks.

    `wrong` is what somebody undid at once, or nobody was at home for; `right` what somebody did anyway.
    """

    fired: int = 0
    right: int = 0
    away: int = 0
    undone: int = 0

    @property
    def wrong(self) -> int:
        """Return how often nobody can have wanted it."""
        return self.away + self.undone

    @property
    def precision(self) -> float:
        """Return how often it was right where it was right or wrong; 0 where it was neither."""
        judged = self.right + self.wrong
        return self.right / judged if judged else 0.0


@dataclass(frozen=True, slots=True)
class Habit:
    """A habit. Minutes are of the wall clock, or of the distance to what the sun does.

    `hits` of `trials`: days, or occasions. `begin` to `end` is usual, `minute` is when it would be done.
    """

    kind: HabitKind
    entity: str
    state: str
    hits: int
    trials: int
    day_type: DayType = DayType.ALL
    begin: int = 0
    end: int = 0
    minute: int = 0
    sun: SunEvent | None = None
    before: Key | None = None
    within: int = 0
    presence: Presence | None = None
    at_home: bool = False
    """Whether it is only done while somebody is at home."""
    automation: str = ""
    chance: float = 1.0
    """How likely it is by chance, all that was looked at included."""
    back_test: BackTest = field(default_factory=BackTest)

    @property
    def key(self) -> Key:
        """Return what is done."""
        return (self.entity, self.state)

    @property
    def strength(self) -> float:
        """Return the share of days that at least may be expected."""
        return wilson(self.hits, self.trials)

    @property
    def signature(self) -> tuple[str, ...]:
        """Return what it is, without when and how often: such two are asked about once."""
        if self.kind is HabitKind.STALE:
            return (self.kind, self.automation)
        if self.kind is HabitKind.REVERSED:
            return (self.kind, self.entity, self.automation)
        kind = HabitKind.TIME if self.kind is HabitKind.SUN else self.kind
        return (kind, *self.key, *(self.before or ()), self.presence or "")

    @property
    def id(self) -> str:
        """Return an id that stays while the habit is about the same hour."""
        hour = (*self.signature, self.day_type, str(self.kind), str(self.minute // 60))
        return sha256("\0".join(hour).encode()).hexdigest()[:12]

    @property
    def entities(self) -> frozenset[str]:
        """Return all entities that it is about."""
        named = (self.entity, self.automation, *chain((self.before or ("",))[:1]))
        return frozenset(entity for entity in named if entity)

    def is_like(self, other: Habit, patience: int) -> bool:
        """Return whether two are the same to a person: the same done, at most `patience` minutes apart."""
        if self.signature != other.signature:
            return False
        if self.kind is not other.kind or self.kind not in (HabitKind.TIME, HabitKind.SUN):
            return True
        return distance(self.minute, other.minute) <= patience


def distance(one: int, other: int) -> int:
    """Return the minutes between two moments of the day, the short way round."""
    apart = abs(one - other) % MINUTES
    return min(apart, MINUTES - apart)
