"""Says things in one language: names, values, sentences."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
import re

from ...health.problem import Problem
from ...topology import FactValue, LinkKind, Thing, ThingKind
from ..briefing import describe
from ..english.questions import ENGLISH
from ..german.questions import GERMAN
from ..moments import PartOfDay, Span, Unit, ahead, past
from ..names import app_of, spoken_model, spoken_name
from ..telling import shortened
from ..words import language_of
from .attributes import ATTRIBUTES, Form
from .knowledge import Knowledge
from .question import Attribute
from .words import QuestionWords

MOST_SENTENCES = 5
MOST_LISTED = 6
"""Names that are all said; of more, one fewer and how many others there are."""
QUESTION_WORDS: Mapping[str, QuestionWords] = {"en": ENGLISH, "de": GERMAN}
_GIB = 1024**3
_MIB = 1024**2
_LEAST_SECONDS = 0.1
_COMMIT = re.compile(r"(?<![0-9a-z])[0-9a-f]{7,64}(?![0-9a-z])")


class Speaker:
    """Says things in one language."""

    def __init__(self, knowledge: Knowledge, language: str) -> None:
        self.known = knowledge
        self.words = language_of(language)
        self.said = QUESTION_WORDS[self.words.tag]
        self.language = language
        self.now = knowledge.situation.now

    def name(self, thing: Thing) -> str:
        """Return what a thing is called, with what it is where the name alone does not say it."""
        return self.said.things.get(thing.kind, "{name}").format(name=self.plain(thing))

    def plain(self, thing: Thing) -> str:
        """Return the name of a thing alone; of a pod that of its app."""
        match thing.kind:
            case ThingKind.MODEL:
                name = spoken_model(thing.name)
            case ThingKind.POD:
                name = spoken_name(app_of(thing.name))
            case _:
                name = spoken_name(thing.name) or self._name_of_user(thing)
        return name or self.words.something

    def _name_of_user(self, thing: Thing) -> str:
        """Return the name of what stores in a volume: that of the volume itself is often made up."""
        users = (other for kind, other in self.known.topology.dependents(thing) if kind is LinkKind.STORES_IN)
        return next((spoken_name(user.name) for user in users if user.kind is ThingKind.CLAIM), "")

    def names(self, things: Sequence[Thing]) -> str:
        """Return the names of things as a list; of many only the first."""
        listed = list(dict.fromkeys(self.plain(thing) for thing in things))
        if len(listed) > MOST_LISTED:
            rest = len(listed) - (MOST_LISTED - 1)
            listed = [*listed[: MOST_LISTED - 1], self.words.more(rest)]
        return self.words.joined(listed)

    def sentence(self, template: str, **facts: str) -> str:
        """Return a filled template as a sentence."""
        text = template.format(**facts).strip()
        return f"{text[:1].upper()}{text[1:]}" + ("" if text.endswith((".", "!", "?")) else ".")

    def of(self, template: str, thing: Thing, **facts: str) -> str:
        """Return a filled template as a sentence about a thing."""
        return self.sentence(template, name=self.name(thing), plain=self.plain(thing), **facts)

    def value(self, attribute: Attribute, value: FactValue) -> str:
        """Return a value as people say it."""
        form = ATTRIBUTES[attribute].form
        if isinstance(value, datetime):
            return self.moment(form, value)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return self.figure(form, value)
        return self.text(attribute, str(value))

    def text(self, attribute: Attribute, text: str) -> str:
        """Return a version or revision as people say it: the tag of an image, the begin of a commit."""
        if attribute is Attribute.REVISION and (commit := _COMMIT.search(text)):
            branch = spoken_name(text.partition("@")[0])
            return f"{branch} {commit[0][:7]}" if branch and commit[0] not in branch else commit[0][:7]
        if attribute is Attribute.VERSION and (tag := _tag(text)):
            return spoken_name(tag, 60)
        return spoken_name(text, 60)

    def moment(self, form: Form, value: datetime) -> str:
        """Return when something was or will be."""
        if form is Form.AHEAD and (span := ahead(value, self.now)) is not None:
            return self.words.soon(span)
        when = past(value, self.now)
        if when is None:
            return self.words.soon(ahead(value, self.now) or Span(Unit.MOMENT))
        spoken = self.words.ago(when)
        if not isinstance(when, PartOfDay):
            return spoken
        return self.said.at_time.format(when=spoken, time=f"{value.astimezone(self.now.tzinfo):%-H:%M}")

    def figure(self, form: Form, value: float) -> str:
        """Return a number with its unit."""
        if form is Form.BYTES:
            unit, size = ("GB", _GIB) if value >= _GIB else ("MB", _MIB)
            return f"{self.number(value / size)} {unit}"
        if form is Form.SECONDS and value < _LEAST_SECONDS:
            form, value = Form.MILLISECONDS, max(1, round(value * 1000))
        return self.said.forms.get(form, "{value}").format(value=self.number(value))

    def number(self, value: float) -> str:
        """Return a number with as many digits as people want to hear."""
        rounded = round(value) if abs(value) >= 20 else round(value, 1)
        return self.words.figure(f"{rounded:g}")

    def problems(self, problems: Iterable[Problem]) -> list[str]:
        """Return what is wrong, a sentence each."""
        return [describe(problem, self.known.situation, self.language) for problem in problems]


def _tag(image: str) -> str:
    """Return the tag of an image, "12.1" of "reg:5000/grafana:12.1@sha256:…"; empty without one."""
    return image.partition("@")[0].rpartition("/")[2].partition(":")[2]


def together(sentences: Iterable[str]) -> str:
    """Return sentences as one text of spoken length, each once."""
    listed = list(dict.fromkeys(sentence for sentence in sentences if sentence))
    return shortened(lambda most: " ".join(listed[: most + 1]))
