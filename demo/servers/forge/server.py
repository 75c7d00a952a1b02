"""What the simulated forges have in common: tokens, routes, limits, and a record of what was asked."""

from abc import abstractmethod
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
import json
import re
from typing import Any
from urllib.parse import unquote

from aiohttp import web

from ..http_server import HttpServer
from .repository import Repository

type Handler = Callable[["Asked"], web.Response]


@dataclass(frozen=True, slots=True)
class Token:
    """A token: whose it is, and what it may."""

    user: str
    rights: frozenset[str]
    expires: str | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """One request that a route was found for."""

    request: web.Request
    token: Token
    repository: Repository
    parts: Mapping[str, str]
    body: Any

    def query(self, name: str, default: str = "") -> str:
        """Return a parameter."""
        return self.request.query.get(name, default)


@dataclass(frozen=True, slots=True)
class Route:
    """A path, the method, what the token needs, and the fields that the body may have (with `!`: must)."""

    method: str
    path: re.Pattern[str]
    handler: Handler
    right: str
    fields: frozenset[str] = field(default_factory=frozenset)


class ForgeServer(HttpServer):
    """A simulated forge with some repositories and tokens."""

    def __init__(self, **options: Any) -> None:
        """Prepare an empty one."""
        super().__init__(**options)
        self.repositories: dict[str, Repository] = {}
        self.tokens: dict[str, Token] = {}
        self.asked: list[tuple[str, str]] = []
        """Method and path of every request."""
        self.limited = False
        """Whether everybody is sent away for a while."""
        self.moved: dict[str, str] = {}
        """New names of repositories by their old ones."""
        self.failing: dict[str, int] = {}
        """Statuses by a part of a path: such a request is answered with it and nothing else."""

    def add(self, repository: Repository) -> Repository:
        """Add a repository."""
        self.repositories[repository.name] = repository
        return repository

    def token(self, user: str, rights: Iterable[str], expires: str | None = None) -> str:
        """Return a new token."""
        made = f"token-{len(self.tokens)}-of-{user}-0123456789"
        self.tokens[made] = Token(user, frozenset(rights), expires)
        return made

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer one request."""
        path = request.rel_url.raw_path
        if not path.startswith(f"{self.path_prefix}/"):
            return web.Response(status=404)
        path = path.removeprefix(self.path_prefix)
        self.asked.append((request.method, request.rel_url.raw_path_qs))
        for part, status in self.failing.items():
            if part in path:
                return web.Response(status=status)
        raw = await request.read()
        try:
            body = json.loads(raw) if raw else None
        except ValueError:
            return self.refuse(400, "Problems parsing JSON")
        return self.answer(request, path, body)

    @abstractmethod
    def answer(self, request: web.Request, path: str, body: Any) -> web.Response:
        """Answer a request whose body was read."""

    @abstractmethod
    def refuse(self, status: int, message: str, **more: Any) -> web.Response:
        """Return an error in the words of the forge."""


def find_route(routes: Iterable[Route], method: str, path: str) -> tuple[Route, dict[str, str]] | None:
    """Return the route of a path, and what the path names."""
    for route in routes:
        if route.method == method and (match := route.path.fullmatch(path)):
            return route, {name: unquote(value) for name, value in match.groupdict().items() if value}
    return None


def wrong_fields(route: Route, body: Any) -> str | None:
    """Return which field of a body is unknown or missing, None where all is well."""
    if not route.fields:
        return None if body is None else "body"
    if not isinstance(body, dict):
        return "body"
    known = {name.strip("!") for name in route.fields}
    missing = {name.strip("!") for name in route.fields if name.endswith("!")} - body.keys()
    return next(iter(sorted((body.keys() - known) | missing)), None)


def said(told: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> web.Response:
    """Return an answer in JSON."""
    text = json.dumps(told)
    return web.Response(status=status, text=text, content_type="application/json", headers=headers)
