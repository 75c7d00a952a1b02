"""The routes, and what stands before them."""

from datetime import datetime
import re
from typing import Any

from aiohttp import ClientConnectorError
import pytest

from demo.servers.ollama import Model, OllamaServer

from .conftest import Serve
from .talk import Talk

MODELS = [
    "qwen3:8b",
    "llama3.1:8b",
    "qwen2.5-coder:7b",
    "gemma3:4b",
    "llama3.2-vision:11b",
    "qwen2.5vl:7b",
    "nomic-embed-text:latest",
    "tinyllama:1.1b",
]


async def test_root_and_version(talk: Talk) -> None:
    assert await talk.get("/") == (200, "Ollama is running")
    assert await talk.get("/api/version") == (200, {"version": "0.33.0"})
    assert await talk.get("/api/status") == (200, {"cloud": {"disabled": False, "source": "none"}})


@pytest.mark.parametrize("path", ["/", "/api/version", "/api/tags"])
async def test_head(hub: OllamaServer, talk: Talk, path: str) -> None:
    async with talk.session.head(hub.url + path) as response:
        assert response.status == 200
        assert await response.read() == b""


async def test_unknown_route_and_wrong_method(talk: Talk) -> None:
    assert await talk.get("/metrics") == (404, "404 page not found")
    assert await talk.get("/api/chat") == (405, "405 method not allowed")
    assert await talk.post("/api/tags") == (405, "405 method not allowed")
    assert await talk.request("HEAD", "/api/ps") == (405, "")


async def test_trailing_slash_is_redirected(talk: Talk) -> None:
    status, _ = await talk.get("/api/tags/", allow_redirects=False)
    assert status == 301
    assert (await talk.get("/api/tags/"))[0] == 200


async def test_tags(talk: Talk) -> None:
    status, answer = await talk.get("/api/tags")
    assert status == 200
    assert [model["name"] for model in answer["models"]] == MODELS
    model = answer["models"][0]
    assert model == {
        "name": "qwen3:8b",
        "model": "qwen3:8b",
        "modified_at": "2026-08-01T09:00:00.123456789+01:00",
        "size": 5225388164,
        "digest": model["digest"],
        "details": {
            "parent_model": "",
            "format": "gguf",
            "family": "qwen3",
            "families": ["qwen3"],
            "parameter_size": "8.2B",
            "quantization_level": "Q4_K_M",
            "context_length": 40960,
            "embedding_length": 4096,
        },
        "capabilities": ["completion", "tools", "thinking"],
    }
    for model in answer["models"]:
        assert re.fullmatch("[0-9a-f]{64}", model["digest"])
        assert datetime.fromisoformat(model["modified_at"]).tzinfo


async def test_show(talk: Talk) -> None:
    status, answer = await talk.post("/api/show", {"model": "QWEN3:8B"})
    assert status == 200
    assert answer["model_info"]["qwen3.context_length"] == 40960
    assert answer["model_info"]["tokenizer.ggml.tokens"] == []
    assert answer["capabilities"] == ["completion", "tools", "thinking"]
    assert answer["parameters"].splitlines()[0] == "repeat_penalty                 1"
    assert 'stop                           "<|im_start|>"' in answer["parameters"]
    assert "projector_info" not in answer
    _, verbose = await talk.post("/api/show", {"model": "gemma3:4b", "verbose": True})
    assert len(verbose["model_info"]["tokenizer.ggml.tokens"]) > 5
    assert verbose["projector_info"]


async def test_escaping_is_that_of_go(hub: OllamaServer, talk: Talk) -> None:
    async with talk.session.post(f"{hub.url}/api/show", json={"model": "qwen3:8b"}) as response:
        raw = await response.read()
    assert b"<|im_start|>" not in raw
    assert b"\\u003c|im_start|\\u003e" in raw


@pytest.mark.parametrize(
    ("path", "body", "status", "text"),
    [
        ("/api/show", {"model": "nope"}, 404, "model 'nope' not found"),
        ("/api/show", {}, 400, "model is required"),
        ("/api/chat", {"model": "nope", "messages": []}, 404, "model 'nope' not found"),
        ("/api/chat", {"messages": []}, 400, "model is required"),
        ("/api/generate", {"model": "nope"}, 404, "model 'nope' not found"),
        ("/api/generate", {}, 404, "model '' not found"),
        ("/api/embed", {"model": "nope"}, 404, 'model "nope" not found, try pulling it first'),
        ("/api/embed", {}, 404, "model '' not found"),
        ("/api/embeddings", {}, 400, "model is required"),
        ("/api/copy", {"source": "nope", "destination": "a"}, 404, 'model "nope" not found'),
        ("/api/copy", {"source": "", "destination": "a"}, 400, 'source "" is invalid'),
        ("/api/copy", {"source": "qwen3:8b", "destination": "a b"}, 400, 'destination "a b" is invalid'),
        ("/api/pull", {}, 400, "invalid model name"),
    ],
)
async def test_missing_models(talk: Talk, path: str, body: Any, status: int, text: str) -> None:
    assert await talk.post(path, body) == (status, {"error": text})


