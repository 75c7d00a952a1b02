"""The dashboard that the integration brings, added to the house as its "Add dashboard" dialog does."""

from typing import Any

from .client import Client

PATH = "homelab-ai"
_CONFIG: dict[str, Any] = {"strategy": {"type": "custom:homelab-ai"}}


async def install(client: Client) -> None:
    """Write it over the API that the dashboard editor uses."""
    async with client.websocket() as websocket:
        existing = await websocket.command("lovelace/dashboards/list")
        if not any(dashboard["url_path"] == PATH for dashboard in existing):
            await websocket.command(
                "lovelace/dashboards/create", url_path=PATH, title="Homelab", icon="mdi:server-network"
            )
        await websocket.command("lovelace/config/save", url_path=PATH, config=_CONFIG)
