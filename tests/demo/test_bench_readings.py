"""What the benchmark expects of Homelab AI alone."""

from statistics import median

import pytest

from demo.bench.figures import Figure, RatioAtMost, Unit
from demo.bench.part import Found
from demo.bench.readings import AtMost, Bound, Exactly, Reading


@pytest.mark.parametrize(
    ("bound", "value", "met"),
    [
        (AtMost(50), 50.0, True),
        (AtMost(50), 50.1, False),
        (Exactly(0), 0, True),
        (Exactly(0), 1, False),
        (Exactly(7), 6, False),
    ],
)
def test_bounds(bound: Bound, value: float, met: bool) -> None:
    assert bound.met(value) is met


def test_bounds_are_said_in_the_unit_of_the_reading() -> None:
    assert AtMost(0.5).text(Unit.SECONDS) == "≤ 0.5 s"
    assert AtMost(700).text(Unit.COUNT) == "≤ 700"
    assert Exactly(0).text(Unit.COUNT) == "0"


def test_the_worst_counts_unless_told() -> None:
    values = [0.1, 0.9, 0.2]
    assert Reading("latency", Unit.SECONDS, values, AtMost(0.5)).met is False
    typical = Reading("latency", Unit.SECONDS, values, AtMost(0.5), of=median)
    assert (typical.measured, typical.met) == (0.2, True)


def test_nothing_expected_is_neither_met_nor_missed() -> None:
    assert Reading("states", Unit.COUNT, [1]).met is None


def test_a_part_has_missed_what_any_of_its_lines_has() -> None:
    fine = Reading("stall", Unit.MILLISECONDS, [10], AtMost(50))
    assert not Found(readings=[fine, Reading("states", Unit.COUNT, [1])]).missed
    assert Found(readings=[fine, Reading("lost", Unit.COUNT, [1], Exactly(0))]).missed
    assert Found([Figure("turn", Unit.SECONDS, [2.0], [1.0], RatioAtMost(1.0))]).missed