async def test_copy_and_delete(hub: OllamaServer, talk: Talk) -> None:
    assert await talk.post("/api/copy", {"source": "qwen3:8b", "destination": "mine"}) == (200, "")
    _, tags = await talk.get("/api/tags")
    assert tags["models"][0]["name"] == "mine:latest"
    assert tags["models"][0]["digest"] == tags["models"][1]["digest"]
    assert await talk.request("DELETE", "/api/delete", json={"model": "Mine"}) == (200, "")
    gone = await talk.request("DELETE", "/api/delete", json={"model": "mine"})
    assert gone == (404, {"error": "model 'mine' not found"})
    invalid = await talk.request("DELETE", "/api/delete", json={})
    assert invalid == (400, {"error": 'name "" is invalid'})


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b"", "missing request body"),
        (b"  \n", "missing request body"),
        (b'{"model":', "unexpected EOF"),
        (b"hello", "invalid character 'h' looking for beginning of value"),
        (b'{"model": NaN}', "invalid character 'N' looking for beginning of value"),
        (b"[]", "json: cannot unmarshal array into Go value of type api.Request"),
        (
            b'{"model": 1}',
            "json: cannot unmarshal number into Go struct field ChatRequest.model of type string",
        ),
        (
            b'{"model":"qwen3:8b","stream":"yes"}',
            "json: cannot unmarshal string into Go struct field ChatRequest.stream of type bool",
        ),
        (
            b'{"model":"qwen3:8b","messages":{}}',
            "json: cannot unmarshal object into Go struct field ChatRequest.messages of type []api.Message",
        ),
        (
            b'{"model":"qwen3:8b","options":[]}',
            "json: cannot unmarshal array into Go struct field ChatRequest.options"
            " of type map[string]interface {}",
        ),
    ],
)
async def test_broken_bodies(talk: Talk, body: bytes, text: str) -> None:
    assert await talk.request("POST", "/api/chat", data=body) == (400, {"error": text})


async def test_bearer(serve: Serve) -> None:
    _, talk = await serve(api_key="secret")
    status, page = await talk.get("/api/version")
    assert status == 401
    assert "401 Authorization Required" in page
    assert (await talk.get("/api/version", headers={"Authorization": "Bearer wrong"}))[0] == 401
    assert (await talk.get("/api/version", headers={"Authorization": "Bearer secret"}))[0] == 200


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost:11434", 200),
        ("127.0.0.1", 200),
        ("192.168.1.5:80", 200),
        ("[::1]:11434", 200),
        ("ollama.local", 200),
        ("ollama.internal:443", 200),
        ("8.8.8.8", 403),
        ("ollama.example.com", 403),
    ],
)
async def test_host_check(talk: Talk, host: str, status: int) -> None:
    answer = await talk.get("/", headers={"Host": host})
    assert answer == (status, "Ollama is running" if status == 200 else "")


async def test_allowed_hosts(serve: Serve) -> None:
    _, talk = await serve(allowed_hosts={"ollama.example.com"})
    assert (await talk.get("/", headers={"Host": "ollama.example.com"}))[0] == 200
    assert (await talk.get("/", headers={"Host": "localhost"}))[0] == 403


async def test_path_prefix(serve: Serve) -> None:
    server, talk = await serve(path_prefix="/ollama/")
    assert server.url.endswith("/ollama")
    assert await talk.get("/api/version") == (200, {"version": "0.33.0"})
    assert (await talk.get("/"))[1] == "Ollama is running"
    talk.url = talk.url.removesuffix("/ollama")
    assert (await talk.get("/api/version"))[0] == 404
    assert [request.path for request in server.requests][:2] == ["/api/version", "/"]


async def test_stop_and_start_again_on_the_same_port(serve: Serve) -> None:
    server, talk = await serve()
    port = server.port
    await server.load("tinyllama:1.1b")
    await server.stop()
    with pytest.raises(ClientConnectorError):
        await talk.get("/")
    await server.start()
    assert server.port == port
    assert await talk.get("/api/ps") == (200, {"models": []})
    await server.start()


async def test_port_in_use(hub: OllamaServer) -> None:
    with pytest.raises(OSError, match="in use"):
        await OllamaServer(port=hub.port).start()


async def test_own_models(serve: Serve) -> None:
    _, talk = await serve([Model(name="mine", tools_in="first_user", capabilities=("completion", "tools"))])
    _, tags = await talk.get("/api/tags")
    assert [model["name"] for model in tags["models"]] == ["mine:latest"]
    assert (await talk.chat(model="mine"))[-1]["done"]


async def test_an_old_server(serve: Serve) -> None:
    _, talk = await serve(version="0.12.0")
    assert await talk.get("/api/version") == (200, {"version": "0.12.0"})


async def test_records(hub: OllamaServer, talk: Talk) -> None:
    await talk.get("/api/version", headers={"X-Mine": "yes"})
    await talk.chat("Hello there")
    await talk.refused(model="nope")
    first, second, third = hub.requests
    assert (first.method, first.path, first.body, first.outcome) == ("GET", "/api/version", None, "finished")
    assert first.headers["X-Mine"] == "yes"
    assert hub.requests_to("/api/chat") == [second, third]
    assert second.body is not None
    assert second.body["messages"] == [{"role": "user", "content": "Hello there"}]
    assert second.first_token_at is not None
    assert second.finished_at is not None
    assert second.started_at <= second.first_token_at <= second.finished_at
    assert second.prompt_tokens > 0
    assert second.generated_tokens > 0
    assert (third.outcome, third.status, third.first_token_at) == ("failed", 404, None)


async def test_installed_by_the_host(hub: OllamaServer, talk: Talk) -> None:
    hub.install(Model(name="fresh", modified_at=2e9))
    _, tags = await talk.get("/api/tags")
    assert tags["models"][0]["name"] == "fresh:latest"
