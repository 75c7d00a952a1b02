"""What a house lets be looked at for habits: exposed to assistants, nothing hidden, nothing dangerous."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from homeassistant.components.homeassistant.exposed_entities import async_should_expose
from homeassistant.core import HomeAssistant, State, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.sun import get_astral_event_date
from homeassistant.util import dt as dt_util

from ..habits.automations import Existing
from ..habits.days import SunEvent
from ..habits.log import DAYS
from ..habits.statistics import MINUTES
from ..habits.subjects import COVER_CLASSES, PERSON, READ, SCENE, SCRIPT

AUTOMATION = "automation"
ASSISTANT = "conversation"
"""Whose exposure counts: that of Assist is the list of what a house may touch by itself."""
MOST_ENTITIES = 2000


@dataclass(frozen=True, slots=True)
class House:
    """What may be looked at, the groups among it, and the automations that are on."""

    entities: frozenset[str]
    groups: Mapping[str, frozenset[str]]
    automations: tuple[Existing, ...]
    workday: str | None
    """The sensor that says whether people work today."""


@callback
def survey(hass: HomeAssistant) -> House:
    """Look at the house as it is now."""
    registry = er.async_get(hass)
    entities = sorted(_entities(hass, registry))[:MOST_ENTITIES]
    return House(
        frozenset(entities),
        {entity: members for entity in entities if (members := _members(hass.states.get(entity)))},
        tuple(_automations(hass, registry)),
        _workday(hass, registry),
    )


def _entities(hass: HomeAssistant, registry: er.EntityRegistry) -> Iterator[str]:
    for state in hass.states.async_all((*READ, SCRIPT, SCENE)):
        entry = registry.async_get(state.entity_id)
        if entry is not None and (entry.hidden or entry.entity_category is not None):
            continue
        if state.domain == PERSON or _is_offered(hass, state):
            yield state.entity_id


def _is_offered(hass: HomeAssistant, state: State) -> bool:
    if state.domain == "cover" and state.attributes.get("device_class") not in COVER_CLASSES:
        return False
    return async_should_expose(hass, ASSISTANT, state.entity_id)


def _members(state: State | None) -> frozenset[str]:
    """Return what a group stands for, nothing for anything else."""
    members = state.attributes.get("entity_id") if state else None
    if not isinstance(members, list | tuple):
        return frozenset()
    return frozenset(member for member in members if isinstance(member, str))


def _automations(hass: HomeAssistant, registry: er.EntityRegistry) -> Iterator[Existing]:
    for state in hass.states.async_all(AUTOMATION):
        entry = registry.async_get(state.entity_id)
        if state.state != "on" or entry is None or entry.hidden:
            continue
        ran = state.attributes.get("last_triggered")
        moment = ran.timestamp() if isinstance(ran, datetime) else 0.0
        yield Existing(state.entity_id, entry.created_at.timestamp(), moment)


def _workday(hass: HomeAssistant, registry: er.EntityRegistry) -> str | None:
    """Return the sensor of the integration Workday, the first of several."""
    found = (
        entry.entity_id
        for entry in registry.entities.values()
        if entry.platform == "workday" and entry.domain == "binary_sensor" and not entry.disabled
    )
    return min((entity for entity in found if hass.states.get(entity)), default=None)


def sun_times(
    hass: HomeAssistant, today: int, known: Mapping[SunEvent, Mapping[int, int]]
) -> dict[SunEvent, dict[int, int]]:
    """Return the minutes of the wall clock at which the sun rises and sets, of the days that are remembered.

    What is known is not calculated again. Near the poles some days have none.
    """
    days = range(today - DAYS - 1, today + 1)
    found: dict[SunEvent, dict[int, int]] = {}
    for event in SunEvent:
        before = known.get(event, {})
        found[event] = {
            day: minute
            for day in days
            if (minute := before.get(day) if day in before else _sun_minute(hass, event, day)) is not None
        }
    return found


def _sun_minute(hass: HomeAssistant, event: SunEvent, day: int) -> int | None:
    at = get_astral_event_date(hass, event, date.fromordinal(day))
    if at is None:
        return None
    local = dt_util.as_local(at)
    return (local.hour * 60 + local.minute) % MINUTES
