"""Where a repository is, and which forge is there."""

from collections.abc import Callable
from typing import Any

from aiohttp import ClientSession, web
import pytest

from custom_components.homelab_ai.api.errors import (
    ApiAuthenticationError,
    ApiConnectionError,
    ApiForeignError,
)
from custom_components.homelab_ai.api.forge.address import find_forge, repository_url
from custom_components.homelab_ai.api.forge.gitea import GiteaForge
from custom_components.homelab_ai.api.forge.github import GitHubForge
from custom_components.homelab_ai.api.forge.gitlab import GitLabForge
from custom_components.homelab_ai.api.http import Connection
from demo.servers.forge.github import WRITE as GITHUB_WRITE, GitHub
from demo.servers.forge.gitlab import WRITE as GITLAB_WRITE, GitLab
from demo.servers.forge.repository import Repository
from demo.servers.pages import HtmlServer

from ..conftest import Serve
from ..serving import body
from .conftest import BOT, bearer


@pytest.mark.parametrize(
    ("typed", "url"),
    [
        ("https://github.com/home/lab", "https://github.com/home/lab"),
        (" https://github.com/home/lab.git/ ", "https://github.com/home/lab"),
        ("https://bot:secret@github.com/home/lab", "https://github.com/home/lab"),
        ("https://github.com/home/lab/pulls", "https://github.com/home/lab"),
        ("https://github.com/home/lab/pull/12/files?x=1#y", "https://github.com/home/lab"),
        ("https://github.com/home/lab/tree/main/kubernetes/apps", "https://github.com/home/lab"),
        ("https://git.example.org/home/lab/src/branch/main/kubernetes", "https://git.example.org/home/lab"),
        ("https://gitlab.com/a/b/c/-/merge_requests/3", "https://gitlab.com/a/b/c"),
        ("https://gitlab.com/a/b/src", "https://gitlab.com/a/b/src"),
        ("http://192.168.1.5:3000/home/lab", "http://192.168.1.5:3000/home/lab"),
        ("https://nas.example.org/git/home/lab", "https://nas.example.org/git/home/lab"),
        ("git@github.com:home/lab.git", "https://github.com/home/lab"),
        ("git@gitlab.com:a/b/c.git", "https://gitlab.com/a/b/c"),
        ("github.com:home/lab", "https://github.com/home/lab"),
        ("ssh://git@git.example.org:2222/home/lab.git", "https://git.example.org/home/lab"),
        ("ssh://git@git.example.org/home/lab", "https://git.example.org/home/lab"),
        ("git+ssh://git@git.example.org/home/lab", "https://git.example.org/home/lab"),
        ("git@[::1]:home/lab", None),
        ("https://github.com/home", None),
        ("https://github.com", None),
        ("github", None),
        ("", None),
        ("file:///srv/git/lab", None),
        ("javascript:alert(1)", None),
    ],
)
def test_spellings(typed: str, url: str | None) -> None:
    if url is None:
        with pytest.raises(ValueError, match=r"."):
            repository_url(typed)
    else:
        assert repository_url(typed) == url


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("https://github.com/home/lab", GitHubForge),
        ("https://www.github.com/home/lab", GitHubForge),
        ("https://gitlab.com/a/b/c", GitLabForge),
    ],
)
async def test_public_ones_are_not_asked(url: str, kind: type[Any]) -> None:
    async with ClientSession() as session:
        assert type(await find_forge(session, Connection(url))) is kind


def gitea(path: str) -> Callable[[web.Request], Any]:
    async def answer(request: web.Request) -> web.Response:
        if request.path == f"{path}/api/v1/version":
            return web.json_response({"version": "16.0.0+gitea-1.22.0"})
        if request.path.startswith(f"{path}/api/v1/repos/"):
            return web.json_response({"full_name": request.path.partition("/repos/")[2]})
        return web.Response(status=404, text="Not found.")

    return answer


@pytest.mark.parametrize("prefix", ["", "/git", "/apps/git"])
async def test_gitea_below_a_path(session: ClientSession, serve: Serve, prefix: str) -> None:
    server = await serve(gitea(prefix))
    forge = await find_forge(session, Connection(f"{server.url}{prefix}/home/lab"))
    assert type(forge) is GiteaForge
    found = await forge.repository()
    assert (found.kind, found.name) == ("forgejo", "home/lab")


async def test_github_of_an_enterprise(session: ClientSession, github: GitHub) -> None:
    github.add(Repository("home/lab"))
    headers = bearer(github.token(BOT, GITHUB_WRITE))
    forge = await find_forge(session, Connection(f"{github.url}/home/lab", headers))
    assert (await forge.repository()).name == "home/lab"


async def test_gitlab_with_groups(session: ClientSession, gitlab: GitLab) -> None:
    gitlab.add(Repository("a/b/c/lab"))
    headers = bearer(gitlab.token(BOT, GITLAB_WRITE))
    forge = await find_forge(session, Connection(f"{gitlab.url}/a/b/c/lab", headers))
    assert (await forge.repository()).name == "a/b/c/lab"


async def test_gitlab_below_a_path(session: ClientSession, socket_enabled: None) -> None:
    async with GitLab(path_prefix="/gitlab") as server:
        server.add(Repository("home/lab"))
        headers = bearer(server.token(BOT, GITLAB_WRITE))
        forge = await find_forge(session, Connection(f"{server.url}/home/lab", headers))
        assert (await forge.repository()).name == "home/lab"


async def test_token_that_is_not_accepted(session: ClientSession, gitlab: GitLab) -> None:
    with pytest.raises(ApiAuthenticationError):
        await find_forge(session, Connection(f"{gitlab.url}/home/lab", bearer("wrong-token")))


@pytest.mark.parametrize("answer", ["{}", '{"version": 1}', "[]", "no json", '{"version": "0.12.6"}'])
async def test_something_else(session: ClientSession, serve: Serve, answer: str) -> None:
    """Whatever answers everything alike is no forge, and an Ollama's version is not one of ours."""
    server = await serve(body(answer))
    with pytest.raises(ApiForeignError):
        await (await find_forge(session, Connection(f"{server.url}/home/lab"))).repository()


async def test_a_page(session: ClientSession, socket_enabled: None) -> None:
    async with HtmlServer() as server:
        with pytest.raises(ApiForeignError):
            await find_forge(session, Connection(f"{server.url}/home/lab"))


async def test_nobody(session: ClientSession, unused_tcp_port: int) -> None:
    with pytest.raises(ApiConnectionError):
        await find_forge(session, Connection(f"http://127.0.0.1:{unused_tcp_port}/home/lab"))
