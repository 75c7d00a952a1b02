"""Forges for the tests: a real Gitea where it was built, and the simulated GitHub and GitLab."""

from collections.abc import AsyncGenerator, Callable, Generator
from itertools import count

import aiohttp
import pytest
import pytest_socket

from custom_components.homelab_ai.api.forge.gitea import GiteaForge
from custom_components.homelab_ai.api.http import Connection
from demo.servers.forge.gitea import Gitea
from demo.servers.forge.github import GitHub
from demo.servers.forge.gitlab import GitLab

BOT = "ha-bot"
FILES = {
    "README.md": "# Lab\n",
    "kubernetes/apps/ai/kustomization.yaml": "resources:\n  - ./ollama/ks.yaml\n",
    "kubernetes/apps/ai/ollama/ks.yaml": "a: 1\n",
    "kubernetes/apps/ai/paperless-ai/ks.dis": "a: ü\n",
    "kubernetes/flux/cluster/ks.yaml": "path: ./kubernetes/apps\n",
}
ALLOWED = ("kubernetes/apps",)

_NUMBERS = count()


def bearer(token: str) -> dict[str, str]:
    """The header that lets us in."""
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture(scope="session")
def gitea() -> Generator[Gitea]:
    """One real Gitea for all tests of this process."""
    # No test has opened its own sockets yet; its fixture does that afterwards.
    pytest_socket.enable_socket()
    with Gitea() as running:
        running.add_user(BOT)
        pytest_socket.disable_socket(allow_unix_socket=True)
        yield running


@pytest.fixture
def repository(gitea: Gitea, socket_enabled: None) -> str:
    """A private repository of a person in which the bot may write."""
    name = gitea.add_repository(f"lab-{next(_NUMBERS)}", FILES)
    gitea.add_collaborator(name, BOT, "write")
    return name


@pytest.fixture
def reach(gitea: Gitea, repository: str, session: aiohttp.ClientSession) -> Callable[..., GiteaForge]:
    """Make clients of the bot with some scopes."""

    def make(*scopes: str, name: str = repository) -> GiteaForge:
        token = gitea.token(BOT, *(scopes or ("write:repository",)))
        return GiteaForge(session, Connection("", bearer(token)), gitea.url, name)

    return make


@pytest.fixture
async def github(socket_enabled: None) -> AsyncGenerator[GitHub]:
    """A simulated GitHub of an enterprise."""
    async with GitHub() as server:
        yield server


@pytest.fixture
async def gitlab(socket_enabled: None) -> AsyncGenerator[GitLab]:
    """A simulated GitLab."""
    async with GitLab() as server:
        yield server
