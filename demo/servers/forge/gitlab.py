"""A server that plays GitLab, stricter than the real one: it refuses unknown fields and parameters."""

from base64 import b64decode
from collections.abc import Mapping
import re
from typing import Any

from aiohttp import web

from .repository import PLAIN, Files, PullRequest, RefusedError, Repository
from .server import Asked, ForgeServer, Route, Token, find_route, said, wrong_fields

READ = frozenset(("read_api",))
WRITE = frozenset(("api",))
"""What docs/gateway.md asks for."""
_DRAFT = ("draft:", "[draft]", "(draft)")
_PROJECT = r"/projects/(?P<repository>[^/]+)"
_COMMAND = re.compile(r"^/[a-z_]+", re.MULTILINE)
_PAGING = ("per_page", "page", "pagination", "page_token")
_KNOWN = frozenset(
    (*_PAGING, "ref", "path", "recursive", "state", "order_by", "source_branch", "target_branch")
)


class GitLab(ForgeServer):
    """A GitLab. The level of a user is 30 (developer) unless `levels` says another."""

    def __init__(self, **options: Any) -> None:
        """Prepare an empty one."""
        super().__init__(**options)
        self.levels: dict[str, int] = {}

    def answer(self, request: web.Request, path: str, body: Any) -> web.Response:
        """Answer as the API does."""
        if not path.startswith("/api/v4/"):
            return web.Response(
                status=404, text="<!doctype html><title>Sign in</title>", content_type="text/html"
            )
        path = path.removeprefix("/api/v4")
        sent = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if (token := self.tokens.get(request.headers.get("PRIVATE-TOKEN", sent))) is None:
            return self.refuse(401, "401 Unauthorized")
        if self.limited:
            return web.Response(status=429, text="Retry later\n", headers={"Retry-After": "60"})
        if unknown := request.query.keys() - _KNOWN:
            return said({"error": f"{', '.join(sorted(unknown))} is invalid"}, 400)
        told = {
            "/version": {"version": "18.5.0", "revision": "abcdef12345"},
            "/personal_access_tokens/self": {"scopes": sorted(token.rights), "expires_at": token.expires},
        }
        return said(told[path]) if path in told else self._route(request, path, token, body)

    def _route(self, request: web.Request, path: str, token: Token, body: Any) -> web.Response:
        if (found := find_route(_ROUTES, request.method, path)) is None:
            return said({"error": "404 Not Found"}, 404)
        route, parts = found
        name = parts["repository"]
        if name in self.moved:
            location = f"{self.url}/api/v4/projects/1{path.removeprefix(f'/projects/{name}')}"
            return web.Response(status=301, headers={"Location": location})
        if (repository := self.repositories.get(name)) is None:
            return self.refuse(404, "404 Project Not Found")
        if (refusal := self._refusal(route, repository, token, body)) is not None:
            return refusal
        asked = Asked(request, token, repository, {**parts, "level": str(self._level(token))}, body)
        try:
            answer = route.handler(asked)
        except RefusedError as error:
            return said({"message": str(error)}, 400)
        if route.method != "GET":
            repository.log.append(f"{route.method} {path}")
        return answer

    def _level(self, token: Token) -> int:
        return self.levels.get(token.user, 30)

    def _refusal(self, route: Route, repository: Repository, token: Token, body: Any) -> web.Response | None:
        if route.method != "GET" and "api" not in token.rights:
            told = {
                "error": "insufficient_scope",
                "error_description": "The request requires higher privileges",
            }
            return said({**told, "scope": "api"}, 403)
        if route.method != "GET" and (repository.archived or self._level(token) < 30):
            return self.refuse(403, "403 Forbidden")
        if (field := wrong_fields(route, body)) is not None:
            return said({"error": f"{field} is missing"}, 400)
        return None

    def refuse(self, status: int, message: str, **more: Any) -> web.Response:
        """Return an error."""
        return said({"message": message, **more}, status, {"X-Gitlab-Meta": "{}"})


def _project(asked: Asked) -> web.Response:
    repository = asked.repository
    access = {"access_level": int(asked.parts["level"]), "notification_level": 3}
    return said(
        {
            "id": 1,
            "path_with_namespace": repository.name,
            "web_url": f"https://gitlab.example/{repository.name}",
            "default_branch": "main",
            "archived": repository.archived,
            "empty_repo": False,
            "merge_requests_access_level": "enabled",
            "permissions": {"project_access": access, "group_access": None},
        }
    )


