"""The words of proposals in a language, and the simplest sentences that wish for one; no model is asked."""

from collections.abc import Mapping
from dataclasses import dataclass
import re
from types import ModuleType

from .english import proposals as english
from .german import proposals as german
from .languages import supported

_LANGUAGES: Mapping[str, ModuleType] = {"en": english, "de": german}
MAX_REQUEST = 500
"""Characters of a sentence that is read."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What a sentence wishes for: `apps` as they were called, a `field` and its `value` if it names them."""

    change: str
    apps: tuple[str, ...]
    field: str = ""
    value: str = ""


def proposal_words(language: str) -> Mapping[str, str]:
    """Return the words of a language, English where it is not known."""
    words: Mapping[str, str] = _LANGUAGES[supported(language)].PROPOSALS
    return words


def heard(sentence: str, language: str) -> tuple[Heard, ...]:
    """Return what a sentence may wish for, the likeliest first; none where it is no simple sentence."""
    own = supported(language)
    found: list[Heard] = []
    for tag in (own, *(other for other in _LANGUAGES if other != own)):
        spoken = _LANGUAGES[tag]
        plain = _plain(sentence, spoken.POLITE)
        for change, field, pattern in spoken.REQUESTS:
            if match := re.fullmatch(pattern, plain, re.IGNORECASE):
                parts = match.groupdict()
                apps = tuple(
                    one for other in re.split(spoken.AND, parts["app"]) if (one := other.strip(" '\"„“"))
                )
                name = parts.get("field") or field
                found.append(Heard(change, apps, name, (parts.get("value") or "").strip(" '\"„“")))
    return tuple(found)


def _plain(sentence: str, polite: str) -> str:
    shown = sentence[:MAX_REQUEST].strip().rstrip(".!?").strip()
    shown = re.sub(rf"(?<!\w){polite}(?!\w)[,]?", " ", shown, flags=re.IGNORECASE)
    return " ".join(shown.split()).strip(" ,")
