"""Answers to what happened."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from ...timeline import Entry, EntryKind
from ...topology import LinkKind, Thing
from ..happenings import sentence_of
from ..moments import past
from .knowledge import Knowledge, alike
from .question import Period, Question
from .speaker import MOST_SENTENCES, Speaker, together

_EVENING, _NIGHT_ENDS = timedelta(hours=4), timedelta(hours=9)
"""The night is from the evening before, at eight, to the morning."""


def changed(speaker: Speaker, question: Question, things: list[Thing]) -> str:
    """Answer what happened in a period, to everything or to one thing."""
    since, until, when = _asked_period(speaker, question, default=Period.WEEK if things else Period.LATELY)
    ids = None
    if things:
        ids = {other.id for thing in alike(things) for other in (thing, *parts_of(thing, speaker.known))}
    entries = speaker.known.timeline.between(since, until, ids)
    if not entries:
        name = speaker.name(things[0]) if things else ""
        return speaker.sentence(speaker.said.nothing_happened, when=when, name=name)
    latest = [happened(speaker, entry) for entry in _told_once(entries)[::-1][:MOST_SENTENCES]]
    return together(latest)


def _asked_period(
    speaker: Speaker, question: Question, default: Period
) -> tuple[datetime, datetime | None, str]:
    """Return from when to when a question asks, and how that time is called."""
    now = speaker.known.situation.now
    if question.span is not None:
        return now - question.span, None, speaker.said.since_then
    if question.since:
        return moment_of(question.since, now), None, speaker.said.since_then
    period = _known_period(question.period or default, speaker.known)
    return *bounds(period, speaker.known), speaker.said.period_names[period]


def moment_of(text: str, now: datetime) -> datetime:
    """Return the last time that a clock or a calendar said so; see `Question.since`."""
    unit, _, figure = text.partition(" ")
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    if unit == "day":
        return midnight - timedelta(days=(now.weekday() - int(figure)) % 7)
    step = timedelta(hours=12 if unit == "clock" else 24)
    moment = midnight + timedelta(hours=int(figure))
    while moment > now:
        moment -= step
    while moment + step <= now:
        moment += step
    return moment


def news(
    known: Knowledge, language: str, since: datetime, until: datetime | None = None, when: str = ""
) -> list[str]:
    """Return what happened since a moment, the latest first; that nothing did where so it was.

    `when` names the time in the language; "since then" where it is left out.
    """
    speaker = Speaker(known, language)
    entries = known.timeline.between(since, until)
    if not entries:
        when = when or speaker.said.since_then
        return [speaker.sentence(speaker.said.nothing_happened, when=when)]
    return [happened(speaker, entry) for entry in _told_once(entries)[::-1]]


def news_of(known: Knowledge, language: str, period: Period) -> list[str]:
    """Return what happened in a period."""
    period = _known_period(period, known)
    return news(known, language, *bounds(period, known), Speaker(known, language).said.period_names[period])


def _known_period(period: Period, known: Knowledge) -> Period:
    """Return the last day where it is not known when the person asked last."""
    return Period.LATELY if period is Period.ASKED and known.asked is None else period


def parts_of(thing: Thing, knowledge: Knowledge) -> Iterator[Thing]:
    """Yield what belongs to a thing: its pods, and what delivers it."""
    yield from (other for kind, other in knowledge.topology.dependents(thing) if kind is LinkKind.PART_OF)
    yield from knowledge.around(thing, (LinkKind.DELIVERED_BY, LinkKind.SERVED_BY, LinkKind.STORES_IN))


def _told_once(entries: Sequence[Entry]) -> list[Entry]:
    """Leave out what says the same again: a hub that goes off is also a problem that appears."""
    hubs = {(entry.source, entry.kind) for entry in entries}
    return [
        entry
        for entry in entries
        if not (entry.facts.get("kind") in ("hub_offline", "standby_offline") and _is_told(entry, hubs))
    ]


def _is_told(entry: Entry, hubs: set[tuple[str, EntryKind]]) -> bool:
    kind = EntryKind.HUB_OFF if entry.kind is EntryKind.RAISED else EntryKind.HUB_ON
    return (entry.source, kind) in hubs


def happened(speaker: Speaker, entry: Entry) -> str:
    """Return what happened, and when."""
    when = past(entry.at, speaker.now)
    ago = speaker.words.ago(when) if when else ""
    text = sentence_of(entry, speaker.now, speaker.language)
    return speaker.sentence(speaker.said.happened, when=ago, value=text)


def bounds(period: Period, knowledge: Knowledge) -> tuple[datetime, datetime | None]:
    """Return from when to when a period is; None where it has not ended."""
    now = knowledge.situation.now
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    if period is Period.ASKED and knowledge.asked is not None:
        return knowledge.asked, None
    ends = {Period.NIGHT: min(now, midnight + _NIGHT_ENDS), Period.YESTERDAY: midnight}
    begins = {
        Period.NIGHT: midnight - _EVENING,
        Period.TODAY: midnight,
        Period.YESTERDAY: midnight - timedelta(days=1),
        Period.WEEK: now - timedelta(days=7),
        Period.HOUR: now - timedelta(hours=1),
    }
    return begins.get(period, now - timedelta(days=1)), ends.get(period)
