"""Habits in a real Home Assistant: from the recorder to an automation that is off, and back."""

import ast
import json
from pathlib import Path
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
    async_fire_time_changed,
)
from sqlalchemy.exc import OperationalError

from custom_components.homelab_ai.const import DOMAIN
from custom_components.homelab_ai.coordinator.habits import HabitCoordinator
from custom_components.homelab_ai.habits.days import DayType
from demo.habits import MadeUpHouse, Planted
from demo.habits.database import fill
from demo.servers.ollama import OllamaServer
from homeassistant.components.diagnostics import REDACTED
from homeassistant.components.recorder import Recorder, get_instance
from homeassistant.const import EntityCategory
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import ServiceValidationError, Unauthorized
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.recorder import session_scope
from homeassistant.setup import async_setup_component

from ..acting import act, person
from ..common import homelab_entry, set_up
from ..translations import PACKAGE
from .test_editor import Folder

COFFEE = "switch.coffee_machine"
NOW = "2026-11-28 10:00:00+01:00"
HOUSE = MadeUpHouse(3, 28, (Planted(COFFEE, "on", DayType.WORKING, 407, 6, 0.9),), things=6)


@pytest.fixture
async def home(
    recorder_mock: Recorder,
    hass: HomeAssistant,
    hub: OllamaServer,
    freezer: FrozenDateTimeFactory,
    tmp_path: Path,
) -> Folder:
    """A house in whose recorder four weeks are."""
    freezer.move_to(NOW)
    hass.config.config_dir = str(tmp_path)
    await hass.config.async_set_time_zone("Europe/Berlin")
    folder = Folder(tmp_path)
    for domain in ("homeassistant", "automation"):
        assert await async_setup_component(hass, domain, {})
    await get_instance(hass).async_add_executor_job(_fill, hass)
    for entity in (COFFEE, *HOUSE.entities):
        hass.states.async_set(entity, "off", {"friendly_name": "Coffee machine"} if entity == COFFEE else {})
    return folder


def _fill(hass: HomeAssistant) -> None:
    with session_scope(hass=hass) as session:
        fill(session, HOUSE.actions())


async def start(hass: HomeAssistant, hub: OllamaServer, **options: Any) -> MockConfigEntry:
    entry = await set_up(hass, homelab_entry(hub.url, options={"habits": True, **options}))
    await hass.async_block_till_done(wait_background_tasks=True)
    return entry


def habits(entry: MockConfigEntry) -> HabitCoordinator:
    found = entry.runtime_data.habits
    assert isinstance(found, HabitCoordinator)
    return found


async def test_from_the_recorder_to_an_automation(
    home: Folder, hass: HomeAssistant, hub: OllamaServer
) -> None:
    events = async_capture_events(hass, "homelab_ai_habit")
    entry = await start(hass, hub)
    listed = await act(hass, "list_habits")
    (habit,) = listed["habits"]
    assert habit["title"] == "Switch “Coffee machine” on at 06:45 on working days"
    assert habit["message"].startswith(
        f"On {habit['hits']} of 20 working days you switched “Coffee machine” on"
    )
    assert "It would have fired" in habit["message"]
    assert habit["entities"] == [COFFEE]
    assert habit["back_test"]["right"] >= 8
    assert habit["automation"]["use_blueprint"]["input"]["at"] == "06:45:00"
    assert habit["automation_entity"] is None
    observed = listed["observed"]
    assert observed["since"].startswith("2026-10-3")
    assert observed["actions"] > 40
    assert observed["recorder"] is True
    (event,) = events
    assert event.data == {
        "type": "suggested",
        "id": habit["id"],
        "kind": "time",
        "title": habit["title"],
        "message": habit["message"],
    }
    (suggestion,) = habits(entry).open_suggestions
    assert (suggestion.id, suggestion.title, suggestion.message) == (
        habit["id"],
        habit["title"],
        habit["message"],
    )
    (waiting,) = entry.runtime_data.inbox.items()
    assert (waiting.kind, waiting.name) == ("habit", habit["title"])
    assert hass.states.is_state("todo.homelab_inbox", "1")
    german = (await act(hass, "list_habits", language="de-AT"))["habits"][0]
    assert german["title"] == "„Coffee machine“ an Arbeitstagen um 06:45 Uhr einschalten"

    # Nothing is written by anybody but an administrator.
    with pytest.raises(Unauthorized):
        await act(hass, "accept_habit", habit_id=habit["id"], context=await person(hass, "Ann", admin=False))
    for context in (None, Context()):
        with pytest.raises(ServiceValidationError, match="Only a person"):
            await act(hass, "accept_habit", habit_id=habit["id"], context=context)
    assert home.text() == "[]\n"

    admin = await person(hass, "Eve", admin=True)
    accepted = await act(hass, "accept_habit", habit_id=habit["id"], context=admin)
    assert accepted["state"] == "accepted"
    state = hass.states.get(accepted["automation_entity"])
    assert state is not None
    assert state.state == "off"
    assert state.name == habit["title"]
    assert habit["id"] in home.text()
    with pytest.raises(ServiceValidationError, match="There is no habit"):
        await act(hass, "accept_habit", habit_id=habit["id"], context=admin)
    answered = await act(hass, "list_habits", include_answered=True)
    assert answered["habits"] == []
    assert [one["id"] for one in answered["answered"]] == [habit["id"]]

    undone = await act(hass, "accept_habit", habit_id=habit["id"], undo=True, context=admin)
    assert undone["state"] == "open"
    assert home.text() == "[]\n"
    assert hass.states.get(accepted["automation_entity"]) is None


