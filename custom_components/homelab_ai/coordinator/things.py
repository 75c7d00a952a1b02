"""The things that hubs and monitored systems tell of, each with what it is tied to."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from yarl import URL

from homeassistant.const import CONF_URL

from ..health.problem import MAX_NAME, plain
from ..hub.state import HubState, full_name
from ..monitors import Monitor
from ..topology import Fact, Link, LinkKind, State, Thing, ThingKind, Topology
from .hub import HubCoordinator, HubData
from .monitor import MonitorCoordinator

MOST_MODELS = 500
"""Of a hub; all that need be known by name take the event loop less than a tenth of a second then."""
BYTES, SECONDS = "B", "s"
ADDRESS = "address:"
MODEL_KEY = "model:{}"
"""What a model is known by, by its full name; agents and apps need it without knowing on which hub it is."""


def hub_things(hub: HubCoordinator, before: Mapping[str, Thing]) -> dict[str, Thing]:
    """Return a hub and its models.

    One that is off tells of no model; those that it had `before` are still on its disk.
    """
    models = _models(hub, hub.data.state) if hub.data.state.online else _models_of_a_hub_that_is_off(before)
    return {thing.id: thing for thing in (_hub(hub, hub.data), *models)}


def monitor_things(monitor: MonitorCoordinator, hub: str) -> Mapping[str, Thing]:
    """Return a system and all that it tells of; `hub` is the id of the hub that it may need.

    While it does not answer, what it told before stands.
    """
    system = _system(monitor, hub)
    things = monitor.monitor.things(monitor.data) if monitor.data is not None else {}
    return {system.id: system, **things}


def own_addresses(topology: Topology, hubs: Iterable[HubCoordinator]) -> dict[str, str]:
    """Return the names of our nodes and hubs by their addresses."""
    nodes = {
        key.removeprefix(ADDRESS): node.name
        for node in topology.of_kind(ThingKind.NODE)
        for key in node.keys
        if key.startswith(ADDRESS)
    }
    hosts = {host.lower(): hub.name for hub in hubs if (host := URL(hub.server.client.url).host)}
    return hosts | nodes


def own_hosts(topology: Topology) -> Iterator[str]:
    """Yield the hosts of the hubs and systems in our own settings."""
    for thing in topology:
        if thing.id == thing.source:
            addresses = (key.removeprefix(ADDRESS) for key in thing.keys if key.startswith(ADDRESS))
            yield from (address for address in addresses if ":" not in address)


def _hub(hub: HubCoordinator, data: HubData) -> Thing:
    state = data.state
    last = data.measurements.last
    facts = (
        ("version", state.version, ""),
        ("models_installed", len(state.installed), ""),
        ("models_loaded", len(state.loaded), ""),
        ("vram_used", state.vram_used, BYTES),
        ("vram_total", data.vram_total, BYTES),
        ("ram_spill", state.ram_spill, BYTES),
        ("generation_speed", last.generation_speed if last else None, "tokens/s"),
        ("time_to_first_token", last.time_to_first_token if last else None, SECONDS),
        ("offline_since", data.offline_since, ""),
    )
    return Thing(
        id=hub.source,
        kind=ThingKind.HUB,
        name=hub.name,
        source=hub.source,
        state=State.OK if state.online else State.OFF,
        facts=_facts(facts if state.online else facts[-1:]),
    )


def _models(hub: HubCoordinator, state: HubState) -> Iterator[Thing]:
    for model in state.installed[:MOST_MODELS]:
        loaded = state.find_loaded(model.name)
        name = plain(model.name, MAX_NAME)
        facts: list[tuple[str, Any, str]] = [("size", model.size, BYTES), ("loaded", loaded is not None, "")]
        if loaded is not None:
            facts += [
                ("vram_used", loaded.size_vram, BYTES),
                ("context_length", loaded.context_length, ""),
                ("unloads_at", None if state.is_pinned(loaded) else loaded.expires_at, ""),
            ]
        yield Thing(
            id=f"{hub.source}/model/{full_name(name)}",
            kind=ThingKind.MODEL,
            name=name,
            source=hub.source,
            place=hub.name,
            state=State.OK,
            facts=_facts(facts),
            links=(Link(LinkKind.RUNS_ON, hub.source),),
            keys=(MODEL_KEY.format(full_name(name)),),
        )


def _models_of_a_hub_that_is_off(before: Mapping[str, Thing]) -> Iterator[Thing]:
    for thing in before.values():
        if thing.kind is ThingKind.MODEL:
            size = tuple(fact for fact in thing.facts if fact.key == "size")
            yield replace(thing, state=State.OFF, facts=size)


def _system(coordinator: MonitorCoordinator, hub: str) -> Thing:
    monitor = coordinator.monitor
    url = monitor.settings.data.get(CONF_URL)
    needs = (Link(LinkKind.NEEDS, hub),) if monitor.needs_hub else ()
    served = tuple(Link(LinkKind.SERVED_BY, key) for key in _addresses(url))
    states = {True: State.OK, False: State.OFF, None: State.UNKNOWN}
    return Thing(
        id=coordinator.source,
        kind=monitor.thing_kind,
        name=coordinator.name,
        source=coordinator.source,
        detail=monitor.manufacturer,
        state=states[coordinator.online],
        facts=_monitor_facts(monitor, coordinator.data),
        links=(*needs, *served),
        url=url if isinstance(url, str) and monitor.has_page else "",
    )


def _addresses(url: Any) -> Iterator[str]:
    """Yield what is served at an address is known by; the port first, for a host may serve much."""
    if isinstance(url, str) and (host := URL(url).host):
        yield f"address:{host.lower()}:{URL(url).port}"
        yield f"address:{host.lower()}"


def _monitor_facts(monitor: Monitor[Any], data: Any) -> tuple[Fact, ...]:
    """Return what a system's sensors show, by their keys."""
    if data is None:
        return ()
    version = ("version", monitor.version(data), "")
    shown = (
        (sensor.key, sensor.value_fn(data), sensor.native_unit_of_measurement or "")
        for sensor in monitor.sensors()
        if sensor.exists_fn(data) and sensor.available_fn(data)
    )
    return _facts((version, *shown))


def _facts(facts: Any) -> tuple[Fact, ...]:
    by_key = {key: Fact(key, value, unit) for key, value, unit in facts if value is not None}
    return tuple(by_key.values())
