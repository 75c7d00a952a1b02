"""Foreign JSON, typed at the border: what does not fit is refused, or left out where it is optional.

JSON is `object` here and never `Any`: mypy refuses every value that has not passed one of these functions.
"""

from collections.abc import Iterator, Mapping
from itertools import islice
import json

import orjson

from ..values.moment import Moment, moment
from ..values.number import MAX_WHOLE, Number, Whole, number, whole
from ..values.text import MAX_TEXT, Line, Text, line, text, words
from .errors import ApiResponseError

__all__ = [
    "MAX_TEXT",
    "Line",
    "Moment",
    "Number",
    "Text",
    "Whole",
    "json_of",
    "line",
    "number",
    "object_in",
    "objects",
    "objects_in",
    "text",
    "texts",
    "time",
    "tree",
    "when_object",
    "whole",
    "words",
]

type Json = Mapping[str, object]

MAX_ITEMS = 50_000
"""Items of one list."""
MAX_FIELDS = 256
"""Fields of one object whose names are not ours, as labels are."""
MAX_NAME = 256
MAX_DEPTH = 32
"""Of what is kept whole, as the arguments of a tool are."""

time = moment


def json_of(body: bytes | bytearray | str) -> object:
    """Return the parsed JSON. Raises ValueError where it is none.

    One half of an emoji, one NaN, one number of a thousand digits or one byte that is no UTF-8 costs that
    value, and nothing else: orjson refuses all of it, and is fast where nothing is wrong.
    """
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        pass
    if not isinstance(body, str):
        body = bytes(body).decode(json.detect_encoding(body), errors="replace")
    try:
        return json.loads(body.removeprefix("\ufeff"), parse_int=_int)
    except RecursionError as err:
        raise ValueError("nested too deeply") from err


def _int(digits: str) -> int | float:
    return int(digits) if len(digits) <= 20 else float(digits)


def when_object(value: object) -> Json:
    """Return a JSON object. Raises ApiResponseError for anything else."""
    if not isinstance(value, dict):
        raise ApiResponseError(f"expected an object, not {type(value).__name__}")
    return value


def object_in(value: object, *path: str) -> Json:
    """Return the object within an object, an empty one where there is none."""
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def objects(value: object) -> Iterator[Json]:
    """Yield the objects of a list. Raises ApiResponseError where it is no list; other items are left out."""
    if not isinstance(value, list):
        raise ApiResponseError(f"expected a list, not {type(value).__name__}")
    return (item for item in islice(value, MAX_ITEMS) if isinstance(item, dict))


def objects_in(value: object) -> Iterator[Json]:
    """Yield the objects of a list, none where it is no list."""
    return objects(value) if isinstance(value, list) else iter(())


def texts(value: object, limit: int = MAX_TEXT) -> dict[str, Text]:
    """Return the texts of an object by name, empty for anything else."""
    if not isinstance(value, dict):
        return {}
    return {text(str(key), MAX_NAME): text(item, limit) for key, item in islice(value.items(), MAX_FIELDS)}


def tree(value: object, limit: int = MAX_TEXT, depth: int = MAX_DEPTH) -> object:
    """Return JSON that can be kept and written whole; what cannot is None.

    Its lists and objects have at most `MAX_FIELDS` items, are at most `depth` deep, and texts have `limit`
    characters.
    """
    if isinstance(value, dict) and depth > 0:
        fields = islice(value.items(), MAX_FIELDS)
        return {words(str(key), MAX_NAME): tree(field, limit, depth - 1) for key, field in fields}
    if isinstance(value, list) and depth > 0:
        return [tree(item, limit, depth - 1) for item in islice(value, MAX_FIELDS)]
    return _leaf(value, limit)


def _leaf(value: object, limit: int) -> Text | Number | Whole | bool | None:
    match value:
        case str():
            return words(value, limit)
        case bool():
            return value
        case int():
            return whole(value, least=-MAX_WHOLE)
        case float():
            return number(value)
        case _:
            return None
