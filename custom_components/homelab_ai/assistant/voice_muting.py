"""A person mutes what is wrong with a thing by voice, for as long as they say."""

from collections.abc import Sequence
from datetime import timedelta

from ..health.problem import Problem
from ..language.moments import ahead
from ..language.questions.knowledge import Knowledge
from ..language.questions.question import Ask, Question
from ..language.questions.speaker import Speaker
from ..topology import LinkKind, Thing
from .knowing import knowledge_of
from .looks import Look

A_DAY = timedelta(hours=24)


def muted_by_voice(looks: Sequence[Look], question: Question, language: str) -> str | None:
    """Mute or unmute, and return what is said of it; None where nothing is called so."""
    answer: str | None = None
    for look in looks:
        knowledge = knowledge_of(look.homelab, look.situation)
        things = knowledge.find(question.thing)
        if not things:
            continue
        problems = _problems(look, knowledge, things, question.thing)
        if problems:
            return _done(look, knowledge, things[0], problems, question, language)
        answer = answer or _nothing_to_do(Speaker(knowledge, language), things[0], question.ask)
    return answer


def _problems(look: Look, knowledge: Knowledge, things: list[Thing], words: str) -> list[Problem]:
    """Return what is wrong with what is called so and its parts, also what is muted already."""
    alike = [thing for thing in things if thing.name == things[0].name]
    parts = [
        other
        for thing in alike
        for kind, other in knowledge.topology.dependents(thing)
        if kind is LinkKind.PART_OF
    ]
    return knowledge.problems_of([*alike, *parts]) or list(look.find(words))


def _done(  # noqa: PLR0917
    look: Look, knowledge: Knowledge, thing: Thing, problems: list[Problem], question: Question, language: str
) -> str:
    speaker, health = Speaker(knowledge, language), look.homelab.health
    name = speaker.name(thing)
    if question.ask is Ask.UNMUTE:
        muted = [problem for problem in problems if health.is_muted(problem.id)]
        for problem in muted:
            health.unmute(problem.id)
        return speaker.sentence(speaker.said.unmuted if muted else speaker.said.not_muted, name=name)
    until = speaker.now + (question.span or A_DAY)
    for problem in problems:
        health.mute(problem.id, until)
    span = ahead(until, speaker.now)
    assert span is not None
    return speaker.sentence(speaker.said.muted, name=name, when=speaker.words.lasting(span))


def _nothing_to_do(speaker: Speaker, thing: Thing, ask: Ask) -> str:
    template = speaker.said.not_muted if ask is Ask.UNMUTE else speaker.said.nothing_to_mute
    return speaker.of(template, thing)