def _branch(asked: Asked) -> web.Response:
    name = asked.parts["name"]
    if (sha := asked.repository.branches.get(name)) is None:
        return said({"message": "404 Branch Not Found"}, 404)
    protected = name in asked.repository.protected
    return said(
        {
            "name": name,
            "protected": protected,
            "developers_can_merge": False,
            "can_push": not protected or asked.parts["level"] == "40",
            "commit": {"id": sha, "message": asked.repository.commits[sha].message},
        }
    )


def _delete_branch(asked: Asked) -> web.Response:
    if asked.parts["name"] not in asked.repository.branches:
        return said({"message": "404 Branch Not Found"}, 404)
    asked.repository.delete(asked.parts["name"])
    return web.Response(status=204)


def _tree(asked: Asked) -> web.Response:
    if (files := asked.repository.files(asked.query("ref"))) is None:
        return said({"message": "404 Tree Not Found"}, 404)
    folder = asked.query("path").strip("/")
    below = {path: file for path, file in files.items() if not folder or path.startswith(f"{folder}/")}
    if folder and not below:
        return said({"message": "404 invalid revision or path Not Found"}, 404)
    entries = [
        {"id": sha, "name": path.rpartition("/")[2], "type": "blob", "path": path, "mode": mode}
        for path, (mode, sha) in sorted(below.items())
    ]
    return _paged(asked, entries)


def _paged(asked: Asked, entries: list[Any]) -> web.Response:
    size = min(int(asked.query("per_page", "20")), 100)
    if asked.query("pagination") == "keyset":
        token = asked.query("page_token")
        begin = next((at + 1 for at, entry in enumerate(entries) if entry["id"] + entry["path"] == token), 0)
    else:
        begin = (int(asked.query("page", "1")) - 1) * size
    shown = entries[begin : begin + size]
    if begin + size >= len(entries):
        return said(shown)
    if asked.query("pagination") == "keyset":
        last = shown[-1]["id"] + shown[-1]["path"]
        following = asked.request.url.update_query(page_token=last)
    else:
        following = asked.request.url.update_query(page=str(int(asked.query("page", "1")) + 1))
    return said(shown, headers={"Link": f'<{following}>; rel="next", <{asked.request.url}>; rel="first"'})


def _raw(asked: Asked) -> web.Response:
    files = asked.repository.files(asked.query("ref"))
    if files is None or asked.parts["path"] not in files:
        return said({"message": "404 File Not Found"}, 404)
    return web.Response(body=asked.repository.blobs[files[asked.parts["path"]][1]], content_type="text/plain")


def _make_commit(asked: Asked) -> web.Response:
    repository, body = asked.repository, asked.body
    if body["branch"] in repository.branches:
        raise RefusedError(
            "A branch called 'x' already exists. Switch to that branch in order to make changes"
        )
    if body["start_sha"] not in repository.commits:
        raise RefusedError("Cannot find start_sha")
    files = dict(repository.files(body["start_sha"]) or {})
    for action in body["actions"]:
        _act(repository, files, action)
    made = repository.commit(
        repository.tree(files), body["commit_message"], [body["start_sha"]], asked.token.user
    )
    repository.branches[body["branch"]] = made.sha
    return said({"id": made.sha, "short_id": made.sha[:8], "parent_ids": [body["start_sha"]]}, 201)


def _act(repository: Repository, files: Files, action: Mapping[str, str]) -> None:
    path = action["file_path"]
    if action["action"] == "create" and path in files:
        raise RefusedError("A file with this name already exists")
    if action["action"] in ("update", "delete") and path not in files:
        raise RefusedError("A file with this name doesn't exist")
    if ".." in path.split("/") or path.startswith("/"):
        raise RefusedError("Path cannot include directory traversal")
    if action["action"] == "delete":
        del files[path]
    elif action["action"] in ("create", "update") and action["encoding"] == "base64":
        content = b64decode(action["content"], validate=True)
        files[path] = (files.get(path, (PLAIN, ""))[0], repository.blob(content))
    else:
        raise RefusedError("actions[action] does not have a valid value")


def _merge_request(asked: Asked, pull: PullRequest, *, listed: bool = False) -> dict[str, Any]:
    states = {"open": "opened", "closed": "closed", "merged": "merged"}
    told: dict[str, Any] = {
        "id": 1000 + pull.number,
        "iid": pull.number,
        "title": pull.title,
        "description": pull.body or None,
        "state": states[pull.state],
        "draft": pull.title.lower().startswith(_DRAFT),
        "web_url": f"https://gitlab.example/{asked.repository.name}/-/merge_requests/{pull.number}",
        "author": {"username": pull.author},
        "source_branch": pull.head,
        "target_branch": pull.base,
        "source_project_id": 2 if pull.fork else 1,
        "target_project_id": 1,
        "sha": pull.head_sha,
        "labels": pull.labels,
        "created_at": pull.created_at,
        "updated_at": pull.updated_at,
        "merged_at": pull.merged_at,
        "merge_user": {"username": pull.merged_by} if pull.merged_by else None,
    }
    if not listed:
        checks = asked.repository.checks.get(pull.head_sha)
        told["head_pipeline"] = {"status": checks[0]["pipeline"]} if checks else None
        told["detailed_merge_status"] = "draft_status" if told["draft"] else "mergeable"
    return told


