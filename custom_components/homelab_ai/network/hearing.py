"""What Home Assistant has heard of the network: read where it lies, without a packet of our own."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from importlib import import_module
import re
from typing import Any

from yarl import URL

from homeassistant.const import STATE_HOME, STATE_NOT_HOME, STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant, State, callback
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.loader import LoaderError, async_get_loaded_integration

from ..values.text import line
from .address import mac_in
from .house import HomeDevice, Host, Integration
from .record import MAX_NAME
from .sighting import DHCP, Heard, Sighting

OURS = "homelab_ai"
MAX_ADDRESS = 500
TRACKER, PERSON = "device_tracker", "person"
ARRIVED = timedelta(minutes=10)
"""How long the arrival of a person is remembered."""
MOST_SIGHTINGS = 3000
NOT_OF_THE_NETWORK = frozenset(
    {"bluetooth_le_tracker", "bluetooth_tracker", "ibeacon", "mobile_app", "private_ble_device"}
)
"""Integrations whose trackers have addresses of Bluetooth, or none."""
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_HERE: Mapping[str, bool] = {STATE_HOME: True, STATE_NOT_HOME: False}


class Ear:
    """Hears what Home Assistant's DHCP, router integrations and registries know."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Have heard nothing yet."""
        self._hass = hass
        self._dhcp: dict[str, tuple[str, str]] = {}
        self._away: set[str] = set()
        self._arrivals: dict[str, datetime] = {}

    @callback
    def hear(self, own: Mapping[str, str], now: datetime) -> Heard:
        """Return what is heard now; `own` are the names of our nodes and hubs by their IPs."""
        trackers = list(self._trackers())
        sightings = (*self._of_dhcp(), *(sighting for _, sighting in trackers))[:MOST_SIGHTINGS]
        by_entity = {entity: sighting.mac for entity, sighting in trackers}
        routers = {sighting.source for _, sighting in trackers}
        heard_dhcp = {DHCP} if DHCP in self._hass.config.components else set()
        return Heard(
            sightings,
            frozenset(routers | heard_dhcp),
            dict(self._known(routers)),
            dict(self._owners(by_entity)),
            own,
            dict(self._arrived(now)),
        )

    def _of_dhcp(self) -> Iterator[Sighting]:
        """Yield what DHCP has heard since the start; a device is there when it is heard, not ever after."""
        if DHCP not in self._hass.config.components:
            return
        helpers = import_module("homeassistant.components.dhcp.helpers")
        for info in helpers.async_discovered_service_info(self._hass):
            mac = mac_in(info.macaddress)
            if mac is None:
                continue
            ip, hostname = line(info.ip, MAX_NAME), line(info.hostname, MAX_NAME).lower()
            is_new = self._dhcp.get(mac) != (ip, hostname)
            self._dhcp[mac] = (ip, hostname)
            yield Sighting(mac, DHCP, ip, hostname, is_here=True if is_new else None)

    def _trackers(self) -> Iterator[tuple[str, Sighting]]:
        """Yield what router integrations track, by entity; also what is disabled, as most clients are."""
        registry, states = er.async_get(self._hass), self._hass.states
        for entry in registry.entities.values():
            if entry.domain != TRACKER or entry.platform in NOT_OF_THE_NETWORK:
                continue
            state = states.get(entry.entity_id)
            mac = _mac_of(state) or mac_in(_UUID.sub("", entry.unique_id))
            if mac is not None:
                name = entry.original_name or ""
                yield entry.entity_id, _sighting(mac, entry.platform, name, state)
        for state in states.async_all(TRACKER):
            if state.entity_id not in registry.entities and (mac := _mac_of(state)) is not None:
                yield state.entity_id, _sighting(mac, TRACKER, state.name, state)

    def _known(self, routers: set[str]) -> Iterator[tuple[str, str]]:
        """Yield the devices that people have set up, by MAC.

        What only those integrations know that track all clients is not set up by that. A device that others
        are reached by is the router itself.
        """
        devices = dr.async_get(self._hass).devices
        hubs = {device.via_device_id for device in devices}
        for device in devices:
            if device.id not in hubs and self._domain(device.config_entry_id) in routers:
                continue
            for kind, address in device.connections:
                if kind == dr.CONNECTION_NETWORK_MAC and (mac := mac_in(address)):
                    yield mac, line(device.name_by_user or device.name or "", MAX_NAME)

    def _domain(self, entry_id: str) -> str:
        entry = self._hass.config_entries.async_get_entry(entry_id)
        return "" if entry is None else entry.domain

    def _owners(self, by_entity: Mapping[str, str]) -> Iterator[tuple[str, str]]:
        for person in self._hass.states.async_all(PERSON):
            for entity in _listed(person.attributes.get("device_trackers")):
                if entity in by_entity:
                    yield by_entity[entity], line(person.name, MAX_NAME)

    def _arrived(self, now: datetime) -> Iterator[tuple[str, datetime]]:
        """Yield who was seen to come home of late; after a start everybody seems to, and nobody has."""
        for person in self._hass.states.async_all(PERSON):
            name = line(person.name, MAX_NAME)
            if person.state == STATE_NOT_HOME:
                self._away.add(person.entity_id)
                self._arrivals.pop(name, None)
            elif person.state == STATE_HOME and person.entity_id in self._away:
                self._away.discard(person.entity_id)
                self._arrivals[name] = person.last_changed
        self._arrivals = {name: at for name, at in self._arrivals.items() if now - at <= ARRIVED}
        yield from self._arrivals.items()


