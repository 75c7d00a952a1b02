"""Which tool is meant by a name, with whatever sticks to it."""

import random

import pytest

from custom_components.homelab_ai.agent.tool_names import LONGEST_NAME, candidates, resolve

TOOLS = (
    *("intent__HassTurnOn", "intent__HassTurnOff", "light__HassLightSet", "llm__GetLiveContext"),
    *("homelab_ai__list_problems", "github__list_problems", "script__water_plants"),
)

MEANT = {
    "intent__HassTurnOn": [
        *("HassTurnOn_tool", "HassTurnOnTool", "HassTurnOn tool", "the HassTurnOn", "HassTurnOn function"),
        *("function HassTurnOn", "mcp__homeassistant__HassTurnOn", "mcp_HassTurnOn", "call_HassTurnOn"),
        *("HassTurnOn<tool_sep>", "HassTurnOn</tool_call>", "HassTurnOn\\n", "use HassTurnOn"),
        *("intent__HassTurnOn", "HassTurnOn", "hassturnon", "HASSTURNON", "hass_turn_on", "Hass Turn On"),
        *(
            "functions.HassTurnOn",
            "function.HassTurnOn",
            "functions.intent__HassTurnOn",
            "functions_HassTurnOn",
        ),
        *(
            "intent_HassTurnOn",
            "intent.HassTurnOn",
            "intent/HassTurnOn",
            "intent:HassTurnOn",
            "intent-HassTurnOn",
        ),
        *(
            "tool:HassTurnOn",
            "tools.HassTurnOn",
            "default_api.HassTurnOn",
            "call:HassTurnOn",
            "assistant.HassTurnOn",
        ),
        *(
            "HassTurnOn<|channel|>commentary",
            "intent__HassTurnOn<|channel|>commentary",
            "HassTurnOn<|constrain|>json",
        ),
        *("to=functions.HassTurnOn", "HassTurnOn commentary", "HassTurnOn json", "HassTurnOn:0"),
        *(
            "functions.HassTurnOn:12",
            "HassTurnOn()",
            " HassTurnOn\n",
            '"HassTurnOn"',
            "`HassTurnOn`",
            "<HassTurnOn>",
        ),
        *("light__HassTurnOn", "**HassTurnOn**", "HassTurnOn;", "hass-turn-on", "hass.turn.on"),
    ],
    "llm__GetLiveContext": ["GetLiveContext", "get_live_context", "getLiveContext", "llm_get_live_context"],
    "script__water_plants": ["water_plants", "waterPlants", "script.water_plants", "Water plants"],
    "homelab_ai__list_problems": [
        "homelab_ai__list_problems",
        "homelab_ai.list_problems",
        "homelab_ai_list_problems",
    ],
}
NOT_MEANT = [
    *(
        "",
        " ",
        "turn_on",
        "light.turn_on",
        "HassTurn",
        "HassTurnOnn",
        "HassTurnOnHassTurnOff",
        "TurnOn",
        "on",
    ),
    *(
        "HassTurnOn_md_md_bin",
        "get_live",
        "kubernetes__HassTurnOn",
        "hass.HassTurnOn",
        "list",
        "problems",
        "intent",
    ),
    *("HassTurnOn" * 40, "__", "functions.", "<|channel|>", "HassTurnOn, HassTurnOff", "\x00", "💡"),
]


@pytest.mark.parametrize(("tool", "name"), [(tool, name) for tool, names in MEANT.items() for name in names])
def test_name_is_found(tool: str, name: str) -> None:
    assert resolve(name, TOOLS) == tool


@pytest.mark.parametrize("name", NOT_MEANT)
def test_name_that_was_not_meant_is_not(name: str) -> None:
    assert resolve(name, TOOLS) is None


def test_two_candidates_are_named_and_none_is_taken() -> None:
    assert candidates("list_problems", TOOLS) == ["homelab_ai__list_problems", "github__list_problems"]
    assert resolve("list_problems", TOOLS) is None


def test_no_made_up_name_takes_long_or_means_what_it_does_not_hold() -> None:
    rng = random.Random(29)
    for _ in range(3000):
        name = "".join(
            rng.choice("HassTurnOnff_.:/<|>{}() \n💡x0") for _ in range(rng.randint(0, 2 * LONGEST_NAME))
        )
        letters = "".join(char for char in name.lower() if char.isalnum())
        for tool in candidates(name, TOOLS):
            own = "".join(char for char in tool.rpartition("__")[2].lower() if char.isalnum())
            assert own in letters
