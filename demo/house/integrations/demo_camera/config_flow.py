"""Adding a made-up camera: what it is called, and the host of what records it."""

from typing import Any

import voluptuous as vol

from homeassistant.config_entries import ConfigFlow, ConfigFlowResult
from homeassistant.const import CONF_HOST, CONF_NAME

from . import DOMAIN

_FORM = vol.Schema({vol.Required(CONF_NAME): str, vol.Required(CONF_HOST): str})


class DemoCameraFlow(ConfigFlow, domain=DOMAIN):
    """One step; nothing is asked whether it is there."""

    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Take name and host."""
        if user_input is None:
            return self.async_show_form(step_id="user", data_schema=_FORM)
        return self.async_create_entry(title=user_input[CONF_NAME], data=user_input)
