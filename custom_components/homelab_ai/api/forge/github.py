"""GitHub, API version 2022-11-28: github.com, and an enterprise's own server."""

from collections.abc import Callable, Iterable, Sequence

import aiohttp

from ..answers import (
    Json,
    Line,
    Moment,
    Text,
    line,
    object_in,
    objects,
    objects_in,
    text,
    time,
    when_object,
    whole,
)
from ..errors import (
    ApiAuthenticationError,
    ApiConflictError,
    ApiForbiddenError,
    ApiNotFoundError,
)
from ..http import Answer, Connection
from .asking import Api, below, raise_unless_a_sha, repository_name, segment
from .change import Change, Delete, Update
from .pull_request import (
    Branch,
    Checks,
    File,
    FileState,
    ForgeKind,
    Proposal,
    PullRequest,
    Repository,
    Review,
    Rights,
    Tree,
    Verdict,
    together,
)
from .reading import EXECUTABLE, MAX_NAME, files_in, pull_request
from .rest import RestForge, repository_path

PUBLIC = "https://github.com"
PUBLIC_API = "https://api.github.com"
_HEADERS = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"}
_GOOD = ("success", "neutral", "skipped")
_EXPIRES = "github-authentication-token-expiration"
_REFUSED = (ApiAuthenticationError, ApiForbiddenError, ApiNotFoundError)


type _Checks = tuple[tuple[Line, Checks], ...]
"""Each check's name, and what it says."""


