"""Which language a text is in, as far as that is plain to see."""

from collections.abc import Mapping
import re

ENGLISH, GERMAN = "en", "de"

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# The words that hardly any sentence does without, and that the other language does not have.
_COMMON: Mapping[str, frozenset[str]] = {
    ENGLISH: _words(
        "the of and to is that it for are with be this have has not on at by from or but been no which"
        " its their there your you can could should would because since does do were"
    ),
    GERMAN: _words(
        "der die das den dem des und ist nicht ein eine einen einem einer mit auf für von zu sich auch"
        " wird werden sind haben kann noch nach bei aus oder aber wenn weil seit kein keine über im"
        " am zum zur du dein deine dass es wurde"
    ),
}


def base_of(tag: str) -> str:
    """Return the language of a tag without its region: "de" of "de-CH", "DE" and "de_AT"."""
    return tag.replace("_", "-").partition("-")[0].lower()


def supported(language: str) -> str:
    """Return the language that somebody is answered in: theirs where it is known, else English."""
    base = base_of(language)
    return base if base in _COMMON else ENGLISH


def is_foreign(text: str, language: str) -> bool:
    """Return whether a text is plainly in another language than it should be; `language` is a supported one.

    A short text may have no common word at all, and is believed.
    """
    words = [word.lower() for word in _WORD.findall(text)]
    counts = {tag: sum(word in common for word in words) for tag, common in _COMMON.items()}
    own = counts.pop(language)
    letters = [letter for letter in text if letter.isalpha()]
    # Neither language is written in Cyrillic, Chinese or Arabic letters.
    odd = sum(letter > "\u024f" for letter in letters)
    return max(counts.values()) > max(1, own) or odd * 5 > len(letters)
