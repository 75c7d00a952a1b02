"""What is said when a problem is over: never the words of its beginning."""

from datetime import UTC, datetime
from string import Formatter

import pytest

from custom_components.homelab_ai.health.facts import Facts
from custom_components.homelab_ai.health.kinds import KINDS
from custom_components.homelab_ai.health.ledger import HealthData
from custom_components.homelab_ai.health.problem import Problem, Severity
from custom_components.homelab_ai.health.situation import Situation
from custom_components.homelab_ai.language.briefing import announce, describe
from custom_components.homelab_ai.language.words import language_of

NOW = datetime(2026, 11, 28, 18, 0, tzinfo=UTC)


def problem(kind: str, name: str, facts: Facts | None = None) -> Problem:
    return Problem("id", "source", kind, name, Severity.WARNING, "its summary", facts=facts or {}, since=NOW)


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_phrase_has_an_ending(language: str) -> None:
    words = language_of(language)
    assert words.endings.keys() == words.phrases.keys()
    for key, ending in words.endings.items():
        fields = {name for _, name, _, _ in Formatter().parse(ending) if name is not None}
        assert fields == {"subject"}, key
        assert ending not in (words.phrases[key].one, words.phrases[key].many)


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_end_of_every_kind_is_not_its_beginning(kind: str, language: str) -> None:
    begun = announce(problem(kind, "media/thing"), NOW, language)
    ended = announce(problem(kind, "media/thing"), NOW, language, solved=True)
    assert ended != begun
    assert not ended.startswith(("Solved", "Erledigt"))
    assert ended.endswith(".")
    assert "{" not in ended
    assert "its summary" not in ended


@pytest.mark.parametrize(
    ("kind", "name", "facts", "english", "german"),
    [
        ("hub_offline", "Ollama", {}, "Ollama is on again.", "Ollama ist wieder an."),
        ("alert", "DiskFull", {}, "The alert Disk Full is over.", "Der Alarm Disk Full ist vorbei."),
        (
            "k8sgpt_finding",
            "ai/open-webui-7d9f8b6c5d-x2x4q",
            {"kind": "Pod", "error": "Back-off pulling image"},
            "The pod open-webui can pull its image again.",
            "Der Pod open-webui kann sein Image wieder laden.",
        ),
        (
            "standby_offline",
            "Ersatzserver",
            {},
            "Ersatzserver is on again.",
            "Ersatzserver ist wieder an.",
        ),
    ],
)
def test_endings(kind: str, name: str, facts: Facts, english: str, german: str) -> None:
    told = [announce(problem(kind, name, facts), NOW, tag, solved=True) for tag in ("en", "de")]
    assert told == [english, german]


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "The alert Disk Full has just started firing."),
        ("de", "Der Alarm Disk Full ist gerade losgegangen."),
    ],
)
def test_first_minute_of_an_alert(language: str, told: str) -> None:
    assert describe(problem("alert", "DiskFull"), Situation(NOW, HealthData()), language) == told