@callback
def source_name(hass: HomeAssistant, source: str) -> str:
    """Return what people call a source of sightings."""
    if source == DHCP:
        return "DHCP"
    try:
        return async_get_loaded_integration(hass, source).name
    except KeyError, LoaderError:
        return source


def _mac_of(state: State | None) -> str | None:
    """Return the address that a tracker shows, where it tracks the network."""
    if state is None or state.attributes.get("source_type") not in (None, "router"):
        return None
    return mac_in(state.attributes.get("mac"))


def _sighting(mac: str, source: str, name: str, state: State | None) -> Sighting:
    told: Mapping[str, Any] = {} if state is None else state.attributes
    hostname = told.get("host_name") or told.get("hostname") or name
    return Sighting(
        mac,
        source,
        line(told.get("ip") or "", MAX_NAME),
        line(hostname, MAX_NAME).lower(),
        line(told.get("essid") or told.get("ssid") or "", MAX_NAME),
        _HERE.get(state.state) if state else None,
        told.get("is_guest") is True,
    )


def _listed(value: object) -> list[str]:
    return [other for other in value if isinstance(other, str)] if isinstance(value, list | tuple) else []


# The house: of other integrations' settings only these values are looked at, and of these only host and port.
_HOSTS = ("host", "hostname", "ip_address", "broker", "server", "url", "base_url")
SWITCHED = frozenset(
    {"climate", "cover", "fan", "humidifier", "light", "lock", "media_player", "switch", "vacuum", "valve"}
)
MOST_DEVICES = 500


@callback
def house(hass: HomeAssistant, is_ours: Callable[[Host], bool]) -> Iterator[Integration]:
    """Yield the integrations whose host is part of the homelab, as `is_ours` says, with their devices."""
    room = MOST_DEVICES
    devices: dict[str, list[dr.DeviceEntry]] = {}
    for device in dr.async_get(hass).devices:
        devices.setdefault(device.config_entry_id, []).append(device)
    for entry in hass.config_entries.async_entries(include_ignore=False, include_disabled=False):
        host = host_of(entry.data)
        if entry.domain == OURS or host is None or not is_ours(host):
            continue
        own = devices.get(entry.entry_id, [])[:room]
        room -= len(own)
        name = line(source_name(hass, entry.domain), MAX_NAME)
        yield Integration(entry.entry_id, name, host, tuple(_home_device(hass, device) for device in own))


def host_of(settings: Mapping[str, Any]) -> Host | None:
    """Return the host that settings name; nothing else of them is looked at."""
    for key in _HOSTS:
        value = settings.get(key)
        if not isinstance(value, str) or not value or len(value) > MAX_ADDRESS:
            continue
        try:
            url = URL(value if "://" in value else f"tcp://{value}")
            port = url.port
        except ValueError:
            continue
        told = settings.get("port")
        if url.host:
            return Host(url.host.lower(), port or (told if isinstance(told, int) else None))
    return None


def _home_device(hass: HomeAssistant, device: dr.DeviceEntry) -> HomeDevice:
    entries = er.async_entries_for_device(er.async_get(hass), device.id)
    states = [state for entry in entries if (state := hass.states.get(entry.entity_id)) is not None]
    is_off = bool(states) and all(state.state == STATE_UNAVAILABLE for state in states)
    return HomeDevice(
        device.id,
        line(device.name_by_user or device.name or device.id, MAX_NAME),
        max(state.last_changed for state in states) if is_off else None,
        any(entry.domain in SWITCHED for entry in entries),
    )
