"""Answers to how a thing is, and why."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from ...health.problem import Problem
from ...topology import LinkKind, State, Thing, ThingKind
from ..answers import why
from ..matching import meant
from ..moments import past
from ..names import spoken_name
from ..telling import consequence
from .attributes import nearest
from .groups import DETAILS, holds
from .knowledge import Knowledge, alike
from .measures import asked_for, told_values
from .question import Ask, Attribute, Condition, Question
from .speaker import Speaker, together
from .ties import needed_by

_ASIDE = frozenset({ThingKind.BACKUP_PLAN, ThingKind.CERTIFICATE})
"""What may be wrong beside an app of that name, which runs all the same."""
_SAME_TIME = timedelta(minutes=5)
"""How far apart two things may begin that are told as of about the same time."""
_CARRYING = tuple(kind for kind in LinkKind if kind.carries_trouble)


def state(speaker: Speaker, question: Question, things: list[Thing]) -> str:
    """Answer how a thing is, with yes or no where that was asked."""
    thing = things[0]
    knowledge = speaker.known
    named = alike(things)
    main = [other for other in named if other.kind not in _ASIDE] or named
    troubles = knowledge.troubles_of([*main, *knowledge.pods_of(main)])
    troubles += _causes(troubles, knowledge)
    is_well = not troubles and thing.state is State.OK
    is_bad = bool(troubles) or thing.state in (State.OFF, State.TROUBLE)
    sentence = _trouble(speaker, thing, troubles) if troubles else _without_problem(speaker, thing)
    if troubles and question.ask is not Ask.IS_TROUBLED and _answers(thing, knowledge):
        sentence = [_calm(speaker, thing), *sentence]
    elif question.ask in (Ask.IS_WELL, Ask.IS_TROUBLED) and (is_well or is_bad):
        is_yes = is_well is (question.ask is Ask.IS_WELL)
        sentence[0] = f"{speaker.said.yes if is_yes else speaker.said.no} {sentence[0]}"
    aside = [other for other in named if other not in main]
    return together((*sentence, *speaker.problems(knowledge.troubles_of(aside))))


def _answers(thing: Thing, knowledge: Knowledge) -> bool:
    """Return whether a page or system answers, whatever is wrong with what is behind it."""
    return (
        thing.kind in (ThingKind.SYSTEM, ThingKind.PAGE)
        and thing.state is State.OK
        and not knowledge.troubles_of((thing,))
    )


def _causes(problems: Sequence[Problem], knowledge: Knowledge) -> list[Problem]:
    """Return the problems that explain these, where they are other ones."""
    health = knowledge.situation.health
    roots = [
        root
        for root_id, group in health.consequences.items()
        if any(problem in group for problem in problems) and (root := health.find(root_id)) is not None
    ]
    return [root for root in roots if root not in problems]


def _trouble(speaker: Speaker, thing: Thing, problems: Sequence[Problem]) -> list[str]:
    if thing.state is State.OFF and not any(problem.name == thing.name for problem in problems):
        return [_calm(speaker, thing), *speaker.problems(problems)]
    return speaker.problems(problems)


def _without_problem(speaker: Speaker, thing: Thing) -> list[str]:
    """Return how a thing is of which nothing is reported: its own state may be bad all the same."""
    if thing.state is not State.TROUBLE:
        return [_calm(speaker, thing)]
    predicate = speaker.said.predicates[Condition.TROUBLED]
    sentence = speaker.sentence("{name} {verb}", name=speaker.name(thing), verb=predicate.one)
    for needed in speaker.known.around(thing, _CARRYING, depth=4):
        if troubles := speaker.known.troubles_of((needed,)):
            return [sentence, *speaker.problems(troubles)]
    return [sentence]


def _calm(speaker: Speaker, thing: Thing) -> str:
    """Return how a thing is that has no problem."""
    words, name = speaker.said, speaker.name(thing)
    if thing.state is State.OFF:
        begin = thing.fact("offline_since")
        since = past(begin, speaker.now) if isinstance(begin, datetime) else None
        if since is None:
            return speaker.sentence(words.off_now, name=name)
        return speaker.sentence(words.off, name=name, when=speaker.words.since(since))
    if thing.state is State.UNKNOWN:
        return speaker.sentence(words.state_unknown, name=name)
    if thing.kind is ThingKind.MODEL and thing.fact("loaded") is not True:
        return speaker.sentence(words.not_loaded, name=name)
    template = words.well.get(thing.kind) or next(iter(words.well.values()))
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


def is_so(speaker: Speaker, question: Question, things: list[Thing]) -> str | None:
    """Answer whether a thing is as a condition says."""
    condition = question.condition
    if condition is None:
        return None
    predicate = speaker.said.predicates[condition]
    attribute = DETAILS.get(condition)
    reach = nearest(attribute, alike(things), speaker.known) if attribute else []
    thing = next((thing for thing in (*things, *reach) if holds(condition, thing, speaker.known)), None)
    begin = speaker.said.yes if thing else speaker.said.no
    sentence = _measured(speaker, condition, thing or things[0], is_it=thing is not None)
    if not sentence:
        verb = predicate.one if thing else predicate.isnt
        sentence = [speaker.sentence("{name} {verb}", name=speaker.name(thing or things[0]), verb=verb)]
    return f"{begin} {together(sentence)}"


def _measured(speaker: Speaker, condition: Condition, thing: Thing, *, is_it: bool) -> list[str]:
    """Return the value that says how much a condition holds."""
    attribute = DETAILS.get(condition)
    sentences = told_values(speaker, attribute, [thing])[:1] if attribute else []
    return [] if is_it and condition is Condition.RESTARTING else sentences


def up_to_date(speaker: Speaker, _question: Question, things: list[Thing]) -> str:
    """Answer whether a thing is as Git says; which versions there are elsewhere nobody knows."""
    reach = [
        other
        for thing in things
        for other in (thing, *speaker.known.around(thing, (LinkKind.PART_OF, LinkKind.DELIVERED_BY)))
    ]
    delivered = next((thing for thing in reach if thing.kind is ThingKind.GITOPS), None)
    if delivered is None:
        thing = things[0]
        version = speaker.of(speaker.said.value_unknown, thing)
        if (value := thing.fact("version")) is not None:
            version = speaker.said.values[Attribute.VERSION].format(
                name=speaker.name(thing), value=speaker.value(Attribute.VERSION, value)
            )
        return together((speaker.sentence(version), speaker.sentence(speaker.said.up_to_date_unknown)))
    problems = speaker.known.troubles_of((delivered,))
    if problems:
        return together(speaker.problems(problems))
    when = delivered.fact("delivered_at")
    ago = past(when, speaker.now) if isinstance(when, datetime) else None
    template = speaker.said.up_to_date if ago else speaker.said.up_to_date_sometime
    return together(
        (
            speaker.sentence(
                template, name=speaker.name(things[0]), when=speaker.words.ago(ago) if ago else ""
            ),
            speaker.sentence(speaker.said.up_to_date_unknown),
        )
    )


# Why


def reason(speaker: Speaker, question: Question, things: list[Thing]) -> str:
    """Answer why a thing is not well: the root of it first, then what follows."""
    knowledge = speaker.known
    named = alike(things)
    own = knowledge.troubles_of([*named, *knowledge.pods_of(named)])
    if not own and meant(knowledge.situation, question.thing).problems:
        return why(knowledge.situation, question.thing, speaker.language)
    name = speaker.name(things[0])
    roots = _causes(own, knowledge) or _causes_of_parts(named, knowledge)
    if roots:
        spoken = spoken_name(things[0].name)
        return together((*speaker.problems(roots), consequence([spoken], speaker.words)))
    if own:
        return together(speaker.problems(own))
    is_off = things[0].state is State.OFF
    for needed in knowledge.around(things[0], _CARRYING, depth=4):
        if troubles := knowledge.troubles_of((needed,)):
            known = speaker.said.off_and_needs if is_off else speaker.said.caused_by
            calm = (_calm(speaker, things[0]),) if is_off else ()
            return together((*calm, speaker.sentence(known, name=name), *speaker.problems(troubles)))
    if is_off:
        return together(_off_by_itself(speaker, things[0]))
    return together((speaker.of(speaker.said.no_problem, things[0]), _calm(speaker, things[0])))


def _off_by_itself(speaker: Speaker, thing: Thing) -> list[str]:
    """Return that a thing is off for no known reason, and what began along with it as no more than that."""
    told = [_calm(speaker, thing), speaker.sentence(speaker.said.no_cause)]
    begin = thing.fact("offline_since")
    if not isinstance(begin, datetime):
        return told
    beside = [
        problem
        for problem in speaker.known.situation.health.problems
        if problem.since is not None and abs(problem.since - begin) <= _SAME_TIME
    ]
    return [*told, speaker.sentence(speaker.said.same_time), *speaker.problems(beside)] if beside else told


def _causes_of_parts(things: Sequence[Thing], knowledge: Knowledge) -> list[Problem]:
    """Return what is wrong with what the parts of things run on: the node of a pod."""
    parts = [
        other
        for thing in things
        for kind, other in knowledge.topology.dependents(thing)
        if kind is LinkKind.PART_OF
    ]
    nodes = [thing for part in parts for thing in knowledge.around(part, (LinkKind.RUNS_ON,), depth=1)]
    return knowledge.troubles_of(nodes)


# All there is


def about(speaker: Speaker, question: Question, things: list[Thing]) -> str:
    """Answer with how a thing is, and what else is known of it."""
    sentences = [state(speaker, question, things)]
    for attribute in (Attribute.VERSION, Attribute.FULL, Attribute.LAST_BACKUP, Attribute.EXPIRY):
        sentences += told_values(speaker, attribute, asked_for(things, speaker.known, attribute))[:1]
    if depending := needed_by(speaker, question, things, is_asked=False):
        sentences.append(depending)
    return together(sentences)
