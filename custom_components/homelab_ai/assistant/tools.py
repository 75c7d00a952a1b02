"""The homelab's tools for any agent, small enough for small models: those for problems, and all of them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

import voluptuous as vol

from homeassistant.helpers import llm
from homeassistant.util import dt as dt_util

from ..coordinator import HomelabConfigEntry
from ..health.explanations import MAX_EXPLANATION
from ..health.problem import Problem, Severity, plain
from ..language.answers import why
from ..language.briefing import brief, describe
from ..language.names import compact
from .explaining import recall
from .fence import UNTRUSTED, fence
from .looks import Look, unhurried
from .muting import MuteRefusedError, mute_for_model
from .proposal_tool import ProposeChange
from .thing_tools import GetTimeline, LookUp
from .tool import MAX_NAME, HomelabTool, Result, ToolError, local_time, said, with_list, with_text

LISTED, MOST_LISTED = 5, 20
MOST_NAMED = 8
"""Problems that are named where a person's words fit several."""
HOURS, LEAST_HOURS, MOST_HOURS = 24.0, 0.25, 24.0
"""A model that asks for less or more gets the least or the most, and is told until when.

It may have read what somebody wrote who wants a problem to be overlooked: then it is for a day at most.
"""
_MAX_SENTENCE = 200
_MAX_EVIDENCE = 400

_ASKS_SYSTEMS = llm.ToolAnnotations(read_only=True, destructive=False, idempotent=True, open_world=True)
_MUTES = llm.ToolAnnotations(read_only=False, destructive=False, idempotent=True, open_world=False)


class GetHealth(HomelabTool):
    """How is the homelab?"""

    name = "homelab_ai__get_health"
    title = "Get the homelab's health"
    description = "How is the homelab?"
    takes_homelab = True

    async def answer(self, looks: Sequence[Look], language: str, **arguments: Any) -> Result:
        """Return the briefing and the counts."""
        healths = [look.situation.health for look in looks]
        by_homelab = {plain(look.name, MAX_NAME): look.situation.health.health.value for look in looks}
        return await said(looks, brief, language) | {
            "health": by_homelab if len(looks) > 1 else healths[0].health.value,
            "problems": sum(len(health.problems) for health in healths),
            "critical": sum(health.count(Severity.CRITICAL) for health in healths),
            "muted": sum(len(health.muted) for health in healths),
        }


class ListProblems(HomelabTool):
    """What is wrong?"""

    name = "homelab_ai__list_problems"
    title = "List the homelab's problems"
    description = "Problems, worst first"
    takes_homelab = True
    fields = {
        vol.Optional("severity"): vol.In([one.value for one in Severity]),
        vol.Optional("system"): str,
        vol.Optional("limit"): vol.Coerce(float),
    }

    async def answer(self, looks: Sequence[Look], language: str, **arguments: Any) -> Result:
        """Return the worst, and how many there are."""
        return await unhurried(looks, partial(self._list, looks, language, arguments))

    def _list(self, looks: Sequence[Look], language: str, arguments: Mapping[str, Any]) -> Result:
        least = Severity(arguments.get("severity", Severity.INFO))
        limit = int(max(1, min(arguments.get("limit", LISTED), MOST_LISTED)))
        system = arguments.get("system")
        sources = _sources(looks, system) if system else None
        matches = [
            (look, problem)
            for look in looks
            for problem in look.problems
            if problem.severity.at_least(least) and (sources is None or problem.source in sources)
        ]
        matches.sort(key=lambda one: one[1].severity.rank)
        shown = (_listed(look, problem, language) for look, problem in matches[:limit])
        result = {"note": UNTRUSTED, "count": len(matches)}
        return with_list(result, "problems", shown, len(matches))


