"""From messages to the text the model sees, and from that to what fits the context.

Sources: ollama server/prompt.go (chatPrompt), llm/llama_server.go (completionPromptForRequest)
and the templates of the library models; systems.md 1.19.
"""

from dataclasses import dataclass
import json
import re
from typing import Any

from .images import Picture, read_picture
from .models import Model
from .payload import Message
from .tokens import prompt_tokens
from .wire import ApiError

_THINK_BLOCK = re.compile(r"<think>.*?</think>\s*", re.DOTALL)
_KEPT_TOKENS = 4  # Ollama's default num_keep


@dataclass(frozen=True, slots=True)
class _Marks:
    """The control tokens around one message."""

    begin: str
    open: str
    close: str
    roles: tuple[tuple[str, str], ...] = ()
    system_alone: bool = True

    def turn(self, role: str, text: str) -> str:
        return self.head(role) + text + self.close

    def head(self, role: str) -> str:
        return self.open.format(role=dict(self.roles).get(role, role))


_MARKS = {
    "chatml": _Marks("", "<|im_start|>{role}\n", "<|im_end|>\n", (("tool", "user"),)),
    "jinja": _Marks("", "<|im_start|>{role}\n", "<|im_end|>\n", (("tool", "user"),)),
    "bare": _Marks("", "", "\n", ()),
    "llama3": _Marks(
        "<|begin_of_text|>",
        "<|start_header_id|>{role}<|end_header_id|>\n\n",
        "<|eot_id|>",
        (("tool", "ipython"),),
    ),
    "gemma": _Marks(
        "<bos>",
        "<start_of_turn>{role}\n",
        "<end_of_turn>\n",
        (("assistant", "model"), ("tool", "user"), ("system", "user")),
        system_alone=False,
    ),
    "zephyr": _Marks("", "<|{role}|>\n", "</s>\n", (("tool", "user"),)),
}


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt ready for a runner."""

    text: str
    tokens: list[str]
    pictures: list[Picture]


def llama_server_error(status: int, message: str, kind: str = "invalid_request_error") -> ApiError:
    """Word an error of the runner: Ollama passes llama-server's JSON on as a string."""
    error = {"error": {"code": status, "message": message, "type": kind}}
    return ApiError(status, json.dumps(error, separators=(",", ":")))


def build_prompt(
    model: Model,
    messages: list[Message],
    tools: list[dict[str, Any]],
    thinks: bool | None,
    *,
    num_ctx: int,
    truncate: bool,
) -> Prompt:
    """Render what fits: oldest messages are dropped, system messages and the last one stay."""
    pictures = {index: _pictures(model, message) for index, message in enumerate(messages)}
    kept = list(range(len(messages)))
    if truncate:
        for start in range(len(messages)):
            kept = _kept(messages, start)
            text = _render(model, [(messages[i], pictures[i]) for i in kept], tools, thinks)
            if len(prompt_tokens(text)) <= num_ctx:
                break
    text = _render(model, [(messages[i], pictures[i]) for i in kept], tools, thinks)
    shown = [picture for index in kept for picture in pictures[index]]
    return Prompt(text, fit(prompt_tokens(text), num_ctx, truncate, bool(shown)), shown)


