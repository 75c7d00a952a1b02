"""What all forges say of a repository and its pull requests, in one form."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from ..answers import Line, Moment, Text, Whole

BRANCHES = "homelab-ai/"
"""What the names of our branches begin with; we never write to another."""


class ForgeKind(StrEnum):
    """Whose interface a forge has."""

    GITEA = "gitea"
    FORGEJO = "forgejo"
    GITHUB = "github"
    GITLAB = "gitlab"


class State(StrEnum):
    """What has become of a pull request; what was closed without being merged was rejected."""

    OPEN = "open"
    MERGED = "merged"
    CLOSED = "closed"


class Checks(StrEnum):
    """What the checks of a pull request say together: the worst of them."""

    NONE = "none"
    """Nobody checks it. That is not the same as checks that have not begun."""
    PENDING = "pending"
    OK = "ok"
    FAILED = "failed"
    UNKNOWN = "unknown"
    """The token may not see them."""


class Review(StrEnum):
    """What people say of a pull request."""

    NONE = "none"
    APPROVED = "approved"
    CHANGES = "changes"
    """Somebody wants it to be changed."""


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository, as the token sees it. `name` is its path on the forge, "owner/name"."""

    kind: ForgeKind
    name: Line
    url: Text
    """Its page."""
    default_branch: Text
    archived: bool = False
    empty: bool = False
    version: Line | None = None
    """Of the forge, None where it does not say."""


@dataclass(frozen=True, slots=True)
class Rights:
    """What the token may do; None is what the forge does not say."""

    may_write: bool | None
    """Whether it may make branches and pull requests."""
    may_merge: bool | None
    """Whether nothing on the forge keeps it from merging into the base branch alone; we never do."""
    expires: Moment | None = None


@dataclass(frozen=True, slots=True)
class Branch:
    """A branch and its newest commit; `sha` is that commit's, `message` says what it does."""

    name: Text
    sha: Text
    message: Text


@dataclass(frozen=True, slots=True)
class File:
    """A file of a tree; `sha` is its blob's. Links and submodules are no files."""

    sha: Text
    size: Whole | None = None
    executable: bool = False


@dataclass(frozen=True, slots=True)
class Tree:
    """The files of a commit by path. Where it is not `complete` there are more than could be read."""

    commit: Text
    files: Mapping[Text, File]
    complete: bool


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is to be opened as a draft: `head` is our branch, `body` is Markdown.

    `id` is 8 to 40 hexadecimal digits; the forge keeps it in a comment that nobody sees.
    """

    id: str
    head: str
    base: str
    title: str
    body: str
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PullRequest:
    """A pull request (a merge request on GitLab). Titles, bodies and names are foreign text."""

    number: Whole
    title: Line
    url: Text
    state: State
    draft: bool
    author: Line
    head: Text
    """The branch that would be merged, without the fork's name."""
    base: Text
    head_sha: Text
    labels: tuple[Line, ...] = ()
    body: Text = field(default=Text(""), repr=False)
    created_at: Moment | None = None
    updated_at: Moment | None = None
    merged_at: Moment | None = None
    merged_by: Line | None = None
    from_fork: bool = False
    proposal: Text | None = None
    """The id of our proposal that this is, None for those of others; see `Forge.open_draft`."""

    @property
    def ours(self) -> bool:
        """Return whether we opened it."""
        return self.proposal is not None

    def leads(self, head: str, base: str) -> bool:
        """Return whether it would merge a branch of the repository itself into another."""
        return (self.head, self.base, self.from_fork) == (head, base, False)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What checks and people say of a pull request; `failing` are the names of the checks that fail."""

    checks: Checks
    review: Review = Review.NONE
    failing: tuple[Line, ...] = ()


def together(checks: Collection[Checks]) -> Checks:
    """Return what several checks say together. None at all is not the same as one that has not begun."""
    return next(
        (other for other in (Checks.FAILED, Checks.PENDING, Checks.OK) if other in checks), Checks.NONE
    )


class FileState(StrEnum):
    """What happens to a file."""

    ADDED = "added"
    CHANGED = "changed"
    RENAMED = "renamed"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class ChangedFile:
    """A file that a pull request changes; `before` is its path where it is renamed."""

    path: Text
    status: FileState
    before: Text | None = None
    additions: Whole | None = None
    deletions: Whole | None = None
