"""Calls as tags: with a name as attribute or element, and parameters within."""

from collections.abc import Mapping
import html
import re
from typing import Any

from ..api.chat import ToolCall
from . import call_words
from .call_values import LONGEST_ARGUMENTS, UNREADABLE
from .decoder import NotDecodableError, decode
from .offered import Offered

_MOST_CALLS = 32
_SPACE = r"(?:[\w-]+:|｜DSML｜)?"
_KINDS = "function|invoke|tool|tool_call|function_call"
_ATTRIBUTES = r"(?P<attributes>(?:\s{1,4}[\w-]{1,64}\s?=\s?(?:\"[^\"<]{0,2000}\"|'[^'<]{0,2000}')){0,16})"
_TAG = re.compile(
    rf"<{_SPACE}(?:{_KINDS})(?:\s*=\s*|\s+name\s*=\s*)[\"']?(?P<name>[^\"'>\n]{{1,128}}?)[\"']?"
    rf"{_ATTRIBUTES}\s{{0,8}}(?P<empty>/?)>"
)
_TAG_END = re.compile(rf"</{_SPACE}(?:{_KINDS})>")
_ATTRIBUTE = re.compile(r"([\w-]{1,64})\s?=\s?(?:\"([^\"]*)\"|'([^']*)')")
_PARAMETER = re.compile(
    rf"<{_SPACE}(?:parameter|param|arg)(?:\s*=\s*|"
    r"\s+name\s*=\s*)[\"']?(?P<name>[^\"'>\s]{1,128})[\"']?[^>\n]{0,128}>"
)
_PARAMETER_END = re.compile(
    r"</?(?:[\w-]+:|｜DSML｜|/?｜DSML｜)?(?:parameter|param|arg|function|invoke|tool_call|tool)\b[^>\n]{0,128}>"
)
_NAME_ELEMENT = re.compile(r"<((?:tool_|function_)?name|tool)>\s*([\w.:-]{1,128})\s*</\1>")
_ARGUMENTS_ELEMENT = re.compile(
    r"<(arguments|parameters|params|args|input|tool_input)>(.*?)(?:</\1>|$)", re.DOTALL
)
_OWN_ELEMENT = re.compile(
    rf"\s*<(?P<name>[A-Za-z_][\w.:-]{{0,127}}){_ATTRIBUTES}\s{{0,4}}"
    r"(?:/(?P<empty>>)|>(?P<body>.*?)(?P<end></(?P=name)>|$))",
    re.DOTALL,
)
_CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
_CHILD = re.compile(r"<([A-Za-z_][\w-]{0,63})>([^<]*)</\1>")

type _Found = tuple[list[ToolCall], int]


def read_tags(text: str, _offered: Offered, cut: bool) -> _Found | None:
    """Read `<function=name><parameter=key>value</parameter></function>` and its relatives."""
    calls: list[ToolCall] = []
    end = 0
    starts = list(_TAG.finditer(text))[:_MOST_CALLS]
    limits = [*(start.start() for start in starts[1:]), len(text)]
    for start, limit in zip(starts, limits, strict=False):
        closing = start if start["empty"] else _TAG_END.search(text, start.end(), limit)
        if cut and closing is None:
            break
        end = closing.end() if closing else limit
        body = "" if start["empty"] else text[start.end() : closing.start() if closing else limit]
        calls.append(ToolCall(start["name"].strip(), _attributes(start["attributes"]) | _parameters(body)))
    return (calls, end) if calls else None


def read_elements(text: str, offered: Offered, cut: bool) -> _Found | None:
    """Read `<name>X</name><arguments>...</arguments>`, and a tag named like a tool."""
    own = _OWN_ELEMENT.match(text)
    if own is not None and offered.knows(own["name"]):
        if cut and not (own["end"] or own["empty"]):
            return None
        arguments = _attributes(own["attributes"]) | (_children(own["body"]) if own["body"] else {})
        return [ToolCall(own["name"], arguments)], own.end()
    name = _NAME_ELEMENT.search(text)
    if name is None:
        return None
    found = _ARGUMENTS_ELEMENT.search(text, name.end())
    if found is None:
        return None if cut else ([ToolCall(name[2], {})], name.end())
    return [ToolCall(name[2], _children(found[2]))], found.end()


def _attributes(text: str) -> dict[str, Any]:
    """Read arguments that stand in the tag itself, each by its name or all in one."""
    attributes: dict[str, Any] = {}
    for match in _ATTRIBUTE.finditer(text):
        key, value = match[1], html.unescape(match[2] if match[2] is not None else match[3])
        if key in call_words.ARGUMENT_KEYS and value.lstrip()[:1] == "{":
            attributes |= _parameters(value)
        elif key not in call_words.OTHER_KEYS:
            attributes[key] = value
    return attributes


def _children(body: str) -> dict[str, Any]:
    """Read arguments, each in a tag of its own name."""
    if not body.strip() or body.lstrip()[:1] == "{" or _PARAMETER.search(body):
        return _parameters(body)
    children: dict[str, Any] = {match[1]: html.unescape(match[2].strip()) for match in _CHILD.finditer(body)}
    return children or _parameters(body)


def _parameters(body: str) -> dict[str, Any]:
    if body.lstrip()[:1] == "{":
        try:
            value = decode(body).value
        except NotDecodableError:
            value = None
        return dict(value) if isinstance(value, Mapping) else {UNREADABLE: body.strip()[:LONGEST_ARGUMENTS]}
    parameters: dict[str, Any] = {}
    for match in _PARAMETER.finditer(body):
        end = _PARAMETER_END.search(body, match.end())
        parameters[match["name"]] = _plain(body[match.end() : end.start() if end else len(body)])
    if not parameters and body.strip():
        return {UNREADABLE: body.strip()[:LONGEST_ARGUMENTS]}
    return parameters


def _plain(text: str) -> str:
    """Return the text of an XML element."""
    if data := _CDATA.fullmatch(text.strip()):
        return data[1]
    return html.unescape(text.strip())
