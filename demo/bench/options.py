"""What the command line says."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_MOST_RUNS = 50
_RUNS = 3


@dataclass(frozen=True, slots=True)
class Options:
    """One run of the benchmark: `runs` measurements of each figure; `json` is a file to write them to.

    `quick` is for a first look: each figure once, and what is watched over time is watched for less of it.
    """

    parts: tuple[str, ...]
    runs: int = _RUNS
    quick: bool = False
    check: bool = False
    json: Path | None = None


def parsed(parts: Sequence[str], arguments: Sequence[str] | None = None) -> Options:
    """The options in these arguments; ends the process with a usage message if they make no sense.

    `parts` are those that there are.
    """
    parser = argparse.ArgumentParser(
        prog="scripts/bench",
        description="Measures Homelab AI and Home Assistant's own ollama integration against the same"
        " simulated hub, and Homelab AI with a large homelab; prints tables in Markdown.",
    )
    how_often = parser.add_mutually_exclusive_group()
    how_often.add_argument(
        "--runs",
        type=_runs,
        default=_RUNS,
        metavar="N",
        help="measurements of each figure (%(default)s)",
    )
    how_often.add_argument("--quick", action="store_true", help="measure each figure once, for a first look")
    parser.add_argument(
        "--check", action="store_true", help="end with status 1 if an expectation was not met"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write every measurement to this file")
    parser.add_argument(
        "--parts",
        choices=parts,
        nargs="+",
        action="extend",
        help="measure these parts only",
    )
    given = parser.parse_args(arguments)
    return Options(
        tuple(dict.fromkeys(given.parts or parts)),
        runs=1 if given.quick else given.runs,
        quick=given.quick,
        check=given.check,
        json=given.json,
    )


def _runs(text: str) -> int:
    runs = int(text)
    if not 1 <= runs <= _MOST_RUNS:
        raise argparse.ArgumentTypeError(f"must be 1 to {_MOST_RUNS}")
    return runs
