"""The command line of scripts/bench."""

from pathlib import Path

import pytest

from demo.bench.options import PARTS, Options, parsed


def test_without_arguments_everything_is_measured_three_times() -> None:
    assert parsed([]) == Options(runs=3, check=False, json=None, parts=PARTS)


def test_everything_can_be_said() -> None:
    options = parsed(["--runs", "7", "--check", "--json", "out.json", "--part", "turns", "--part", "setup"])
    assert options == Options(7, check=True, json=Path("out.json"), parts=("turns", "setup"))


@pytest.mark.parametrize("arguments", [["--runs", "0"], ["--runs", "many"], ["--part", "all"]])
def test_nonsense_is_refused(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        parsed(arguments)
    assert ended.value.code == 2