async def test_never_again_after_no(
    home: Folder, hass: HomeAssistant, hub: OllamaServer, freezer: FrozenDateTimeFactory
) -> None:
    entry = await start(hass, hub)
    (habit,) = (await act(hass, "list_habits"))["habits"]
    dismissed = await act(hass, "dismiss_habit", habit_id=habit["id"])
    assert dismissed["state"] == "dismissed"
    assert hass.states.is_state("todo.homelab_inbox", "0")
    # Also after a restart, and the night after.
    assert await hass.config_entries.async_reload(entry.entry_id)
    freezer.move_to("2026-11-29 03:40:00+01:00")
    async_fire_time_changed(hass)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert habits(entry).log.until > 1_795_900_000
    assert (await act(hass, "list_habits"))["habits"] == []
    with pytest.raises(ServiceValidationError, match="There is no habit"):
        await act(hass, "dismiss_habit", habit_id="none")
    await act(hass, "dismiss_habit", habit_id=habit["id"], not_now=True)
    assert (await act(hass, "list_habits"))["habits"] == []
    reopened = await act(hass, "dismiss_habit", habit_id=habit["id"], undo=True)
    assert reopened["state"] == "open"
    assert len((await act(hass, "list_habits"))["habits"]) == 1


async def test_what_is_not_exposed_is_not_looked_at(
    home: Folder, hass: HomeAssistant, hub: OllamaServer
) -> None:
    from homeassistant.components.homeassistant.exposed_entities import async_expose_entity

    async_expose_entity(hass, "conversation", COFFEE, False)
    entry = await start(hass, hub)
    assert (await act(hass, "list_habits"))["habits"] == []
    assert COFFEE not in {action.entity for action in habits(entry).log}
    assert len(habits(entry).log) > 0


async def test_what_is_hidden_or_dangerous_is_not_looked_at(
    recorder_mock: Recorder, hass: HomeAssistant, hub: OllamaServer
) -> None:
    from custom_components.homelab_ai.coordinator.habit_house import survey

    assert await async_setup_component(hass, "homeassistant", {})
    registry = er.async_get(hass)
    seen = {"light.seen", "cover.blind", "person.ann", "scene.film"}
    for entity in seen | {
        "script.never_exposed",
        "lock.door",
        "cover.garage",
        "cover.any",
        "sensor.x",
        "camera.hall",
        "siren.roof",
    }:
        kind = {"cover.blind": "blind", "cover.garage": "garage"}.get(entity)
        hass.states.async_set(entity, "on", {"device_class": kind} if kind else {})
    for name, how in (
        ("hidden", {"hidden_by": er.RegistryEntryHider.USER}),
        ("setting", {"entity_category": EntityCategory.CONFIG}),
    ):
        made = registry.async_get_or_create("light", "test", name, suggested_object_id=name, **how)
        hass.states.async_set(made.entity_id, "on")
    for domain, members in (("light", ["light.seen", "light.b", 3]), ("switch", "switch.x")):
        hass.states.async_set(f"{domain}.group", "on", {"entity_id": members})
    house = survey(hass)
    assert house.entities == seen | {"light.group", "switch.group"}
    assert house.groups == {"light.group": {"light.seen", "light.b"}}
    assert house.workday is None


async def test_automations_and_working_days(
    recorder_mock: Recorder, hass: HomeAssistant, hub: OllamaServer, freezer: FrozenDateTimeFactory
) -> None:
    """One that never ran is told of; the calendar of the integration Workday counts."""
    freezer.move_to("2026-09-01 10:00:00+00:00")
    await hass.config.async_set_time_zone("UTC")
    automation = {"id": "old", "alias": "Old one", "triggers": {"trigger": "event", "event_type": "never"}}
    assert await async_setup_component(hass, "homeassistant", {})
    assert await async_setup_component(hass, "automation", {"automation": [{**automation, "actions": []}]})
    made = er.async_get(hass).async_get_or_create("binary_sensor", "workday", "x")
    hass.states.async_set(made.entity_id, "off")
    freezer.move_to("2026-11-27 10:00:00+00:00")
    entry = await start(hass, hub)
    (habit,) = (await act(hass, "list_habits"))["habits"]
    assert habit["kind"] == "stale"
    assert habit["message"] == (
        "The automation “Old one” is on and has not run once since it was made, 87 days ago."
    )
    assert habit["automation"] is None
    admin = await person(hass, "Eve", admin=True)
    with pytest.raises(ServiceValidationError, match="about an automation that you have"):
        await act(hass, "accept_habit", habit_id=habit["id"], context=admin)
    stored = habits(entry)._as_stored()
    assert stored["working"] == {str(stored["offers"]["latest"]): False}


