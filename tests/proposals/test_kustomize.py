"""Kustomize itself builds what a change leaves, in five layouts; skipped where it is missing."""

from pathlib import Path
import shutil
import subprocess

import pytest

from custom_components.homelab_ai.proposals.graph import Graph, build
from custom_components.homelab_ai.proposals.repository import Repository
from custom_components.homelab_ai.proposals.switching import disable, enable, suspend

from .corpus import Layout, repository

KUSTOMIZE = shutil.which("kustomize")
NEEDS = pytest.mark.skipif(
    KUSTOMIZE is None, reason="kustomize is not installed (Debian: apt install kustomize)"
)


def _builds(graph: Graph, folder: Path) -> dict[str, bool]:
    """Return whether each folder with a kustomization.yaml builds; Kustomize reads .yaml files only."""
    assert KUSTOMIZE is not None
    for path, text in graph.repository.files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text or "")
    return {
        listing: subprocess.run(
            [KUSTOMIZE, "build", folder / Path(listing).parent], capture_output=True, check=False
        ).returncode
        == 0
        for listing in sorted(graph.lists)
        if "/ai/" in listing
    }


@NEEDS
@pytest.mark.parametrize("layout", list(Layout))
@pytest.mark.parametrize("change", ["enable", "disable", "suspend"])
def test_builds_before_and_after(layout: Layout, change: str, tmp_path: Path) -> None:
    graph = build(
        Repository(repository(layout, ("ollama", "paperless-ai", "gatus") if change == "enable" else ()))
    )
    plan = {
        "enable": lambda: enable(graph, ["paperless-ai"]),
        "disable": lambda: disable(graph, ["librechat"]),
        "suspend": lambda: suspend(graph, "ollama"),
    }[change]()
    after = build(graph.repository.with_edits(list(plan.edits)))
    assert all(_builds(graph, tmp_path / "before").values())
    assert all(_builds(after, tmp_path / "after").values())
