"""The tables in Markdown, and the same as JSON."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .figures import Figure, number
from .part import Found
from .readings import Reading

_COMPARISON = (
    "| Case | Homelab AI | Core `ollama` | Ratio | Expected | |",
    "|---|---:|---:|---:|---|:-:|",
)
_READINGS = (
    "| Case | Measured | Expected | |",
    "|---|---:|---|:-:|",
)
_NOTHING = "–"
_MARKS = {True: "✓", False: "✗", None: _NOTHING}


def lines(found: Mapping[str, Found]) -> list[str]:
    """All tables: that of the comparison, and one for each part with readings, each after its notes."""
    compared = [one for one in found.values() if one.figures]
    figures = [figure for one in compared for figure in one.figures]
    return [
        *(_section(_notes(compared), comparison(figures)) if figures else ()),
        *(
            line
            for one in found.values()
            if one.readings
            # The notes of a part with figures stand there.
            for line in _section([] if one.figures else one.notes, readings(one.readings))
        ),
    ]


def comparison(figures: Sequence[Figure]) -> list[str]:
    """The table of both candidates, one line for each figure."""
    return [*_COMPARISON, *(_row(*_cells(figure)) for figure in figures)]


def readings(found: Sequence[Reading]) -> list[str]:
    """The table of a part, one line for each reading."""
    return [*_READINGS, *(_row(*_cells_of(reading)) for reading in found)]


def as_json(found: Mapping[str, Found], machine: str) -> dict[str, Any]:
    """Everything that was measured, for a program to read."""
    return {
        "machine": machine,
        "notes": _notes(list(found.values())),
        "figures": [_figure(part, figure) for part, one in found.items() for figure in one.figures],
        "readings": [_reading(part, reading) for part, one in found.items() for reading in one.readings],
    }


def _figure(part: str, figure: Figure) -> dict[str, Any]:
    return {
        "part": part,
        "case": figure.case,
        "unit": figure.unit.value,
        "ours": {"median": figure.our_median, "runs": list(figure.ours)},
        "core": {"median": figure.core_median, "runs": list(figure.core)},
        "ratio": figure.ratio,
        "expected": _expected(figure),
        "met": figure.met,
    }


def _reading(part: str, reading: Reading) -> dict[str, Any]:
    return {
        "part": part,
        "case": reading.case,
        "unit": reading.unit.value,
        "measured": reading.measured,
        "runs": list(reading.values),
        "aside": reading.aside,
        "expected": _bound(reading),
        "met": reading.met,
    }


def _cells(figure: Figure) -> Iterator[str]:
    yield figure.case
    yield number(figure.our_median, figure.unit)
    yield number(figure.core_median, figure.unit)
    yield _NOTHING if figure.ratio is None else f"{figure.ratio:.2f}"
    yield _expected(figure) or _NOTHING
    yield _MARKS[figure.met]


def _cells_of(reading: Reading) -> Iterator[str]:
    yield reading.case
    yield number(reading.measured, reading.unit) + (f" ({reading.aside})" if reading.aside else "")
    yield _bound(reading) or _NOTHING
    yield _MARKS[reading.met]


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _section(notes: Sequence[str], table: Sequence[str]) -> list[str]:
    return [*([f"{'; '.join(notes)}.", ""] if notes else ()), *table, ""]


def _notes(found: Sequence[Found]) -> list[str]:
    """The notes, each once: several parts have the same hub."""
    return list(dict.fromkeys(note for one in found for note in one.notes))


def _expected(figure: Figure) -> str | None:
    return figure.expectation.text(figure.core_median) if figure.expectation else None


def _bound(reading: Reading) -> str | None:
    return reading.expectation.text(reading.unit) if reading.expectation else None
