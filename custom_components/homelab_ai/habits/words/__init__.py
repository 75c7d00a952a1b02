"""What is told of a habit, in the languages that there are; composed, never phrased by a model."""

from collections.abc import Mapping

from .english import English
from .german import German
from .words import Names, Words

WORDS: Mapping[str, Words] = {"en": English(), "de": German()}
"""By the base of the language; whoever speaks another one is told it in English."""


def words_of(language: str) -> Words:
    """Return the words of a language, English where there are none."""
    return WORDS.get(language, WORDS["en"])


__all__ = ["Names", "Words", "words_of"]
