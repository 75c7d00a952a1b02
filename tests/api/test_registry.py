"""The registry and the releases: what is newer, and that every strange answer means "not known"."""

from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest

from custom_components.homelab_ai.api.errors import ApiConnectionError
from custom_components.homelab_ai.api.ollama import InstalledModel
from custom_components.homelab_ai.api.registry import RegistryClient, Upstream, manifest_path
from demo.servers.registry import RegistryServer

from .conftest import Serve
from .serving import body, endless

MODEL = "qwen3:8b"
OLD, NEW = "a" * 64, "b" * 64
PUSHED = datetime(2026, 8, 1, 12, tzinfo=UTC)


@pytest.fixture
async def registry(socket_enabled: None) -> AsyncGenerator[RegistryServer]:
    async with RegistryServer() as server:
        yield server


@pytest.fixture
def client(session: aiohttp.ClientSession, registry: RegistryServer) -> RegistryClient:
    return RegistryClient(session, registry.url, registry.url, registry.url)


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("qwen3:8b", "/v2/library/qwen3/manifests/8b"),
        ("qwen3", "/v2/library/qwen3/manifests/latest"),
        ("mike/jarvis:1b", "/v2/mike/jarvis/manifests/1b"),
        ("mike/jarvis", "/v2/mike/jarvis/manifests/latest"),
        ("hf.co/bartowski/llama:Q4_K_M", None),
        ("registry.example.org/jarvis:1b", None),
        ("localhost:5000/mike/jarvis:1b", None),
        ("localhost:5000/jarvis", None),
        ("gpt-oss:120b-cloud", None),
        ("deepseek:cloud", None),
        # Names that a person, or a model, made up must not become paths.
        ("../../etc/passwd", None),
        ("qwen3:..", None),
        ("qwen3:8b?x=1", None),
        ("qwen3:8b#", None),
        ("a/b/c:1", None),
        ("qwen3:8b\n", None),
        ("", None),
        ("qwën3:8b", None),
    ],
)
def test_path_of_a_model(name: str, path: str | None) -> None:
    assert manifest_path(name) == path


@pytest.mark.parametrize(
    ("digest", "pushed_at", "modified_at", "newer"),
    [
        (OLD, PUSHED, PUSHED - timedelta(days=1), False),  # the same
        (NEW, PUSHED, PUSHED - timedelta(seconds=1), True),  # pushed after the model was pulled
        (NEW, PUSHED, PUSHED, False),  # pulled before 0.19: the same content under another digest
        (NEW, PUSHED, PUSHED + timedelta(days=1), False),
        (NEW, None, PUSHED, True),  # nothing tells the time, so the digest decides
        (NEW, PUSHED, None, True),
        (NEW, None, None, True),
    ],
)
def test_what_is_newer(
    digest: str, pushed_at: datetime | None, modified_at: datetime | None, newer: bool
) -> None:
    model = InstalledModel(MODEL, OLD, 1, modified_at, "", "", "")
    assert Upstream(digest, pushed_at).is_newer_than(model) is newer


async def test_upstream(client: RegistryClient, registry: RegistryServer) -> None:
    registry.publish(MODEL, NEW, PUSHED.timestamp())
    assert await client.upstream(MODEL) == Upstream(NEW, PUSHED)
    (request,) = registry.requests
    assert request.method == "HEAD"
    assert not {"Authorization", "Cookie"} & request.headers.keys()


async def test_upstream_of_a_persons_model(client: RegistryClient, registry: RegistryServer) -> None:
    registry.publish("mike/jarvis", f"sha256:{NEW}")
    assert await client.upstream("mike/jarvis") == Upstream(NEW, None)


async def test_upstream_is_not_asked_for_what_it_cannot_have(
    client: RegistryClient, registry: RegistryServer
) -> None:
    assert await client.upstream("hf.co/bartowski/llama:Q4") is None
    assert await client.upstream("gpt-oss:120b-cloud") is None
    assert registry.requests == []


async def test_upstream_has_nothing(client: RegistryClient, registry: RegistryServer) -> None:
    assert await client.upstream("homemade:latest") is None
    assert len(registry.requests) == 1


