"""The tools of the make-believe house: as Home Assistant offers its own, with nothing real behind them."""

from collections.abc import Callable, Iterable
from types import SimpleNamespace
from typing import Any, cast

from homeassistant.components.climate.intent import async_setup_intents as climate_intents
from homeassistant.components.fan.intent import async_setup_intents as fan_intents
from homeassistant.components.homeassistant.llm import DYNAMIC_CONTEXT_PROMPT, GetLiveContextTool
from homeassistant.components.intent.llm import DEVICE_CONTROL_TOOL_USAGE_PROMPT
from homeassistant.components.intent.timers import StartTimerIntentHandler
from homeassistant.components.light.intent import async_setup_intents as light_intents
from homeassistant.components.todo.intent import async_setup_intents as todo_intents
from homeassistant.core import HomeAssistant
from homeassistant.helpers import intent, llm
from homeassistant.util import yaml as yaml_util

from ...agent.house import House
from ...const import DOMAIN
from ..tools import GetHealth
from .house import THINGS, Thing
from .world import DEEDS, LIST, TIMER, Arguments, NothingMatchesError, World

HEALTH = {
    "en": "All is well in the homelab, but for one thing: the backup of Paperless is two days old.",
    "de": "Im Homelab ist alles in Ordnung, bis auf eines: Die Sicherung von Paperless ist zwei Tage alt.",
}
ASSISTANT = "homelab_ai_trial"
"""The assistant that these tools are for: nothing of the real house is exposed to it."""
_INSTRUCTIONS = {
    "en": "You are a voice assistant for Home Assistant.\nAnswer in plain text, briefly and in English.",
    "de": "Du bist ein Sprachassistent für Home Assistant.\nAntworte in reinem Text, kurz und auf Deutsch.",
}
_OVERVIEW = "Static Context: An overview of the areas and the devices in this smart home:"
_MORE = ("HassListAddItem", "HassStartTimer")
_SECONDS = {"hours": 3600, "minutes": 60, "seconds": 1}

type _Call = Callable[[Arguments], Any]


class _Tool(llm.Tool):
    """A tool that is shown as the real one and acts in the make-believe house."""

    def __init__(self, shown: llm.Tool, call: _Call) -> None:
        """Look like another tool."""
        self.name = shown.name
        self.description = shown.description
        self.parameters = shown.parameters
        self.annotations = shown.annotations
        self.integration = shown.integration
        self._call = call

    async def async_call(
        self, hass: HomeAssistant, tool_input: llm.ToolInput, llm_context: llm.LLMContext
    ) -> llm.ToolResult:
        """Act in the make-believe house; the real one is not looked at. Raises vol.Invalid."""
        given = {key: value for key, value in tool_input.tool_args.items() if value not in (None, "", [])}
        self.parameters(given)
        try:
            return llm.ToolResult(data=self._call(given))
        except NothingMatchesError as err:
            return llm.ToolResult(data={"error": "MatchFailedError", "error_text": str(err)}, error=True)


class _API(llm.API):
    """The API of the make-believe house, which is registered nowhere."""

    async def async_get_api_instance(self, llm_context: llm.LLMContext) -> llm.APIInstance:
        """Nobody asks for it by its id."""
        raise NotImplementedError


async def api_of(hass: HomeAssistant, world: World, language: str) -> llm.APIInstance:
    """Return the tools of a world and what a model is told of the house."""
    handlers = await _handlers(hass)
    tools: list[llm.Tool] = [
        _Tool(_shown(handlers[name], domain), _acting(world, name)) for name, domain in _offered(handlers)
    ]
    tools.append(_Tool(GetLiveContextTool(), lambda given: _live_context(world, given)))
    tools.append(_Tool(GetHealth(()), lambda _: {"briefing": HEALTH[language], "health": "degraded"}))
    context = llm.LLMContext(DOMAIN, None, language, ASSISTANT, None)
    return llm.APIInstance(
        _API(hass=hass, id=ASSISTANT, name="Trial"),
        _prompt(world, language),
        context,
        tools,
        llm.selector_serializer,
    )


def house_of(world: World) -> House:
    """Return the names of the house, for fitting what a model calls things."""
    return House(
        {thing.entity_id: (world.name(thing),) for thing in THINGS},
        {area: (area,) for area in {world.area(thing) for thing in THINGS} if area},
        {},
    )


async def _handlers(hass: HomeAssistant) -> dict[str, intent.IntentHandler]:
    """Return the handlers whose tools are shown: the house's own, and those that it may not have loaded."""
    apart = cast("HomeAssistant", SimpleNamespace(data={}))
    for register in (climate_intents, fan_intents, light_intents, todo_intents):
        await register(apart)
    intent.async_register(apart, StartTimerIntentHandler())
    return {handler.intent_type: handler for handler in (*intent.async_get(hass), *intent.async_get(apart))}


def _offered(handlers: Iterable[str]) -> list[tuple[str, str]]:
    """Return the intents of the tools with the integration that each is of, in a fixed order."""
    of = {"HassLightSet": "light", "HassClimateSetTemperature": "climate", "HassFanSetSpeed": "fan"}
    of["HassListAddItem"] = "todo"
    return [(name, of.get(name, "intent")) for name in (*DEEDS, *_MORE) if name in handlers]


def _shown(handler: intent.IntentHandler, domain: str) -> llm.Tool:
    return llm.IntentTool(f"{domain}__{handler.intent_type}", handler, integration=domain)


def _acting(world: World, name: str) -> _Call:
    special: dict[str, _Call] = {
        "HassListAddItem": lambda given: _add_item(world, given),
        "HassStartTimer": lambda given: _start_timer(world, given),
    }
    return special.get(name) or (lambda given: _act(world, name, given))


def _act(world: World, name: str, given: Arguments) -> Any:
    success = [{"name": world.name(thing), "type": "entity"} for thing in world.act(name, given)]
    return {"speech": {}, "response_type": "action_done", "data": {"success": success, "failed": []}}


def _add_item(world: World, given: Arguments) -> Any:
    things = world.find({"name": given["name"]}, ("todo",))
    world.note(LIST, {"item": str(given["item"]).strip().casefold()})
    return {"response_type": "action_done", "data": {"success": [{"name": world.name(things[0])}]}}


def _start_timer(world: World, given: Arguments) -> Any:
    seconds = sum(int(given.get(unit) or 0) * size for unit, size in _SECONDS.items())
    if not seconds:
        raise NothingMatchesError("A timer needs a duration.")
    world.note(TIMER, {"seconds": seconds})
    return {"response_type": "action_done"}


def _live_context(world: World, given: Arguments) -> Any:
    things = world.find(given) if given else list(THINGS)
    overview = [{**_overview(world, thing), **world.facts(thing)} for thing in things]
    return {"success": True, "result": f"Live Context: {yaml_util.dump(overview)}"}


def _prompt(world: World, language: str) -> str:
    overview = yaml_util.dump([_overview(world, thing) for thing in THINGS])
    parts = (
        _INSTRUCTIONS[language],
        DEVICE_CONTROL_TOOL_USAGE_PROMPT,
        DYNAMIC_CONTEXT_PROMPT,
        _OVERVIEW,
        overview,
    )
    return "\n".join(parts)


def _overview(world: World, thing: Thing) -> dict[str, str]:
    fields = {"names": world.name(thing), "domain": thing.domain}
    return fields | ({"areas": area} if (area := world.area(thing)) else {})
