"""The homelab's tools for any agent, small enough for small models.

A result begins with the answer as a person would say it, so that a model has only to repeat it; figures and
lists follow. What comes from other systems stands in its fence. All work with every hub off.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import voluptuous as vol

from homeassistant.core import HomeAssistant
from homeassistant.helpers import llm
from homeassistant.helpers.json import json_dumps
from homeassistant.util import dt as dt_util

from ..const import DOMAIN
from ..coordinator import HomelabConfigEntry
from ..health.explanations import MAX_EXPLANATION
from ..health.problem import Problem, Severity, plain
from ..health.situation import Situation
from ..health.tool_time import TOGETHER
from ..language.answers import backups, hub_status, why
from ..language.briefing import brief, describe
from ..language.names import compact
from .explaining import recall
from .fence import UNTRUSTED, fence
from .looks import MOST_SAID, Look, look_at, say, unhurried
from .muting import MuteRefusedError, mute_for_model
from .turns import turn_of

MAX_RESULT = 1900
"""Characters of a result as JSON; an agent wraps it in some more."""
LISTED, MOST_LISTED = 5, 20
MOST_NAMED = 8
"""Problems that are named where a person's words fit several."""
HOURS, LEAST_HOURS, MOST_HOURS = 24.0, 0.25, 24.0
"""A model that asks for less or more gets the least or the most, and is told until when.

It may have read what somebody wrote who wants a problem to be overlooked: then it is for a day at most.
"""
_MAX_NAME = 60
_MAX_SENTENCE = 200
_MAX_EVIDENCE = 400

_READS = llm.ToolAnnotations(read_only=True, destructive=False, idempotent=True, open_world=False)
_ASKS_SYSTEMS = llm.ToolAnnotations(read_only=True, destructive=False, idempotent=True, open_world=True)
_MUTES = llm.ToolAnnotations(read_only=False, destructive=False, idempotent=True, open_world=False)

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
    annotations = _READS
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
            known = (fence(fact, _MAX_NAME) for fact in err.facts)
            return llm.ToolResult(data=_with_list(told, "known", known), error=True)
        return llm.ToolResult(data=result)

    async def answer_in(
        self, llm_context: llm.LLMContext, looks: Sequence[Look], language: str, **wanted: Any
    ) -> Result:
        """Return the result in a conversation, which most tools need not know; raises ToolError."""
        return await self.answer(looks, language, **wanted)

    async def answer(self, looks: Sequence[Look], language: str, **wanted: Any) -> Result:
        """Return the result; raises ToolError."""
        raise NotImplementedError


class GetHealth(HomelabTool):
    """How is the homelab?"""

    name = "homelab_ai__get_health"
    title = "Get the homelab's health"
    description = "How is the homelab? A briefing"
    takes_homelab = True

    async def answer(self, looks: Sequence[Look], language: str, **wanted: Any) -> Result:
        """Return the briefing and the counts."""
        healths = [look.situation.health for look in looks]
        each = {plain(look.name, _MAX_NAME): look.situation.health.health.value for look in looks}
        return await _said(looks, brief, language) | {
            "health": each if len(looks) > 1 else healths[0].health.value,
            "problems": sum(len(one.problems) for one in healths),
            "critical": sum(one.count(Severity.CRITICAL) for one in healths),
            "muted": sum(len(one.muted) for one in healths),
        }


