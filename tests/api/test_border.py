"""The border is typed: what a client hands out has passed the gate, or mypy would have refused it."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
import importlib
import pkgutil
from types import ModuleType, NoneType, UnionType
from typing import Any, TypeAliasType, get_args, get_origin, get_type_hints

import pytest

from custom_components.homelab_ai import api
from custom_components.homelab_ai.api.errors import ApiError
from custom_components.homelab_ai.values.moment import Moment
from custom_components.homelab_ai.values.number import Number, Whole
from custom_components.homelab_ai.values.text import Line, Text

PASSED = (Text, Line, Number, Whole, Moment)
HARMLESS = (bool, NoneType, bytes, ApiError)
# What we ask, what we measure ourselves, and what is raw on purpose because nobody but its reader sees it.
OURS = {
    "http.Connection",
    "http.Answer",
    "web.Page",  # a text is looked for in it
    "chat.ToolCall",  # goes out as well as in; its arguments have passed `tree`
    "chat.Message",
    "chat.ChatRequest",
    "kubernetes.client.Resource",
    "kubernetes.client.Page",
    "kubernetes.client.Event",
    "kubernetes.watch.Timing",
    "forge.change.Create",
    "forge.change.Update",
    "forge.change.Delete",
    "forge.pull_request.Proposal",
}

# The objects of a cluster pass when they are read (tests/fuzz/ shows it), but not by type yet.
LATER = "kubernetes."


def _modules() -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(api.__path__, f"{api.__name__}."):
        yield importlib.import_module(found.name)


def _dataclasses() -> Iterator[tuple[str, type]]:
    for module in _modules():
        for name, found in vars(module).items():
            if isinstance(found, type) and is_dataclass(found) and found.__module__ == module.__name__:
                yield f"{module.__name__.removeprefix(f'{api.__name__}.')}.{name}", found


def _unpassed(hint: Any) -> Iterator[str]:
    """Yield what a type lets through that nobody has looked at."""
    if isinstance(hint, TypeAliasType):
        hint = hint.__value__
    if hint in PASSED or hint in HARMLESS or is_dataclass(hint):
        return
    if isinstance(hint, type) and issubclass(hint, Enum):
        return
    origin = get_origin(hint)
    if origin in (tuple, frozenset, list, dict) or origin is UnionType or origin is Mapping:
        inner = [one for one in get_args(hint) if one is not ...]
        # The names of a map are bounded and plain where it is made; as plain text they are easier to look up.
        yield from (
            said
            for one in inner
            if one is not str or origin not in (dict, Mapping)
            for said in _unpassed(one)
        )
        return
    yield str(hint)


DATACLASSES = {
    name: found for name, found in _dataclasses() if name not in OURS and not name.startswith(LATER)
}


def test_dataclasses_are_found() -> None:
    assert {"models.InstalledModel", "chat.ChatChunk", "alertmanager.Alert"} <= DATACLASSES.keys()
    assert list(_unpassed(str | None)) == ["<class 'str'>"]
    assert list(_unpassed(Mapping[str, float])) == ["<class 'float'>"]


@pytest.mark.parametrize("name", DATACLASSES)
def test_clients_hand_out_what_has_passed(name: str) -> None:
    hints = get_type_hints(DATACLASSES[name])
    wrong = {one.name: said for one in fields(DATACLASSES[name]) for said in _unpassed(hints[one.name])}
    assert wrong == {}
