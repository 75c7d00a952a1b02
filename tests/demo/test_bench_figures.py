"""What the benchmark expects, and how it compares."""

import pytest

from demo.bench.figures import Expectation, Figure, ListeningUsed, RatioAtMost, Unit, number

USED = ListeningUsed(seconds=2.8, at_once=0.15)


@pytest.mark.parametrize(
    ("ours", "core", "met"),
    [(3.2, 6.0, True), (3.21, 6.0, False), (0.15, 0.1, True), (0.15, 2.9, True), (0.16, 2.9, False)],
)
def test_listening_is_used(ours: float, core: float, met: bool) -> None:
    assert USED.met(ours, core) is met


def test_listening_used_says_its_limit() -> None:
    assert USED.text(6.0) == "≤ max(0.15 s, core − 2.8 s) = 3.20 s"
    assert USED.text(1.0) == "≤ max(0.15 s, core − 2.8 s) = 0.15 s"


@pytest.mark.parametrize(
    ("expectation", "ours", "core", "met"),
    [
        (RatioAtMost(1.0), 200.0, 200.0, True),
        (RatioAtMost(1.0), 200.1, 200.0, False),
        (RatioAtMost(1.05), 1.05, 1.0, True),
        (RatioAtMost(1.05, seconds=0.05), 0.08, 0.04, True),
        (RatioAtMost(1.05, seconds=0.05), 0.1, 0.04, False),
        (RatioAtMost(1.05, seconds=0.05), 6.2, 6.0, True),
    ],
)
def test_ratio_at_most(expectation: Expectation, ours: float, core: float, met: bool) -> None:
    assert expectation.met(ours, core) is met


def test_ratio_says_what_else_is_allowed() -> None:
    assert RatioAtMost(1.0).text(1.0) == "ratio ≤ 1.00"
    assert RatioAtMost(1.05, seconds=0.05).text(1.0) == "ratio ≤ 1.05, or at most 0.05 s more"


def test_medians_are_compared() -> None:
    figure = Figure("turn", Unit.SECONDS, [1.0, 9.0, 2.0], [4.0, 3.0, 5.0], RatioAtMost(1.0))
    assert (figure.our_median, figure.core_median, figure.ratio) == (2.0, 4.0, 0.5)
    assert figure.met is True


def test_nothing_expected_is_neither_met_nor_missed() -> None:
    assert Figure("memory", Unit.MEBIBYTES, [2.0], [1.0]).met is None


def test_no_ratio_to_nothing() -> None:
    assert Figure("memory", Unit.MEBIBYTES, [2.0], [0.0]).ratio is None


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (7.34, Unit.MILLISECONDS, "7.3 ms"),
        (12.3, Unit.MILLISECONDS, "12 ms"),
        (1234.5, Unit.MICROSECONDS, "1,234 µs"),
        (0.1234, Unit.SECONDS, "0.123 s"),
        (1776, Unit.COUNT, "1,776"),
    ],
)
def test_numbers_have_as_many_places_as_they_are_worth(value: float, unit: Unit, text: str) -> None:
    assert number(value, unit) == text
