"""Foreign moments can be compared, counted from and shown, wherever the house is."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from custom_components.homelab_ai.values.moment import moment, moment_of

NO_MOMENTS = (
    None,
    7,
    "",
    "yesterday",
    "0001-01-01T00:00:00Z",
    "0001-01-01T00:00:00+14:00",
    "1969-12-31T23:59:59Z",
    "9999-12-31T23:59:59Z",
    "9999-01-01T00:00:00",
    "9999-12-31T23:59:59-14:00",
    "2026-13-01T00:00:00Z",
    "2026-11-21T10:30:00Z" + "0" * 1000,
    "\ud8002026",
)


@pytest.mark.parametrize("value", NO_MOMENTS)
def test_no_moments(value: Any) -> None:
    assert moment(value) is None


@pytest.mark.parametrize("value", ["1970-01-01T00:00:00Z", "2318-03-08T10:00:00Z", "9998-12-31T23:59:59Z"])
def test_a_moment_can_be_shown_everywhere(value: str) -> None:
    found = moment(value)
    assert found is not None
    for zone in ("Pacific/Kiritimati", "Etc/GMT+12", "Europe/Berlin"):
        assert found.astimezone(ZoneInfo(zone)) == found
    assert found - timedelta(days=365) < found < found + timedelta(days=365)


def test_a_moment_without_a_zone_is_utc_and_one_with_may_keep_it() -> None:
    assert moment("2026-11-21 10:30:00") == datetime(2026, 11, 21, 10, 30, tzinfo=UTC)
    kept = moment("2026-11-21T11:30:00+01:00", in_utc=False)
    assert kept == datetime(2026, 11, 21, 10, 30, tzinfo=UTC)
    assert kept is not None
    assert kept.tzinfo == timezone(timedelta(hours=1))


@pytest.mark.parametrize(
    ("value", "year"),
    [(0, 1970), ("1763740800", 2025), (1e308, None), (-1e12, None), (10**13, None), ("x", None)],
)
def test_seconds(value: Any, year: int | None) -> None:
    found = moment_of(value)
    assert (found and found.year) == year
