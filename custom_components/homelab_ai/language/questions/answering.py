"""Answers to questions about things, composed of facts: never about another thing than was asked."""

from collections.abc import Callable, Mapping

from ...health.problem import Severity
from ...topology import Thing
from ..briefing import brief
from .changes import changed, news_of
from .gatherings import all_of, anything, next_to, which
from .knowledge import Knowledge
from .measures import all_backups, has_backup, measure, value, when_any
from .network import devices, new_devices
from .question import Ask, Question
from .speaker import Speaker, together
from .states import about, is_so, reason, state, up_to_date
from .ties import needed_by, needs, origin, place, runs_here, stored_in


def answer(question: Question, knowledge: Knowledge, language: str) -> str | None:
    """Return the answer in a language, None where the question is not about anything in the homelab."""
    things = knowledge.find(question.thing) if question.thing else []
    if question.thing and not things:
        return None
    return _ANSWERS[question.ask](Speaker(knowledge, language), question, things)


def _notes(speaker: Speaker, _question: Question, _things: list[Thing]) -> str:
    health = speaker.known.situation.health
    notes = [problem for problem in health.problems if problem.severity is Severity.INFO]
    return together(speaker.problems(notes)) or speaker.sentence(speaker.said.no_notes)


def _muted(speaker: Speaker, _question: Question, _things: list[Thing]) -> str:
    muted = speaker.known.situation.health.muted
    return together(speaker.problems(muted)) or speaker.sentence(speaker.said.none_muted)


def _briefing(speaker: Speaker, question: Question, _things: list[Thing]) -> str:
    told = brief(speaker.known.situation, speaker.language)
    if question.period is None:
        return told
    return f"{told} {together(news_of(speaker.known, speaker.language, question.period))}"


def _not_here(_speaker: Speaker, _question: Question, _things: list[Thing]) -> None:
    """Answer nothing: what changes something is done elsewhere."""


_ANSWERS: Mapping[Ask, Callable[[Speaker, Question, list[Thing]], str | None]] = {
    Ask.STATE: state,
    Ask.IS_WELL: state,
    Ask.IS_TROUBLED: state,
    Ask.IS: is_so,
    Ask.REASON: reason,
    Ask.UP_TO_DATE: up_to_date,
    Ask.WHICH: which,
    Ask.HOW_MANY: which,
    Ask.ANYTHING: anything,
    Ask.ALL: all_of,
    Ask.NEXT_TO: next_to,
    Ask.MEASURE: measure,
    Ask.VALUE: value,
    Ask.WHEN: measure,
    Ask.WHEN_ANY: when_any,
    Ask.HAS_BACKUP: has_backup,
    Ask.BACKUP_FAILED: has_backup,
    Ask.BACKUP_STATE: has_backup,
    Ask.BACKUPS: all_backups,
    Ask.CHANGED: changed,
    Ask.NEEDS: needs,
    Ask.NEEDED_BY: needed_by,
    Ask.RUNS_HERE: runs_here,
    Ask.STORED_IN: stored_in,
    Ask.ORIGIN: origin,
    Ask.PLACE: place,
    Ask.ABOUT: about,
    Ask.NOTES: _notes,
    Ask.MUTED: _muted,
    Ask.MUTE: _not_here,
    Ask.UNMUTE: _not_here,
    Ask.BRIEFING: _briefing,
    Ask.NEW_DEVICES: new_devices,
    Ask.DEVICES: devices,
}
