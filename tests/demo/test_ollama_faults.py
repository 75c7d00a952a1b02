"""What can be made to go wrong."""

import asyncio
import json
from typing import Any

import aiohttp
import pytest

from demo.servers.ollama import Fault, OllamaServer, Reply

from .talk import Talk, content, until

TEXT = "one two three four"


async def raw_lines(talk: Talk) -> list[bytes]:
    async with talk.open_chat() as response:
        return (await response.read()).split(b"\n")


async def test_drop_before_the_first_token(hub: OllamaServer, talk: Talk) -> None:
    fault = hub.inject(Fault.drop_before_first_token(path="/api/chat", times=1))
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await talk.chat()
    assert (await talk.chat())[-1]["done"]
    assert fault.applied == 1
    assert [request.outcome for request in hub.requests] == ["failed", "finished"]
    assert hub.generating == 0


async def test_drop_after_the_first_token(hub: OllamaServer, talk: Talk) -> None:
    hub.script(Reply(TEXT))
    hub.inject(Fault.drop_after_first_token(after=2))
    async with talk.open_chat() as response:
        assert json.loads(await response.content.readline())["message"]["content"] == "one"
        assert json.loads(await response.content.readline())["message"]["content"] == " two"
        with pytest.raises(aiohttp.ClientPayloadError):
            await response.content.readline()
    assert hub.requests[0].outcome == "failed"
    await until(lambda: hub.generating == 0)


async def test_times_and_path(hub: OllamaServer, talk: Talk) -> None:
    hub.inject(Fault.status(500, path="/api/chat", times=2))
    hub.inject(Fault.status(503, path="/api/tags", times=None))
    assert (await talk.get("/api/version"))[0] == 200
    assert (await talk.refused())[0] == 500
    assert (await talk.refused())[0] == 500
    assert (await talk.chat())[-1]["done"]
    for _ in range(3):
        assert (await talk.get("/api/tags"))[0] == 503
    hub.clear_faults()
    assert (await talk.get("/api/tags"))[0] == 200


@pytest.mark.parametrize(
    ("code", "body", "answer"),
    [
        (401, None, {"error": "unauthorized"}),
        (404, None, {"error": "model 'llama3.1:8b' not found"}),
        (429, None, {"error": "too many requests, please try again later"}),
        (500, None, {"error": "llama runner process has terminated: exit status 2"}),
        (503, None, {"error": "server busy, please try again.  maximum pending requests exceeded"}),
        (502, None, {"error": "error"}),
        (502, "<html>Bad Gateway</html>", "<html>Bad Gateway</html>"),
        (500, {"error": "out of memory"}, {"error": "out of memory"}),
        (403, "", ""),
    ],
)
async def test_status(hub: OllamaServer, talk: Talk, code: int, body: Any, answer: Any) -> None:
    hub.inject(Fault.status(code, body))
    assert await talk.post("/api/chat", {"model": "llama3.1:8b", "messages": []}) == (code, answer)
    assert hub.requests[0].outcome == "failed"


async def test_stall(hub: OllamaServer, talk: Talk) -> None:
    hub.script(Reply(TEXT))
    hub.inject(Fault.stall(0.1, after=1))
    begun = asyncio.get_running_loop().time()
    assert content(await talk.chat()) == TEXT
    assert asyncio.get_running_loop().time() - begun >= 0.1


async def test_stall_for_ever(hub: OllamaServer, talk: Talk) -> None:
    hub.inject(Fault.stall(after=0))
    chat = asyncio.create_task(talk.chat())
    await until(lambda: hub.generating == 1)
    assert not chat.done()
    chat.cancel()
    await until(lambda: hub.requests[0].outcome == "cancelled")
    await until(lambda: hub.generating == 0)


async def test_lines(hub: OllamaServer, talk: Talk) -> None:
    hub.script(*[Reply(TEXT)] * 3)
    hub.inject(Fault.garbage_line(after=1))
    lines = await raw_lines(talk)
    assert lines[1] == b"<html>502 Bad Gateway</html>"
    assert json.loads(lines[2])["message"]["content"] == " two"
    hub.inject(Fault.blank_line(after=0))
    assert (await raw_lines(talk))[0] == b""
    hub.inject(Fault.huge_line(1_000_000, after=2))
    lines = await raw_lines(talk)
    assert len(lines[2]) + 1 == 1_000_000
    json.loads(lines[2])


async def test_error_line(hub: OllamaServer, talk: Talk) -> None:
    hub.script(Reply(TEXT), Reply(TEXT))
    hub.inject(Fault.error_line("an error was encountered", after=2))
    lines = await talk.chat()
    assert lines[-1] == {"error": "an error was encountered"}
    assert len(lines) == 3
    assert hub.requests[0].outcome == "failed"
    hub.inject(Fault.error_line("broken", after=0))
    assert await talk.refused() == (500, "broken")


async def test_faults_after_the_last_line(hub: OllamaServer, talk: Talk) -> None:
    hub.script(Reply("one"))
    hub.inject(Fault.garbage_line(after=2))
    assert (await raw_lines(talk))[2] == b"<html>502 Bad Gateway</html>"


async def test_faults_without_streaming(hub: OllamaServer, talk: Talk) -> None:
    body = {"model": "llama3.1:8b", "messages": [{"role": "user", "content": "Hi"}], "stream": False}
    hub.inject(Fault.drop_after_first_token())
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await talk.post("/api/chat", body)
    hub.inject(Fault.error_line("broken"))
    assert await talk.post("/api/chat", body) == (500, {"error": "broken"})
    hub.inject(Fault.garbage_line())
    with pytest.raises(json.JSONDecodeError):
        await talk.post("/api/chat", body)


async def test_a_fault_of_the_stream_leaves_other_routes_alone(hub: OllamaServer, talk: Talk) -> None:
    fault = hub.inject(Fault.drop_before_first_token())
    assert (await talk.get("/api/tags"))[0] == 200
    assert fault.applied == 0
    assert str(fault) == 'drop "*"'
