"""Answers to what a value of a thing is, and when something was or will be."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from ...timeline import EntryKind
from ...topology import FactValue, Thing, ThingKind
from ..answers import backups
from .attributes import values
from .changes import bounds, happened
from .groups import KINDS
from .knowledge import Knowledge, alike
from .question import Ask, Attribute, Group, Question
from .speaker import MOST_SENTENCES, Speaker, together
from .ties import runs_here

_OF_THE_HOUSE_AS_WELL = (Attribute.TEMPERATURE,)
"""What is asked of rooms, too: where it is not known, the question is somebody else's."""
_INSTEAD = {
    Attribute.SPEED: Attribute.RESPONSE_TIME,
    Attribute.RESPONSE_TIME: Attribute.SPEED,
    Attribute.MEMORY: Attribute.VRAM,
    Attribute.FULL: Attribute.VRAM,
}
"""How fast a page is says how soon it answers, and how fast a model is how soon it has written."""
_UPDATES = (EntryKind.IMAGE_CHANGED, EntryKind.UPDATED, EntryKind.DELIVERED)
_HAVING: dict[Attribute, Group] = {
    Attribute.VRAM_FREE: Group.HUBS,
    Attribute.VRAM: Group.HUBS,
    Attribute.REVISION: Group.DEPLOYMENTS,
    Attribute.VERSION: Group.DEPLOYMENTS,
}


def measure(speaker: Speaker, question: Question, things: list[Thing]) -> str | None:
    """Answer what a value of a thing is, or when it was or will be."""
    attribute = question.attribute
    if attribute is None:
        return None
    if attribute is Attribute.REPLICAS and things[0].kind is ThingKind.NODE:
        return runs_here(speaker, question, things)
    sentences = _of_itself(speaker, attribute, things)
    sentences += told_values(speaker, attribute, asked_for(things, speaker.known, attribute))
    if not sentences and (other := _INSTEAD.get(attribute)):
        sentences = told_values(speaker, other, asked_for(things, speaker.known, other))
    if not sentences and attribute in _OF_THE_HOUSE_AS_WELL:
        return None
    return together(sentences) or speaker.of(speaker.said.value_unknown, things[0])


def _of_itself(speaker: Speaker, attribute: Attribute, things: list[Thing]) -> list[str]:
    """Return what says more of the thing itself than a value that is found elsewhere.

    Since when something is wrong its problems say, and when it was updated what happened to it.
    """
    if attribute is Attribute.SINCE and next(values(attribute, things[:1], speaker.known), None) is None:
        return speaker.problems(speaker.known.troubles_of(alike(things)))
    if attribute is not Attribute.DELIVERED or things[0].kind is ThingKind.GITOPS:
        return []
    ids = {thing.id for thing in alike(things)}
    begin = speaker.now - timedelta(days=30)
    entries = speaker.known.timeline.between(begin, things=ids, kinds=_UPDATES)
    return [happened(speaker, entry) for entry in entries[-1:]]


def told_values(speaker: Speaker, attribute: Attribute, things: list[Thing]) -> list[str]:
    """Return the values of things, a sentence each."""
    return [
        speaker.sentence(
            speaker.said.few.get((attribute, value)) or speaker.said.values[attribute],
            name=speaker.name(thing),
            plain=speaker.plain(thing),
            value=speaker.value(attribute, value),
        )
        for thing, value in values(attribute, things, speaker.known)
    ]


def asked_for(things: list[Thing], knowledge: Knowledge, attribute: Attribute) -> list[Thing]:
    """Return whose value is meant: of things that are called the same, the first that has it."""
    exact = [thing for thing in things if thing.name.casefold() == things[0].name.casefold()]
    for candidates in (exact, things):
        having = [
            thing for thing in candidates if next(values(attribute, [thing], knowledge), None) is not None
        ]
        if having:
            return having[:1] if len({thing.kind for thing in having}) > 1 else having[:MOST_SENTENCES]
    return []


