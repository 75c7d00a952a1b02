"""The part of the benchmark about habits, with little of everything."""

from demo.bench.figures import Unit
from demo.bench.habits import AtLeast, Night, _accuracy, _of_cost, cost


def test_cost_of_a_small_database() -> None:
    night = cost(20_000)
    assert night.actions > 100
    assert 0 < night.read < 2
    assert night.mebibytes >= 0
    assert all(reading.met for reading in _of_cost(night, 20_000))


def test_what_costs_too_much_is_told() -> None:
    night = Night(2, 1, 3, 31, 0.051, 0.1, 5)
    assert [reading.met for reading in _of_cost(night, 1)] == [False, False, False]


def test_at_least() -> None:
    assert AtLeast(0.65).met(0.65)
    assert not AtLeast(0.65).met(0.64)
    assert AtLeast(5).text(Unit.COUNT) == "≥ 5"


def test_accuracy() -> None:
    readings = list(_accuracy(2, 172))
    assert len(readings) == 8
    assert all(reading.met for reading in readings if reading.expectation)
