"""Tool calls that a model printed as text instead of making them.

Seen from models of 1 to 8 billion parameters, whole or among other text:
`{"name": "X", "parameters": {...}}` (llama 3.x, also with "arguments" or wrapped in "function"),
a list of these, the same in a code fence, `<tool_call>{...}</tool_call>` (Qwen, Hermes),
`<|python_tag|>`, `[TOOL_CALLS] [...]` (Mistral) and python-style `X(name="kitchen")`.
"""

import ast
from collections.abc import Collection, Mapping, Sequence
import json
import re
from typing import Any

from ..api.chat import ToolCall

MAX_HELD = 16_000
"""Characters that are held back at most: a longer text is no tool call."""

_MARKS = ("<tool_call>", "<|python_tag|>", "[TOOL_CALLS]", "```")
_BEGINNING = re.compile("[<`[]")
_NOISE = re.compile(r"</?tool_call>|<\|python_tag\|>|\[TOOL_CALLS\]|```(?:json|python|tool_code|tool_call)?")


class TextualCalls:
    """Holds back what may become a tool call, and lets all other text through as it comes.

    A call begins the answer, or follows one of the marks above; that is what models do, and text
    that is held back is not spoken until the answer ends.
    """

    def __init__(self, names: Sequence[str]) -> None:
        """`names` are the tools' names, with and without their prefix."""
        self._names = {name.rpartition("__")[2] for name in names} | set(names)
        self._openings = (*_MARKS, *(f"{name}(" for name in self._names))
        self._held = ""
        self._at_start = True
        self._holding = False
        self._plain = False
        """Whether the answer has begun as text, so that only a mark can make a call of the rest."""

    def feed(self, text: str) -> str:
        """Take the next piece of the answer, and return what can be said of it now."""
        # The usual case, kept short: it runs for every token.
        if self._plain and not self._held and not _BEGINNING.search(text):
            return text
        self._held += text
        if self._holding:
            return self._release() if len(self._held) > MAX_HELD else ""
        if self._at_start:
            return self._feed_start()
        return self._feed_middle()

    def finish(self) -> tuple[str, tuple[ToolCall, ...]]:
        """End the answer: return the text that was held back for nothing, and the calls found."""
        held, self._held = self._held, ""
        calls = parse(held, self._names) if self._holding else ()
        return ("", calls) if calls else (held, ())

    def _feed_start(self) -> str:
        text = self._held.lstrip()
        if not text:
            return ""
        if text[0] in "{[" or text.startswith(self._openings):
            self._holding = True
            return ""
        if any(opening.startswith(text) for opening in self._openings):
            return ""
        self._at_start = False
        self._plain = True
        return self._feed_middle()

    def _feed_middle(self) -> str:
        for mark in _MARKS:
            if (index := self._held.find(mark)) >= 0:
                self._holding = True
                self._plain = False
                said, self._held = self._held[:index], self._held[index:]
                return said
        # The last characters may be the beginning of a mark.
        keep = max(
            (n for mark in _MARKS for n in range(1, len(mark)) if self._held.endswith(mark[:n])), default=0
        )
        cut = len(self._held) - keep
        said, self._held = self._held[:cut], self._held[cut:]
        return said

    def _release(self) -> str:
        self._holding = self._at_start = False
        self._plain = True
        held, self._held = self._held, ""
        return held


def parse(text: str, names: Collection[str]) -> tuple[ToolCall, ...]:
    """Return the calls that a text consists of, or begins with; empty where it is anything else.

    A python-style call, and one with text behind it, counts only by one of the `names`: all other
    code is just an answer.
    """
    text = _NOISE.sub("\n", text).strip().rstrip(";")
    if not text:
        return ()
    calls, rest = _parse_json(text)
    if calls and not rest:
        return calls
    # What stands behind a call was said before there was a result, so it is left out.
    calls = calls or _parse_python(text)
    return calls if all(call.name in names for call in calls) else ()


def _parse_json(text: str) -> tuple[tuple[ToolCall, ...], str]:
    """Return the calls that a text begins with, and what follows them."""
    decoder = json.JSONDecoder()
    values: list[Any] = []
    while text:
        try:
            value, end = decoder.raw_decode(text)
        except ValueError, RecursionError:
            break
        values += value if isinstance(value, list) else [value]
        text = text[end:].lstrip(" \t\r\n,;")
    calls = [_call(value) for value in values]
    return tuple(call for call in calls if call) if all(calls) else (), text


def _call(value: Any) -> ToolCall | None:
    if not isinstance(value, Mapping):
        return None
    if isinstance(inner := value.get("function"), Mapping):
        value = inner
    name = value.get("name") or value.get("function") or value.get("tool") or value.get("tool_name")
    arguments = next((value[key] for key in ("arguments", "parameters", "args") if key in value), None)
    if isinstance(arguments, str):
        try:
            arguments = json.loads(arguments)
        except ValueError:
            return None
    if not isinstance(name, str) or not isinstance(arguments, Mapping):
        return None
    return ToolCall(name, arguments)


def _parse_python(text: str) -> tuple[ToolCall, ...]:
    """Read `name(key=value, ...)`, several lines of these or a list; only literals, nothing is run."""
    try:
        statements = ast.parse(text).body
    except SyntaxError, ValueError, RecursionError, MemoryError:
        return ()
    calls: list[ToolCall] = []
    for statement in statements:
        if not isinstance(statement, ast.Expr):
            return ()
        expression = statement.value
        for node in expression.elts if isinstance(expression, (ast.List, ast.Tuple)) else [expression]:
            try:
                calls.append(_python_call(node))
            except ValueError:
                return ()
    return tuple(calls)


def _python_call(node: ast.expr) -> ToolCall:
    """Raises ValueError where the expression is no call with literal keyword arguments."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or node.args:
        raise ValueError
    return ToolCall(
        node.func.id,
        {
            keyword.arg: ast.literal_eval(keyword.value)
            for keyword in node.keywords
            if keyword.arg is not None
        },
    )
