"""What the `ollama` package is given to read: JSON of the shape that its models demand, made of what came.

Its models refuse a whole answer for one value of another type; real servers and proxies send null, "",
numbers as text and nothing at all. What does not fit is left out here, before the package sees it.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress

from .answers import Json, json_of, number, object_in, objects_in, text, tree, when_object, whole, words
from .errors import ApiResponseError
from .http import error_of

type Shape = Callable[[Json], dict[str, object]]

MAX_WORDS = 1024**2
"""Characters of one piece of an answer; a stream's line is no longer."""
MAX_TOKENS = 2**40
"""Of one request: what says more is wrong."""
_MAX_NAME = 300
_MAX_CALLS = 100
_MAX_REASON = 64
_MAX_NANOSECONDS = 10**9 * 86400 * 30
_COUNTS = ("prompt_eval_count", "eval_count")
_DURATIONS = ("total_duration", "load_duration", "prompt_eval_duration", "eval_duration")


def shaped(path: str, body: bytes) -> dict[str, object]:
    """Return what an answer to a request of this path says, nothing of a path whose answer is not read.

    Raises ApiResponseError where it is no answer.
    """
    shape = next((shape for end, shape in _SHAPES.items() if path.endswith(end)), None)
    if shape is None:
        return {}
    try:
        data = when_object(json_of(body))
    except ValueError as err:
        raise ApiResponseError("the answer is no JSON") from err
    return {"error": error_of(data)} if data.get("error") else shape(data)


def says_something(fit: Mapping[str, object], before: Mapping[str, object]) -> bool:
    """Return whether a line of a stream is a sign of life: words, an end, or another progress than before."""
    if fit.get("status"):
        return fit != before
    message = object_in(fit.get("message"))
    return bool(fit.get("done") or any(message.get(key) for key in ("content", "thinking", "tool_calls")))


def _chat(data: Json) -> dict[str, object]:
    message = object_in(data, "message")
    return {
        "message": {
            "role": "assistant",
            "content": words(message.get("content"), MAX_WORDS),
            "thinking": words(message.get("thinking"), MAX_WORDS),
            "tool_calls": [
                {"function": _call(object_in(call, "function"))}
                for call in list(objects_in(message.get("tool_calls")))[:_MAX_CALLS]
            ],
        },
        "logprobs": [logprob for entry in objects_in(data.get("logprobs")) if (logprob := _logprob(entry))]
        or None,
        "created_at": text(data.get("created_at"), _MAX_REASON) or None,
        **_end(data),
    }


def _call(function: Json) -> dict[str, object]:
    """Return a call; arguments that are none at all are an argument that no tool has, and so are refused."""
    arguments = function.get("arguments")
    if isinstance(arguments, str):
        with suppress(ValueError):
            arguments = json_of(arguments)
    if arguments is None or (isinstance(arguments, str) and not arguments.strip()):
        arguments = {}
    if not isinstance(arguments, dict):
        arguments = {"arguments": arguments}
    return {"name": text(function.get("name"), _MAX_NAME), "arguments": tree(arguments)}


def _logprob(data: Json) -> dict[str, object] | None:
    value = number(data.get("logprob"))
    if value is None or not isinstance(data.get("token"), str):
        return None
    candidates = [one for entry in objects_in(data.get("top_logprobs")) if (one := _logprob(entry))]
    return {"token": words(data["token"]), "logprob": value, "top_logprobs": candidates or None}


def _end(data: Json) -> dict[str, object]:
    counts = {key: whole(data.get(key), most=MAX_TOKENS) for key in _COUNTS}
    durations = {key: whole(data.get(key), most=_MAX_NANOSECONDS) for key in _DURATIONS}
    return {
        "done": data.get("done") is True,
        "done_reason": text(data.get("done_reason"), _MAX_REASON),
        **counts,
        **durations,
    }


def _generate(data: Json) -> dict[str, object]:
    if data.get("done") is not True:
        raise ApiResponseError("the answer does not end")
    return {"response": "", **_end(data)}


def _pull(data: Json) -> dict[str, object]:
    return {
        "status": text(data.get("status"), _MAX_NAME),
        "digest": text(data.get("digest"), _MAX_NAME),
        "completed": whole(data.get("completed")),
        "total": whole(data.get("total")),
    }


_SHAPES: Mapping[str, Shape] = {
    "/api/chat": _chat,
    "/api/generate": _generate,
    "/api/pull": _pull,
    # Whatever the vectors of an empty text are.
    "/api/embed": lambda _: {"embeddings": []},
}
