"""Any of Home Assistant's entities as a part of the homelab: a container, a disk, a power supply."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from homeassistant.const import EVENT_STATE_CHANGED, STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import Event, HomeAssistant, State, callback
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.helpers.selector import (
    DeviceSelector,
    DeviceSelectorConfig,
    EntitySelector,
    EntitySelectorConfig,
    LabelSelector,
    LabelSelectorConfig,
    TextSelector,
    TextSelectorConfig,
)

from ..const import DOMAIN
from ..health.problem import Problem
from ..health.unseen import Unseen
from .bad_states import NEVER_KNOWN, BadStates, severity_of
from .fields import Field, whole
from .monitor import Doubt, Monitor, Settings, by_id

CONF_ENTITIES = "entities"
CONF_DEVICES = "devices"
CONF_LABELS = "labels"
CONF_INTEGRATIONS = "integrations"
CONF_BAD_STATES = "bad_states"
CONF_PATIENCE = "patience"
DEFAULT_PATIENCE = 5
_TEXTS = TextSelector(TextSelectorConfig(multiple=True))


@dataclass(frozen=True, slots=True)
class Watched:
    """An entity: `key` stays when it is renamed, `state` is None where it does not exist (any more)."""

    key: str
    entity_id: str
    name: str
    state: str | None
    since: datetime
    device_class: str | None


@dataclass(frozen=True, slots=True)
class EntitiesData:
    """The entities that were picked, as they are at `now`."""

    watched: tuple[Watched, ...]
    now: datetime


class EntitiesMonitor(Monitor[EntitiesData]):
    """Entities that a person picked: by themselves, or by their devices, labels and integrations."""

    kind = "entities"
    manufacturer = "Home Assistant"
    fields = (
        Field(CONF_ENTITIES, EntitySelector(EntitySelectorConfig(multiple=True))),
        Field(CONF_DEVICES, DeviceSelector(DeviceSelectorConfig(multiple=True))),
        Field(CONF_LABELS, LabelSelector(LabelSelectorConfig(multiple=True))),
        Field(CONF_INTEGRATIONS, _TEXTS),
        Field(CONF_BAD_STATES, _TEXTS),
        whole(CONF_PATIENCE, 0, 24 * 60, DEFAULT_PATIENCE),
    )
    has_page = False
    has_address = False
    follows = True

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        assert settings.hass is not None
        self._hass: HomeAssistant = settings.hass
        self._bad = BadStates(settings.data.get(CONF_BAD_STATES) or ())
        self._patience = timedelta(minutes=settings.data.get(CONF_PATIENCE, DEFAULT_PATIENCE))
        self._picked: frozenset[str] = frozenset()
        self._gone_since: dict[str, datetime] = {}

    @classmethod
    def to_store(cls, hass: HomeAssistant, data: Mapping[str, Any]) -> dict[str, Any]:
        """Return what is stored: entities by the id that they keep when they are renamed."""
        registry = er.async_get(hass)
        kept = [
            entry.id if (entry := registry.async_get(other)) else other
            for other in data.get(CONF_ENTITIES) or ()
        ]
        return {**data, CONF_ENTITIES: kept} if kept else dict(data)

    @classmethod
    def to_show(cls, hass: HomeAssistant, data: Mapping[str, Any]) -> dict[str, Any]:
        """Return what a form shows of it: entities as they are called now."""
        registry = er.async_get(hass)
        shown = [
            entry.entity_id if (entry := registry.async_get(other)) else other
            for other in data.get(CONF_ENTITIES) or ()
        ]
        return {**data, CONF_ENTITIES: shown} if shown else dict(data)

    async def fetch(self) -> EntitiesData:
        now = datetime.now(UTC)
        registry = er.async_get(self._hass)
        picked = dict(self._pick(registry))
        watched = tuple(self._watched(key, entry, now) for key, entry in picked.items())
        self._picked = frozenset(followed.entity_id for followed in watched)
        self._gone_since = {key: since for key, since in self._gone_since.items() if key in picked}
        return EntitiesData(watched, now)

    def _pick(self, registry: er.EntityRegistry) -> Iterator[tuple[str, er.RegistryEntry | None]]:
        """Yield what was picked, by a key that stays; None of what has no entry in the registry."""
        data = self.settings.data
        for item in data.get(CONF_ENTITIES) or ():
            entry = registry.async_get(item)
            if entry is None or entry.platform != DOMAIN:
                yield (entry.id if entry else item), entry
        devices, labels = frozenset(data.get(CONF_DEVICES) or ()), frozenset(data.get(CONF_LABELS) or ())
        integrations = frozenset(data.get(CONF_INTEGRATIONS) or ())
        if not (devices or labels or integrations):
            return
        device_registry = dr.async_get(self._hass)
        for entry in registry.entities.values():
            device = device_registry.async_get(entry.device_id) if entry.device_id else None
            of_labels = entry.labels | (device.labels if device else set())
            is_meant = entry.device_id in devices or entry.platform in integrations or of_labels & labels
            # Never our own: what we say of the house is no news to us.
            if is_meant and entry.platform != DOMAIN and not entry.disabled_by and not entry.hidden_by:
                yield entry.id, entry

    def _watched(self, key: str, entry: er.RegistryEntry | None, now: datetime) -> Watched:
        entity_id = entry.entity_id if entry else self._last_id(key)
        state = self._hass.states.get(entity_id) if "." in entity_id else None
        if state is None:
            since = self._gone_since.setdefault(key, now)
            name = (entry and (entry.name or entry.original_name)) or entity_id
            exists = entry is not None
            return Watched(key, entity_id, name, STATE_UNAVAILABLE if exists else None, since, None)
        self._gone_since.pop(key, None)
        device_class = state.attributes.get("device_class")
        return Watched(key, entity_id, state.name, state.state, state.last_changed, device_class)

    def _last_id(self, key: str) -> str:
        """Return what an entity was called before it was removed from the registry."""
        if "." in key:
            return key
        deleted = er.async_get(self._hass).deleted_entities.values()
        return next((entry.entity_id for entry in deleted if entry.id == key), key)

    async def follow(self, changed: Callable[[], None]) -> None:
        @callback
        def hear(event: Event[Any]) -> None:
            old, new = event.data.get("old_state"), event.data.get("new_state")
            if event.data["entity_id"] in self._picked and _value(old) != _value(new):
                changed()

        @callback
        def hear_registry(_event: Event[Any]) -> None:
            changed()

        stops = (
            self._hass.bus.async_listen(EVENT_STATE_CHANGED, hear),
            self._hass.bus.async_listen(er.EVENT_ENTITY_REGISTRY_UPDATED, hear_registry),
        )
        try:
            await asyncio.Event().wait()
        finally:
            for stop in stops:
                stop()

    def doubts(self, data: EntitiesData) -> Iterator[Doubt]:
        if not data.watched:
            yield Doubt("nothing_picked")

    def not_seen(self, data: EntitiesData) -> tuple[Unseen, ...]:
        """Return that there is nothing to look at, and what has been silent for less than its patience."""
        if not data.watched:
            return (Unseen("entities"),)
        waiting = [
            followed
            for followed in data.watched
            if _is_silent(followed) and not self._is_overdue(followed, data.now)
        ]
        return tuple(Unseen("entity", name=entity.name) for entity in waiting)

    def _is_overdue(self, one: Watched, now: datetime) -> bool:
        return now - one.since >= self._patience

    def problems(self, data: EntitiesData) -> Mapping[str, Problem]:
        return by_id(self._problems(data))

    def _problems(self, data: EntitiesData) -> Iterator[Problem]:
        for followed in data.watched:
            facts: dict[str, object] = {"entity": followed.entity_id}
            if _is_silent(followed):
                if self._is_overdue(followed, data.now):
                    kind, summary = _SILENT[followed.state]
                    yield self.problem(
                        kind, followed.key, followed.name, summary, facts=facts, since=followed.since
                    )
            elif self._bad.is_bad(followed.entity_id, followed.device_class, followed.state or ""):
                if not followed.entity_id.startswith("binary_sensor."):
                    facts["state"] = followed.state
                yield self.problem(
                    "entity_bad",
                    followed.key,
                    followed.name,
                    f"is {followed.state}",
                    severity=severity_of(followed.entity_id, followed.device_class),
                    since=followed.since,
                    facts=facts,
                )


_SILENT: Mapping[str | None, tuple[str, str]] = {
    None: ("entity_gone", "does not exist any more"),
    STATE_UNAVAILABLE: ("entity_unavailable", "is unavailable"),
    STATE_UNKNOWN: ("entity_unavailable", "is unknown"),
}


def _value(state: State | None) -> str | None:
    return None if state is None else state.state


def _is_silent(one: Watched) -> bool:
    if one.state == STATE_UNKNOWN:
        return one.entity_id.partition(".")[0] not in NEVER_KNOWN
    return one.state in (None, STATE_UNAVAILABLE)
