"""Why something is wrong, and what a person could do about it: the evidence, put into words by a model.

The model is asked once, gets no tools, and reads what systems say as data. What it answers is text for a
person: it is never executed, and nothing in it is followed.
"""

import asyncio
from dataclasses import dataclass
from functools import partial
import re

from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
from homeassistant.util.json import json_loads

from ..agent.agent import Agent
from ..agent.completion import complete
from ..api.chat import JsonObject, Message
from ..api.errors import ApiBusyError
from ..const import AI_TASK_DATA, CONVERSATION
from ..coordinator import HomelabData
from ..errors import KNOWN_ERRORS, sentence, spoken
from ..health.evidence import MAX_EVIDENCE, Evidence
from ..health.explanations import MAX_EXPLANATION, MAX_NEXT_STEP, Explanation, content_key
from ..health.problem import Problem, plain
from ..hub.errors import HubError
from ..hub.measurements import Purpose
from ..language.languages import is_foreign, supported
from .evidence import gather
from .fence import UNTRUSTED, fence

PATIENCE = 90.0
"""Seconds that somebody waits for an explanation; the model may go on, for the next who asks."""
LONGEST = 300.0
"""Seconds after which a model is given up, the time among them in which people are answered first."""

LANGUAGES = {"en": "English", "de": "German"}
"""What a model is told to answer in, by the languages that are supported."""

_MAX_TOKENS = 1024
_TEMPERATURE = 0.1
_MAX_ANSWER = 20_000
# What a model reads at most; the less of it, the sooner it answers.
_MOST_EVIDENCE = 6000
_LEAST_EVIDENCE = 600
_LEAST_PIECE = 50
_CHARACTERS_PER_TOKEN = 3
# Tokens of the instructions, beside those of the answer.
_INSTRUCTIONS = 500
_SYSTEM = (
    "You explain one problem of a homelab to the person who runs it, in {language}. {untrusted}\n"
    "Fill in the two fields of the answer, both in {language}:\n"
    "- The explanation: what is wrong and the most likely cause, in at most three short sentences, from the"
    " evidence alone. If the evidence does not show the cause, say so.\n"
    "- The next_step: what the person should check or change next, in one sentence. If GitOps delivers the"
    " object, the change belongs into Git. It is advice; you do nothing yourself.\n"
    "No commands, no links, no lists, no markup."
)
_SCHEMA: JsonObject = {
    "type": "object",
    # Bounded, or a small model goes on until its tokens are used up.
    "properties": {
        "explanation": {"type": "string", "maxLength": 1000},
        "next_step": {"type": "string", "maxLength": 400},
    },
    "required": ["explanation", "next_step"],
}
_ADDRESS = re.compile(r"://|\bwww\.")
_MARKUP = re.compile(r"[`*#|~⟦⟧<>{}\[\]]|(?<!\w)_+|_+(?!\w)")
# What a shell would understand, and not "let Flux apply it": people are told what to do, not what to paste.
_COMMAND = re.compile(
    r"\b(?:kubectl|k9s|sudo|curl|wget|ssh|scp|bash|chmod|chown|systemctl|docker|podman|k3s|ollama)\s+-?\w"
    r"|\bflux\s+(?:delete|reconcile|resume|suspend)\s+(?:helmrelease|hr|kustomization|ks|source)\b"
    r"|\bargocd\s+app\b|\bgit\s+(?:checkout|commit|merge|push|reset|revert)\b"
    r"|\bhelm\s+(?:delete|install|rollback|uninstall|upgrade)\b|\bterraform\s+(?:apply|destroy)\b"
    r"|\brm\s+-|&&|\$\(|\|\s*(?:ba)?sh\b",
    re.IGNORECASE,
)


class UnusableAnswerError(HubError):
    """The model answered, but not with an explanation in the language that was asked for."""

    key = "bad_response"


@dataclass(frozen=True, slots=True)
class Explained:
    """A problem with what is known about it.

    `explanation` and `model` are None where no model could say anything; `reason` tells why, in the
    language of the person. `next_step` is None where there is no advice.
    """

    problem: Problem
    explanation: str | None
    evidence: tuple[Evidence, ...]
    next_step: str | None
    model: str | None
    reason: str | None = None


def general_agent(homelab: HomelabData) -> Agent | None:
    """Return whose model answers what no agent was asked: the first AI task's, else the first agent's."""
    entry = homelab.health.config_entry
    for subentry_type in (AI_TASK_DATA, CONVERSATION):
        for subentry in entry.get_subentries_of_type(subentry_type):
            if agent := homelab.agents.get(subentry.subentry_id):
                return agent
    return None


