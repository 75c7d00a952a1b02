"""What a model says: content, thinking, tool calls, and how it is cut into streamed pieces."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any, Literal

from .models import Manner
from .prompt import call_text
from .tokens import tokenize

_THINK_OPEN = ["<think>", "\n"]
_THINK_CLOSE = ["\n", "</think>", "\n\n"]
# The likeliest token, then ever less likely ones; together less than one.
_ALTERNATIVES = (
    "no", "yes", "No", "Yes", "nein", "ja", "The", "I", "It", "Not", "the", "a", "is", "Ok", "Sure",
    "This", "There", "maybe", "unsure", "none", "0", "1",
)  # fmt: skip

# How Go prints a tool that a template writes without knowing its form.
_PRINTED = "{object <nil> <nil> [] map[name:{[string] <nil> The name []}]}"


@dataclass(frozen=True, slots=True)
class ToolCall:
    """One call of a tool."""

    name: str
    arguments: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer of a model.

    `chunks`, when given, are the exact pieces of content to stream; otherwise `content` is cut
    into tokens. `logprob` is that of every generated token. An
    `endless` one goes on with its content until it is stopped.
    """

    content: str = ""
    thinking: str = ""
    tool_calls: list[ToolCall] = field(default_factory=list)
    chunks: list[str] | None = None
    done_reason: str = "stop"
    logprob: float = -0.1
    endless: bool = False


@dataclass(frozen=True, slots=True)
class Piece:
    """One streamed step: what the client gets and the tokens it cost; `kind` None shows nothing."""

    kind: Literal["thinking", "content", "tool_calls"] | None
    text: str
    tokens: list[str]
    calls: tuple[ToolCall, ...] = ()


def pieces(reply: Reply, stop: list[str]) -> Iterator[Piece]:
    """Cut a reply into steps, ending before any of the stop sequences in the content."""
    if reply.thinking:
        yield Piece(None, "", _THINK_OPEN)
        for token in tokenize(reply.thinking):
            yield Piece("thinking", token, [token])
        yield Piece(None, "", _THINK_CLOSE)
    content = "".join(reply.chunks) if reply.chunks is not None else reply.content
    end = min((at for mark in stop if mark and (at := content.find(mark)) >= 0), default=len(content))
    chunks = reply.chunks if reply.chunks is not None else tokenize(content[:end])
    sent = 0
    for chunk in chunks:
        if text := chunk[: end - sent]:
            yield Piece("content", text, tokenize(text))
        sent += len(chunk)
    for number in count(2) if reply.endless else ():
        for token in tokenize(f" And {number}: {content}"):
            yield Piece("content", token, [token])
    if end == len(content):
        for call in reply.tool_calls:
            written = call_text({"name": call.name, "arguments": call.arguments})
            yield Piece("tool_calls", "", tokenize(written), (call,))


def logprob_entries(token: str, logprob: float, top: int) -> list[dict[str, Any]]:
    """Ollama's form of one token's log probabilities (since v0.12.11)."""
    entry = _entry(token, logprob)
    if top:
        others = [word for word in _ALTERNATIVES if word != token.strip()][: top - 1]
        ranked = [_entry(word, round(logprob - 2.3 - rank, 4)) for rank, word in enumerate(others)]
        entry["top_logprobs"] = [_entry(token, logprob), *ranked]
    return [entry]


def _entry(token: str, logprob: float) -> dict[str, Any]:
    return {"token": token, "logprob": logprob, "bytes": list(token.encode())}


def in_manner(reply: Reply, manner: Manner) -> Reply:
    """Return a reply as a very small model gives it."""
    if manner == "endless" and not reply.tool_calls:
        return replace(reply, endless=True)
    if manner == "prints_template":
        return replace(reply, content=f"{_PRINTED} {reply.content}", tool_calls=[])
    return reply
