"""Values of a model's call that can be kept, logged, stored and sent again.

What Home Assistant writes as JSON must be JSON: no half characters, no number beyond 64 bits or beyond
counting, no bytes, nothing endlessly deep. Any of that would end this turn and every later one.
"""

from collections.abc import Mapping
from decimal import Decimal
import json
import math
import re
from typing import Any

from homeassistant.helpers.json import json_dumps

MAX_DEPTH = 20
MAX_TEXT = 16_000
MAX_ENTRIES = 1000
_MAX_INTEGER = 2**63
_HALF_CHARACTERS = re.compile("[\ud800-\udfff]")
_INSTEAD = "\ufffd"


class UnfitValueError(ValueError):
    """A value that cannot be written as JSON; says what it is, for the model."""


def safe(value: Any, depth: int = MAX_DEPTH) -> Any:
    """Return the value as JSON keeps it. Raises UnfitValueError for what has no such form."""
    match value:
        case None | bool():
            return value
        case str():
            return _text(value)
        case int() if abs(value) < _MAX_INTEGER:
            return int(value)
        case float() if math.isfinite(value):
            return float(value)
        case int() | float():
            raise UnfitValueError("a number is too large, or none")
        case Mapping() | list() | tuple() if depth == 0:
            raise UnfitValueError("a value is nested too deeply")
        case Mapping() | list() | tuple() if len(value) > MAX_ENTRIES:
            raise UnfitValueError("a value has too many entries")
        case Mapping():
            return {_text(str(key)): safe(inner, depth - 1) for key, inner in value.items()}
        case list() | tuple():
            return [safe(inner, depth - 1) for inner in value]
    raise UnfitValueError("a value is neither text, number, list nor object")


def shown(value: Any) -> Any:
    """Return the value for keeping, with a mark in the place of all that has no form in JSON."""
    try:
        return safe(value)
    except UnfitValueError:
        pass
    if isinstance(value, Mapping):
        return {_text(str(key))[:64]: _leaf(inner) for key, inner in list(value.items())[:MAX_ENTRIES]}
    return _leaf(value)


def dumps(value: Any) -> str:
    """Return a tool's result as JSON, whatever it holds: foreign tools return what they like."""
    try:
        return json_dumps(value)
    except TypeError, ValueError, RecursionError:
        return json.dumps(_told(value, MAX_DEPTH), ensure_ascii=False)


def _text(text: str) -> str:
    return _HALF_CHARACTERS.sub(_INSTEAD, text[:MAX_TEXT])


def _leaf(value: Any) -> Any:
    try:
        return safe(value)
    except UnfitValueError:
        return _INSTEAD


def _told(value: Any, depth: int) -> Any:
    if depth and isinstance(value, Mapping):
        return {_text(str(key)): _told(inner, depth - 1) for key, inner in value.items()}
    if depth and isinstance(value, (list, tuple, set, frozenset)):
        return [_told(inner, depth - 1) for inner in value]
    if isinstance(value, Decimal):
        return str(value)
    return _leaf(value)