class GitHubForge(RestForge):
    """A repository on a GitHub; `root` is the address of the forge, not of its API."""

    opened = "state=open&sort=updated&direction=desc"
    raw = "application/vnd.github.raw+json"
    diffs = "application/vnd.github.diff"
    states = {"added": FileState.ADDED, "removed": FileState.DELETED, "renamed": FileState.RENAMED}

    def __init__(self, session: aiohttp.ClientSession, connection: Connection, root: str, name: str) -> None:
        url = PUBLIC_API if root == PUBLIC else f"{root}/api/v3"
        api = Api(session, Connection(url, connection.headers, connection.tls), _HEADERS)
        super().__init__(api, repository_path(name))
        self._owner = name.partition("/")[0]

    def _file(self, path: str, commit: str) -> str:
        return f"{self._repo}/contents/{below(path)}?ref={commit}"

    def _between(self, head: str, base: str) -> str:
        # Without the owner's name the filter is ignored, and all pull requests are listed.
        return f"state=open&head={segment(f'{self._owner}:{head}')}&base={segment(base)}"

    @staticmethod
    def read_pull_request(told: Json) -> PullRequest:
        head, base = object_in(told, "head"), object_in(told, "base")
        return pull_request(
            told,
            text(head.get("ref"), MAX_NAME),
            # The repository of a head is null once the fork is gone.
            from_fork=object_in(head, "repo").get("id") != object_in(base, "repo").get("id"),
            is_merged=time(told.get("merged_at")) is not None,
            # Lists do not say who merged it.
            merged_by=line(object_in(told, "merged_by").get("login") or "", 100) or None,
        )

    async def repository(self) -> Repository:
        answer = await self._api.get(self._repo)
        told = when_object(answer.json())
        return Repository(
            kind=ForgeKind.GITHUB,
            name=repository_name(told, "full_name"),
            url=text(told.get("html_url")),
            default_branch=text(told.get("default_branch"), MAX_NAME),
            archived=told.get("archived") is True,
            # There is no field for it; a repository without anything has no size.
            empty=told.get("size") == 0 and told.get("pushed_at") is None,
            version=line(answer.headers.get("x-github-enterprise-version", ""), 50) or None,
        )

    async def rights(self, base: str) -> Rights:
        answer = await self._api.get(self._repo)
        expires = _moment(answer.headers.get(_EXPIRES, ""))
        if object_in(answer.json(), "permissions").get("push") is not True:
            return Rights(may_write=False, may_merge=False, expires=expires)
        # What a token may is less than what its user may, and is only seen where it tries.
        may_write = await self._api.probe("POST", f"{self._repo}/pulls") not in (403, 404)
        return Rights(may_write, may_write and await self._lets_anybody_in(base), expires)

    async def _lets_anybody_in(self, base: str) -> bool | None:
        try:
            answer = await self._api.get(f"{self._repo}/rules/branches/{segment(base)}")
            rules = list(objects(answer.json()))
        except _REFUSED:
            # Private repositories without a paid plan have no rules.
            rules = []
        wanted = (object_in(rule, "parameters").get("required_approving_review_count") for rule in rules)
        if any(whole(count, least=1) for count in wanted):
            return False
        branch = object_in((await self._api.get(self._branch(base))).json())
        # How a branch is protected in the older way, only administrators are told.
        return None if branch.get("protected") is True else True

    async def tree(self, commit: str, under: Iterable[str] = ("",)) -> Tree:
        raise_unless_a_sha(commit)
        folders = tuple(under)
        files, complete = await self._files(commit, "", folders)
        if complete or "" in folders:
            return Tree(Text(commit), files, complete)
        # It is too large to be told at once; what is asked for may not be.
        parts = [await self._folder(commit, folder.strip("/")) for folder in folders]
        files = {path: file for part, _ in parts for path, file in part.items()}
        return Tree(Text(commit), files, all(whole_part for _, whole_part in parts))

    async def _files(self, sha: str, before: str, folders: Iterable[str]) -> tuple[dict[Text, File], bool]:
        answer = await self._api.get(f"{self._repo}/git/trees/{sha}?recursive=1")
        told = await answer.read(when_object)
        return files_in(told, folders, before), told.get("truncated") is not True

    async def _folder(self, commit: str, folder: str) -> tuple[dict[Text, File], bool]:
        """Return the files of one folder: the trees on the way to it are asked one by one."""
        sha = commit
        for part in folder.split("/"):
            told = when_object((await self._api.get(f"{self._repo}/git/trees/{sha}")).json())
            entries = {entry.get("path"): entry for entry in objects(told.get("tree"))}
            entry = entries.get(part, {})
            if entry.get("type") == "blob":
                return {Text(folder): File(text(entry.get("sha"), 64), whole(entry.get("size")))}, True
            if entry.get("type") != "tree":
                return {}, True
            sha = text(entry.get("sha"), 64)
            raise_unless_a_sha(sha)
        return await self._files(sha, f"{folder}/", ("",))

    async def verdict(self, pull_request: PullRequest) -> Verdict:
        raise_unless_a_sha(pull_request.head_sha)
        commit = f"{self._repo}/commits/{pull_request.head_sha}"
        checks = await self._checks(commit, pull_request.head_sha)
        review = _review(await self._items(f"{self._pull(pull_request.number)}/reviews", 200))
        seen = [check for check in checks if check is not None]
        state = together([state for check in seen for _, state in check])
        if len(seen) < len(checks) and state in (Checks.NONE, Checks.OK):
            state = Checks.UNKNOWN
        failing = [name for check in seen for name, other in check if other is Checks.FAILED]
        return Verdict(state, review, tuple(failing[:20]))

    async def _checks(self, commit: str, sha: str) -> list[_Checks | None]:
        """Return the checks of both kinds; None is a kind that the token may not see.

        Fine-grained tokens that may not see the runs of checks may see those of workflows, which are most.
        """
        runs = await self._listed(f"{commit}/check-runs?per_page={self.page}", "check_runs", _run)
        if runs is None:
            path = f"{self._repo}/actions/runs?head_sha={sha}&per_page={self.page}"
            runs = await self._listed(path, "workflow_runs", _run)
            # The newest comes first; older ones of the same workflow do not count.
            runs = None if runs is None else tuple(dict(reversed(runs)).items())
        return [runs, await self._listed(f"{commit}/status?per_page={self.page}", "statuses", _status)]

    async def _listed(
        self, path: str, key: str, read: Callable[[Json], tuple[Line, Checks]]
    ) -> _Checks | None:
        try:
            told = when_object((await self._api.get(path)).json())
        except _REFUSED:
            return None
        return tuple(read(entry) for entry in objects_in(told.get(key)))

    async def _commit(self, branch: str, base: Branch, message: str, changes: Sequence[Change]) -> Text:
        # Nothing is seen of it before the last of the three: the branch.
        files = [_entry(change) for change in changes]
        known = object_in((await self._api.get(f"{self._repo}/git/commits/{base.sha}")).json(), "tree")
        tree = await self._made(f"{self._repo}/git/trees", {"base_tree": known.get("sha"), "tree": files})
        commit = {"message": message, "tree": tree, "parents": [base.sha]}
        sha = await self._made(f"{self._repo}/git/commits", commit)
        await self._api.write("POST", f"{self._repo}/git/refs", {"ref": f"refs/heads/{branch}", "sha": sha})
        return sha

    async def _made(self, path: str, body: Json) -> Text:
        answer = await self._api.write("POST", path, body)
        sha = text(object_in(answer.json()).get("sha"), 64)
        raise_unless_a_sha(sha)
        return sha

    async def _open(self, proposal: Proposal, title: str, body: str) -> PullRequest:
        asked = {"title": title, "head": proposal.head, "base": proposal.base, "body": body, "draft": True}
        try:
            answer = await self._open_as(asked)
        except ApiConflictError:
            # Private repositories without a paid plan have no drafts; nothing says so beforehand.
            answer = await self._open_as({**asked, "title": f"[Draft] {title}", "draft": False})
        opened = self.read_pull_request(when_object(answer.json()))
        await self._label(opened.number, proposal.labels)
        return opened

    async def _open_as(self, asked: Json) -> Answer:
        return await self._api.write("POST", f"{self._repo}/pulls", asked)

    async def _label(self, number: int, labels: Sequence[str]) -> None:
        """Put labels on a pull request; that is a right of its own, and not needed."""
        try:
            if labels:
                body = {"labels": list(labels)}
                await self._api.write("POST", f"{self._repo}/issues/{number}/labels", body)
        except (*_REFUSED, ApiConflictError):
            return

    async def _close(self, number: int) -> None:
        await self._api.write("PATCH", self._pull(number), {"state": "closed"})

    async def _delete_branch(self, name: str) -> None:
        # One that is not there is answered with the same status as one that must not go.
        if await self.branch(name) is not None:
            await self._api.write("DELETE", f"{self._repo}/git/refs/heads/{below(name)}")