def value(speaker: Speaker, question: Question, _things: list[Thing]) -> str | None:
    """Answer what is asked without a name, of whatever has it."""
    attribute = question.attribute
    group = _HAVING.get(attribute) if attribute else None
    if attribute is None or group is None:
        return None
    having = [thing for thing in speaker.known.topology if thing.kind in KINDS[group]]
    sentences = told_values(speaker, attribute, having)
    if attribute is Attribute.VRAM_FREE:
        # Whether one asks what is free or what is used, the other is said as well.
        used = told_values(speaker, Attribute.VRAM, having)
        unknown = [speaker.sentence(speaker.said.vram_total_unknown)] if used and not sentences else []
        sentences = [*sentences, *used, *unknown]
    return together(sentences[:MOST_SENTENCES]) or speaker.sentence(speaker.said.unknown)


# Backups


def when_any(speaker: Speaker, question: Question, _things: list[Thing]) -> str | None:
    """Answer when the last or the next backup is, of all that there are."""
    attribute = question.attribute
    plans = [thing for thing in speaker.known.topology if thing.kind is ThingKind.BACKUP_PLAN]
    times = [
        (moment, thing)
        for thing, moment in values_of(attribute, plans, speaker)
        if isinstance(moment, datetime)
    ]
    if attribute is Attribute.LAST_BACKUP and not times:
        return _last_of_situation(speaker)
    if attribute is None or not times:
        return speaker.sentence(speaker.said.unknown)
    pick = max if attribute is Attribute.LAST_BACKUP else min
    _, thing = pick(times, key=lambda one: one[0])
    sentences = told_values(speaker, attribute, [thing])
    failed = speaker.known.troubles_of(plans)
    return together((*sentences, *speaker.problems(failed)))


def _last_of_situation(speaker: Speaker) -> str:
    """Return when the last backup was, as the systems say that are watched."""
    situation = speaker.known.situation
    last = max((backup.last_good for backup in situation.backups if backup.last_good), default=None)
    sentence = backups(situation, speaker.language)
    if last is None:
        return sentence
    when = speaker.value(Attribute.LAST_BACKUP, last)
    return f"{speaker.sentence(speaker.said.last_backup, value=when)} {sentence}"


def values_of(
    attribute: Attribute | None, things: list[Thing], speaker: Speaker
) -> Iterable[tuple[Thing, FactValue]]:
    """Return the values of an attribute that are known of things."""
    return () if attribute is None else values(attribute, things, speaker.known)


def has_backup(speaker: Speaker, question: Question, things: list[Thing]) -> str:
    """Answer whether a thing is backed up, in a period where one is named."""
    owners = asked_for(things, speaker.known, Attribute.LAST_BACKUP)
    dated = list(values(Attribute.LAST_BACKUP, owners[:1], speaker.known))
    plans = [thing for thing, _ in dated] or [
        thing for thing in things if thing.kind is ThingKind.BACKUP_PLAN
    ]
    troubles = speaker.known.troubles_of(plans)
    sentences = told_values(speaker, Attribute.LAST_BACKUP, owners[:1])
    if troubles:
        first, *rest = (*speaker.problems(troubles), *sentences)
        return together((_judged(speaker, question, first, is_so=False), *rest))
    moment = dated[0][1] if dated else None
    if not isinstance(moment, datetime):
        return speaker.of(speaker.said.backup_unknown, things[0])
    since, until = bounds(question.period, speaker.known) if question.period else (moment, None)
    is_in = since <= moment and (until is None or moment <= until)
    return _judged(speaker, question, sentences[0], is_so=is_in)


def _judged(speaker: Speaker, question: Question, text: str, *, is_so: bool) -> str:
    """Return an answer that begins with yes or no, but where it was asked how."""
    if question.ask is Ask.BACKUP_STATE:
        return text
    is_yes = is_so is (question.ask is not Ask.BACKUP_FAILED)
    return f"{speaker.said.yes if is_yes else speaker.said.no} {text}"


def all_backups(speaker: Speaker, question: Question, _things: list[Thing]) -> str | None:
    """Answer whether the backups are all right."""
    plans = [thing for thing in speaker.known.topology if thing.kind is ThingKind.BACKUP_PLAN]
    troubles = speaker.known.troubles_of(plans)
    if speaker.known.situation.backups or not plans or (troubles and question.period is None):
        return backups(speaker.known.situation, speaker.language)
    if troubles:
        first, *rest = speaker.problems(troubles)
        return together((f"{speaker.said.no} {first}", *rest))
    sentence = when_any(speaker, Question(question.ask, attribute=Attribute.LAST_BACKUP), []) or ""
    return f"{speaker.said.yes} {sentence}"
