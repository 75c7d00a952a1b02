"""The words of a chat with an Ollama server: what is asked, and what comes back piece by piece."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from .answers import Moment, Number, Text, Whole

type Think = bool | Literal["low", "medium", "high"]
type JsonObject = Mapping[str, Any]

NOTHING = Text("")


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A function the model wants called."""

    name: str
    arguments: JsonObject


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a chat; `images` are the files' bytes, `tool_name` says whose result it is."""

    role: Literal["system", "user", "assistant", "tool"]
    content: str = ""
    images: tuple[bytes, ...] = ()
    tool_calls: tuple[ToolCall, ...] = ()
    tool_name: str | None = None


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """What one request asks. `keep_alive` in seconds, -1 forever; None leaves a choice to the server."""

    model: str
    messages: Sequence[Message]
    tools: Sequence[JsonObject] = ()
    format: JsonObject | None = None
    num_ctx: int | None = None
    keep_alive: int | None = None
    think: Think | None = None
    temperature: float | None = None
    num_predict: int | None = None
    top_logprobs: int | None = None


@dataclass(frozen=True, slots=True)
class Metrics:
    """What the server measured of one request, in seconds and tokens; zero where it left a figure out.

    `prompt_tokens` is a lower bound: some versions leave out what came from the prompt cache.
    `finished_at` is the server's own clock.
    """

    load_time: Number
    prompt_tokens: Whole
    prompt_time: Number
    generated_tokens: Whole
    generation_time: Number
    done_reason: Text
    finished_at: Moment | None


@dataclass(frozen=True, slots=True)
class ChatChunk:
    """A piece of an answer. `metrics` comes with the last one.

    `logprobs` maps, per token of this piece, the candidates to their natural log-probability.
    """

    content: Text = NOTHING
    thinking: Text = NOTHING
    tool_calls: tuple[ToolCall, ...] = ()
    metrics: Metrics | None = None
    logprobs: tuple[Mapping[str, Number], ...] = ()
