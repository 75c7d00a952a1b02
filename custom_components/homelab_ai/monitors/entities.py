"""Any of Home Assistant's entities as a part of the homelab: a container, a disk, a power supply."""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
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

from ..health.problem import Problem
from ..health.unseen import Unseen
from ..topology import Thing
from .bad_states import NEVER_KNOWN, WAITS, BadStates, severity_of, unread
from .entity_things import Condition, things_of
from .fields import Field, whole
from .monitor import Doubt, Monitor, Settings, by_id
from .picked import (
    CONF_DEVICES,
    CONF_ENTITIES,
    CONF_INTEGRATIONS,
    CONF_LABELS,
    Device,
    Picked,
    Picker,
    Setup,
    Watched,
)

CONF_BAD_STATES = "bad_states"
CONF_PATIENCE = "patience"
DEFAULT_PATIENCE = 5
_TEXTS = TextSelector(TextSelectorConfig(multiple=True))
_REGISTRIES = (er.EVENT_ENTITY_REGISTRY_UPDATED, dr.EVENT_DEVICE_REGISTRY_UPDATED)


@dataclass(frozen=True, slots=True)
class EntitiesData:
    """The entities that were picked, as they are at `now`."""

    picked: Picked
    now: datetime

    @property
    def watched(self) -> tuple[Watched, ...]:
        """Return the entities."""
        return self.picked.watched


