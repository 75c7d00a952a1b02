"""The repository of the simulated homelab: what Flux delivers, two apps that are off, a waiting update."""

from collections.abc import Iterator
from textwrap import dedent

from ..kubernetes.homelab import APPS, App
from .gitea import Gitea
from .repository import Repository

NAME = "homelab/apps"
PATHS = ["kubernetes/apps"]
BOT = "ha-bot"
_DISABLED = (
    App("ollama", "ai", "ollama/ollama:0.13.0"),
    App("paperless-ai", "documents", "clusterzx/paperless-ai:3.0.9"),
)
"""Their manifests are there, but nothing delivers them."""
_NEEDS = {"paperless-ai": ("ollama", "ai")}
_UPDATED = "kubernetes/apps/vault/vaultwarden/app/helmrelease.yaml"
_CLUSTER = """\
    ---
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata:
      name: cluster-apps
      namespace: flux-system
    spec:
      interval: 1h
      path: ./kubernetes/apps
      prune: true
      sourceRef:
        kind: GitRepository
        name: flux-system
"""
_KS = """\
    ---
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata:
      name: {name}
      namespace: {namespace}
    spec:
    {needs}  interval: 1h
      path: ./kubernetes/apps/{namespace}/{name}/app
      prune: true
      sourceRef:
        kind: GitRepository
        name: flux-system
        namespace: flux-system
      targetNamespace: {namespace}
"""
_RELEASE = """\
    ---
    apiVersion: helm.toolkit.fluxcd.io/v2
    kind: HelmRelease
    metadata:
      name: {name}
    spec:
      interval: 1h
      chartRef:
        kind: OCIRepository
        name: app-template
      values:
        controllers:
          {name}:
            containers:
              app:
                image:
                  repository: {repository}
                  tag: {tag}
"""


def files() -> dict[str, str]:
    """Return the files by path."""
    found = {"README.md": "# Homelab\n", "kubernetes/flux/cluster/ks.yaml": dedent(_CLUSTER)}
    disabled = {app.name for app in _DISABLED}
    apps = [app for app in APPS if app.deployed_by == "flux" and app.name not in disabled]
    for app in (*apps, *_DISABLED):
        found |= dict(_app(app, "ks.dis" if app.name in disabled else "ks.yaml"))
    for namespace in sorted({app.namespace for app in (*apps, *_DISABLED)}):
        listed = "".join(f"  - ./{app.name}/ks.yaml\n" for app in apps if app.namespace == namespace)
        found[f"kubernetes/apps/{namespace}/kustomization.yaml"] = (
            "---\napiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n"
            f"namespace: {namespace}\nresources:\n{listed or '  []\n'}"
        )
    return found


def _app(app: App, ks: str) -> Iterator[tuple[str, str]]:
    folder = f"kubernetes/apps/{app.namespace}/{app.name}"
    needs = _NEEDS.get(app.name)
    depends = f"  dependsOn:\n    - name: {needs[0]}\n      namespace: {needs[1]}\n" if needs else ""
    repository, _, tag = app.image.rpartition(":")
    yield f"{folder}/{ks}", dedent(_KS).format(name=app.name, namespace=app.namespace, needs=depends)
    yield (
        f"{folder}/app/helmrelease.yaml",
        dedent(_RELEASE).format(name=app.name, repository=repository, tag=tag),
    )
    yield (
        f"{folder}/app/kustomization.yaml",
        (
            "---\napiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n"
            "resources:\n  - ./helmrelease.yaml\n"
        ),
    )


def updated() -> dict[str, str]:
    """Return the file that the waiting update changes, as it would be then."""
    return {_UPDATED: files()[_UPDATED].replace("1.34.3", "1.34.4")}


UPDATE = ("Update vaultwarden ( 1.34.3 → 1.34.4 )", "renovate/vaultwarden-1.x")
"""Title and branch of the update."""


def fill(gitea: Gitea) -> str:
    """Make the repository in a real Gitea, where a bot cannot merge; return the bot's token. Blocks."""
    _, _, name = NAME.partition("/")
    gitea.add_repository(name, files())
    gitea.add_user(BOT)
    gitea.add_collaborator(NAME, BOT, "write")
    title, branch = UPDATE
    gitea.done("POST", f"/repos/{NAME}/branches", {"new_branch_name": branch})
    changes = {path: ("update", content) for path, content in updated().items()}
    sha = gitea.change(NAME, changes, branch=branch)
    gitea.done("POST", f"/repos/{NAME}/pulls", {"head": branch, "base": "main", "title": title})
    gitea.done("POST", f"/repos/{NAME}/statuses/{sha}", {"context": "flate", "state": "success"})
    rule = {"rule_name": "main", "required_approvals": 1, "enable_push": False}
    gitea.done("POST", f"/repos/{NAME}/branch_protections", rule)
    return gitea.token(BOT, "write:repository", "read:issue")


def repository() -> Repository:
    """Return it for a simulated forge."""
    made = Repository(NAME, files())
    title, branch = UPDATE
    made.branches[branch] = made.branches["main"]
    made.change(dict(updated()), branch=branch, author="renovate[bot]")
    opened = made.open(title, branch)
    made.checks[opened.head_sha] = [{"name": "flate", "status": "completed", "conclusion": "success"}]
    made.rules = [{"type": "pull_request", "parameters": {"required_approving_review_count": 1}}]
    return made
