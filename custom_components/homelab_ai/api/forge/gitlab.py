"""GitLab, API v4: gitlab.com, and an own server. Its pull requests are called merge requests."""

from collections.abc import Iterable, Sequence
from itertools import islice
from urllib.parse import parse_qs, urlsplit

import aiohttp

from ...values.number import total
from ..answers import (
    Json,
    Line,
    Text,
    Whole,
    line,
    object_in,
    objects,
    objects_in,
    text,
    time,
    when_object,
    whole,
    words,
)
from ..errors import ApiAuthenticationError, ApiNotFoundError
from ..http import Answer, Connection
from .asking import Api, raise_unless_a_sha, repository_name, segment
from .change import Change, Create, Delete, Update
from .forge import MAX_DIFF, proposal_in
from .pull_request import (
    Branch,
    ChangedFile,
    Checks,
    File,
    FileState,
    ForgeKind,
    Proposal,
    PullRequest,
    Repository,
    Review,
    Rights,
    State,
    Tree,
    Verdict,
)
from .reading import EXECUTABLE, FILES, MAX_NAME, encoded
from .rest import MOST_FILES, RestForge

_MAX_PAGES = 100
_DEVELOPER, _MAINTAINER = 30, 40
"""Levels of access: who may make branches, and who may merge into protected ones."""
_CHECKS = {
    "success": Checks.OK,
    "skipped": Checks.OK,
    # Waits for a person who need not come.
    "manual": Checks.OK,
    "failed": Checks.FAILED,
    "canceled": Checks.FAILED,
}
_FLAGS = {
    "new_file": FileState.ADDED,
    "deleted_file": FileState.DELETED,
    "renamed_file": FileState.RENAMED,
}
_STATES = {"opened": State.OPEN, "locked": State.OPEN, "merged": State.MERGED, "closed": State.CLOSED}


