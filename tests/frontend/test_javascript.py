"""The pure parts of the JavaScript, tested by Node."""

from pathlib import Path
import shutil
import subprocess

import pytest

NODE = shutil.which("node")


@pytest.mark.skipif(NODE is None, reason="Node is not here")
def test_by_node() -> None:
    tests = sorted(Path(__file__).parent.glob("*.test.mjs"))
    assert tests
    run = subprocess.run(
        [str(NODE), "--test", *map(str, tests)], capture_output=True, text=True, timeout=120, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr
