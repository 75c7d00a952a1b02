"""The table that the benchmark prints."""

import json

from demo.bench import table
from demo.bench.figures import Figure, RatioAtMost, Unit

FIGURES = [
    Figure("Second turn", Unit.SECONDS, [1.3], [1.25], RatioAtMost(1.05)),
    Figure("CPU time per token", Unit.MICROSECONDS, [1250.4], [1000.0], RatioAtMost(1.0)),
    Figure("Memory", Unit.MEBIBYTES, [3.64], [0.0]),
]


def test_table() -> None:
    assert table.lines(FIGURES) == [
        "| Case | Homelab AI | Core `ollama` | Ratio | Expected | |",
        "|---|---:|---:|---:|---|:-:|",
        "| Second turn | 1.300 s | 1.250 s | 1.04 | ratio ≤ 1.05 | ✓ |",
        "| CPU time per token | 1,250 µs | 1,000 µs | 1.25 | ratio ≤ 1.00 | ✗ |",
        "| Memory | 3.6 MiB | 0.0 MiB | – | – | – |",
    ]


def test_json_has_every_measurement() -> None:
    report = json.loads(json.dumps(table.as_json(FIGURES, "2 cores", ["median"])))
    assert report["machine"] == "2 cores"
    assert report["notes"] == ["median"]
    assert report["figures"][0] == {
        "case": "Second turn",
        "unit": "s",
        "ours": {"median": 1.3, "runs": [1.3]},
        "core": {"median": 1.25, "runs": [1.25]},
        "ratio": 1.04,
        "expected": "ratio ≤ 1.05",
        "met": True,
    }
    assert [figure["met"] for figure in report["figures"]] == [True, False, None]
