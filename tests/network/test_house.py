"""What of the house hangs on the homelab: hosts of settings, links, and what a trouble takes with it."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from custom_components.homelab_ai.language.house import hanging
from custom_components.homelab_ai.network.hearing import host_of
from custom_components.homelab_ai.network.house import HomeDevice, Host, Integration, house_things
from custom_components.homelab_ai.topology import (
    Link,
    LinkKind,
    State,
    Thing,
    ThingKind,
    Topology,
    losses,
)

SINCE = datetime(2026, 11, 28, 3, 12, tzinfo=UTC)
NODE = Thing("c/node", ThingKind.NODE, "k3s-1", "c", keys=("node:k3s-1", "address:10.0.8.11"))
BROKER = Thing(
    "c/emqx",
    ThingKind.WORKLOAD,
    "emqx",
    "c",
    links=(Link(LinkKind.RUNS_ON, "node:k3s-1"),),
    keys=("address:10.0.8.20:1883", "address:mqtt.home:443", "address:mqtt.home"),
)


def _topology(*integrations: Integration) -> Topology:
    topology = Topology()
    topology.report("c", {thing.id: thing for thing in (NODE, BROKER)})
    topology.report("h", {thing.id: thing for thing in house_things("h", integrations, topology)})
    return topology


@pytest.mark.parametrize(
    ("settings", "host"),
    [
        ({"broker": "10.0.8.20", "port": 1883, "password": "secret"}, Host("10.0.8.20", 1883)),
        ({"url": "http://user:secret@Frigate.home:5000/api?token=x"}, Host("frigate.home", 5000)),
        ({"host": "mqtt.home"}, Host("mqtt.home")),
        ({"host": "10.0.8.11:8123"}, Host("10.0.8.11", 8123)),
        ({"host": "", "url": "https://wiki.home"}, Host("wiki.home", 443)),
        ({"host": "fd00::11"}, None),
        ({"host": "http://[", "url": 7}, None),
        ({"host": "a" * 5000}, None),
        ({"host": "10.0.8.11", "port": "many"}, Host("10.0.8.11")),
        ({"username": "10.0.8.11", "path": "http://10.0.8.11"}, None),
        ({}, None),
    ],
)
def test_host_of_settings(settings: Mapping[str, Any], host: Host | None) -> None:
    assert host_of(settings) == host


def test_what_a_node_takes_with_it() -> None:
    camera = HomeDevice("cam", "Camera", SINCE)
    lamp = HomeDevice("lamp", "Lamp", None, is_switched=True)
    topology = _topology(
        Integration("1", "Shelly", Host("10.0.8.11")),
        Integration("2", "MQTT", Host("10.0.8.20", 1883), (camera, lamp)),
        Integration("3", "Weather", Host("api.example.com", 443)),
        Integration("4", "Other broker", Host("10.0.8.20", 1884)),
    )
    assert losses(topology, NODE.id) == ("MQTT", "Shelly")
    assert losses(topology, BROKER.id) == ("MQTT",)
    things = topology.told_by("h")
    assert len(things) == 4
    # A lamp is switched by Home Assistant's own sentences, so nobody waits for its name here.
    assert things["h:home:lamp"].kind is ThingKind.DEVICE
    assert things["h:home:lamp"].state is State.OK
    told = things["h:home:cam"]
    assert (told.kind, told.state, told.fact("offline_since")) == (ThingKind.ENTITY, State.OFF, SINCE)


def test_an_address_that_only_the_house_itself_tells_of_is_no_link() -> None:
    own = Thing("h/x", ThingKind.DEVICE, "x", "h", keys=("address:10.0.8.99",))
    topology = Topology()
    topology.report("h", {own.id: own})
    assert list(house_things("h", [Integration("1", "MQTT", Host("10.0.8.99"))], topology)) == []


def test_address_that_our_own_settings_have_by_a_name() -> None:
    """The broker is added here as mqtt.home, in the other integration by its address."""
    integrations = [
        Integration("1", "MQTT", Host("10.0.8.30", 443)),
        Integration("2", "Other", Host("10.0.8.31")),
    ]
    topology = _topology()
    names = {"10.0.8.30": ["mqtt.home"]}
    things = {thing.id: thing for thing in house_things("h", integrations, topology, names)}
    assert set(things) == {"h:integration:1"}
    assert things["h:integration:1"].links == (Link(LinkKind.NEEDS, "address:mqtt.home:443"),)


@pytest.mark.parametrize(
    ("language", "names", "text"),
    [
        ("en", (), ""),
        ("en", ("MQTT",), "Home Assistant's integration MQTT depends on it."),
        ("en", ("MQTT", "Frigate"), "2 integrations of Home Assistant depend on it: MQTT and Frigate."),
        (
            "en",
            ("MQTT", "Frigate", "Wyoming", "Shelly"),
            "4 integrations of Home Assistant depend on it, among them MQTT, Frigate and Wyoming.",
        ),
        ("en", ("Shelly",) * 12, "12 integrations of Home Assistant depend on it: Shelly."),
        ("de-CH", ("MQTT",), "Davon hängt die Integration MQTT von Home Assistant ab."),
        (
            "de",
            ("MQTT", "Frigate", "Wyoming", "Shelly"),
            "Davon hängen 4 Integrationen von Home Assistant ab, darunter MQTT, Frigate und Wyoming.",
        ),
    ],
)
def test_words(language: str, names: tuple[str, ...], text: str) -> None:
    assert hanging(names, language) == text