class EntitiesMonitor(Monitor[EntitiesData]):
    """Entities that a person picked: by themselves, or by their devices, labels and integrations."""

    kind = "entities"
    manufacturer = "Home Assistant"
    manual = "health.md#systems"
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
        self._picker = Picker(self._hass, settings.data)
        self._ids: frozenset[str] = frozenset()
        self._remembered: dict[str, Problem] = {}
        """What was wrong before a restart, or before an entity fell silent, by id."""
        self._things: Mapping[str, Thing] = {}

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
        picked = self._picker.pick(now)
        # What was silent before Home Assistant started has been so ever since.
        watched = tuple(replace(one, since=self._silent_since(one)) for one in picked.watched)
        self._ids = frozenset(followed.entity_id for followed in watched)
        return EntitiesData(replace(picked, watched=watched), now)

    def _silent_since(self, one: Watched) -> datetime:
        if not self._is_silent(one):
            return one.since
        known = self._remembered.get(self.problem_id(_SILENT[one.state][0], one.key))
        return min(one.since, known.since) if known and known.since else one.since

    async def follow(self, changed: Callable[[], None]) -> None:
        @callback
        def hear(event: Event[Any]) -> None:
            old, new = event.data.get("old_state"), event.data.get("new_state")
            if event.data["entity_id"] in self._ids and _value(old) != _value(new):
                changed()

        @callback
        def hear_registry(_event: Event[Any]) -> None:
            changed()

        stops = (
            self._hass.bus.async_listen(EVENT_STATE_CHANGED, hear),
            *(self._hass.bus.async_listen(event, hear_registry) for event in _REGISTRIES),
        )
        try:
            await asyncio.Event().wait()
        finally:
            for stop in stops:
                stop()

    def doubts(self, data: EntitiesData) -> Iterator[Doubt]:
        if not data.watched:
            yield Doubt("nothing_picked")
        elif data.picked.empty:
            yield Doubt("integration_empty", ", ".join(data.picked.empty))
        for line in unread(self.settings.data.get(CONF_BAD_STATES) or ()):
            yield Doubt("bad_states_unread", line)

    def not_seen(self, data: EntitiesData) -> tuple[Unseen, ...]:
        """Return that there is nothing to look at, and what has been silent for less than its patience."""
        if not data.watched:
            return (Unseen("entities"),)
        waiting = (
            one for one in data.watched if self._is_silent(one) and not self._is_overdue(one, data.now)
        )
        names = dict.fromkeys(one.device.name if one.device else one.name for one in waiting)
        return (
            *(Unseen("entity", name=name) for name in names),
            *(Unseen("entities", name=name) for name in data.picked.empty),
        )

    def is_unread(self, data: EntitiesData, problem: Problem) -> bool:
        """Return whether the entity of a known problem is silent, but not yet for long."""
        return any(
            problem.id in self._ids_of(one)
            for one in data.watched
            if self._is_silent(one) and not self._is_overdue(one, data.now)
        )

    def remember(self, problems: Iterable[Problem]) -> None:
        self._remembered = {problem.id: problem for problem in problems}

    def _ids_of(self, one: Watched) -> tuple[str, ...]:
        return tuple(
            self.problem_id(kind, one.key) for kind in ("entity_bad", "entity_unavailable", "entity_gone")
        )

    def _is_silent(self, one: Watched) -> bool:
        """Return whether nobody knows how an entity is.

        Many have no value as a matter of course, such as a container without a health check. So what was
        picked with others counts as silent only if it had a value before, or if its value alone says
        whether something is wrong.
        """
        if one.state != STATE_UNKNOWN:
            return one.state in (None, STATE_UNAVAILABLE)
        if one.domain in NEVER_KNOWN or (one.device_class == "timestamp" and not one.by_itself):
            return False
        return one.by_itself or one.was_known or self._bad.judges(one.entity_id, one.device_class)

    def _is_overdue(self, one: Watched, now: datetime) -> bool:
        return now - one.since >= self._patience

    def _is_lost(self, one: Watched, now: datetime) -> bool:
        return self._is_silent(one) and self._is_overdue(one, now)

    def _is_bad(self, one: Watched, now: datetime) -> bool:
        state = one.state or ""
        if self._bad.is_bad(one.entity_id, one.device_class, state):
            return True
        return now - one.since >= WAITS and self._bad.waits(one.entity_id, one.device_class, state)

    def problems(self, data: EntitiesData) -> Mapping[str, Problem]:
        return by_id(self._problems(data))

    def _problems(self, data: EntitiesData) -> Iterator[Problem]:
        for one in data.watched:
            yield from self._problems_of(one, data.now)
        lost = [one for one in data.watched if self._is_lost(one, data.now)]
        for kind, owner, members in _wholly(lost, data.watched):
            yield self.problem(
                kind,
                owner.id,
                owner.name,
                "all of its entities are unavailable",
                since=max(one.since for one in members),
                facts={_FACT_OF[kind]: owner.id, "entities": len(members)},
            )
        for device_id, name in data.picked.lost_devices.items():
            called = self.settings.name if name == device_id else name
            yield self.problem(
                "entity_gone", device_id, called, "does not exist any more", facts={"device": device_id}
            )

    def _problems_of(self, one: Watched, now: datetime) -> Iterator[Problem]:
        bad = self.problem_id("entity_bad", one.key)
        if self._is_silent(one):
            if self._is_overdue(one, now):
                kind, summary = _SILENT[one.state]
                facts = {"entity": one.entity_id}
                yield self.problem(kind, one.key, one.name, summary, facts=facts, since=one.since)
            # Nobody knows whether that is over, but with what does not exist any more.
            if bad in self._remembered and not (one.state is None and self._is_overdue(one, now)):
                yield self._remembered[bad]
        elif self._is_bad(one, now):
            self._remembered[bad] = self._bad_one(one)
            yield self._remembered[bad]
        else:
            for problem_id in self._ids_of(one):
                self._remembered.pop(problem_id, None)

    def _bad_one(self, one: Watched) -> Problem:
        facts: dict[str, object] = {"entity": one.entity_id}
        if one.domain != "binary_sensor":
            facts["state"] = f"{one.state} {one.unit}".strip()
        return self.problem(
            "entity_bad",
            one.key,
            one.name,
            f"is {one.state}",
            severity=severity_of(one.entity_id, one.device_class, one.state or ""),
            since=one.since,
            facts=facts,
        )

    def things(self, data: EntitiesData) -> Mapping[str, Thing]:
        told = things_of(self.settings.source, data.watched, lambda one: self._condition(one, data.now))
        before = self._things
        self._things = {key: old if (old := before.get(key)) == thing else thing for key, thing in told}
        return self._things

    def _condition(self, one: Watched, now: datetime) -> Condition:
        if self._is_silent(one):
            return Condition.LOST if self._is_overdue(one, now) else Condition.SILENT
        return Condition.BAD if self._is_bad(one, now) else Condition.GOOD


_SILENT: Mapping[str | None, tuple[str, str]] = {
    None: ("entity_gone", "does not exist any more"),
    STATE_UNAVAILABLE: ("entity_unavailable", "is unavailable"),
    STATE_UNKNOWN: ("entity_unavailable", "is unknown"),
}
_FACT_OF: Mapping[str, str] = {"device_unavailable": "device", "integration_unavailable": "integration"}


def _wholly(
    lost: Iterable[Watched], watched: Iterable[Watched]
) -> Iterator[tuple[str, Device | Setup, list[Watched]]]:
    """Yield the devices and integrations that have lost all of several entities, with these.

    An integration of a single device is told by that.
    """
    keys = {one.key for one in lost}
    members: dict[tuple[str, Device | Setup], list[Watched]] = {}
    for one in watched:
        for kind, owner in (("device_unavailable", one.device), ("integration_unavailable", one.setup)):
            if owner is not None:
                members.setdefault((kind, owner), []).append(one)
    for (kind, owner), of_owner in members.items():
        parts = {one.device or one.key for one in of_owner}
        several = of_owner if isinstance(owner, Device) else parts
        if len(several) > 1 and all(one.key in keys for one in of_owner):
            yield kind, owner, of_owner


def _value(state: State | None) -> str | None:
    return None if state is None else state.state
