"""What leaves a client is typed as passed: a field that is not has its reason here.

The types are those of `values/` (`Text`, `Line`, `Number`, `Whole`, `Moment`, `WebAddress`), which nothing
else makes: with them mypy refuses what a reader has not passed through the gate.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
import importlib
import pkgutil
from typing import Any, TypeAliasType, get_args, get_origin, get_type_hints

import pytest

from custom_components.homelab_ai import api

OPEN: frozenset[object] = frozenset((str, int, float, complex, bytes, datetime, object, Any))

OURS = "said by us or by a person of the house, and sent"
WORD = "a word of our own"
SEARCHED = "only searched, and never shown"
REASONS: dict[str, str] = {
    # Requests.
    "chat.Message.*": OURS,
    "chat.ToolCall.*": "said by a model, passed by `shapes`, and sent back",
    "chat.ChatRequest.*": OURS,
    "forge.change.*": "composed by us for a repository, byte for byte",
    "forge.pull_request.Proposal.*": OURS,
    "http.Connection.*": OURS,
    "kubernetes.client.Resource.*": WORD,
    "kubernetes.watch.Timing.*": "spans of our own",
    # Answers before they are read.
    "http.Answer.*": "the answer as it came, which stays in `api/`",
    "kubernetes.client.Page.objects": "`Json`, which only readers in `api/` take: all in it is an `object`",
    "kubernetes.client.Event.object": "the same",
    "web.Page.text": SEARCHED,
    "web.Page.status": "compared with what a person has entered; three digits of a status line",
    "web.Page.location": "a path of the same server, asked for and never shown",
    "kubernetes.openapi.Schema.*": "`Json` of the cluster's own schema: a proposal is compared with it",
    # Beside what is typed.
    "kubernetes.core.Pressure.of": WORD,
    "kubernetes.objects.FluxObject.kind": WORD,
    "kubernetes.sights.Sight.aspect": WORD,
    "kubernetes.sketches.Sketch.kind": WORD,
    "kubernetes.sketches.Sketch.state": WORD,
    "kubernetes.sketches.Sketch.facts": "names and units of facts are ours, each value is typed",
    "kubernetes.sketches.Sketch.ties": "the kind of a tie is ours, its target is typed",
}


def dataclasses_of_clients() -> Iterator[tuple[str, type[Any]]]:
    for info in pkgutil.walk_packages(api.__path__, f"{api.__name__}."):
        module = importlib.import_module(info.name)
        for name, value in vars(module).items():
            if isinstance(value, type) and is_dataclass(value) and value.__module__ == info.name:
                yield f"{info.name.removeprefix(f'{api.__name__}.')}.{name}", value


def types_in(hint: object) -> Iterator[object]:
    """Yield a type and those within it, but for functions, which are ours.

    The names of a mapping pass with its values, in `answers.texts`.
    """
    yield hint
    if get_origin(hint) is Callable:
        return
    if isinstance(hint, TypeAliasType):
        yield from types_in(hint.__value__)
    inner = get_args(hint)
    is_mapping = isinstance(origin := get_origin(hint), type) and issubclass(origin, Mapping)
    for one in inner[1:] if is_mapping else inner:
        yield from types_in(one)


def open_fields() -> Iterator[str]:
    """Yield the fields that may hold what has not passed."""
    for name, kind in dataclasses_of_clients():
        hints = get_type_hints(kind)
        for field in fields(kind):
            if OPEN & set(types_in(hints[field.name])):
                yield f"{name}.{field.name}"


def reason_of(field: str) -> str | None:
    places = (field, f"{field.rpartition('.')[0]}.*", f"{field.rpartition('.')[0].rpartition('.')[0]}.*")
    return next((place for place in places if place in REASONS), None)


FIELDS = tuple(open_fields())


def test_there_are_dataclasses() -> None:
    names = {name for name, _ in dataclasses_of_clients()}
    assert {"kubernetes.core.Pod", "alertmanager.Alert", "forge.pull_request.PullRequest"} <= names
    assert len(names) > 40


def test_what_is_not_typed_has_its_reason() -> None:
    assert [field for field in FIELDS if reason_of(field) is None] == []


def test_no_reason_is_left_over() -> None:
    assert REASONS.keys() - {reason_of(field) for field in FIELDS} == set()


@pytest.mark.parametrize(
    ("hint", "expected"),
    [
        (str, True),
        (tuple[str, ...], True),
        (datetime | None, True),
        (Mapping[str, int], True),
        (Mapping[str, bool], False),
        (frozenset[tuple[bool, float]], True),
        (Any, True),
    ],
)
def test_open_types_are_found(hint: object, expected: bool) -> None:
    assert bool(OPEN & set(types_in(hint))) is expected
