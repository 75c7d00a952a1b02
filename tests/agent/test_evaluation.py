"""From log-probabilities of a label to the probability of each answer."""

from math import log

import pytest

from custom_components.homelab_ai.agent.evaluation import NoJudgementError, shares


@pytest.mark.parametrize(
    ("candidates", "labels", "expected"),
    [
        ({"yes": 0.9, "no": 0.1}, ("yes", "no"), [0.9, 0.1]),
        # what else the model might have said does not count
        ({"yes": 0.3, "no": 0.1, "maybe": 0.6}, ("yes", "no"), [0.75, 0.25]),
        # one label in several writings
        ({"yes": 0.2, " Yes": 0.2, "YES.": 0.2, "no": 0.2}, ("yes", "no"), [0.75, 0.25]),
        ({"A": 0.5, " b": 0.3, "C)": 0.2}, ("A", "B", "C"), [0.5, 0.3, 0.2]),
        ({"no": 0.2}, ("yes", "no"), [0.0, 1.0]),
    ],
)
def test_shares(candidates: dict[str, float], labels: tuple[str, ...], expected: list[float]) -> None:
    found = shares({token: log(share) for token, share in candidates.items()}, labels)
    assert found == pytest.approx(expected)
    assert sum(found) == pytest.approx(1)


@pytest.mark.parametrize("candidates", [{}, {"maybe": -0.1}, {"yes": float("-inf")}])
def test_no_label_is_likely(candidates: dict[str, float]) -> None:
    with pytest.raises(NoJudgementError):
        shares(candidates, ("yes", "no"))
