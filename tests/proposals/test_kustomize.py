"""Kustomize itself builds what a change leaves, in five layouts; skipped where it is missing."""

import os
from pathlib import Path
import shutil
import subprocess

import pytest

from custom_components.homelab_ai.proposals.adding import add, manifest
from custom_components.homelab_ai.proposals.graph import Graph, build
from custom_components.homelab_ai.proposals.plan import Change
from custom_components.homelab_ai.proposals.repository import Repository
from custom_components.homelab_ai.proposals.switching import disable, enable, suspend
from custom_components.homelab_ai.proposals.wish import Surroundings, Wish, plan_of

from .corpus import Layout, repository

CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "homelab-ai" / "kustomize"
KUSTOMIZE = shutil.which("kustomize") or next(map(str, sorted(CACHE.glob("*/kustomize"))), None)
NEEDS = pytest.mark.skipif(
    KUSTOMIZE is None, reason="Kustomize is not here (Debian: apt install kustomize, else scripts/kustomize)"
)
MANIFEST = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: notes\n"


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
@pytest.mark.parametrize("change", ["enable", "disable", "suspend", "set", "add", "manifest"])
def test_builds_before_and_after(layout: Layout, change: str, tmp_path: Path) -> None:
    graph = build(
        Repository(repository(layout, ("ollama", "paperless-ai", "gatus") if change == "enable" else ()))
    )
    plan = {
        "enable": lambda: enable(graph, ["paperless-ai"]),
        "disable": lambda: disable(graph, ["librechat"]),
        "suspend": lambda: suspend(graph, "ollama"),
        "set": lambda: plan_of(graph, Wish(Change.SET, ("ollama",), "size", "20Gi"), Surroundings()),
        "add": lambda: add(graph, graph.named("ollama"), "scrape_config", {"port": "9123"}),
        "manifest": lambda: manifest(graph, graph.named("ollama"), "notes.yaml", MANIFEST),
    }[change]()
    after = build(graph.repository.with_edits(list(plan.edits)))
    before, now = _builds(graph, tmp_path / "before"), _builds(after, tmp_path / "after")
    assert len(before) >= 3
    assert all(before.values())
    assert len(now) >= 3
    assert all(now.values())
