"""What the assistant costs: tokens of its tools in every turn, time without a model, and time with one.

What works without a model is measured in a fresh process, in a homelab with a thousand problems; the cluster
is another process. With a model it is asked by voice, beside core's agent with the same tools.
"""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack
from itertools import product
from statistics import median

from demo.servers.prometheus import find

from . import alerts, asking, incident
from .asking import Definitions
from .candidates import in_turn
from .figures import Unit, number
from .hub import described
from .options import Options
from .part import Found, Say
from .processes import fresh
from .readings import AtMost, Reading
from .turns import LISTENING
from .unaided import LANGUAGES, QUESTIONS, STYLES, TOOLS, Times, Unaided, unaided
from .watching import System

RESULTS, APPLICATIONS, ALERTS = 600, 800, 50

_TOKENS = AtMost(700)
_BRIEFING_MILLISECONDS = AtMost(20)
_CHARACTERS = AtMost(2000)
_LANGUAGES = {"en": "English", "de": "German"}
_EVIDENCE = {
    "k8sgpt_finding": "a pod that k8sgpt found",
    "alert": "an alert",
    "hub_offline": "the hub that is off",
}
_ANSWERS = {
    "refused": "Answer without a model, hub's machine on, Ollama off",
    "silent": "Answer without a model, hub's machine off",
    "heard": f"First word without a model, hub's machine off, {LISTENING:g} s of listening",
}


async def measured(options: Options, say: Say) -> Found:
    """The figures and the readings."""
    found = await _unaided(options.runs, say)
    figures, definitions = await asking.measured(options.runs, say)
    return Found(
        figures,
        tuple(readings(definitions, found)),
        notes=(described(), in_turn(options.runs), *_notes(found)),
    )


async def _unaided(runs: int, say: Say) -> Unaided:
    """All runs, in processes of their own; without alerts where there is no Alertmanager."""
    found = Unaided()
    loop = asyncio.get_running_loop()
    async with AsyncExitStack() as stack:
        where = await stack.enter_async_context(incident.running(results=RESULTS, applications=APPLICATIONS))
        shown = RESULTS + incident.FINDINGS
        systems = [System("kubernetes", where.settings, "k8sgpt_findings", shown)]
        if await asyncio.to_thread(find) is not None:
            url = await stack.enter_async_context(alerts.running(ALERTS))
            systems.append(System("alertmanager", {"url": url}, "alerts_active", ALERTS))
        problems = incident.problems(RESULTS, APPLICATIONS)
        processes = stack.enter_context(fresh())
        for run in range(runs):
            say(f"assistant: without a model, run {run + 1} of {runs}")
            found.join(await loop.run_in_executor(processes, unaided, systems, problems, run))
    return found


def readings(definitions: Definitions, found: Unaided) -> Iterator[Reading]:
    """What is shown, and what is expected of it."""
    yield from _of_definitions(definitions)
    for language, style in product(LANGUAGES, STYLES):
        times = found.briefings[f"{language} {style}"]
        yield _timed(
            f"Briefing over {found.problems:,} problems, {_LANGUAGES[language]}, {style}",
            times,
            _BRIEFING_MILLISECONDS,
            also=f"{times.characters:,} characters",
        )
    for kind, name in _EVIDENCE.items():
        if kind in found.evidence:
            yield _timed(f"Explaining without a model: evidence on {name}", found.evidence[kind])
    for tool in TOOLS:
        yield _timed(f"Tool {tool}, {found.problems:,} problems", found.tools[tool])
    yield Reading(
        "Characters of a tool's result",
        Unit.COUNT,
        [found.tools[tool].characters for tool in TOOLS],
        _CHARACTERS,
        aside=", ".join(f"{tool} {found.tools[tool].characters:,}" for tool in TOOLS),
    )
    for kind, case in _ANSWERS.items():
        yield _timed(case, found.answers[kind], first="first of a language")


def _of_definitions(found: Definitions) -> Iterator[Reading]:
    sentence = f"{found.sentence} of them the prompt's sentence about the tools"
    for how, tokens in (("in the model's template", found.rendered), ("as sent, in JSON", found.sent)):
        case = f"Tokens of the definitions of {found.tools} tools, {how}"
        yield Reading(case, Unit.COUNT, [tokens + found.sentence], _TOKENS, aside=sentence)


def _timed(
    case: str,
    times: Times,
    expectation: AtMost | None = None,
    *,
    first: str = "first in a process",
    also: str = "",
) -> Reading:
    """The worst time where something is expected, else the usual one; the others are told beside it."""
    said = [f"{first} {_milliseconds(times.cold)}"]
    if expectation:
        said.append(f"later ones {_milliseconds([median(times.warm)])}")
    else:
        said.append(f"longest later one {_milliseconds(times.warm)}")
    if times.stall:
        said.append(f"longest stall {_milliseconds([times.stall])}")
    if also:
        said.append(also)
    return Reading(
        case,
        Unit.MILLISECONDS,
        times.all,
        expectation,
        of=max if expectation else median,
        aside=", ".join(said),
    )


def _milliseconds(values: Sequence[float]) -> str:
    return number(max(values), Unit.MILLISECONDS)


def _notes(found: Unaided) -> Iterator[str]:
    yield (
        "tokens: of what our agent has sent, counted by `demo/servers/ollama/tokens.py`, which is no model's"
        " vocabulary; in the template, what the tools make the prompt longer"
    )
    yield (
        f"{found.problems:,} problems: findings of k8sgpt, applications of Argo CD"
        + (", alerts" if "alert" in found.evidence else "; no Alertmanager here")
        + ", and the hub, which is off"
    )
    yield (
        "briefings: worst CPU time of the event loop's thread, survey included; all else: median time on the"
        " wall, and of a stall the CPU time of the event loop's longest round"
    )
    questions = sum(map(len, QUESTIONS.values()))
    yield f"answers without a model: our agent, {questions} questions in English and German"
