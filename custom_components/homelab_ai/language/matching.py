"""What a person means: which problems and systems the words fit, however they are written or misheard."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import chain

from ..health.facts import text_of
from ..health.kinds import ALIASES, Family, kind_of
from ..health.problem import Problem
from ..health.situation import Backup, Hub, Situation, System
from .lines import in_order
from .names import compact, tokens
from .topics import name_of

_SHORT = 3
"""Letters up to which a word must be a whole word of the name: "ai" is a part of too many."""
_LONG = 5
"""Letters from which a name may be a part of what a person says."""
_ALIKE = 0.8
_OFF = 2
"""Letters by which a misheard word of a name may be longer or shorter."""
_MOST_COMPARED = 400
"""Different names that are compared letter by letter where no name fits."""
_MAX_WANTED = 100

_FILLERS = frozenset(
    {
        *("a", "an", "the", "my", "our", "with", "on", "of", "for", "in", "is", "are", "and", "does", "do"),
        *("not", "working", "failing", "broken", "down", "wrong", "problem", "problems", "app", "service"),
        *("server", "system", "pod", "pods", "deployment", "namespace", "container", "homelab"),
        *("der", "die", "das", "den", "dem", "des", "ein", "eine", "einen", "mein", "meine", "meinem"),
        *("meinen", "unser", "unsere", "mit", "bei", "auf", "von", "fuer", "im", "ist", "sind", "und"),
        *("nicht", "geht", "gehen", "kaputt", "los", "dienst", "anwendung", "namensraum", "probleme"),
    }
)
_HUB_WORDS = frozenset(
    {
        *("hub", "ollama", "gpu", "aihub", "aiserver", "ai", "graphicscard", "model", "models", "llm"),
        *("ki", "kihub", "kiserver", "grafikkarte", "modell", "modelle", "sprachmodell", "sprachmodelle"),
    }
)
_PLACES = ("namespace", "pod", "deployment", "node", "instance", "job", "persistentvolumeclaim", "container")


@dataclass(frozen=True, slots=True)
class Meant:
    """What words fit: problems (worst first), systems, hubs, and what has backups."""

    problems: tuple[Problem, ...] = ()
    systems: tuple[System, ...] = ()
    hubs: tuple[Hub, ...] = ()
    backups: tuple[Backup, ...] = ()


def everything(situation: Situation) -> Iterator[Problem]:
    """Yield all problems, also muted ones and consequences."""
    health = situation.health
    return chain(health.problems, *health.consequences.values(), health.muted)


def find_problems(situation: Situation, words: str) -> tuple[Problem, ...]:
    """Return the problems that the words fit, by name, place, kind or system; worst first."""
    return meant(situation, words).problems


def means_backups(words: str) -> bool:
    """Return whether the words mean backups in general."""
    return _key(words) in ALIASES[Family.BACKUPS]


def meant(situation: Situation, words: str) -> Meant:
    """Return what a person means; what only sounds alike counts where nothing fits."""
    key = _key(words)
    if not key:
        return Meant()
    match = _find(situation, key, lambda name: _fits(key, name))
    if match != Meant():
        return match
    alike = _misheard(key, _all_names(situation))
    return _find(situation, key, lambda name: name in alike) if alike else match


def _key(words: str) -> str:
    """Return what a person says as names are compared, without what goes without saying."""
    parts = tokens(words[:_MAX_WANTED])
    return "".join(word for word in parts if word not in _FILLERS) or "".join(parts)


def _find(situation: Situation, key: str, fits: Callable[[str], bool]) -> Meant:
    systems = tuple(system for system in situation.systems if fits(system.name) or fits(system.kind))
    hubs = tuple(hub for hub in situation.hubs if fits(hub.name) or (hub.first and key in _HUB_WORDS))
    sources = {system.source for system in systems} | {hub.source for hub in hubs}
    problems = in_order(
        problem
        for problem in everything(situation)
        if problem.source in sources
        or kind_of(problem).is_called(key)
        or any(fits(name) for name in _names(problem))
    )
    return Meant(
        tuple(problems), systems, hubs, tuple(backup for backup in situation.backups if fits(backup.name))
    )


def _all_names(situation: Situation) -> Iterator[str]:
    yield from (system.name for system in situation.systems)
    yield from (hub.name for hub in situation.hubs)
    yield from (backup.name for backup in situation.backups)
    for problem in everything(situation):
        yield from _names(problem)


def _names(problem: Problem) -> Iterator[str]:
    """Yield what a problem is called by."""
    yield name_of(problem)
    yield from kind_of(problem).about
    for place in _PLACES:
        if place in problem.facts:
            yield text_of(problem.facts, place)


def _fits(key: str, name: str) -> bool:
    joined = compact(name)
    if len(key) <= _SHORT:
        return key == joined or (key in joined and key in tokens(name))
    return key in joined or (len(joined) >= _LONG and joined in key)


def _misheard(key: str, names: Iterable[str]) -> frozenset[str]:
    """Return the names that sound like the key: those that are most alike, if they are alike at all."""
    if len(key) <= _SHORT:
        return frozenset()
    matcher = SequenceMatcher(b=key, autojunk=False)
    alike: dict[str, float] = {}
    for name in names:
        if len(alike) >= _MOST_COMPARED:
            break
        if name not in alike:
            parts = {compact(name), *(word for word in tokens(name) if abs(len(word) - len(key)) <= _OFF)}
            alike[name] = max((_ratio(matcher, part) for part in parts), default=0.0)
    best = max(alike.values(), default=0.0)
    return frozenset(name for name, ratio in alike.items() if ratio == best >= _ALIKE)


def _ratio(matcher: SequenceMatcher[str], name: str) -> float:
    matcher.set_seq1(name)
    return matcher.ratio() if matcher.real_quick_ratio() >= _ALIKE <= matcher.quick_ratio() else 0.0
