"""Questions in known words that no sentence has in that order; with one unknown word they are not ours."""

import pytest

from custom_components.homelab_ai.language.questions.loose import loosely_read
from custom_components.homelab_ai.language.questions.question import Ask, Attribute, Condition, Group, Period


@pytest.mark.parametrize(
    ("language", "text", "said", "expected"),
    [
        ("en", "would you mind checking if Gitea is alive", "gitea", (Ask.IS_WELL, "gitea")),
        ("en", "is the data volume of gitea fine", "gitea", (Ask.IS_WELL, "volume gitea")),
        ("en", "what is gitea running on", "gitea", (Ask.PLACE, "gitea")),
        (
            "en",
            "what's the age of the last gitea backup",
            "gitea",
            (Ask.WHEN, "gitea", Attribute.LAST_BACKUP),
        ),
        ("en", "what uses gitea", "gitea", (Ask.NEEDED_BY, "gitea")),
        ("en", "what is it that gitea needs", "gitea", (Ask.NEEDS, "gitea")),
        ("en", "did gitea's status change today", "gitea", (Ask.CHANGED, "gitea", None, None, Period.TODAY)),
        ("de", "weiß jemand ob Gitea geht", "gitea", (Ask.IS_WELL, "gitea")),
        ("de", "was hält gitea vom starten ab", "gitea", (Ask.REASON, "gitea")),
        ("de", "auf welcher kiste läuft gitea eigentlich", "gitea", (Ask.PLACE, "gitea")),
        ("de", "welche apps leiden wenn gitea aus ist", "gitea", (Ask.NEEDED_BY, "gitea")),
        # A person may speak another language than the house.
        ("de", "would you mind checking if gitea is alive", "gitea", (Ask.IS_WELL, "gitea")),
    ],
)
def test_of_a_thing(language: str, text: str, said: str, expected: tuple[object, ...]) -> None:
    question = loosely_read(text, said, "gitea", language)
    assert question is not None
    told = (question.ask, question.thing, question.attribute, question.condition, question.period)
    assert told[: len(expected)] == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "which releases does flux manage", (Ask.WHICH, Group.DEPLOYMENTS, Condition.ANY)),
        ("en", "name the broken deployments please", (Ask.WHICH, Group.WORKLOADS, Condition.TROUBLED)),
        ("en", "what have I missed in the homelab", (Ask.CHANGED, None, None)),
        ("de", "welches modell ist aktiv", (Ask.WHICH, Group.MODELS, Condition.LOADED)),
        ("de", "was war im homelab so los", (Ask.CHANGED, None, None)),
    ],
)
def test_without_a_name(language: str, text: str, expected: tuple[object, ...]) -> None:
    question = loosely_read(text, "", "", language)
    assert question is not None
    assert (question.ask, question.group, question.condition) == expected


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("is the vault in the cellar open", "vault"),
        ("turn gitea off", "gitea"),
        ("restart gitea", "gitea"),
        ("delete gitea", "gitea"),
        ("add gitea to the shopping list", "gitea"),
        ("gitea", "gitea"),
        ("does anything differ from git", "git"),
        ("is the cluster of candles lit", ""),
        ("what is the capital of france", ""),
    ],
)
def test_not_ours(text: str, said: str) -> None:
    assert loosely_read(text, said, said, "en") is None
