"""What the command line says."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

PARTS = ("turns", "tokens", "setup")
_MOST_RUNS = 50


@dataclass(frozen=True, slots=True)
class Options:
    """One run of the benchmark: `runs` measurements of each figure; `json` is a file to write them to."""

    runs: int = 3
    check: bool = False
    json: Path | None = None
    parts: tuple[str, ...] = PARTS


def parsed(arguments: Sequence[str] | None = None) -> Options:
    """The options in these arguments; ends the process with a usage message if they make no sense."""
    parser = argparse.ArgumentParser(
        prog="scripts/bench",
        description="Measures Homelab AI and Home Assistant's own ollama integration against the same"
        " simulated hub, and prints a table in Markdown.",
    )
    default = Options()
    parser.add_argument(
        "--runs",
        type=_runs,
        default=default.runs,
        metavar="N",
        help="measurements of each figure, of which the median counts (%(default)s)",
    )
    parser.add_argument(
        "--check", action="store_true", help="end with status 1 if an expectation was not met"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write every measurement to this file")
    parser.add_argument(
        "--part",
        choices=PARTS,
        action="append",
        help="measure this part only; may be repeated",
    )
    given = parser.parse_args(arguments)
    return Options(given.runs, given.check, given.json, tuple(given.part or PARTS))


def _runs(text: str) -> int:
    runs = int(text)
    if not 1 <= runs <= _MOST_RUNS:
        raise argparse.ArgumentTypeError(f"must be 1 to {_MOST_RUNS}")
    return runs
