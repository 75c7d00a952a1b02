"""Sentences that wish for a change: the simplest by code, all others by a model that chooses from lists."""

import json
from typing import Any

import pytest

from custom_components.homelab_ai.language.proposals import Heard, heard, proposal_words
from custom_components.homelab_ai.proposals.plan import Change, Consequence
from custom_components.homelab_ai.proposals.refusal import Reason
from custom_components.homelab_ai.proposals.verification import CheckKind

from ..translations import load

SENTENCES: dict[str, tuple[str, Heard]] = {
    "Enable LibreChat": ("en", Heard("enable", ("LibreChat",))),
    "please enable Open WebUI.": ("en", Heard("enable", ("Open WebUI",))),
    "Can you turn on Paperless-AI for me?": ("en", Heard("enable", ("Paperless-AI",))),
    "Turn Jellyfin off": ("en", Heard("disable", ("Jellyfin",))),
    "Disable LibreChat and Open WebUI": ("en", Heard("disable", ("LibreChat", "Open WebUI"))),
    "pause immich": ("en", Heard("suspend", ("immich",))),
    "Resume immich": ("en", Heard("resume", ("immich",))),
    "Set Grafana to version 12.1": ("en", Heard("set", ("Grafana",), "version", "12.1")),
    "Update Grafana to 12.1.0": ("en", Heard("set", ("Grafana",), "version", "12.1.0")),
    "Scale Gatus to 2 replicas": ("en", Heard("set", ("Gatus",), "replicas", "2")),
    "Set the schedule of k8up to 0 4 * * *": ("en", Heard("set", ("k8up",), "schedule", "0 4 * * *")),
    "Aktiviere LibreChat": ("de", Heard("enable", ("LibreChat",))),
    "Schalte bitte Paperless-AI ein!": ("de", Heard("enable", ("Paperless-AI",))),
    "Kannst du Open WebUI einschalten?": ("de", Heard("enable", ("Open WebUI",))),
    "Schalte Jellyfin und Sonarr aus": ("de", Heard("disable", ("Jellyfin", "Sonarr"))),
    "Deaktiviere Loki": ("de", Heard("disable", ("Loki",))),
    "Halte Immich an": ("de", Heard("suspend", ("Immich",))),
    "Setze Immich fort": ("de", Heard("resume", ("Immich",))),
    "Setze Grafana auf Version 12.1": ("de", Heard("set", ("Grafana",), "version", "12.1")),
    "Aktualisiere Grafana auf 12.1": ("de", Heard("set", ("Grafana",), "version", "12.1")),
    "Skaliere Gatus auf 2": ("de", Heard("set", ("Gatus",), "replicas", "2")),
    "Setze memory von Ollama auf 8Gi": ("de", Heard("set", ("Ollama",), "memory", "8Gi")),
    "enable LibreChat ": ("de", Heard("enable", ("LibreChat",))),
}


@pytest.mark.parametrize("sentence", SENTENCES)
def test_simple_sentence(sentence: str) -> None:
    language, expected = SENTENCES[sentence]
    assert heard(sentence, language)[0] == expected


@pytest.mark.parametrize(
    "sentence",
    ["", "How is Grafana?", "Delete everything", "merge pull request 4", "Wie geht es Grafana?", "x" * 9000],
)
def test_other_sentences_are_not_understood(sentence: str) -> None:
    assert heard(sentence, "en") == ()


def test_every_language_says_the_same() -> None:
    english, german = proposal_words("en"), proposal_words("de-CH")
    assert english.keys() == german.keys()
    assert english is not german
    needed = {*map(str, Change), *map(str, Consequence), *map(str, CheckKind)}
    assert needed <= english.keys()


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_refusal_has_its_words(language: str) -> None:
    known = load(language)
    assert all(("exceptions", f"proposal_{reason.value}", "message") in known for reason in Reason)


def _answer(**facts: Any) -> str:
    return json.dumps(facts)


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        (_answer(field="image.tag", value="12.1"), True),
        (_answer(field="image.tag", value=12.1), True),
        (_answer(field="image.tag", value="latest"), False),
        (_answer(field="metadata.namespace", value="12.1"), False),
        (_answer(field="image.tag"), False),
        (_answer(field="image.tag", value=""), False),
        (_answer(field="image.tag", value=True), False),
        (_answer(field=["image.tag"], value="12.1"), False),
        ("[]", False),
        ("Sure! I set it to 12.1.", False),
        ("", False),
    ],
)
def test_answer_of_a_model_has_to_fit(text: str, fits: bool) -> None:
    from custom_components.homelab_ai.assistant.proposal_model import _read

    found = _read(text, {"field": ["image.tag"], "value": ()}, "Grafana should get 12.1, please")
    assert isinstance(found, dict) is fits
    if fits:
        assert found == {"field": "image.tag", "value": "12.1"}
