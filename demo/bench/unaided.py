"""What the assistant does without a model, in a homelab with very many problems whose hub is off."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
import importlib
from itertools import chain
import socket
import time
from typing import Any

from demo.house.options import LOOPBACK
from homeassistant.components import conversation
from homeassistant.core import Context
from homeassistant.helpers import llm
from homeassistant.helpers.intent import IntentResponseType
from homeassistant.helpers.json import json_dumps

from .candidates import OURS
from .errors import BenchError
from .incident import APP
from .silence import silent
from .stalls import Rounds
from .turns import LISTENING
from .voice import satellite
from .watching import Homelab, System, run

LANGUAGES = ("en", "de")
STYLES = ("spoken", "written")
TOOLS: Mapping[str, Mapping[str, Any]] = {
    "get_health": {},
    "list_problems": {"limit": 20},
    "explain_problem": {"problem": APP.name},
}
EXPLAINED = {"k8sgpt_finding": APP.pod, "alert": "", "hub_offline": ""}
"""One problem of each kind is explained, of which this is a part of the name."""
QUESTIONS = {
    "en": (
        "How is the homelab?",
        f"Why is {APP.name} failing?",
        "Is everything backed up?",
        "What is the GPU doing?",
    ),
    "de": (
        "Wie geht es dem Homelab?",
        f"Warum geht {APP.name} nicht?",
        "Ist alles gesichert?",
        "Was macht die Grafikkarte?",
    ),
}

_PACKAGE = "custom_components.homelab_ai"
_WARM = 25
_TURNS = 2
"""Of each kind, where nobody answers: each may take seconds."""
_PATIENCE = 60.0
_SECONDS_BETWEEN_LOOKS = 0.1


@dataclass(slots=True)
class Times:
    """Milliseconds of one thing that is done again and again: the first time, and after it.

    `stall` is the longest that the event loop was busy with it in one round, `characters` the most that
    came of it.
    """

    cold: list[float] = field(default_factory=list)
    warm: list[float] = field(default_factory=list)
    stall: float = 0.0
    characters: int = 0

    @property
    def all(self) -> list[float]:
        """Both."""
        return self.cold + self.warm

    def add(self, milliseconds: float, *, characters: int = 0, stall: float = 0.0) -> None:
        """Note one time more."""
        (self.warm if self.cold else self.cold).append(milliseconds)
        self.characters = max(self.characters, characters)
        self.stall = max(self.stall, stall)

    def join(self, other: Times) -> None:
        """Take over what was measured in another process."""
        self.cold += other.cold
        self.warm += other.warm
        self.stall = max(self.stall, other.stall)
        self.characters = max(self.characters, other.characters)


@dataclass(slots=True)
class Unaided:
    """Of `problems`: briefings by language and style (CPU time), all else by name (time on the wall).

    `answers` are by what comes of a call of the hub: "refused", "silent", and "heard" where that is silent
    and the question is spoken. There the first of each language is cold.
    """

    problems: int = 0
    briefings: dict[str, Times] = field(default_factory=lambda: defaultdict(Times))
    evidence: dict[str, Times] = field(default_factory=lambda: defaultdict(Times))
    tools: dict[str, Times] = field(default_factory=lambda: defaultdict(Times))
    answers: dict[str, Times] = field(default_factory=lambda: defaultdict(Times))

    def join(self, other: Unaided) -> None:
        """Take over what was measured in another process, with as many problems."""
        self.problems = other.problems
        for mine, others in (
            (self.briefings, other.briefings),
            (self.evidence, other.evidence),
            (self.tools, other.tools),
            (self.answers, other.answers),
        ):
            for name, times in others.items():
                mine[name].join(times)


def unaided(systems: list[System], problems: int, first: int) -> Unaided:
    """Measure it in this process, which must be a fresh one; `first` says which briefing is the coldest."""
    # Bound, so that nobody else gets the port; not listened on, so whoever calls is refused.
    with socket.socket() as reserved:
        reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        reserved.bind((LOOPBACK, 0))
        port = reserved.getsockname()[1]
        work = partial(_measured, more=systems[1:], problems=problems, first=first, port=port)
        return run(work, f"http://{LOOPBACK}:{port}", systems[0])


async def _measured(
    homelab: Homelab, rounds: Rounds, *, more: list[System], problems: int, first: int, port: int
) -> Unaided:
    found = await measured(homelab, rounds, more=more, problems=problems, first=first)
    with silent(port):
        await _ask(homelab, rounds, found.answers["silent"], _TURNS)
        await _speak(homelab, found.answers["heard"])
    return found


async def measured(
    homelab: Homelab, rounds: Rounds, *, more: list[System], problems: int, first: int = 0
) -> Unaided:
    """Measure it with a homelab whose hub refuses, once that has these systems and so many problems."""
    await homelab.add_system()
    for system in more:
        await homelab.add(system)
    await _until_known(homelab, problems)
    found = Unaided(len(homelab.data.health.data.problems))
    _brief(homelab, found, first)
    await _gather(homelab, rounds, found)
    await _call(homelab, rounds, found)
    await _ask(homelab, rounds, found.answers["refused"], len(QUESTIONS["en"]))
    return found


async def _until_known(homelab: Homelab, problems: int) -> None:
    """Wait until there are so many problems, that of the hub among them."""
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        known = homelab.data.health.data.problems
        if len(known) >= problems and any(one.kind == "hub_offline" for one in known):
            await homelab.hass.async_block_till_done()
            return
        await asyncio.sleep(_SECONDS_BETWEEN_LOOKS)
    raise BenchError(f"Of {problems} problems {len(known)} are known")


def _brief(homelab: Homelab, found: Unaided, first: int) -> None:
    """Look at the homelab and tell how it is, in every language and style in turn."""
    briefing = importlib.import_module(f"{_PACKAGE}.language.briefing")
    kinds = [(language, style) for language in LANGUAGES for style in STYLES]
    for language, style in [*kinds[first % len(kinds) :], *kinds[: first % len(kinds)]] * (1 + _WARM):
        began = time.thread_time()
        text = briefing.brief(homelab.data.situation(), language, briefing.Style(style))
        milliseconds = (time.thread_time() - began) * 1000
        found.briefings[f"{language} {style}"].add(milliseconds, characters=len(text))


async def _gather(homelab: Homelab, rounds: Rounds, found: Unaided) -> None:
    """Gather the evidence on a pod of the app that is down, on an alert, and on the hub."""
    gather = importlib.import_module(f"{_PACKAGE}.assistant.evidence").gather
    health = homelab.data.health.data
    for problem in chain(health.problems, *health.consequences.values()):
        kind = problem.kind
        if kind not in EXPLAINED or kind in found.evidence or (EXPLAINED[kind] not in problem.name):
            continue
        for _ in range(1 + _WARM):
            ask = partial(gather, homelab.data, problem)
            evidence = await _timed(rounds, found.evidence[kind], ask, _text)
        if not evidence:
            raise BenchError(f"There is no evidence on {problem.name}")


async def _call(homelab: Homelab, rounds: Rounds, found: Unaided) -> None:
    """Call the tools as an agent does."""
    for language in LANGUAGES * (1 + _WARM):
        context = llm.LLMContext("bench", Context(), language, "conversation", None)
        api = await llm.async_get_api(homelab.hass, OURS.domain, context)
        for name, arguments in TOOLS.items():
            call = llm.ToolInput(f"{OURS.domain}__{name}", dict(arguments))
            result = await _timed(rounds, found.tools[name], partial(api.async_call_tool, call), _sent)
            if result.error:
                raise BenchError(f"{name} said: {result.data}")


async def _ask(homelab: Homelab, rounds: Rounds, found: Times, questions: int) -> None:
    """Ask the agent while its hub is off."""
    for language, asked in QUESTIONS.items():
        times = Times()
        for question in asked[:questions]:
            ask = partial(
                conversation.async_converse,
                homelab.hass,
                question,
                None,
                Context(),
                language=language,
                agent_id=OURS.agent,
            )
            result = await _timed(rounds, times, ask, _said)
            if result.response.response_type is not IntentResponseType.QUERY_ANSWER:
                raise BenchError(f"{question} was answered with {_said(result)!r}")
        found.join(times)


async def _speak(homelab: Homelab, found: Times) -> None:
    """Ask by voice: the agent learns that somebody speaks before it hears the question."""
    room = await satellite(homelab.hass, QUESTIONS["en"][0])
    for _ in range(_TURNS):
        turn = await room.turn(OURS, LISTENING)
        found.add(turn.first_word * 1000, characters=turn.characters)


async def _timed[FoundT](
    rounds: Rounds, times: Times, work: Callable[[], Awaitable[FoundT]], text: Callable[[FoundT], str]
) -> FoundT:
    with rounds.watched() as stall:
        began = time.perf_counter()
        found = await work()
        milliseconds = (time.perf_counter() - began) * 1000
    times.add(milliseconds, characters=len(text(found)), stall=stall.cpu * 1000)
    return found


def _text(evidence: tuple[Any, ...]) -> str:
    return "\n".join(one.text for one in evidence)


def _sent(result: llm.ToolResult) -> str:
    """A result as an agent hands it to its model."""
    return json_dumps({"data": result.data, "error": result.error})


def _said(result: conversation.ConversationResult) -> str:
    return str(result.response.speech.get("plain", {}).get("speech", ""))
