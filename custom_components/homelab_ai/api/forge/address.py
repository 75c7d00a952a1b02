"""Where a repository is: the spellings of people, of Git and of clusters, and which forge is behind one."""

from collections.abc import Callable, Mapping
import re

import aiohttp
from yarl import URL

from ..answers import Json, json_of, object_in
from ..errors import ApiAuthenticationError, ApiForeignError
from ..http import Answer, Connection, fetch
from .forge import Forge
from .gitea import GiteaForge
from .github import PUBLIC, GitHubForge
from .gitlab import GitLabForge

_GITLAB = "https://gitlab.com"
_MOST_SEGMENTS = 12
_SCP = re.compile(r"(?:[\w.-]{1,64}@)?([\w.-]{1,253}):(?!//)(?!\d{1,5}/)/?(.+)")
_SCHEMES = {"ssh": "https", "git+ssh": "https", "git": "https", "http": "http", "https": "https"}
# What follows the name of a repository in a browser's address.
_PAGE = re.compile(
    r"(?:/-(?:/.*)?|/src/(?:branch|commit|tag)/.*|/(?:tree|blob|pull|pulls|issues|commits?)/.+"
    r"|/(?:pulls|issues|branches|commits|settings|actions|wiki))/?$"
)
_REFUSED = (401, 403)


def repository_url(typed: str) -> str:
    """Return the address of a repository's page from any way to write it, for example `git@host:lab/k8s.git`.

    The port of SSH says nothing of the page's; user and password are dropped. Raises ValueError.
    """
    typed = typed.strip()
    if (match := _SCP.fullmatch(typed)) and ("." in match[1] or match[1] == "localhost"):
        typed = f"ssh://{match[1]}/{match[2]}"
    url = URL(typed)
    if (scheme := _SCHEMES.get(url.scheme)) is None or not url.host:
        raise ValueError("no address of a repository")
    path = _PAGE.sub("", url.path)
    segments = [part.removesuffix(".git") for part in path.split("/") if part][:_MOST_SEGMENTS]
    if len(segments) < 2:
        raise ValueError("no repository is named")
    port = url.explicit_port if scheme == url.scheme else None
    return str(URL.build(scheme=scheme, host=url.host, port=port, path=f"/{'/'.join(segments)}"))


async def find_forge(session: aiohttp.ClientSession, connection: Connection) -> Forge:
    """Return the forge of a repository; the connection's address is that of `repository_url`.

    Two of the public ones are known by their names, all others are asked. Raises ApiError.
    """
    url = URL(connection.url)
    parts = [part for part in url.path.split("/") if part]
    origin = str(url.origin())
    if origin in (PUBLIC, "https://www.github.com"):
        return GitHubForge(session, connection, PUBLIC, "/".join(parts[:2]))
    if origin == _GITLAB:
        return GitLabForge(session, connection, origin, "/".join(parts))
    # The forge may be below a path of its own, and only GitLab's groups may have groups.
    for length in range(max(1, len(parts) - 1)):
        root = "/".join([origin, *parts[:length]])
        if (kind := await _kind_at(session, connection, root)) is not None:
            rest = parts[length:] if kind is GitLabForge else parts[length : length + 2]
            return kind(session, connection, root, "/".join(rest))
    raise ApiForeignError("neither Gitea, Forgejo, GitHub nor GitLab")


async def _kind_at(
    session: aiohttp.ClientSession, connection: Connection, root: str
) -> type[GiteaForge | GitHubForge | GitLabForge] | None:
    """Return whose API is below an address, None where there is none. Raises ApiError."""
    for path, kind in (
        ("/api/v1/version", GiteaForge),
        ("/api/v4/version", GitLabForge),
        ("/api/v3/meta", GitHubForge),
    ):
        asked = Connection(root, connection.headers, connection.tls)
        answer = await fetch(session, asked, "GET", path)
        told = _object(answer)
        if answer.status in _REFUSED and isinstance(told.get("message"), str):
            raise ApiAuthenticationError(f"{answer.status}: the token is not accepted")
        if answer.status == 200 and _MARKS[kind](answer, told):
            return kind
    return None


def _object(answer: Answer) -> Json:
    try:
        return object_in(json_of(answer.body))
    except ValueError:
        return {}


_MARKS: Mapping[type[Forge], Callable[[Answer, Json], bool]] = {
    GiteaForge: lambda answer, told: isinstance(told.get("version"), str) and "revision" not in told,
    GitLabForge: lambda answer, told: isinstance(told.get("revision"), str),
    GitHubForge: lambda answer, told: (
        "x-github-enterprise-version" in answer.headers or "installed_version" in told
    ),
}
