"""Foreign JSON: what fits is typed, what does not is refused or left out."""

from datetime import UTC, datetime
import math
from typing import Any

import pytest

from custom_components.homelab_ai.api.answers import number, objects, text, texts, time, when_object
from custom_components.homelab_ai.api.errors import ApiResponseError


@pytest.mark.parametrize("value", [None, [], "text", 1, True])
def test_no_object(value: Any) -> None:
    with pytest.raises(ApiResponseError, match=f"not {type(value).__name__}"):
        when_object(value)


def test_object() -> None:
    assert when_object({"a": 1}) == {"a": 1}


@pytest.mark.parametrize("value", [None, {}, "text", 1])
def test_no_list(value: Any) -> None:
    with pytest.raises(ApiResponseError, match=f"not {type(value).__name__}"):
        objects(value)


def test_items_that_are_no_objects_are_left_out() -> None:
    assert list(objects([{"a": 1}, None, [], "b", 2, {}])) == [{"a": 1}, {}]


@pytest.mark.parametrize(("value", "expected"), [("a", "a"), (None, ""), (1, ""), ([], ""), ({}, "")])
def test_text(value: Any, expected: str) -> None:
    assert text(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"a": "b", "c": 1, "d": None}, {"a": "b", "c": "", "d": ""}),
        (None, {}),
        ([("a", "b")], {}),
        ("a", {}),
    ],
)
def test_texts(value: Any, expected: dict[str, str]) -> None:
    assert texts(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1, 1.0),
        (-0.5, -0.5),
        ("1.5e9", 1.5e9),
        (" 7 ", 7.0),
        ("NaN", None),
        ("+Inf", None),
        ("-Inf", None),
        (math.nan, None),
        (math.inf, None),
        (10**400, None),
        ("1e999", None),
        ("", None),
        ("seven", None),
        ("0x10", None),
        (True, None),
        (None, None),
        ([1], None),
        ({}, None),
    ],
)
def test_number(value: Any, expected: float | None) -> None:
    assert number(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2026-11-21T10:30:00Z", datetime(2026, 11, 21, 10, 30, tzinfo=UTC)),
        ("2026-11-21T10:30:00.123456789Z", datetime(2026, 11, 21, 10, 30, 0, 123456, tzinfo=UTC)),
        ("2026-11-21T11:30:00+01:00", datetime(2026, 11, 21, 10, 30, tzinfo=UTC)),
        ("2026-11-21 10:30:00", datetime(2026, 11, 21, 10, 30, tzinfo=UTC)),
        # No clock east of Greenwich can show it.
        ("9999-12-31T23:59:59Z", None),
        ("0001-01-01T00:00:00Z", None),
        ("0001-01-01T00:00:00", None),
        ("9999-12-31T23:59:59-14:00", None),
        ("yesterday", None),
        ("", None),
        (None, None),
        (1763740800, None),
    ],
)
def test_time(value: Any, expected: datetime | None) -> None:
    found = time(value)
    assert found == expected
    assert found is None or found.tzinfo is UTC
