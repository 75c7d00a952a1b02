"""Bodies of /api/chat and /api/generate, read as strictly as Ollama reads them.

Source: ollama api/types.go (ChatRequest, GenerateRequest, Message, Tool, Options.FromMap).
"""

from dataclasses import dataclass, field
from typing import Any

from .images import decode_base64
from .wire import ApiError, Fields, keep_alive_seconds, quoted

ROLES = ("system", "user", "assistant", "tool")
THINK_LEVELS = ("low", "medium", "high", "max")
MOST_LOGPROBS = 20

_INTEGER_OPTIONS = (
    "num_keep",
    "seed",
    "num_predict",
    "top_k",
    "repeat_last_n",
    "num_ctx",
    "num_batch",
    "num_gpu",
    "main_gpu",
    "num_thread",
)
_FLOAT_OPTIONS = (
    "top_p",
    "min_p",
    "typical_p",
    "temperature",
    "repeat_penalty",
    "presence_penalty",
    "frequency_penalty",
)


@dataclass(slots=True)
class Message:
    """One message of a conversation; images are decoded."""

    role: str
    content: str = ""
    thinking: str = ""
    images: list[bytes] = field(default_factory=list)
    tool_calls: list[dict[str, Any]] = field(default_factory=list)
    tool_name: str = ""


@dataclass(slots=True, kw_only=True)
class Inference:
    """What chat and generate have in common. `keep_alive` is seconds, None when not given."""

    model: str
    stream: bool
    options: dict[str, Any]
    keep_alive: float | None
    think: bool | str | None
    format: Any
    truncate: bool
    shift: bool
    logprobs: bool
    top_logprobs: int
    render_only: bool
    messages: list[Message] = field(default_factory=list)
    tools: list[dict[str, Any]] = field(default_factory=list)
    suffix: str = ""
    raw: bool = False
    prompt: str = ""

    @property
    def thinks(self) -> bool:
        """Whether thinking is asked for, by `true` or by a level."""
        return bool(self.think)


def read_chat(body: dict[str, Any]) -> Inference:
    """Read a ChatRequest; raises ApiError."""
    fields = Fields(body, "ChatRequest")
    request = _common(fields)
    request.messages = [_message(item) for item in fields.objects("messages", "api.Message")]
    request.tools = [_tool(item) for item in fields.objects("tools", "api.Tool")]
    return request


def read_generate(body: dict[str, Any]) -> Inference:
    """Read a GenerateRequest as the conversation Ollama makes of it; raises ApiError."""
    fields = Fields(body, "GenerateRequest")
    request = _common(fields)
    request.prompt = fields.text("prompt")
    request.suffix = fields.text("suffix")
    request.raw = fields.flag("raw", False)
    system, template = fields.text("system"), fields.text("template")
    images = [_image(fields, "images", item) for item in fields.array("images", "api.ImageData")]
    context = fields.array("context", "int")
    if request.raw and (template or system or context):
        raise ApiError(400, "raw mode does not support template, system, or context")
    if request.prompt:
        if system:
            request.messages.append(Message("system", system))
        request.messages.append(Message("user", request.prompt, images=images))
    return request


def _common(fields: Fields) -> Inference:
    request = Inference(
        model=fields.text("model"),
        stream=fields.flag("stream", True),
        options=fields.mapping("options"),
        keep_alive=keep_alive_seconds(fields.value.get("keep_alive")),
        think=_think(fields.value.get("think")),
        format=fields.value.get("format") or None,
        truncate=fields.flag("truncate", True),
        shift=fields.flag("shift", True),
        logprobs=fields.flag("logprobs", False),
        top_logprobs=fields.integer("top_logprobs"),
        render_only=fields.flag("_debug_render_only", False),
    )
    if not 0 <= request.top_logprobs <= MOST_LOGPROBS:
        raise ApiError(400, f"top_logprobs must be between 0 and {MOST_LOGPROBS}")
    return request


def _think(value: object) -> bool | str | None:
    if value is None or isinstance(value, bool):
        return value
    allowed = '"high", "medium", "low", "max", true, or false'
    if not isinstance(value, str):
        raise ApiError(400, f"think must be a boolean or string ({allowed})")
    if value not in THINK_LEVELS:
        raise ApiError(400, f"invalid think value: {quoted(value)} (must be {allowed})")
    return value


def _image(fields: Fields, name: str, value: object) -> bytes:
    if not isinstance(value, str):
        raise fields.refuse(name, value, "api.ImageData")
    return decode_base64(value)


def _message(fields: Fields) -> Message:
    role = fields.text("role").lower()
    if role not in ROLES:
        raise ApiError(400, 'message role must be one of "system", "user", "assistant", or "tool"')
    fields.text("tool_call_id")
    return Message(
        role=role,
        content=fields.text("content"),
        thinking=fields.text("thinking"),
        images=[_image(fields, "images", item) for item in fields.array("images", "api.ImageData")],
        tool_calls=[_tool_call(item) for item in fields.objects("tool_calls", "api.ToolCall")],
        tool_name=fields.text("tool_name"),
    )


def _tool_call(fields: Fields) -> dict[str, Any]:
    fields.text("id")
    function = fields.object("function")
    function.integer("index")
    return {"name": function.text("name"), "arguments": function.mapping("arguments")}


def _tool(fields: Fields) -> dict[str, Any]:
    fields.text("type")
    function = fields.object("function")
    if not function.text("name"):
        # Ollama takes it and the template renders nonsense; nobody means that.
        raise ApiError(400, "tool function name is required")
    function.text("description")
    parameters = function.object("parameters")
    parameters.text("type")
    for item in parameters.array("required", "string"):
        if not isinstance(item, str):
            raise parameters.refuse("required", item, "string")
    properties = parameters.object("properties")
    for name in properties.value:
        properties.object(name).array("enum", "interface {}")
    return fields.value


def check_options(options: dict[str, Any]) -> None:
    """Refuse options of a wrong type as Options.FromMap does; unknown ones are ignored.

    The real server makes this a 500: the error reaches no more fitting branch.
    """
    for name, value in options.items():
        if value is None:
            continue
        number = isinstance(value, (int, float)) and not isinstance(value, bool)
        if name in _INTEGER_OPTIONS and not number:
            raise ApiError(500, f"option {quoted(name)} must be of type integer")
        if name in _FLOAT_OPTIONS and not number:
            raise ApiError(500, f"option {quoted(name)} must be of type float32")
        if name == "use_mmap" and not isinstance(value, bool):
            raise ApiError(500, f"option {quoted(name)} must be of type boolean")
        if name == "stop":
            if not isinstance(value, list):
                raise ApiError(500, f"option {quoted(name)} must be of type array")
            if not all(isinstance(item, str) for item in value):
                raise ApiError(500, f"option {quoted(name)} must be of an array of strings")
