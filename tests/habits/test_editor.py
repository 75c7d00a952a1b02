"""An accepted automation in automations.yaml: all else stays, byte for byte, and it can be taken back."""

import os
from pathlib import Path
from typing import Any

import pytest

from custom_components.homelab_ai.habits import draft, editor
from custom_components.homelab_ai.habits.days import DayType, SunEvent
from custom_components.homelab_ai.habits.habit import Habit, HabitKind, Presence
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from homeassistant.util.yaml import parse_yaml

TIME = Habit(HabitKind.TIME, "input_boolean.coffee", "on", 17, 20, DayType.WORKING, minute=407)
SUN = Habit(HabitKind.SUN, "input_boolean.coffee", "on", 9, 9, minute=-75, sun=SunEvent.SUNSET, at_home=True)
SEQUENCE = Habit(
    HabitKind.SEQUENCE, "input_boolean.coffee", "off", 9, 9, before=("input_boolean.tv", "on"), within=5
)
ARRIVAL = Habit(HabitKind.PRESENCE, "input_boolean.coffee", "on", 9, 9, presence=Presence.ARRIVAL)
BLUEPRINT = draft.blueprint(HabitKind.TIME)[1].read_bytes()
OTHERS = """# mine, do not touch
- id: '1'   # the first one
  alias: "Küche: an"
  triggers: []
  actions: []

- alias: without an id
  triggers: []
  actions:
    - action: input_boolean.turn_on
      target: {entity_id: input_boolean.tv}
"""
FILES = {
    "empty": "",
    "an empty list": "[]\n",
    "a comment": "# nothing yet\n",
    "a comment and an empty list": "# nothing yet\n[]\n",
    "others": OTHERS,
    "no line end": OTHERS.rstrip("\n"),
    "indented": "".join(f"  {line}\n" for line in OTHERS.splitlines()),
    "windows": OTHERS.replace("\n", "\r\n"),
    "a secret": OTHERS.replace('"Küche: an"', "!secret kitchen"),
    "in one line": '[{"id": "1", "alias": "a", "triggers": [], "actions": []}]\n',
}


