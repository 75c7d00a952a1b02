"""Fixtures that every test may ask for."""

# Before any hass exists: the test plug-in brings a custom_components package of its own; the first one wins.
import custom_components.homelab_ai  # isort: skip # noqa: F401

from collections.abc import AsyncGenerator, Generator
from functools import lru_cache
from typing import TYPE_CHECKING

from hassil import intents
from hassil.parse_expression import parse_sentence
import pytest
from pytest_homeassistant_custom_component.syrupy import (
    HomeAssistantSnapshotExtension,
    HomeAssistantSnapshotSerializer,
)
from syrupy.assertion import SnapshotAssertion
from syrupy.types import SerializableData

from homeassistant.components.conversation.default_agent import DefaultAgent
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er

from .translations import watch

if TYPE_CHECKING:
    from demo.servers.ollama import OllamaServer


class _Serializer(HomeAssistantSnapshotSerializer):
    """Leaves out what only some Home Assistant versions have, so that one snapshot fits all."""

    @classmethod
    def _serializable_entity_registry_entry(cls, data: er.RegistryEntry) -> SerializableData:
        serialized = super()._serializable_entity_registry_entry(data)
        serialized.pop("compat_name", None)  # since 2026.11
        return serialized


class _SnapshotExtension(HomeAssistantSnapshotExtension):
    """Keeps snapshots in ``tests/snapshots``."""

    serializer_class = _Serializer


@pytest.fixture(autouse=True)
def _custom_integrations(request: pytest.FixtureRequest) -> None:
    """Let Home Assistant find the integration; the recorder has to be there before ``hass`` is."""
    if "recorder_mock" in request.fixturenames:
        request.getfixturevalue("recorder_mock")
    if "hass" in request.fixturenames:
        request.getfixturevalue("enable_custom_integrations")


@pytest.fixture(autouse=True)
def enable_event_loop_debug() -> None:
    """Leave asyncio's debug mode off, which the test plug-in turns on: it doubles the time of the suite.

    Home Assistant itself still notices what blocks its loop, or comes to it from another thread.
    """


@pytest.fixture(scope="session", autouse=True)
def _sentences_are_parsed_once() -> Generator[None]:
    """Parse a template once for all tests: half a second of each that holds a conversation goes into that."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(intents, "parse_sentence", lru_cache(maxsize=20_000)(parse_sentence))
        yield


@pytest.fixture(autouse=True)
def _forget_sentences(monkeypatch: pytest.MonkeyPatch) -> Generator[None]:
    """Let go of the sentences that a hass has read: they are large, and the hass is kept after its test."""
    agents: list[DefaultAgent] = []
    init = DefaultAgent.__init__

    def remember(agent: DefaultAgent, hass: HomeAssistant) -> None:
        init(agent, hass)
        agents.append(agent)

    monkeypatch.setattr(DefaultAgent, "__init__", remember)
    yield
    for agent in agents:
        agent._lang_intents.clear()
        agent._intent_cache.clear()


@pytest.fixture(autouse=True)
def _translated(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Generator[None]:
    """Fail a test in which people would have seen a text of ours that does not exist."""
    if "hass" not in request.fixturenames:
        yield
        return
    guard = watch(monkeypatch)
    yield
    assert guard.missing == []


@pytest.fixture
def snapshot(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    """Return snapshots that live in ``tests/snapshots`` and leave out what changes from run to run."""
    return snapshot.use_extension(_SnapshotExtension)


@pytest.fixture
async def hub(socket_enabled: None) -> AsyncGenerator[OllamaServer]:
    """Return a simulated Ollama server that answers at once, over a real socket on 127.0.0.1."""
    from demo.servers.ollama import OllamaServer, Timing

    async with OllamaServer(timing=Timing.instant()) as server:
        yield server
