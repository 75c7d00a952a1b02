"""Tools as the model is shown them, and calls made fit for them."""

from typing import Any

from probatio import UNSUPPORTED
import pytest
import voluptuous as vol

from custom_components.homelab_ai.agent.arguments import MisfitError
from custom_components.homelab_ai.agent.tools import ToolBox
from custom_components.homelab_ai.api.chat import ToolCall
from homeassistant.helpers import config_validation as cv, llm, selector


class Tool(llm.Tool):
    """A tool that is only looked at."""

    def __init__(self, name: str, parameters: dict[Any, Any] | None = None, description: str = "") -> None:
        self.name = name
        self.description = description
        self.parameters = vol.Schema(parameters or {})

    async def async_call(self, *_: object) -> llm.ToolResult:
        raise NotImplementedError


DIM = Tool(
    "light__HassLightSet",
    {
        vol.Required("name", description="What it is called"): cv.string,
        "brightness": vol.All(vol.Coerce(int), vol.Range(0, 100)),
        "transition": vol.Coerce(float),
        "flash": cv.boolean,
        "domain": vol.All(cv.ensure_list, [cv.string]),
        "color": vol.In(["Red", "green"]),
        "kinds": vol.All(cv.ensure_list, [vol.In(["lamp", "strip"])]),
        "where": vol.Schema({"area": cv.string, "floor": vol.Coerce(int)}),
        "target": selector.SelectSelector({"options": ["Kitchen", "Hall"]}),
    },
    "Sets a light",
)
NAMES = ("light__HassLightSet", "intent__HassTurnOn", "a__ping", "b__ping")


def test_definitions_are_in_the_order_of_the_tools() -> None:
    box = ToolBox([Tool(name) for name in NAMES], None)
    assert [tool["function"]["name"] for tool in box.definitions] == list(NAMES)
    assert box.names == NAMES


def test_definition_has_the_schema() -> None:
    (definition,) = ToolBox([DIM], None).definitions
    function = definition["function"]
    assert definition["type"] == "function"
    assert (function["name"], function["description"]) == ("light__HassLightSet", "Sets a light")
    parameters = function["parameters"]
    assert parameters["type"] == "object"
    assert parameters["required"] == ["name"]
    properties = parameters["properties"]
    assert properties["name"] == {"type": "string", "description": "What it is called"}
    assert properties["brightness"] == {"type": "integer", "minimum": 0, "maximum": 100}
    assert properties["color"] == {"type": "string", "enum": ["Red", "green"]}
    assert properties["target"] == {"type": "string", "enum": ["Kitchen", "Hall"]}


def test_tool_without_parameters() -> None:
    (definition,) = ToolBox([Tool("ping")], None).definitions
    assert definition["function"]["parameters"]["properties"] == {}
    assert definition["function"]["description"] == ""


@pytest.mark.parametrize(
    ("validator", "schema"),
    [
        (vol.Any(cv.string, [cv.string]), {"type": ["string", "array"], "items": {"type": "string"}}),
        (vol.Any(vol.In(["a"]), vol.In([1])), {"type": ["string", "integer"], "enum": ["a", 1]}),
        # an enum of one choice must not forbid the others
        (vol.Any(vol.In(["a"]), int), {"type": ["string", "integer"]}),
        (vol.Any(int, float), {"type": ["integer", "number"]}),
    ],
)
def test_choice_of_types_is_a_list_of_types(validator: Any, schema: dict[str, Any]) -> None:
    (definition,) = ToolBox([Tool("t", {"x": validator})], None).definitions
    assert definition["function"]["parameters"]["properties"]["x"] == schema


@pytest.mark.parametrize(
    ("name", "tool"),
    [
        ("intent__HassTurnOn", "intent__HassTurnOn"),
        ("intent__hassturnon", "intent__HassTurnOn"),
        ("INTENT__HASSTURNON ", "intent__HassTurnOn"),
        ("HassTurnOn", "intent__HassTurnOn"),
        ("hassturnon", "intent__HassTurnOn"),
        ("HassLightSet", "light__HassLightSet"),
        ("b__ping", "b__ping"),
        ("ping", None),  # which of the two?
        ("HassTurnOff", None),
        ("TurnOn", None),
        ("", None),
    ],
)
def test_name_is_repaired(name: str, tool: str | None) -> None:
    box = ToolBox([Tool(name) for name in NAMES], None)
    assert box.resolve(name) == tool
    fitted = box.fit(ToolCall(name, {"x": 1}))
    assert (fitted.name if fitted else None) == tool