def _merge_requests(asked: Asked) -> web.Response:
    pulls = [
        pull
        for pull in asked.repository.pulls.values()
        if pull.state == "open"
        and asked.query("source_branch", pull.head) == pull.head
        and asked.query("target_branch", pull.base) == pull.base
    ]
    pulls.sort(key=lambda pull: pull.updated_at, reverse=True)
    return _paged(asked, [_merge_request(asked, pull, listed=True) for pull in pulls])


def _one(asked: Asked) -> web.Response:
    if (pull := asked.repository.pulls.get(int(asked.parts["number"]))) is None:
        return said({"message": "404 Not found"}, 404)
    return said(_merge_request(asked, pull))


def _make(asked: Asked) -> web.Response:
    repository, body = asked.repository, asked.body
    if body["source_branch"] not in repository.branches:
        raise RefusedError("source_branch does not exist")
    for pull in repository.pulls.values():
        if pull.head == body["source_branch"] and pull.state == "open":
            text = f"Another open merge request already exists for this source branch: !{pull.number}"
            return said({"message": [text]}, 409)
    if command := _COMMAND.search(body["description"]):
        # The real one would run it.
        raise RefusedError(f"the quick action {command[0]} is run")
    made = repository.open(
        body["title"],
        body["source_branch"],
        base=body["target_branch"],
        author=asked.token.user,
        body=body["description"],
        labels=[label for label in body["labels"].split(",") if label],
    )
    return said(_merge_request(asked, made), 201)


def _change(asked: Asked) -> web.Response:
    if asked.body["state_event"] != "close":
        raise RefusedError("state_event does not have a valid value")
    pull = asked.repository.pulls[int(asked.parts["number"])]
    asked.repository.close(pull.number)
    return said(_merge_request(asked, pull))


def _diffs(asked: Asked) -> web.Response:
    pull = asked.repository.pulls[int(asked.parts["number"])]
    return said(
        [
            {
                "old_path": path,
                "new_path": path,
                "new_file": state == "added",
                "deleted_file": state == "deleted",
                "renamed_file": False,
                "diff": "@@ -1 +1 @@\n-a: 1\n+a: 2\n",
            }
            for state, path in asked.repository.differs(pull.head_sha, pull.base)
        ]
    )


def _approvals(asked: Asked) -> web.Response:
    people = asked.repository.pulls[int(asked.parts["number"])].reviews
    return said({"approved": True, "approved_by": people})


def _statuses(asked: Asked) -> web.Response:
    return _paged(asked, asked.repository.statuses.get(asked.parts["sha"], []))


def _route(method: str, path: str, handler: Any, *fields: str) -> Route:
    return Route(method, re.compile(_PROJECT + path), handler, "", frozenset(fields))


_COMMIT = ("branch!", "start_sha!", "commit_message!", "actions!")
_NEW = ("source_branch!", "target_branch!", "title!", "description!", "labels!", "remove_source_branch")
_ROUTES = (
    _route("GET", "", _project),
    _route("GET", r"/repository/branches/(?P<name>[^/]+)", _branch),
    _route("DELETE", r"/repository/branches/(?P<name>[^/]+)", _delete_branch),
    _route("GET", "/repository/tree", _tree),
    _route("GET", r"/repository/files/(?P<path>[^/]+)/raw", _raw),
    _route("POST", "/repository/commits", _make_commit, *_COMMIT),
    _route("GET", r"/repository/commits/(?P<sha>[0-9a-f]{40})/statuses", _statuses),
    _route("GET", "/merge_requests", _merge_requests),
    _route("POST", "/merge_requests", _make, *_NEW),
    _route("GET", r"/merge_requests/(?P<number>\d+)", _one),
    _route("PUT", r"/merge_requests/(?P<number>\d+)", _change, "state_event!"),
    _route("GET", r"/merge_requests/(?P<number>\d+)/diffs", _diffs),
    _route("GET", r"/merge_requests/(?P<number>\d+)/approvals", _approvals),
)
