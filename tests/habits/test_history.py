"""Each of the six causes from a real recorder, and what else is in its rows."""

from collections.abc import AsyncGenerator, Sequence
from datetime import timedelta

import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed
from sqlalchemy.engine import make_url

from custom_components.homelab_ai.habits import history
from custom_components.homelab_ai.habits.action import Action, Cause
from homeassistant.components.recorder import Recorder
from homeassistant.core import Context, HomeAssistant
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util

from ..acting import person

NAMES = ("app", "bell", "person", "schedule", "automation", "scripted", "late", "first", "second")
GROUP = {"light.both": frozenset(("light.one", "light.two"))}


@pytest.fixture
async def home(recorder_mock: Recorder, hass: HomeAssistant) -> AsyncGenerator[HomeAssistant]:
    """A house with switches, two automations, a script and a scene, and what was recorded there."""
    await _furnish(hass)
    yield hass
    await hass.services.async_call("automation", "turn_off", {"entity_id": "all"}, blocking=True)


async def _furnish(hass: HomeAssistant) -> None:
    turn_on = "input_boolean.turn_on"
    automations = [
        {
            "id": "state",
            "alias": "By state",
            "triggers": {"trigger": "state", "entity_id": "input_boolean.bell", "to": "on"},
            "actions": {"action": turn_on, "target": {"entity_id": "input_boolean.automation"}},
        },
        {
            "id": "time",
            "alias": "By time",
            "triggers": {"trigger": "time_pattern", "minutes": "/5"},
            "actions": [
                {"action": turn_on, "target": {"entity_id": "input_boolean.schedule"}},
                {"action": "test.slow", "data": {"entity_id": "light.slow"}},
            ],
        },
    ]
    script = {"evening": {"sequence": {"action": turn_on, "target": {"entity_id": "input_boolean.scripted"}}}}
    scene = {"name": "Film", "entities": {"input_boolean.first": "on", "input_boolean.second": "on"}}
    hass.services.async_register("test", "slow", lambda call: None)
    for domain, config in (
        ("homeassistant", {}),
        ("input_boolean", {name: {"initial": False} for name in NAMES}),
        ("script", script),
        ("automation", automations),
        ("scene", [scene]),
    ):
        assert await async_setup_component(hass, domain, {domain: config})
    for entity in ("light.wall", "light.slow", "light.one", "light.two", "light.both"):
        hass.states.async_set(entity, "off")
    await hass.async_block_till_done()


async def call(hass: HomeAssistant, action: str, entity: str, *, by_voice: bool = False) -> None:
    domain, _, name = action.partition(".")
    context = Context() if by_voice else await person(hass, "Ann", admin=False)
    await hass.services.async_call(domain, name, {"entity_id": entity}, blocking=True, context=context)


async def read(hass: HomeAssistant, since: float = 0.0, until: float | None = None) -> history.History:
    await hass.async_block_till_done()
    entities = [state.entity_id for state in hass.states.async_all()]
    end = dt_util.utcnow().timestamp() + 1 if until is None else until
    return await history.async_read(hass, entities, GROUP, since, end)


def causes(actions: Sequence[Action]) -> dict[str, Cause]:
    return {action.entity: action.cause for action in actions}


async def test_six_causes(home: HomeAssistant) -> None:
    assert history.is_recording(home)
    await call(home, "input_boolean.turn_on", "input_boolean.person")
    await call(home, "input_boolean.turn_on", "input_boolean.app", by_voice=True)
    home.states.async_set("light.wall", "on")
    await call(home, "input_boolean.turn_on", "input_boolean.bell")
    await call(home, "script.turn_on", "script.evening")
    async_fire_time_changed(home, dt_util.utcnow() + timedelta(minutes=5))
    await home.async_block_till_done()
    # A blind that reports late does so with a context of its own.
    home.states.async_set("light.slow", "on")
    found = await read(home)
    assert causes(found.actions) == {
        "input_boolean.person": Cause.PERSON,
        "input_boolean.app": Cause.APP,
        "light.wall": Cause.HAND,
        "input_boolean.bell": Cause.PERSON,
        "input_boolean.automation": Cause.AUTOMATION,
        "input_boolean.schedule": Cause.SCHEDULE,
        "light.slow": Cause.SCHEDULE,
        # Not what it has switched.
        "script.evening": Cause.PERSON,
    }
    by = {action.entity: action.by for action in found.actions if action.by}
    assert by == {
        "input_boolean.automation": "automation.by_state",
        "input_boolean.schedule": "automation.by_time",
        "light.slow": "automation.by_time",
    }
    assert found.sees_calls


