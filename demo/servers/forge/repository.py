"""A repository in memory: blobs, trees, commits, branches, and what is asked to be merged."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
import hashlib
import json
from typing import Any

PLAIN, EXECUTABLE, LINK = "100644", "100755", "120000"

type Files = dict[str, tuple[str, str]]
"""The mode and the blob's SHA of each file, by path."""


class RefusedError(Exception):
    """What a repository does not let happen."""


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit with all its files."""

    sha: str
    tree: str
    message: str
    parents: tuple[str, ...]
    author: str


@dataclass(slots=True)
class PullRequest:
    """What somebody wants to be merged."""

    number: int
    title: str
    body: str
    head: str
    base: str
    author: str
    draft: bool = False
    state: str = "open"
    labels: list[str] = field(default_factory=list)
    fork: str | None = None
    head_sha: str = ""
    merged_by: str | None = None
    created_at: str = ""
    updated_at: str = ""
    merged_at: str | None = None
    reviews: list[dict[str, Any]] = field(default_factory=list)
    diff: str = ""


class Repository:
    """One repository of a simulated forge."""

    def __init__(self, name: str, files: Mapping[str, str] | None = None, *, private: bool = True) -> None:
        """Begin it with one commit on `main`."""
        self.name = name
        self.private = private
        self.archived = False
        self.protected: set[str] = set()
        self.blobs: dict[str, bytes] = {}
        self.trees: dict[str, Files] = {}
        self.commits: dict[str, Commit] = {}
        self.branches: dict[str, str] = {}
        self.pulls: dict[int, PullRequest] = {}
        self.checks: dict[str, list[dict[str, Any]]] = {}
        """What checks say of a commit, each in the words of its forge, by the commit's SHA."""
        self.statuses: dict[str, list[dict[str, Any]]] = {}
        self.rules: list[dict[str, Any]] = []
        """What its base branch demands, in the words of its forge."""
        self.paid = False
        """Whether its owner pays for what private repositories lack else."""
        self.most_entries = 100_000
        """Entries of a tree before it is cut."""
        self.log: list[str] = []
        """What has been written, in short."""
        contents = {
            path: (PLAIN, self.blob(content)) for path, content in (files or {"README.md": "#\n"}).items()
        }
        self.branches["main"] = self.commit(self.tree(contents), "Begin", (), "homelab").sha

    def blob(self, content: str | bytes) -> str:
        """Keep a content, and return its SHA as Git counts it."""
        data = content.encode() if isinstance(content, str) else content
        sha = hashlib.sha1(b"blob %d\0%b" % (len(data), data), usedforsecurity=False).hexdigest()
        self.blobs[sha] = data
        return sha

    def tree(self, files: Files) -> str:
        """Keep a tree, and return its SHA (which is not the one that Git would count)."""
        for path in files:
            if any(other.startswith(f"{path}/") for other in files):
                raise RefusedError(f"{path} is a file and a folder")
        sha = _sha("tree", sorted(files.items()))
        self.trees[sha] = dict(files)
        return sha

    def commit(self, tree: str, message: str, parents: Iterable[str], author: str) -> Commit:
        """Keep a commit."""
        parents = tuple(parents)
        if tree not in self.trees or any(parent not in self.commits for parent in parents):
            raise RefusedError("no such object")
        made = Commit(
            _sha("commit", [tree, message, parents, author, len(self.commits)]),
            tree,
            message,
            parents,
            author,
        )
        self.commits[made.sha] = made
        return made

    def files(self, reference: str) -> Files | None:
        """Return the files of a branch, a commit or a tree, None where there is no such thing."""
        sha = self.branches.get(reference, reference)
        if sha in self.commits:
            sha = self.commits[sha].tree
        return self.trees.get(sha)

    def change(
        self, files: Mapping[str, str | None], *, branch: str = "main", author: str = "homelab"
    ) -> str:
        """Commit as a person does; None deletes. Return the commit's SHA."""
        before = self.branches[branch]
        contents = dict(self.trees[self.commits[before].tree])
        for path, content in files.items():
            if content is None:
                del contents[path]
            else:
                contents[path] = (PLAIN, self.blob(content))
        made = self.commit(self.tree(contents), "Change files", (before,), author)
        self.branches[branch] = made.sha
        return made.sha

    def open(
        self, title: str, head: str, *, base: str = "main", author: str = "renovate[bot]", **more: Any
    ) -> PullRequest:
        """Open a pull request as anybody does; its branch is made where it is not there."""
        if head not in self.branches:
            self.branches[head] = self.branches[base]
            self.change({f"changes/{head.replace('/', '-')}.yaml": "a: 1\n"}, branch=head, author=author)
        now = moment()
        made = PullRequest(
            **{
                "number": max(self.pulls, default=0) + 1,
                "title": title,
                "body": "",
                "head": head,
                "base": base,
                "author": author,
                "head_sha": self.branches[head],
                "created_at": now,
                "updated_at": now,
                **more,
            }
        )
        self.pulls[made.number] = made
        return made

    def merge(self, number: int, person: str = "homelab") -> None:
        """Merge as a person does."""
        pull = self.pulls[number]
        self.branches[pull.base] = pull.head_sha
        pull.state, pull.merged_by, pull.merged_at = "merged", person, moment()
        pull.updated_at = pull.merged_at

    def close(self, number: int) -> None:
        """Close without merging."""
        self.pulls[number].state = "closed"
        self.pulls[number].updated_at = moment()

    def delete(self, branch: str) -> None:
        """Delete a branch; open requests to merge it are closed."""
        del self.branches[branch]
        for pull in self.pulls.values():
            if pull.head == branch and pull.state == "open" and pull.fork is None:
                self.close(pull.number)

    def differs(self, head: str, base: str) -> list[tuple[str, str]]:
        """Return what differs between two branches, as status and path."""
        before, after = self.files(base) or {}, self.files(head) or {}
        paths = sorted(before.keys() | after.keys())
        return [
            ("added" if path not in before else "deleted" if path not in after else "changed", path)
            for path in paths
            if before.get(path) != after.get(path)
        ]


def moment() -> str:
    """Return the moment as forges write it."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _sha(kind: str, content: Any) -> str:
    return hashlib.sha1(json.dumps([kind, content]).encode(), usedforsecurity=False).hexdigest()
