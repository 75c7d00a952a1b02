"""Tool calls that a model printed as text: read from what stands between a dialect's marks.

One reader for each way to write a call: JSON objects, tags with parameters, a name followed by its arguments,
and code. Which of them is used does not depend on the marks, for models mix them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
import html
import re
from typing import Any

from ..api.chat import ToolCall
from . import dialects
from .decoder import NotDecodableError, decode
from .offered import RESULT_KEYS, Offered

MAX_CALLS = 32
"""Calls in one message; a model that prints more has run away."""

# Marks within a call that only separate its parts.
_NOISE = re.compile(
    r'(?<!\w)\w*<\|tool_call:name\|>|<\|(?!")[^|<>\n]{1,48}\|?>|<(?!\|")[^|<>\n]{1,48}\|>|<｜(?!DSML)[^｜<>\n]{1,48}｜>|\[CALL_ID\]\w*|\[ARGS\]'
    r"|\[/?TOOL_CALLS?\]|\[(?:END_)?TOOL_REQUEST\]|</?(?:[\w:]*tool_calls?|function_calls?|TOOLCALL|"
    r"tool_code)>"
    r"|<tool_sep>|functools(?=\[)|```\w*|"
    r"<(?:start|end)_function_call>|\*\*(?:Action Input|Arguments|Parameters|Input):\*\*|✿ARGS✿:?|"
    r"</?tool_(?:calls?|sep)(?:_begin|_end)?>"
)
_BETWEEN = re.compile(r"[\s,;}\]]*")
_NAME = r"[A-Za-z_][\w.:/-]*"
_NAMED = re.compile(
    rf"[\s,;]*(?:(?:function\s|call:|to=|name:|Action:|tool:|>>>)\s*)*(?P<name>{_NAME})\s*"
    r"(?:(?:Action Input|Input|Arguments|Parameters|arguments|parameters|args|json|commentary|code)"
    r"\s*[:=]?\s*)?"
    r"(?P<next>\{|<arg_key>|[:=]\s*\{)?"
)
_CODE = re.compile(rf"[\s,;\[]*(?:print\s*\(|await\s+|\w+\s*=\s*(?=[\w.]+\())*(?P<name>{_NAME})\s*\(")
_ARGUMENT = re.compile(r"[\s,]*([A-Za-z_]\w*)\s*=(?!=)\s*")
_CODE_END = re.compile(r"[\s,]*\)")
_AFTER_CODE = re.compile(r"[\s\]);]*")
_TAG = re.compile(
    r"<(?:[\w-]+:|｜DSML｜)?(?:function|invoke|tool|tool_call|function_call)(?:\s*=\s*|"
    r"\s+name\s*=\s*)[\"']?(?P<name>[^\"'>\n]{1,128}?)[\"']?\s{0,8}/?>"
)
_TAG_END = re.compile(r"</(?:[\w-]+:|｜DSML｜)?(?:function|invoke|tool|tool_call|function_call)>")
_PARAMETER = re.compile(
    r"<(?:[\w-]+:|｜DSML｜)?(?:parameter|param|arg)(?:\s*=\s*|"
    r"\s+name\s*=\s*)[\"']?(?P<name>[^\"'>\s]{1,128})[\"']?[^>\n]{0,128}>"
)
_PARAMETER_END = re.compile(
    r"</?(?:[\w-]+:|｜DSML｜|/?｜DSML｜)?(?:parameter|param|arg|function|invoke|tool_call|tool)\b[^>\n]{0,128}>"
)
_PAIR = re.compile(
    r"\s*<arg_key>([^<]*)</arg_key>\s*<arg_value>(.*?)(?:</arg_value>|(?=<arg_key>)|$)", re.DOTALL
)
_NAME_ELEMENT = re.compile(r"<((?:tool_|function_)?name|tool)>\s*([\w.:-]{1,128})\s*</\1>")
_ARGUMENTS_ELEMENT = re.compile(
    r"<(arguments|parameters|params|args|input|tool_input)>(.*?)(?:</\1>|$)", re.DOTALL
)
_OWN_ELEMENT = re.compile(r"\s*<([A-Za-z_][\w.:-]{0,127})\s{0,4}>(.*?)(</\1>|$)", re.DOTALL)
_CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
_CHILD = re.compile(r"<([A-Za-z_][\w-]{0,63})>([^<]*)</\1>")
_LINES = re.compile(
    r"\s*(?:name|tool|function|action):[ \t]*[\"']?([\w.:-]{1,128})[\"']?[ \t]*\n"
    r"(?:arguments|parameters|args|params|input):[ \t]*\n((?:[ \t]+[^\n]*(?:\n|$))*)\s*$"
)
_LONGEST_ARGUMENTS = 100
_DEEPEST = 4

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


def read_bare(text: str, offered: Offered, *, cut: bool = False) -> Calls:
    """Return the calls that a text without marks begins with."""
    for reader in (_json, _code, _named):
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
            calls = tuple(_named_within(call, offered) for call in reading[0])
            return Calls(calls, reading[1], all(offered.knows(call.name) for call in calls))
    return Calls((), 0, known=False)


def _named_within(call: ToolCall, offered: Offered) -> ToolCall:
    """Return the call that the arguments of one without a known name are."""
    inner = None if offered.knows(call.name) else _call(call.arguments, offered)
    return inner if inner is not None and offered.knows(inner.name) else call


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
        if (cut and not decoded.complete) or (more := _calls(decoded.value, offered)) is None:
            break
        calls += more
        at = end = decoded.end
    return (calls, end) if calls else None


def _calls(value: Any, offered: Offered, depth: int = 0) -> list[ToolCall] | None:
    """Return the calls of a decoded value, None where it is anything else."""
    if depth > _DEEPEST:
        return None
    if isinstance(value, list):
        groups = [_calls(item, offered, depth + 1) for item in value]
        calls = [call for group in groups if group for call in group]
        return calls if groups and all(groups) else None
    if not isinstance(value, Mapping):
        return None
    if call := _call(value, offered):
        return [call]
    for key in dialects.WRAPPER_KEYS:
        if isinstance(inner := value.get(key), (Mapping, list)):
            outer = {name: value[name] for name in dialects.ARGUMENT_KEYS if name in value}
            if outer and isinstance(inner, Mapping):
                inner = {**outer, **inner}
            return _calls(inner, offered, depth + 1)
    return _keyed_by_name(value, offered)


def _call(value: Mapping[str, Any], offered: Offered) -> ToolCall | None:
    keys = [key for key in dialects.NAME_KEYS if isinstance(value.get(key), str)]
    if not keys:
        return None
    key = next((key for key in keys if offered.knows(value[key])), keys[0])
    name = value[key]
    for arguments_key in dialects.ARGUMENT_KEYS:
        if arguments_key in value:
            arguments = _arguments(value[arguments_key])
            return None if arguments is None else ToolCall(name, arguments)
    if not offered.knows(name):
        return None
    return ToolCall(name, {k: v for k, v in value.items() if k != key and k not in dialects.OTHER_KEYS})


def _keyed_by_name(value: Mapping[str, Any], offered: Offered) -> list[ToolCall] | None:
    """Read `{"HassTurnOn": {...}}`."""
    if not value or not all(offered.knows(key) for key in value):
        return None
    calls = [(key, _arguments(item)) for key, item in value.items()]
    return (
        [ToolCall(key, item) for key, item in calls if item is not None]
        if all(item is not None for _, item in calls)
        else None
    )


def _arguments(value: Any) -> Mapping[str, Any] | None:
    """Return arguments, however they are written; None where they are none."""
    if value is None or value in ("", [], {}):
        return {}
    if isinstance(value, str):
        if not value.strip():
            return {}
        try:
            value = decode(value).value
        except NotDecodableError:
            return None
        return value if isinstance(value, Mapping) else None
    if isinstance(value, list):
        return _pairs(value)
    return value if isinstance(value, Mapping) else None


def _pairs(items: Sequence[Any]) -> Mapping[str, Any] | None:
    """Read a list of one object, or of objects with a name and a value each."""
    if len(items) == 1 and isinstance(items[0], Mapping) and "value" not in items[0]:
        return items[0]
    pairs: dict[str, Any] = {}
    for item in items:
        key = (item.get("name") or item.get("key")) if isinstance(item, Mapping) else None
        if not isinstance(key, str) or "value" not in item:
            return None
        pairs[key] = item["value"]
    return pairs


def _tags(text: str, _offered: Offered, cut: bool) -> _Found | None:
    """Read `<function=name><parameter=key>value</parameter></function>` and its relatives."""
    calls: list[ToolCall] = []
    end = 0
    starts = list(_TAG.finditer(text))[:MAX_CALLS]
    limits = [*(start.start() for start in starts[1:]), len(text)]
    for start, limit in zip(starts, limits, strict=False):
        closing = _TAG_END.search(text, start.end(), limit)
        if cut and closing is None:
            break
        end = closing.end() if closing else limit
        body = text[start.end() : closing.start() if closing else limit]
        calls.append(ToolCall(start["name"].strip(), _parameters(body)))
    return (calls, end) if calls else None


def _elements(text: str, offered: Offered, cut: bool) -> _Found | None:
    """Read `<name>X</name><arguments>...</arguments>`, and a tag named like a tool."""
    own = _OWN_ELEMENT.match(text)
    if own is not None and offered.knows(own[1]):
        return None if cut and not own[3] else ([ToolCall(own[1], _children(own[2]))], own.end())
    name = _NAME_ELEMENT.search(text)
    if name is None:
        return None
    arguments = _ARGUMENTS_ELEMENT.search(text, name.end())
    if arguments is None:
        return None if cut else ([ToolCall(name[2], {})], name.end())
    return [ToolCall(name[2], _children(arguments[2]))], arguments.end()


def _children(body: str) -> Mapping[str, Any]:
    """Read arguments, each in a tag of its own name."""
    if not body.strip() or body.lstrip()[:1] == "{" or _PARAMETER.search(body):
        return _parameters(body)
    children = {match[1]: html.unescape(match[2].strip()) for match in _CHILD.finditer(body)}
    return children or _parameters(body)


def _lines(text: str, offered: Offered, cut: bool) -> _Found | None:
    """Read `name: X` and indented arguments, each in a line."""
    match = _LINES.match(text)
    if match is None or cut or not offered.knows(match[1]):
        return None
    pairs = [line.strip().partition(":") for line in match[2].splitlines() if line.strip()]
    if not all(separator for _, separator, _ in pairs):
        return None
    return [ToolCall(match[1], {key.strip(): value.strip(" \"'") for key, _, value in pairs})], match.end()


def _parameters(body: str) -> Mapping[str, Any]:
    if body.lstrip()[:1] == "{":
        try:
            value = decode(body).value
        except NotDecodableError:
            value = None
        return value if isinstance(value, Mapping) else {_UNREADABLE: body.strip()[:_LONGEST_ARGUMENTS]}
    parameters: dict[str, Any] = {}
    for match in _PARAMETER.finditer(body):
        end = _PARAMETER_END.search(body, match.end())
        parameters[match["name"]] = _plain(body[match.end() : end.start() if end else len(body)])
    if not parameters and body.strip():
        # Not understood, and so not left out: the tool will refuse it.
        return {_UNREADABLE: body.strip()[:_LONGEST_ARGUMENTS]}
    return parameters


_UNREADABLE = "unreadable"


def _plain(text: str) -> str:
    """Return the text of an XML element."""
    if data := _CDATA.fullmatch(text.strip()):
        return data[1]
    return html.unescape(text.strip())


def _named(text: str, offered: Offered, cut: bool) -> _Found | None:
    """Read a name and what it is called with behind it, several times over."""
    calls: list[ToolCall] = []
    at = end = 0
    while len(calls) < MAX_CALLS and (match := _NAMED.match(text, at)):
        name, following = match["name"], match["next"]
        if following is None:
            alone = not text[match.end() :].strip() and offered.knows(name) and not cut
            if alone:
                calls.append(ToolCall(name, {}))
                end = len(text)
            break
        read = _arg_keys if following == "<arg_key>" else _object
        at = match.end() - (len("<arg_key>") if following == "<arg_key>" else 1)
        arguments = read(text, at, cut)
        if arguments is None:
            break
        calls.append(ToolCall(name, arguments[0]))
        at = end = arguments[1]
    return (calls, end) if calls else None


def _object(text: str, at: int, cut: bool) -> tuple[Mapping[str, Any], int] | None:
    try:
        decoded = decode(text, at)
    except NotDecodableError:
        return None
    if not isinstance(decoded.value, Mapping) or (cut and not decoded.complete):
        return None
    return decoded.value, decoded.end


def _arg_keys(text: str, at: int, cut: bool) -> tuple[Mapping[str, Any], int] | None:
    arguments: dict[str, Any] = {}
    while match := _PAIR.match(text, at):
        if cut and not match[0].endswith("</arg_value>"):
            return None
        arguments[match[1].strip()] = match[2].strip()
        at = match.end()
    return (arguments, at) if arguments else None


def _code(text: str, offered: Offered, _cut: bool) -> _Found | None:
    """Read `name(key=value)`, several of these or a list, where each name is known; only literals."""
    calls: list[ToolCall] = []
    at = end = 0
    while len(calls) < MAX_CALLS and (match := _CODE.match(text, at)):
        name = match["name"].removesuffix(".call")
        if not offered.knows(name):
            break
        arguments = _keywords(text, match.end())
        if arguments is None:
            break
        calls.append(ToolCall(name, arguments[0]))
        at = end = _end(_AFTER_CODE, text, arguments[1])
    return (calls, end) if calls else None


def _keywords(text: str, at: int) -> tuple[Mapping[str, Any], int] | None:
    keywords: dict[str, Any] = {}
    if text[at : at + 1] == "{" and (whole := _object(text, at, cut=True)):
        keywords, at = dict(whole[0]), whole[1]
    while not (end := _CODE_END.match(text, at)):
        match = _ARGUMENT.match(text, at)
        if match is None:
            return None
        try:
            decoded = decode(text, match.end(), bare=False)
        except NotDecodableError:
            return None
        keywords[match[1]], at = decoded.value, decoded.end
    return keywords, end.end()


def _end(pattern: re.Pattern[str], text: str, at: int) -> int:
    match = pattern.match(text, at)
    return match.end() if match else at


_READERS: tuple[Callable[[str, Offered, bool], _Found | None], ...] = (
    _json,
    _tags,
    _elements,
    _lines,
    _named,
    _code,
)
