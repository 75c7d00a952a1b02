"""The workflows: nothing that they run is of another version tomorrow, and no job runs on forever."""

from pathlib import Path
import re
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parent.parent
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yaml"))
# What Home Assistant and HACS tell authors to use: what is valid is what the newest says.
MOVING = {"home-assistant/actions/hassfest@master", "hacs/action@main"}
_HASH = re.compile(r"@[0-9a-f]{40} # v\d")
_USES = re.compile(r"uses: (\S+)(.*)")


def jobs(path: Path) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = yaml.safe_load(path.read_text())["jobs"]
    return found


def test_there_are_workflows() -> None:
    assert len(WORKFLOWS) > 3


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_jobs_have_a_name_and_an_end(path: Path) -> None:
    assert all(job["name"] and 0 < job["timeout-minutes"] <= 120 for job in jobs(path).values())
    whole = yaml.safe_load(path.read_text())
    assert whole["concurrency"]["group"]
    assert "permissions" in whole


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_no_checkout_leaves_its_credential(path: Path) -> None:
    for job in jobs(path).values():
        for step in job["steps"]:
            if step.get("uses", "").startswith("actions/checkout@"):
                assert step["with"]["persist-credentials"] is False


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_actions_are_pinned_or_excused(path: Path) -> None:
    for uses, comment in _USES.findall(path.read_text()):
        if uses in MOVING:
            assert "zizmor: ignore[unpinned-uses]" in comment
        else:
            assert _HASH.search(f"{uses}{comment}"), uses


def test_new_versions_of_actions_wait_a_week() -> None:
    (update,) = yaml.safe_load((ROOT / ".github" / "dependabot.yml").read_text())["updates"]
    assert update["cooldown"]["default-days"] >= 7
