"""The Ollama server: wraps the `ollama` package and what it lacks.

Protocol: Ollama's `docs/api.md` and `server/routes.go` (v0.33). Durations are nanoseconds on the
wire and seconds here. Every method raises ApiError and nothing else.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from contextlib import aclosing, asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
import ssl
from typing import Any, cast

import aiohttp
import httpx
import ollama

from ..values.number import total
from . import models
from .answers import Number, Text, Whole, line, number, object_in, text, time, whole, words
from .chat import ChatChunk, ChatRequest, Message, Metrics, ToolCall
from .errors import (
    ApiBusyError,
    ApiConnectionError,
    ApiError,
    ApiForeignError,
    ApiHostRefusedError,
    ApiResponseError,
    ApiUnfinishedError,
)
from .exposure import answers_anybody
from .http import (
    MAX_ERROR_TEXT,
    Answer,
    Connection,
    fetch,
    raise_connection_error,
    raise_for_status,
    said_in,
)
from .models import InstalledModel, LoadedModel, ModelDetails
from .shapes import MAX_WORDS
from .transport import BoundedTransport

__all__ = ["InstalledModel", "LoadedModel", "ModelDetails", "OllamaClient", "PullProgress"]

VERSION_TIMEOUT = 5.0
"""Seconds; the answer comes from memory, so a later one is none, and Home Assistant's start waits for it."""
ANSWER_TIMEOUT = 30.0
"""Seconds for all else that needs no model; just started, a server reads its list from a slow disk."""
_MAX_VERSION = 50
_MAX_STATUS = 300
_MAX_LAYERS = 2000
_NANOSECONDS = 1e9
_SUCCESS = "success"


