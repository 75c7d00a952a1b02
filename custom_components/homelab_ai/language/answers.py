"""Answers to what people ask about the homelab, composed of facts, without a model."""

from collections.abc import Iterator, Sequence

from ..health.kinds import Family, kind_of
from ..health.problem import HUB_OFFLINE, Problem
from ..health.situation import Backup, Hub, Situation
from .briefing import brief
from .lines import lines_of
from .matching import Meant, everything, find_problems, means_backups, meant
from .moments import ahead, past
from .names import spoken_model, spoken_name
from .telling import (
    MOST_TOLD,
    app_name,
    consequence,
    is_alert,
    is_of_pod,
    is_of_same_app,
    line_sentences,
    muted_span,
    named,
    shortened,
    tell_one,
    with_quotation,
)
from .topics import name_of, noun_before
from .unseen import clause_of
from .words import Language, Told, language_of

__all__ = ["backups", "find_problems", "hub_status", "why"]

_GIB = 1024**3


def why(situation: Situation, thing: str, language: str) -> str:
    """Return what is wrong with what a person calls `thing`: the cause first, then what comes of it.

    Says so where nothing is wrong with it, and where nothing is called so.
    """
    words = language_of(language)
    if not thing.strip():
        return brief(situation, language)
    if not situation.health.known:
        return words.unknown()
    match = meant(situation, thing)
    if match.problems:
        return shortened(lambda most: " ".join(_reasons(match.problems, most, situation, words)))
    if means_backups(thing):
        return backups(situation, language)
    return " ".join(_nothing_wrong(match, thing, situation, words))


def _reasons(problems: Sequence[Problem], most: int, situation: Situation, words: Language) -> Iterator[str]:
    health = situation.health
    rest = list(problems)
    for cause_id, group in health.consequences.items():
        caused = [problem for problem in group if problem in rest]
        cause = health.find(cause_id)
        if cause is None or not (caused or cause in rest):
            continue
        yield tell_one(cause, situation, words)
        # Of the cause itself a person wants to know all that comes of it.
        caused_now = group if cause in rest else caused
        # What is nearest to a person says most: "cannot pull its image" more than "cannot be deployed".
        same = [problem for problem in caused_now if is_of_same_app(problem, cause)]
        if same:
            nearest = min(same, key=lambda problem: (is_alert(problem), not is_of_pod(problem)))
            yield tell_one(nearest, situation, words)
        if others := [app_name(problem) for problem in caused_now if problem not in same]:
            yield consequence(others, words)
        rest = [problem for problem in rest if problem not in caused and problem is not cause]
    yield from _of_silent_systems(rest, situation, words)
    lines = lines_of(rest)
    for line in lines[:most]:
        first, *others = line_sentences(line, situation, words)
        # The author of an alert says why; of several, each for itself would be a speech.
        alone = line.problems[0] if line.count == 1 else None
        yield first if alone is None else with_quotation(first, alone, words)
        yield from others
    left = lines[most:]
    if more := words.rest(sum(line.count for line in left), sum(line.critical for line in left), 0):
        yield more
    muted = [problem for problem in problems if problem.id in situation.muted_until]
    if muted and len(muted) == len(problems) == 1:
        yield words.muted_for(muted_span(muted[0], situation))
    elif muted:
        yield words.muted_of_these(len(muted))


def _of_silent_systems(problems: Sequence[Problem], situation: Situation, words: Language) -> Iterator[str]:
    """Yield that what follows may be out of date: its system does not answer any more."""
    sources = {problem.source for problem in problems if not kind_of(problem).silences}
    told = {problem.source for problem in problems if kind_of(problem).silences}
    silent = [
        problem
        for problem in everything(situation)
        if kind_of(problem).silences and problem.source in sources - told
    ]
    for line in lines_of(silent):
        yield from line_sentences(line, situation, words)
        yield words.outdated()


def _nothing_wrong(match: Meant, thing: str, situation: Situation, words: Language) -> Iterator[str]:
    """Yield what is to say of something that has no problem of its own."""
    unheard = [system.name for system in match.systems if system.online is None]
    needing = [system.name for system in match.systems if system.needs_hub and system.online]
    off = next((problem for problem in everything(situation) if kind_of(problem).stops_hub), None)
    names = [
        *(system.name for system in match.systems),
        *(hub.name for hub in match.hubs),
        *(backup.name for backup in match.backups),
    ]
    if unheard:
        yield words.unheard(named(unheard, words))
    elif off is not None and needing:
        yield tell_one(off, situation, words)
        yield consequence(needing, words)
    elif names:
        yield words.nothing_wrong(named(list(dict.fromkeys(names)), words))
        if clause := clause_of(situation, words, {system.source for system in match.systems}):
            yield words.clause(clause)
    else:
        yield words.no_such_thing(spoken_name(thing))