class ListProblems(HomelabTool):
    """What is wrong?"""

    name = "homelab_ai__list_problems"
    title = "List the homelab's problems"
    description = "Problems of the homelab, worst first"
    takes_homelab = True
    fields = {
        vol.Optional("severity"): vol.In([one.value for one in Severity]),
        vol.Optional("system", description="e.g. Paperless"): str,
        vol.Optional("limit"): vol.Coerce(float),
    }

    async def answer(self, looks: Sequence[Look], language: str, **wanted: Any) -> Result:
        """Return the worst, and how many there are."""
        return await unhurried(looks, partial(self._list, looks, language, wanted))

    def _list(self, looks: Sequence[Look], language: str, wanted: Mapping[str, Any]) -> Result:
        least = Severity(wanted.get("severity", Severity.INFO))
        limit = int(max(1, min(wanted.get("limit", LISTED), MOST_LISTED)))
        system = wanted.get("system")
        sources = _sources(looks, system) if system else None
        found = [
            (look, problem)
            for look in looks
            for problem in look.problems
            if problem.severity.at_least(least) and (sources is None or problem.source in sources)
        ]
        found.sort(key=lambda one: one[1].severity.rank)
        shown = (_listed(look, problem, language) for look, problem in found[:limit])
        result = {"note": UNTRUSTED, "count": len(found)}
        return _with_list(result, "problems", shown, len(found))


class ExplainProblem(HomelabTool):
    """Why is Paperless failing?"""

    name = "homelab_ai__explain_problem"
    title = "Explain a problem of the homelab"
    description = "Why is something in the homelab failing?"
    annotations = _ASKS_SYSTEMS
    fields = {vol.Required("problem", description="In the person's words"): str}

    async def answer(self, looks: Sequence[Look], language: str, **wanted: Any) -> Result:
        """Return why, with the evidence on the worst of what is meant, and the rest by name."""
        words = wanted["problem"]
        known = await unhurried(looks, partial(_knowing, looks, words))
        found = await unhurried(known, partial(_find, known, words))
        if not found:
            return await _said(known, lambda situation, spoken: why(situation, words, spoken), language)
        (look, problem), *others = found
        if problem.id == words:
            result = await _said([look], partial(describe, problem), language)
        else:
            result = await _said(known, lambda situation, spoken: why(situation, words, spoken), language)
        result |= {"severity": problem.severity.value, "system": fence(look.system(problem), _MAX_NAME)}
        # Who asks is a model itself, maybe on the same hub: what nobody has explained yet it explains itself.
        explained = await recall(look.homelab, problem, language)
        if explained.explanation is not None:
            result = _with_text(result, "explanation", explained.explanation, MAX_EXPLANATION)
        if explained.next_step is not None:
            result = _with_text(result, "next_step", explained.next_step, _MAX_SENTENCE)
        if others:
            names = (fence(one.name, _MAX_NAME) for _, one in others[:MOST_NAMED])
            result = _with_list(result, "also", names, len(others))
        told = ({"about": one.title, "says": fence(one.text, _MAX_EVIDENCE)} for one in explained.evidence)
        return _with_list(result, "evidence", told)


class GetHubStatus(HomelabTool):
    """What is the GPU doing?"""

    name = "homelab_ai__get_hub_status"
    title = "Get the AI hub's status"
    description = "What are the AI hub and its GPU doing?"

    async def answer(self, looks: Sequence[Look], language: str, **wanted: Any) -> Result:
        """Return what is said of it, and whether each hub answers."""
        hubs = [hub for look in looks for hub in look.situation.hubs]
        return await _said(looks, hub_status, language) | {
            "hubs_online": sum(hub.online for hub in hubs),
            "hubs": len(hubs),
        }


class ListBackups(HomelabTool):
    """Is everything backed up?"""

    name = "homelab_ai__list_backups"
    title = "List the homelab's backups"
    description = "Is everything in the homelab backed up?"

    async def answer(self, looks: Sequence[Look], language: str, **wanted: Any) -> Result:
        """Return what is said of them, and each with its time."""
        found = [backup for look in looks for backup in look.situation.backups]
        found.sort(key=lambda one: one.last_good or datetime.min.replace(tzinfo=dt_util.UTC))
        shown = (
            {
                "of": fence(one.name, _MAX_NAME),
                "last_good": _time(one.last_good) if one.last_good else "never",
            }
            for one in found
        )
        return _with_list(await _said(looks, backups, language), "backups", shown, len(found))


