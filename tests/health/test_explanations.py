"""What models said, remembered for a while."""

from datetime import UTC, datetime, timedelta
import json
from typing import Any

import pytest

from custom_components.homelab_ai.health.evidence import Evidence
from custom_components.homelab_ai.health.explanations import (
    MAX_AGE,
    MAX_COUNT,
    MAX_EXPLANATION,
    Explanation,
    Explanations,
    content_key,
)
from custom_components.homelab_ai.health.problem import Problem, Severity

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
PROBLEM = Problem("id", "k8s", "pod_restarting", "home/app", Severity.WARNING, "has restarted 7 times")
EVIDENCE = (Evidence("Events", "2026-11-21T10:00:00Z 12× BackOff: no such image"),)


def said(text: str = "The image is missing.", at: datetime = NOW) -> Explanation:
    return Explanation(text, "Correct the tag in Git.", "llama3.1:8b", at)


def key(**changed: Any) -> str:
    given: dict[str, Any] = {"problem": PROBLEM, "evidence": EVIDENCE, "language": "en", "model": "m"}
    return content_key(**{**given, **changed})


def test_key_is_of_the_content() -> None:
    later = (Evidence("Events", "2026-11-22T11:00:00Z 99× BackOff: no such image"),)
    other_id = Problem("other", "x", "pod_restarting", "home/app", Severity.INFO, "has restarted 8 times")
    assert key() == key(evidence=later) == key(problem=other_id)
    different = [
        key(evidence=()),
        key(evidence=(Evidence("Events", "BackOff: another image"),)),
        key(language="de"),
        key(model="other"),
        key(problem=Problem("id", "k8s", "pod_restarting", "home/other", Severity.WARNING, "so")),
        key(problem=Problem("id", "k8s", "k8sgpt_finding", "home/app", Severity.WARNING, "so")),
    ]
    assert len({key(), *different}) == 7


def test_remembered_for_a_week() -> None:
    known = Explanations()
    known.remember("a", said())
    assert known.find("a", NOW + MAX_AGE) == said()
    assert known.find("a", NOW + MAX_AGE + timedelta(seconds=1)) is None
    # A clock that was wrong.
    assert known.find("a", NOW - MAX_AGE - timedelta(seconds=1)) is None
    assert known.find("b", NOW) is None


def test_old_ones_go() -> None:
    known = Explanations()
    known.remember("old", said(at=NOW - timedelta(days=8)))
    known.remember("new", said())
    assert list(known.as_stored()) == ["new"]


def test_too_many_push_the_oldest_out() -> None:
    known = Explanations()
    for number in range(MAX_COUNT + 5):
        known.remember(str(number), said())
    known.remember("5", said("Again."))
    known.remember("more", said())
    assert len(known) == MAX_COUNT
    assert known.find("5", NOW) == said("Again.")
    assert known.find("6", NOW) is None


def test_survives_a_restart() -> None:
    known = Explanations()
    known.remember("a", said())
    known.remember("b", Explanation("So.", None, "m", NOW))
    again = Explanations(json.loads(json.dumps(known.as_stored())))
    assert again.as_stored() == known.as_stored()
    assert again.find("b", NOW) == Explanation("So.", None, "m", NOW)


@pytest.mark.parametrize(
    "stored",
    [
        None,
        [],
        ["a", "b", "c"],
        ["a", None, "m", "yesterday"],
        ["a", None, "m", "2026-11-21T12:00:00"],
        ["a", None, "m", 5],
        [5, None, "m", NOW.isoformat()],
        "text",
    ],
)
def test_what_does_not_fit_is_left_out(stored: Any) -> None:
    good = ["So.", None, "m", NOW.isoformat()]
    known = Explanations({"bad": stored, "good": good})
    assert list(known.as_stored()) == ["good"]


def test_stored_texts_are_bounded_again() -> None:
    known = Explanations({"a": ["x\n" * 5000, "y" * 5000, "m" * 5000, NOW.isoformat()]})
    found = known.find("a", NOW)
    assert found is not None
    assert len(found.explanation) <= MAX_EXPLANATION
    assert "\n" not in found.explanation
    too_many = {str(number): ["So.", None, "m", NOW.isoformat()] for number in range(MAX_COUNT * 2)}
    assert len(Explanations(too_many)) == MAX_COUNT
