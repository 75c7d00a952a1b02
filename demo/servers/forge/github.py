"""A server that plays GitHub: as an enterprise's own server, or as api.github.com would answer.

Stricter than the real one: it wants every header that the documentation asks for, refuses fields it does not
know, and a tree is only made from a tree.
"""

from collections.abc import Mapping
import re
from typing import Any

from aiohttp import web

from .repository import EXECUTABLE, PLAIN, Files, PullRequest, RefusedError, Repository, moment
from .server import Asked, ForgeServer, Route, Token, find_route, said, wrong_fields

READ = frozenset(("metadata:read", "contents:read", "pull_requests:read", "statuses:read", "checks:read"))
WRITE = READ | {"contents:write", "pull_requests:write"}
"""What docs/gateway.md asks for."""
_REPOSITORY = r"/repos/(?P<repository>[^/]+/[^/]+)"


class GitHub(ForgeServer):
    """A GitHub."""

    def answer(self, request: web.Request, path: str, body: Any) -> web.Response:
        """Answer as the API does."""
        if not path.startswith("/api/v3/"):
            return web.Response(
                status=404, text="<!doctype html><title>Page not found</title>", content_type="text/html"
            )
        path = path.removeprefix("/api/v3")
        if path == "/meta":
            return self._said({"verifiable_password_authentication": True, "installed_version": "3.18.0"})
        token = self.tokens.get(request.headers.get("Authorization", "").removeprefix("Bearer "))
        if (wrong := self._wrong_headers(request)) is not None:
            return self.refuse(*wrong)
        if token is None:
            return self.refuse(401, "Bad credentials")
        if self.limited:
            return self._said(
                {"message": "API rate limit exceeded"},
                403,
                {"x-ratelimit-remaining": "0", "Retry-After": "60"},
            )
        return self._route(request, path, token, body)

    def _wrong_headers(self, request: web.Request) -> tuple[int, str] | None:
        if not request.headers.get("User-Agent"):
            return (
                403,
                "Request forbidden by administrative rules.",
            )
        if request.headers.get("X-GitHub-Api-Version") != "2022-11-28":
            return 400, "Invalid API version"
        if not request.headers.get("Accept", "").startswith("application/vnd.github"):
            return 415, "Unsupported 'Accept' header"
        return None

    def _route(self, request: web.Request, path: str, token: Token, body: Any) -> web.Response:
        if (found := find_route(_ROUTES, request.method, path)) is None:
            return self.refuse(404, "Not Found")
        route, parts = found
        name = parts["repository"]
        if name in self.moved:
            location = f"{self.url}/api/v3/repositories/1{path.removeprefix(f'/repos/{name}')}"
            return self._said({"message": "Moved Permanently"}, 301, {"Location": location})
        repository = self.repositories.get(name)
        if repository is None or (repository.private and "metadata:read" not in token.rights):
            return self.refuse(404, "Not Found")
        if (refusal := self._refusal(route, repository, token, body)) is not None:
            return refusal
        answer = self._done(route, Asked(request, token, repository, parts, body))
        answer.headers["x-github-enterprise-version"] = "3.18.0"
        if token.expires is not None:
            answer.headers["github-authentication-token-expiration"] = token.expires
        return answer

    def _refusal(self, route: Route, repository: Repository, token: Token, body: Any) -> web.Response | None:
        public = route.right.endswith(":read") and not repository.private
        if route.right not in token.rights and not public:
            needed = {"X-Accepted-GitHub-Permissions": route.right.replace(":", "=")}
            told = {"message": "Resource not accessible by personal access token", "status": "403"}
            return self._said(told, 403, needed)
        if repository.archived and route.method != "GET":
            return self.refuse(403, "Repository was archived so is read-only.")
        if (field := wrong_fields(route, body)) is not None:
            error = {"resource": "x", "field": field, "code": "missing_field"}
            return self.refuse(422, "Invalid request.", errors=[error])
        return None

    def _done(self, route: Route, asked: Asked) -> web.Response:
        try:
            answer = route.handler(asked)
        except RefusedError as error:
            errors = [{"message": str(error), "code": "custom"}]
            return self.refuse(422, "Validation Failed", errors=errors)
        if route.method != "GET":
            asked.repository.log.append(f"{route.method} {asked.request.path}")
        return answer

    def refuse(self, status: int, message: str, **more: Any) -> web.Response:
        """Return an error."""
        return self._said(
            {
                "message": message,
                "documentation_url": "https://docs.github.com/rest",
                "status": str(status),
                **more,
            },
            status,
        )

    def _said(self, told: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> web.Response:
        return said(told, status, {"x-github-enterprise-version": "3.18.0", **(headers or {})})


def _repository(asked: Asked) -> web.Response:
    repository = asked.repository
    may = "contents:read" in asked.token.rights
    return said(
        {
            "id": 1,
            "full_name": repository.name,
            "private": repository.private,
            "html_url": f"https://github.example/{repository.name}",
            "default_branch": "main",
            "archived": repository.archived,
            "size": 12,
            "pushed_at": moment(),
            # Those of the user, whatever the token may.
            "permissions": {"admin": False, "push": may, "pull": True},
        }
    )


def _branch(asked: Asked) -> web.Response:
    name = asked.parts["name"]
    if (sha := asked.repository.branches.get(name)) is None:
        return said({"message": "Branch not found", "status": "404"}, 404)
    commit = asked.repository.commits[sha]
    return said(
        {
            "name": name,
            "commit": {"sha": sha, "commit": {"message": commit.message, "tree": {"sha": commit.tree}}},
            "protected": name in asked.repository.protected,
        }
    )


def _rules(asked: Asked) -> web.Response:
    return said(asked.repository.rules)


def _tree(asked: Asked) -> web.Response:
    files = asked.repository.files(asked.parts["sha"])
    if files is None:
        return said({"message": "Not Found", "status": "404"}, 404)
    entries = _entries(asked.repository, files, recursive=bool(asked.query("recursive")))
    most = asked.repository.most_entries
    return said({"sha": asked.parts["sha"], "tree": entries[:most], "truncated": len(entries) > most})


def _entries(repository: Repository, files: Files, *, recursive: bool) -> list[dict[str, Any]]:
    folders: dict[str, Files] = {}
    entries = []
    for path, (mode, sha) in files.items():
        parts = path.split("/")
        for length in range(1, len(parts)):
            folder = "/".join(parts[:length])
            folders.setdefault(folder, {})["/".join(parts[length:])] = (mode, sha)
        if recursive or len(parts) == 1:
            entries.append(
                {"path": path, "mode": mode, "type": "blob", "sha": sha, "size": len(repository.blobs[sha])}
            )
    for folder, below in folders.items():
        if recursive or "/" not in folder:
            entries.append({"path": folder, "mode": "040000", "type": "tree", "sha": repository.tree(below)})
    return sorted(entries, key=lambda entry: str(entry["path"]))


def _contents(asked: Asked) -> web.Response:
    files = asked.repository.files(asked.query("ref"))
    if files is None or asked.parts["path"] not in files:
        return said({"message": "Not Found", "status": "404"}, 404)
    if "raw" not in asked.request.headers["Accept"]:
        return said({"message": "only raw content is played here"}, 501)
    return web.Response(
        body=asked.repository.blobs[files[asked.parts["path"]][1]],
        content_type="application/vnd.github.raw+json",
    )


def _commit(asked: Asked) -> web.Response:
    if (commit := asked.repository.commits.get(asked.parts["sha"])) is None:
        return said({"message": "Not Found", "status": "404"}, 404)
    return said({"sha": commit.sha, "tree": {"sha": commit.tree}, "message": commit.message})


def _make_tree(asked: Asked) -> web.Response:
    repository, body = asked.repository, asked.body
    if (files := repository.trees.get(body["base_tree"])) is None:
        raise RefusedError("base_tree is not a valid tree oid")
    files = dict(files)
    for entry in body["tree"]:
        path = entry["path"]
        if set(entry) not in ({"path", "mode", "type", "content"}, {"path", "mode", "type", "sha"}):
            raise RefusedError("tree.sha and tree.content cannot both be given")
        if entry["type"] != "blob" or entry["mode"] not in (PLAIN, EXECUTABLE):
            raise RefusedError("tree.mode must be one of 100644, 100755")
        if path.startswith(".github/workflows/"):
            return said({"message": "refusing to allow a token to create or update workflow"}, 403)
        if (
            path.startswith("/")
            or ".." in path.split("/")
            or "" in path.split("/")
            or ".git" in path.split("/")
        ):
            raise RefusedError("tree.path contains a malformed path component")
        if "content" in entry:
            files[path] = (entry["mode"], repository.blob(entry["content"]))
        elif entry["sha"] is not None or path not in files:
            raise RefusedError("GitRPC::BadObjectState")
        else:
            del files[path]
    return said({"sha": repository.tree(files), "truncated": False}, 201)


def _make_commit(asked: Asked) -> web.Response:
    body = asked.body
    made = asked.repository.commit(body["tree"], body["message"], body["parents"], asked.token.user)
    return said({"sha": made.sha, "tree": {"sha": made.tree}}, 201)


def _make_ref(asked: Asked) -> web.Response:
    name = str(asked.body["ref"])
    if not name.startswith("refs/heads/") or asked.body["sha"] not in asked.repository.commits:
        raise RefusedError("Reference name must start with refs/heads/, and the object must exist")
    branch = name.removeprefix("refs/heads/")
    if branch in asked.repository.branches:
        raise RefusedError("Reference already exists")
    asked.repository.branches[branch] = asked.body["sha"]
    return said({"ref": name}, 201)


def _delete_ref(asked: Asked) -> web.Response:
    if asked.parts["name"] not in asked.repository.branches:
        raise RefusedError("Reference does not exist")
    asked.repository.delete(asked.parts["name"])
    return web.Response(status=204)


def _pull(pull: PullRequest, name: str, *, listed: bool = False) -> dict[str, Any]:
    head = {"ref": pull.head, "sha": pull.head_sha, "repo": {"id": 2 if pull.fork else 1}}
    told: dict[str, Any] = {
        "number": pull.number,
        "title": pull.title,
        "body": pull.body or None,
        "html_url": f"https://github.example/{name}/pull/{pull.number}",
        "state": "open" if pull.state == "open" else "closed",
        "draft": pull.draft,
        "user": {"login": pull.author},
        "labels": [{"id": number, "name": label} for number, label in enumerate(pull.labels)],
        "head": head if pull.fork != "deleted" else {**head, "repo": None},
        "base": {"ref": pull.base, "sha": "0" * 40, "repo": {"id": 1}},
        "created_at": pull.created_at,
        "updated_at": pull.updated_at,
        "merged_at": pull.merged_at,
    }
    if not listed:
        told["merged_by"] = {"login": pull.merged_by} if pull.merged_by else None
    return told


def _pulls(asked: Asked) -> web.Response:
    head, base = asked.query("head"), asked.query("base")
    pulls = [
        pull
        for pull in asked.repository.pulls.values()
        if pull.state == "open"
        # Without the owner's name the real one does not filter at all.
        and (":" not in head or f"{asked.repository.name.partition('/')[0]}:{pull.head}" == head)
        and base in ("", pull.base)
    ]
    pulls.sort(key=lambda pull: pull.updated_at, reverse=asked.query("direction") == "desc")
    size, page = min(int(asked.query("per_page", "30")), 100), int(asked.query("page", "1"))
    rest = len(pulls) > page * size
    headers = {"Link": f'<{asked.request.url}&page={page + 1}>; rel="next"'} if rest else {}
    shown = pulls[(page - 1) * size : page * size]
    return said([_pull(pull, asked.repository.name, listed=True) for pull in shown], headers=headers)


def _one_pull(asked: Asked) -> web.Response:
    if (pull := asked.repository.pulls.get(int(asked.parts["number"]))) is None:
        return said({"message": "Not Found", "status": "404"}, 404)
    if "diff" in asked.request.headers["Accept"]:
        return web.Response(text=pull.diff, content_type="application/vnd.github.diff")
    return said(_pull(pull, asked.repository.name))


def _make_pull(asked: Asked) -> web.Response:
    repository, body = asked.repository, asked.body
    head, base = body["head"], body["base"]
    if head not in repository.branches or base not in repository.branches:
        raise RefusedError("head or base is invalid")
    if body.get("draft") and repository.private and not repository.paid:
        return said(
            {"message": "Draft pull requests are not supported in this repository.", "status": "422"}, 422
        )
    if any(pull.head == head and pull.state == "open" for pull in repository.pulls.values()):
        raise RefusedError(f"A pull request already exists for {head}.")
    if not repository.differs(head, base):
        raise RefusedError(f"No commits between {base} and {head}")
    made = repository.open(
        body["title"],
        head,
        base=base,
        author=asked.token.user,
        body=body["body"],
        draft=bool(body.get("draft")),
    )
    return said(_pull(made, repository.name), 201)


def _change_pull(asked: Asked) -> web.Response:
    pull = asked.repository.pulls[int(asked.parts["number"])]
    if asked.body["state"] != "closed" or pull.state == "merged":
        raise RefusedError("state is invalid")
    asked.repository.close(pull.number)
    return said(_pull(pull, asked.repository.name))


def _label(asked: Asked) -> web.Response:
    asked.repository.pulls[int(asked.parts["number"])].labels += asked.body["labels"]
    return said([])


def _files(asked: Asked) -> web.Response:
    pull = asked.repository.pulls[int(asked.parts["number"])]
    words = {"added": "added", "deleted": "removed", "changed": "modified"}
    changed = asked.repository.differs(pull.head_sha, pull.base)
    return said(
        [
            {"filename": path, "status": words[state], "additions": 1, "deletions": 1}
            for state, path in changed
        ]
    )


def _check_runs(asked: Asked) -> web.Response:
    runs = asked.repository.checks.get(asked.parts["sha"], [])
    return said({"total_count": len(runs), "check_runs": runs})


def _workflow_runs(asked: Asked) -> web.Response:
    runs = asked.repository.checks.get(asked.query("head_sha"), [])
    return said({"total_count": len(runs), "workflow_runs": runs})


def _status(asked: Asked) -> web.Response:
    statuses = asked.repository.statuses.get(asked.parts["sha"], [])
    # Without any it is called pending.
    return said({"state": "pending", "total_count": len(statuses), "statuses": statuses})


def _reviews(asked: Asked) -> web.Response:
    return said(asked.repository.pulls[int(asked.parts["number"])].reviews)


def _route(method: str, path: str, handler: Any, right: str, *fields: str) -> Route:
    return Route(method, re.compile(_REPOSITORY + path), handler, right, frozenset(fields))


_ROUTES = (
    _route("GET", "", _repository, "metadata:read"),
    _route("GET", r"/branches/(?P<name>[^/]+)", _branch, "contents:read"),
    _route("GET", r"/rules/branches/(?P<name>[^/]+)", _rules, "metadata:read"),
    _route("GET", r"/git/trees/(?P<sha>[0-9a-f]{40})", _tree, "contents:read"),
    _route("GET", r"/git/commits/(?P<sha>[0-9a-f]{40})", _commit, "contents:read"),
    _route("GET", r"/contents/(?P<path>.+)", _contents, "contents:read"),
    _route("POST", "/git/trees", _make_tree, "contents:write", "base_tree!", "tree!"),
    _route("POST", "/git/commits", _make_commit, "contents:write", "message!", "tree!", "parents!"),
    _route("POST", "/git/refs", _make_ref, "contents:write", "ref!", "sha!"),
    _route("DELETE", r"/git/refs/heads/(?P<name>.+)", _delete_ref, "contents:write"),
    _route("GET", "/pulls", _pulls, "pull_requests:read"),
    _route("POST", "/pulls", _make_pull, "pull_requests:write", "title!", "head!", "base!", "body", "draft"),
    _route("GET", r"/pulls/(?P<number>\d+)", _one_pull, "pull_requests:read"),
    _route("PATCH", r"/pulls/(?P<number>\d+)", _change_pull, "pull_requests:write", "state!"),
    _route("GET", r"/pulls/(?P<number>\d+)/files", _files, "pull_requests:read"),
    _route("GET", r"/pulls/(?P<number>\d+)/reviews", _reviews, "pull_requests:read"),
    _route("POST", r"/issues/(?P<number>\d+)/labels", _label, "pull_requests:write", "labels!"),
    _route("GET", r"/commits/(?P<sha>[0-9a-f]{40})/check-runs", _check_runs, "checks:read"),
    _route("GET", r"/commits/(?P<sha>[0-9a-f]{40})/status", _status, "statuses:read"),
    _route("GET", "/actions/runs", _workflow_runs, "actions:read"),
)
