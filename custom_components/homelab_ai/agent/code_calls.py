"""Calls as code, and as a name with its arguments behind it: in brackets, in pairs, in indented lines."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
import re
from typing import Any, NamedTuple

from ..api.chat import ToolCall
from . import call_words
from .call_values import LONGEST_ARGUMENTS, UNREADABLE, arguments_of, calls_of
from .decoder import NotDecodableError, decode
from .offered import Offered

_MOST_CALLS = 32
_MOST_LINES = 60
NAME = r"[A-Za-z_](?:[\w.:/-]{0,127}\w)?"
_GAP = r"[\s*`]{0,8}"
_CONNECTOR = "|".join(
    _GAP.join(map(re.escape, word.split())) for word in sorted(call_words.CONNECTORS, key=len, reverse=True)
)
_NAMED = re.compile(
    rf"[\s,;@/$\[]*(?:(?:function\s|call:|to=|name:|Name:|Action:|tool:|>>>)\s*)*(?P<name>{NAME})\]?{_GAP}"
    rf"(?:(?:{_CONNECTOR}){_GAP}[:=]?{_GAP})?(?P<next>\{{|<arg_key>)?",
    re.IGNORECASE,
)
_CODE = re.compile(
    r"[\s,;\[]*(?:(?:print\s{0,4}\(|await\s|(?:const\s|let\s|var\s)?\w{1,64}\s{0,4}=\s{0,4}"
    rf"(?=[\w.]{{1,128}}[ (]))\s{{0,4}})*(?P<name>{NAME})\s*\("
)
_ARGUMENT = re.compile(r"[\s,]*[\"']?([A-Za-z_]\w*)[\"']?\s*(?:=(?!=)|:)\s*")
_CODE_END = re.compile(r"[\s,]*\)")
_AFTER_CODE = re.compile(r"[\s\]);]*")
_ARG_KEY = re.compile(
    r"\s*<arg_key>([^<]*)</arg_key>\s*<arg_value>(.*?)(?:</arg_value>|(?=<arg_key>)|$)", re.DOTALL
)
_PAIRS = re.compile(rf"\s*(?P<name>{NAME})[ \t]+(?=[A-Za-z_]\w*[ \t]?=[^=])")
_PAIR = re.compile(r"[ \t,]*([A-Za-z_]\w*)[ \t]?=[ \t]?(\"[^\"\n]*\"|'[^'\n]*'|\[[^\]\n]*\]|[^\s,\"'\[\]]+)")
_LINE = re.compile(r"([ \t]*)(?:- )?[\"']?([A-Za-z_][\w.-]{0,127})[\"']?[ \t]*:(?:[ \t]+(\S[^\n]*))?[ \t]*")
_ITEM = re.compile(r"([ \t]*)- [ \t]*(\S[^\n:]*)")
_NAME_LINE = re.compile(NAME)
_TEXT_LINE = re.compile(r"[^\W\d_]")

type _Found = tuple[list[ToolCall], int]


def read_named(text: str, offered: Offered, cut: bool) -> _Found | None:
    """Read a name and what it is called with behind it, several times over."""
    calls: list[ToolCall] = []
    at = end = 0
    while len(calls) < _MOST_CALLS and (match := _NAMED.match(text, at)):
        name, following = match["name"], match["next"]
        if following is None:
            alone = not text[match.end() :].strip() and text.rstrip()[-1:] != "]"
            if alone and offered.knows(name) and not cut:
                calls.append(ToolCall(name, {}))
                end = len(text)
            break
        read = _arg_keys if following == "<arg_key>" else _object
        at = match.end() - len(following)
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
    while match := _ARG_KEY.match(text, at):
        if cut and not match[0].endswith("</arg_value>"):
            return None
        arguments[match[1].strip()] = match[2].strip()
        at = match.end()
    return (arguments, at) if arguments else None


def read_code(text: str, offered: Offered, _cut: bool) -> _Found | None:
    """Read `name(key=value)`, several of these or a list, where each name is known; only literals."""
    calls: list[ToolCall] = []
    at = end = 0
    while len(calls) < _MOST_CALLS and (match := _CODE.match(text, at)):
        name = match["name"].removesuffix(".call")
        is_caller = name in call_words.CALLERS
        if not (offered.knows(name) or is_caller):
            break
        arguments = _arguments(text, match.end())
        if arguments is None:
            break
        keywords, values, at = arguments
        made = _called(keywords, values, offered) if is_caller else [ToolCall(name, _given(keywords, values))]
        if not made:
            break
        calls += made
        at = end = _end(_AFTER_CODE, text, at)
    return (calls, end) if calls else None


def _given(keywords: dict[str, Any], values: list[Any]) -> Mapping[str, Any]:
    """Return the arguments of a call: a text without a keyword is what it is for."""
    match values:
        case []:
            return keywords
        case [{**only}] if not keywords:
            return {str(key): value for key, value in only.items()}
        case [str(target)] if call_words.POSITIONAL not in keywords:
            return {call_words.POSITIONAL: target, **keywords}
    return {**keywords, UNREADABLE: str(values)[:LONGEST_ARGUMENTS]}


def _called(keywords: dict[str, Any], values: list[Any], offered: Offered) -> list[ToolCall]:
    """Return the calls that a function for calling functions is given."""
    match values:
        case [str(name)] if offered.knows(name):
            keys = [key for key in call_words.ARGUMENT_KEYS if key in keywords]
            arguments = arguments_of(keywords[keys[0]]) if keys else keywords
            return [] if arguments is None else [ToolCall(name, arguments)]
        case [str(name), {**mapping}] if offered.knows(name):
            return [ToolCall(name, {str(key): value for key, value in mapping.items()})]
    found = calls_of(values[0] if values and not keywords else keywords, offered) or []
    return found if all(offered.knows(call.name) for call in found) else []


def _arguments(text: str, at: int) -> tuple[dict[str, Any], list[Any], int] | None:
    """Return the keywords and the other arguments in brackets, and where these end."""
    keywords: dict[str, Any] = {}
    values: list[Any] = []
    while not (end := _CODE_END.match(text, at)):
        match = _ARGUMENT.match(text, at)
        start = match.end() if match else at
        while not match and text[start : start + 1] in (",", " ", "\n", "\t"):
            start += 1
        try:
            decoded = decode(text, start, bare=match is not None)
        except NotDecodableError:
            return None
        if not decoded.complete or text[decoded.end : decoded.end + 1] in ("(", "[", "{", "."):
            return None
        if match:
            keywords[match[1]] = decoded.value
        else:
            values.append(decoded.value)
        at = decoded.end
    return keywords, values, end.end()


def read_pairs(text: str, offered: Offered, cut: bool) -> _Found | None:
    """Read `name key="value" key=value` in one line."""
    head = _PAIRS.match(text)
    if head is None or cut or not offered.knows(head["name"]):
        return None
    pairs: dict[str, Any] = {}
    at = head.end()
    while match := _PAIR.match(text, at):
        try:
            pairs[match[1]] = decode(match[2]).value
        except NotDecodableError:
            return None
        at = match.end()
    rest = text[at:].partition("\n")[0].strip(" \t.;,")
    return None if rest else ([ToolCall(head["name"], pairs)], at)


def read_lines(text: str, offered: Offered, cut: bool) -> _Found | None:
    """Read `name: X` and indented arguments, or the name itself over these, each in a line.

    A line between them that cannot be read may be what was to narrow the call: then it is none.
    """
    rows, end = _rows(text)
    if cut or not rows or any(mark in text[end:] for mark in "{<["):
        return None
    first = rows[0]
    if first.value is None and offered.knows(first.key):
        rows[0] = _Row(-1, first.key, None)
    elif len(rows) > 1 and first.value is not None:
        # Its own indentation may have been taken for that of the message.
        rows[0] = _Row(rows[1].indent, first.key, first.value)
    value, read = _nested(rows, 0)
    calls = calls_of(value, offered) if read == len(rows) else None
    known = bool(calls) and all(offered.knows(call.name) for call in calls or ())
    return (calls, end) if calls and known else None


class _Row(NamedTuple):
    """A line: how far it is indented, its key, "-" for an item of a list, and what stands behind it."""

    indent: int
    key: str
    value: str | None


def _rows(text: str) -> tuple[list[_Row], int]:
    """Return the lines that belong to a call, and where the text behind them begins; none for any other."""
    rows: list[_Row] = []
    end = 0
    for line in text.split("\n")[:_MOST_LINES]:
        if match := _LINE.fullmatch(line):
            rows.append(_Row(len(match[1]), match[2], match[3]))
        elif rows and (match := _ITEM.fullmatch(line)):
            rows.append(_Row(len(match[1]), "-", match[2]))
        elif not rows and _NAME_LINE.fullmatch(line.strip()):
            rows.append(_Row(-1, line.strip(), None))
        elif rows and (not line.strip() or (rows[-1].indent > 0 and _TEXT_LINE.match(line))):
            break
        elif rows or line.strip():
            return [], 0
        end += len(line) + 1
    return rows, min(end, len(text))


def _nested(rows: Sequence[_Row], at: int) -> tuple[Any, int]:
    """Return what lines of the same indentation are, and the first line behind them."""
    indent = rows[at].indent
    if rows[at].key == "-":
        items: list[Any] = []
        while at < len(rows) and rows[at].key == "-" and rows[at].indent == indent:
            items.append(_scalar(rows[at].value or ""))
            at += 1
        return items, at
    values: dict[str, Any] = {}
    while at < len(rows) and rows[at].indent == indent and rows[at].key != "-":
        row = rows[at]
        at += 1
        below = at < len(rows) and (rows[at].indent > indent or rows[at].key == "-")
        if row.value is not None:
            values[row.key] = _scalar(row.value)
        elif below and rows[at].indent >= indent:
            values[row.key], at = _nested(rows, at)
        else:
            values[row.key] = {}
    return values, at


def _scalar(text: str) -> Any:
    """Return the value of a line; words without quotes are a text."""
    text = text.strip()
    if text[:1] in ("{", "[", '"', "'"):
        with suppress(NotDecodableError):
            decoded = decode(text)
            return decoded.value if decoded.complete and decoded.end == len(text) else text
    return text


def _end(pattern: re.Pattern[str], text: str, at: int) -> int:
    match = pattern.match(text, at)
    return match.end() if match else at