@pytest.mark.parametrize("digest", ["", "b" * 63, "not a digest"])
async def test_upstream_with_a_strange_digest(
    digest: str, client: RegistryClient, registry: RegistryServer
) -> None:
    registry.publish(MODEL, digest)
    assert await client.upstream(MODEL) is None


@pytest.mark.parametrize("pushed", ["", "soon", "1.5", "9" * 30, "99999999999999"])
async def test_upstream_with_a_strange_time(
    pushed: str, client: RegistryClient, registry: RegistryServer
) -> None:
    registry.publish(MODEL, NEW, pushed)
    assert await client.upstream(MODEL) == Upstream(NEW, None)


@pytest.mark.parametrize("status", [301, 401, 403, 404, 429, 500, 503])
async def test_out_of_order(status: int, client: RegistryClient, registry: RegistryServer) -> None:
    registry.publish(MODEL, NEW)
    registry.failure = status
    assert await client.upstream(MODEL) is None
    assert await client.latest_server() is None


async def test_registry_that_is_down(client: RegistryClient, registry: RegistryServer) -> None:
    await registry.stop()
    with pytest.raises(ApiConnectionError):
        await client.upstream(MODEL)
    assert await client.latest_server() is None


async def test_latest_server(client: RegistryClient, registry: RegistryServer) -> None:
    registry.release = "v0.34.1"
    assert await client.latest_server() == "0.34.1"
    registry.release = None
    assert await client.latest_server() is None


@pytest.mark.parametrize("answer", ["[]", "{}", '{"tag_name": null}', "<html>", ""])
async def test_strange_release(answer: str, session: aiohttp.ClientSession, serve: Serve) -> None:
    server = await serve(body(answer))
    assert await RegistryClient(session, server.url, server.url).latest_server() is None


async def test_release_is_cut_short(session: aiohttp.ClientSession, serve: Serve) -> None:
    server = await serve(body('{"tag_name": "v%s"}' % ("9" * 500)))
    assert await RegistryClient(session, server.url, server.url).latest_server() == "9" * 50


async def test_endless_release(session: aiohttp.ClientSession, serve: Serve) -> None:
    server = await serve(endless(b" " * 65536, "application/json"))
    assert await RegistryClient(session, server.url, server.url).latest_server() is None


# How large a model is


async def test_size(client: RegistryClient, registry: RegistryServer) -> None:
    registry.publish(MODEL, NEW, layers=(5_225_374_240, 1_482, 11_343))
    assert await client.size(MODEL) == 5_225_387_065
    (request,) = registry.requests
    assert request.method == "GET"
    assert not {"Authorization", "Cookie"} & request.headers.keys()


async def test_size_of_what_the_registry_does_not_have(
    client: RegistryClient, registry: RegistryServer
) -> None:
    assert await client.size("hf.co/bartowski/llama:Q4") is None
    assert registry.requests == []
    assert await client.size("homemade") is None
    registry.publish(MODEL, NEW)
    assert await client.size(MODEL) is None
    await registry.stop()
    assert await client.size(MODEL) is None


@pytest.mark.parametrize(
    ("layers", "size"),
    [
        ('[{"size": 5}, {"size": "6"}, {"size": -7}, {"size": true}, {}, 8, null]', 5),
        ("{}", None),
        ("null", None),
        ("[]", None),
    ],
)
async def test_size_of_a_strange_manifest(
    layers: str, size: int | None, session: aiohttp.ClientSession, serve: Serve
) -> None:
    server = await serve(body(f'{{"layers": {layers}}}'))
    assert await RegistryClient(session, manifests=server.url).size(MODEL) == size


@pytest.mark.parametrize("answer", ["[]", "7", "<html>", ""])
async def test_manifest_that_is_none(answer: str, session: aiohttp.ClientSession, serve: Serve) -> None:
    server = await serve(body(answer))
    assert await RegistryClient(session, manifests=server.url).size(MODEL) is None


async def test_endless_manifest(session: aiohttp.ClientSession, serve: Serve) -> None:
    server = await serve(endless(b" " * 65536, "application/json"))
    assert await RegistryClient(session, manifests=server.url).size(MODEL) is None
