"""A homelab whose hub, cluster and alerts can be broken."""

from collections.abc import AsyncGenerator
from typing import Any

import pytest

from demo.servers.kubernetes import ApiServer, HomelabCluster, homelab_cluster
from tests import systems


class Alerts(systems.Alerts):
    """Alerts that say `more` than their names."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.more: dict[str, Any] = {}

    def _alert(self, name: str, severity: str) -> dict[str, Any]:
        return super()._alert(name, severity) | self.more


@pytest.fixture
async def api_server(socket_enabled: None) -> AsyncGenerator[ApiServer]:
    async with ApiServer() as server:
        yield server


@pytest.fixture
def cluster(api_server: ApiServer) -> HomelabCluster:
    return homelab_cluster(api_server)


@pytest.fixture
async def alerts(socket_enabled: None) -> AsyncGenerator[Alerts]:
    async with Alerts() as server:
        yield server
