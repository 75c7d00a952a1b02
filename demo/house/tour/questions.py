"""Chapters: what Jarvis is asked about the homelab, in every language, with the hub on and with it off."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from demo.servers.kubernetes.homelab import APPS
from demo.servers.ollama import OllamaServer
from demo.servers.ollama.brain.language import is_german

from ..assist import Conversation, Turn
from ..check import Finding
from ..homelab import PIPELINE, make_voice
from ..phrases import PHRASES, Phrases
from .guide import Guide

BROKEN, UNSAVED = APPS[2], APPS[4]
"""What is wrong meanwhile: an app cannot start, and the backup of another one's namespace has failed."""
LOOKED_UP, VERSIONED = APPS[8], APPS[7]
NODE = "pve-worker"
_HUB, _NEEDY = "Ollama", "Open WebUI"


@dataclass(frozen=True, slots=True)
class Question:
    """The tool that a model is to call, and what a true answer names: with a hub, and with every hub off."""

    tool: str
    facts: tuple[str, ...]
    facts_without_hub: tuple[str, ...]


# By the keys of their phrases.
QUESTIONS: Mapping[str, Question] = MappingProxyType(
    {
        "health": Question("get_health", (BROKEN.name,), (_HUB, BROKEN.name)),
        "why": Question("explain_problem", (BROKEN.name,), (BROKEN.name,)),
        "backups": Question("look_up", (UNSAVED.namespace,), (UNSAVED.namespace,)),
        "hub": Question("look_up", (_HUB,), (_HUB,)),
        "running": Question("look_up", (LOOKED_UP.name,), (LOOKED_UP.name,)),
        "version": Question(
            "look_up", (VERSIONED.image.rpartition(":")[2],), (VERSIONED.image.rpartition(":")[2],)
        ),
        "place": Question("look_up", (NODE,), (NODE,)),
        "depending": Question("look_up", (_NEEDY,), (_NEEDY,)),
        "models": Question("look_up", ("llama3.1",), ("llama3.1",)),
        "happened": Question("get_timeline", (BROKEN.name,), (_HUB,)),
    }
)


async def ask(guide: Guide) -> list[Finding]:
    """Ask Jarvis, who knows the facts without the model; and once where Home Assistant's own agent does."""
    findings = []
    for language, phrases in _spoken(guide):
        guide.console.step(f"{PIPELINE} about the homelab, in {phrases.language}")
        asked = _chats(guide)
        turns = await _conversation(guide, language)
        where = f"with the hub on, in {phrases.language}"
        found = answered(where, language, turns, with_hub=True, with_model=False)
        findings.append(_unless_asked(guide, found, asked))
    return [*findings, await _ask_locally(guide)]


async def ask_without_hub(guide: Guide) -> list[Finding]:
    """Ask the same while no hub answers."""
    findings = []
    for language, phrases in _spoken(guide):
        guide.console.step(f"{PIPELINE} without any hub, in {phrases.language}")
        asked = _chats(guide)
        turns = await _conversation(guide, language)
        found = answered(f"with every hub off, in {phrases.language}", language, turns, with_hub=False)
        findings.append(_unless_asked(guide, found, asked))
    return findings


async def _ask_locally(guide: Guide) -> Finding:
    """Ask where Home Assistant's own agent comes before the model."""
    guide.console.step("The same question where local handling is preferred")
    agent = (await guide.homelab()).first("conversation").entity_id
    name = f"{PIPELINE} (local)"
    pipeline = await make_voice(guide.client, agent, guide.language, name, local=True)
    asked = _chats(guide)
    talk = Conversation(guide.client, guide.console, pipeline, guide.phrases.you, PIPELINE)
    turn = await talk.ask(guide.phrases.questions["backups"])
    found = answered("where local handling is preferred", guide.language, {"backups": turn}, with_hub=False)
    return _unless_asked(guide, found, asked)


def answered(
    where: str, language: str, turns: Mapping[str, Turn], *, with_hub: bool, with_model: bool | None = None
) -> Finding:
    """Whether all was answered: truly, in the language of the question, with the right tool.

    `with_model` says whether the model was to be asked; without a word about it, it is where there is a hub.
    """
    by_tool = with_hub if with_model is None else with_model
    objections = [
        f"{key}: {objection}"
        for key, turn in turns.items()
        for objection in _objections(QUESTIONS[key], turn, language, with_hub=with_hub, by_tool=by_tool)
    ]
    told = (
        "the question about the homelab is"
        if len(turns) == 1
        else f"{len(turns)} questions about the homelab are"
    )
    return Finding(
        not objections, f"{told} answered {where}" + (f" – {'; '.join(objections)}" if objections else "")
    )


def _objections(
    question: Question, turn: Turn, language: str, *, with_hub: bool, by_tool: bool
) -> Iterator[str]:
    if turn.error or not turn.speech:
        yield turn.error or "no answer"
        return
    facts = question.facts if with_hub else question.facts_without_hub
    if missing := [fact for fact in facts if not _mentions(turn.speech, fact)]:
        yield f"{', '.join(missing)} not mentioned"
    if is_german(turn.speech) != (language == "de"):
        yield "in another language"
    called = [name.rpartition("__")[2] for name in turn.tools]
    if question.tool not in called if by_tool else called:
        yield f"called {', '.join(called) or 'no tool'}"


def _mentions(speech: str, fact: str) -> bool:
    """Whether something is named, however it is written."""
    return _letters(fact) in _letters(speech)


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.lower()))


def _unless_asked(guide: Guide, found: Finding, before: int) -> Finding:
    """The finding, and that no model was asked since there were so many requests before."""
    if not found.passed or not hubs(guide):
        return found
    more = _chats(guide) - before
    text = f"{found.text}, without any request to a model"
    return Finding(not more, text + (f" – {more} requests" if more else ""))


def _spoken(guide: Guide) -> list[tuple[str, Phrases]]:
    """The languages, that of the house first."""
    return sorted(PHRASES.items(), key=lambda one: one[0] != guide.language)


async def _conversation(guide: Guide, language: str) -> dict[str, Turn]:
    """Ask all questions in this language; the answers by key."""
    agent = (await guide.homelab()).first("conversation").entity_id
    name = PIPELINE if language == guide.language else f"{PIPELINE} ({language})"
    phrases = PHRASES[language]
    pipeline = await make_voice(guide.client, agent, language, name)
    talk = Conversation(guide.client, guide.console, pipeline, phrases.you, PIPELINE)
    return {key: await talk.ask(phrases.questions[key]) for key in QUESTIONS}


def _chats(guide: Guide) -> int:
    """How many requests to a model the hubs have seen."""
    return sum(len(hub.requests_to("/api/chat")) for hub in hubs(guide))


def hubs(guide: Guide) -> Sequence[OllamaServer]:
    """The simulated hubs."""
    return [hub for hub in (guide.lab.hub, guide.lab.standby) if hub is not None]
