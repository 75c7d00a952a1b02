"""The Ollama server: wraps the `ollama` package and what it lacks.

Protocol: Ollama's `docs/api.md` and `server/routes.go` (v0.33). Durations are nanoseconds on the
wire and seconds here. Every method raises ApiError and nothing else.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Mapping
from contextlib import aclosing, asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
import re
import ssl
from typing import Any, cast

import aiohttp
import httpx
import ollama

from .chat import ChatChunk, ChatRequest, Message, Metrics, ToolCall
from .errors import (
    ApiBusyError,
    ApiConnectionError,
    ApiError,
    ApiForeignError,
    ApiHostRefusedError,
    ApiResponseError,
)
from .http import MAX_ERROR_TEXT, Connection, fetch, raise_connection_error, raise_for_status
from .transport import BoundedTransport

VERSION_TIMEOUT = 5.0
"""Seconds; the answer comes from memory, so a later one is none, and Home Assistant's start waits for it."""
ANSWER_TIMEOUT = 30.0
"""Seconds for all else that needs no model; just started, a server reads its list from a slow disk."""
_NANOSECONDS = 1e9
_SUCCESS = "success"


@dataclass(frozen=True, slots=True)
class InstalledModel:
    """A model on the server's disk; `size` in bytes, `digest` of its manifest, 64 hex digits."""

    name: str
    digest: str
    size: int
    modified_at: datetime | None
    family: str
    parameter_size: str
    quantization: str


@dataclass(frozen=True, slots=True)
class LoadedModel:
    """A model in memory. Bytes; `context_length` in tokens, None before server 0.10."""

    name: str
    digest: str
    size: int
    size_vram: int
    context_length: int | None
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class ModelDetails:
    """What a model can do: Ollama's capability names, and the longest context it was trained for.

    `tools_in_system` where its template lists the tools before the first message, and not in one of the
    questions: only then does a longer conversation keep them where they were.
    `kv_per_token` are the bytes of KV cache that each token of the context takes, None where the architecture
    does not tell; a sliding window takes less.
    """

    capabilities: frozenset[str]
    context_length: int | None
    tools_in_system: bool = False
    kv_per_token: int | None = None


