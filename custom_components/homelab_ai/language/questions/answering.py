"""Answers to questions about things, composed of facts: never about another thing than was asked."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from ...health.problem import Problem, Severity
from ...timeline import Entry, EntryKind
from ...topology import FactValue, LinkKind, State, Thing, ThingKind
from ..briefing import describe
from ..english.questions import ENGLISH
from ..german.questions import GERMAN
from ..happenings import sentence_of
from ..moments import ahead, past
from ..names import spoken_model, spoken_name
from ..telling import shortened
from ..words import Language, language_of
from .attributes import ATTRIBUTES, Form, values
from .groups import holds, members
from .knowledge import Knowledge
from .question import Ask, Attribute, Condition, Period, Question
from .words import QuestionWords

MOST_SENTENCES = 5
_WORDS: Mapping[str, QuestionWords] = {"en": ENGLISH, "de": GERMAN}
_GIB = 1024**3
_MIB = 1024**2
_NIGHT_BEGINS = 20
"""The hour of the evening before from which something happened last night."""


def answer(question: Question, known: Knowledge, language: str) -> str | None:
    """Return the answer in a language, None where the question is not about anything in the homelab."""
    speaker = _Speaker(known, language_of(language), language)
    things = known.find(question.thing) if question.thing else []
    if question.thing and not things:
        return None
    return _ANSWERS[question.ask](speaker, question, things)


class _Speaker:
    """Says things in one language."""

    def __init__(self, known: Knowledge, words: Language, language: str) -> None:
        self.known = known
        self.words = words
        self.said = _WORDS[words.tag]
        self.language = language
        self.now = known.situation.now

    def name(self, thing: Thing) -> str:
        """Return what a thing is called, with what it is where the name alone does not say it."""
        spoken = spoken_model(thing.name) if thing.kind is ThingKind.MODEL else spoken_name(thing.name)
        return self.said.things.get(thing.kind, "{name}").format(name=spoken or self.words.something)

    def names(self, things: Sequence[Thing]) -> str:
        """Return the names of things as a list; of many only the first."""
        plain = (spoken_model if thing.kind is ThingKind.MODEL else spoken_name for thing in things)
        listed = [say(thing.name) for say, thing in zip(plain, things, strict=True)]
        return self.words.names(listed, len(listed))

    def sentence(self, template: str, **facts: str) -> str:
        """Return a filled template as a sentence."""
        text = template.format(**facts).strip()
        return f"{text[:1].upper()}{text[1:]}" + ("" if text.endswith((".", "!", "?")) else ".")

    def value(self, attribute: Attribute, value: FactValue) -> str:
        """Return a value as people say it."""
        form = ATTRIBUTES[attribute].form
        if isinstance(value, datetime):
            return self.moment(form, value)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return self.figure(form, value)
        return spoken_name(str(value), 60)

    def moment(self, form: Form, value: datetime) -> str:
        """Return when something was or will be."""
        if form is Form.AHEAD and (span := ahead(value, self.now)) is not None:
            return self.words.soon(span)
        when = past(value, self.now)
        return self.words.ago(when) if when is not None else self.words.soon(ahead(value, self.now))

    def figure(self, form: Form, value: float) -> str:
        """Return a number with its unit."""
        if form is Form.BYTES:
            unit, size = ("GB", _GIB) if value >= _GIB else ("MB", _MIB)
            return f"{self.number(value / size)} {unit}"
        return self.said.forms.get(form, "{value}").format(value=self.number(value))

    def number(self, value: float) -> str:
        """Return a number with as many digits as people want to hear."""
        rounded = round(value) if abs(value) >= 20 else round(value, 1)
        return self.words.figure(f"{rounded:g}")

    def problems(self, problems: Iterable[Problem]) -> list[str]:
        """Return what is wrong, a sentence each."""
        return [describe(problem, self.known.situation, self.language) for problem in problems]


def _together(sentences: Iterable[str]) -> str:
    listed = list(dict.fromkeys(one for one in sentences if one))
    return shortened(lambda most: " ".join(listed[: most + 1]))


# How a thing is


def _state(speaker: _Speaker, question: Question, things: list[Thing]) -> str:
    thing = things[0]
    known = speaker.known
    alike = [other for other in things if other.name == thing.name] if len(things) > 1 else [thing]
    troubles = [one for one in known.problems_of(alike) if one.severity is not Severity.INFO]
    troubles += _causes(troubles, known)
    is_off = thing.state is State.OFF
    is_well = not troubles and not is_off and thing.state is State.OK
    said = _trouble(speaker, thing, troubles) if troubles else [_calm(speaker, thing)]
    if question.ask in (Ask.IS_WELL, Ask.IS_TROUBLED) and (is_well or troubles or is_off):
        is_yes = is_well is (question.ask is Ask.IS_WELL)
        said[0] = f"{speaker.said.yes if is_yes else speaker.said.no} {said[0]}"
    return _together(said)


def _causes(problems: Sequence[Problem], known: Knowledge) -> list[Problem]:
    """Return the problems that explain these, where they are other ones."""
    health = known.situation.health
    roots = [
        root
        for root_id, group in health.consequences.items()
        if any(problem in group for problem in problems) and (root := health.find(root_id)) is not None
    ]
    return [root for root in roots if root not in problems]


def _trouble(speaker: _Speaker, thing: Thing, problems: Sequence[Problem]) -> list[str]:
    if thing.state is State.OFF and not any(problem.name == thing.name for problem in problems):
        return [_calm(speaker, thing), *speaker.problems(problems)]
    return speaker.problems(problems)


def _calm(speaker: _Speaker, thing: Thing) -> str:
    """Return how a thing is that has no problem."""
    said, name = speaker.said, speaker.name(thing)
    if thing.state is State.OFF:
        begin = thing.fact("offline_since")
        since = past(begin, speaker.now) if isinstance(begin, datetime) else None
        return speaker.sentence(said.off, name=name, when=speaker.words.since(since) if since else "")
    if thing.state is State.UNKNOWN:
        return speaker.sentence(said.state_unknown, name=name)
    if thing.kind is ThingKind.MODEL and thing.fact("loaded") is not True:
        return speaker.sentence(said.not_loaded, name=name)
    template = said.well.get(thing.kind) or next(iter(said.well.values()))
    facts = {fact.key: speaker.value(Attribute.VERSION, fact.value) for fact in thing.facts}
    when = thing.fact("last_good")
    ago = past(when, speaker.now) if isinstance(when, datetime) else None
    return speaker.sentence(
        template,
        name=name,
        ready=facts.get("ready", ""),
        desired=facts.get("desired", ""),
        when=speaker.words.ago(ago) if ago else "",
    )


def _is(speaker: _Speaker, question: Question, things: list[Thing]) -> str | None:
    """Answer whether a thing is as a condition says."""
    condition = question.condition
    if condition is None:
        return None
    predicate = speaker.said.predicates[condition]
    thing = next((one for one in things if holds(condition, one, speaker.known)), None)
    if thing is not None:
        told = speaker.sentence(speaker.said.is_so, name=speaker.name(thing), value=predicate.one)
        return f"{speaker.said.yes} {told}"
    told = speaker.sentence(speaker.said.is_not_so, name=speaker.name(things[0]), value=predicate.one)
    return f"{speaker.said.no} {told}"


def _up_to_date(speaker: _Speaker, _question: Question, things: list[Thing]) -> str:
    reach = [
        one
        for thing in things
        for one in (thing, *speaker.known.around(thing, (LinkKind.PART_OF, LinkKind.DELIVERED_BY)))
    ]
    delivered = next((one for one in reach if one.kind is ThingKind.GITOPS), None)
    if delivered is None:
        thing = things[0]
        version = speaker.said.value_unknown.format(name=speaker.name(thing))
        if (value := thing.fact("version")) is not None:
            version = speaker.said.values[Attribute.VERSION].format(
                name=speaker.name(thing), value=speaker.value(Attribute.VERSION, value)
            )
        return _together((speaker.sentence(version), speaker.sentence(speaker.said.up_to_date_unknown)))
    problems = [one for one in speaker.known.problems_of((delivered,)) if one.severity is not Severity.INFO]
    if problems:
        first, *rest = speaker.problems(problems)
        return _together((f"{speaker.said.no} {first}", *rest))
    when = delivered.fact("delivered_at")
    ago = past(when, speaker.now) if isinstance(when, datetime) else None
    told = speaker.sentence(
        speaker.said.up_to_date,
        name=speaker.name(things[0]),
        when=speaker.words.ago(ago) if ago else "",
    )
    return f"{speaker.said.yes} {told}"


# Groups


def _which(speaker: _Speaker, question: Question, _things: list[Thing]) -> str | None:
    """Answer which or how many things of a group are as a condition says."""
    group, condition = question.group, question.condition or Condition.ANY
    if group is None:
        return None
    there = list(members(group, speaker.known))
    matching = [thing for thing in there if holds(condition, thing, speaker.known)]
    noun, predicate = speaker.said.group_nouns[group], speaker.said.predicates[condition]
    if not matching:
        return speaker.sentence(f"{noun.none} {predicate.one}")
    count = len(matching)
    subject = noun.one if count == 1 else f"{speaker.words.count(count)} {noun.many}"
    told = f"{subject} {predicate.one if count == 1 else predicate.many}"
    if count == len(there) > 1 and condition is not Condition.ANY and question.ask is Ask.HOW_MANY:
        told = f"{speaker.said.all_of_them.format(value=subject)} {predicate.many}"
    names = speaker.names(sorted(matching, key=lambda thing: thing.name)[:20])
    return speaker.sentence(speaker.said.some, value=told, names=names)


# Values


def _measure(speaker: _Speaker, question: Question, things: list[Thing]) -> str | None:
    """Answer what a value of a thing is, or when it was or will be."""
    attribute = question.attribute
    if attribute is None:
        return None
    told = [
        speaker.sentence(
            speaker.said.values[attribute], name=speaker.name(thing), value=speaker.value(attribute, value)
        )
        for thing, value in values(attribute, _asked_for(things, speaker.known, attribute), speaker.known)
    ]
    if not told:
        return speaker.sentence(speaker.said.value_unknown, name=speaker.name(things[0]))
    return _together(told)


def _asked_for(things: list[Thing], known: Knowledge, attribute: Attribute) -> list[Thing]:
    """Return whose value is meant: of things that are called the same, those that have it."""
    having = [thing for thing in things if next(values(attribute, [thing], known), None) is not None]
    exact = [thing for thing in having if thing.name == things[0].name] if things else []
    return (exact or having)[:MOST_SENTENCES]


# What happened


def _changed(speaker: _Speaker, question: Question, things: list[Thing]) -> str:
    period = question.period or Period.LATELY
    since, until = _bounds(period, speaker.now)
    ids = None
    if things:
        alike = [thing for thing in things if thing.name == things[0].name]
        ids = {one.id for thing in alike for one in (thing, *_parts(thing, speaker.known))}
    entries = speaker.known.timeline.between(since, until, ids)
    if not entries:
        name = speaker.name(things[0]) if things else ""
        when = speaker.said.period_names[period]
        return speaker.sentence(speaker.said.nothing_happened, when=when, name=name)
    latest = [_happened(speaker, entry) for entry in _told_once(entries)[::-1][:MOST_SENTENCES]]
    return _together(latest)


def _parts(thing: Thing, known: Knowledge) -> Iterator[Thing]:
    """Yield what belongs to a thing: its pods, and what delivers it."""
    yield from (one for kind, one in known.topology.dependents(thing) if kind is LinkKind.PART_OF)
    yield from known.around(thing, (LinkKind.DELIVERED_BY, LinkKind.SERVED_BY, LinkKind.STORES_IN))


def _told_once(entries: Sequence[Entry]) -> list[Entry]:
    """Leave out what says the same again: a hub that goes off is also a problem that appears."""
    hubs = {(entry.source, entry.kind) for entry in entries}
    return [
        entry
        for entry in entries
        if not (entry.facts.get("kind") in ("hub_offline", "standby_offline") and _is_told(entry, hubs))
    ]


def _is_told(entry: Entry, hubs: set[tuple[str, EntryKind]]) -> bool:
    wanted = EntryKind.HUB_OFF if entry.kind is EntryKind.RAISED else EntryKind.HUB_ON
    return (entry.source, wanted) in hubs


def _happened(speaker: _Speaker, entry: Entry) -> str:
    when = past(entry.at, speaker.now)
    ago = speaker.words.ago(when) if when else ""
    text = sentence_of(entry, speaker.now, speaker.language)
    return speaker.sentence(speaker.said.happened, when=ago, value=text)


def _bounds(period: Period, now: datetime) -> tuple[datetime, datetime | None]:
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    match period:
        case Period.NIGHT:
            evening = midnight - timedelta(hours=24 - _NIGHT_BEGINS)
            return evening, min(now, midnight + timedelta(hours=9))
        case Period.TODAY:
            return midnight, None
        case Period.YESTERDAY:
            return midnight - timedelta(days=1), midnight
        case Period.WEEK:
            return now - timedelta(days=7), None
        case Period.HOUR:
            return now - timedelta(hours=1), None
    return now - timedelta(days=1), None


# How things hang together


def _needs(speaker: _Speaker, _question: Question, things: list[Thing]) -> str:
    kinds = tuple(kind for kind in LinkKind if kind is not LinkKind.PART_OF)
    needed = [one for _, one in _tied(things, speaker.known, kinds)]
    said = speaker.said
    if not needed:
        return speaker.sentence(said.needs_nothing, name=speaker.name(things[0]))
    return speaker.sentence(said.needs, name=speaker.name(things[0]), names=speaker.names(needed))


def _tied(things: list[Thing], known: Knowledge, kinds: Sequence[LinkKind]) -> list[tuple[LinkKind, Thing]]:
    alike = [thing for thing in things if thing.name == things[0].name]
    found = {
        other.id: (kind, other)
        for thing in alike
        for kind, other in known.topology.targets(thing)
        if kind in kinds and other not in alike
    }
    return list(found.values())


def _needed_by(speaker: _Speaker, _question: Question, things: list[Thing]) -> str:
    said = speaker.said
    alike = [thing for thing in things if thing.name == things[0].name]
    impact = {one.id: one for thing in alike for one in speaker.known.topology.impact(thing.id)}
    # What people use stands for its parts.
    depending = [one for one in impact.values() if one not in alike and one.kind is not ThingKind.POD]
    depending = depending or [one for one in impact.values() if one not in alike]
    if not depending:
        return speaker.sentence(said.needed_by_nothing, name=speaker.name(things[0]))
    return speaker.sentence(said.needed_by, name=speaker.name(things[0]), names=speaker.names(depending))


def _origin(speaker: _Speaker, _question: Question, things: list[Thing]) -> str:
    links = (LinkKind.DELIVERED_BY, LinkKind.PART_OF, LinkKind.SERVED_BY)
    chain = [one for thing in things[:1] for one in speaker.known.around(thing, links, depth=6)]
    chain = [one for one in chain if one.kind in (ThingKind.GITOPS, ThingKind.SOURCE)]
    if not chain:
        return speaker.sentence(speaker.said.origin_unknown, name=speaker.name(things[0]))
    return speaker.sentence(
        speaker.said.origin, name=speaker.name(things[0]), names=speaker.words.joined(_names(speaker, chain))
    )


def _names(speaker: _Speaker, things: Sequence[Thing]) -> list[str]:
    return [speaker.name(thing) for thing in things]


def _place(speaker: _Speaker, _question: Question, things: list[Thing]) -> str:
    known = speaker.known
    parts = [one for thing in things for one in (thing, *_parts(thing, known))]
    nodes = {
        other.id: other
        for part in parts
        for kind, other in known.topology.targets(part)
        if kind is LinkKind.RUNS_ON
    }
    name = speaker.name(things[0])
    if not nodes:
        return speaker.sentence(speaker.said.place_unknown, name=name)
    return speaker.sentence(speaker.said.place, name=name, names=speaker.names(list(nodes.values())))


# All there is


def _about(speaker: _Speaker, question: Question, things: list[Thing]) -> str:
    """Answer with how a thing is, and what else is known of it."""
    told = [_state(speaker, question, things)]
    for attribute in (Attribute.VERSION, Attribute.FULL, Attribute.LAST_BACKUP, Attribute.EXPIRY):
        for thing, value in list(values(attribute, things[:1], speaker.known))[:1]:
            phrase = speaker.said.values[attribute]
            told.append(
                speaker.sentence(phrase, name=speaker.name(thing), value=speaker.value(attribute, value))
            )
    if speaker.known.topology.impact(things[0].id, most=1):
        told.append(_needed_by(speaker, question, things))
    return " ".join(told)


def _notes(speaker: _Speaker, _question: Question, _things: list[Thing]) -> str:
    health = speaker.known.situation.health
    notes = [one for one in health.problems if one.severity is Severity.INFO]
    return _together(speaker.problems(notes)) or speaker.sentence(speaker.said.no_notes)


def _muted(speaker: _Speaker, _question: Question, _things: list[Thing]) -> str:
    muted = speaker.known.situation.health.muted
    return _together(speaker.problems(muted)) or speaker.sentence(speaker.said.none_muted)


_ANSWERS: Mapping[Ask, Callable[[_Speaker, Question, list[Thing]], str | None]] = {
    Ask.STATE: _state,
    Ask.IS_WELL: _state,
    Ask.IS_TROUBLED: _state,
    Ask.IS: _is,
    Ask.UP_TO_DATE: _up_to_date,
    Ask.WHICH: _which,
    Ask.HOW_MANY: _which,
    Ask.MEASURE: _measure,
    Ask.WHEN: _measure,
    Ask.CHANGED: _changed,
    Ask.NEEDS: _needs,
    Ask.NEEDED_BY: _needed_by,
    Ask.ORIGIN: _origin,
    Ask.PLACE: _place,
    Ask.ABOUT: _about,
    Ask.NOTES: _notes,
    Ask.MUTED: _muted,
}