async def test_a_scene_stands_for_what_it_switches(home: HomeAssistant) -> None:
    await call(home, "scene.turn_on", "scene.film")
    assert causes((await read(home)).actions) == {"scene.film": Cause.PERSON}


async def test_a_group_stands_for_its_members(home: HomeAssistant) -> None:
    context = Context()
    for entity in ("light.one", "light.two", "light.both"):
        home.states.async_set(entity, "on", context=context)
    alone = Context()
    for entity in ("light.one", "light.both"):
        home.states.async_set(entity, "off", context=alone)
    found = [action.key for action in (await read(home)).actions]
    assert found == [("light.both", "on"), ("light.one", "off")]


async def test_what_is_no_action(home: HomeAssistant) -> None:
    home.states.async_set("light.fresh", "on")  # its first row
    home.states.async_set("light.wall", "off", {"brightness": 3})  # an attribute
    home.states.async_set("light.wall", "unavailable")
    home.states.async_set("light.wall", "on")  # it is back
    home.states.async_set("sensor.power", "1")
    home.states.async_set("sensor.power", "2")  # not in the table
    home.states.async_set("lock.door", "locked")
    home.states.async_set("lock.door", "unlocked")  # never
    home.states.async_remove("light.wall")
    assert (await read(home)).actions == []


async def test_only_what_is_asked_for(home: HomeAssistant) -> None:
    begin = dt_util.utcnow().timestamp()
    home.states.async_set("light.wall", "on")
    home.states.async_set("light.one", "on")
    await home.async_block_till_done()
    found = await history.async_read(home, ["light.one"], {}, begin, begin + 60)
    assert causes(found.actions) == {"light.one": Cause.HAND}
    assert found.since is not None
    assert begin <= found.since <= begin + 60
    assert (await history.async_read(home, ["light.one"], {}, begin + 60, begin + 120)).actions == []
    nothing = await history.async_read(home, ["light.none"], {}, begin, begin + 60)
    assert (nothing.actions, nothing.since) == ([], None)


@pytest.mark.parametrize("recorder_config", [{"exclude": {"event_types": ["call_service"]}}])
async def test_without_calls_voice_and_hand_look_the_same(
    home: HomeAssistant,
) -> None:
    """It is said so, and both are somebody's doing anyway."""
    await call(home, "input_boolean.turn_on", "input_boolean.app", by_voice=True)
    await call(home, "input_boolean.turn_on", "input_boolean.bell")
    found = await read(home)
    assert not found.sees_calls
    assert causes(found.actions)["input_boolean.app"] is Cause.HAND
    assert causes(found.actions)["input_boolean.automation"] is Cause.AUTOMATION


async def test_calls_as_they_may_be_written(home: HomeAssistant) -> None:
    await call(home, "test.slow", "light.one, light.two", by_voice=True)
    home.states.async_set("light.two", "on")
    home.bus.async_fire("script_started", {"name": "no entity"})
    home.bus.async_fire("call_service", {"domain": "light", "service": "turn_on"})
    home.bus.async_fire("call_service", {"domain": "x", "service": "y", "service_data": {"entity_id": {}}})
    assert causes((await read(home)).actions) == {"light.two": Cause.APP}


@pytest.mark.parametrize("name", ["mysql", "postgresql", "sqlite"])
def test_every_database_understands_the_question(name: str) -> None:
    """By SQLAlchemy's words; none is asked here but SQLite."""
    asked = str(history._changes([1, 2], 1.0, 2.0).compile(dialect=make_url(f"{name}://").get_dialect()()))
    assert "LEFT OUTER JOIN states" in asked
