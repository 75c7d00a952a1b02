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
        told = when_object(json_of(body))
    except ValueError as err:
        raise ApiResponseError("the answer is no JSON") from err
    return {"error": error_of(told)} if told.get("error") else shape(told)


def says_something(fit: Mapping[str, object], before: Mapping[str, object]) -> bool:
    """Return whether a line of a stream is a sign of life: words, an end, or another progress than before."""
    if fit.get("status"):
        return fit != before
    message = object_in(fit.get("message"))
    return bool(fit.get("done") or any(message.get(key) for key in ("content", "thinking", "tool_calls")))


def _chat(told: Json) -> dict[str, object]:
    message = object_in(told, "message")
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
        "logprobs": [found for one in objects_in(told.get("logprobs")) if (found := _logprob(one))] or None,
        "created_at": text(told.get("created_at"), _MAX_REASON) or None,
        **_end(told),
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


def _logprob(told: Json) -> dict[str, object] | None:
    found = number(told.get("logprob"))
    if found is None or not isinstance(told.get("token"), str):
        return None
    candidates = [one for each in objects_in(told.get("top_logprobs")) if (one := _logprob(each))]
    return {"token": words(told["token"]), "logprob": found, "top_logprobs": candidates or None}


def _end(told: Json) -> dict[str, object]:
    counts = {key: whole(told.get(key), most=MAX_TOKENS) for key in _COUNTS}
    durations = {key: whole(told.get(key), most=_MAX_NANOSECONDS) for key in _DURATIONS}
    return {
        "done": told.get("done") is True,
        "done_reason": text(told.get("done_reason"), _MAX_REASON),
        **counts,
        **durations,
    }


def _generate(told: Json) -> dict[str, object]:
    if told.get("done") is not True:
        raise ApiResponseError("the answer does not end")
    return {"response": "", **_end(told)}


def _pull(told: Json) -> dict[str, object]:
    return {
        "status": text(told.get("status"), _MAX_NAME),
        "digest": text(told.get("digest"), _MAX_NAME),
        "completed": whole(told.get("completed")),
        "total": whole(told.get("total")),
    }


_SHAPES: Mapping[str, Shape] = {
    "/api/chat": _chat,
    "/api/generate": _generate,
    "/api/pull": _pull,
    # Whatever the vectors of an empty text are.
    "/api/embed": lambda _: {"embeddings": []},
}
