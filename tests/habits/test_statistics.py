"""The statistics, against sums that can be done by hand."""

from math import comb

import pytest

from custom_components.homelab_ai.habits.statistics import (
    circular_median,
    circular_span,
    spread,
    tail,
    tail_of,
    wilson,
)


@pytest.mark.parametrize("chance", [0.01, 0.2, 0.5, 0.97])
@pytest.mark.parametrize("trials", [1, 7, 30])
def test_tail_of_a_binomial(trials: int, chance: float) -> None:
    for hits in range(trials + 1):
        exact = sum(
            comb(trials, k) * chance**k * (1 - chance) ** (trials - k) for k in range(hits, trials + 1)
        )
        assert tail(hits, trials, chance) == pytest.approx(exact)
        assert tail_of(hits, [chance] * trials) == pytest.approx(exact)


def test_tails_at_the_edge() -> None:
    assert tail(0, 5, 0.0) == 1
    assert tail(1, 5, 0.0) == 0
    assert tail(6, 5, 0.5) == 0
    assert tail(5, 5, 1.0) == 1
    assert tail_of(1, []) == 0
    assert tail_of(0, []) == 1
    assert tail_of(2, [0.5, 0.1]) == pytest.approx(0.05)


def test_wilson() -> None:
    """Against Wilson's interval as the literature has it."""
    assert wilson(0, 0) == 0
    assert wilson(0, 10) == 0
    assert wilson(10, 10) == pytest.approx(0.7225, abs=1e-3)
    assert wilson(17, 20) == pytest.approx(0.6396, abs=1e-3)
    assert wilson(5, 6) < wilson(50, 60) < 5 / 6


@pytest.mark.parametrize(
    ("minutes", "middle", "span"),
    [
        ([400], 400, (400, 400)),
        ([400, 410, 420], 410, (400, 420)),
        ([1430, 5, 10], 5, (1430, 10)),
        ([1439, 0, 1], 0, (1439, 1)),
        ([0, 0, 0], 0, (0, 0)),
        ([10, 1435, 5, 1438], 5, (1435, 10)),
    ],
)
def test_midnight_is_no_border(minutes: list[int], middle: int, span: tuple[int, int]) -> None:
    assert circular_median(minutes) == middle
    assert circular_span(minutes, 1.0) == span


def test_span_leaves_the_odd_one_out() -> None:
    assert circular_span([400, 402, 404, 406, 700], 0.8) == (400, 406)
    with pytest.raises(ValueError, match="no minutes"):
        circular_median([])


def test_spread() -> None:
    assert spread([5]) == 0
    assert spread([0, *range(10, 20), 100]) == 9
