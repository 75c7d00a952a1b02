"""The simulated hub in a process of its own, so that its work is not counted as Home Assistant's.

`python -m demo.bench.hub [TOKENS_PER_SECOND]` serves until its standard input ends, and prints its address.
With a number it tells a long story in answer to every question, that fast and without any other delay.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
import sys
from typing import Any

from aiohttp import ClientSession, web

from demo.servers.ollama import OllamaServer, Reply, Timing
from demo.servers.ollama.catalogue import INSTALLED
from demo.servers.ollama.tokens import tokenize

from .errors import BenchError
from .processes import serve_until_released, served

MODEL = "llama3.1:8b"
NUM_CTX = 8192
KEEP_ALIVE = 1800
STORY_TOKENS = 3000

_LAST = "/bench/last"
_LOOKS, _SECONDS_BETWEEN_LOOKS = 200, 0.05
_ANSWERS = 1000
_SENTENCE = "Then lamp {} in the hall went on, and the old cat looked up from its chair for a while. "
# About as long as the prompt of a house, and unlike it from its first word on.
_OTHER_PROMPT = " ".join(f"Invoice {number}: the heating oil was paid in full." for number in range(260))


@dataclass(frozen=True, slots=True)
class Chat:
    """What a hub was asked: the length of the prompt, the tools, and the names of those called before."""

    prompt_tokens: int
    tools: list[dict[str, Any]]
    called: list[str]


class Hub:
    """What another client may do with the running hub, and what it tells of its last chat."""

    def __init__(self, session: ClientSession, url: str) -> None:
        self._session = session
        self._uses = 0
        self.url = url

    async def unload(self) -> None:
        """Throw the model out, prompts and all; returns when it is gone."""
        await self._post("/api/generate", {"model": MODEL, "keep_alive": 0})
        for _ in range(_LOOKS):
            if not (await self._get("/api/ps"))["models"]:
                return
            await asyncio.sleep(_SECONDS_BETWEEN_LOOKS)
        raise BenchError("The hub does not unload its model")

    async def use_otherwise(self) -> None:
        """Ask what has nothing to do with the house, each time something else, as another client does."""
        self._uses += 1
        message = {"role": "user", "content": f"Summarize file {self._uses}. {_OTHER_PROMPT}"}
        options = {"num_ctx": NUM_CTX, "num_predict": 8}
        await self._post(
            "/api/chat", {"model": MODEL, "messages": [message], "options": options, "stream": False}
        )

    async def last(self) -> Chat:
        """The chat that began last."""
        return Chat(**await self._get(_LAST))

    async def _post(self, path: str, body: dict[str, Any]) -> Any:
        async with self._session.post(self.url + path, json=body) as response:
            response.raise_for_status()
            return await response.json()

    async def _get(self, path: str) -> Any:
        async with self._session.get(self.url + path) as response:
            response.raise_for_status()
            return await response.json()


@asynccontextmanager
async def running(tokens_per_second: int | None = None) -> AsyncIterator[Hub]:
    """A hub with the times of a home server; with a number, one that tells stories at that pace."""
    arguments = [] if tokens_per_second is None else [str(tokens_per_second)]
    async with served("demo.bench.hub", *arguments) as url, ClientSession() as session:
        yield Hub(session, url)


def described() -> str:
    """The hub and its speed, in words."""
    timing = Timing.realistic()
    size = next(model.size for model in INSTALLED if model.name == MODEL)
    return (
        f"simulated hub: {MODEL}, num_ctx {NUM_CTX}, loads it in {timing.load_time(size):.1f} s, reads"
        f" {timing.prompt_tokens_per_second:,.0f} and writes {timing.tokens_per_second:g} tokens a second"
    )


class _Server(OllamaServer):
    """A hub that also tells what it saw."""

    async def handle(self, request: web.Request) -> web.StreamResponse:
        if request.path != _LAST:
            return await super().handle(request)
        chat = self.requests_to("/api/chat")[-1]
        body = chat.body or {}
        calls = [call for message in body["messages"] for call in message.get("tool_calls") or []]
        called = [call["function"]["name"] for call in calls]
        return web.json_response(asdict(Chat(chat.prompt_tokens, body.get("tools") or [], called)))


def story(tokens: int) -> str:
    """An answer of so many tokens, no sentence of which comes twice."""
    sentences = "".join(_SENTENCE.format(number) for number in range(tokens))
    return "".join(tokenize(sentences)[:tokens])


async def _serve(tokens_per_second: int | None) -> None:
    timing = Timing.realistic() if tokens_per_second is None else Timing(tokens_per_second=tokens_per_second)
    async with _Server(timing=timing) as server:
        if tokens_per_second is not None:
            server.script(*[Reply(content=story(STORY_TOKENS))] * _ANSWERS)
        await serve_until_released(server.url)


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1]) if len(sys.argv) > 1 else None))
