"""What a real Ollama does with models in memory, and what is made of it."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import replace
import ssl

import aiohttp
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.homelab_ai.api import models
from custom_components.homelab_ai.api.chat import ChatRequest, Message
from custom_components.homelab_ai.api.errors import ApiConnectionError, ApiNotFoundError
from custom_components.homelab_ai.api.http import Connection
from custom_components.homelab_ai.api.ollama import OllamaClient
from custom_components.homelab_ai.hub import care, server as server_module
from custom_components.homelab_ai.hub.measurements import Purpose
from custom_components.homelab_ai.hub.referee import FindingKind, find
from custom_components.homelab_ai.hub.server import HubServer
from demo.servers.ollama import Fault, OllamaServer, Reply
from demo.servers.ollama.catalogue import INSTALLED, LLAMA
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from tests.common import conversation_subentry, homelab_entry, hub_subentry, set_up
from tests.hub.test_referee import agent
from tests.turns import listen, until

TWIN = LLAMA.named("twin:1", 1_785_571_300.0)
"""As `ollama cp` makes it: the same manifest."""
JARVIS = LLAMA.built_on("jarvis:latest", num_ctx=2048, temperature=0.1)
"""As a Modelfile makes it: other settings on the same weights."""
WEIGHTS = "9" * 64


@pytest.fixture
async def shared(socket_enabled: None) -> AsyncGenerator[OllamaServer]:
    """A hub with three names for one set of weights, and others."""
    async with OllamaServer([*INSTALLED, TWIN, JARVIS]) as hub:
        yield hub


@pytest.fixture
async def server(shared: OllamaServer) -> AsyncGenerator[HubServer]:
    async with aiohttp.ClientSession() as session:
        client = OllamaClient(session, Connection(shared.url, {}, ssl.create_default_context()))
        yield HubServer("Ollama", client)
        await client.close()


async def answer(server: HubServer, model: str = LLAMA.name, **options: object) -> None:
    request = ChatRequest(model, (Message("user", "Hello"),), num_ctx=8192, keep_alive=600)
    async with server.chat(replace(request, **options), Purpose.VOICE, "jarvis") as chunks:  # type: ignore[arg-type]
        [chunk async for chunk in chunks]


@pytest.mark.parametrize(
    ("modelfile", "weights"),
    [
        (f"# Modelfile\n# FROM x:1\n\nFROM /root/.ollama/models/blobs/sha256-{WEIGHTS}\nTEMPLATE x", WEIGHTS),
        (f"FROM C:\\Users\\A Person\\.ollama\\models\\blobs\\sha256-{WEIGHTS}\r\n", WEIGHTS),
        (f"FROM a/sha256-{WEIGHTS}\nFROM b/sha256-{'1' * 64}\n", WEIGHTS),
        (f"FROM @sha256:{WEIGHTS}\n", WEIGHTS),
        ("FROM llama3.1:8b\n", ""),
        (f"SYSTEM FROM sha256-{WEIGHTS}\n", ""),
        ("", ""),
        (None, ""),
        (7, ""),
    ],
)
def test_weights_are_read_from_the_modelfile(modelfile: object, weights: str) -> None:
    assert models.details({"modelfile": modelfile, "capabilities": []}).weights == weights


@pytest.mark.parametrize(("by", "asked"), [(LLAMA, JARVIS), (LLAMA, TWIN), (JARVIS, LLAMA), (TWIN, JARVIS)])
async def test_loaded_is_a_matter_of_weights(
    shared: OllamaServer, server: HubServer, by: object, asked: object
) -> None:
    await shared.load(by.name, 8192, 600)  # type: ignore[attr-defined]
    state = await server.look()
    assert len(state.loaded) == 1
    found = state.find_loaded(asked.name)  # type: ignore[attr-defined]
    assert found is not None
    assert found.name == by.name  # type: ignore[attr-defined]
    assert state.find_loaded("qwen3:8b") is None
    assert await care.unload(server, asked.name) == (by.name,)  # type: ignore[attr-defined]
    await until(lambda: not shared.loaded)


async def test_two_names_that_reload_each_other_are_seen(shared: OllamaServer, server: HubServer) -> None:
    state = await server.look()
    agents = (agent("Jarvis"), agent("Friday", model="jarvis", num_ctx=2048))
    findings = [found for found in find(state, agents) if found.kind is FindingKind.AGENTS_DISAGREE]
    assert len(findings) == 1
    assert findings[0].facts["agents"] == "Jarvis: 8192, Friday: 2048"
    await shared.load(TWIN.name, 4096, 600)
    state = await server.look()
    conflict = [found for found in find(state, agents[:1]) if found.kind is FindingKind.CONTEXT_CONFLICT]
    assert [found.facts["loaded"] for found in conflict] == ["4096"]


async def test_one_failure_of_unloading_all_is_that_models(shared: OllamaServer, server: HubServer) -> None:
    """A model that is deleted from disk stays in memory, and nobody can unload it."""
    await shared.load("llama3.2:3b", 8192, 600) if shared.hub.find("llama3.2:3b") else None
    await shared.load("qwen3:8b", 4096, 600)
    await shared.load("gemma3:4b", 4096, 600)
    shared.hub.remove(shared.hub.find("qwen3:8b"))  # type: ignore[arg-type]
    unloaded = await care.unload(server)
    assert "gemma3:4b" in unloaded
    assert "qwen3:8b" not in unloaded
    await until(lambda: set(shared.loaded) == {"qwen3:8b"})
    with pytest.raises(ApiNotFoundError):
        await care.unload(server)
    with pytest.raises(care.NotInstalledError):
        await care.unload(server, "qwen3:8b")


async def test_deleted_name_is_unloaded_by_another(shared: OllamaServer, server: HubServer) -> None:
    await shared.load(JARVIS.name, 2048, -1)
    await server.look()
    shared.hub.remove(shared.hub.find(JARVIS.name))  # type: ignore[arg-type]
    assert await care.unload(server) == (JARVIS.name,)
    await until(lambda: not shared.loaded)


async def test_delete_unloads_first(shared: OllamaServer, server: HubServer) -> None:
    await shared.load("qwen3:8b", 4096, -1)
    await shared.load(TWIN.name, 4096, -1)
    await server.look()
    await care.delete(server, "qwen3:8b", ())
    assert set(shared.loaded) == {TWIN.name}
    # Another name needs the same memory.
    await care.delete(server, TWIN.name, ())
    assert len(shared.loaded) == 1
    state = await server.look()
    assert state.find_loaded(LLAMA.name) is not None


async def test_load_is_timed_by_our_clock(shared: OllamaServer, server: HubServer) -> None:
    shared.inject(Fault.slow_load(0.3))
    assert (await care.load(server, LLAMA.name, ())).seconds >= 0.3


@pytest.mark.parametrize("name", ["a b", "!!", "x:y:z", "/"])
async def test_name_that_none_can_have(shared: OllamaServer, server: HubServer, name: str) -> None:
    await server.look()
    for done in (care.copy(server, LLAMA.name, name), care.delete(server, name, (), force=True)):
        with pytest.raises(care.InvalidNameError, match="no name of a model"):
            await done


@pytest.mark.parametrize(
    ("action", "data"),
    [
        ("copy_model", {"model": LLAMA.name, "destination": "a b"}),
        ("pull_model", {"model": "a b"}),
        ("delete_model", {"model": "a b"}),
    ],
)
async def test_invalid_name_is_what_a_person_got_wrong(
    hass: HomeAssistant, hub: OllamaServer, action: str, data: dict[str, str]
) -> None:
    await set_up(hass, homelab_entry(hub.url))
    with pytest.raises(ServiceValidationError, match=r"not a name|does not have"):
        await hass.services.async_call("homelab_ai", action, data, blocking=True, return_response=True)


async def test_without_a_gpu_nothing_spills(socket_enabled: None) -> None:
    async with OllamaServer(vram=0) as hub, aiohttp.ClientSession() as session:
        client = OllamaClient(session, Connection(hub.url, {}, ssl.create_default_context()))
        server = HubServer("Ollama", client)
        await hub.load(LLAMA.name, 8192, -1)
        state = await server.look()
        assert state.loaded[0].size_vram == 0
        assert (state.vram_used, state.ram_spill) == (0, 0)
        kinds = {found.kind: found for found in find(state, ())}
        assert FindingKind.MODEL_SPILLS not in kinds
        assert float(kinds[FindingKind.MODEL_PINNED].facts["size"]) > 1
        await client.close()


async def test_loading_model_is_not_in_memory_yet(shared: OllamaServer, server: HubServer) -> None:
    shared.inject(Fault.slow_load(0.5))
    loading = asyncio.create_task(server.client.load(LLAMA.name, 8192, 600))
    await until(lambda: shared.loaded)
    assert (await server.look()).loaded == ()
    await loading
    assert (await server.look()).find_loaded(LLAMA.name) is not None


async def test_single_token_tells_no_speed(shared: OllamaServer, server: HubServer) -> None:
    await answer(server, num_predict=1)
    assert server.measurements.last is not None
    assert server.measurements.last.generation_speed is None


async def test_prompt_speed_is_of_what_was_evaluated(shared: OllamaServer, server: HubServer) -> None:
    """Another agent's prompt begins as this one's, and the server counts what it had among the tokens."""
    shared.inject(Fault.slow_load(0.3))
    question = Message("user", "word " * 400)
    await answer(server, messages=(question,))
    assert server.measurements.last is not None
    first = server.measurements.last.prompt_speed
    assert first is not None
    for more in ("a", "b"):
        await answer(server, messages=(question, Message("assistant", more), Message("user", "more")))
        assert server.measurements.last.prompt_speed == first


async def test_another_context_is_another_clients(shared: OllamaServer, server: HubServer) -> None:
    """Both are to stay for ever, so the expiry does not tell them apart."""
    await answer(server, keep_alive=-1)
    await server.look()
    assert server.holds_prompt_of("jarvis", LLAMA.name, 8192)
    await shared.load(LLAMA.name, 4096, -1)
    await server.look()
    assert not server.holds_prompt_of("jarvis", LLAMA.name, 8192)


@pytest.mark.parametrize("looks", [True, False], ids=["look of another", "own look"])
async def test_failed_look_ends_the_wait(
    hass: HomeAssistant, socket_enabled: None, monkeypatch: pytest.MonkeyPatch, looks: bool
) -> None:
    """A server that takes connections and answers nothing is left for the next one."""
    monkeypatch.setattr(server_module, "SILENCE", 30.0 if looks else 0.1)
    async with OllamaServer() as frozen, OllamaServer() as standby:
        entry = homelab_entry(frozen.url, conversation_subentry(facts_first=False), hub_subentry(standby.url))
        await set_up(hass, entry)
        hub = entry.runtime_data.hubs[0].server
        frozen.inject(Fault.stall(after=0, path="/api/chat", times=None))
        frozen.inject(Fault.status(500, path="/api/version", times=None))
        standby.script(Reply("Here I am."))
        turn = asyncio.create_task(listen(hass, "Hello"))
        await until(lambda: frozen.requests_to("/api/chat"))
        if looks:
            hub.went_offline(ApiConnectionError("timed out"))
        async with asyncio.timeout(10):
            assert (await turn).answer == "Here I am."


async def test_server_that_loads_for_long_is_waited_for(
    hass: HomeAssistant, hub: OllamaServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_module, "SILENCE", 0.05)
    await set_up(hass, homelab_entry(hub.url, conversation_subentry(facts_first=False)))
    hub.inject(Fault.slow_load(0.6))
    hub.script(Reply("There you are."))
    before = len(hub.requests_to("/api/version"))
    assert (await listen(hass, "Hello")).answer == "There you are."
    assert len(hub.requests_to("/api/version")) - before >= 3


async def test_agent_without_a_model_is_a_problem(hass: HomeAssistant, hub: OllamaServer) -> None:
    entry: MockConfigEntry = homelab_entry(hub.url, conversation_subentry(model="gone:1b"))
    await set_up(hass, entry)
    assert hass.states.get("sensor.homelab_health").state == "degraded"  # type: ignore[union-attr]
    briefing = await hass.services.async_call(
        "homelab_ai", "briefing", {}, blocking=True, return_response=True
    )
    assert briefing is not None
    assert "Jarvis has had no model to answer with" in str(briefing["text"])
    problems = entry.runtime_data.health.data.problems
    assert [problem.kind for problem in problems] == ["model_missing"]
    # What is not known while the hub is off is not told as solved.
    await hub.stop()
    hub_coordinator = entry.runtime_data.hubs[0]
    await hub_coordinator.async_refresh()
    still = hub_coordinator.problems({problem.id: problem for problem in problems})
    assert still is not None
    assert {problem.kind for problem in still.values()} == {"hub_offline", "model_missing"}


def test_jinja_template_does_not_tell_where_tools_stand() -> None:
    jinja = "{%- if tools %}{{ tools }}{%- endif %}{%- for message in messages %}{{ message }}{%- endfor %}"
    assert not models.details({"template": jinja, "capabilities": ["completion"]}).tools_in_system
