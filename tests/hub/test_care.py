"""The care for models: what a person asks for, and what is refused."""

from collections.abc import AsyncGenerator
from functools import partial
import json

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.homelab_ai.api.errors import ApiConnectionError
from custom_components.homelab_ai.api.registry import RegistryClient
from custom_components.homelab_ai.coordinator import HomelabData
from custom_components.homelab_ai.hub import care, connection
from custom_components.homelab_ai.hub.fit import Verdict
from custom_components.homelab_ai.hub.server import HubServer
from demo.servers.ollama import OllamaServer
from demo.servers.ollama.catalogue import GEMMA, LLAMA, NOMIC, registry as offered
from demo.servers.registry import RegistryServer
from homeassistant.core import HomeAssistant
from tests.common import ai_task_subentry, conversation_subentry, homelab_entry, set_up

GIB = 1024**3
SMALL, LARGE = "qwen3:0.6b", "qwen3:32b"


@pytest.fixture
async def registry(socket_enabled: None, monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[RegistryServer]:
    """The registry, moved to this machine."""
    async with RegistryServer() as server:
        monkeypatch.setattr(connection, "RegistryClient", partial(RegistryClient, manifests=server.url))
        for name in (SMALL, LARGE):
            server.publish(name, offered()[name].digest, layers=(offered()[name].size,))
        yield server


@pytest.fixture
async def entry(hass: HomeAssistant, hub: OllamaServer, registry: RegistryServer) -> MockConfigEntry:
    return await set_up(
        hass,
        homelab_entry(
            hub.url,
            conversation_subentry(num_ctx=4096, keep_alive=600),
            ai_task_subentry(num_ctx=16384, keep_alive=60),
            conversation_subentry("Friday", model=SMALL, num_ctx=32768),
        ),
    )


@pytest.fixture
def homelab(entry: MockConfigEntry) -> HomelabData:
    data: HomelabData = entry.runtime_data
    return data


@pytest.fixture
def server(homelab: HomelabData) -> HubServer:
    return homelab.hubs[0].server


# Downloads


async def test_says_whether_it_will_fit(
    hub: OllamaServer, server: HubServer, homelab: HomelabData, registry: RegistryServer
) -> None:
    found = await care.estimate(server, SMALL, homelab.agents.values(), 16 * GIB)
    assert (found.verdict, found.size) == (Verdict.FITS, offered()[SMALL].size)
    # With the context length of the agent that waits for it.
    assert found.needed is not None
    assert found.needed > 32768 * 128 * 1024
    assert [request.method for request in registry.requests] == ["GET"]
    assert hub.requests_to("/api/pull") == []


async def test_says_that_it_will_not_fit(server: HubServer, registry: RegistryServer) -> None:
    assert (await care.estimate(server, LARGE, (), 16 * GIB)).verdict is Verdict.TOO_LARGE


async def test_registry_that_is_down_says_nothing(server: HubServer, registry: RegistryServer) -> None:
    await registry.stop()
    found = await care.estimate(server, SMALL, (), 16 * GIB)
    assert (found.verdict, found.size) == (Verdict.UNKNOWN, None)


async def test_installed_model_is_estimated_without_leaving_the_house(
    server: HubServer, homelab: HomelabData, registry: RegistryServer
) -> None:
    found = await care.estimate(server, LLAMA.name, homelab.agents.values(), 16 * GIB)
    assert found.size == LLAMA.size
    # Its architecture is known, and the longest context that an agent asks for counts.
    assert found.needed == LLAMA.size + int(LLAMA.size * 0.1) + 16384 * LLAMA.kv_bytes_per_token
    assert registry.requests == []


# Deleting and copying


async def test_does_not_delete_what_an_agent_uses(
    hub: OllamaServer, server: HubServer, homelab: HomelabData
) -> None:
    with pytest.raises(care.ModelInUseError) as raised:
        await care.delete(server, "LLAMA3.1:8B", homelab.agents.values())
    assert raised.value.agents == ("Jarvis", "AI Task")
    assert hub.hub.find(LLAMA.name)
    await care.delete(server, LLAMA.name, homelab.agents.values(), force=True)
    assert hub.hub.find(LLAMA.name) is None


async def test_deletes(hub: OllamaServer, server: HubServer, homelab: HomelabData) -> None:
    await care.delete(server, GEMMA.name, homelab.agents.values())
    assert hub.hub.find(GEMMA.name) is None
    with pytest.raises(care.NotInstalledError) as raised:
        await care.delete(server, GEMMA.name, homelab.agents.values())
    assert raised.value.model == GEMMA.name


async def test_copies(hub: OllamaServer, server: HubServer) -> None:
    await care.copy(server, GEMMA.name, "mine:1")
    copied = hub.hub.find("mine:1")
    assert copied is not None
    assert copied.digest == GEMMA.digest
    with pytest.raises(care.NotInstalledError):
        await care.copy(server, "nonsense:1", "mine:2")


# Loading


async def test_loads_as_the_agents_will_ask_for_it(
    hub: OllamaServer, server: HubServer, homelab: HomelabData
) -> None:
    done = await care.load(server, LLAMA.name, homelab.agents.values())
    assert (done.num_ctx, done.keep_alive) == (16384, 600)
    assert hub.loaded[LLAMA.name].num_ctx == 16384


async def test_the_most_patient_agent_counts(
    hub: OllamaServer, server: HubServer, homelab: HomelabData
) -> None:
    """Whichever of them was added first."""
    for agents in (tuple(homelab.agents.values()), tuple(reversed(homelab.agents.values()))):
        done = await care.load(server, LLAMA.name, agents)
        assert (done.num_ctx, done.keep_alive) == (16384, 600)


async def test_pins(hub: OllamaServer, server: HubServer, homelab: HomelabData) -> None:
    done = await care.load(server, LLAMA.name, homelab.agents.values(), keep_alive=care.FOREVER)
    assert done.keep_alive == -1
    await homelab.hubs[0].async_refresh()
    loaded = server.state.find_loaded(LLAMA.name)
    assert loaded is not None
    assert server.state.is_pinned(loaded)


async def test_a_model_that_is_loaded_is_not_loaded_anew(
    hub: OllamaServer, server: HubServer, homelab: HomelabData
) -> None:
    await hub.load(GEMMA.name, num_ctx=6144)
    await homelab.hubs[0].async_refresh()
    done = await care.load(server, GEMMA.name, homelab.agents.values(), keep_alive=60)
    assert done.num_ctx == 6144
    assert hub.loaded[GEMMA.name].num_ctx == 6144


async def test_loads_as_told(hub: OllamaServer, server: HubServer, homelab: HomelabData) -> None:
    assert (await care.load(server, GEMMA.name, (), num_ctx=3072)).keep_alive == 1800
    assert hub.loaded[GEMMA.name].num_ctx == 3072
    assert (await care.load(server, NOMIC.name, ())).num_ctx is None
    with pytest.raises(care.NotInstalledError):
        await care.load(server, "nonsense:1", ())


async def test_unloads(hub: OllamaServer, server: HubServer) -> None:
    for name in (LLAMA.name, GEMMA.name):
        await hub.load(name)
    assert await care.unload(server, GEMMA.name) == (GEMMA.name,)
    assert list(hub.loaded) == [LLAMA.name]
    assert await care.unload(server, GEMMA.name) == ()
    assert await care.unload(server) == (LLAMA.name,)
    assert hub.loaded == {}
    with pytest.raises(care.NotInstalledError):
        await care.unload(server, "nonsense:1")


async def test_hub_that_went_off(hub: OllamaServer, server: HubServer, homelab: HomelabData) -> None:
    await hub.stop()
    with pytest.raises(ApiConnectionError):
        await care.delete(server, GEMMA.name, ())
    with pytest.raises(ApiConnectionError):
        await care.unload(server)


# The list


async def test_lists_what_is_installed_and_loaded(
    hub: OllamaServer, server: HubServer, homelab: HomelabData
) -> None:
    await hub.load(LLAMA.name, num_ctx=8192)
    await hub.load(NOMIC.name, keep_alive=-1)
    await homelab.hubs[0].async_refresh()
    listed = json.loads(json.dumps(care.models(server)))
    assert [model["name"] for model in listed] == sorted(model.name for model in hub.hub.models)
    by_name = {model["name"]: model for model in listed}
    llama = by_name[LLAMA.name]
    loaded = llama.pop("loaded")
    assert llama == {
        "name": "llama3.1:8b",
        "digest": LLAMA.digest,
        "size": LLAMA.size,
        "family": "llama",
        "parameter_size": "8.0B",
        "quantization": "Q4_K_M",
        "modified_at": llama["modified_at"],
        "capabilities": ["completion", "tools"],
        "context_length": 131_072,
    }
    assert llama["modified_at"].startswith("2026-")
    assert (loaded["context_length"], loaded["size_vram"] > LLAMA.size) == (8192, True)
    assert loaded["expires_at"] is not None
    assert by_name[NOMIC.name]["loaded"]["expires_at"] is None
    assert by_name[GEMMA.name]["loaded"] is None


async def test_list_of_a_hub_that_is_off(hub: OllamaServer, server: HubServer, homelab: HomelabData) -> None:
    await hub.stop()
    await homelab.hubs[0].async_refresh()
    assert care.models(server) == []
