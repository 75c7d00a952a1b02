"""What the clients can do at all: nothing is applied or deleted in a cluster, merged or approved."""

import ast
from collections.abc import Collection, Iterator
from pathlib import Path

import pytest

API = Path(__file__).parents[2] / "custom_components" / "homelab_ai" / "api"

VERBS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"}
# Every client that does more than read, with all that it may send. Of these only the model commands of the
# hub and the silence of an alert change anything, and no model can ask for them: they are actions for people.
# A forge gets a branch of ours, a commit on it and a draft: tests/api/forge/test_writes.py lists them.
WRITES = {
    "alertmanager": {"POST"},
    "ollama": {"POST"},  # asks what a model can do; all else are the package's own verbs, see PACKAGE
    # Two requests of a cluster, each with a right of its own: the annotation that lets Flux or Argo CD look
    # at Git, for administrators, and a dry run.
    "kubernetes.requests": {"PATCH"},
    "forge.gitea": {"POST", "PATCH", "DELETE"},
    "forge.github": {"POST", "PATCH", "DELETE"},
    "forge.gitlab": {"POST", "PUT", "DELETE"},
}
READERS = {"GET", "HEAD"}
# Of the `ollama` package.
PACKAGE = {"chat", "generate", "list", "ps", "show", "pull", "copy", "delete", "embed", "close"}
FORBIDDEN = frozenset(
    (
        "apply",
        "approve",
        "commit",
        "cordon",
        "create",
        "delete",
        "drain",
        "evict",
        "exec",
        "execute",
        "merge",
        "patch",
        "push",
        "put",
        "reconcile",
        "remove",
        "replace",
        "restart",
        "rollback",
        "scale",
        "suspend",
        "sync",
        "update",
        "write",
    )
)
# Of a model on the hub, by a person.
HUB_COMMANDS = {"delete"}
# On a branch of ours: nothing merges, approves, pushes or updates.
PROPOSING = {"commit", "delete", "write"}


def _trees() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(API.rglob("*.py")):
        yield ".".join(path.relative_to(API).with_suffix("").parts), ast.parse(path.read_text())


def verbs(tree: ast.AST) -> set[str]:
    """Return the HTTP verbs that a module can send: as arguments, and as methods of a session."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and node.value in VERBS:
            found.add(str(node.value))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            target = ast.unparse(node.func.value)
            if target.endswith("session") and node.func.attr.upper() in VERBS:
                found.add(node.func.attr.upper())
    return found


def changing(tree: ast.AST, allowed: Collection[str] = ()) -> list[str]:
    """Return the names of a module's functions that say that something is changed."""
    functions = (one for one in ast.walk(tree) if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef))
    return [one.name for one in functions if FORBIDDEN.difference(allowed) & set(one.name.split("_"))]


@pytest.mark.parametrize(("name", "tree"), [pytest.param(*one, id=one[0]) for one in _trees()])
def test_verbs(name: str, tree: ast.Module) -> None:
    assert verbs(tree) <= READERS | WRITES.get(name, set())


@pytest.mark.parametrize(("name", "tree"), [pytest.param(*one, id=one[0]) for one in _trees()])
def test_no_client_can_change_more(name: str, tree: ast.Module) -> None:
    allowed = PROPOSING if name.startswith("forge.") else HUB_COMMANDS if name == "ollama" else ()
    assert changing(tree, allowed) == []


def test_kubernetes_only_gets() -> None:
    trees = [
        tree for name, tree in _trees() if name.startswith("kubernetes.") and name != "kubernetes.requests"
    ]
    assert set().union(*(verbs(tree) for tree in trees)) == {"GET"}
    assert len(trees) >= 3


def test_what_is_asked_of_a_cluster() -> None:
    """The annotation of a controller, and a dry run: no other body is sent, and one module sends them."""
    trees = dict(_trees())
    functions = {
        one.name: ast.unparse(one)
        for one in ast.walk(trees["kubernetes.requests"])
        if isinstance(one, ast.AsyncFunctionDef)
    }
    assert set(functions) == {"look_now", "dry_run"}
    assert "{'metadata': {'annotations': annotation}}, _MERGE)" in functions["look_now"]
    assert "'dryRun': 'All'" in functions["dry_run"]
    senders = [
        name
        for name, tree in trees.items()
        if name.startswith("kubernetes.") and "client.send(" in ast.unparse(tree)
    ]
    assert senders == ["kubernetes.requests"]


def test_package_of_the_hub() -> None:
    (tree,) = (tree for name, tree in _trees() if name == "ollama")
    called = {
        node.func.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and ast.unparse(node.func.value) == "self._client"
    }
    assert called <= PACKAGE
    assert {"chat", "pull"} <= called


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("fetch(session, connection, 'DELETE', path)", {"DELETE"}),
        ("self._session.patch(url)", {"PATCH"}),
        ("session.get(url)", {"GET"}),
        ("found.get('x')", set()),
    ],
)
def test_verbs_are_found(source: str, found: set[str]) -> None:
    assert verbs(ast.parse(source)) == found


def test_changes_are_found() -> None:
    tree = ast.parse("async def apply(): ...\ndef merge_request(): ...\ndef supply(): ...")
    assert changing(tree) == ["apply", "merge_request"]
    assert changing(tree, {"apply"}) == ["merge_request"]
