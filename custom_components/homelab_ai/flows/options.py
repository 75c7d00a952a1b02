"""The options of a homelab."""

from typing import Any

import voluptuous as vol

from homeassistant.config_entries import ConfigFlowResult, OptionsFlow
from homeassistant.helpers.selector import (
    BooleanSelector,
    EntitySelector,
    EntitySelectorConfig,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
)

from ..const import (
    CONF_ASSIST_TOOLS,
    CONF_CHECK_UPDATES,
    CONF_HABITS,
    CONF_NETWORK,
    CONF_VRAM_TOTAL,
    CONF_WAKE_ENTITY,
)
from .form import FormFlow

_SCHEMA = vol.Schema(
    {
        vol.Optional(CONF_VRAM_TOTAL): NumberSelector(
            NumberSelectorConfig(min=1, step="any", unit_of_measurement="GiB", mode=NumberSelectorMode.BOX)
        ),
        vol.Required(CONF_CHECK_UPDATES, default=False): BooleanSelector(),
        vol.Optional(CONF_WAKE_ENTITY): EntitySelector(
            EntitySelectorConfig(domain=["button", "script", "switch"])
        ),
        vol.Required(CONF_ASSIST_TOOLS, default=True): BooleanSelector(),
        vol.Required(CONF_HABITS, default=False): BooleanSelector(),
        vol.Required(CONF_NETWORK, default=False): BooleanSelector(),
    }
)


class HomelabOptionsFlow(FormFlow[ConfigFlowResult], OptionsFlow):
    """Changes the options of a homelab."""

    async def async_step_init(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for all of them."""
        if user_input is None:
            return self._form("init", _SCHEMA, self.config_entry.options)
        return self.async_create_entry(data=user_input)
