"""The referee: what it finds in one look, and what it remembers of earlier ones."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from custom_components.homelab_ai.agent.agent import Agent, AgentSettings
from custom_components.homelab_ai.api.ollama import InstalledModel, LoadedModel, ModelDetails
from custom_components.homelab_ai.hub.pool import HubPool
from custom_components.homelab_ai.hub.referee import MEMORY, FindingKind, Neighbours, Referee, find
from custom_components.homelab_ai.hub.state import HubState

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
GIB = 1024**3
LLAMA, TINY, GEMMA, NOMIC, IMPORTED = "llama3.1:8b", "tiny:1b", "gemma3:4b", "nomic:latest", "imported:latest"

CAN: dict[str, tuple[tuple[str, ...], int | None]] = {
    LLAMA: (("completion", "tools"), 131_072),
    TINY: (("completion", "tools"), 2048),
    GEMMA: (("completion", "vision"), 131_072),
    NOMIC: (("embedding",), 2048),
    IMPORTED: ((), None),  # an old server, or a template it does not know: nothing is known of it
}


def agent(name: str = "Jarvis", *, tools: bool = True, **settings: Any) -> Agent:
    """An agent as a person would have set it up."""
    chosen: dict[str, Any] = {"model": LLAMA, "num_ctx": 8192, "keep_alive": 1800} | settings
    return Agent(
        name.lower(),
        name,
        AgentSettings(think=None, temperature=None, max_history=20, **chosen),
        HubPool(()),
        needs_tools=tools,
    )


def loaded(name: str = LLAMA, **facts: Any) -> LoadedModel:
    """A model that is all in the GPU, for half an hour."""
    model = LoadedModel(name, name, 6 * GIB, 6 * GIB, 8192, NOW + timedelta(minutes=30))
    return replace(model, **facts)


def seen(*models: LoadedModel, installed: Sequence[str] = tuple(CAN), **facts: Any) -> HubState:
    """A look at a server; a model's name is its digest."""
    state = HubState(
        online=True,
        seen_at=NOW,
        installed=tuple(InstalledModel(name, name, GIB, NOW, "", "", "") for name in installed),
        loaded=models,
        details={name: ModelDetails(frozenset(can), length) for name, (can, length) in CAN.items()},
    )
    return replace(state, **facts)


JARVIS = (agent(),)
FOREVER = NOW + timedelta(days=365 * 292)