def backups(situation: Situation, language: str) -> str:
    """Return whether everything is backed up: what failed or is overdue, and from when the last ones are."""
    words = language_of(language)
    problems = [problem for problem in everything(situation) if kind_of(problem).family is Family.BACKUPS]
    silent = [
        problem
        for problem in everything(situation)
        if kind_of(problem).silences and _has_backups(problem, situation)
    ]
    aside = [
        *(sentence for line in lines_of(silent) for sentence in line_sentences(line, situation, words)),
        *_unheard(situation, words),
        *map(words.clause, filter(None, (clause_of(situation, words, parts=("backups",)),))),
    ]
    if not problems and (not situation.backups or _is_blind(situation)):
        return " ".join((words.backups_unknown(), *aside)) if aside else words.no_backups()
    missing = [
        backup for backup in situation.backups if backup.last_good is None and not _is_told(backup, problems)
    ]

    def told(most: int) -> str:
        parts = (
            _failed(problems, most, situation, words) if problems else _all_well(missing, situation, words)
        )
        never = [words.never_backed_up(named([other.name for other in missing], words), len(missing))]
        return " ".join((*parts, *(never if missing else ()), *aside))

    return shortened(told)


def _is_blind(situation: Situation) -> bool:
    """Return whether there are backups that nobody may, or can, look at."""
    return any(unseen.unseen.part == "backups" for unseen in situation.health.not_seen)


def _has_backups(offline: Problem, situation: Situation) -> bool:
    """Return whether a system that does not answer is one that tells of backups."""
    return any(system.source == offline.source and system.tells_backups for system in situation.systems)


def _unheard(situation: Situation, words: Language) -> Iterator[str]:
    unheard = [system.name for system in situation.systems if system.tells_backups and system.online is None]
    if unheard:
        yield words.unheard(named(unheard, words))


def _is_told(backup: Backup, problems: Sequence[Problem]) -> bool:
    return any(problem.source == backup.source and name_of(problem) == backup.name for problem in problems)


def _all_well(missing: Sequence[Backup], situation: Situation, words: Language) -> Iterator[str]:
    made = sorted(backup.last_good for backup in situation.backups if backup.last_good)
    newest, oldest = (past(made[-1], situation.now), past(made[0], situation.now)) if made else (None, None)
    only = situation.backups[0].name if len(situation.backups) == 1 else ""
    if missing:
        yield words.not_all_backed_up()
    else:
        yield words.all_backed_up(spoken_name(only), len(situation.backups), newest, oldest)


def _failed(problems: Sequence[Problem], most: int, situation: Situation, words: Language) -> Iterator[str]:
    yield words.not_all_backed_up()
    last_good = {(backup.source, backup.name): backup.last_good for backup in situation.backups}
    troubled = {(problem.source, name_of(problem)) for problem in problems}
    untold = dict(last_good) if most == MOST_TOLD else {}
    for line in lines_of(problems):
        yield from line_sentences(line, situation, words)
        keys = {(problem.source, name_of(problem)) for problem in line.problems}
        if len(keys) == 1 and (key := keys.pop()) in untold:
            moment = untold.pop(key)
            yield words.last_good(past(moment, situation.now), never=moment is None)
    fine = sum(1 for key, moment in last_good.items() if moment and key not in troubled)
    if fine:
        yield words.other_backups_fine(fine)


def hub_status(situation: Situation, language: str) -> str:
    """Return what the hubs are doing: models, memory and speed of the first that is on."""
    words = language_of(language)
    if not situation.hubs:
        return words.unknown()
    working = next((hub for hub in situation.hubs if hub.online), None)
    sentences: list[str] = []
    for hub in situation.hubs:
        name = spoken_name(hub.name)
        if hub.online:
            sentences.append(words.hub_on(name, first=hub.first))
        else:
            since = past(hub.offline_since, situation.now)
            noun = "" if hub.first else noun_before("Standby", name)
            facts = Told(HUB_OFFLINE, noun, [name], past=since)
            sentences.append(words.problem(facts))
        if hub is working:
            sentences.extend(_working(hub, situation, words))
    return shortened(lambda most: " ".join(sentence for sentence in sentences[: 3 * most] if sentence))


def _working(hub: Hub, situation: Situation, words: Language) -> Iterator[str]:
    """Yield what a hub that is on is doing."""
    models = [spoken_model(model.name) or words.something for model in hub.running]
    yield words.loaded(words.names(models, len(models)), len(models))
    if hub.vram_used:
        yield words.vram(hub.vram_used / _GIB, hub.vram_total / _GIB if hub.vram_total else None)
        if spilled := sum(max(0, model.size - model.size_vram) for model in hub.running):
            yield words.spilled(spilled / _GIB)
    elif models:
        yield words.no_vram()
    if pinned := [spoken_model(model.name) for model in hub.running if model.pinned]:
        yield words.stays(words.names(pinned, len(pinned)), len(pinned))
    leaving = [
        (model.expires_at, model.name) for model in hub.running if model.expires_at and not model.pinned
    ]
    if leaving and (span := ahead(min(leaving)[0], situation.now)):
        yield words.unloads(spoken_model(min(leaving)[1]), span)
    yield words.speed(hub.time_to_first_token, hub.generation_speed)
