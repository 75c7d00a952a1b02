"""What could not be looked at, in words: one clause, and a list of names."""

from collections.abc import Collection, Iterable, Iterator
from itertools import chain

from ..health.kinds import kind_of
from ..health.situation import Situation
from ..health.unseen import NotSeen, Reason
from .names import spoken_name
from .words import Language, language_of


def names_not_seen(not_seen: Iterable[NotSeen], language: str) -> list[str]:
    """Return what is not seen as a list shows it: each with its system."""
    words = language_of(language)
    return list(dict.fromkeys(_listed(unseen, words) for unseen in not_seen))


def clause_of(
    situation: Situation,
    words: Language,
    sources: Collection[str] | None = None,
    parts: Collection[str] | None = None,
) -> str:
    """Return in one clause what may not and what cannot be looked at, of these sources and parts or of all.

    It is empty where all is seen, or where what is not is told otherwise: that a system is silent is a
    problem of its own, and one that was never heard is named as such.
    """
    elsewhere = set(_told_otherwise(situation))
    rest = [
        unseen
        for unseen in situation.health.not_seen
        if not (unseen.is_whole and unseen.source in elsewhere)
        and (sources is None or unseen.source in sources)
        and (parts is None or unseen.unseen.part in parts)
    ]
    by_reason = {reason: _named(rest, reason, words) for reason in Reason}
    return words.not_seen(
        *(
            (words.names(by_reason[reason], len(by_reason[reason])) if by_reason[reason] else "")
            for reason in (Reason.FORBIDDEN, Reason.FAILED)
        )
    )


def _told_otherwise(situation: Situation) -> Iterator[str]:
    health = situation.health
    yield from (system.source for system in situation.systems if system.online is None)
    for problem in chain(health.problems, *health.consequences.values()):
        if kind_of(problem).silences:
            yield problem.source


def _named(not_seen: Iterable[NotSeen], reason: Reason, words: Language) -> list[str]:
    """Return the names: with their system where two systems have a part of this name."""
    parts = [unseen for unseen in not_seen if unseen.unseen.reason is reason]
    sources: dict[str, set[str]] = {}
    for part in parts:
        sources.setdefault(_part(part, words), set()).add(part.source)
    return list(
        dict.fromkeys(
            words.part_of(_part(part, words), spoken_name(part.system) or words.something)
            if len(sources[_part(part, words)]) > 1
            else _part(part, words)
            for part in parts
        )
    )


def _part(one: NotSeen, words: Language) -> str:
    if one.is_whole:
        return spoken_name(one.system) or words.something
    part = words.parts.get(one.unseen.part) or words.something
    return f"{part} {spoken_name(one.unseen.name)}".strip()


def _listed(one: NotSeen, words: Language) -> str:
    return one.system if one.is_whole else f"{one.system}: {_part(one, words)}"
