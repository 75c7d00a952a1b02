"""Answers to which and how many things of a group are as a condition says."""

from datetime import datetime

from ...topology import State, Thing, ThingKind
from ..briefing import brief
from ..names import compact
from ..pull_requests import risks_of
from .attributes import values
from .groups import BAD, DETAILS, holds, members
from .measures import told_values
from .question import Ask, Attribute, Condition, Group, Question
from .speaker import Speaker, together
from .states import state

MOST_NAMED = 20
_MOST_DETAILED = 3


def which(speaker: Speaker, question: Question, _things: list[Thing]) -> str | None:
    """Answer which or how many things of a group are as a condition says."""
    group, condition = question.group, question.condition or Condition.ANY
    if group is None:
        return None
    there = list(members(group, speaker.known))
    if group in (Group.UPDATES, Group.PULL_REQUESTS) and not _has_forge(speaker):
        return None
    return _told(speaker, question, group, condition, there)


def _has_forge(speaker: Speaker) -> bool:
    """Return whether anything here knows of pull requests; else nobody can say that none waits."""
    systems = speaker.known.topology.of_kind(ThingKind.SYSTEM)
    return any(system.fact("pull_requests") is not None for system in systems)


def _told(
    speaker: Speaker, question: Question, group: Group, condition: Condition, there: list[Thing]
) -> str:
    matching = [thing for thing in there if holds(condition, thing, speaker.known)]
    noun, predicate = speaker.said.group_nouns[group], speaker.said.predicates[condition]
    if not matching:
        return speaker.sentence(f"{noun.none} {predicate.one}")
    matching = _once(matching)
    count = len(matching)
    subject = noun.one if count == 1 else f"{speaker.words.count(count)} {noun.many}"
    sentence = f"{subject} {predicate.one if count == 1 else predicate.many}"
    names = speaker.names(sorted(matching, key=lambda thing: thing.name)[:MOST_NAMED])
    details = _details(speaker, condition, matching)
    if group is Group.UPDATES:
        details += risks_of(matching, speaker.language)
    return together((speaker.sentence(speaker.said.some, value=sentence, names=names), *details))


def _once(things: list[Thing]) -> list[Thing]:
    """Leave out what a person takes for the same: a volume beside its claim, an app beside its workload."""
    seen = {(thing.place, compact(thing.name)): thing for thing in reversed(things)}
    placed = {name for place, name in seen if place}
    return [thing for (place, name), thing in reversed(seen.items()) if place or name not in placed]


def _details(speaker: Speaker, condition: Condition, things: list[Thing]) -> list[str]:
    attribute = DETAILS.get(condition)
    if attribute is None or len(things) > _MOST_DETAILED:
        return []
    return [detail for thing in things for detail in told_values(speaker, attribute, [thing])[:1]]


def all_of(speaker: Speaker, question: Question, things: list[Thing]) -> str | None:
    """Answer whether all things of a group are as a condition says, and which are not."""
    group, condition = question.group, question.condition or Condition.WELL
    if group is None or condition in BAD:
        return which(speaker, question, things)
    there = _once(list(members(group, speaker.known)))
    noun, predicate = speaker.said.group_nouns[group], speaker.said.predicates[condition]
    if not there:
        return speaker.sentence(f"{noun.none} {speaker.said.predicates[Condition.ANY].one}")
    unknown = [
        thing
        for thing in there
        if condition is Condition.WELL and speaker.known.state_of(thing) is State.UNKNOWN
    ]
    others = [thing for thing in there if not holds(condition, thing, speaker.known) and thing not in unknown]
    if others:
        names = speaker.names(others[:MOST_NAMED])
        verb = predicate.isnt if len(others) == 1 else predicate.arent
        return f"{speaker.said.no} {speaker.sentence('{names} {verb}', names=names, verb=verb)}"
    if unknown:
        return speaker.sentence(speaker.said.state_unknown, name=speaker.names(unknown[:MOST_NAMED]))
    count = len(there)
    if count == 1 and condition is Condition.WELL:
        return state(speaker, Question(Ask.IS_WELL), there)
    subject = (
        noun.one
        if count == 1
        else speaker.said.all_of_them.format(value=f"{speaker.words.count(count)} {noun.many}")
    )
    verb = predicate.one if count == 1 else predicate.many
    return f"{speaker.said.yes} {speaker.sentence('{subject} {verb}', subject=subject, verb=verb)}"


def anything(speaker: Speaker, question: Question, _things: list[Thing]) -> str | None:
    """Answer whether anything at all is as a condition says, and what."""
    condition = question.condition or Condition.TROUBLED
    if condition is Condition.TROUBLED:
        return brief(speaker.known.situation, speaker.language)
    things = [thing for thing in speaker.known.topology if holds(condition, thing, speaker.known)]
    people = [thing for thing in things if thing.kind is not ThingKind.POD] or things
    predicate = speaker.said.predicates[condition]
    if not people:
        return speaker.sentence(speaker.said.nothing_is, value=predicate.one)
    names = speaker.names(_once(people)[:MOST_NAMED])
    verb = predicate.one if len(people) == 1 else predicate.many
    sentence = speaker.sentence("{names} {verb}", names=names, verb=verb)
    return together((sentence, *_details(speaker, condition, people)))


def next_to(speaker: Speaker, question: Question, things: list[Thing]) -> str | None:
    """Answer which thing of a group is the first to expire."""
    if question.group is None or question.condition is not Condition.EXPIRING:
        return which(speaker, question, things)
    times = [
        (moment, thing)
        for thing, moment in values(
            Attribute.EXPIRY, list(members(question.group, speaker.known)), speaker.known
        )
        if isinstance(moment, datetime)
    ]
    if not times:
        return speaker.sentence(speaker.said.unknown)
    _, first = min(times, key=lambda one: one[0])
    return together(told_values(speaker, Attribute.EXPIRY, [first])[:1])
