"""The seam under the `ollama` package: who is trusted, what is sent, and how much is waited for and read."""

import json
import ssl

import pytest

from custom_components.homelab_ai.api import transport
from custom_components.homelab_ai.api.errors import ApiCertificateError, ApiConnectionError, ApiResponseError
from custom_components.homelab_ai.api.http import MAX_BODY, tls_context
from demo.servers.certificates import Certificates, make_certificates
from demo.servers.ollama import Fault, OllamaServer

from .conftest import Connect, Serve
from .serving import NDJSON, body, endless, lines
from .test_ollama import LAST, METHODS, PIECE, chat, pull

# A client's ways to ask: the session's, and the package's for one object, for lines, and for nothing.
REQUESTS = [METHODS[name] for name in ("version", "installed", "chat", "pull", "delete")]


def unverified() -> ssl.SSLContext:
    tls = ssl.create_default_context()
    tls.check_hostname = False
    tls.verify_mode = ssl.CERT_NONE
    return tls


# What is sent


async def test_key_headers_and_prefix_are_sent_with_every_request(connect: Connect) -> None:
    async with OllamaServer(api_key="sk-secret", path_prefix="/ollama") as hub:
        client = connect(hub.url, {"Authorization": "Bearer sk-secret", "CF-Access-Client-Id": "me"})
        for name, method in METHODS.items():
            if name != "copy":
                await method(client)
        assert {request.status for request in hub.requests} == {200}
        assert {request.headers["CF-Access-Client-Id"] for request in hub.requests} == {"me"}


