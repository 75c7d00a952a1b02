"""What a language has to know so that facts become sentences in it."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
import re
from typing import ClassVar

from ...health.facts import Fact, Facts, as_text
from ..moments import Past, Span, Unit

MOST_NAMED = 3
"""Names in a sentence; of more, two are named and the others are counted."""

WORDS_PER_TOKEN = 0.75
"""Roughly, of English and German prose; people know words."""

_BEFORE_SIGN = re.compile(r"(?<! ) +([,.:;])")


@dataclass(frozen=True, slots=True)
class Noun:
    """A kind of thing: with a name behind it, without one, and several."""

    the: str
    a: str
    many: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """What is wrong, of one thing and of several.

    `{subject}` is what it is wrong with, `{time}` since when, or when it happened where `happened` is set;
    the sentence is as good without, and `{soon}` how soon. Others are the facts of the problem, and verbs
    of the language; `{failures:count}` is a fact as a number of things, in a word where that is usual.
    `begun` is said in place of both in the first minute; it needs no `{time}`.
    """

    one: str
    many: str
    happened: bool = False
    begun: tuple[str, str] | None = None

    def template(self, count: int, past: Past | None) -> str:
        """Return what is said of so many things."""
        if self.begun and past == Span(Unit.MOMENT):
            return self.begun[count != 1]
        return self.one if count == 1 else self.many


@dataclass(frozen=True, slots=True)
class Told:
    """What is to be told: `count` things with the same problem, and the names of the first of them.

    `facts` are those of the first; texts among them can be spoken.
    """

    phrase: str
    noun: str
    names: Sequence[str]
    count: int = 1
    past: Past | None = None
    ahead: Span | None = None
    facts: Facts = field(default_factory=dict)


class _Told:
    """A fact in a phrase: a number as the language writes it, or as a number of things."""

    def __init__(self, value: Fact, language: Language) -> None:
        self._value = value
        self._language = language

    def __format__(self, spec: str) -> str:
        if spec == "count" and isinstance(self._value, int):
            return self._language.count(self._value)
        text = as_text(self._value)
        return text if isinstance(self._value, str) else self._language.figure(text)


class _Unknown:
    """A fact that is not known."""

    def __format__(self, spec: str) -> str:
        return ""


class _Words(dict[str, object]):
    """What stands in a phrase; a fact that is not known is left out of it."""

    def __missing__(self, key: str) -> object:
        return _Unknown()


class Language(ABC):
    """One language. Sentences begin with a capital and end with a full stop."""

    tag: ClassVar[str]
    """The language's tag, without a region."""
    phrases: ClassVar[Mapping[str, Phrase]]
    """By the phrase of a topic; "finding" stands for all that are missing."""
    endings: ClassVar[Mapping[str, str]]
    """What is said when a problem is over, by the same phrases."""
    nouns: ClassVar[Mapping[str, Noun]]
    something: ClassVar[str]
    """What has no name that can be said."""
    conjunction: ClassVar[str]
    parts: ClassVar[Mapping[str, str]]
    """What a system consists of, as one looks at it; by the keys of `Unseen`."""

    def problem(self, facts: Told) -> str:
        """Return a problem, or several of the same topic, as a sentence."""
        phrase = self.phrases.get(facts.phrase) or self.phrases["finding"]
        return self._sentence(facts, phrase.template(facts.count, facts.past), happened=phrase.happened)

    def ended(self, facts: Told) -> str:
        """Return that one problem is over, as a sentence."""
        return self._sentence(
            replace(facts, past=None), self.endings.get(facts.phrase) or self.endings["finding"]
        )

    def _sentence(self, facts: Told, template: str, *, happened: bool = False) -> str:
        noun = self.nouns.get(facts.noun)
        listed = self.names(
            facts.names if noun else [name or self.something for name in facts.names], facts.count
        )
        if noun is None:
            subject, behind = listed, ""
        elif facts.count == 1:
            subject, behind = (f"{noun.the} {listed}" if listed else noun.a), ""
        else:
            subject, behind = f"{self.count(facts.count)} {noun.many}", f": {listed}" if listed else ""
        time = "" if facts.past is None else (self.ago if happened else self.since)(facts.past)
        text = template.format_map(
            _Words(
                {key: _Told(value, self) for key, value in facts.facts.items()}
                | dict(self.verbs(several=facts.count > 1, lasting=bool(time) and not happened))
                | {"subject": subject, "time": time, "soon": self.soon(facts.ahead)}
            )
        )
        # A name stays as it is written, also at the beginning of a sentence.
        if noun is not None or not any(facts.names) or not template.startswith("{subject}"):
            text = text[:1].upper() + text[1:]
        return _BEFORE_SIGN.sub(r"\1", " ".join(f"{text}{behind}.".split()))

    def names(self, names: Sequence[str], count: int) -> str:
        """Return names as a list; of more than three things, two are named and the others are counted.

        `names` may be those of the first of the things only, and some may be empty.
        """
        distinct = list(dict.fromkeys(name for name in names if name))
        if not distinct:
            return ""
        if count > max(MOST_NAMED, len(names)) or len(distinct) > MOST_NAMED:
            distinct = distinct[: MOST_NAMED - 1]
            return self.joined([*distinct, self.more(count - len(distinct))])
        return self.joined(distinct)

    def joined(self, parts: Sequence[str]) -> str:
        """Return parts as one list: "a, b and c"."""
        *first, last = parts
        return f"{', '.join(first)} {self.conjunction} {last}" if first else last

    def verbs(self, *, several: bool, lasting: bool) -> Mapping[str, str]:
        """Return the forms of verbs that phrases use; `lasting` where it is said since when."""
        return {}

    # Numbers and times

    @abstractmethod
    def count(self, number: int) -> str:
        """Return a number of things, in a word where that is usual."""

    @abstractmethod
    def figure(self, text: str) -> str:
        """Return a measured number as the language writes it; what is no number stays as it is."""

    @abstractmethod
    def since(self, past: Past) -> str:
        """Return since when something lasts: "since this morning"."""

    @abstractmethod
    def ago(self, past: Past) -> str:
        """Return when something happened: "this morning"."""

    @abstractmethod
    def for_(self, span: Span) -> str:
        """Return how much longer something lasts: "for another two hours"."""

    @abstractmethod
    def lasting(self, span: Span) -> str:
        """Return how long something lasts from now on: "for two hours"."""

    @abstractmethod
    def soon(self, span: Span | None) -> str:
        """Return how soon something happens: "in two hours"; an empty text where that is not known."""

    @abstractmethod
    def more(self, number: int) -> str:
        """Return that there are others: "14 more"."""

    # The homelab as a whole

    @abstractmethod
    def unknown(self) -> str:
        """Return that nothing is known yet."""

    @abstractmethod
    def well(self, not_seen: str = "", *, in_part: bool = False) -> str:
        """Return that all is well: as far as can be seen, where that is only `in_part`.

        The clause `not_seen` says what is not; it may be empty then, too.
        """

    @abstractmethod
    def not_seen(self, forbidden: str, failed: str) -> str:
        """Return a clause of what we may not look at, and what we cannot; empty where both are."""

    @abstractmethod
    def part_of(self, part: str, system: str) -> str:
        """Return a part with the system that it is of."""

    def clause(self, clause: str) -> str:
        """Return a clause as a sentence."""
        return f"{clause[:1].upper()}{clause[1:]}."

    @abstractmethod
    def note(self, sentences: str) -> str:
        """Return what is no problem, only worth knowing."""

    @abstractmethod
    def header(self, problems: int, critical: int) -> str:
        """Return how many problems there are, of which some are critical; the first line of a list."""

    @abstractmethod
    def rest(self, problems: int, critical: int, notes: int) -> str:
        """Return what else there is; empty where there is nothing else."""

    @abstractmethod
    def muted(self, number: int) -> str:
        """Return how many problems are muted."""

    @abstractmethod
    def kept_back(self, reason: str, number: int, name: str) -> str:
        """Return how many alerts reach nobody, and why; of a single one also its name.

        Reasons are "silenced" by a person, "inhibited" by another alert, "muted" by a time interval.
        """

    @abstractmethod
    def unheard(self, names: str) -> str:
        """Return of which systems nothing is known yet."""

    @abstractmethod
    def consequence(self, names: str, number: int) -> str:
        """Return what does not work because of what was just said."""

    @abstractmethod
    def before(self, number: int, critical: int) -> str:
        """Return what systems said before they went silent."""

    @abstractmethod
    def outdated(self) -> str:
        """Return that what follows is from before that."""

    @abstractmethod
    def located(self, name: str, place: str) -> str:
        """Return a name with the thing that it is about."""

    @abstractmethod
    def quoted(self, text: str) -> str:
        """Return what a system said, as a quotation."""

    @abstractmethod
    def decimal(self, number: float) -> str:
        """Return a number with at most one decimal, as it is written."""

    # Answers

    @abstractmethod
    def nothing_wrong(self, name: str) -> str:
        """Return that no problem of something is known."""

    @abstractmethod
    def no_such_thing(self, name: str) -> str:
        """Return that nothing of that name is known."""

    @abstractmethod
    def muted_for(self, span: Span | None) -> str:
        """Return that what was just said is muted, and for how long; None for ever."""

    @abstractmethod
    def muted_of_these(self, number: int) -> str:
        """Return how many of the problems that were just told are muted."""

    @abstractmethod
    def no_backups(self) -> str:
        """Return that no system tells of backups."""

    @abstractmethod
    def backups_unknown(self) -> str:
        """Return that it is not known whether there are backups, for the reason that follows."""

    @abstractmethod
    def all_backed_up(self, name: str, number: int, newest: Past | None, oldest: Past | None) -> str:
        """Return that no backup failed or is overdue; `name` is that of the only one."""

    @abstractmethod
    def not_all_backed_up(self) -> str:
        """Return that not everything is backed up; the reasons follow."""

    @abstractmethod
    def last_good(self, past: Past | None, *, never: bool) -> str:
        """Return when the last good backup of what was just said was made."""

    @abstractmethod
    def never_backed_up(self, names: str, number: int) -> str:
        """Return of what there is no backup so far, though it is not overdue."""

    @abstractmethod
    def other_backups_fine(self, number: int) -> str:
        """Return that the other backups are neither failed nor overdue."""

    @abstractmethod
    def hub_on(self, name: str, *, first: bool) -> str:
        """Return that a hub is on."""

    @abstractmethod
    def loaded(self, names: str, number: int) -> str:
        """Return which models are in memory; `number` may be 0."""

    @abstractmethod
    def vram(self, used: float, total: float | None) -> str:
        """Return how full the GPU's memory is, in gigabytes."""

    @abstractmethod
    def no_vram(self) -> str:
        """Return that the models in memory do not use the graphics card."""

    @abstractmethod
    def spilled(self, size: float) -> str:
        """Return how much of the models does not fit into it, in gigabytes."""

    @abstractmethod
    def unloads(self, name: str, span: Span) -> str:
        """Return when a model leaves the memory."""

    @abstractmethod
    def stays(self, names: str, number: int) -> str:
        """Return which models are to stay forever."""

    @abstractmethod
    def speed(self, first_token: float | None, speed: float | None) -> str:
        """Return how fast the last answer was: seconds, tokens per second."""
