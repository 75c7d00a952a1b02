"""How long a person waits for an answer that is in a tool, and what the definitions of the tools cost.

The model is asked twice: it calls a tool of the homelab, and tells what that said. Core's agent has the same
tools, for Homelab AI offers them to every agent.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace

from demo.servers.ollama.catalogue import INSTALLED
from demo.servers.ollama.payload import Message
from demo.servers.ollama.prompt import build_prompt
from demo.servers.ollama.tokens import tokenize
from homeassistant.core import Context, HomeAssistant
from homeassistant.helpers import llm
from homeassistant.helpers.json import json_dumps

from . import house, incident
from .candidates import BOTH, CORE, OURS, Candidate
from .errors import BenchError
from .figures import Expectation, Figure, ListeningUsed, RatioAtMost, Unit
from .hub import MODEL, NUM_CTX, Hub, running
from .part import Say
from .turns import EARLY, LISTENING
from .voice import Satellite, satellite
from .watching import Homelab, System

QUESTION = "How is the homelab?"
TOOL = "homelab_ai__get_health"
PREFIX = "homelab_ai__"

MODEL_FIRST = replace(OURS, choices=(("facts_first", False),))
"""Ours as it would be if the facts did not answer before the model is asked."""
_CASES: Mapping[str, tuple[str, Expectation]] = {
    "unloaded": (
        f"First word through a tool, model unloaded, {LISTENING:g} s of listening",
        ListeningUsed(2.8, 0.15),
    ),
    "taken": (
        f"First word through a tool, slot used by another client, {LISTENING:g} s of listening",
        RatioAtMost(1.05),
    ),
    "held_early": (
        f"First word through a tool, early turn ({EARLY:g} s), prompt still held",
        RatioAtMost(1.05, 0.05),
    ),
}


@dataclass(frozen=True, slots=True)
class Definitions:
    """Tokens of the tools' definitions: as they are sent in JSON, and by what they make a prompt longer.

    `sentence` are those of the prompt's sentence about them.
    """

    tools: int
    sent: int
    rendered: int
    sentence: int


async def measured(runs: int, say: Say) -> tuple[list[Figure], Definitions]:
    """The figures, and what the definitions of the tools cost that were sent. Raises BenchError."""
    async with running() as hub, incident.running() as where, house.opened() as hass:
        entry = await house.added(hass, MODEL_FIRST, hub.url)
        cluster = System("kubernetes", where.settings, "k8sgpt_findings", incident.FINDINGS)
        await Homelab(hass, entry, cluster).add_system()
        await house.added(hass, CORE, hub.url)
        room = await satellite(hass, QUESTION)
        for candidate in BOTH:
            # From here on neither has anything left to import, and ours knows the prompt of the house.
            say(f"assistant: {candidate.name}, first turn")
            await tool_turn(room, hub, candidate, 0.0)
        seconds: dict[Candidate, dict[str, list[float]]] = {each: defaultdict(list) for each in BOTH}
        for run in range(runs):
            for candidate in BOTH if run % 2 == 0 else reversed(BOTH):
                say(f"assistant: {candidate.name}, run {run + 1} of {runs}")
                for case, first_word in (await _cycle(room, hub, candidate)).items():
                    seconds[candidate][case].append(first_word)
        await tool_turn(room, hub, OURS, 0.0)
        definitions = await definitions_sent(hass, hub)
    figures = [
        Figure(label, Unit.SECONDS, seconds[OURS][case], seconds[CORE][case], expectation)
        for case, (label, expectation) in _CASES.items()
    ]
    return figures, definitions


async def _cycle(room: Satellite, hub: Hub, candidate: Candidate) -> dict[str, float]:
    """The seconds until the first word in each situation."""
    await hub.unload()
    seconds = {"unloaded": await tool_turn(room, hub, candidate, LISTENING)}
    await hub.use_otherwise()
    seconds["taken"] = await tool_turn(room, hub, candidate, LISTENING)
    seconds["held_early"] = await tool_turn(room, hub, candidate, EARLY)
    return seconds


async def tool_turn(room: Satellite, hub: Hub, candidate: Candidate, listening: float) -> float:
    """Seconds until the first word of the answer. Raises BenchError where it is not from the tool."""
    turn = await room.turn(candidate, listening)
    if (called := (await hub.last()).called) != [TOOL]:
        raise BenchError(f"{candidate.name} was to call {TOOL} and has called {called}")
    return turn.first_word


async def definitions_sent(hass: HomeAssistant, hub: Hub) -> Definitions:
    """Count what our agent has sent last. Raises BenchError where that is not what we offer."""
    sent = (await hub.last()).tools
    ours = [tool for tool in sent if tool["function"]["name"].startswith(PREFIX)]
    api = await llm.async_get_api(
        hass, OURS.domain, llm.LLMContext("bench", Context(), "en", "conversation", None)
    )
    if sorted(tool.name for tool in api.tools) != sorted(tool["function"]["name"] for tool in ours):
        raise BenchError("The tools in the assist API are not those of the homelab's own")
    return Definitions(
        len(ours),
        sent=len(tokenize(json_dumps(ours))),
        rendered=_prompt_tokens(sent) - _prompt_tokens([tool for tool in sent if tool not in ours]),
        sentence=len(tokenize(api.api_prompt)),
    )


def _prompt_tokens(tools: list[dict[str, object]]) -> int:
    """How many tokens the model is shown with these tools, by its own template."""
    model = next(one for one in INSTALLED if one.name == MODEL)
    prompt = build_prompt(model, [Message("user", QUESTION)], tools, None, num_ctx=NUM_CTX, truncate=False)
    return len(prompt.tokens)
