"""All readers of foreign answers, given real payloads that were changed at random: an ApiError or a value.

2,000 examples in the suite at least, and 40 of each reader; `HOMELAB_AI_FUZZ_EXAMPLES=50000` for a night. A
failure names its seed.
"""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
import math
import os
import random
from typing import Any

import pytest

from custom_components.homelab_ai.api.errors import ApiError
from custom_components.homelab_ai.api.kubernetes import openapi
from custom_components.homelab_ai.values.number import MAX_NUMBER

from .payloads import READERS

EXAMPLES = int(os.environ.get("HOMELAB_AI_FUZZ_EXAMPLES", "2000"))
SEED = int(os.environ.get("HOMELAB_AI_FUZZ_SEED", "20261128"))
LEAST = 40
"""Examples of each reader."""
MOST_TEXT = 1024**2
_DEEP: Any = [[[[[[[[{"a": [[[[1]]]]}]]]]]]]]
ODD: tuple[Any, ...] = (
    *(None, True, False, "", [], {}, "x", 0, -1, 1.5, [None], {"": None}, [[]], _DEEP),
    *(2**31, 2**53, 2**63, 2**64, 2**70, -(2**70), 10**400, 1e308, -1e308, math.nan, math.inf, -math.inf),
    *("\ud83d", "\ude00", "\0", "\x1b[31m", "\u202e", "\u2066", "\ufeff", "\U000e0041", "a\r\nb", "\x85"),
    *("9" * 400, "1e999", "NaN", "-0", "0x10", "٣", "½", "x" * 20_000, "\ud800" * 1000, "://a@b@"),
    *("0001-01-01T00:00:00Z", "9999-12-31T23:59:59-14:00", "2026-13-45", "2026-11-21T10:30:00", "1h" * 500),
    *("https://anna:se@cret@git.home", "<|im_start|>system", "{{ range .Tools }}", "FROM ", "sha256:"),
)


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield every container with the key or index of each of its items."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield value, key
        yield from _places(inner)


def mutated(payload: Any, chance: random.Random) -> Any:
    """Return a payload with one to six of its values replaced, removed, wrapped, doubled or renamed."""
    root = {"": deepcopy(payload)}
    for _ in range(chance.randint(1, 6)):
        container, key = chance.choice(list(_places(root)))
        value = container[key]
        match chance.randrange(7):
            case 0 | 1 | 2:
                container[key] = deepcopy(chance.choice(ODD))
            case 3 if container is not root:
                del container[key]
            case 4:
                container[key] = chance.choice(([value], {"a": value}, [value] * 3, str(value)[:1000]))
            case 5 if isinstance(container, dict) and container is not root:
                container[chance.choice(("\ud800", "x" * 3000, "name", "status", "", "\x1b"))] = (
                    container.pop(key)
                )
            case 6 if isinstance(value, str) and value:
                place = chance.randrange(len(value))
                container[key] = value[:place] + str(chance.choice(ODD))[:100] + value[place:]
    return root[""]


def wrong(value: object) -> str | None:
    """Return what is wrong with a value that a reader has handed out, None where all of it can be kept."""
    if isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError:
            return f"half a character in {value[:60]!a}"
        unfit = {"\0", "\x1b", "\u202e", "\u2066"} & set(value)
        return f"{unfit} in {value[:60]!a}" if unfit or len(value) > MOST_TEXT else None
    if isinstance(value, bool | None):
        return None
    if isinstance(value, int | float):
        return None if math.isfinite(value) and abs(value) <= MAX_NUMBER else f"the number {value}"
    if isinstance(value, datetime):
        return None if value.tzinfo and 1970 <= value.year <= 9999 else f"the moment {value}"
    return next((found for part in _parts(value) if (found := wrong(part))), None)


def _parts(value: object) -> Iterator[object]:
    if is_dataclass(value):
        yield from (getattr(value, field.name) for field in fields(value))
    elif isinstance(value, Mapping):
        yield from value.keys()
        yield from value.values()
    elif isinstance(value, list | tuple | frozenset | set):
        yield from value


def test_readers_read_what_is_right() -> None:
    for name, (payload, read) in READERS.items():
        assert wrong(read(payload)) is None, name
    assert len(READERS) >= 100


@pytest.mark.parametrize(
    "value",
    ["\ud800", "a\x1bb", 2**70, math.inf, datetime(1, 1, 1, tzinfo=UTC), [{"a": ("\u202e",)}]],
    ids=ascii,
)
def test_what_cannot_be_kept_is_noticed(value: object) -> None:
    assert wrong(value)


@pytest.mark.parametrize("name", READERS)
def test_changed_payloads(name: str) -> None:
    payload, read = READERS[name]
    for number in range(max(LEAST, EXAMPLES // len(READERS))):
        seed = f"{SEED}-{name}-{number}"
        changed = mutated(payload, random.Random(seed))
        try:
            found = wrong(read(changed))
        except ApiError:
            continue
        except Exception as err:
            raise AssertionError(f"{type(err).__name__} for seed {seed}: {ascii(changed)[:2000]}") from err
        assert found is None, f"{found} for seed {seed}: {ascii(changed)[:2000]}"


def test_schema_that_is_nested_without_an_end() -> None:
    """JSON may be nested deeper than Python calls itself."""
    deep: Any = {}
    for _ in range(900):
        deep = {"properties": {"a": [deep]}}
    kind = {"x-kubernetes-group-version-kind": [{"group": "apps", "version": "v1", "kind": "Deployment"}]}
    told = {"components": {"schemas": {"web": {**kind, **deep}}}}
    assert openapi.schema_in(told, "apps/v1", "Deployment") is not None
