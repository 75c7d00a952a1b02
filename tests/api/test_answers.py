"""Foreign JSON: what fits is typed, what does not is refused or left out."""

from datetime import UTC, datetime
import math
from typing import Any

import orjson
import pytest

from custom_components.homelab_ai.api.answers import (
    MAX_FIELDS,
    MAX_ITEMS,
    MAX_TEXT,
    json_of,
    number,
    objects,
    text,
    texts,
    time,
    tree,
    when_object,
)
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


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b'{"a": "\\ud800", "b": 1}', {"a": "\ud800", "b": 1}),
        (b'{"a": NaN, "b": 1}', {"a": pytest.approx(math.nan, nan_ok=True), "b": 1}),
        (b'{"a": 1e400, "b": 1}', {"a": math.inf, "b": 1}),
        (b'{"a": ' + b"9" * 5000 + b', "b": 1}', {"a": math.inf, "b": 1}),
        (b'{"a": "\xff", "b": 1}', {"a": "\ufffd", "b": 1}),
        (b'\xef\xbb\xbf{"b": 1}', {"b": 1}),
        ('{"b": "ä"}'.encode("utf-16"), {"b": "ä"}),
        ('{"b": 1}', {"b": 1}),
    ],
)
def test_one_odd_value_costs_itself(body: bytes | str, expected: object) -> None:
    assert json_of(body) == expected


@pytest.mark.parametrize("body", [b"", b"{", b"<html>", b"[" * 200_000, b"\0" * 100, b'{"a":' * 100_000])
def test_no_json(body: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - of several kinds
        json_of(body)


def test_lists_and_maps_are_bounded() -> None:
    assert sum(1 for _ in objects([{}] * (MAX_ITEMS + 7))) == MAX_ITEMS
    found = texts({f"{'x' * 1000}{number}": "y" * 100_000 for number in range(1000)} | {"short": "z"})
    assert len(found) <= MAX_FIELDS
    assert all(len(key) <= 256 and len(value) <= MAX_TEXT for key, value in found.items())


def test_a_tree_can_be_written_whatever_it_was() -> None:
    deep: Any = "end"
    for _ in range(900):
        deep = {"a": [deep]}
    value = {
        "\ud800": "half \ud800",
        "large": 2**70,
        "nan": math.nan,
        "many": list(range(10_000)),
        "deep": deep,
        "other": ...,
        "kept": [1, -1, 0.5, True, None, "x"],
    }
    kept = tree(value)
    assert isinstance(kept, dict)
    assert kept["kept"] == [1, -1, 0.5, True, None, "x"]
    assert (kept[""], kept["large"], kept["nan"], kept["other"]) == ("half ", None, None, None)
    assert len(kept["many"]) == MAX_FIELDS
    assert len(orjson.dumps(kept)) < 2000
