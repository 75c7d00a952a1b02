"""A tool's result that is larger than what is left of the context, cut at whole entries."""

from collections.abc import Callable
import json
from typing import Any

from .estimate import tokens_of
from .wire_safe import dumps

LEAST = 120
"""Tokens; less of a result is of no use."""
NOTE = (
    "Cut: these are the first {kept} of {total} entries, the rest did not fit. "
    "Ask again for less, for example by name, area or domain."
)
_SHRINK = 0.85


def cut(text: str, limit: int) -> str:
    """Return a result, JSON as the model is sent it, with as many of its entries as `limit` tokens hold.

    Entries are those of its largest list, or the items, lines or words of its largest text.
    """
    try:
        value = json.loads(text)
    except ValueError, RecursionError:
        value = text
    holder: dict[str, Any] = {"result": value}
    put, entries, join = _largest(holder)
    total = kept = len(entries)
    while kept > 0:
        put(join(entries[:kept]))
        holder["note"] = NOTE.format(kept=kept, total=total)
        if tokens_of(shown := dumps(holder)) <= limit:
            return shown
        kept = int(kept * _SHRINK)
    return dumps({"note": NOTE.format(kept=0, total=total)})


type _Part = tuple[Callable[[Any], None], list[Any], Callable[[list[Any]], Any]]


def _largest(holder: dict[str, Any]) -> _Part:
    """Return how to replace the largest list or text within a value, its entries, and how to join them."""
    best: tuple[int, _Part] = (-1, (lambda _: None, [], list))
    stack: list[tuple[Any, Any]] = [(holder, key) for key in holder]
    while stack:
        place, key = stack.pop()
        value = place[key]
        if isinstance(value, dict):
            stack += [(value, inner) for inner in value]
        elif isinstance(value, (str, list)):
            size = len(value) if isinstance(value, str) else len(dumps(value))
            if size > best[0]:
                best = size, (_setter(place, key), *_entries(value))
    return best[1]


def _setter(place: Any, key: Any) -> Callable[[Any], None]:
    def put(value: Any) -> None:
        place[key] = value

    return put


def _entries(value: str | list[Any]) -> tuple[list[Any], Callable[[list[Any]], Any]]:
    if isinstance(value, list):
        return value, list
    # Home Assistant tells states as a list in YAML.
    mark = next((mark for mark in ("\n- ", "\n", " ") if mark in value), "")
    return (value.split(mark) if mark else list(value)), mark.join