FINDINGS: dict[str, tuple[HubState, tuple[Agent, ...], list[tuple[str, str, dict[str, str]]]]] = {
    "nothing is loaded": (seen(), JARVIS, []),
    "all is well": (seen(loaded(), loaded(TINY, context_length=512)), JARVIS, []),
    "no agents": (seen(loaded(context_length=4096)), (), []),
    "an agent's model by another spelling": (
        seen(loaded("Jarvis:latest"), installed=["Jarvis:latest"]),
        (agent(model="jarvis"),),
        [],
    ),
    "another program loaded it with another context": (
        seen(loaded(context_length=4096)),
        JARVIS,
        [
            (
                "context_conflict",
                LLAMA,
                {"model": LLAMA, "loaded": "4096", "wanted": "8192", "agent": "Jarvis"},
            )
        ],
    ),
    "the agent that wants most is named": (
        seen(loaded(context_length=2048)),
        (agent("Small", num_ctx=4096), agent("Large", num_ctx=16384), agent("Larger", num_ctx=16384)),
        [
            (
                "context_conflict",
                LLAMA,
                {"model": LLAMA, "loaded": "2048", "wanted": "16384", "agent": "Large"},
            ),
            (
                "agents_disagree",
                LLAMA,
                {"model": LLAMA, "agents": "Small: 4096, Large: 16384, Larger: 16384", "wanted": "16384"},
            ),
        ],
    ),
    "a server before 0.10 does not tell the context": (seen(loaded(context_length=None)), JARVIS, []),
    "the model knows less than is asked for": (
        seen(loaded(TINY, context_length=2048)),
        (agent(model=TINY, num_ctx=8192),),
        [],
    ),
    "two agents ask for more than the model knows": (
        seen(loaded(TINY, context_length=2048)),
        (agent("One", model=TINY, num_ctx=8192), agent("Two", model=TINY, num_ctx=4096)),
        [],
    ),
    "a model of which nothing is known": (
        seen(loaded(IMPORTED, context_length=8192)),
        (agent(model=IMPORTED),),
        [],
    ),
    "agents disagree": (
        seen(loaded(context_length=4096)),
        (
            agent("One", num_ctx=4096),
            agent("Two", model="LLAMA3.1:8B", num_ctx=8192),
            agent("Three", model=TINY),
        ),
        [
            (
                "agents_disagree",
                LLAMA,
                {"model": LLAMA, "agents": "One: 4096, Two: 8192", "wanted": "8192"},
            )
        ],
    ),
    "another program pinned it": (
        seen(loaded(expires_at=FOREVER), loaded(GEMMA, expires_at=FOREVER, size_vram=3 * GIB, size=3 * GIB)),
        JARVIS,
        [
            ("model_pinned", LLAMA, {"model": LLAMA, "size": 6.0}),
            ("model_pinned", GEMMA, {"model": GEMMA, "size": 3.0}),
        ],
    ),
    "the agent itself pinned it": (seen(loaded(expires_at=FOREVER)), (agent(keep_alive=-1),), []),
    "a model that stays for a year": (seen(loaded(expires_at=NOW + timedelta(days=365))), JARVIS, []),
    "a model whose expiry is not told": (seen(loaded(expires_at=None)), JARVIS, []),
    "it does not fit": (
        seen(loaded(size=8 * GIB)),
        JARVIS,
        [
            (
                "model_spills",
                LLAMA,
                {"model": LLAMA, "spilled": 2.0, "percent": "25", "context": "8192"},
            )
        ],
    ),
    "it does not fit, on an old server": (
        seen(loaded(size=8 * GIB, context_length=None)),
        (),
        [("model_spills", LLAMA, {"model": LLAMA, "spilled": 2.0, "percent": "25", "context": "?"})],
    ),
    "a server without a GPU": (seen(loaded(size_vram=0)), JARVIS, []),
    "the model is gone": (
        seen(installed=[TINY]),
        JARVIS,
        [("model_missing", "jarvis", {"agent": "Jarvis", "model": LLAMA})],
    ),
    "the model cannot use tools": (
        seen(installed=[GEMMA, LLAMA, NOMIC, TINY]),
        (agent(model=GEMMA),),
        [("model_without_tools", "jarvis", {"agent": "Jarvis", "model": GEMMA})],
    ),
    "an agent that needs no tools": (seen(), (agent(model=GEMMA, tools=False),), []),
    "the model cannot chat": (
        seen(),
        (agent(model=NOMIC), agent("Task", model=NOMIC, tools=False)),
        [
            ("model_cannot_chat", "jarvis", {"agent": "Jarvis", "model": NOMIC}),
            ("model_cannot_chat", "task", {"agent": "Task", "model": NOMIC}),
        ],
    ),
}


@pytest.mark.parametrize("case", FINDINGS)
def test_finds(case: str) -> None:
    state, agents, expected = FINDINGS[case]
    assert [(str(one.kind), one.subject, dict(one.facts)) for one in find(state, agents)] == expected


CONFLICT = seen(loaded(context_length=4096))
FINE = seen(loaded())


def after(state: HubState, minutes: float) -> HubState:
    return replace(state, seen_at=NOW + timedelta(minutes=minutes))


def test_remembers_a_fight_for_a_while() -> None:
    """Clients fight in turns: after each of ours all looks well."""
    referee = Referee()
    assert [one.kind for one in referee.judge(CONFLICT, JARVIS)] == [FindingKind.CONTEXT_CONFLICT]
    assert len(referee.judge(after(FINE, 14.9), JARVIS)) == 1
    assert referee.judge(after(FINE, 15), JARVIS) == ()
    assert timedelta(minutes=15) == MEMORY


