"""Every request that changes something on a forge, so that none is added unseen: none merges or approves."""

import ast
from collections.abc import Iterator
from pathlib import Path

from custom_components.homelab_ai.api import forge

FOLDER = Path(forge.__file__).parent
PACKAGE = FOLDER.parent.parent

WRITES = {
    ("gitea", "_commit", "POST", "{self._repo}/contents"),
    ("gitea", "_open", "POST", "{self._repo}/pulls"),
    ("gitea", "_close", "PATCH", "{self._pull(number)}"),
    ("gitea", "_delete_branch", "DELETE", "{self._branch(name)}"),
    ("gitea", "rights", "POST", "{self._repo}/pulls"),
    ("github", "_made", "POST", "{path}"),
    ("github", "_commit", "POST", "{self._repo}/git/refs"),
    ("github", "_open_as", "POST", "{self._repo}/pulls"),
    ("github", "_label", "POST", "{self._repo}/issues/{number}/labels"),
    ("github", "_close", "PATCH", "{self._pull(number)}"),
    ("github", "_delete_branch", "DELETE", "{self._repo}/git/refs/heads/{below(name)}"),
    ("github", "rights", "POST", "{self._repo}/pulls"),
    ("gitlab", "_commit", "POST", "{self._repo}/repository/commits"),
    ("gitlab", "_open", "POST", "{self._repo}/merge_requests"),
    ("gitlab", "_close", "PUT", "{self._pull(number)}"),
    ("gitlab", "_delete_branch", "DELETE", "{self._branch(name)}"),
}
"""Module, function, method and path. Those of `rights` are empty: `Api.probe` sends nothing else."""
BODIES = {("_close", "{'state': 'closed'}"), ("_close", "{'state_event': 'close'}")}
MADE = {"{self._repo}/git/trees", "{self._repo}/git/commits"}
FORBIDDEN = (
    "merge_when",
    '/merge"',
    "/approve",
    '/approvals", {',
    "mergePullRequest",
    "auto_merge",
    "dispatches",
)


def _functions(path: Path) -> Iterator[tuple[str, ast.AST]]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node.name, node


def _calls(function: ast.AST, *names: str) -> Iterator[ast.Call]:
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in names:
            yield node


def _template(node: ast.expr) -> str:
    if isinstance(node, ast.JoinedStr):
        return ast.unparse(node)[2:-1]
    return f"{{{ast.unparse(node)}}}"


def _writes() -> Iterator[tuple[str, str, str, str]]:
    for path in sorted(FOLDER.glob("*.py")):
        for name, function in _functions(path):
            for call in _calls(function, "write", "probe"):
                method, target = call.args[:2]
                assert isinstance(method, ast.Constant), "a method that nobody can read here"
                yield path.stem, name, str(method.value), _template(target)


def test_every_writing_request_is_known() -> None:
    assert set(_writes()) == WRITES


def test_what_closing_sends() -> None:
    sent = {
        (name, ast.unparse(call.args[2]))
        for path in FOLDER.glob("*.py")
        for name, function in _functions(path)
        if name == "_close"
        for call in _calls(function, "write")
    }
    assert sent == BODIES


def test_what_is_made_of_a_commit_on_github() -> None:
    made = {
        _template(call.args[0])
        for _, function in _functions(FOLDER / "github.py")
        for call in _calls(function, "_made")
    }
    assert made == MADE


def test_only_one_module_sends_requests() -> None:
    """Nothing goes around the table above: only `asking` and `address` fetch, and the latter only reads."""
    senders = {
        path.stem: {
            ast.unparse(node.args[2])
            for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "fetch"
        }
        for path in FOLDER.glob("*.py")
    }
    assert {name: methods for name, methods in senders.items() if methods} == {
        "asking": {"'GET'", "method"},
        "address": {"'GET'"},
    }


def test_nobody_else_writes_to_a_forge() -> None:
    """The rest of the package has the methods of `Forge`; the private ones are not for it."""
    for path in PACKAGE.rglob("*.py"):
        if FOLDER in path.parents:
            continue
        text = path.read_text()
        assert "forge.asking" not in text, path
        assert not [name for name in ("GiteaForge", "GitHubForge", "GitLabForge") if name in text], path


def test_no_word_of_merging_in_a_request() -> None:
    for name in ("asking", "rest", "gitea", "github", "gitlab", "address"):
        path = FOLDER / f"{name}.py"
        text = path.read_text()
        assert not [word for word in FORBIDDEN if word in text], path
