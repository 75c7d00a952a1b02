"""What it costs to know very many things, and to understand questions about them without a model."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
import gc
import importlib
import socket
import time
from typing import Any

from demo.house.options import LOOPBACK
from homeassistant.components import conversation
from homeassistant.components.conversation.agent_manager import get_agent_manager
from homeassistant.core import Context

from . import crowd
from .errors import BenchError
from .figures import Unit
from .memory import resident
from .options import Options
from .part import Found, Say
from .processes import fresh
from .readings import AtMost, Reading
from .stalls import Rounds
from .watching import Homelab, System, run

NAMED = 5000
_ASKED = 40
"""Questions of each language; Home Assistant remembers the last sentences, so none is asked twice."""
_CHANGES = 200
_MEGABYTE = 1e6
_SECOND, _CHANGE, _MEMORY, _STALL = AtMost(20), AtMost(2), AtMost(40), AtMost(50)
_PACKAGE = "custom_components.homelab_ai"
_NAMES = {"en": "English", "de": "German"}
_QUESTIONS = {
    "en": ("is {} running", "why is {} failing", "when was the last backup of {}", "mute {} for two hours"),
    "de": ("läuft {}", "warum ist {} kaputt", "wann war das letzte Backup von {}", "was hängt von {} ab"),
}
_OTHERS = {
    "en": ("what is the capital of {} and how many people live there", "turn on the {} in the tree house"),
    "de": ("was ist die Hauptstadt von {} und wie viele leben dort", "schalte {} im Baumhaus ein"),
}


@dataclass(slots=True)
class Spent:
    """Milliseconds of CPU of all threads, in one language: the first sentence, and those after it."""

    first: float = 0.0
    ours: list[float] = field(default_factory=list)
    others: list[float] = field(default_factory=list)
    unheard: list[float] = field(default_factory=list)
    without_ours: list[float] = field(default_factory=list)
    """Of the same sentences, where Home Assistant has its own sentences only."""


@dataclass(slots=True)
class Understood:
    """What understanding has cost, by language."""

    spent: dict[str, Spent] = field(default_factory=dict)
    stall: float = 0.0
    megabytes: float = 0.0


@dataclass(slots=True)
class Known:
    """What knowing a cluster has cost: megabytes, and milliseconds of each change of one pod."""

    megabytes: float
    changes: list[float]


async def measured(options: Options, say: Say) -> Found:
    """The readings."""
    loop = asyncio.get_running_loop()
    with fresh() as processes:
        say("things: a large cluster")
        known = await loop.run_in_executor(processes, knowing)
        say(f"things: questions about {NAMED:,} things")
        understood = await loop.run_in_executor(processes, understanding)
    return Found(readings=tuple(readings(known, understood)), notes=tuple(_notes()))


def readings(known: Known, understood: Understood) -> Iterator[Reading]:
    """What is shown, and what is expected of it."""
    cluster = f"{crowd.PODS:,} pods, {crowd.WORKLOADS} workloads and {crowd.CLAIMS} claims"
    yield Reading(f"Memory of the things of {cluster}", Unit.MEGABYTES, [known.megabytes], _MEMORY)
    yield Reading("A pod of these changes", Unit.MILLISECONDS, known.changes, _CHANGE)
    for language, spent in understood.spent.items():
        of = f"{NAMED:,} things, {_NAMES[language]}"
        aside = f"first one {spent.first:,.0f} ms"
        yield Reading(f"Answer without a model, {of}", Unit.MILLISECONDS, spent.ours, _SECOND, aside=aside)
        case = f"To recognise that a sentence is not ours, before a model, {of}"
        yield Reading(case, Unit.MILLISECONDS, spent.others, _SECOND)
        case = f"A sentence that nobody understands, without a model, {of}"
        yield Reading(case, Unit.MILLISECONDS, spent.unheard)
        yield Reading(
            f"The same, of Home Assistant's own sentences only, {of}", Unit.MILLISECONDS, spent.without_ours
        )
    yield Reading(
        "Longest stall, names learned and questions asked", Unit.MILLISECONDS, [understood.stall], _STALL
    )
    yield Reading(
        f"Memory of all sentences in two languages, and of the names of {NAMED:,} things",
        Unit.MEGABYTES,
        [understood.megabytes],
    )


def knowing() -> Known:
    """Measure it in this process, which must be a fresh one."""
    topology_package = importlib.import_module(f"{_PACKAGE}.topology")
    names_module = importlib.import_module(f"{_PACKAGE}.language.naming")
    gc.collect()
    before = resident()
    topology, names = topology_package.Topology(), names_module.ThingNames()
    things = crowd.cluster(topology_package)
    names.update(topology, topology.report(crowd.SOURCE, things))
    gc.collect()
    megabytes = (resident() - before) / _MEGABYTE
    changes: list[float] = []
    for number in range(_CHANGES):
        changed = crowd.pod(topology_package, number, facts={"restarts": number + 1})
        things = {**things, changed.id: changed}
        began = time.process_time()
        names.update(topology, topology.report(crowd.SOURCE, things))
        changes.append((time.process_time() - began) * 1000)
    return Known(megabytes, changes)


def understanding() -> Understood:
    """Measure it in this process, which must be a fresh one; its hub refuses."""
    with socket.socket() as reserved:
        reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        reserved.bind((LOOPBACK, 0))
        port = reserved.getsockname()[1]
        return run(_understanding, f"http://{LOOPBACK}:{port}", System("kubernetes", {}, "", 0))


async def _understanding(homelab: Homelab, rounds: Rounds) -> Understood:
    things, found = homelab.data.things, Understood()
    package = importlib.import_module(f"{_PACKAGE}.topology")
    crowded = crowd.named(package, NAMED)
    things.names.update(things.topology, things.topology.report(crowd.SOURCE, crowded))
    await homelab.hass.async_block_till_done()
    gc.collect()
    before = resident()
    sentences = importlib.import_module(f"{_PACKAGE}.assistant.sentences")
    with rounds.watched() as stall:
        await sentences.async_teach_names(homelab.hass)
        for language in _QUESTIONS:
            found.spent[language] = await _asked(homelab, language)
    found.stall = stall.cpu * 1000
    gc.collect()
    found.megabytes = (resident() - before) / _MEGABYTE
    return found


async def _asked(homelab: Homelab, language: str) -> Spent:
    spent = Spent()
    for number in range(_ASKED):
        name = crowd.name_of(number * (NAMED // _ASKED)).replace("-", " ")
        text = _QUESTIONS[language][number % len(_QUESTIONS[language])].format(name)
        milliseconds = await _cpu(partial(_answer, homelab, text, language))
        if number:
            spent.ours.append(milliseconds)
        else:
            spent.first = milliseconds
        other = _OTHERS[language][number % len(_OTHERS[language])]
        for times, strict, place in ((spent.others, True, "Narnia"), (spent.unheard, False, "Oz")):
            text = other.format(f"{place} {number}")
            times.append(await _cpu(partial(_recognise, homelab, text, language, strict)))
    await _own_only(homelab, language)
    for number in range(_ASKED):
        text = _OTHERS[language][number % len(_OTHERS[language])].format(f"Utopia {number}")
        spent.without_ours.append(await _cpu(partial(_recognise, homelab, text, language, False)))
    return spent


async def _own_only(homelab: Homelab, language: str) -> None:
    """Take our sentences away, until all are read anew."""
    agent = get_agent_manager(homelab.hass).default_agent
    assert agent is not None
    loaded = await agent.async_get_or_load_intents(language)
    assert loaded is not None
    ours = [name for name in loaded.intents.intents if name.startswith("Homelab")]
    for name in ours:
        del loaded.intents.intents[name]


async def _cpu(work: Any) -> float:
    began = time.process_time()
    await work()
    return (time.process_time() - began) * 1000


async def _answer(homelab: Homelab, text: str, language: str) -> None:
    result = await conversation.async_converse(homelab.hass, text, None, Context(), language=language)
    if result.response.response_type.value == "error":
        raise BenchError(f"{text!r} was not understood: {result.response.as_dict()}")


async def _recognise(homelab: Homelab, text: str, language: str, strict: bool) -> None:
    agent = get_agent_manager(homelab.hass).default_agent
    assert agent is not None
    spoken = conversation.ConversationInput(
        text=text,
        context=Context(),
        conversation_id=None,
        device_id=None,
        satellite_id=None,
        language=language,
        agent_id=conversation.HOME_ASSISTANT_AGENT,
    )
    await agent.async_recognize_intent(spoken, strict_intents_only=strict)


def _notes() -> Iterator[str]:
    yield (
        f"things: CPU time of all threads, the worst of {_CHANGES} changes or {_ASKED} sentences of each"
        " language, each said once; memory with Home Assistant's own sentences, which are read with ours"
    )
