"""What every forge can do for us: no merge, no approval, and no commit to a branch that is not ours."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
import re
from typing import final

from ..answers import Text, text
from ..errors import ApiConflictError, ApiForbiddenError
from .change import Change, check_changes
from .prose import plain_title, unarmed
from .pull_request import (
    BRANCHES,
    Branch,
    ChangedFile,
    Proposal,
    PullRequest,
    Repository,
    Rights,
    Tree,
    Verdict,
)

MAX_BODY = 60_000
"""Characters of the body of a pull request; GitHub takes 65,536."""
MAX_DIFF = 64 * 1024
"""Characters of a diff."""
MAX_OPEN = 200
"""Pull requests that are listed at once."""

_BRANCH = re.compile(rf"{re.escape(BRANCHES)}[a-z0-9](?:[a-z0-9]|-(?!-)){{0,98}}[a-z0-9]")
_ID = re.compile(r"[0-9a-f]{8,40}")
_MARK = re.compile(r"<!-- homelab_ai:([0-9a-f]{8,40}) -->")


class Forge(ABC):
    """One repository on a forge.

    Every method raises ApiError: ApiAuthenticationError where the token is not accepted or may not read,
    ApiForbiddenError where it may not write, ApiNotFoundError where there is no such thing or the token does
    not see it (forges do not tell these apart), ApiMovedError where the repository was renamed,
    ApiConflictError where the branch that a change begins from has moved, ApiBusyError where it is to be
    asked later. Commits are named by their whole SHA.
    """

    @abstractmethod
    async def repository(self) -> Repository:
        """Return what the repository is."""

    @abstractmethod
    async def rights(self, base: str) -> Rights:
        """Return what the token may do, with regard to the base branch. Changes nothing."""

    @abstractmethod
    async def branch(self, name: str) -> Branch | None:
        """Return a branch, None where there is none of that name."""

    @abstractmethod
    async def tree(self, commit: str, under: Iterable[str] = ("",)) -> Tree:
        """Return the files of a commit below some folders; "" is all of it."""

    @abstractmethod
    async def read(self, path: str, commit: str) -> bytes:
        """Return a file as it is in a commit, at most `MAX_FILE` bytes of it: what is larger is an error."""

    @abstractmethod
    async def pull_requests(self) -> tuple[PullRequest, ...]:
        """Return the open pull requests, at most `MAX_OPEN` of them, those that changed last first."""

    @abstractmethod
    async def pull_request(self, number: int) -> PullRequest:
        """Return a pull request, whatever has become of it."""

    @abstractmethod
    async def of_branch(self, head: str, base: str) -> PullRequest | None:
        """Return the open pull request from a branch of the repository itself, None where there is none."""

    @abstractmethod
    async def verdict(self, pull_request: PullRequest) -> Verdict:
        """Return what checks and people say of a pull request."""

    @abstractmethod
    async def changed_files(self, number: int) -> tuple[ChangedFile, ...]:
        """Return the files that a pull request changes, at most 300."""

    @abstractmethod
    async def diff(self, number: int) -> Text:
        """Return the unified diff of a pull request, its first `MAX_DIFF` characters."""

    @final
    async def commit(
        self,
        branch: str,
        base: Branch,
        message: str,
        changes: Sequence[Change],
        allowed: Iterable[str],
    ) -> Text:
        """Make a new branch of ours with one commit on top of `base`, and return the commit's SHA.

        Either both are there afterwards or none. Raises ApiConflictError where the base has moved, a file is
        not as it was, or there is a branch of that name; ValueError (PathError) for what no proposal may do.
        """
        check_branch(branch, base.name)
        check_changes(changes, allowed)
        if await self.branch(branch) is not None:
            raise ApiConflictError(f"there is a branch {branch} already")
        now = await self.branch(base.name)
        if now is None or now.sha != base.sha:
            raise ApiConflictError(f"{base.name} has moved")
        return await self._commit(branch, base, commit_message(message), changes)

    @final
    async def open_draft(self, proposal: Proposal) -> PullRequest:
        """Open a draft pull request of a branch of ours, or return the one that is open already.

        Neither its title nor its body calls anybody, closes anything or commands the forge, whatever they
        say. Where the forge has no drafts for this repository, the title says that it is one.
        """
        check_branch(proposal.head, proposal.base)
        if not _ID.fullmatch(proposal.id):
            raise ValueError("no id of a proposal")
        if (existing := await self.of_branch(proposal.head, proposal.base)) is not None:
            return existing
        said = unarmed(_MARK.sub("", proposal.body[:MAX_BODY]))[:MAX_BODY]
        body = f"{said}\n\n<!-- homelab_ai:{proposal.id} -->\n"
        return await self._open(proposal, plain_title(proposal.title), body)

    @final
    async def withdraw(self, number: int) -> PullRequest:
        """Close a pull request of ours and delete its branch; return it as it is then.

        One that is closed or merged stays as it is. Raises ApiForbiddenError for those of others.
        """
        pull_request = await self.pull_request(number)
        if not pull_request.ours:
            raise ApiForbiddenError(f"pull request {number} is not ours")
        if pull_request.state == "open":
            await self._close(number)
        await self.delete_branch(pull_request.head)
        return await self.pull_request(number)

    @final
    async def delete_branch(self, name: str) -> None:
        """Delete a branch of ours; that it is not there is no error. Some forges close its draft then."""
        check_branch(name, "")
        await self._delete_branch(name)

    @abstractmethod
    async def _commit(self, branch: str, base: Branch, message: str, changes: Sequence[Change]) -> Text:
        """Do what `commit` says; everything is checked."""

    @abstractmethod
    async def _open(self, proposal: Proposal, title: str, body: str) -> PullRequest:
        """Open a draft with this title and body."""

    @abstractmethod
    async def _close(self, number: int) -> None:
        """Close a pull request without merging it."""

    @abstractmethod
    async def _delete_branch(self, name: str) -> None:
        """Delete a branch; that it is not there is no error."""


def check_branch(name: str, base: str) -> None:
    """Raise ValueError unless a branch is one of ours, and not the one that a change is to go into."""
    if not _BRANCH.fullmatch(name):
        raise ValueError(f"{name!r} is no branch of ours")
    if name == base or base.startswith(BRANCHES):
        raise ValueError(f"{base!r} is no branch to propose a change to")


def commit_message(message: str) -> str:
    """Return a message that calls nobody and closes nothing: its first line, and the rest as text."""
    first, _, rest = message.strip().partition("\n")
    body = "\n".join(plain_title(row, 500) for row in rest.splitlines()).strip()
    return f"{plain_title(first)}\n\n{body}\n" if body else f"{plain_title(first)}\n"


def proposal_in(body: object, head: str, *, from_fork: bool) -> Text | None:
    """Return the id of the proposal that a pull request is, None where it is not ours.

    Ours come from a branch of ours in the repository itself, and carry our mark: whoever could imitate both
    may write to the repository anyway.
    """
    if from_fork or not _BRANCH.fullmatch(head) or not isinstance(body, str):
        return None
    marks = _MARK.findall(body[-500:])
    return text(marks[-1]) if marks else None
