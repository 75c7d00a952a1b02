"""What Gitea lets pass and Forgejo does not, and what both say badly; no real one is needed for it."""

import aiohttp
import pytest

from custom_components.homelab_ai.api.errors import ApiResponseError
from custom_components.homelab_ai.api.forge.change import Change, Create, Delete, Update
from custom_components.homelab_ai.api.forge.gitea import GiteaForge, _operation
from custom_components.homelab_ai.api.http import Connection

from ..conftest import Serve
from ..serving import body
from .conftest import bearer


@pytest.mark.parametrize(
    ("change", "operation"),
    [
        (Create("a", "x"), {"operation": "create", "path": "a", "content": "eA=="}),
        (Update("a", "x", "1"), {"operation": "update", "path": "a", "content": "eA==", "sha": "1"}),
        (Delete("a", "1"), {"operation": "delete", "path": "a", "sha": "1"}),
    ],
)
def test_forgejo_gets_what_it_knows(change: Change, operation: dict[str, str]) -> None:
    """Three operations, and the SHA of whatever is there already: else it fails (its update.go)."""
    assert _operation(change) == operation


async def test_500_without_a_message(session: aiohttp.ClientSession, serve: Serve) -> None:
    server = await serve(body('{"message": "", "url": "http://forge/api/swagger"}', 500))
    forge = GiteaForge(session, Connection("", bearer("a-token")), server.url, "lab/k8s")
    with pytest.raises(ApiResponseError) as caught:
        await forge.pull_requests()
    assert (str(caught.value), caught.value.status) == ("500", 500)
