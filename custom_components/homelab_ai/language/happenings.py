"""What happened, as sentences in a language."""

from collections.abc import Mapping
from datetime import datetime
import re
from typing import Any

from ..health.problem import Problem, Severity
from ..timeline import Entry, EntryKind
from .briefing import announce
from .english.happenings import HAPPENINGS as ENGLISH_HAPPENINGS, OF_HUBS as ENGLISH_OF_HUBS
from .german.happenings import HAPPENINGS as GERMAN_HAPPENINGS, OF_HUBS as GERMAN_OF_HUBS
from .names import spoken_model, spoken_name
from .words import language_of

_PHRASES: Mapping[str, Mapping[EntryKind, str]] = {"en": ENGLISH_HAPPENINGS, "de": GERMAN_HAPPENINGS}
_OF_HUBS: Mapping[str, Mapping[str, str]] = {"en": ENGLISH_OF_HUBS, "de": GERMAN_OF_HUBS}
_MAX_VALUE = 60
_TAG = re.compile(r"/[^/@]*?:([^/@:]+)(?:@.*)?$")


def sentence_of(entry: Entry, now: datetime, language: str) -> str:
    """Return what happened as one sentence, without when."""
    if entry.kind in (EntryKind.RAISED, EntryKind.RESOLVED):
        return announce(_problem(entry), now, language, solved=entry.kind is EntryKind.RESOLVED)
    words = language_of(language)
    name = spoken_name(entry.name) or words.something
    before, after = (_version(str(entry.facts.get(key, ""))) for key in ("before", "after"))
    text = _PHRASES[words.tag][entry.kind].format(name=name, before=before, after=after)
    return f"{text[:1].upper()}{text[1:]}."


def _version(text: str) -> str:
    """Return a version as a person says it: of an image its tag."""
    tag = _TAG.search(text)
    return spoken_name(tag[1] if tag else text, _MAX_VALUE)


def hub_happening(event: str, model: str, language: str) -> str:
    """Return what a hub did, to stand behind its name: "went off"."""
    words = language_of(language)
    return _OF_HUBS[words.tag][event].format(model=spoken_model(model) or words.something)


def _problem(entry: Entry) -> Problem:
    """Return the problem of an entry as it was; of its facts only the summary was kept."""
    facts: Mapping[str, Any] = entry.facts
    severity = facts.get("severity")
    return Problem(
        id=str(facts.get("problem_id", "")),
        source=entry.source,
        kind=str(facts.get("kind", "")),
        name=entry.name,
        severity=Severity(severity) if severity in list(Severity) else Severity.WARNING,
        summary=str(facts.get("summary", "")),
    )
