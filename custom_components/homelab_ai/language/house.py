"""What of the house a trouble takes with it, in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .languages import base_of

MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class _Words:
    single: str
    few: str
    many: str
    last_joiner: str


_LANGUAGES: Mapping[str, _Words] = {
    "en": _Words(
        "Home Assistant's integration {names} depends on it.",
        "{count} integrations of Home Assistant depend on it: {names}.",
        "{count} integrations of Home Assistant depend on it, among them {names}.",
        "and",
    ),
    "de": _Words(
        "Davon hängt die Integration {names} von Home Assistant ab.",
        "Davon hängen {count} Integrationen von Home Assistant ab: {names}.",
        "Davon hängen {count} Integrationen von Home Assistant ab, darunter {names}.",
        "und",
    ),
}


def hanging(integrations: Sequence[str], language: str) -> str:
    """Return which integrations depend on what is in trouble, empty where none does."""
    if not integrations:
        return ""
    words = _LANGUAGES.get(base_of(language), _LANGUAGES["en"])
    named = list(dict.fromkeys(integrations))
    *others, last = named[:MOST_NAMED]
    names = f"{', '.join(others)} {words.last_joiner} {last}" if others else last
    count = len(integrations)
    template = words.single if count == 1 else words.many if len(named) > MOST_NAMED else words.few
    return template.format(count=count, names=names)
