"""What the homelab's tools have in common: whom they ask, how long they wait, how a result is made to fit.

A result begins with the answer as a person would say it, so that a model has only to repeat it; figures and
lists follow. What comes from other systems stands in its fence. All work with every hub off.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import voluptuous as vol

from homeassistant.core import HomeAssistant
from homeassistant.helpers import llm
from homeassistant.helpers.json import json_dumps
from homeassistant.util import dt as dt_util

from ..agent.foreign import KNOWN
from ..const import DOMAIN
from ..health.situation import Situation
from ..health.tool_time import TOGETHER
from ..language.names import compact
from .fence import UNTRUSTED, fence
from .looks import MOST_SAID, Look, look_at, say
from .turns import turn_of

MAX_RESULT = 1900
"""Characters of a result as JSON; an agent wraps it in some more."""
MAX_NAME = 60

READS = llm.ToolAnnotations(read_only=True, destructive=False, idempotent=True, open_world=False)

type Result = dict[str, Any]


class ToolError(Exception):
    """What a model is told that asked for something that is not there; the facts let it ask again."""

    def __init__(self, text: str, facts: Iterable[str] = ()) -> None:
        """`text` is ours, `facts` are anybody's."""
        super().__init__(text)
        self.facts = tuple(facts)


class HomelabTool(llm.Tool):
    """A tool over some homelabs; where there are several, each says its part by its name.

    Arguments that no tool knows are left out: small models make them up.
    """

    integration = DOMAIN
    annotations = READS
    fields: Mapping[vol.Marker, Any] = {}
    takes_homelab = False
    """Whether a model can name a homelab; each definition costs tokens of every turn."""

    def __init__(self, homelabs: Iterable[str]) -> None:
        """`homelabs` are the ids of their entries.

        The entries themselves are looked up with each call: a conversation keeps its tools over a reload.
        """
        self._homelabs = tuple(homelabs)
        several = {vol.Optional("homelab"): str} if len(self._homelabs) > 1 and self.takes_homelab else {}
        self.parameters = vol.Schema({**self.fields, **several}, extra=vol.REMOVE_EXTRA)

    def __eq__(self, other: object) -> bool:
        """Return whether the other is this tool of the same homelabs; merged APIs then have it once."""
        return type(other) is type(self) and other._homelabs == self._homelabs

    def __hash__(self) -> int:
        """Return what equal tools have in common."""
        return hash((type(self), *self._homelabs))

    async def async_call(
        self, hass: HomeAssistant, tool_input: llm.ToolInput, llm_context: llm.LLMContext
    ) -> llm.ToolResult:
        """Answer in the language of the person. Raises Invalid for arguments that do not fit."""
        wanted = self.parameters(tool_input.tool_args)
        looks = _called(look_at(hass, self._homelabs), wanted.pop("homelab", ""))
        language = llm_context.language or hass.config.language
        try:
            if not looks:
                raise ToolError("The homelab is not loaded in Home Assistant at the moment.")
            async with asyncio.timeout(_patience(looks[0], llm_context)):
                result = await self.answer_in(llm_context, looks, language, **wanted)
        except TimeoutError:
            late: Result = {"note": UNTRUSTED, "error": "That took too long. Answer with what you have."}
            return llm.ToolResult(data=late, error=True)
        except ToolError as err:
            told: Result = {"note": UNTRUSTED, "error": str(err)}
            known = (fence(fact, MAX_NAME) for fact in err.facts)
            return llm.ToolResult(data=with_list(told, KNOWN, known), error=True)
        return llm.ToolResult(data=result)

    async def answer_in(
        self, llm_context: llm.LLMContext, looks: Sequence[Look], language: str, **wanted: Any
    ) -> Result:
        """Return the result in a conversation, which most tools need not know; raises ToolError."""
        return await self.answer(looks, language, **wanted)

    async def answer(self, looks: Sequence[Look], language: str, **wanted: Any) -> Result:
        """Return the result; raises ToolError."""
        raise NotImplementedError


def _patience(look: Look, llm_context: llm.LLMContext) -> float:
    """Return for how many seconds a tool may wait for systems: all of a turn have a time together."""
    turn = turn_of(llm_context)
    if turn is None:
        return TOGETHER
    now = look.homelab.health.hass.loop.time()
    return look.homelab.health.tool_time.left(turn.conversation_id, turn.number, now)


def _called(looks: Sequence[Look], name: str) -> Sequence[Look]:
    """Return those of the homelabs that are called so; all where none is."""
    wanted = compact(name)
    called = [look for look in looks if wanted in (compact(look.name), compact(look.homelab.name))]
    return (called if wanted else None) or looks


async def said(looks: Sequence[Look], words: Callable[[Situation, str], str], language: str) -> Result:
    """Return the beginning of a result: what there is to say."""
    return {"note": UNTRUSTED, "answer": fence(await say(looks, words, language), MOST_SAID)}


def with_text(result: Result, key: str, text: str, limit: int) -> Result:
    """Return the result with as much of a text as fits."""
    said = fence(text, limit)
    over = len(json_dumps({**result, key: said})) - MAX_RESULT
    return {**result, key: fence(text, max(1, len(said) - over)) if over > 0 else said}


def with_list(result: Result, key: str, items: Iterable[Any], count: int | None = None) -> Result:
    """Return the result with as many of the items as fit, and how many of all are left out."""
    items = list(items)
    shown: list[Any] = []
    room = MAX_RESULT - len(json_dumps(result)) - 60
    for item in items:
        room -= len(json_dumps(item)) + 1
        if room < 0:
            break
        shown.append(item)
    left_out = (len(items) if count is None else count) - len(shown)
    return {**result, key: shown, **({f"{key}_left_out": left_out} if left_out else {})}


def local_time(moment: datetime | None) -> str:
    """Return a moment as a model reads it: with the day of the week."""
    return f"{dt_util.as_local(moment):%A %Y-%m-%d %H:%M}" if moment else "never"
