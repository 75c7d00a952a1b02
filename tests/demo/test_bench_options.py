"""The command line of scripts/bench."""

from pathlib import Path

import pytest

from demo.bench.options import Options, parsed
from demo.bench.parts import PARTS

ALL = tuple(PARTS)


def test_without_arguments_everything_is_measured_three_times() -> None:
    assert parsed(ALL, []) == Options(ALL, runs=3, quick=False, check=False, json=None)


def test_everything_can_be_said() -> None:
    options = parsed(ALL, ["--runs", "7", "--check", "--json", "out.json", "--parts", "turns", "setup"])
    assert options == Options(("turns", "setup"), 7, check=True, json=Path("out.json"))


def test_parts_may_be_named_one_after_another_and_twice() -> None:
    assert parsed(ALL, ["--part", "health", "--parts", "turns", "health"]).parts == ("health", "turns")


def test_quick_is_once() -> None:
    options = parsed(ALL, ["--quick"])
    assert (options.runs, options.quick) == (1, True)


@pytest.mark.parametrize(
    "arguments",
    [["--runs", "0"], ["--runs", "many"], ["--parts", "all"], ["--parts"], ["--quick", "--runs", "5"]],
)
def test_nonsense_is_refused(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        parsed(ALL, arguments)
    assert ended.value.code == 2