class MuteProblem(HomelabTool):
    """Do not tell me of that until tomorrow."""

    name = "homelab_ai__mute_problem"
    title = "Mute a problem of the homelab"
    description = "Stop telling about a problem for some hours, at most 24, if the person asks for that"
    annotations = _MUTES
    fields = {
        vol.Required("problem", description="In the person's words"): str,
        vol.Optional("hours"): vol.Coerce(float),
    }

    async def answer_in(
        self, llm_context: llm.LLMContext, looks: Sequence[Look], language: str, **wanted: Any
    ) -> Result:
        """Mute what is meant, if it is one thing; muting it again moves the end."""
        known = await unhurried(looks, partial(_knowing, looks, wanted["problem"]))
        found = await unhurried(known, partial(_find, known, wanted["problem"]))
        names = {(problem.source, compact(problem.name)): problem.name for _, problem in found}
        if not found:
            raise ToolError("Nothing is wrong with that, so there is nothing to mute.")
        if len(names) > 1:
            raise ToolError("Several problems are called so. Ask the person which one.", names.values())
        until = dt_util.utcnow() + timedelta(
            hours=max(LEAST_HOURS, min(wanted.get("hours", HOURS), MOST_HOURS))
        )
        homelab, problems = found[0][0].homelab, [problem for _, problem in found]
        try:
            until = await mute_for_model(homelab.health.hass, homelab, problems, until, llm_context)
        except MuteRefusedError as err:
            raise ToolError(str(err)) from err
        return {"note": UNTRUSTED, "muted": fence(problems[0].name, _MAX_NAME), "until": _time(until)}


_TOOLS = (GetHealth, ListProblems, ExplainProblem, GetHubStatus, ListBackups, MuteProblem)


def homelab_tools(entries: Iterable[HomelabConfigEntry]) -> list[llm.Tool]:
    """Return the tools over these homelabs; none where there is no homelab."""
    homelabs = [entry.entry_id for entry in entries]
    return [tool(homelabs) for tool in _TOOLS] if homelabs else []


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


async def _said(looks: Sequence[Look], words: Callable[[Situation, str], str], language: str) -> Result:
    """Return the beginning of a result: what there is to say."""
    return {"note": UNTRUSTED, "answer": fence(await say(looks, words, language), MOST_SAID)}


def _with_text(result: Result, key: str, text: str, limit: int) -> Result:
    """Return the result with as much of a text as fits."""
    said = fence(text, limit)
    over = len(json_dumps({**result, key: said})) - MAX_RESULT
    return {**result, key: fence(text, max(1, len(said) - over)) if over > 0 else said}


def _with_list(result: Result, key: str, items: Iterable[Any], count: int | None = None) -> Result:
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


def _listed(look: Look, problem: Problem, language: str) -> Result:
    return {
        "problem": fence(problem.name, _MAX_NAME),
        "severity": problem.severity.value,
        "system": fence(look.system(problem), _MAX_NAME),
        "says": fence(describe(problem, look.situation, language), _MAX_SENTENCE),
    }


def _knowing(looks: Sequence[Look], words: str) -> list[Look]:
    """Return where something is called so. Raises ToolError where nothing is."""
    known = [look for look in looks if look.knows(words)]
    if not known:
        problems = (problem.name for look in looks for problem in look.problems[:MOST_NAMED])
        names = (name for look in looks for name in look.names.values())
        raise ToolError("Nothing in the homelab is called so.", dict.fromkeys((*problems, *names)))
    return known


def _find(looks: Sequence[Look], words: str) -> list[tuple[Look, Problem]]:
    """Return the problems that are meant, worst first."""
    found = [(look, problem) for look in looks for problem in look.find(words)]
    return sorted(found, key=lambda one: one[1].severity.rank)


def _sources(looks: Sequence[Look], name: str) -> set[str]:
    """Return the sources of what is called so. Raises ToolError where nothing is."""
    found = {source for look in looks for source in look.sources(name)}
    if not found:
        raise ToolError("No system is called so.", (one for look in looks for one in look.names.values()))
    return found


def _time(moment: datetime | None) -> str:
    return f"{dt_util.as_local(moment):%A %Y-%m-%d %H:%M}" if moment else "never"
