"""Tool calls that a model printed as text: read from what stands between a dialect's marks.

One reader for each way to write a call: JSON objects, tags with parameters, a name followed by its arguments,
and code. Which of them is used does not depend on the marks, for models mix them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
import re

from ..api.chat import ToolCall
from .call_values import calls_of, named_within
from .code_calls import read_code, read_lines, read_named, read_pairs
from .decoder import NotDecodableError, decode, unescaped
from .offered import RESULT_KEYS, Offered
from .tagged_calls import read_elements, read_tags

MAX_CALLS = 32
"""Calls in one message; a model that prints more has run away."""

# Marks within a call that only separate its parts.
_NOISE = re.compile(
    r'(?<!\w)\w*<\|tool_call:name\|>|<\|(?!")[^|<>\n]{1,48}\|?>|<(?!\|")[^|<>\n]{1,48}\|>|<｜(?!DSML)[^｜<>\n]{1,48}｜>|\[CALL_ID\]\w*|\[ARGS\]'
    r"|\[/?TOOL_CALLS?(?:_START|_END)?\]|\[(?:END_)?TOOL_REQUEST\]|<<function>>"
    r"|</?(?:[\w:]*[Tt]ool_?[Cc]alls?|TOOL_CALLS?|(?:[\w-]+:)?function_calls?|TOOLCALL|tool_code)>"
    r"|<tool_call(?:\s{1,4}(?:id|type|index)\s?=\s?[\w\"'-]{0,64}){1,3}\s?>"
    r"|<tool_sep>|functools(?=\[)|```\w*|"
    r"<(?:start|end)_function_call>|\*\*(?:Action Input|Arguments|Parameters|Input):\*\*|✿ARGS✿:?|"
    r"</?tool_(?:calls?|sep)(?:_begin|_end)?>"
)
_BETWEEN = re.compile(r"[\s,;}\]]*")
_ESCAPED = re.compile(r"\s*(?:\"\s*)?[{\[][\[\s]*\\")

type _Found = tuple[list[ToolCall], int]


@dataclass(frozen=True, slots=True)
class Calls:
    """What was read: the calls, where the text behind them begins, and whether all names are known."""

    calls: tuple[ToolCall, ...]
    end: int
    known: bool


def read_marked(text: str, offered: Offered, *, cut: bool = False) -> tuple[ToolCall, ...]:
    """Return the calls of a text that stood between marks; `cut` where its end may be missing."""
    return _read_clean(_NOISE.sub("\n", text), offered, cut=cut).calls


def read_bare(text: str, offered: Offered, *, cut: bool = False, whole: bool = True) -> Calls:
    """Return the calls that a text without marks begins with; `whole` where no more of it will come."""
    for reader in (*_BARE, *(_WHOLE if whole else ())):
        if calls := reader(text, offered, cut):
            return Calls(tuple(calls[0]), calls[1], all(offered.knows(call.name) for call in calls[0]))
    return Calls((), 0, known=False)


def is_result(text: str) -> bool:
    """Return whether a text imitates the form in which the model is given a tool's result."""
    try:
        value = decode(text).value
    except NotDecodableError:
        return False
    return isinstance(value, Mapping) and value.keys() == RESULT_KEYS


def _read_clean(text: str, offered: Offered, *, cut: bool) -> Calls:
    for reader in _READERS:
        if reading := reader(text, offered, cut):
            calls = tuple(named_within(call, offered) for call in reading[0])
            return Calls(calls, reading[1], all(offered.knows(call.name) for call in calls))
    return Calls((), 0, known=False)


def _json(text: str, offered: Offered, cut: bool) -> _Found | None:
    """Read objects and lists of them, one after another."""
    calls: list[ToolCall] = []
    at = end = 0
    while len(calls) < MAX_CALLS:
        at = _end(_BETWEEN, text, at)
        if text[at : at + 1] not in ("{", "["):
            break
        at += text.startswith("{{", at)  # as in the examples of templates
        try:
            decoded = decode(text, at)
        except NotDecodableError:
            break
        if (cut and not decoded.complete) or (more := calls_of(decoded.value, offered)) is None:
            break
        calls += more
        at = end = decoded.end
    return (calls, end) if calls else None


def _escaped(text: str, offered: Offered, _cut: bool) -> _Found | None:
    """Read an object that was escaped as in a string, with quotation marks around it or without."""
    if not _ESCAPED.match(text):
        return None
    inner = unescaped(text.strip().removeprefix('"').removesuffix('"'))
    try:
        decoded = decode(inner)
    except NotDecodableError:
        return None
    calls = calls_of(decoded.value, offered) if decoded.complete else None
    return (calls, len(text)) if calls else None


def _end(pattern: re.Pattern[str], text: str, at: int) -> int:
    match = pattern.match(text, at)
    return match.end() if match else at


_BARE: tuple[Callable[[str, Offered, bool], _Found | None], ...] = (_json, _escaped, read_code, read_named)
_WHOLE: tuple[Callable[[str, Offered, bool], _Found | None], ...] = (read_pairs, read_lines)
"""Readers of what has no end of its own: only of a text that is whole."""
_READERS: tuple[Callable[[str, Offered, bool], _Found | None], ...] = (
    _json,
    _escaped,
    read_tags,
    read_elements,
    read_named,
    read_code,
    read_lines,
    read_pairs,
)