async def test_what_is_gone_is_not_automated(home: Folder, hass: HomeAssistant, hub: OllamaServer) -> None:
    await start(hass, hub)
    (habit,) = (await act(hass, "list_habits"))["habits"]
    hass.states.async_remove(COFFEE)
    admin = await person(hass, "Eve", admin=True)
    with pytest.raises(ServiceValidationError, match="no longer there"):
        await act(hass, "accept_habit", habit_id=habit["id"], context=admin)
    hass.states.async_set(COFFEE, "off")
    home.write("{}")
    home.write("a: 1")
    with pytest.raises(ServiceValidationError, match="without losing something"):
        await act(hass, "accept_habit", habit_id=habit["id"], context=admin)
    assert home.text() == "a: 1"
    assert len((await act(hass, "list_habits"))["habits"]) == 1


async def test_off_by_default(
    home: Folder, hass: HomeAssistant, hub: OllamaServer, hass_storage: dict[str, Any]
) -> None:
    """Nothing is read or kept; what was is deleted when it is turned off."""
    entry = await set_up(hass, homelab_entry(hub.url))
    key = f"{DOMAIN}.{entry.entry_id}.habits"
    assert entry.runtime_data.habits is None
    for action in ("list_habits", "dismiss_habit"):
        data = {} if action == "list_habits" else {"habit_id": "x"}
        with pytest.raises(ServiceValidationError, match="does not look for habits"):
            await act(hass, action, **data)
    assert key not in hass_storage
    hass.config_entries.async_update_entry(entry, options={"habits": True})
    await hass.async_block_till_done(wait_background_tasks=True)
    assert hass_storage[key]["data"]["log"]["actions"]
    hass.config_entries.async_update_entry(entry, options={"habits": False})
    await hass.async_block_till_done(wait_background_tasks=True)
    assert key not in hass_storage


async def test_a_house_without_a_recorder(
    hass: HomeAssistant, hub: OllamaServer, caplog: pytest.LogCaptureFixture
) -> None:
    entry = await start(hass, hub)
    assert "has no recorder" in caplog.text
    listed = await act(hass, "list_habits")
    assert listed["habits"] == []
    assert listed["observed"] == {
        "since": None,
        "until": None,
        "actions": 0,
        "recorder": False,
        "calls_recorded": None,
    }
    assert await hass.config_entries.async_unload(entry.entry_id)


async def test_a_recorder_that_cannot_be_read(
    home: Folder,
    hass: HomeAssistant,
    hub: OllamaServer,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What was not read is read the next time."""

    def broken(*args: object) -> None:
        raise OperationalError("SELECT", {}, Exception("the database is locked"))

    with monkeypatch.context() as patched:
        patched.setattr("custom_components.homelab_ai.habits.history.read", broken)
        entry = await start(hass, hub)
    assert "cannot be read for habits now: OperationalError" in caplog.text
    assert habits(entry).log.until == 0
    with monkeypatch.context() as patched:
        patched.setattr(Recorder, "recording", False)
        await habits(entry).async_look()
    assert "it is not recording" in caplog.text
    await habits(entry).async_look()
    assert len((await act(hass, "list_habits"))["habits"]) == 1


async def test_a_broken_file_begins_empty(
    recorder_mock: Recorder, hass: HomeAssistant, hub: OllamaServer, hass_storage: dict[str, Any]
) -> None:
    key = f"{DOMAIN}.01HOMELAB0000000000000000A.habits"
    hass_storage[key] = {"version": 1, "minor_version": 1, "key": key, "data": {"offers": {"offers": [3]}}}
    await start(hass, hub)
    assert (await act(hass, "list_habits"))["habits"] == []


async def test_diagnostics_say_how_much_and_nothing_else(
    home: Folder, hass: HomeAssistant, hub: OllamaServer
) -> None:
    from custom_components.homelab_ai.diagnostics import async_get_config_entry_diagnostics

    entry = await start(hass, hub)
    told = await async_get_config_entry_diagnostics(hass, entry)
    assert told["habits"] == {
        "actions": len(habits(entry).log),
        "days": 28,
        "recorder": True,
        "calls_recorded": False,
        "offers": {"time open": 1},
    }
    assert "coffee" not in json.dumps(told, default=str).lower()
    assert REDACTED in json.dumps(told, default=str)


def _imported_at_once(path: Path) -> set[str]:
    """Return what a module imports when it is imported itself, but for types."""
    body = ast.parse(path.read_text()).body
    nodes = [node for node in body if isinstance(node, ast.ImportFrom)]
    return {name for node in nodes for name in (node.module or "", *(alias.name for alias in node.names))}


def test_nothing_is_imported_without_the_option() -> None:
    users = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if any(name.split(".")[0] == "habits" or name == "habit_house" for name in _imported_at_once(path))
    }
    assert users == {"coordinator/habits.py", "coordinator/habit_house.py"}
