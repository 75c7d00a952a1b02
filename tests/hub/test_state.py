"""One look at a server: what it shows, and what of it is asked for again."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
import ssl

import aiohttp
from aiohttp import web
import pytest

from custom_components.homelab_ai.api.chat import ChatRequest, Message
from custom_components.homelab_ai.api.errors import ApiAuthenticationError, ApiConnectionError, ApiError
from custom_components.homelab_ai.api.http import Connection
from custom_components.homelab_ai.api.ollama import InstalledModel, LoadedModel, ModelDetails, OllamaClient
from custom_components.homelab_ai.hub import server as server_module
from custom_components.homelab_ai.hub.measurements import Purpose
from custom_components.homelab_ai.hub.server import HubServer, LastUse
from custom_components.homelab_ai.hub.state import HubState, full_name
from demo.servers.ollama import Fault, OllamaServer, Reply
from demo.servers.ollama.catalogue import LLAMA
from tests.looking import settle, until

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
GIB = 1024**3
MODEL = "llama3.1:8b"

type Watch = Callable[[str], Awaitable[HubServer]]


@pytest.fixture
async def watch(socket_enabled: None) -> AsyncGenerator[Watch]:
    """Watch servers by clients that are closed in the end."""
    servers: list[HubServer] = []
    async with aiohttp.ClientSession() as session:

        async def make(url: str) -> HubServer:
            client = OllamaClient(session, Connection(url, {}, ssl.create_default_context()))
            servers.append(HubServer("Ollama", client))
            return servers[-1]

        yield make
        for server in servers:
            await server.client.close()
        await settle()


def installed(name: str, size: int = GIB, digest: str = "") -> InstalledModel:
    return InstalledModel(name, digest or name, size, NOW, "", "", "")


def loaded(name: str, size: int, size_vram: int, minutes: float | None) -> LoadedModel:
    expires_at = NOW + timedelta(minutes=minutes) if minutes is not None else None
    return LoadedModel(name, name, size, size_vram, 8192, expires_at)


# What a look shows


def test_sums() -> None:
    state = HubState(
        online=True,
        seen_at=NOW,
        installed=(installed("a:1", 3 * GIB), installed("b:1", 2 * GIB)),
        loaded=(loaded("a:1", 4 * GIB, 3 * GIB, 30), loaded("b:1", 2 * GIB, 2 * GIB, 5)),
    )
    assert state.models_size == 5 * GIB
    assert state.vram_used == 5 * GIB
    assert state.ram_spill == GIB


def test_nothing_is_loaded() -> None:
    state = HubState(online=True, seen_at=NOW)
    assert (state.models_size, state.vram_used, state.ram_spill, state.next_unload) == (0, 0, 0, None)


def test_next_unload_is_of_the_first_that_leaves() -> None:
    forever = 60 * 24 * 365 * 292
    models = (loaded("a:1", 1, 1, 30), loaded("b:1", 1, 1, 5), loaded("c:1", 1, 1, forever))
    state = HubState(online=True, seen_at=NOW, loaded=models)
    assert state.next_unload == NOW + timedelta(minutes=5)
    assert [state.is_pinned(model) for model in models] == [False, False, True]
    assert replace(state, loaded=models[2:]).next_unload is None
    assert replace(state, loaded=(loaded("d:1", 1, 1, None),)).next_unload is None


@pytest.mark.parametrize(
    ("name", "full"),
    [
        ("qwen3", "qwen3:latest"),
        ("QWEN3:8B", "qwen3:8b"),
        ("mike/jarvis", "mike/jarvis:latest"),
        ("localhost:5000/mike/jarvis", "localhost:5000/mike/jarvis:latest"),
        ("localhost:5000/mike/jarvis:1B", "localhost:5000/mike/jarvis:1b"),
    ],
)
def test_full_name(name: str, full: str) -> None:
    assert full_name(name) == full


def test_finds_a_model_by_any_of_its_names() -> None:
    state = HubState(
        online=True,
        seen_at=NOW,
        installed=(installed("Jarvis:latest"),),
        loaded=(loaded("Jarvis:latest", 1, 1, 1),),
        details={"Jarvis:latest": ModelDetails(frozenset({"completion"}), 2048)},
    )
    assert state.find("jarvis") == state.installed[0]
    assert state.find_loaded("JARVIS:latest") == state.loaded[0]
    assert state.find("jarvis:1b") is None
    assert state.find_loaded("jarvis:1b") is None
    assert state.details_of("jarvis") == ModelDetails(frozenset({"completion"}), 2048)
    assert state.details_of("jarvis:1b") is None
    assert (state.runner_context("jarvis", 8192), state.runner_context("jarvis", 1024)) == (2048, 1024)
    assert state.runner_context("unknown", 8192) == 8192


@pytest.mark.parametrize(
    ("capabilities", "lacks"), [({"completion"}, True), ({"completion", "tools"}, False), (set(), False)]
)
def test_lacks_only_what_is_known(capabilities: set[str], lacks: bool) -> None:
    """Servers before 0.6.4 tell no capabilities."""
    state = HubState(
        online=True,
        seen_at=NOW,
        installed=(installed("a:1"),),
        details={"a:1": ModelDetails(frozenset(capabilities), None)},
    )
    assert state.lacks("a:1", "tools") is lacks
    assert state.lacks("b:1", "tools") is False


# Looking


async def test_looks(hub: OllamaServer, watch: Watch) -> None:
    await hub.load(MODEL, 8192)
    server = await watch(hub.url)
    assert not server.state.online
    state = await server.look()
    assert server.state is state
    assert (state.online, state.version, state.problem) == (True, "0.33.0", None)
    assert state.response_time is not None
    assert 0 <= state.response_time < 5
    assert len(state.installed) == 8
    assert [model.name for model in state.loaded] == [MODEL]
    assert state.lacks("gemma3:4b", "tools")
    assert not state.lacks(MODEL, "tools")
    assert abs(state.seen_at - datetime.now(UTC)) < timedelta(seconds=30)


async def test_asks_for_details_once_per_model(hub: OllamaServer, watch: Watch) -> None:
    """They may be large, and never change: another content has another digest."""
    server = await watch(hub.url)
    await server.look()
    await server.look()
    assert len(hub.requests_to("/api/show")) == 8
    hub.hub.install(replace(LLAMA, digest="f" * 64, context_length=4096))
    state = await server.look()
    assert len(hub.requests_to("/api/show")) == 9
    assert state.runner_context(MODEL, 8192) == 4096


async def test_keeps_details_over_an_outage(hub: OllamaServer, watch: Watch) -> None:
    server = await watch(hub.url)
    await server.look()
    await hub.stop()
    with pytest.raises(ApiConnectionError):
        await server.look()
    state = server.went_offline(ApiConnectionError("gone"))
    assert (state.online, state.problem, state.installed, state.loaded) == (False, "gone", (), ())
    assert server.state is state
    await hub.start()
    await server.look()
    assert len(hub.requests_to("/api/show")) == 8


async def test_one_broken_model_does_not_hide_the_others(hub: OllamaServer, watch: Watch) -> None:
    hub.inject(Fault.status(500, path="/api/show"))
    state = await (await watch(hub.url)).look()
    (broken,) = (one.name for one in state.installed if state.details_of(one.name) is None)
    assert not state.lacks(broken, "tools")
    assert len(state.details) == len(state.installed) - 1


async def test_a_broken_model_is_asked_for_again(hub: OllamaServer, watch: Watch) -> None:
    """The fault may have been the moment's."""
    hub.inject(Fault.status(500, path="/api/show"))
    server = await watch(hub.url)
    broken = (await server.look()).installed[0].name
    details = (await server.look()).details_of(broken)
    assert details is not None
    assert details.capabilities


