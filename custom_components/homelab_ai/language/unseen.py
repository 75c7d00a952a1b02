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
    return list(dict.fromkeys(_listed(one, words) for one in not_seen))


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
    told = set(_told_otherwise(situation))
    rest = [
        one
        for one in situation.health.not_seen
        if not (one.is_whole and one.source in told)
        and (sources is None or one.source in sources)
        and (parts is None or one.unseen.part in parts)
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
    yield from (one.source for one in situation.systems if one.online is None)
    for problem in chain(health.problems, *health.consequences.values()):
        if kind_of(problem).silences:
            yield problem.source


def _named(not_seen: Iterable[NotSeen], reason: Reason, words: Language) -> list[str]:
    """Return the names: with their system where two systems have a part of this name."""
    wanted = [one for one in not_seen if one.unseen.reason is reason]
    sources: dict[str, set[str]] = {}
    for one in wanted:
        sources.setdefault(_part(one, words), set()).add(one.source)
    return list(
        dict.fromkeys(
            words.part_of(_part(one, words), spoken_name(one.system) or words.something)
            if len(sources[_part(one, words)]) > 1
            else _part(one, words)
            for one in wanted
        )
    )


def _part(one: NotSeen, words: Language) -> str:
    if one.is_whole:
        return spoken_name(one.system) or words.something
    part = words.parts.get(one.unseen.part) or words.something
    return f"{part} {spoken_name(one.unseen.name)}".strip()


def _listed(one: NotSeen, words: Language) -> str:
    return one.system if one.is_whole else f"{one.system}: {_part(one, words)}"
