"""The briefing: how the homelab is, in a few sentences that are composed of facts, without a model."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from ..health.facts import text_of
from ..health.kinds import kind_of
from ..health.ledger import HealthData
from ..health.problem import Problem, Severity
from ..health.situation import Situation
from ..health.state import KEPT_BACK, KEPT_BACK_BY
from .languages import ENGLISH, supported
from .lines import Line, critical, in_order, lines_of
from .names import spoken_alert
from .telling import (
    consequence_of,
    line_sentences,
    losses_of,
    named,
    quotation,
    shortened,
    tell_end,
    tell_one,
    with_quotation,
    write_one,
)
from .unseen import clause_of
from .words import Language, language_of

MOST_WRITTEN = 10
"""Lines of a written briefing; what is left is counted."""


class Style(StrEnum):
    """How a briefing is told: spoken aloud, or written as a notification shows it."""

    SPOKEN = "spoken"
    WRITTEN = "written"


def brief(situation: Situation, language: str, style: Style = Style.SPOKEN) -> str:
    """Return how the homelab is. Spoken it has at most `MAX_SPOKEN` characters and no markup."""
    words = language_of(language)
    if not situation.health.known:
        return words.unknown()
    if style is Style.WRITTEN:
        return "\n".join(_written(situation, words))
    problems, notes = _problems(situation), _notes(situation)
    lines, noted = lines_of(problems), lines_of(notes)

    def told(most: int) -> str:
        sentences = _told(lines, len(notes), most, situation, words) if lines else ()
        return " ".join((*sentences, *(() if lines else _well(noted, most, situation, words)), *aside))

    aside = tuple(_aside(situation, words, problems))
    return shortened(told)


def describe(problem: Problem, situation: Situation, language: str) -> str:
    """Return one problem as a plain sentence that can be spoken."""
    return tell_one(problem, situation, language_of(language))


def announce(problem: Problem, now: datetime, language: str, *, solved: bool = False) -> str:
    """Return in plain words that a problem is there, without since when, or that it is over."""
    words = language_of(language)
    situation = Situation(now, HealthData())
    if solved:
        return tell_end(problem, situation, words)
    return with_quotation(tell_one(replace(problem, since=None), situation, words), problem, words)


def summarize(problem: Problem, now: datetime, language: str) -> str:
    """Return what is wrong, written: the words of its system, ours in the language of who reads them."""
    if kind_of(problem).quotes_summary or supported(language) == ENGLISH:
        return problem.summary
    words = language_of(language)
    sentence = write_one(replace(problem, since=None), Situation(now, HealthData()), words)
    quote = quotation(problem)
    return f"{sentence.removesuffix('.')}: {words.quoted(quote)}" if quote else sentence.removesuffix(".")


def _problems(situation: Situation) -> Sequence[Problem]:
    return [problem for problem in situation.health.problems if problem.severity is not Severity.INFO]


def _notes(situation: Situation) -> Sequence[Problem]:
    return [problem for problem in situation.health.problems if problem.severity is Severity.INFO]


def _told(
    lines: Sequence[Line], notes: int, most: int, situation: Situation, words: Language
) -> Iterator[str]:
    """Yield the sentences of what is wrong."""
    for line in lines[:most]:
        yield from line_sentences(line, situation, words)
    left = lines[most:]
    if rest := words.rest(sum(line.count for line in left), sum(line.critical for line in left), notes):
        yield rest


def _well(noted: Sequence[Line], most: int, situation: Situation, words: Language) -> Iterator[str]:
    """Yield the sentences of a homelab in which nothing is wrong."""
    yield _all_well(situation, words)
    sentences = [sentence for line in noted[:most] for sentence in line_sentences(line, situation, words)]
    if sentences:
        yield words.note(" ".join(sentences))
    if rest := words.rest(0, 0, sum(line.count for line in noted[most:])):
        yield rest


def _all_well(situation: Situation, words: Language) -> str:
    """Return that all is well, of what was looked at."""
    unheard = any(system.online is None for system in situation.systems)
    return words.well(clause_of(situation, words), in_part=unheard or bool(situation.health.not_seen))


def _aside(situation: Situation, words: Language, problems: Sequence[Problem]) -> Iterator[str]:
    """Yield what is not told, and why; without problems it was said already what is not seen."""
    if unheard := [system.name for system in situation.systems if system.online is None]:
        yield words.unheard(named(unheard, words))
    if problems and (clause := clause_of(situation, words)):
        yield words.clause(clause)
    if situation.health.muted:
        yield words.muted(len(situation.health.muted))
    yield from _kept_back(situation, words)


def _kept_back(situation: Situation, words: Language) -> Iterator[str]:
    """Yield what Alertmanager tells nobody of, by the reason why."""
    by_reason: dict[str, list[Problem]] = {}
    for problem in situation.health.kept_back:
        reason = text_of(problem.facts, KEPT_BACK).partition(",")[0]
        if reason in KEPT_BACK_BY:
            by_reason.setdefault(reason, []).append(problem)
    for reason in KEPT_BACK_BY:
        if found := by_reason.get(reason):
            name = spoken_alert(found[0].name) if len(found) == 1 else ""
            yield words.kept_back(reason, len(found), name or words.something)


def _written(situation: Situation, words: Language) -> Iterator[str]:
    """Yield the lines of a notification."""
    problems = in_order(_problems(situation))
    yield words.header(len(problems), critical(problems)) if problems else _all_well(situation, words)
    listed = problems[:MOST_WRITTEN]
    for problem in listed:
        yield f"- {_written_problem(problem, situation, words)}"
    notes = _notes(situation)
    noted = in_order(notes)[: MOST_WRITTEN - len(listed)]
    for problem in noted:
        yield f"- {words.note(_written_problem(problem, situation, words))}"
    left = problems[MOST_WRITTEN:]
    if rest := words.rest(len(left), critical(left), len(notes) - len(noted)):
        yield rest
    yield from _aside(situation, words, problems)


def _written_problem(problem: Problem, situation: Situation, words: Language) -> str:
    sentence = write_one(problem, situation, words)
    if quote := quotation(problem):
        sentence = f"{sentence.removesuffix('.')}: {words.quoted(quote)}"
    known = (
        sentence,
        consequence_of(problem, situation, words),
        losses_of((problem,), situation, words),
    )
    return " ".join(filter(None, known))