def _moment(told: str) -> Moment | None:
    """Return the moment of a header: "2026-12-31 23:59:59 UTC", or with an offset."""
    return time(told.replace(" UTC", "+00:00").replace(" +", "+").replace(" -", "-"))


def _entry(change: Change) -> dict[str, object]:
    """Return a change as an entry of a tree; one without a SHA is deleted."""
    mode = EXECUTABLE if isinstance(change, Update) and change.executable else "100644"
    entry = {"path": change.path, "mode": mode, "type": "blob"}
    return {**entry, "sha": None} if isinstance(change, Delete) else {**entry, "content": change.text}


def _run(told: Json) -> tuple[Line, Checks]:
    name = line(told.get("name"), 100)
    if told.get("status") != "completed":
        return name, Checks.PENDING
    return name, Checks.OK if told.get("conclusion") in _GOOD else Checks.FAILED


def _status(told: Json) -> tuple[Line, Checks]:
    states = {"success": Checks.OK, "failure": Checks.FAILED, "error": Checks.FAILED}
    return line(told.get("context"), 100), states.get(str(told.get("state")), Checks.PENDING)


def _review(reviews: Iterable[Json]) -> Review:
    """Return what the last words of each person come to; a dismissed review takes back their earlier ones."""
    states: dict[Text, object] = {}
    for review in reviews:
        if review.get("state") in ("APPROVED", "CHANGES_REQUESTED", "DISMISSED"):
            states[text(object_in(review, "user").get("login"))] = review.get("state")
    if "CHANGES_REQUESTED" in states.values():
        return Review.CHANGES
    return Review.APPROVED if "APPROVED" in states.values() else Review.NONE
