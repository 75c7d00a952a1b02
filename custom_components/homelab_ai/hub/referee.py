"""The referee: sees clients of one hub fight over its memory, and says which setting ends it.

A server reloads a model whenever a request asks for another context length than the runner has, so
two clients that disagree make each other wait for a load every time they take turns.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from .state import HubState, full_name
from .user import ModelUser

MEMORY = timedelta(minutes=15)
"""How long a finding stays after it was last seen: a fight shows itself only in turns."""


class FindingKind(StrEnum):
    """What the referee can find; also the translation key of its repair."""

    CONTEXT_CONFLICT = "context_conflict"
    AGENTS_DISAGREE = "agents_disagree"
    MODEL_PINNED = "model_pinned"
    MODEL_SPILLS = "model_spills"
    MODEL_MISSING = "model_missing"
    HUB_LACKS_MODEL = "hub_lacks_model"
    MODEL_WITHOUT_TOOLS = "model_without_tools"
    MODEL_CANNOT_CHAT = "model_cannot_chat"


CONTENTION = (FindingKind.CONTEXT_CONFLICT, FindingKind.AGENTS_DISAGREE, FindingKind.MODEL_PINNED)


@dataclass(frozen=True, slots=True)
class Neighbours:
    """What the pool's other servers are doing: those that are asked before this one, and those after it."""

    before: tuple[HubState, ...] = ()
    after: tuple[HubState, ...] = ()

    @property
    def is_first(self) -> bool:
        """Return whether the judged server is the homelab's own hub."""
        return not self.before

    @property
    def are_known(self) -> bool:
        """Return whether all of them were looked at."""
        return all(state.online or state.problem is not None for state in (*self.before, *self.after))


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to put right; `facts` are the placeholders of its text: plain strings, and sizes in GiB."""

    kind: FindingKind
    subject: str
    facts: Mapping[str, str | float] = field(default_factory=dict, compare=False)


ALONE = Neighbours()


@dataclass(slots=True)
class Referee:
    """Remembers for a while what it found on one server."""

    _seen: dict[Finding, datetime] = field(default_factory=dict)

    def judge(
        self, state: HubState, agents: Sequence[ModelUser], neighbours: Neighbours = ALONE
    ) -> tuple[Finding, ...]:
        """Return what is wrong now or was a short while ago."""
        if state.online:
            now = dict.fromkeys(find(state, agents, neighbours), state.seen_at)
            # New facts replace old ones of the same finding.
            self._seen = {key: seen for key, seen in self._seen.items() if key not in now} | now
        self._seen = {
            finding: seen
            for finding, seen in self._seen.items()
            if seen == state.seen_at
            or (finding.kind is FindingKind.CONTEXT_CONFLICT and state.seen_at - seen < MEMORY)
        }
        return tuple(self._seen)


def find(state: HubState, agents: Sequence[ModelUser], neighbours: Neighbours = ALONE) -> list[Finding]:
    """Return what is wrong with a server that is online, as its state shows it.

    What is wrong with the agents themselves is said once, by the first server that can tell.
    """
    return [
        *_loaded_findings(state, agents),
        *_missing_models(state, agents, neighbours),
        *_unable_models(state, agents, neighbours),
        *(_disagreements(state, agents) if neighbours.is_first else ()),
    ]


def _loaded_findings(state: HubState, agents: Sequence[ModelUser]) -> list[Finding]:
    findings: list[Finding] = []
    for loaded in state.loaded:
        users = [agent for agent in agents if state.find_loaded(agent.settings.model) is loaded]
        contexts = {_context(state, agent): agent.name for agent in reversed(users)}
        if contexts and loaded.context_length is not None and loaded.context_length not in contexts:
            largest = max(contexts)
            findings.append(
                Finding(
                    FindingKind.CONTEXT_CONFLICT,
                    loaded.name,
                    {
                        "model": loaded.name,
                        "loaded": str(loaded.context_length),
                        "wanted": str(largest),
                        "agent": contexts[largest],
                    },
                )
            )
        if state.is_pinned(loaded) and not any(agent.settings.keep_alive < 0 for agent in users):
            size = _gib(loaded.size_vram or loaded.size)
            findings.append(
                Finding(FindingKind.MODEL_PINNED, loaded.name, {"model": loaded.name, "size": size})
            )
        if spilled := loaded.size - loaded.size_vram if loaded.size_vram else 0:
            facts: dict[str, str | float] = {
                "model": loaded.name,
                "spilled": _gib(spilled),
                "percent": str(round(100 * spilled / loaded.size)),
                "context": str(loaded.context_length or "?"),
            }
            findings.append(Finding(FindingKind.MODEL_SPILLS, loaded.name, facts))
    return findings


def _missing_models(state: HubState, agents: Sequence[ModelUser], neighbours: Neighbours) -> list[Finding]:
    """Return the agents without a model; and the models for which no server would step in for another.

    A server may be there for other models on purpose, so the second is no fault: one warning for each model.
    """
    others = (*neighbours.before, *neighbours.after)
    findings: dict[str, Finding] = {}
    for agent in agents:
        model = agent.settings.model
        if state.find(model) is not None:
            continue
        if not neighbours.is_first or any(other.find(model) for other in others):
            facts = {"agents": _names(agents, model), "model": model}
            findings[full_name(model)] = Finding(FindingKind.HUB_LACKS_MODEL, full_name(model), facts)
        elif neighbours.are_known:
            facts = {"agent": agent.name, "model": model}
            findings[agent.owner] = Finding(FindingKind.MODEL_MISSING, agent.owner, facts)
    return list(findings.values())


def _names(agents: Sequence[ModelUser], model: str) -> str:
    """Return the names of those that use a model."""
    return ", ".join(agent.name for agent in agents if full_name(agent.settings.model) == full_name(model))


def _unable_models(state: HubState, agents: Sequence[ModelUser], neighbours: Neighbours) -> list[Finding]:
    findings: list[Finding] = []
    for agent in agents:
        model = agent.settings.model
        facts = {"agent": agent.name, "model": model}
        if any(other.find(model) for other in neighbours.before):
            continue
        if state.lacks(model, "completion"):
            findings.append(Finding(FindingKind.MODEL_CANNOT_CHAT, agent.owner, facts))
        elif agent.needs_tools and state.lacks(model, "tools"):
            findings.append(Finding(FindingKind.MODEL_WITHOUT_TOOLS, agent.owner, facts))
    return findings


def _disagreements(state: HubState, agents: Sequence[ModelUser]) -> list[Finding]:
    """Return where our own agents ask for different context lengths of one model."""
    by_model: dict[str, list[tuple[str, int]]] = {}
    names: dict[str, str] = {}
    for agent in agents:
        # Two names of the same weights reload each other as well.
        weights = state.weights_of(agent.settings.model)
        name = names.setdefault(weights, full_name(agent.settings.model))
        by_model.setdefault(name, []).append((agent.name, _context(state, agent)))
    return [
        Finding(
            FindingKind.AGENTS_DISAGREE,
            model,
            {
                "model": model,
                "agents": ", ".join(f"{name}: {context}" for name, context in users),
                "wanted": str(max(context for _, context in users)),
            },
        )
        for model, users in by_model.items()
        if len({context for _, context in users}) > 1
    ]


def _context(state: HubState, agent: ModelUser) -> int:
    return state.runner_context(agent.settings.model, agent.settings.num_ctx)


def _gib(size: int) -> float:
    return round(size / 1024**3, 1)
