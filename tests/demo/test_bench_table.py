"""The tables that the benchmark prints."""

import json

from demo.bench import table
from demo.bench.figures import Figure, RatioAtMost, Unit
from demo.bench.part import Found
from demo.bench.readings import AtMost, Exactly, Reading

FIGURES = [
    Figure("Second turn", Unit.SECONDS, [1.3], [1.25], RatioAtMost(1.05)),
    Figure("CPU time per token", Unit.MICROSECONDS, [1250.4], [1000.0], RatioAtMost(1.0)),
    Figure("Memory", Unit.MEBIBYTES, [3.64], [0.0]),
]
READINGS = [
    Reading("Stall", Unit.MILLISECONDS, [20.0, 51.4], AtMost(50), aside="60 ms on the wall"),
    Reading("Problems lost", Unit.COUNT, [0], Exactly(0)),
    Reading("States written", Unit.COUNT, [8124]),
]
COMPARISON = [
    "| Case | Homelab AI | Core `ollama` | Ratio | Expected | |",
    "|---|---:|---:|---:|---|:-:|",
    "| Second turn | 1.300 s | 1.250 s | 1.04 | ratio ≤ 1.05 | ✓ |",
    "| CPU time per token | 1,250 µs | 1,000 µs | 1.25 | ratio ≤ 1.00 | ✗ |",
    "| Memory | 3.6 MiB | 0.0 MiB | – | – | – |",
]
OF_A_PART = [
    "| Case | Measured | Expected | |",
    "|---|---:|---|:-:|",
    "| Stall | 51 ms (60 ms on the wall) | ≤ 50 ms | ✗ |",
    "| Problems lost | 0 | 0 | ✓ |",
    "| States written | 8,124 | – | – |",
]


def test_all_comparisons_share_a_table_and_each_part_with_readings_has_its_own() -> None:
    found = {
        "turns": Found(FIGURES[:1], notes=["a hub", "3 runs"]),
        "health": Found(readings=READINGS, notes=["a cluster"]),
        "setup": Found(FIGURES[1:], notes=["a hub"]),
        "assistant": Found(readings=READINGS),
    }
    assert table.lines(found) == [
        "a hub; 3 runs.",
        "",
        *COMPARISON,
        "",
        "a cluster.",
        "",
        *OF_A_PART,
        "",
        *OF_A_PART,
        "",
    ]


def test_without_figures_there_is_no_comparison() -> None:
    assert table.lines({"health": Found(readings=READINGS)}) == [*OF_A_PART, ""]


def test_json_has_every_measurement() -> None:
    found = {"turns": Found(FIGURES, notes=["median"]), "health": Found(readings=READINGS, notes=["worst"])}
    report = json.loads(json.dumps(table.as_json(found, "2 cores")))
    assert report["machine"] == "2 cores"
    assert report["notes"] == ["median", "worst"]
    assert report["figures"][0] == {
        "part": "turns",
        "case": "Second turn",
        "unit": "s",
        "ours": {"median": 1.3, "runs": [1.3]},
        "core": {"median": 1.25, "runs": [1.25]},
        "ratio": 1.04,
        "expected": "ratio ≤ 1.05",
        "met": True,
    }
    assert [figure["met"] for figure in report["figures"]] == [True, False, None]
    assert report["readings"][0] == {
        "part": "health",
        "case": "Stall",
        "unit": "ms",
        "measured": 51.4,
        "runs": [20.0, 51.4],
        "aside": "60 ms on the wall",
        "expected": "≤ 50 ms",
        "met": False,
    }
    assert [reading["met"] for reading in report["readings"]] == [False, True, None]