async def test_key_of_the_environment_is_not_sent(
    hub: OllamaServer, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The package would take it: it is that of ollama.com, and nobody else's business."""
    monkeypatch.setenv("OLLAMA_API_KEY", "sk-of-ollama.com")
    client = connect(hub.url)
    for request in REQUESTS:
        await request(client)
    assert len(hub.requests) == len(REQUESTS)
    assert not any("Authorization" in request.headers for request in hub.requests)


async def test_key_of_the_environment_does_not_replace_ours(
    connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OLLAMA_API_KEY", "sk-of-ollama.com")
    async with OllamaServer(api_key="sk-ours") as hub:
        await connect(hub.url, {"authorization": "Bearer sk-ours"}).installed()


async def test_environment_leads_nowhere_else(
    hub: OllamaServer, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither its idea of a host nor its proxies: a hub is in the house."""
    for name in ("OLLAMA_HOST", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    client = connect(hub.url)
    assert await client.version()
    assert await client.installed()


# TLS


async def test_private_authority(connect: Connect) -> None:
    certificates = make_certificates()
    async with OllamaServer(ssl_context=certificates.server_context()) as hub:
        client = connect(hub.url, tls=tls_context(certificates.ca))
        for request in REQUESTS:
            await request(client)


@pytest.mark.parametrize(
    ("certificates", "known", "reason"),
    [
        (make_certificates(), False, "self-signed"),
        (make_certificates(expired=True), True, "expired"),
        (make_certificates(("ollama.example.org",)), True, "IP address mismatch"),
    ],
    ids=["unknown authority", "expired", "another name"],
)
async def test_certificate_that_cannot_be_trusted(
    certificates: Certificates, known: bool, reason: str, connect: Connect
) -> None:
    async with OllamaServer(ssl_context=certificates.server_context()) as hub:
        client = connect(hub.url, tls=tls_context(certificates.ca) if known else None)
        for request in REQUESTS:
            with pytest.raises(ApiCertificateError, match=reason):
                await request(client)
        assert hub.requests == []


async def test_unverified_certificate(connect: Connect) -> None:
    async with OllamaServer(ssl_context=make_certificates(expired=True).server_context()) as hub:
        client = connect(hub.url, tls=unverified())
        assert await client.identify()
        assert await chat(client)


# How much is read


async def test_whole_answer_has_a_largest_size(serve: Serve, connect: Connect) -> None:
    """The largest honest one, a licence and a template, is far below."""
    facts = {"model_info": {"general.architecture": "llama", "llama.context_length": 7}}
    large = await serve(body(json.dumps(facts | {"license": "x" * (MAX_BODY - 1000)})))
    assert (await connect(large.url).details("x")).context_length == 7
    too_large = await serve(body(json.dumps(facts | {"license": "x" * MAX_BODY})))
    with pytest.raises(ApiResponseError, match="larger"):
        await connect(too_large.url).details("x")


@pytest.mark.parametrize(
    ("method", "chunk", "content_type"),
    [
        ("installed", b" " * 65536, "application/json"),
        ("installed", b" " * 65536, "text/html"),
        ("chat", b"x" * 65536, NDJSON),
        ("pull", b" " * 65536, NDJSON + "; charset=utf-8"),
        ("chat", b" " * 65536, "text/html"),
    ],
)
async def test_endless_answer_is_not_read_to_its_end(
    method: str, chunk: bytes, content_type: str, serve: Serve, connect: Connect
) -> None:
    server = await serve(endless(chunk, content_type))
    with pytest.raises(ApiResponseError, match="larger"):
        await METHODS[method](connect(server.url))


async def test_line_has_a_largest_size_but_a_stream_has_none(
    hub: OllamaServer, serve: Serve, connect: Connect
) -> None:
    """A long answer is read whole; a single token of this size is a fault."""
    size = transport.MAX_LINE - len(PIECE)
    server = await serve(lines(*[PIECE.replace("Hi", "x" * size)] * 10, LAST))
    assert sum(len(chunk.content) for chunk in await chat(connect(server.url))) == 10 * size
    hub.inject(Fault.huge_line(2 * transport.MAX_LINE))
    with pytest.raises(ApiResponseError, match="larger"):
        await chat(connect(hub.url))


@pytest.mark.parametrize("letter", ["\x85", "\u2028", "\u2029", "é", "€", "\u200b"])
async def test_letters_that_only_unicode_calls_ends_of_lines(
    serve: Serve, connect: Connect, letter: str
) -> None:
    """However the bytes of the letter are divided among the pieces of the stream."""
    said = f"one{letter}two"
    # A control character of a hundred years ago means an end of a line, and becomes one.
    heard = said.replace("\x85", "\n")
    line = PIECE.replace("Hi", said).encode()
    for cut in range(len(line)):
        server = await serve(lines(line[:cut], line[cut:], LAST))
        assert "".join(chunk.content for chunk in await chat(connect(server.url))) == heard


async def test_empty_lines_are_no_answers(serve: Serve, connect: Connect) -> None:
    server = await serve(lines("\n", PIECE, "\n\n", "\n", PIECE, LAST, "\n"))
    assert [chunk.content for chunk in await chat(connect(server.url))] == ["Hi", "Hi", ""]


async def test_stream_that_ends_in_the_middle_of_a_letter(serve: Serve, connect: Connect) -> None:
    server = await serve(lines(PIECE, b"\xe2\x80"))
    with pytest.raises(ApiResponseError):
        await chat(connect(server.url))


# How long is waited


async def test_waits_for_a_model_to_load(
    hub: OllamaServer, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing comes before the model is loaded, so until then more patience is right than after it."""
    monkeypatch.setattr(transport, "SILENCE_TIMEOUT", 0.2)
    monkeypatch.setattr(transport, "LOAD_TIMEOUT", 5.0)
    hub.inject(Fault.slow_load(0.5))
    assert await chat(connect(hub.url))


@pytest.mark.parametrize("method", ["chat", "pull", "load"])
async def test_does_not_wait_forever_for_an_answer(
    method: str, hub: OllamaServer, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "LOAD_TIMEOUT", 0.2)
    path = {"chat": "/api/chat", "pull": "/api/pull", "load": "/api/generate"}[method]
    hub.inject(Fault.slow_load(30, path=path) if method == "load" else Fault.stall(after=0, path=path))
    with pytest.raises(ApiConnectionError, match="timed out"):
        await METHODS[method](connect(hub.url))


@pytest.mark.parametrize(("method", "limit"), [("chat", "SILENCE_TIMEOUT"), ("pull", "PULL_SILENCE_TIMEOUT")])
async def test_silence_within_a_stream_is_a_dead_server(
    method: str, limit: str, hub: OllamaServer, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, limit, 0.2)
    hub.inject(Fault.stall(after=1))
    with pytest.raises(ApiConnectionError, match="timed out"):
        await METHODS[method](connect(hub.url))


async def test_download_may_be_silent_for_longer(connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server says nothing while it verifies what it has downloaded; a chat is as impatient as ever."""
    assert transport.PULL_SILENCE_TIMEOUT > 5 * transport.SILENCE_TIMEOUT
    monkeypatch.setattr(transport, "SILENCE_TIMEOUT", 0.2)
    async with OllamaServer(path_prefix="/ollama") as hub:
        client = connect(hub.url)
        await pull(client)
        whole = await pull(client)  # with all layers there, as the third one is
        verifying = next(number for number, one in enumerate(whole) if one.status.startswith("verifying"))
        hub.inject(Fault.stall(after=verifying + 1, seconds=1.0, path="/api/pull"))
        assert [one.status for one in await pull(client)] == [one.status for one in whole]
        hub.inject(Fault.stall(after=1, seconds=1.0, path="/api/chat"))
        with pytest.raises(ApiConnectionError, match="timed out"):
            await chat(client)
