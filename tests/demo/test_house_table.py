"""The table of entities that scripts/demo prints."""

from zoneinfo import ZoneInfo

import pytest

from demo.house import table
from demo.house.table import Row


@pytest.mark.parametrize(
    ("state", "unit", "shown"),
    [
        ("on", None, "on"),
        ("5", None, "5"),
        ("0.33.0", None, "0.33.0"),
        ("59.98723", "tokens/s", "59.99 tokens/s"),
        ("4.0", "GiB", "4 GiB"),
        ("unknown", "GiB", "unknown"),
        ("unavailable", "%", "unavailable"),
        ("2026-11-21T20:15:00.123456+00:00", None, "2026-11-21 21:15:00"),
        ("Twelve", None, "Twelve"),
        ("x" * 70, None, "x" * 59 + "…"),
    ],
)
def test_states_are_readable(state: str, unit: str | None, shown: str) -> None:
    assert table.readable(state, unit, ZoneInfo("Europe/Berlin")) == shown


def test_columns_are_aligned_and_a_device_is_named_once() -> None:
    rows = [
        Row("Jarvis", "conversation.jarvis", "unknown"),
        Row("Homelab", "sensor.homelab_version", "0.33.0"),
        Row("Homelab", "binary_sensor.homelab_online", "on"),
    ]
    assert table.lines(rows) == [
        "Device   Entity                        State",
        "───────  ────────────────────────────  ─────",
        "Homelab  binary_sensor.homelab_online  on",
        "         sensor.homelab_version        0.33.0",
        "Jarvis   conversation.jarvis           unknown",
    ]


def test_nothing_is_a_table_too() -> None:
    assert table.lines([]) == ["Device  Entity  State", "──────  ──────  ─────"]


def test_the_unit_comes_from_the_attributes() -> None:
    states = {
        "sensor.speed": {"state": "60.0", "attributes": {"unit_of_measurement": "tokens/s"}},
        "binary_sensor.online": {"state": "on", "attributes": {}},
    }
    assert table.state_of(states, "sensor.speed") == "60 tokens/s"
    assert table.state_of(states, "binary_sensor.online") == "on"
    assert table.state_of(states, "sensor.without_state") == "–"
