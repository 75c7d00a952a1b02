"""What waits for a person, as a line in a list."""

from collections.abc import Mapping

from ..health.waiting import Waiting, WaitingKind
from .english.waiting import WAITING as ENGLISH
from .german.waiting import WAITING as GERMAN
from .words import language_of

_PHRASES: Mapping[str, Mapping[WaitingKind, str]] = {"en": ENGLISH, "de": GERMAN}


def waiting_line(waiting: Waiting, language: str) -> str:
    """Return what is to be done, with the name of what it is about."""
    words = language_of(language)
    return _PHRASES[words.tag][waiting.kind].format(name=waiting.name or words.something)