def test_forgets_a_while_after_the_last_time() -> None:
    referee = Referee()
    referee.judge(CONFLICT, JARVIS)
    referee.judge(after(CONFLICT, 10), JARVIS)
    assert len(referee.judge(after(FINE, 24), JARVIS)) == 1
    assert referee.judge(after(FINE, 25), JARVIS) == ()


def test_tells_the_newest_facts() -> None:
    referee = Referee()
    referee.judge(CONFLICT, JARVIS)
    (found,) = referee.judge(after(seen(loaded(context_length=2048)), 1), JARVIS)
    assert found.facts["loaded"] == "2048"
    (found,) = referee.judge(after(FINE, 2), JARVIS)
    assert found.facts["loaded"] == "2048"


@pytest.mark.parametrize(
    "state", [seen(loaded(expires_at=FOREVER)), seen(loaded(size=8 * GIB)), seen(installed=[TINY])]
)
def test_remembers_nothing_else(state: HubState) -> None:
    """All else is there or not, and what a person has put right is right."""
    referee = Referee()
    assert len(referee.judge(state, JARVIS)) == 1
    assert referee.judge(after(FINE, 0.5), JARVIS) == ()


def test_remembers_a_fight_while_the_server_is_off() -> None:
    """Of a server that is off nothing is found: not that its models are missing."""
    referee = Referee()
    off = HubState(online=False, seen_at=NOW)
    assert referee.judge(off, JARVIS) == ()
    referee.judge(CONFLICT, JARVIS)
    assert len(referee.judge(after(off, 5), JARVIS)) == 1
    assert referee.judge(after(off, 15), JARVIS) == ()


# With other servers in the pool

HAS, LACKS, OFF = seen(), seen(installed=[TINY]), HubState(online=False, seen_at=NOW, problem="refused")
UNSEEN = HubState(online=False, seen_at=NOW)
MISSING = ("model_missing", "jarvis", {"agent": "Jarvis", "model": LLAMA})
LACKING = ("hub_lacks_model", LLAMA, {"agents": "Jarvis", "model": LLAMA})


@pytest.mark.parametrize(
    ("state", "neighbours", "expected"),
    [
        (LACKS, Neighbours(after=(LACKS,)), [MISSING]),
        (LACKS, Neighbours(after=(OFF,)), [MISSING]),
        (LACKS, Neighbours(after=(HAS,)), [LACKING]),
        # Looked at in a moment: until then nobody knows.
        (LACKS, Neighbours(after=(UNSEEN,)), []),
        (LACKS, Neighbours(before=(HAS,)), [LACKING]),
        (LACKS, Neighbours(before=(LACKS,)), [LACKING]),
        (LACKS, Neighbours(before=(OFF,)), [LACKING]),
        (HAS, Neighbours(before=(LACKS,)), []),
    ],
)
def test_model_that_only_some_servers_have(
    state: HubState, neighbours: Neighbours, expected: list[object]
) -> None:
    found = find(state, JARVIS, neighbours)
    assert [(str(one.kind), one.subject, dict(one.facts)) for one in found] == expected


def test_one_warning_for_all_agents_of_a_model() -> None:
    agents = (agent("One"), agent("Two", model="LLAMA3.1:8B"), agent("Three", model=TINY))
    (found,) = find(LACKS, agents, Neighbours(before=(HAS,)))
    assert found.facts["agents"] == "One, Two"


def test_what_a_model_cannot_do_is_said_by_the_first_server_that_has_it() -> None:
    agents = (agent(model=GEMMA),)
    assert find(HAS, agents, Neighbours(before=(HAS,))) == []
    (found,) = find(HAS, agents, Neighbours(before=(LACKS,), after=(HAS,)))
    assert found.kind is FindingKind.MODEL_WITHOUT_TOOLS


def test_agents_that_disagree_are_told_once() -> None:
    agents = (agent("One", num_ctx=4096), agent("Two"))
    assert [one.kind for one in find(HAS, agents, Neighbours(after=(HAS,)))] == [FindingKind.AGENTS_DISAGREE]
    assert find(HAS, agents, Neighbours(before=(HAS,))) == []
