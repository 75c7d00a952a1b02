"""A standby hub: another Ollama server for the time the first does not answer."""

from typing import Any

from homeassistant.config_entries import SubentryFlowResult

from ..const import HUB
from ..errors import sentence
from .connection import ConnectionFlow
from .form import SubentryFlow


class StandbyHubFlow(ConnectionFlow[SubentryFlowResult], SubentryFlow):
    """Adds or changes a standby hub."""

    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Add a hub."""
        language = self.hass.config.language
        name = await sentence(self.hass, language, f"config_subentries.{HUB}.entry_type")
        return await self._ask_connection("user", user_input, name, {"url": "http://"})

    async def async_step_reconfigure(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Change a hub."""
        subentry = self._get_reconfigure_subentry()
        return await self._ask_connection(
            "reconfigure", user_input, subentry.title, subentry.data, subentry.subentry_id
        )

    async def _connected(self, name: str, data: dict[str, Any]) -> SubentryFlowResult:
        return self._save(name, data)