async def explain(
    hass: HomeAssistant, homelab: HomelabData, problem: Problem, language: str, patience: float = PATIENCE
) -> Explained:
    """Return a problem with its evidence, and with an explanation if a model gives one in time.

    Raises nothing. The same explanation is remembered for a week. `patience` in seconds.
    """
    evidence = await gather(homelab, problem)
    agent = general_agent(homelab)
    if agent is None:
        reason = await _text(hass, language, "no_agent", homelab=homelab.name)
        return Explained(problem, None, evidence, None, None, reason)
    tag = supported(language)
    key = content_key(problem, evidence, tag, agent.settings.model)
    ask = partial(_ask, agent, problem, evidence, tag)
    try:
        explanation = await homelab.health.explanations.get(key, ask, patience)
    except UnusableAnswerError:
        reason = await _text(hass, language, "answer_no_json")
    except KNOWN_ERRORS as err:
        reason = str(await spoken(hass, err, homelab.hubs[0].name, language))
    else:
        if explanation is not None:
            return Explained(
                problem, explanation.explanation, evidence, explanation.next_step, explanation.model
            )
        reason = await _text(hass, language, "answer_pending")
    return Explained(problem, None, evidence, None, None, reason)


async def recall(homelab: HomelabData, problem: Problem, language: str) -> Explained:
    """Return a problem with its evidence, and with an explanation if a model gave one before; asks none."""
    evidence = await gather(homelab, problem)
    if agent := general_agent(homelab):
        key = content_key(problem, evidence, supported(language), agent.settings.model)
        if explanation := homelab.health.explanations.find(key):
            return Explained(
                problem, explanation.explanation, evidence, explanation.next_step, explanation.model
            )
    return Explained(problem, None, evidence, None, None)


async def _text(hass: HomeAssistant, language: str, key: str, **placeholders: str) -> str:
    return await sentence(hass, language, f"exceptions.{key}.message", **placeholders)


async def _ask(agent: Agent, problem: Problem, evidence: tuple[Evidence, ...], language: str) -> Explanation:
    """Ask the model once. Raises ApiError or HubError."""
    system = _SYSTEM.format(language=LANGUAGES[language], untrusted=UNTRUSTED)
    num_ctx = agent.settings.num_ctx
    max_tokens = min(_MAX_TOKENS, num_ctx // 2)
    question = _question(problem, evidence, num_ctx - max_tokens - _INSTRUCTIONS)
    try:
        async with asyncio.timeout(LONGEST):
            answer = await complete(
                agent,
                [Message("system", system), Message("user", question)],
                Purpose.BACKGROUND,
                output_format=_SCHEMA,
                max_tokens=max_tokens,
                temperature=_TEMPERATURE,
            )
    except TimeoutError as err:
        # A hub that does not answer at all is known much sooner.
        raise ApiBusyError(f"no answer in {LONGEST:g} s") from err
    explanation, next_step = read_answer(answer.text, language)
    return Explanation(explanation, next_step, answer.model, dt_util.utcnow())


def _question(problem: Problem, evidence: tuple[Evidence, ...], tokens: int) -> str:
    """Return the problem and its evidence, every foreign word of it fenced, as much as there is room for."""
    room = max(_LEAST_EVIDENCE, min(_MOST_EVIDENCE, tokens * _CHARACTERS_PER_TOKEN))
    lines = [
        f"Problem: {problem.kind}, severity {problem.severity.value}",
        f"Name: {fence(problem.name)}",
        f"Summary: {fence(problem.summary)}",
    ]
    for part in evidence:
        text = fence(part.text, min(room, MAX_EVIDENCE))
        lines.append(f"{part.title}: {text}")
        room -= len(lines[-1])
        if room < _LEAST_PIECE:
            break
    return "\n".join(lines)


def read_answer(text: str, language: str) -> tuple[str, str | None]:
    """Return explanation and next step, plain and bounded, from the answer of a model.

    Raises UnusableAnswerError for what is none: no such object, another language, commands.
    """
    if len(text) > _MAX_ANSWER:
        raise UnusableAnswerError("the answer is too long")
    try:
        data = json_loads(text)
    except ValueError as err:
        raise UnusableAnswerError("the answer is no JSON") from err
    if not isinstance(data, dict) or not isinstance(explanation := data.get("explanation"), str):
        raise UnusableAnswerError("the answer has no explanation")
    explanation = _speakable(explanation, MAX_EXPLANATION)
    if not explanation or _COMMAND.search(explanation) or is_foreign(explanation, language):
        raise UnusableAnswerError("the answer is no explanation")
    step = data.get("next_step")
    step = _speakable(step, MAX_NEXT_STEP) if isinstance(step, str) else ""
    is_advice = bool(step) and not _COMMAND.search(step) and not is_foreign(step, language)
    return explanation, step if is_advice else None


def _speakable(text: str, limit: int) -> str:
    """Return a text without markup and links, whole sentences of it if it is too long."""
    words = plain(text, limit * 4).split()
    line = plain(_MARKUP.sub("", " ".join(word for word in words if not _ADDRESS.search(word))), limit)
    whole = line[: max(line.rfind(end) for end in ".!?") + 1]
    return whole if line.endswith("…") and len(whole) > limit // 2 else line
