"""The table in Markdown, and the same as JSON."""

from collections.abc import Sequence
from typing import Any

from .figures import Figure, Unit

_HEAD = (
    "| Case | Homelab AI | Core `ollama` | Ratio | Expected | |",
    "|---|---:|---:|---:|---|:-:|",
)
_PLACES = {Unit.SECONDS: 3, Unit.MILLISECONDS: 0, Unit.MICROSECONDS: 0, Unit.MEBIBYTES: 1}
_NOTHING = "–"
_MARKS = {True: "✓", False: "✗", None: _NOTHING}


def lines(figures: Sequence[Figure]) -> list[str]:
    """The table, one line for each figure."""
    return [*_HEAD, *(_line(figure) for figure in figures)]


def as_json(figures: Sequence[Figure], machine: str, notes: Sequence[str]) -> dict[str, Any]:
    """Everything that was measured, for a program to read."""
    return {
        "machine": machine,
        "notes": list(notes),
        "figures": [
            {
                "case": figure.case,
                "unit": figure.unit.value,
                "ours": {"median": figure.our_median, "runs": list(figure.ours)},
                "core": {"median": figure.core_median, "runs": list(figure.core)},
                "ratio": figure.ratio,
                "expected": _expected(figure),
                "met": figure.met,
            }
            for figure in figures
        ],
    }


def _line(figure: Figure) -> str:
    cells = (
        figure.case,
        _number(figure.our_median, figure.unit),
        _number(figure.core_median, figure.unit),
        _NOTHING if figure.ratio is None else f"{figure.ratio:.2f}",
        _expected(figure) or _NOTHING,
        _MARKS[figure.met],
    )
    return f"| {' | '.join(cells)} |"


def _expected(figure: Figure) -> str | None:
    return figure.expectation.text(figure.core_median) if figure.expectation else None


def _number(value: float, unit: Unit) -> str:
    return f"{value:,.{_PLACES[unit]}f} {unit}"
