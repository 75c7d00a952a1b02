"""The simulated registry: what it has, and that it is stricter than the real one."""

from collections.abc import AsyncGenerator

from aiohttp import ClientSession
import pytest

from demo.servers.registry import RELEASE, RegistryServer

MANIFEST = "/v2/library/qwen3/manifests/8b"
GITHUB = {"Accept": "application/vnd.github+json"}


@pytest.fixture
async def registry(socket_enabled: None) -> AsyncGenerator[RegistryServer]:
    async with RegistryServer() as server:
        server.publish("qwen3:8b", "b" * 64, 1_785_571_200.9)
        yield server


@pytest.fixture
async def session(registry: RegistryServer) -> AsyncGenerator[ClientSession]:
    async with ClientSession(registry.url) as session:
        yield session


async def test_manifest_is_told_by_headers(registry: RegistryServer, session: ClientSession) -> None:
    async with session.head(MANIFEST) as answer:
        assert answer.status == 200
        assert answer.headers["ollama-content-digest"] == "b" * 64
        assert answer.headers["ollama-push-time"] == "1785571200"
    assert [request.path for request in registry.requests_to("qwen3:8b")] == [MANIFEST]


async def test_withdrawn_manifest_is_gone(registry: RegistryServer, session: ClientSession) -> None:
    registry.withdraw("qwen3:8b")
    async with session.head(MANIFEST) as answer:
        assert answer.status == 404


async def test_manifest_tells_its_layers(registry: RegistryServer, session: ClientSession) -> None:
    registry.publish("qwen3:8b", "b" * 64, layers=(5_000_000_000, 1_482))
    wanted = "application/vnd.docker.distribution.manifest.v2+json"
    async with session.get(MANIFEST, headers={"Accept": wanted}) as answer:
        manifest = await answer.json(content_type=wanted)
    assert [layer["size"] for layer in manifest["layers"]] == [5_000_000_000, 1_482]
    assert manifest["layers"][0]["mediaType"] == "application/vnd.ollama.image.model"


async def test_push_time_may_be_missing(registry: RegistryServer, session: ClientSession) -> None:
    registry.publish("mike/jarvis", "c" * 64)
    async with session.head("/v2/mike/jarvis/manifests/latest") as answer:
        assert "ollama-push-time" not in answer.headers


async def test_release(registry: RegistryServer, session: ClientSession) -> None:
    async with session.get(RELEASE, headers=GITHUB) as answer:
        assert (await answer.json())["tag_name"] == "v0.33.0"
    registry.release = None
    async with session.get(RELEASE, headers=GITHUB) as answer:
        assert answer.status == 404


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("GET", MANIFEST, {}, 404),
        ("POST", MANIFEST, {}, 405),
        ("POST", RELEASE, GITHUB, 405),
        ("GET", RELEASE, {}, 415),
        ("HEAD", MANIFEST, {"Authorization": "Bearer x"}, 400),
        ("GET", RELEASE, GITHUB | {"Cookie": "a=b"}, 400),
        ("HEAD", MANIFEST + "?x=1", {}, 400),
        ("HEAD", "/v2/qwen3/manifests/8b", {}, 404),
        ("HEAD", "/v2/hf.co/bartowski/llama/manifests/q4", {}, 404),
        ("GET", "/", {}, 404),
    ],
)
async def test_is_stricter_than_the_real_one(
    method: str, path: str, headers: dict[str, str], status: int, session: ClientSession
) -> None:
    async with session.request(method, path, headers=headers) as answer:
        assert answer.status == status


async def test_nobody_is_served_without_a_name(registry: RegistryServer, session: ClientSession) -> None:
    async with session.get(RELEASE, headers=GITHUB, skip_auto_headers=("User-Agent",)) as answer:
        assert answer.status == 403


async def test_failure_answers_everything(registry: RegistryServer, session: ClientSession) -> None:
    registry.failure = 502
    for method, path in (("HEAD", MANIFEST), ("GET", RELEASE)):
        async with session.request(method, path, headers=GITHUB) as answer:
            assert answer.status == 502
