"""The forges of the demo: what must be said in two places is the same, and its repository is one."""

from pathlib import Path
import re

import yaml

from demo.servers.forge import gitea
from demo.servers.forge.homelab import files, repository

SCRIPT = Path(__file__).parent.parent.parent / "scripts" / "gitea"


def test_the_version_that_is_built_is_the_one_that_is_looked_for() -> None:
    assert re.findall(r"^version=(\S+)", SCRIPT.read_text(), re.MULTILINE) == [gitea.VERSION]


def test_what_is_listed_is_there_and_what_is_off_is_not_listed() -> None:
    found = files()
    listed = {
        f"{path.rpartition('/')[0]}/{entry.removeprefix('./')}"
        for path, text in found.items()
        if path.endswith("kustomization.yaml")
        for entry in yaml.safe_load(text)["resources"]
    }
    assert listed <= found.keys()
    assert {path for path in found if path.endswith("ks.yaml") and "/apps/" in path} <= listed
    off = {path for path in found if path.endswith("ks.dis")}
    assert {path.split("/")[3] for path in off} == {"ollama", "paperless-ai"}


def test_an_update_waits_in_it() -> None:
    made = repository()
    (update,) = made.pulls.values()
    assert made.differs(update.head, "main") == [
        ("changed", "kubernetes/apps/vault/vaultwarden/app/helmrelease.yaml")
    ]