class GitLabForge(RestForge):
    """A project on a GitLab; `root` is the forge's address, `name` the project's path with its groups."""

    branches = "repository/branches"
    pulls = "merge_requests"
    opened = "state=opened&order_by=updated_at"

    def __init__(self, session: aiohttp.ClientSession, connection: Connection, root: str, name: str) -> None:
        api = Api(session, Connection(f"{root}/api/v4", connection.headers, connection.tls))
        super().__init__(api, f"/projects/{segment(name)}")
        self._version: Json | None = None

    def _file(self, path: str, commit: str) -> str:
        return f"{self._repo}/repository/files/{segment(path)}/raw?ref={commit}"

    def _between(self, head: str, base: str) -> str:
        return f"state=opened&source_branch={segment(head)}&target_branch={segment(base)}"

    @staticmethod
    def read_pull_request(told: Json) -> PullRequest:
        from_fork = told.get("source_project_id") != told.get("target_project_id")
        name = text(told.get("source_branch"), MAX_NAME)
        labels = told.get("labels")
        return PullRequest(
            # The number within the project; `id` is one of all projects.
            number=whole(told.get("iid")) or Whole(0),
            title=line(told.get("title"), MAX_NAME),
            url=text(told.get("web_url")),
            state=_STATES.get(str(told.get("state")), State.CLOSED),
            draft=told.get("draft") is True or told.get("work_in_progress") is True,
            author=line(object_in(told, "author").get("username"), 100),
            head=name,
            base=text(told.get("target_branch"), MAX_NAME),
            head_sha=text(told.get("sha"), 64),
            labels=tuple(line(label, 100) for label in labels[:20]) if isinstance(labels, list) else (),
            body=text(told.get("description")),
            created_at=time(told.get("created_at")),
            updated_at=time(told.get("updated_at")),
            merged_at=time(told.get("merged_at")),
            merged_by=line(object_in(told, "merge_user").get("username") or "", 100) or None,
            from_fork=from_fork,
            proposal=proposal_in(told.get("description"), name, from_fork=from_fork),
        )

    async def repository(self) -> Repository:
        told = when_object((await self._api.get(self._repo)).json())
        if self._version is None:
            self._version = await self._optional("/version")
        return Repository(
            kind=ForgeKind.GITLAB,
            name=repository_name(told, "path_with_namespace"),
            url=text(told.get("web_url")),
            default_branch=text(told.get("default_branch"), MAX_NAME),
            archived=told.get("archived") is True,
            empty=told.get("empty_repo") is True,
            version=line(self._version.get("version") or "", 50) or None,
        )

    async def _optional(self, path: str) -> Json:
        """Return an object that some tokens may not see, an empty one then."""
        try:
            return object_in((await self._api.get(path)).json())
        except ApiAuthenticationError, ApiNotFoundError:
            return {}

    async def rights(self, base: str) -> Rights:
        told = when_object((await self._api.get(self._repo)).json())
        token = await self._optional("/personal_access_tokens/self")
        permissions = object_in(told, "permissions")
        levels = [
            whole(object_in(permissions, part).get("access_level")) or 0
            for part in ("project_access", "group_access")
        ]
        scopes = token.get("scopes")
        may_write = max(levels) >= _DEVELOPER and (not isinstance(scopes, list) or "api" in scopes)
        branch = object_in((await self._api.get(self._branch(base))).json())
        alone = (
            branch.get("protected") is not True
            or branch.get("developers_can_merge") is True
            or max(levels) >= _MAINTAINER
        )
        return Rights(may_write, may_write and alone, time(token.get("expires_at")))

    async def tree(self, commit: str, under: Iterable[str] = ("",)) -> Tree:
        raise_unless_a_sha(commit)
        files, complete = dict[Text, File](), True
        # A hundred files a page: what is not asked for would cost many.
        for folder in under:
            complete = await self._add_folder(files, commit, folder.strip("/")) and complete
        return Tree(Text(commit), files, complete)

    async def _add_folder(self, files: dict[Text, File], commit: str, folder: str) -> bool:
        """Add the files of a folder, and return whether these are all. One that is not there has none."""
        asked = f"{self._repo}/repository/tree?ref={commit}&recursive=true&pagination=keyset"
        asked += f"&per_page={self.page}" + (f"&path={segment(folder)}" if folder else "")
        token = ""
        for _ in range(_MAX_PAGES):
            if (answer := await self._api.find(asked + token)) is None:
                return True
            for entry in objects(answer.json()):
                if entry.get("type") == "blob" and entry.get("mode") in FILES:
                    executable = entry.get("mode") == EXECUTABLE
                    files[words(entry.get("path"), 4096)] = File(text(entry.get("id"), 64), None, executable)
            if not (token := _next_page(answer)):
                return True
        return False

    async def verdict(self, pull_request: PullRequest) -> Verdict:
        raise_unless_a_sha(pull_request.head_sha)
        path = self._pull(pull_request.number)
        told = object_in((await self._api.get(path)).json())
        pipeline = object_in(told, "head_pipeline").get("status")
        checks = Checks.NONE if pipeline is None else _CHECKS.get(str(pipeline), Checks.PENDING)
        approvals = await self._optional(f"{path}/approvals")
        # Nobody has to approve where nothing demands it: then `approved` says nothing.
        approved = any(True for _ in objects_in(approvals.get("approved_by")))
        changes = told.get("detailed_merge_status") == "requested_changes"
        review = Review.CHANGES if changes else Review.APPROVED if approved else Review.NONE
        failing = await self._failing(pull_request.head_sha) if checks is Checks.FAILED else ()
        return Verdict(checks, review, failing)

    async def _failing(self, sha: str) -> tuple[Line, ...]:
        path = f"{self._repo}/repository/commits/{sha}/statuses"
        failed = (
            check
            for check in await self._items(path, 200)
            if check.get("status") == "failed" and check.get("allow_failure") is not True
        )
        return tuple(line(check.get("name"), 100) for check in islice(failed, 20))

    async def changed_files(self, number: int) -> tuple[ChangedFile, ...]:
        return tuple(_changed_file(item) for item in await self._diffs(number))

    async def _diffs(self, number: int) -> tuple[Json, ...]:
        return await self._items(f"{self._pull(number)}/diffs", MOST_FILES)

    async def diff(self, number: int) -> Text:
        parts = []
        for item in await self._diffs(number):
            before, after = text(item.get("old_path"), 4096), text(item.get("new_path"), 4096)
            parts.append(f"--- a/{before}\n+++ b/{after}\n{text(item.get('diff'), MAX_DIFF)}")
        return text("".join(parts), MAX_DIFF)

    async def _commit(self, branch: str, base: Branch, message: str, changes: Sequence[Change]) -> Text:
        answer = await self._api.write(
            "POST",
            f"{self._repo}/repository/commits",
            {
                "branch": branch,
                "start_sha": base.sha,
                "commit_message": message,
                "actions": [_action(change) for change in changes],
            },
        )
        sha = text(object_in(answer.json()).get("id"), 64)
        raise_unless_a_sha(sha)
        return sha

    async def _open(self, proposal: Proposal, title: str, body: str) -> PullRequest:
        answer = await self._api.write(
            "POST",
            f"{self._repo}/merge_requests",
            {
                "source_branch": proposal.head,
                "target_branch": proposal.base,
                "title": f"Draft: {title}",
                "description": body,
                # What is not known is made.
                "labels": ",".join(label.replace(",", " ") for label in proposal.labels),
                "remove_source_branch": True,
            },
        )
        return self.read_pull_request(when_object(answer.json()))

    async def _close(self, number: int) -> None:
        await self._api.write("PUT", self._pull(number), {"state_event": "close"})

    async def _delete_branch(self, name: str) -> None:
        if await self.branch(name) is not None:
            await self._api.write("DELETE", self._branch(name))


def _next_page(answer: Answer) -> str:
    """Return what asks for the next page, empty after the last; nothing else of the link is followed."""
    for link in answer.headers.get("link", "").split(","):
        address, _, relation = link.partition(";")
        if 'rel="next"' in relation:
            tokens = parse_qs(urlsplit(address.strip(" <>")).query).get("page_token", [])
            return f"&page_token={segment(tokens[0])}" if tokens else ""
    return ""


def _action(change: Change) -> dict[str, str]:
    match change:
        case Create(path, content):
            return {"action": "create", "file_path": path, "content": encoded(content), "encoding": "base64"}
        case Update(path, content):
            return {"action": "update", "file_path": path, "content": encoded(content), "encoding": "base64"}
        case Delete(path):
            return {"action": "delete", "file_path": path}


def _changed_file(one: Json) -> ChangedFile:
    before, after = text(one.get("old_path"), 4096), text(one.get("new_path"), 4096)
    status = next((state for flag, state in _FLAGS.items() if one.get(flag) is True), FileState.CHANGED)
    changed = text(one.get("diff"), MAX_DIFF).splitlines()
    return ChangedFile(
        path=after,
        status=status,
        before=before if status is FileState.RENAMED else None,
        additions=total(row.startswith("+") for row in changed),
        deletions=total(row.startswith("-") for row in changed),
    )
