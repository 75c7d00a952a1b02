"""Questions about things as sentences and rules of Home Assistant's recogniser.

Only the names of things are a list. All else that a sentence may name stands in rules, which are read once,
and not again in each sentence; `reading` finds afterwards which of it was said.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
import re
from typing import Any

from ..language.questions.question import Ask
from ..language.questions.speaker import QUESTION_WORDS
from ..language.questions.words import QuestionWords

NAME, PLACE = "name", "place"
NAME_LIST = "homelab_name"
_NAME = f"{{{NAME}}}"
_REFERENCE = re.compile(r"[<{](\w+)[>}]")
LOOSE = "HomelabAnyhow"
"""The intent of questions that fit no sentence of the others."""
MOST_BEFORE, MOST_AFTER = 10, 8
_NOBODY = "no such thing"
"""A list without any value is none to Home Assistant, nor is a rule."""


def intent_name(ask: Ask) -> str:
    """Return the name of the intent for a kind of question: "HomelabNeededBy"."""
    return f"Homelab{''.join(part.capitalize() for part in ask.value.split('_'))}"


QUESTIONS: Mapping[str, Ask] = {intent_name(ask): ask for ask in Ask}


def sentences(ask: Ask) -> list[str]:
    """Return how all languages ask such a question."""
    return [
        _referring(code, f"<fillers> {sentence} <endings>")
        for code, words in QUESTION_WORDS.items()
        for sentence in words.sentences.get(ask, ())
    ]


def loose_sentences() -> list[str]:
    """Return sentences of known words in any order, around a name or a word for the homelab or a group."""
    return [
        _referring(code, text)
        for code in QUESTION_WORDS
        for text in (
            f"{_words(MOST_BEFORE)} {_NAME}['s|s] {_words(MOST_AFTER)}",
            f"{_words(MOST_BEFORE)} <anchor> {_words(MOST_AFTER)}",
        )
    ]


def _words(most: int) -> str:
    """Return a template of up to so many words: each opens the next, so that no two readings are the same."""
    return f"[<word> {_words(most - 1)}]" if most else ""


def _one_of(words: Collection[str]) -> str:
    """Return a template of one of these words, letter by letter: few are looked at then."""
    by_letter: dict[str, list[str]] = {}
    for word in sorted(words):
        by_letter.setdefault(word[0], []).append(word[1:])
    return f"({'|'.join(letter + _rest(rests) for letter, rests in by_letter.items())})"


def _rest(rests: Collection[str]) -> str:
    """Return a template of what may follow a letter; where nothing may, the others are optional."""
    others = [rest for rest in rests if rest]
    if len(others) < 2:
        rest = others[0] if others else ""
        return f"[{rest}]" if rest and len(rests) > 1 else rest
    return f"[{_one_of(others)}]" if len(others) < len(rests) else _one_of(others)


def name_list(names: Mapping[str, str]) -> dict[str, Any]:
    """Return the one list: what things are called, and which name is meant by that."""
    values = [said if said == name else {"in": said, "out": name} for said, name in names.items()]
    return {NAME_LIST: {"values": values or [_NOBODY]}}


def rules(places: Collection[str]) -> dict[str, str]:
    """Return the rules of all languages; `places` are the names of namespaces."""
    return {
        _rule(code, name): _referring(code, text)
        for code, words in QUESTION_WORDS.items()
        for name, text in _texts(words, places)
    }


def capturing_rules() -> dict[str, str]:
    """Return the rules that, in place of those of the same name, tell which value was said: by lists."""
    return {
        _rule(code, slot): f"{{{_rule(code, slot)}:{slot}}}"
        for code, words in QUESTION_WORDS.items()
        for slot in (*_tables(words), PLACE)
    }


def capturing_lists() -> dict[str, list[tuple[str, str]]]:
    """Return what `capturing_rules` refer to: templates with the value that each means."""
    return {
        _rule(code, slot): [(text, str(value)) for value, texts in table.items() for text in texts]
        for code, words in QUESTION_WORDS.items()
        for slot, table in _tables(words).items()
    }


def place_lists(places: Collection[str]) -> dict[str, list[tuple[str, str]]]:
    """Return the lists of places that `capturing_rules` refer to."""
    return {_rule(code, PLACE): [(place, place) for place in places] for code in QUESTION_WORDS}


def _texts(words: QuestionWords, places: Collection[str]) -> Iterable[tuple[str, str]]:
    yield from words.rules.items()
    yield from (("fillers", words.fillers), ("endings", words.endings))
    yield "word", _one_of(words.cues.known)
    yield "anchor", _one_of({*words.cues.groups, *words.cues.homelab})
    for slot, table in _tables(words).items():
        yield slot, f"({'|'.join(text for texts in table.values() for text in texts)})"
    yield PLACE, f"({'|'.join(sorted(places)) or _NOBODY})"


def _referring(code: str, text: str) -> str:
    """Return a template whose references are those of a language."""
    return _REFERENCE.sub(lambda match: _reference(code, match), text)


def _reference(code: str, match: re.Match[str]) -> str:
    return f"{{{NAME_LIST}}}" if match[0] == _NAME else f"<{_rule(code, match[1])}>"


def _rule(code: str, name: str) -> str:
    return f"homelab_{code}_{name}"


def _tables(words: QuestionWords) -> Mapping[str, Mapping[Any, Sequence[str]]]:
    """Return what a sentence may name, by its slot."""
    return {
        "kind": words.kinds,
        "group": words.groups,
        "condition": words.conditions,
        "state": words.states,
        "shortage": words.shortages,
        "attribute": words.attributes,
        "resource": words.resources,
        "moment": words.moments,
        "backup_moment": words.backup_moments,
        "act": words.acts,
        "ahead": words.ahead,
        "period": words.periods,
        "span": words.spans,
        "since": words.since,
    }
