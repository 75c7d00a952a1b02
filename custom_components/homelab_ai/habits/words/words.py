"""What a language must be able to say of a habit."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ..action import Key
from ..habit import BackTest, Habit, HabitKind
from ..statistics import MINUTES
from ..subjects import domain_of

type Names = Callable[[str], str]
"""Returns what people call an entity."""
type Phrase = Callable[[Habit, Names], str]


@dataclass(frozen=True, slots=True)
class Deed:
    """What is done, with `{}` for the name: as a title, of somebody in the past, and as what happened."""

    title: str
    past: str
    happened: str


class Words(ABC):
    """What is told of a habit."""

    deeds: Mapping[Key, Deed]
    """By domain and state; an empty domain stands for all others."""

    def __init__(self) -> None:
        """Know a title and a sentence for every kind."""
        self.titles: Mapping[HabitKind, Phrase] = {
            HabitKind.TIME: self._title_of_time,
            HabitKind.SUN: self._title_of_sun,
            HabitKind.SEQUENCE: self._title_of_sequence,
            HabitKind.PRESENCE: self._title_of_presence,
            HabitKind.REVERSED: self._title_of_reversed,
            HabitKind.STALE: self._title_of_stale,
        }
        self.phrases: Mapping[HabitKind, Phrase] = {
            HabitKind.TIME: self._time,
            HabitKind.SUN: self._sun,
            HabitKind.SEQUENCE: self._sequence,
            HabitKind.PRESENCE: self._presence,
            HabitKind.REVERSED: self._reversed,
            HabitKind.STALE: self._stale,
        }

    def deed(self, key: Key) -> Deed:
        """Return how this is said."""
        entity, state = key
        return self.deeds.get((domain_of(entity), state)) or self.deeds["", state]

    def title(self, habit: Habit, names: Names) -> str:
        """Return the suggestion in some words."""
        return self.titles[habit.kind](habit, names)

    def evidence(self, habit: Habit, names: Names) -> str:
        """Return how often it was so: a sentence, never a bare percentage."""
        return self.phrases[habit.kind](habit, names)

    @abstractmethod
    def tested(self, test: BackTest, *, at_home: bool) -> str:
        """Return what the automation would have done in the last two weeks."""

    @abstractmethod
    def _title_of_time(self, habit: Habit, names: Names) -> str: ...

    @abstractmethod
    def _title_of_sun(self, habit: Habit, names: Names) -> str: ...

    @abstractmethod
    def _title_of_sequence(self, habit: Habit, names: Names) -> str: ...

    @abstractmethod
    def _title_of_presence(self, habit: Habit, names: Names) -> str: ...

    @abstractmethod
    def _title_of_reversed(self, habit: Habit, names: Names) -> str: ...

    @abstractmethod
    def _title_of_stale(self, habit: Habit, names: Names) -> str: ...

    @abstractmethod
    def _time(self, habit: Habit, names: Names) -> str: ...

    @abstractmethod
    def _sun(self, habit: Habit, names: Names) -> str: ...

    @abstractmethod
    def _sequence(self, habit: Habit, names: Names) -> str: ...

    @abstractmethod
    def _presence(self, habit: Habit, names: Names) -> str: ...

    @abstractmethod
    def _reversed(self, habit: Habit, names: Names) -> str: ...

    @abstractmethod
    def _stale(self, habit: Habit, names: Names) -> str: ...

    def message(self, habit: Habit, names: Names) -> str:
        """Return all that is told of a habit."""
        evidence = self.evidence(habit, names)
        if not habit.kind.is_automatable:
            return evidence
        return f"{evidence} {self.tested(habit.back_test, at_home=habit.at_home)}"


def clock(minute: int) -> str:
    """Return a minute of the day as on a clock."""
    hour, minute = divmod(minute % MINUTES, 60)
    return f"{hour:02}:{minute:02}"
