"""Gitea and Forgejo, API v1; what is said here of its answers was seen on a Gitea 1.26.0."""

from collections.abc import Iterable, Sequence

import aiohttp

from ..answers import (
    Json,
    Line,
    Text,
    line,
    object_in,
    objects_in,
    text,
    when_object,
    whole,
)
from ..errors import ApiAuthenticationError, ApiConflictError, ApiForbiddenError
from ..http import Connection
from .asking import Api, below, raise_unless_a_sha, repository_name
from .change import Change, Create, Delete, Update
from .pull_request import (
    Branch,
    Checks,
    File,
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
from .reading import MAX_NAME, encoded, files_in, pull_request
from .rest import RestForge, repository_path

_TREE_PAGE = 1000
_MAX_PAGES = 40
_CHECKS = {
    "success": Checks.OK,
    "skipped": Checks.OK,
    # A warning is what a check wants to be read, not what it refuses.
    "warning": Checks.OK,
    "failure": Checks.FAILED,
    "error": Checks.FAILED,
}


class GiteaForge(RestForge):
    """A repository on a Gitea or Forgejo; `root` is the address of the forge."""

    # The most that Gitea gives where nobody has changed that.
    page = 50
    per_page = "limit"
    opened = "state=open&sort=recentupdate"

    def __init__(self, session: aiohttp.ClientSession, connection: Connection, root: str, name: str) -> None:
        api = Api(session, Connection(f"{root}/api/v1", connection.headers, connection.tls))
        super().__init__(api, repository_path(name))
        self._version: Line | None = None

    async def repository(self) -> Repository:
        told = when_object((await self._api.get(self._repo)).json())
        if self._version is None:
            told_version = object_in((await self._api.get("/version")).json())
            self._version = line(told_version.get("version") or "", 50)
        version = self._version
        return Repository(
            kind=ForgeKind.FORGEJO if "+gitea" in version else ForgeKind.GITEA,
            name=repository_name(told, "full_name"),
            url=text(told.get("html_url")),
            default_branch=text(told.get("default_branch"), MAX_NAME),
            archived=told.get("archived") is True,
            empty=told.get("empty") is True,
            version=version or None,
        )

    @staticmethod
    def read_pull_request(told: Json) -> PullRequest:
        head, base = object_in(told, "head"), object_in(told, "base")
        # Once its branch is gone, the reference is one of the forge's own; the label still names the branch.
        name = text(
            head.get("label") if str(head.get("ref")).startswith("refs/pull/") else head.get("ref"), MAX_NAME
        )
        is_merged = told.get("merged") is True
        return pull_request(
            told,
            name,
            from_fork=head.get("repo_id") != base.get("repo_id"),
            is_merged=is_merged,
            merged_by=line(object_in(told, "merged_by").get("login"), 100) if is_merged else None,
        )

    def _file(self, path: str, commit: str) -> str:
        return f"{self._repo}/raw/{below(path)}?ref={commit}"

    async def rights(self, base: str) -> Rights:
        told = when_object((await self._api.get(self._repo)).json())
        if object_in(told, "permissions").get("push") is not True:
            return Rights(may_write=False, may_merge=False)
        # The permissions are those of the user: what the token may is only seen where it tries.
        status = await self._api.probe("POST", f"{self._repo}/pulls")
        branch = object_in((await self._api.get(self._branch(base))).json())
        alone = branch.get("user_can_merge") is True and not whole(branch.get("required_approvals"))
        return Rights(may_write=status == 422, may_merge=status == 422 and alone)

    async def tree(self, commit: str, under: Iterable[str] = ("",)) -> Tree:
        raise_unless_a_sha(commit)
        folders, files, complete = tuple(under), dict[Text, File](), False
        for page in range(1, _MAX_PAGES + 1):
            path = f"{self._repo}/git/trees/{commit}?recursive=true&per_page={_TREE_PAGE}&page={page}"
            answer = await self._api.get(path)
            told = await answer.read(when_object)
            files |= files_in(told, folders)
            if not (complete := told.get("truncated") is not True):
                continue
            break
        return Tree(Text(commit), files, complete)

    async def verdict(self, pull_request: PullRequest) -> Verdict:
        raise_unless_a_sha(pull_request.head_sha)
        status = await self._api.get(f"{self._repo}/commits/{pull_request.head_sha}/status")
        reviews = await self._items(f"{self._pull(pull_request.number)}/reviews", 200)
        statuses = list(objects_in(when_object(status.json()).get("statuses")))
        # The forge's own summary is not read: it calls it pending where there is no check at all.
        checks = together({_CHECKS.get(str(status.get("status")), Checks.PENDING) for status in statuses})
        return Verdict(checks, _review(reviews), _failing(statuses))

    async def _commit(self, branch: str, base: Branch, message: str, changes: Sequence[Change]) -> Text:
        body = {
            "branch": base.name,
            "new_branch": branch,
            "message": message,
            "files": [_operation(change) for change in changes],
        }
        answer = await self._api.write("POST", f"{self._repo}/contents", body)
        commit = object_in(answer.json(), "commit")
        parents = [text(entry.get("sha"), 64) for entry in objects_in(commit.get("parents"))]
        if parents != [base.sha]:
            # It is made from the branch and not from a commit: somebody was faster.
            await self._delete_branch(branch)
            raise ApiConflictError(f"{base.name} has moved")
        return text(commit.get("sha"), 64)

    async def _open(self, proposal: Proposal, title: str, body: str) -> PullRequest:
        answer = await self._api.write(
            "POST",
            f"{self._repo}/pulls",
            {
                "head": proposal.head,
                "base": proposal.base,
                # Nothing but the title makes it a draft here, and only these letters do.
                "title": f"WIP: {title}",
                "body": body,
                "labels": await self._label_ids(proposal.labels),
            },
        )
        return self.read_pull_request(when_object(answer.json()))

    async def _label_ids(self, names: Iterable[str]) -> list[int]:
        """Return the ids of those labels that there are; to see them needs a right that is not demanded."""
        if not (wanted := {name.casefold() for name in names}):
            return []
        try:
            labels = await self._items(f"{self._repo}/labels", 200)
        except ApiAuthenticationError, ApiForbiddenError:
            return []
        ids = [
            whole(label.get("id")) for label in labels if line(label.get("name"), 100).casefold() in wanted
        ]
        return [id for id in ids if id is not None]

    async def _close(self, number: int) -> None:
        await self._api.write("PATCH", self._pull(number), {"state": "closed"})

    async def _delete_branch(self, name: str) -> None:
        if await self.branch(name) is not None:
            await self._api.write("DELETE", self._branch(name))


def _operation(change: Change) -> dict[str, str]:
    """Return a change as both forges understand it: Forgejo knows three operations, and wants every SHA."""
    match change:
        case Create(path, content):
            return {"operation": "create", "path": path, "content": encoded(content)}
        case Update(path, content, sha):
            return {"operation": "update", "path": path, "content": encoded(content), "sha": sha}
        case Delete(path, sha):
            return {"operation": "delete", "path": path, "sha": sha}


def _failing(statuses: Iterable[Json]) -> tuple[Line, ...]:
    failed = [status for status in statuses if _CHECKS.get(str(status.get("status"))) is Checks.FAILED]
    return tuple(line(check.get("context"), 100) for check in failed[:20])


def _review(reviews: Iterable[Json]) -> Review:
    """Return what the last words of each person come to; one objection outweighs every approval."""
    states: dict[Text, object] = {}
    for review in reviews:
        if review.get("dismissed") is not True and review.get("state") in ("APPROVED", "REQUEST_CHANGES"):
            states[text(object_in(review, "user").get("login"))] = review.get("state")
    if "REQUEST_CHANGES" in states.values():
        return Review.CHANGES
    return Review.APPROVED if states else Review.NONE
