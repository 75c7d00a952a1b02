"""The words of each language; see `Language` for what a language has to know."""

from collections.abc import Mapping
from types import MappingProxyType

from ..english.words import English
from ..german.words import German
from ..languages import base_of
from .language import Language, Told

_ENGLISH = English()
_LANGUAGES: Mapping[str, Language] = MappingProxyType({"en": _ENGLISH, "de": German()})

__all__ = ["Language", "Told", "language_of"]


def language_of(tag: str) -> Language:
    """Return the language of a tag as Home Assistant has it ("de", "de-CH"); English for all others."""
    return _LANGUAGES.get(base_of(tag), _ENGLISH)