@pytest.mark.parametrize("path", ["/api/version", "/api/tags", "/api/ps", "/api/show"])
async def test_refused_key_is_seen_wherever_it_is_refused(path: str, hub: OllamaServer, watch: Watch) -> None:
    hub.inject(Fault.status(401, path=path))
    with pytest.raises(ApiAuthenticationError):
        await (await watch(hub.url)).look()


async def test_says_what_keeps_it_from_being_used(hub: OllamaServer, watch: Watch) -> None:
    server = await watch(hub.url)
    await hub.stop()
    assert isinstance(await server.problem(), ApiConnectionError)
    await hub.start()
    assert await server.problem() is None
    assert server.state.online
    hub.inject(Fault.status(401, path="/api/tags"))
    assert isinstance(await server.problem(), ApiAuthenticationError)


async def test_has_less_patience_for_a_server_that_hangs(
    hub: OllamaServer, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A turn is waiting for the answer."""
    monkeypatch.setattr(server_module, "PROBE_TIMEOUT", 0.0)
    assert isinstance(await (await watch(hub.url)).problem(), ApiConnectionError)


class ManyModels(OllamaServer):
    """A server with forty models on a slow disk."""

    def __init__(self) -> None:
        super().__init__([replace(LLAMA, name=f"mine:{n}b", digest=f"{n:064}") for n in range(40)])
        self.asked = 0
        self.most = 0

    async def handle(self, request: web.Request) -> web.StreamResponse:
        if request.path != "/api/show":
            return await super().handle(request)
        self.asked += 1
        self.most = max(self.most, self.asked)
        try:
            await asyncio.sleep(0.08)
            return await super().handle(request)
        finally:
            self.asked -= 1


async def test_asks_about_some_models_at_once(watch: Watch) -> None:
    """One after another, forty would take longer than a probe has."""
    async with ManyModels() as hub:
        server = await watch(hub.url)
        assert await server.problem() is None
        assert len(server.state.details) == 40
        assert hub.most == server_module.DETAILS_AT_ONCE


async def test_probe_that_was_given_up_has_learned_something(
    watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with ManyModels() as hub:
        server = await watch(hub.url)
        with monkeypatch.context() as hurry:
            hurry.setattr(server_module, "PROBE_TIMEOUT", 0.4)
            assert isinstance(await server.problem(), ApiConnectionError)
        assert not server.state.online
        await until(lambda: not hub.asked)
        learned = len(hub.requests_to("/api/show"))
        assert learned > 0
        assert await server.problem() is None
        assert len(server.state.details) == 40
        # Each once: those that were cut off had not been answered.
        assert len(hub.requests_to("/api/show")) == 40


async def test_refused_key_ends_the_asking(watch: Watch) -> None:
    async with ManyModels() as hub:
        hub.inject(Fault.status(401, path="/api/show", times=None))
        with pytest.raises(ApiAuthenticationError):
            await (await watch(hub.url)).look()
        await until(lambda: not hub.asked)
        assert len(hub.requests_to("/api/show")) <= server_module.DETAILS_AT_ONCE


# Measuring


async def answer(server: HubServer, owner: str = "jarvis", model: str = MODEL, keep_alive: int = 600) -> None:
    request = ChatRequest(model, (Message("user", "Hello"),), num_ctx=8192, keep_alive=keep_alive)
    async with server.chat(request, Purpose.VOICE, owner) as chunks:
        [chunk async for chunk in chunks]


async def test_measures_each_answer(hub: OllamaServer, watch: Watch) -> None:
    server = await watch(hub.url)
    hub.script(Reply(content="Good evening, sir."))
    await answer(server)
    measured = server.measurements
    assert (measured.requests, measured.failed_requests) == (1, 0)
    assert measured.last is not None
    assert measured.last.generation_speed == pytest.approx(60, rel=1e-3)
    assert 0 < measured.last.time_to_first_token < 5
    assert measured.prompt_tokens == hub.requests_to("/api/chat")[0].prompt_tokens


@pytest.mark.parametrize(
    ("fault", "online"),
    [
        (Fault.status(500, path="/api/chat"), True),
        (Fault.drop_before_first_token(), False),
        (Fault.drop_after_first_token(), False),
        (Fault.error_line("out of memory"), True),
    ],
    ids=["status", "cut before", "cut after", "error"],
)
async def test_counts_each_failure(fault: Fault, online: bool, hub: OllamaServer, watch: Watch) -> None:
    """A cut connection is as good as a failed look: whoever asks next should ask another server."""
    server = await watch(hub.url)
    await server.look()
    hub.inject(replace(fault))
    with pytest.raises(ApiError):
        await answer(server)
    assert (server.measurements.requests, server.measurements.failed_requests) == (1, 1)
    assert server.measurements.last is None
    assert server.state.online is online


async def test_knows_whose_prompt_the_server_holds(hub: OllamaServer, watch: Watch) -> None:
    server = await watch(hub.url)
    assert not server.holds_prompt_of("jarvis", MODEL, 8192)
    await answer(server)
    await server.look()
    assert server.holds_prompt_of("jarvis", "LLAMA3.1:8b", 8192)
    assert not server.holds_prompt_of("friday", MODEL, 8192)
    assert not server.holds_prompt_of("jarvis", "qwen3:8b", 8192)
    # Another client's request moves the expiry.
    await hub.load(MODEL, 8192, 1800)
    await server.look()
    assert not server.holds_prompt_of("jarvis", MODEL, 8192)


async def test_knows_whose_prompt_is_held_forever(hub: OllamaServer, watch: Watch) -> None:
    server = await watch(hub.url)
    await answer(server, keep_alive=-1)
    await server.look()
    assert server.holds_prompt_of("jarvis", MODEL, 8192)
    hub.unload(MODEL)
    await server.look()
    assert not server.holds_prompt_of("jarvis", MODEL, 8192)


async def test_a_server_that_tells_no_time_holds_no_prompt_for_sure(hub: OllamaServer, watch: Watch) -> None:
    server = await watch(hub.url)
    await answer(server)
    await server.look()
    server.last_uses[MODEL] = LastUse("jarvis", None, 600)
    assert not server.holds_prompt_of("jarvis", MODEL, 8192)


async def test_a_request_that_fails_leaves_no_prompt(hub: OllamaServer, watch: Watch) -> None:
    server = await watch(hub.url)
    await answer(server)
    await server.look()
    hub.inject(Fault.error_line("out of memory"))
    with pytest.raises(ApiError):
        await answer(server)
    await server.look()
    assert not server.holds_prompt_of("jarvis", MODEL, 8192)
