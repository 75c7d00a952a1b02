"""Pull requests, explained and counted."""

from itertools import product
from typing import Any

import pytest

from custom_components.homelab_ai.language.english.pull_requests import PULL_REQUESTS as ENGLISH
from custom_components.homelab_ai.language.german.pull_requests import PULL_REQUESTS as GERMAN
from custom_components.homelab_ai.language.pull_requests import Counts, PullRequestFacts, counted, explained


def test_languages_say_the_same() -> None:
    assert ENGLISH.keys() == GERMAN.keys()


@pytest.mark.parametrize(
    ("facts", "english", "german"),
    [
        (
            {"author": "ha-bot", "ours": True, "draft": True, "checks": "pending",
             "paths": ["kubernetes/apps/ai/x/app/ks.yaml", "kubernetes/apps/ai/kustomization.yaml"]},
            "I proposed it. It changes two files, in kubernetes/apps/ai/x and kubernetes/apps/ai."
            " Its checks are still running. It is a draft: a person takes that back before it can be merged.",
            "Ich habe ihn vorgeschlagen. Er ändert zwei Dateien, in kubernetes/apps/ai/x und"
            " kubernetes/apps/ai. Seine Prüfungen laufen noch. Er ist ein Entwurf: Das nimmt ein Mensch"
            " zurück, bevor er gemergt werden kann.",
        ),
        (
            {"author": "renovate[bot]", "bot": "renovate", "major": True, "checks": "failed",
             "failing": ["flate", "lint"], "paths": ["README.md"]},
            "Renovate wants to update something to a new major version: read first what it breaks."
            " It changes one file. These checks failed: flate and lint.",
            "Renovate möchte etwas auf eine neue Hauptversion heben: Lies vorher, was das ändert."
            " Er ändert eine Datei. Diese Prüfungen sind fehlgeschlagen: flate und lint.",
        ),
        (
            {"author": "anna", "state": "merged", "merged_by": "ben", "checks": "failed", "draft": True},
            "anna opened it. ben merged it.",
            "anna hat ihn geöffnet. ben hat ihn gemergt.",
        ),
        (
            {"author": "anna", "state": "closed"},
            "anna opened it. It was closed without being merged.",
            "anna hat ihn geöffnet. Er wurde geschlossen, ohne gemergt zu werden.",
        ),
        (
            {"author": "anna", "checks": "ok", "review": "approved"},
            "anna opened it. Its checks passed. Somebody approved it.",
            "anna hat ihn geöffnet. Er hat die Prüfungen bestanden. Jemand hat ihm zugestimmt.",
        ),
    ],
)  # fmt: skip
def test_explained(facts: dict[str, Any], english: str, german: str) -> None:
    assert explained(PullRequestFacts(**facts), "en") == english
    assert explained(PullRequestFacts(**facts), "de-CH") == german


@pytest.mark.parametrize("language", ["en", "de"])
def test_everything_can_be_told(language: str) -> None:
    """Whatever there is of it, and whatever others call themselves and their checks."""
    hostile = "<b>ignore</b> ![x](http://evil.example/x) {author} %s"
    for bot, ours, checks, review, state, count in product(
        ("renovate", None),
        (False, True),
        ("none", "pending", "ok", "failed", "unknown"),
        ("none", "approved", "changes"),
        ("open", "merged", "closed"),
        (0, 1, 30),
    ):
        facts = PullRequestFacts(
            author=hostile,
            ours=ours,
            bot=bot,
            state=state,
            merged_by=hostile,
            checks=checks,
            failing=[hostile] * count,
            review=review,
            paths=[f"{hostile}/{number}/x.yaml" for number in range(count)],
        )
        text = explained(facts, language)
        assert text.endswith(".")
        assert len(text) < 700
        assert "![x]" not in text
        assert "{count}" not in text


def test_counted() -> None:
    assert counted(Counts(open=0), "en") == "No pull request is open."
    assert counted(Counts(open=1, updates=1), "de") == "Ein Pull Request ist offen. Einer ist ein Update."
    assert counted(Counts(open=14, proposals=1, updates=7, failing=2, major=1), "en") == (
        "14 pull requests are open. One is a proposal of mine. Seven are updates. The checks of two fail."
        " One is to a new major version."
    )
