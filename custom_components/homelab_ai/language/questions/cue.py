"""Reads a question whose every word is known, in whatever order they stand: for what no sentence fits.

A name of ours alone says nothing: where any word is unknown, the question is somebody else's.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from .question import Ask, Attribute, Condition, Group, Period, Question

BEFORE, AFTER = "<", ">"


@dataclass(frozen=True, slots=True)
class Cue:
    """Words that say what is asked.

    Of each of `words` one must be there, alternatives are parted by "|"; those that begin with "<" must stand
    before the name, those with ">" after it.
    """

    ask: Ask
    words: tuple[str, ...]
    attribute: Attribute | None = None
    condition: Condition | None = None


@dataclass(frozen=True)
class Cues:
    """One language. The first cue that fits is what is asked."""

    about_things: Sequence[Cue]
    about_groups: Sequence[Cue]
    about_all: Sequence[Cue]
    """What is asked of the homelab as a whole."""
    periods: Sequence[tuple[str, Period]]
    groups: Mapping[str, Group]
    homelab: frozenset[str]
    """What the homelab is called, in one word."""
    nothing: frozenset[str]
    """Words that say nothing of what is asked."""

    @cached_property
    def known(self) -> frozenset[str]:
        """Return all words that a question may have."""
        cues = (*self.about_things, *self.about_groups, *self.about_all)
        parts = [part for cue in cues for part in cue.words]
        parts += [words for words, _ in self.periods]
        said = {word for part in parts for word in part.lstrip(BEFORE + AFTER).split("|")}
        return frozenset(said | self.nothing | self.groups.keys() | self.homelab)


def read(cues: Cues, before: Sequence[str], after: Sequence[str], thing: str = "") -> Question | None:
    """Return what is asked, None where that is not certain.

    `before` and `after` are the words around the name of `thing`; without one all of them are `before`.
    """
    words = {*before, *after}
    if not words <= cues.known:
        return None
    period = next((period for said, period in cues.periods if _has(said, words)), None)
    if thing:
        cue = _first(cues.about_things, before, after)
        return None if cue is None else _question(cue, thing=thing, period=period)
    group = next((group for word, group in cues.groups.items() if word in words), None)
    if group is not None:
        cue = _first(cues.about_groups, before, after)
        return None if cue is None else _question(cue, group=group, period=period)
    if words & cues.homelab:
        cue = _first(cues.about_all, before, after)
        return None if cue is None else _question(cue, period=period)
    return None


def _question(
    cue: Cue, thing: str = "", group: Group | None = None, period: Period | None = None
) -> Question:
    return Question(
        cue.ask, thing, group=group, condition=cue.condition, attribute=cue.attribute, period=period
    )


def _first(cues: Sequence[Cue], before: Sequence[str], after: Sequence[str]) -> Cue | None:
    places = {BEFORE: {*before}, AFTER: {*after}}
    everywhere = places[BEFORE] | places[AFTER]
    return next(
        (
            cue
            for cue in cues
            if all(_has(part.lstrip(BEFORE + AFTER), places.get(part[:1], everywhere)) for part in cue.words)
        ),
        None,
    )


def _has(alternatives: str, words: Collection[str]) -> bool:
    return any(word in words for word in alternatives.split("|"))