@dataclass(frozen=True, slots=True)
class PullProgress:
    """How far a download is, over all layers seen so far, in bytes; zero while nothing is known."""

    status: Text
    completed: Whole
    total: Whole

    @property
    def percent(self) -> int | None:
        """Return how much is done, None while the size is not known; 100 is for the very end.

        Small layers come after the large one, so all that is known of may be there before that.
        """
        if self.status == _SUCCESS:
            return 100
        return min(99, 100 * self.completed // self.total) if self.total else None


@dataclass(slots=True)
class _PullLayers:
    """The layers of a pull: they come one after another, each with its own total."""

    layers: dict[str, tuple[Whole, Whole]] = field(default_factory=dict)

    def progress(self, part: ollama.ProgressResponse) -> PullProgress:
        if part.digest not in self.layers:
            # The next layer, or what comes after all of them: those before are there, whatever was told last.
            self.layers = {digest: (size, size) for digest, (_, size) in self.layers.items()}
        if part.digest and (part.digest in self.layers or len(self.layers) < _MAX_LAYERS):
            self.layers[part.digest] = (_count(part.completed), _count(part.total))
        completed, size = (total(layer[place] for layer in self.layers.values()) for place in (0, 1))
        return PullProgress(text(part.status, _MAX_STATUS), completed, size)


class OllamaClient:
    """One Ollama server.

    `connection.tls` must be set: the `ollama` package takes a context or makes one on the event loop.
    """

    def __init__(self, session: aiohttp.ClientSession, connection: Connection) -> None:
        """Open nothing yet."""
        assert isinstance(connection.tls, ssl.SSLContext)
        self._session = session
        self._connection = connection
        headers = {name.lower(): value for name, value in connection.headers.items()}
        authorization = headers.pop("authorization", None)
        self._transport = BoundedTransport(session, connection.tls, authorization)
        self._client = ollama.AsyncClient(
            host=connection.url,
            headers=headers,
            follow_redirects=False,
            trust_env=False,
            transport=self._transport,
        )

    @property
    def url(self) -> str:
        """Return the address of the server, without a trailing slash."""
        return self._connection.url

    @property
    def has_credentials(self) -> bool:
        """Return whether the server is sent anything that may be a key."""
        return bool(self._connection.headers)

    async def answers_anybody(self) -> bool:
        """Return whether the server answers one who has no key. Raises ApiError where that cannot be told."""
        return await answers_anybody(self._session, self._connection)

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()  # type: ignore[no-untyped-call]

    async def version(self) -> Text:
        """Return the server's version; the cheapest proof that this is an Ollama server.

        Raises ApiForeignError where something else answers.
        """
        answer = await self._fetch("GET", "/api/version", seconds=VERSION_TIMEOUT)
        if answer.status == 403 and not answer.body:
            # The server's own host check: it listens on loopback and a proxy passes another Host header.
            raise ApiHostRefusedError("the server refuses this host name", 403)
        raise_for_status(answer.status, said_in(answer.body))
        try:
            version = object_in(answer.json()).get("version")
        except ApiResponseError as err:
            raise ApiForeignError("no Ollama server") from err
        if not isinstance(version, str):
            raise ApiForeignError("no Ollama server")
        return line(text(version, _MAX_VERSION), _MAX_VERSION)

    async def identify(self) -> Text:
        """Return the version after making sure that this really is an Ollama server, and a usable one.

        Open WebUI answers `/api/version` in the same form, so the model list decides.
        Raises ApiForeignError with `found` where the other system is known.
        """
        try:
            version = await self.version()
            await self.installed()
        except ApiError as err:
            if isinstance(err, (ApiConnectionError, ApiHostRefusedError)):
                raise
            if await self._is_open_webui():
                raise ApiForeignError("this is Open WebUI", "Open WebUI") from err
            if isinstance(err, ApiResponseError) and not isinstance(err, ApiBusyError):
                raise ApiForeignError(f"no Ollama server: {err}") from err
            raise
        return version

    async def _is_open_webui(self) -> bool:
        # Without the key: Open WebUI would take it for a broken login, and refuse what is public.
        headers = {
            name: value for name, value in self._connection.headers.items() if name.lower() != "authorization"
        }
        try:
            answer = await fetch(
                self._session, replace(self._connection, headers=headers), "GET", "/api/config"
            )
            config = answer.json()
        except ApiError:
            return False
        return isinstance(config, dict) and {"name", "version", "features"} <= config.keys()

    async def installed(self) -> tuple[InstalledModel, ...]:
        """Return the models on the server's disk, the one changed last first."""
        return await self._ask("GET", "/api/tags", models.installed)

    async def loaded(self) -> tuple[LoadedModel, ...]:
        """Return the models in memory; one that is still loading is not among them."""
        return await self._ask("GET", "/api/ps", models.loaded)

    async def details(self, model: str) -> ModelDetails:
        """Return what a model can do; ask once per digest, the answer may be large."""
        return await self._ask("POST", "/api/show", models.details, {"model": model})

    async def _ask[ReadT](
        self, method: str, path: str, parse: Callable[[object], ReadT], body: object = None
    ) -> ReadT:
        """Return what is read of an answer that needs no model, so it comes soon or never."""
        answer = await self._fetch(method, path, body, seconds=ANSWER_TIMEOUT)
        raise_for_status(answer.status, said_in(answer.body), answer.retry_after)
        return await answer.read(parse)

    async def _fetch(self, method: str, path: str, body: object = None, *, seconds: float) -> Answer:
        try:
            async with self._transport.until_closed():
                return await fetch(self._session, self._connection, method, path, body=body, seconds=seconds)
        except TimeoutError as err:
            raise_connection_error(err)

    @asynccontextmanager
    async def chat(self, request: ChatRequest) -> AsyncIterator[AsyncGenerator[ChatChunk]]:
        """Answer a chat: `async with client.chat(request) as chunks`.

        Leaving the block closes the stream, which makes the server stop generating. A stream that
        ends without its last chunk raises ApiUnfinishedError.
        """
        async with aclosing(self._chunks(request)) as chunks:
            yield chunks

    async def _chunks(self, request: ChatRequest) -> AsyncGenerator[ChatChunk]:
        with _translated():
            stream = cast(
                "AsyncGenerator[ollama.ChatResponse]",
                await self._client.chat(stream=True, **_arguments(request)),
            )
            async with aclosing(stream):
                async for part in stream:
                    chunk = _chunk(part)
                    yield chunk
                    if chunk.metrics is not None:
                        return
        raise ApiUnfinishedError("the answer ended in the middle")

    async def load(self, model: str, num_ctx: int | None, keep_alive: int) -> Number:
        """Load a model with this context length and return the seconds it took; 0 unloads it.

        An embedding model cannot generate, and is loaded by an empty embedding.
        """
        options = {"num_ctx": num_ctx} if num_ctx is not None else None
        try:
            with _translated():
                answer = await self._client.generate(model=model, options=options, keep_alive=keep_alive)
        except ApiResponseError as err:
            if err.status != 400:
                raise
            with _translated():
                await self._client.embed(model=model, input="", options=options, keep_alive=keep_alive)
            return Number(0.0)
        return _seconds(answer.load_duration)

    async def unload(self, model: str) -> None:
        """Ask for a model's memory back; a busy runner finishes first, so `loaded` may lag behind."""
        await self.load(model, None, 0)

    async def pull(self, model: str) -> AsyncGenerator[PullProgress]:
        """Download a model; every 60 ms a progress. Closing the generator cancels, a later pull resumes.

        Raises ApiResponseError where the stream ends without success: unknown model, disk, network.
        """
        layers = _PullLayers()
        with _translated():
            stream = cast(
                "AsyncGenerator[ollama.ProgressResponse]", await self._client.pull(model, stream=True)
            )
            async with aclosing(stream):
                async for part in stream:
                    yield layers.progress(part)
                    if part.status == _SUCCESS:
                        return
        raise ApiResponseError("the download ended in the middle")

    async def delete(self, model: str) -> None:
        """Delete a model from the server's disk."""
        async with _soon():
            await self._client.delete(model)

    async def copy(self, source: str, destination: str) -> None:
        """Give a model a second name."""
        async with _soon():
            await self._client.copy(source, destination)


def _arguments(request: ChatRequest) -> dict[str, Any]:
    """Return the arguments of the package's `chat`."""
    options = {
        "num_ctx": request.num_ctx,
        "temperature": request.temperature,
        "num_predict": request.num_predict,
    }
    return {
        "model": request.model,
        "messages": [_wire_message(message) for message in request.messages],
        "tools": list(request.tools) or None,
        "format": request.format,
        "options": {key: value for key, value in options.items() if value is not None} or None,
        "keep_alive": request.keep_alive,
        "think": request.think,
        "logprobs": True if request.top_logprobs is not None else None,
        "top_logprobs": request.top_logprobs,
    }


def _wire_message(message: Message) -> dict[str, Any]:
    """Return a message in the form of `/api/chat`."""
    wire: dict[str, Any] = {"role": message.role, "content": message.content}
    if message.images:
        wire["images"] = [ollama.Image(value=image) for image in message.images]
    if message.tool_calls:
        wire["tool_calls"] = [
            {"function": {"name": call.name, "arguments": call.arguments}} for call in message.tool_calls
        ]
    if message.tool_name:
        wire["tool_name"] = message.tool_name
    return wire


def _chunk(part: ollama.ChatResponse) -> ChatChunk:
    message = part.message
    return ChatChunk(
        content=words(message.content, MAX_WORDS),
        thinking=words(message.thinking, MAX_WORDS),
        tool_calls=tuple(
            ToolCall(call.function.name, call.function.arguments) for call in message.tool_calls or ()
        ),
        metrics=_metrics(part) if part.done else None,
        logprobs=tuple(
            {
                words(candidate.token): _figure(candidate.logprob)
                for candidate in token.top_logprobs or (token,)
            }
            for token in part.logprobs or ()
        ),
    )


def _metrics(part: ollama.ChatResponse) -> Metrics:
    return Metrics(
        load_time=_seconds(part.load_duration),
        prompt_tokens=_count(part.prompt_eval_count),
        prompt_time=_seconds(part.prompt_eval_duration),
        generated_tokens=_count(part.eval_count),
        generation_time=_seconds(part.eval_duration),
        done_reason=text(part.done_reason),
        finished_at=time(part.created_at, in_utc=False),
    )


def _count(value: int | None) -> Whole:
    return whole(value) or Whole(0)


def _figure(value: float | None) -> Number:
    return number(value) or Number(0.0)


def _seconds(nanoseconds: int | None) -> Number:
    return _figure((nanoseconds or 0) / _NANOSECONDS)


@contextmanager
def _translated() -> Iterator[None]:
    """Turn everything that the package lets out into an ApiError.

    Seen to leave it: httpx's errors, ValueErrors (JSON's for a blank or broken line or HTML, pydantic's),
    AttributeError and TypeError (JSON that is no object), RecursionError (JSON too deep), and
    RuntimeError (the client was closed, because the integration was unloaded during a turn). What the
    transport raises is an ApiError already.
    """
    try:
        yield
    except ollama.ResponseError as err:
        raise ApiResponseError(line(err.error, MAX_ERROR_TEXT)) from err
    except (ValueError, AttributeError, KeyError, TypeError, RecursionError) as err:
        raise ApiResponseError(f"the answer does not follow the protocol: {type(err).__name__}") from err
    except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, RuntimeError) as err:
        raise_connection_error(TimeoutError() if isinstance(err, httpx.TimeoutException) else err)


@asynccontextmanager
async def _soon() -> AsyncIterator[None]:
    """Wait for an answer that needs no model, so it comes soon or never."""
    try:
        async with asyncio.timeout(ANSWER_TIMEOUT):
            with _translated():
                yield
    except TimeoutError as err:
        raise_connection_error(err)