@pytest.mark.parametrize(
    ("given", "fitted"),
    [
        ({"name": "Kitchen"}, {"name": "Kitchen"}),
        ({"Name": "Kitchen"}, {"name": "Kitchen"}),
        ({"unheard_of": "x"}, {"unheard_of": "x"}),
        # empty values, with which small models fill in what they do not need
        ({"name": "a", "color": "", "domain": [], "where": {}, "flash": None}, {"name": "a"}),
        ({"brightness": 0, "flash": False}, {"brightness": 0, "flash": False}),
        # numbers and truth values as text
        ({"brightness": "50"}, {"brightness": 50}),
        ({"brightness": " 50% "}, {"brightness": 50}),
        ({"brightness": "50.0"}, {"brightness": 50}),
        ({"transition": "1.5"}, {"transition": 1.5}),
        ({"brightness": "half"}, {"brightness": "half"}),
        ({"flash": "True"}, {"flash": True}),
        ({"flash": "off"}, {"flash": False}),
        ({"flash": "maybe"}, {"flash": "maybe"}),
        # enums
        ({"color": "red"}, {"color": "Red"}),
        ({"color": " GREEN "}, {"color": "green"}),
        ({"color": "blue"}, {"color": "blue"}),
        ({"target": "kitchen"}, {"target": "Kitchen"}),
        # a list where one is wanted, and JSON that was put into a string
        ({"domain": "light"}, {"domain": ["light"]}),
        ({"domain": '["light", "switch"]'}, {"domain": ["light", "switch"]}),
        ({"domain": "[light"}, {"domain": ["[light"]}),
        ({"kinds": ["Lamp"]}, {"kinds": ["lamp"]}),
        ({"where": '{"area": "Hall", "floor": "1"}'}, {"where": {"area": "Hall", "floor": 1}}),
        ({"where": {"Area": "Hall", "floor": ""}}, {"where": {"area": "Hall"}}),
        ({"where": "{Hall"}, {"where": "{Hall"}),
        ({"name": "[1]"}, {"name": "[1]"}),
    ],
)
def test_arguments_are_repaired(given: dict[str, Any], fitted: dict[str, Any]) -> None:
    call = ToolBox([DIM], None).fit(ToolCall("HassLightSet", given))
    assert call is not None
    assert call.arguments == fitted


@pytest.mark.parametrize(("given", "fitted"), [("light", "light"), (["light"], ["light"])])
def test_text_stays_text_where_a_list_is_only_allowed(given: Any, fitted: Any) -> None:
    box = ToolBox([Tool("t", {"domain": vol.Any(cv.string, [cv.string])})], None)
    call = box.fit(ToolCall("t", {"domain": given}))
    assert call is not None
    assert call.arguments == {"domain": fitted}


def test_serializer_of_the_api_is_used() -> None:
    def serializer(schema: Any) -> Any:
        return {"type": "string", "format": "time"} if schema is cv.time else UNSUPPORTED

    (definition,) = ToolBox([Tool("t", {"x": cv.time})], serializer).definitions
    assert definition["function"]["parameters"]["properties"]["x"] == {"type": "string", "format": "time"}


STEPS = Tool(
    "script__dim",
    {
        vol.Required("seconds"): selector.NumberSelector({"min": 1, "max": 60}),
        "volume_step": selector.NumberSelector({"min": -20, "max": 20}),
        "target_temperature": selector.NumberSelector({"min": 5, "max": 30, "step": 0.5}),
    },
)


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({"seconds": 61}, "seconds must be at most 60"),
        ({"seconds": "61"}, "seconds must be at most 60"),
        ({"seconds": 0}, "seconds must be at least 1"),
        ({"seconds": True}, "seconds must be a number"),
        ({"seconds": "soon"}, "seconds must be a number"),
        ({"seconds": "+5"}, "not a change"),
        ({"seconds": 5, "target_temperature": "+2"}, "not a change"),
        ({"seconds": 5, "volume_step": "+25"}, "volume_step must be at most 20"),
        ({"seconds": 5, "volume_step": "+10"}, ""),
        ({"seconds": 60, "volume_step": -20, "target_temperature": 21.5}, ""),
    ],
)
def test_number_is_within_what_the_tool_takes(arguments: dict[str, Any], problem: str) -> None:
    box = ToolBox([STEPS], None)
    fitted = box.fit(ToolCall("script__dim", arguments))
    assert fitted is not None
    if not problem:
        box.check(fitted)
        return
    with pytest.raises(MisfitError, match=problem):
        box.check(fitted)
