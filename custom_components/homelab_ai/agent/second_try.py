"""What a model got wrong so that the hub could not deliver it, and how it is asked once more."""

from collections.abc import Sequence
from dataclasses import replace
import re

from homeassistant.helpers.json import json_dumps

from ..api.chat import ChatRequest, Message
from ..api.errors import ApiBusyError, ApiError, ApiResponseError
from ..hub.errors import HubError
from ..hub.pool import AnswerBrokenError

# Ollama reports what its own parsers cannot read in the words of Go's packages, with 500 or in the stream.
_MISTAKE = re.compile(
    r"pars(?:e|ing) tool call|tool call pars|unmarshal|invalid character .{1,40} (?:in|after|looking)"
    r"|unexpected end of (?:json|input)|unexpected eof|xml syntax error|template:|harmony|no closing tag",
    re.IGNORECASE,
)
_LONGEST_REASON = 160
_TOLD = (
    "To call a tool, answer with nothing but one JSON object: "
    '{"name": "<name of the tool>", "arguments": {<its arguments>}}. Else answer in words. The tools: '
)


class ModelMistakeError(HubError):
    """The model wrote, twice, what the hub could not read."""

    key = "model_mistake"


def mistake_in(error: ApiError | HubError) -> str | None:
    """Return what the hub says was wrong with the model's words; None where the fault is not the model's."""
    cause = error.__cause__ if isinstance(error, AnswerBrokenError) else error
    if not isinstance(cause, ApiResponseError) or isinstance(cause, ApiBusyError):
        return None
    return str(cause)[:_LONGEST_REASON] if _MISTAKE.search(str(cause)) else None


def corrected(request: ChatRequest, reason: str) -> ChatRequest:
    """Return the request with the reason for asking again."""
    text = f"Your last answer could not be read ({reason}). Answer again; a tool call must be complete."
    return replace(request, messages=(*request.messages, Message("user", text)))


def told_in_text(request: ChatRequest) -> ChatRequest:
    """Return the request with its tools in the instructions: the hub's own reading of calls has lost one."""
    definitions = _TOLD + json_dumps([tool["function"] for tool in request.tools])
    return replace(request, messages=_with_instructions(request.messages, definitions), tools=())


def _with_instructions(messages: Sequence[Message], text: str) -> tuple[Message, ...]:
    first = messages[0] if messages else None
    if first is not None and first.role == "system":
        return (replace(first, content=f"{first.content}\n\n{text}"), *messages[1:])
    return (Message("system", text), *messages)
