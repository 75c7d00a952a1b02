"""docs/triggers.md against the triggers and conditions: every option, every field, every example."""

from pathlib import Path
import re
from typing import Any

import pytest
import voluptuous as vol

from custom_components.homelab_ai.condition import async_get_conditions
from custom_components.homelab_ai.events import EVENT_PROBLEM, fire_change
from custom_components.homelab_ai.health.ledger import Change, ChangeKind
from custom_components.homelab_ai.health.problem import Problem, Severity
from custom_components.homelab_ai.trigger import async_get_triggers
from demo.servers.ollama import OllamaServer
from homeassistant.components.automation import DOMAIN as AUTOMATION
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from homeassistant.util.yaml import parse_yaml

from .common import homelab_entry, set_up
from .translations import load

PAGE = (Path(__file__).parent.parent / "docs" / "triggers.md").read_text()
SECTIONS = {
    name: text
    for text in re.split(r"^### ", PAGE, flags=re.MULTILINE)[1:]
    if (name := text[: text.index("\n")].strip("`").removeprefix("homelab_ai."))
}
EXAMPLES = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
_ROW = re.compile(r"^\| ((?:`\w+`(?:, )?)+) \|", re.MULTILINE)


def documented(text: str) -> set[str]:
    return {key for row in _ROW.findall(text) for key in re.findall(r"`(\w+)`", row)}


async def test_every_option_has_a_row(hass: HomeAssistant) -> None:
    triggers, conditions = await async_get_triggers(hass), await async_get_conditions(hass)
    assert SECTIONS.keys() == triggers.keys() | conditions.keys()
    for name, kind in {**triggers, **conditions}.items():
        schema: Any = getattr(kind, "options_schema", vol.Schema({}))
        options = {str(marker) for marker in schema.schema}
        if name.startswith("hub_"):
            options -= {"model"}  # a hub that comes or goes names none
        rows = documented(SECTIONS[name].partition("Templates find")[0])
        assert rows == options, name


def test_they_are_called_as_in_the_editor() -> None:
    texts = load("en")
    for name, text in SECTIONS.items():
        category = "triggers" if ("triggers", name, "name") in texts else "conditions"
        assert f"*{texts[category, name, 'name']}*" in text


async def test_every_field_that_templates_find_has_a_row(hass: HomeAssistant, hub: OllamaServer) -> None:
    rows = documented(SECTIONS["problem_raised"].partition("Templates find")[2])
    await set_up(hass, homelab_entry(hub.url))
    triggers = await async_get_triggers(hass)
    found: list[dict[str, Any]] = []
    config = await triggers["problem_raised"].async_validate_config(hass, {})
    assert config["options"] == {"severity": [], "kind": [], "source": []}
    hass.bus.async_listen(EVENT_PROBLEM, lambda event: found.append(dict(event.data)))
    problem = Problem("a:b:c", "a", "alert", "Disk", Severity.WARNING, "full")
    fire_change(hass, Change(ChangeKind.RAISED, problem, house=("Camera",)), lambda _: "https://x.example")
    await hass.async_block_till_done()
    keys = {"problem_id" if key == "id" else key for key in found[0]} - {"type", "entity_id"}
    assert keys == rows


@pytest.mark.parametrize("example", EXAMPLES)
async def test_examples_are_automations(hass: HomeAssistant, hub: OllamaServer, example: str) -> None:
    await set_up(hass, homelab_entry(hub.url))
    parsed = parse_yaml(example)
    assert isinstance(parsed, dict)
    whole = {
        "alias": "Example",
        "triggers": [{"trigger": "event", "event_type": "example"}],
        "actions": [{"delay": 1}],
        **parsed,
    }
    assert await async_setup_component(hass, AUTOMATION, {AUTOMATION: whole})
    state = hass.states.get("automation.example")
    assert state is not None
    assert state.state == "on"