class Folder:
    """The configuration of a house; `automations` is its file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.write("automation: !include automations.yaml\n", "configuration.yaml")
        self.write("kitchen: Kitchen\n", "secrets.yaml")
        self.write("[]\n")

    def write(self, content: str | bytes, name: str = "automations.yaml") -> None:
        file = self.path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())

    def read(self, name: str = "automations.yaml") -> bytes:
        return (self.path / name).read_bytes()

    def text(self) -> str:
        return self.read().decode()

    def has(self, name: str) -> bool:
        return (self.path / name).exists()

    def lose(self) -> None:
        (self.path / "automations.yaml").unlink()

    def block(self) -> None:
        (self.path / "automations.yaml").mkdir()


@pytest.fixture
async def house(hass: HomeAssistant, tmp_path: Path) -> Folder:
    """A house whose automations are in a file of its own folder."""
    hass.config.config_dir = str(tmp_path)
    folder = Folder(tmp_path)
    assert await async_setup_component(hass, "homeassistant", {})
    assert await async_setup_component(hass, "input_boolean", {"input_boolean": {"coffee": {}, "tv": {}}})
    assert await async_setup_component(hass, "automation", {"automation": []})
    return folder


def item(habit: Habit = TIME, workday: str | None = None) -> dict[str, Any]:
    return draft.automation(habit, "abc", "A title: with “quotes”", "Why.", workday)


async def add(hass: HomeAssistant, habit: Habit = TIME) -> str:
    return await editor.async_add(hass, item(habit), draft.blueprint(habit.kind))


@pytest.mark.parametrize("kind", FILES)
async def test_all_else_stays(hass: HomeAssistant, house: Folder, kind: str) -> None:
    before = FILES[kind].encode()
    house.write(before)
    entity = await add(hass)
    state = hass.states.get(entity)
    assert state is not None
    assert state.state == "off"
    after = house.read()
    if kind != "in one line":  # as the editor would write it: there is nothing to lose
        assert after.startswith(before.removesuffix(b"[]\n"))
    assert house.has("automations.yaml.before_homelab_ai")
    assert not house.has("automations.yaml.homelab_ai")
    ours = after.decode()[len(before.decode().removesuffix("[]\n")) :]
    assert "initial_state" not in ours
    await editor.async_remove(hass, "homelab_ai_abc")
    assert hass.states.get(entity) is None
    if kind not in ("empty", "no line end", "in one line"):
        assert house.read().removesuffix(b"[]\n").rstrip() == before.removesuffix(b"[]\n").rstrip()
    if kind in ("others", "indented", "windows", "a secret", "an empty list"):
        assert house.read() == before


@pytest.mark.parametrize("habit", [TIME, SUN, SEQUENCE, ARRIVAL], ids=lambda habit: habit.kind)
async def test_every_kind_is_a_valid_automation(hass: HomeAssistant, house: Folder, habit: Habit) -> None:
    entity = await add(hass, habit)
    state = hass.states.get(entity)
    assert state is not None
    assert state.state == "off"
    assert state.attributes["id"] == "homelab_ai_abc"
    path, source = draft.blueprint(habit.kind)
    assert house.has(f"blueprints/automation/{path}")
    assert source.name in path
    # What a person switches on stays on when the file is read again.
    await hass.services.async_call("automation", "turn_on", {"entity_id": entity}, blocking=True)
    await hass.services.async_call("automation", "reload", {}, blocking=True)
    state = hass.states.get(entity)
    assert state is not None
    assert state.state == "on"
    await editor.async_remove(hass, "homelab_ai_abc")


async def test_it_does_what_it_says(hass: HomeAssistant, house: Folder) -> None:
    entity = await add(hass, SEQUENCE)
    await hass.services.async_call("input_boolean", "turn_on", {"entity_id": "all"}, blocking=True)
    await hass.services.async_call("automation", "turn_on", {"entity_id": entity}, blocking=True)
    for action in ("turn_off", "turn_on"):
        await hass.services.async_call(
            "input_boolean", action, {"entity_id": "input_boolean.tv"}, blocking=True
        )
    await hass.async_block_till_done()
    state = hass.states.get("input_boolean.coffee")
    assert state is not None
    assert state.state == "off"


async def test_it_may_be_written_twice(hass: HomeAssistant, house: Folder) -> None:
    house.write(OTHERS)
    await add(hass)
    await add(hass, SEQUENCE)
    items = parse_yaml(house.text())
    assert isinstance(items, list)
    assert [one.get("id") for one in items] == ["1", None, "homelab_ai_abc"]
    assert items[-1]["use_blueprint"]["path"] == "homelab_ai/habit_sequence.yaml"


async def test_a_blueprint_that_somebody_changed_stays(hass: HomeAssistant, house: Folder) -> None:
    target = "blueprints/automation/homelab_ai/habit_time.yaml"
    mine = BLUEPRINT + b"# mine\n"
    house.write(mine, target)
    await add(hass)
    assert house.read(target) == mine


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("{a: 1}\n", "automations_unreadable"),
        ("- 1\n", "automations_unreadable"),
        ("- [\n", "automations_unreadable"),
        ("[{id: '1'}] # mine\n", "automations_unreadable"),
        ("- id: '1'\n  alias: !secret nowhere\n", "automations_unreadable"),
    ],
)
async def test_a_file_that_cannot_be_changed_is_left_alone(
    hass: HomeAssistant, house: Folder, text: str, key: str
) -> None:
    house.write(text)
    with pytest.raises(editor.EditorError) as caught:
        await add(hass)
    assert caught.value.key == key
    assert house.text() == text
    assert not house.has("automations.yaml.homelab_ai")


async def test_a_file_of_other_bytes(hass: HomeAssistant, house: Folder) -> None:
    house.write(b"# \xff\n")
    with pytest.raises(editor.EditorError):
        await add(hass)
    assert house.read() == b"# \xff\n"


async def test_a_folder_in_its_place(hass: HomeAssistant, house: Folder) -> None:
    house.lose()
    house.block()
    with pytest.raises(editor.EditorError):
        await add(hass)


async def test_a_file_that_is_not_there(hass: HomeAssistant, house: Folder) -> None:
    house.lose()
    assert await add(hass)
    await editor.async_remove(hass, "homelab_ai_abc")
    assert house.text() == "[]\n"
    await editor.async_remove(hass, "homelab_ai_abc")


async def test_a_disk_that_is_full(
    hass: HomeAssistant, house: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*args: object, **kwargs: object) -> None:
        raise OSError("No space left on device")

    house.write(OTHERS)
    monkeypatch.setattr(editor, "write_utf8_file_atomic", full)
    with pytest.raises(editor.EditorError) as caught:
        await add(hass)
    assert "No space" in caught.value.placeholders["reason"]
    assert house.text() == OTHERS


async def test_automations_that_are_elsewhere(hass: HomeAssistant, house: Folder) -> None:
    house.write("automation: []\n", "configuration.yaml")
    house.write(OTHERS)
    with pytest.raises(editor.EditorError) as caught:
        await add(hass)
    assert caught.value.key == "automations_not_included"
    assert house.text() == OTHERS


async def test_a_house_without_automations(hass: HomeAssistant, tmp_path: Path) -> None:
    hass.config.config_dir = str(tmp_path)
    with pytest.raises(editor.EditorError):
        await add(hass)
    assert not os.listdir(tmp_path)


async def test_what_home_assistant_does_not_accept(hass: HomeAssistant, house: Folder) -> None:
    broken = item()
    del broken["use_blueprint"]["input"]["at"]
    with pytest.raises(editor.EditorError) as caught:
        await editor.async_add(hass, broken, draft.blueprint(HabitKind.TIME))
    assert caught.value.key == "automation_invalid"
    with pytest.raises(editor.EditorError):
        await editor.async_add(hass, item(), ("homelab_ai/none.yaml", house.path / "none.yaml"))
    assert house.text() == "[]\n"


async def test_only_ours_are_taken_away(hass: HomeAssistant, house: Folder) -> None:
    house.write(OTHERS)
    with pytest.raises(editor.EditorError):
        await editor.async_remove(hass, "1")
    assert house.text() == OTHERS


def test_a_calendar_that_knows_better() -> None:
    written = item(TIME, "binary_sensor.workday")["use_blueprint"]["input"]
    assert len(written["weekdays"]) == 7
    assert written["conditions"] == [
        {"condition": "state", "entity_id": "binary_sensor.workday", "state": "on"}
    ]
    assert item(TIME)["use_blueprint"]["input"]["weekdays"] == ["mon", "tue", "wed", "thu", "fri"]
    assert item(SUN)["use_blueprint"]["input"]["offset"] == "-01:15:00"
    with pytest.raises(KeyError):
        item(Habit(HabitKind.STALE, "", "", 0, 91, automation="automation.x"))
    with pytest.raises(KeyError):
        item(Habit(HabitKind.REVERSED, "input_boolean.coffee", "on", 0, 91, automation="automation.x"))