def fit(tokens: list[str], num_ctx: int, truncate: bool, pictures: bool = False) -> list[str]:
    """Cut the middle out of a prompt that is still too long, or refuse it."""
    if len(tokens) < num_ctx:
        return tokens
    if not truncate or pictures:
        raise llama_server_error(
            400,
            f"request ({len(tokens)} tokens) exceeds the available context size ({num_ctx} tokens),"
            " try increasing it",
            "exceed_context_size_error",
        )
    kept = min(_KEPT_TOKENS, num_ctx - 1)
    limit = num_ctx - max((num_ctx - kept) // 2, 1)
    tail = limit - kept
    return tokens[:kept] + (tokens[-tail:] if tail > 0 else [])


def _kept(messages: list[Message], start: int) -> list[int]:
    """Which messages stay when truncation starts at `start`."""
    first = start
    while first > 0 and messages[first].role == "tool":
        first -= 1
    # A tool's answer is never separated from the call that asked for it.
    if messages[start].role != "tool" or not messages[first].tool_calls:
        first = start
    return [i for i, message in enumerate(messages) if i >= first or message.role == "system"]


def _pictures(model: Model, message: Message) -> list[Picture]:
    if message.images and not model.can("vision"):
        raise llama_server_error(
            400, "Multimodal data provided, but model does not support multimodal requests."
        )
    if "mllama" in model.families and len(message.images) > 1:
        raise ApiError(500, "this model only supports one image while more than one image requested")
    pictures = [read_picture(data) for data in message.images]
    if None in pictures:
        raise llama_server_error(400, "Failed to load image or audio file")
    return [picture for picture in pictures if picture]


def _render(
    model: Model,
    messages: list[tuple[Message, list[Picture]]],
    tools: list[dict[str, Any]],
    thinks: bool | None,
) -> str:
    marks = _MARKS[model.template]
    system = "\n\n".join(message.content for message, _ in messages if message.role == "system")
    turns = [(message, pictures) for message, pictures in messages if message.role != "system"]
    if tools and model.tools_in == "system":
        system = (system + "\n\n" if system else "") + _tools_text(tools)
    parts = [marks.begin]
    if system and marks.system_alone:
        parts.append(marks.turn("system", system))
    users = [index for index, (message, _) in enumerate(turns) if message.role == "user"]
    tool_turn = _tool_turn(model, users, len(turns)) if tools else None
    for index, (message, pictures) in enumerate(turns):
        text = "".join(picture.marker for picture in pictures)
        text += _content(model, message, thinks, past=bool(users) and index < users[-1])
        if index == tool_turn:
            text = f"{_tools_text(tools)}\n\nQuestion: {text}"
        if index == 0 and system and not marks.system_alone:
            text = f"{system}\n\n{text}"
        parts.append(marks.turn(message.role, text))
    parts.append(marks.head("assistant"))
    if model.can("thinking") and thinks is False:
        parts.append("<think>\n\n</think>\n\n")
    return "".join(parts)


def _tool_turn(model: Model, users: list[int], turns: int) -> int | None:
    """Which turn carries the tools, when the system block does not."""
    if not users or model.tools_in == "system":
        return None
    if model.tools_in == "first_user":
        return users[0]
    # The classic template shows the tools only while the user's message is the very last.
    return users[-1] if users[-1] == turns - 1 else None


def _tools_text(tools: list[dict[str, Any]]) -> str:
    lines = "\n".join(json.dumps(tool, ensure_ascii=False, separators=(",", ":")) for tool in tools)
    return (
        "# Tools\n\nYou may call one or more functions to assist with the user query.\n\n"
        f"You are provided with function signatures within <tools></tools> XML tags:\n<tools>\n{lines}\n"
        "</tools>\n\nFor each function call, return a json object with function name and arguments."
    )


def _content(model: Model, message: Message, thinks: bool | None, *, past: bool) -> str:
    if message.role == "tool":
        return f"<tool_response>\n{message.content}\n</tool_response>"
    text = message.content
    if message.role == "assistant" and model.can("thinking"):
        if past:
            # Thoughts of earlier turns are not shown to the model again.
            text = _THINK_BLOCK.sub("", text)
        elif message.thinking and thinks:
            text = f"<think>\n{message.thinking}\n</think>\n\n{text}"
    return text + "".join(call_text(call) for call in message.tool_calls)


def call_text(call: dict[str, Any]) -> str:
    """Write a tool call as the model itself would write it."""
    call = {"name": call["name"], "arguments": call["arguments"]}
    return f"<tool_call>\n{json.dumps(call, ensure_ascii=False)}\n</tool_call>"
