"""Reads a sentence as known words around a name, in the language that it is in."""

from dataclasses import replace
import re

from ...topology import ThingKind
from ..called import KIND_WORDS
from ..words import language_of
from .cue import read
from .question import Ask, Question
from .speaker import QUESTION_WORDS

_PARTS = frozenset({ThingKind.VOLUME, ThingKind.POD, ThingKind.CERTIFICATE, ThingKind.GITOPS})
_OF_PARTS = (Ask.STATE, Ask.IS_WELL, Ask.IS_TROUBLED, Ask.REASON, Ask.ABOUT, Ask.IS)
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_POSSESSIVE = re.compile(r"^['’]?s\b")


def loosely_read(text: str, said: str, thing: str, language: str) -> Question | None:
    """Return what a text asks, None where that is not certain.

    `said` is the part of the text that names `thing`, empty where it names none. The language that is spoken
    goes first; a person may ask in another one that is known.
    """
    name = said.lower().strip()
    begin, _, end = text.lower().partition(name) if name else (text.lower(), "", "")
    before, after = _words(begin), _words(_POSSESSIVE.sub("", end, count=1))
    own = language_of(language).tag
    known = [QUESTION_WORDS[tag].cues for tag in (own, *(tag for tag in QUESTION_WORDS if tag != own))]
    # A name that is a word of questions as well may not have been meant as a name.
    readings = (read(cues, before, after, thing) for cues in known if name not in cues.known)
    question = next((question for question in readings if question is not None), None)
    return question and _of_its_part(question, {*before, *after})


def _of_its_part(question: Question, words: set[str]) -> Question:
    """Return the question about the part of a thing that is named: its volume, its pod."""
    parts = [word for word in words if not _PARTS.isdisjoint(KIND_WORDS.get(word, ()))]
    if not question.thing or len(parts) != 1 or question.ask not in _OF_PARTS:
        return question
    return replace(question, thing=f"{parts[0]} {question.thing}")


def _words(text: str) -> list[str]:
    return [word.replace("’", "'") for word in _WORD.findall(text)]