class ExplainProblem(HomelabTool):
    """Why is Paperless failing?"""

    name = "homelab_ai__explain_problem"
    title = "Explain a problem of the homelab"
    description = "Why is something failing? In the person's words"
    annotations = _ASKS_SYSTEMS
    fields = {vol.Required("problem"): str}

    async def answer(self, looks: Sequence[Look], language: str, **arguments: Any) -> Result:
        """Return why, with the evidence on the worst of what is meant, and the rest by name."""
        words = arguments["problem"]
        knowing = await unhurried(looks, partial(_knowing, looks, words))
        matches = await unhurried(knowing, partial(_find, knowing, words))
        if not matches:
            return await said(knowing, lambda situation, spoken: why(situation, words, spoken), language)
        (look, problem), *others = matches
        if problem.id == words:
            result = await said([look], partial(describe, problem), language)
        else:
            result = await said(knowing, lambda situation, spoken: why(situation, words, spoken), language)
        result |= {"severity": problem.severity.value, "system": fence(look.system(problem), MAX_NAME)}
        # Who asks is a model itself, maybe on the same hub: what nobody has explained yet it explains itself.
        explained = await recall(look.homelab, problem, language)
        if explained.explanation is not None:
            result = with_text(result, "explanation", explained.explanation, MAX_EXPLANATION)
        if explained.next_step is not None:
            result = with_text(result, "next_step", explained.next_step, _MAX_SENTENCE)
        if others:
            names = (fence(other.name, MAX_NAME) for _, other in others[:MOST_NAMED])
            result = with_list(result, "also", names, len(others))
        evidence = (
            {"about": part.title, "says": fence(part.text, _MAX_EVIDENCE)} for part in explained.evidence
        )
        return with_list(result, "evidence", evidence)


class MuteProblem(HomelabTool):
    """Do not tell me of that until tomorrow."""

    name = "homelab_ai__mute_problem"
    title = "Mute a problem of the homelab"
    description = "Mute a problem, at most 24 hours, if the person asks for that"
    annotations = _MUTES
    fields = {
        vol.Required("problem"): str,
        vol.Optional("hours"): vol.Coerce(float),
    }

    async def answer_in(
        self, llm_context: llm.LLMContext, looks: Sequence[Look], language: str, **arguments: Any
    ) -> Result:
        """Mute what is meant, if it is one thing; muting it again moves the end."""
        knowing = await unhurried(looks, partial(_knowing, looks, arguments["problem"]))
        matches = await unhurried(knowing, partial(_find, knowing, arguments["problem"]))
        names = {(problem.source, compact(problem.name)): problem.name for _, problem in matches}
        if not matches:
            raise ToolError("Nothing is wrong with that, so there is nothing to mute.")
        if len(names) > 1:
            raise ToolError("Several problems are called so. Ask the person which one.", names.values())
        until = dt_util.utcnow() + timedelta(
            hours=max(LEAST_HOURS, min(arguments.get("hours", HOURS), MOST_HOURS))
        )
        homelab, problems = matches[0][0].homelab, [problem for _, problem in matches]
        try:
            until = await mute_for_model(homelab.health.hass, homelab, problems, until, llm_context)
        except MuteRefusedError as err:
            raise ToolError(str(err)) from err
        return {"note": UNTRUSTED, "muted": fence(problems[0].name, MAX_NAME), "until": local_time(until)}


_TOOLS = (GetHealth, ListProblems, ExplainProblem, LookUp, GetTimeline, MuteProblem)


def homelab_tools(entries: Iterable[HomelabConfigEntry]) -> list[llm.Tool]:
    """Return the tools over these homelabs; none where there is no homelab."""
    entries = list(entries)
    homelabs = [entry.entry_id for entry in entries]
    tools: list[llm.Tool] = [tool(homelabs) for tool in _TOOLS] if homelabs else []
    if proposing := [entry.entry_id for entry in entries if entry.runtime_data.proposals is not None]:
        tools.append(ProposeChange(proposing))
    return tools


def _listed(look: Look, problem: Problem, language: str) -> Result:
    return {
        "problem": fence(problem.name, MAX_NAME),
        "severity": problem.severity.value,
        "system": fence(look.system(problem), MAX_NAME),
        "says": fence(describe(problem, look.situation, language), _MAX_SENTENCE),
    }


def _knowing(looks: Sequence[Look], words: str) -> list[Look]:
    """Return where something is called so. Raises ToolError where nothing is."""
    knowing = [look for look in looks if look.knows(words)]
    if not knowing:
        problems = (problem.name for look in looks for problem in look.problems[:MOST_NAMED])
        names = (name for look in looks for name in look.names.values())
        raise ToolError("Nothing in the homelab is called so.", dict.fromkeys((*problems, *names)))
    return knowing


def _find(looks: Sequence[Look], words: str) -> list[tuple[Look, Problem]]:
    """Return the problems that are meant, worst first."""
    matches = [(look, problem) for look in looks for problem in look.find(words)]
    return sorted(matches, key=lambda one: one[1].severity.rank)


def _sources(looks: Sequence[Look], name: str) -> set[str]:
    """Return the sources of what is called so. Raises ToolError where nothing is."""
    sources = {source for look in looks for source in look.sources(name)}
    if not sources:
        raise ToolError("No system is called so.", (name for look in looks for name in look.names.values()))
    return sources
