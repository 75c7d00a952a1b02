"""A standby hub: another Ollama server for the time the first does not answer."""

from typing import Any

from homeassistant.config_entries import SubentryFlowResult

from .connection import ConnectionFlow
from .form import SubentryFlow

_NAME = "Standby hub"


class StandbyHubFlow(ConnectionFlow[SubentryFlowResult], SubentryFlow):
    """Adds or changes a standby hub."""

    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Add a hub."""
        return await self._ask_connection("user", user_input, _NAME, {"url": "http://"})

    async def async_step_reconfigure(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Change a hub."""
        subentry = self._get_reconfigure_subentry()
        return await self._ask_connection(
            "reconfigure", user_input, subentry.title, subentry.data, subentry.subentry_id
        )

    async def _connected(self, name: str, data: dict[str, Any]) -> SubentryFlowResult:
        return self._save(name, data)
