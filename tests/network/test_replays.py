"""Replays of what is heard of a network, see replays/network.yaml: data, and one interpreter."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
import json
from pathlib import Path
from typing import Any, cast

import pytest

from custom_components.homelab_ai.network.record import Verdict
from custom_components.homelab_ai.network.register import NewsKind, Register
from custom_components.homelab_ai.network.sighting import DHCP, Heard, Sighting
from homeassistant.util.yaml import parse_yaml

REPLAYS: dict[str, list[dict[str, Any]]] = cast(
    "Any", parse_yaml((Path(__file__).parent / "replays" / "network.yaml").read_text())
)
BEGIN = datetime(2026, 11, 1, 8, tzinfo=UTC)


def _sightings(step: dict[str, Any]) -> Iterator[Sighting]:
    for one in step.get("hear", ()):
        yield Sighting(
            one["mac"],
            one.get("from", DHCP),
            one.get("ip", ""),
            one.get("hostname", ""),
            one.get("network", ""),
            one.get("here", True),
            one.get("guest", False),
        )
    for number in range(int(step.get("crowd", 0))):
        yield Sighting(f"240ac4{number:06x}", DHCP, f"10.0.0.{number}", f"device-{number}", is_here=True)
    for number in range(int(step.get("flood", 0))):
        yield Sighting(f"5ebbbb{number:06x}", DHCP, is_here=True)


def _heard(step: dict[str, Any], now: datetime) -> Heard:
    sightings = tuple(_sightings(step))
    arrivals = {who: now - timedelta(minutes=int(ago)) for who, ago in step.get("arrived", {}).items()}
    return Heard(
        sightings,
        frozenset(one.source for one in sightings),
        step.get("registered", {}),
        step.get("owners", {}),
        step.get("own", {}),
        arrivals,
    )


def _play(register: Register, step: dict[str, Any]) -> Register:
    """Go through a step; return the register that there is after it."""
    now = BEGIN + timedelta(hours=int(step["at"]), minutes=int(step.get("m", 0)))
    if step.get("restart"):
        return Register(json.loads(json.dumps(register.as_stored())))
    for mac, verdict in step.get("review", {}).items():
        record = next(record for record in register if mac in record.macs)
        register.review(record, Verdict(verdict))
    news = Counter(
        (one.kind, one.record.mac)
        # A look takes only so many new addresses; the others follow within a minute.
        for _ in range(6 if step.get("flood") else 1)
        for one in register.take(_heard(step, now), now)
    )
    told = {mac: count for (kind, mac), count in news.items() if kind is NewsKind.NEW}
    if "told_at_most" in step:
        assert sum(told.values()) <= int(step["told_at_most"])
    else:
        assert told == dict.fromkeys(step.get("told", ()), 1)
    assert [mac for kind, mac in news if kind is NewsKind.BACK] == step.get("back", [])
    _check(register, step, now)
    return register


def _check(register: Register, step: dict[str, Any], now: datetime) -> None:
    verdicts = Counter(record.verdict.value for record in register)
    counts = {
        "waiting": len(register.waiting(now)),
        "records": len(register),
        "known": verdicts["known"],
        "guests": verdicts["guest"],
    }
    for key, count in counts.items():
        assert int(step.get(key, count)) == count, key
    assert len(register) <= int(step.get("records_at_most", 500))
    assert bool(register.together(now)) >= step.get("together", False)
    same = {record.mac: str(record.aliases.get(record.mac)) for record in register}
    assert same.items() >= step.get("same", {}).items()


@pytest.mark.parametrize("name", REPLAYS)
def test_replay(name: str) -> None:
    register = Register()
    for step in REPLAYS[name]:
        register = _play(register, step)
