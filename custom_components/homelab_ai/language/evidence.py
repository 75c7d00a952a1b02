"""What the pieces of evidence are called, in the language of the house."""

from collections.abc import Mapping

from ..health.evidence import Evidence
from .german.evidence import TITLES as GERMAN
from .words import language_of

_TITLES: Mapping[str, Mapping[str, str]] = {"de": GERMAN}
"""By language; titles are written in English. Kinds of objects of a cluster are called alike everywhere."""


def title_of(piece: Evidence, language: str) -> str:
    """Return the title of a piece of evidence."""
    return _TITLES.get(language_of(language).tag, {}).get(piece.title, piece.title)
