"""Calls in decoded values: objects with a name and arguments, wrapped, listed or keyed by the name."""

from collections.abc import Mapping, Sequence
from typing import Any

from ..api.chat import ToolCall
from . import call_words
from .decoder import NotDecodableError, decode
from .offered import Offered

UNREADABLE = "unreadable"
"""The key of arguments that were not understood, and so are not left out: the tool will refuse it."""
LONGEST_ARGUMENTS = 100
_DEEPEST = 8


def calls_of(value: Any, offered: Offered, depth: int = 0) -> list[ToolCall] | None:
    """Return the calls of a decoded value, None where it is anything else."""
    if depth > _DEEPEST:
        return None
    match value:
        case str(text) if text.lstrip()[:1] in ("{", "["):
            return _in_text(text, offered, depth)
        case [str(name), Mapping() as arguments] if offered.knows(name):
            return [ToolCall(name, arguments)]
        case list(items):
            groups = [calls_of(item, offered, depth + 1) for item in items]
            calls = [call for group in groups if group for call in group]
            return calls if groups and all(groups) else None
        case Mapping() as mapping:
            call = call_of(mapping, offered)
            return [call] if call else _wrapped(mapping, offered, depth) or _keyed_by_name(mapping, offered)
    return None


def _in_text(text: str, offered: Offered, depth: int) -> list[ToolCall] | None:
    try:
        decoded = decode(text)
    except NotDecodableError:
        return None
    return calls_of(decoded.value, offered, depth + 1) if decoded.complete else None


def _wrapped(value: Mapping[str, Any], offered: Offered, depth: int) -> list[ToolCall] | None:
    """Read what an object holds under the key of a wrapper, with arguments that stand beside it."""
    for key in call_words.WRAPPER_KEYS:
        inner = value.get(key)
        if not isinstance(inner, (Mapping, list, str)) or not inner:
            continue
        beside = (*call_words.ARGUMENT_KEYS, *call_words.WEAK_ARGUMENT_KEYS, *call_words.NARROWING_KEYS)
        outer = {name: value[name] for name in beside if name in value and name != key}
        if outer and isinstance(inner, Mapping):
            inner = {**outer, **inner}
        if calls := calls_of(inner, offered, depth + 1):
            return calls
    return None


def call_of(value: Mapping[str, Any], offered: Offered) -> ToolCall | None:
    """Return the call that an object is; its tool need not be one that was offered."""
    keys = [key for key in call_words.NAME_KEYS if isinstance(value.get(key), str)]
    known = [key for key in (*keys, *call_words.WEAK_NAME_KEYS) if _names(value.get(key), offered)]
    if not keys and not known:
        return None
    key = (known or keys)[0]
    name = value[key]
    keys = [*call_words.ARGUMENT_KEYS, *(call_words.WEAK_ARGUMENT_KEYS if known else ())]
    for arguments_key in keys:
        if arguments_key in value:
            arguments = arguments_of(value[arguments_key])
            if arguments is None:
                return None
            return named_within(ToolCall(name, _beside(value, key, offered) | dict(arguments)), offered)
    if not known:
        return None
    return ToolCall(name, {k: v for k, v in value.items() if k != key and k not in call_words.OTHER_KEYS})


def _beside(value: Mapping[str, Any], used: str, offered: Offered) -> dict[str, Any]:
    """Return what stands beside the arguments and would narrow them."""
    beside = {key: value[key] for key in call_words.NARROWING_KEYS & value.keys() - {used}}
    if used != "name" and isinstance(name := value.get("name"), str) and not offered.knows(name):
        beside["name"] = name
    return beside


def _names(value: Any, offered: Offered) -> bool:
    return isinstance(value, str) and offered.knows(value)


def named_within(call: ToolCall, offered: Offered) -> ToolCall:
    """Return the call that the arguments of one without a known name are."""
    inner = None if offered.knows(call.name) else call_of(call.arguments, offered)
    return inner if inner is not None and offered.knows(inner.name) else call


def _keyed_by_name(value: Mapping[str, Any], offered: Offered) -> list[ToolCall] | None:
    """Read `{"HassTurnOn": {...}}`."""
    if not value or not all(offered.knows(key) for key in value):
        return None
    calls = [(key, arguments_of(item)) for key, item in value.items()]
    return (
        [ToolCall(key, item) for key, item in calls if item is not None]
        if all(item is not None for _, item in calls)
        else None
    )


def arguments_of(value: Any) -> Mapping[str, Any] | None:
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