@dataclass(frozen=True, slots=True)
class PullProgress:
    """How far a download is, over all layers seen so far, in bytes; zero while nothing is known."""

    status: str
    completed: int
    total: int

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

    layers: dict[str, tuple[int, int]] = field(default_factory=dict)

    def progress(self, part: ollama.ProgressResponse) -> PullProgress:
        if part.digest:
            self.layers[part.digest] = (part.completed or 0, part.total or 0)
        completed, total = (sum(figures) for figures in zip((0, 0), *self.layers.values(), strict=True))
        return PullProgress(part.status or "", completed, total)


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
        self._client = ollama.AsyncClient(
            host=connection.url,
            headers=headers,
            follow_redirects=False,
            trust_env=False,
            transport=BoundedTransport(session, connection.tls, authorization),
        )

    @property
    def url(self) -> str:
        """Return the address of the server, without a trailing slash."""
        return self._connection.url

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()  # type: ignore[no-untyped-call]

    async def version(self) -> str:
        """Return the server's version; the cheapest proof that this is an Ollama server.

        Raises ApiForeignError where something else answers.
        """
        answer = await fetch(self._session, self._connection, "GET", "/api/version", seconds=VERSION_TIMEOUT)
        if answer.status == 403 and not answer.body:
            # The server's own host check: it listens on loopback and a proxy passes another Host header.
            raise ApiHostRefusedError("the server refuses this host name", 403)
        raise_for_status(answer.status, answer.body.decode(errors="replace"))
        try:
            version = answer.json()["version"]
        except (ApiResponseError, KeyError, TypeError) as err:
            raise ApiForeignError("no Ollama server") from err
        if not isinstance(version, str):
            raise ApiForeignError("no Ollama server")
        return version[:50]

    async def identify(self) -> str:
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
        async with _soon():
            answer = await self._client.list()
        return tuple(
            InstalledModel(
                name=model.model,
                digest=model.digest or "",
                size=int(model.size or 0),
                modified_at=model.modified_at,
                family=(model.details and model.details.family) or "",
                parameter_size=(model.details and model.details.parameter_size) or "",
                quantization=(model.details and model.details.quantization_level) or "",
            )
            for model in answer.models
            if model.model
        )

    async def loaded(self) -> tuple[LoadedModel, ...]:
        """Return the models in memory; one that is still loading is among them."""
        async with _soon():
            answer = await self._client.ps()
        return tuple(
            LoadedModel(
                name=model.model,
                digest=model.digest or "",
                size=int(model.size or 0),
                size_vram=int(model.size_vram or 0),
                context_length=model.context_length or None,
                expires_at=model.expires_at,
            )
            for model in answer.models
            if model.model
        )

    async def details(self, model: str) -> ModelDetails:
        """Return what a model can do; ask once per digest, the answer may be large."""
        async with _soon():
            answer = await self._client.show(model)
        facts = answer.modelinfo or {}
        length = facts.get(f"{facts.get('general.architecture')}.context_length")
        return ModelDetails(
            capabilities=frozenset(answer.capabilities or ()),
            context_length=length if isinstance(length, int) else None,
            tools_in_system=_lists_tools_first(answer.template or ""),
            kv_per_token=_kv_per_token(facts),
        )

    @asynccontextmanager
    async def chat(self, request: ChatRequest) -> AsyncIterator[AsyncGenerator[ChatChunk]]:
        """Answer a chat: `async with client.chat(request) as chunks`.

        Leaving the block closes the stream, which makes the server stop generating. A stream that
        ends without its last chunk raises ApiResponseError.
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
        raise ApiResponseError("the answer ended in the middle")

    async def load(self, model: str, num_ctx: int | None, keep_alive: int) -> float:
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
            return 0.0
        return (answer.load_duration or 0) / _NANOSECONDS

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


def _kv_per_token(facts: Mapping[str, Any]) -> int | None:
    """Return the bytes of KV cache per token, from the facts of a model's file.

    Keys and values, each layers × KV heads × length of a head, in f16 (the server's default cache type).
    Source: the keys of GGUF's specification. Where heads differ from layer to layer, the server does not say.
    """

    def fact(key: str) -> int:
        value = facts.get(f"{facts.get('general.architecture')}.{key}")
        return value if isinstance(value, int) and value > 0 else 0

    heads = fact("attention.head_count")
    by_default = fact("embedding_length") // heads if heads else 0
    lengths = sum(fact(f"attention.{each}_length") or by_default for each in ("key", "value"))
    return 2 * fact("block_count") * fact("attention.head_count_kv") * lengths or None


def _lists_tools_first(template: str) -> bool:
    """Return whether a Go template lists the tools before it goes through the messages."""
    tools, messages = (re.search(rf"range [^}}]*\.{name}\b", template) for name in ("Tools", "Messages"))
    return tools is not None and (messages is None or tools.start() < messages.start())


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
    calls = message.tool_calls
    return ChatChunk(
        content=message.content or "",
        thinking=message.thinking or "",
        tool_calls=tuple(ToolCall(call.function.name, call.function.arguments) for call in calls)
        if calls
        else (),
        metrics=_metrics(part) if part.done else None,
        logprobs=tuple(
            {candidate.token: candidate.logprob for candidate in token.top_logprobs or (token,)}
            for token in part.logprobs
        )
        if part.logprobs
        else (),
    )


def _metrics(part: ollama.ChatResponse) -> Metrics:
    return Metrics(
        load_time=(part.load_duration or 0) / _NANOSECONDS,
        prompt_tokens=part.prompt_eval_count or 0,
        prompt_time=(part.prompt_eval_duration or 0) / _NANOSECONDS,
        generated_tokens=part.eval_count or 0,
        generation_time=(part.eval_duration or 0) / _NANOSECONDS,
        done_reason=part.done_reason or "",
        finished_at=_time(part.created_at),
    )


def _time(text: str | None) -> datetime | None:
    try:
        return datetime.fromisoformat(text) if text else None
    except ValueError:
        return None


@contextmanager
def _translated() -> Iterator[None]:
    """Turn everything that the package lets out into an ApiError.

    Seen to leave it: httpx's errors, ValueErrors (JSON's for a blank or broken line or HTML, pydantic's),
    AttributeError and TypeError (JSON that is no object), RecursionError (JSON too deep), and
    RuntimeError (the client was closed, because the integration was unloaded during a turn).
    """
    try:
        yield
    except ollama.ResponseError as err:
        if err.status_code > 0:
            raise_for_status(err.status_code, str(err.error))
        raise ApiResponseError(str(err.error)[:MAX_ERROR_TEXT]) from err
    except (ValueError, AttributeError, KeyError, TypeError, RecursionError) as err:
        if isinstance(failed := err.__context__, httpx.HTTPStatusError):
            # The package stumbled over an error's body that is no JSON object.
            raise_for_status(failed.response.status_code, "")
        raise ApiResponseError(f"the answer does not follow the protocol: {type(err).__name__}") from err
    except (httpx.HTTPError, RuntimeError) as err:
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
