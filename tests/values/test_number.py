"""Foreign numbers are finite, and fit into what keeps them."""

import math
from typing import Any

import orjson
import pytest

from custom_components.homelab_ai.values.number import MAX_NUMBER, MAX_WHOLE, number, total, whole

NO_NUMBERS: tuple[Any, ...] = (
    None,
    True,
    False,
    "",
    "seven",
    "0x10",
    [],
    {},
    math.nan,
    math.inf,
    -math.inf,
    10**400,
    "1e999",
    "9" * 500,
    1e308,
    -1e19,
    2**64,
)


@pytest.mark.parametrize("value", NO_NUMBERS, ids=lambda value: str(value)[:12])
def test_no_numbers(value: Any) -> None:
    assert number(value) is None
    assert whole(value) is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0, 0),
        (7, 7),
        (7.9, 7),
        ("7", 7),
        (MAX_WHOLE, MAX_WHOLE),
        (MAX_WHOLE + 1, None),
        (-1, None),
        (2**70, None),
    ],
)
def test_whole(value: Any, expected: int | None) -> None:
    found = whole(value)
    assert found == expected
    assert found is None or type(found) is int


def test_whole_within_its_bounds() -> None:
    assert whole(-7, least=-10) == -7
    assert whole(11, most=10) is None
    assert whole(0, least=1) is None


def test_number_within_its_bounds() -> None:
    assert number(MAX_NUMBER) == MAX_NUMBER
    assert number(-0.5) == -0.5
    assert math.isfinite(sum([MAX_NUMBER] * 100_000))


def test_a_sum_of_the_largest_can_be_kept() -> None:
    kept = total([MAX_WHOLE] * 10_000)
    assert kept == MAX_WHOLE
    assert orjson.loads(orjson.dumps(kept)) == kept
    assert float(kept) == kept
    assert total([]) == 0
