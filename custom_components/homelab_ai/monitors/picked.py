"""Which of Home Assistant's entities a person has picked, and how they are, with their devices."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from homeassistant.const import STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.util import slugify

from ..const import DOMAIN
from ..network.hearing import host_of, source_name
from ..network.house import Host

CONF_ENTITIES = "entities"
CONF_DEVICES = "devices"
CONF_LABELS = "labels"
CONF_INTEGRATIONS = "integrations"


@dataclass(frozen=True, slots=True)
class Device:
    """What an entity belongs to; `above` is the device that it hangs on, as a container hangs on its host."""

    id: str
    name: str
    above: str | None = None
    version: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Setup:
    """An integration as a person has set it up, and where it reaches what it integrates."""

    id: str
    name: str
    host: Host | None = None


@dataclass(frozen=True, slots=True)
class Watched:
    """An entity: `key` stays when it is renamed, `state` is None where it does not exist (any more).

    `by_itself` where a person has picked this very entity, `was_known` where it has ever had a state.
    """

    key: str
    entity_id: str
    name: str
    state: str | None
    since: datetime
    device_class: str | None = None
    unit: str = ""
    device: Device | None = None
    setup: Setup | None = None
    by_itself: bool = True
    was_known: bool = True

    @property
    def domain(self) -> str:
        """Return its domain."""
        return self.entity_id.partition(".")[0]


@dataclass(frozen=True, slots=True)
class Picked:
    """All that was picked, as it is at a moment.

    `lost_devices` are those that do not exist any more, by id with what they were called; `empty` are the
    labels and integrations that nothing belongs to.
    """

    watched: tuple[Watched, ...]
    lost_devices: Mapping[str, str]
    empty: tuple[str, ...]


class Picker:
    """Finds what was picked, look after look: it knows what there was before."""

    def __init__(self, hass: HomeAssistant, data: Mapping[str, Any]) -> None:
        """Look for nothing yet; `data` is what the form has stored."""
        self._hass = hass
        self._entities: tuple[str, ...] = tuple(data.get(CONF_ENTITIES) or ())
        self._devices = frozenset(data.get(CONF_DEVICES) or ())
        self._labels = frozenset(data.get(CONF_LABELS) or ())
        # People write their names, too.
        self._integrations = frozenset(slugify(name) for name in data.get(CONF_INTEGRATIONS) or ())
        self._gone_since: dict[str, datetime] = {}
        self._known: frozenset[str] = frozenset()
        self._names: dict[str, str] = {}
        """What entities and picked devices were called when they were last there."""

    def pick(self, now: datetime) -> Picked:
        """Return what is picked now."""
        found = dict(self._found())
        devices = _Devices(self._hass)
        watched = tuple(self._watched(key, entry, devices, now) for key, entry in found.items())
        self._gone_since = {key: since for key, since in self._gone_since.items() if key in found}
        self._known = frozenset(
            one.key
            for one in watched
            if one.key in self._known or one.state not in (None, STATE_UNAVAILABLE, STATE_UNKNOWN)
        )
        return Picked(watched, self._lost_devices(), self._empty(watched))

    def _found(self) -> Iterator[tuple[str, er.RegistryEntry | None]]:
        """Yield what was picked, by a key that stays; None of what has no entry in the registry."""
        registry = er.async_get(self._hass)
        for item in self._entities:
            entry = registry.async_get(item)
            if entry is None or entry.platform != DOMAIN:
                yield (entry.id if entry else item), entry
        if not (self._devices or self._labels or self._integrations):
            return
        for entry in registry.entities.values():
            # Never our own: what we say of the house is no news to us.
            is_usable = entry.platform != DOMAIN and not entry.disabled_by and not entry.hidden_by
            if is_usable and self._is_meant(entry):
                yield entry.id, entry

    def _is_meant(self, entry: er.RegistryEntry) -> bool:
        if entry.platform in self._integrations or not self._labels.isdisjoint(entry.labels):
            return True
        if entry.device_id is None or not (self._devices or self._labels):
            return False
        device = dr.async_get(self._hass).async_get(entry.device_id)
        if device is None:
            return False
        of = {device.id, device.parent_device_id if isinstance(device, dr.ChildDeviceEntry) else None}
        return not (self._devices.isdisjoint(of) and self._labels.isdisjoint(device.labels))

    def _watched(self, key: str, entry: er.RegistryEntry | None, devices: _Devices, now: datetime) -> Watched:
        entity_id = entry.entity_id if entry else self._last_id(key)
        state = self._hass.states.get(entity_id) if "." in entity_id else None
        by_itself = key in self._entities or entity_id in self._entities
        device = devices.device(entry.device_id) if entry and entry.device_id else None
        setup = devices.setup(entry.config_entry_id) if entry and entry.config_entry_id else None
        if state is None:
            since = self._gone_since.setdefault(key, now)
            name = self._names.get(key) or (entry and (entry.name or entry.original_name)) or entity_id
            there = STATE_UNAVAILABLE if entry is not None else None
            return Watched(
                key, entity_id, name, there, since, device=device, setup=setup, by_itself=by_itself
            )
        self._gone_since.pop(key, None)
        self._names[key] = state.name
        told = state.attributes
        return Watched(
            key,
            entity_id,
            state.name,
            state.state,
            state.last_changed,
            told.get("device_class"),
            told.get("unit_of_measurement") or "",
            device,
            setup,
            by_itself,
            key in self._known,
        )

    def _last_id(self, key: str) -> str:
        """Return what an entity was called before it was removed from the registry."""
        if "." in key:
            return key
        deleted = er.async_get(self._hass).deleted_entities.values()
        return next((entry.entity_id for entry in deleted if entry.id == key), key)

    def _lost_devices(self) -> dict[str, str]:
        registry, lost = dr.async_get(self._hass), {}
        for device_id in sorted(self._devices):
            if (device := registry.async_get(device_id)) is not None:
                self._names[device_id] = device.name_by_user or device.name or device_id
            else:
                lost[device_id] = self._names.get(device_id) or device_id
        return lost

    def _empty(self, watched: tuple[Watched, ...]) -> tuple[str, ...]:
        """Return the integrations that nothing belongs to; of a label nobody expects anything."""
        registry = er.async_get(self._hass)
        platforms = {entry.platform for one in watched if (entry := registry.async_get(one.entity_id))}
        return tuple(sorted(self._integrations - platforms - {DOMAIN}))


class _Devices:
    """Devices and integrations, each read once in a look."""

    def __init__(self, hass: HomeAssistant) -> None:
        self._hass = hass
        self._devices: dict[str, Device | None] = {}
        self._setups: dict[str, Setup | None] = {}

    def device(self, device_id: str) -> Device | None:
        if device_id not in self._devices:
            self._devices[device_id] = self._read(device_id)
        return self._devices[device_id]

    def _read(self, device_id: str) -> Device | None:
        device = dr.async_get(self._hass).async_get(device_id)
        if device is None:
            return None
        name = device.name_by_user or device.name or device_id
        if isinstance(device, dr.ChildDeviceEntry):
            return Device(device.id, name, device.parent_device_id)
        return Device(
            device.id, name, device.via_device_id, device.sw_version or "", device.configuration_url or ""
        )

    def setup(self, entry_id: str) -> Setup | None:
        if entry_id not in self._setups:
            entry = self._hass.config_entries.async_get_entry(entry_id)
            self._setups[entry_id] = (
                None
                if entry is None
                else Setup(entry_id, source_name(self._hass, entry.domain), host_of(entry.data))
            )
        return self._setups[entry_id]
