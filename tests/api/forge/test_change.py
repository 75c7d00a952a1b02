"""Which paths a proposal may touch."""

import pytest

from custom_components.homelab_ai.api.forge.change import (
    MAX_FILE,
    MAX_FILES,
    Change,
    Create,
    Delete,
    PathError,
    Update,
    check_changes,
    check_path,
)

ALLOWED = ("kubernetes/apps", "/terraform/", "renovate.json5")


@pytest.mark.parametrize(
    "path",
    [
        "kubernetes/apps/ai/ollama/ks.yaml",
        "kubernetes/apps/kustomization.yaml",
        "terraform/main.tf",
        "renovate.json5",
        "kubernetes/apps/ai/größe (1).yaml",
        "kubernetes/apps/.hidden/x.yaml",
    ],
)
def test_a_path_that_may_be_changed(path: str) -> None:
    check_path(path, ALLOWED)
    check_path(path, ("",))


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/kubernetes/apps/x.yaml",
        "kubernetes/apps//x.yaml",
        "kubernetes/apps/../flux/x.yaml",
        "kubernetes/apps/./x.yaml",
        "kubernetes/apps/x.yaml/",
        "kubernetes/apps/..",
        "kubernetes\\apps\\x.yaml",
        "kubernetes/apps/x\n.yaml",
        "kubernetes/apps/x\x00.yaml",
        "kubernetes/apps/x\u202e.yaml",
        "kubernetes/apps/ x.yaml",
        "kubernetes/apps/*.yaml",
        "kubernetes/apps/.git/config",
        "kubernetes/apps/.GIT/config",
        "kubernetes/apps/.git. /config",
        "kubernetes/apps/git~1/config",
        "kubernetes/apps/.gitmodules",
        "kubernetes/apps/.gitattributes",
        ".github/workflows/test.yaml",
        ".gitea/workflows/test.yaml",
        ".forgejo/workflows/test.yaml",
        ".gitlab-ci.yml",
        "kubernetes/apps/.gitlab-ci.yml",
        ".woodpecker.yml",
        ".woodpecker/test.yml",
        ".drone.yml",
        ".circleci/config.yml",
        "kubernetes/apps/Jenkinsfile",
        "kubernetes/apps/ai/secret.sops.yaml",
        "kubernetes/apps/ai/secret.SOPS.yml",
        ".sops.yaml",
        "kubernetes/apps/age.key",
        "kubernetes/apps/tls.pem",
        "kubernetes/apps/kubeconfig",
        "kubernetes/apps/.env",
        "kubernetes/apps/.env.local",
        "kubernetes/apps/id_ed25519",
        "kubernetes/apps/secret.enc.yaml",
        "kubernetes/apps/.travis.yml",
        "kubernetes/apps/azure-pipelines.yml",
        "kubernetes/apps/.tekton/run.yaml",
        "kubernetes/apps/CODEOWNERS",
        "kubernetes/apps/.mergify.yml",
        "kubernetes/apps/../../../etc/x.yaml",
        "kubernetes/apps/\uff0e\uff0e\u2215x.yaml",
    ],
)
def test_a_path_that_no_proposal_touches(path: str) -> None:
    with pytest.raises(PathError):
        check_path(path, ("", "kubernetes/apps"))


@pytest.mark.parametrize(
    "path", ["kubernetes/flux/x.yaml", "kubernetes/apps-old/x.yaml", "Kubernetes/apps/x.yaml", "x.yaml"]
)
def test_a_path_outside_of_those_that_are_allowed(path: str) -> None:
    check_path(path, ("",))
    with pytest.raises(PathError, match="outside"):
        check_path(path, ALLOWED)
    with pytest.raises(PathError, match="outside"):
        check_path(path, ())


def test_rename_is_two_changes() -> None:
    check_changes([Delete("apps/ks.dis", "a"), Create("apps/ks.yaml", "x")], ["apps"])


@pytest.mark.parametrize(
    "changes",
    [
        [],
        [Create(f"apps/{number}.yaml", "") for number in range(MAX_FILES + 1)],
        [Create("apps/a.yaml", ""), Update("apps/A.yaml", "", "sha")],
        [Create("apps/a.yaml", "ü" * (MAX_FILE // 2 + 1))],
        [Create("apps/a.yaml", ""), Delete(".github/workflows/test.yaml", "sha")],
    ],
)
def test_changes_that_no_proposal_has(changes: list[Change]) -> None:
    with pytest.raises(PathError):
        check_changes(changes, ["apps", ""])
