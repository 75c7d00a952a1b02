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
    titles: Mapping[HabitKind, Phrase]
    phrases: Mapping[HabitKind, Phrase]

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
