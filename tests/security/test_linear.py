"""No pattern of the package takes more than linear time, whatever text it is given.

The patterns are found by walking the modules, so that a new one cannot be forgotten, and used as their module
uses them: what is only matched at one place is not searched for everywhere. What is only ever given a text
that was cut before says so in `BOUNDED`, with the length it is cut to.
"""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
import importlib
import inspect
import pkgutil
import re
import time
from typing import Any

import pytest

import custom_components.homelab_ai as package

LENGTH = 2**20
BUDGET = 8.0
"""Seconds for a mebibyte, on a machine that has other things to do; what is quadratic takes hours."""
PROBE, PROBE_BUDGET = 3_000, 0.04
MIDDLE, MIDDLE_BUDGET = 30_000, 0.5
"""Quadratic in this is 450 million steps, seconds on any machine."""


def _words(text: str) -> list[str]:
    return text.split()


ATOMS = (
    *_words(r"a A 1 1h 1.1h 1ms _ -b / // //a @ :// a:// www. < [ [A ] { {} } 0 1: 1, 1. a. a-b aB AB AbC"),
    *_words(
        "2026-11-21 2026-11-21T f f: : 1.1.1.1 ' ’s . ! b4c5d6f7 -b4c5d6f7-b4c5d é # ` ``` a{ pvc- sha256:"
    ),
    *_words(r"{{ <a> </a> a= \u \ , ; ( a( = => <think> [INST] <|im_start|> ⟦ * ** ~ | <| |> - \" \"a\":"),
    *(
        "\x1b",
        "\x1b[",
        "\x1b]",
        "\x9b",
        " ",
        "\n",
        "\t",
        "range ",
        "as well ",
        "Error: ",
        "kubectl ",
        "flux ",
    ),
    *("git ", "x=1 ", "a 1", "FROM ", "{{range ", "a: ", "- ", "\n\n", "a ", "Current time is "),
)
TAILS = ("", "!", "}")
# Cut before they are searched: by the name of the pattern, to so many characters.
BOUNDED: Mapping[str, int] = {"agent.tool_names._BEHIND": 128, "agent.speech._BEGINNING": 900}


def _patterns_in(value: object, depth: int = 3) -> Iterator[re.Pattern[str]]:
    """Yield the patterns of a value, also those within tables."""
    if isinstance(value, re.Pattern):
        if isinstance(value.pattern, str):
            yield value
    elif depth and isinstance(value, list | tuple | set | frozenset):
        for one in value:
            yield from _patterns_in(one, depth - 1)
    elif depth and isinstance(value, dict):
        yield from _patterns_in(list(value.values()), depth)
    elif depth and is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from _patterns_in(getattr(value, field.name, None), depth - 1)


def _scans(module: Any, name: str) -> bool:
    """Return whether a module looks for a pattern anywhere; in doubt, as with tables, it does."""
    used = re.findall(rf"\b{name}\.(\w+)\(", inspect.getsource(module))
    return not used or not set(used) <= {"match", "fullmatch"}


def _found() -> dict[str, tuple[re.Pattern[str], bool]]:
    found: dict[str, tuple[re.Pattern[str], bool]] = {}
    seen: set[re.Pattern[str]] = set()
    for info in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        module: Any = importlib.import_module(info.name)
        for name, value in vars(module).items():
            for number, pattern in enumerate(_patterns_in(value)):
                if pattern not in seen:
                    seen.add(pattern)
                    short = info.name.removeprefix(f"{package.__name__}.")
                    found[f"{short}.{name}{number or ''}"] = (pattern, _scans(module, name))
    return found


PATTERNS = _found()


def seconds(name: str, text: str) -> float:
    """Return the processor's time that the pattern takes, used as its module uses it."""
    pattern, scans = PATTERNS[name]
    begun = time.process_time()
    pattern.match(text)
    pattern.fullmatch(text)
    if scans:
        pattern.search(text)
        for _ in pattern.finditer(text):
            pass
    return time.process_time() - begun


def of_length(atom: str, tail: str, length: int) -> str:
    return (atom * (length // len(atom) + 1))[:length] + tail


def test_patterns_are_found() -> None:
    assert len(PATTERNS) > 60
    assert {"api.exposition._SAMPLE", "health.evidence._FIGURE", "values.text._ESCAPES"} <= PATTERNS.keys()
    assert PATTERNS.keys() >= BOUNDED.keys()
    PATTERNS["quadratic"] = (re.compile(r"a+b"), True)
    try:
        assert seconds("quadratic", "a" * MIDDLE) > MIDDLE_BUDGET
    finally:
        del PATTERNS["quadratic"]


@pytest.mark.parametrize("name", PATTERNS)
def test_pattern(name: str) -> None:
    most = BOUNDED.get(name, LENGTH)
    slowest: list[tuple[float, str, str]] = []
    for atom in dict.fromkeys(ATOMS):
        for tail in TAILS:
            took = seconds(name, of_length(atom, tail, min(PROBE, most)))
            if took > PROBE_BUDGET:
                took = min(took, seconds(name, of_length(atom, tail, min(PROBE, most))))
            assert took < PROBE_BUDGET, (
                f"{took:.3f} s for {min(PROBE, most)} characters of {atom!r} and {tail!r}"
            )
            slowest.append((took, atom, tail))
    middle: list[tuple[float, str, str]] = []
    for _, atom, tail in sorted(slowest)[-4:]:
        took = seconds(name, of_length(atom, tail, min(MIDDLE, most)))
        assert took < MIDDLE_BUDGET, (atom, tail, took)
        middle.append((took, atom, tail))
    # What takes linear time for these takes it for more: of the worst alone, all of a mebibyte.
    _, atom, tail = max(middle)
    assert seconds(name, of_length(atom, tail, most)) < BUDGET, (atom, tail)
