"""The conditions: whether the homelab is well, a hub answers, a model is loaded."""

from collections.abc import Iterator, Mapping
from typing import Any, Unpack

import voluptuous as vol

from homeassistant.const import ATTR_DEVICE_ID, CONF_MODEL, CONF_OPTIONS, CONF_TARGET
from homeassistant.core import HomeAssistant
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.condition import Condition, ConditionCheckParams, ConditionConfig
from homeassistant.helpers.typing import ConfigType

from .const import DOMAIN
from .coordinator import HomelabConfigEntry, HubCoordinator
from .events import devices_of, source_of
from .health.ledger import Health


class _HomelabCondition(Condition):
    """A condition with options, read off what is known: no condition waits for a network."""

    options_schema = vol.Schema({})

    @classmethod
    async def async_validate_config(cls, hass: HomeAssistant, config: ConfigType) -> ConfigType:
        """Return the options as they are used, with defaults."""
        schema = vol.Schema(
            {
                vol.Optional(CONF_OPTIONS, default=dict): cls.options_schema,
                vol.Optional(CONF_TARGET): cv.TARGET_FIELDS,
            }
        )
        validated: ConfigType = schema(config)
        return validated

    def __init__(self, hass: HomeAssistant, config: ConditionConfig) -> None:
        """Keep the options."""
        super().__init__(hass, config)
        self._options: Mapping[str, Any] = config.options or {}
        self._target: Mapping[str, Any] | None = config.target

    def _sources(self) -> set[str | None] | None:
        """Return what the target stands for, None where there is none; areas and labels are those of now."""
        devices = devices_of(self._hass, self._target)
        return None if devices is None else {source_of(self._hass, device) for device in devices}

    def _entries(self) -> list[HomelabConfigEntry]:
        """Return the homelabs that run, of those that the target is part of."""
        entries: list[HomelabConfigEntry] = self._hass.config_entries.async_loaded_entries(DOMAIN)
        if (sources := self._sources()) is None:
            return entries
        return [entry for entry in entries if sources & {entry.entry_id, *entry.subentries}]

    def _hubs(self) -> Iterator[HubCoordinator]:
        """Yield the hubs that options and target name, all where they name none."""
        wanted = {source_of(self._hass, device) for device in self._options[ATTR_DEVICE_ID]}
        sources = self._sources()
        for entry in self._entries():
            for hub in entry.runtime_data.hubs:
                if (not wanted or hub.stem in wanted) and (sources is None or hub.stem in sources):
                    yield hub


class IsHealthyCondition(_HomelabCondition):
    """Every homelab is well, or each that the target is part of."""

    def _async_check(self, **kwargs: Unpack[ConditionCheckParams]) -> bool:
        entries = self._entries()
        return bool(entries) and all(entry.runtime_data.health.data.health is Health.OK for entry in entries)


class HubIsOnlineCondition(_HomelabCondition):
    """Any of the hubs answers."""

    options_schema = vol.Schema(
        {vol.Optional(ATTR_DEVICE_ID, default=list): vol.All(cv.ensure_list, [cv.string])}
    )

    def _async_check(self, **kwargs: Unpack[ConditionCheckParams]) -> bool:
        return any(hub.data.state.online for hub in self._hubs())


class ModelIsLoadedCondition(_HomelabCondition):
    """Any of the hubs has the model in memory; any model where none is named."""

    options_schema = vol.Schema(
        {
            vol.Optional(ATTR_DEVICE_ID, default=list): vol.All(cv.ensure_list, [cv.string]),
            vol.Optional(CONF_MODEL): cv.string,
        }
    )

    def _async_check(self, **kwargs: Unpack[ConditionCheckParams]) -> bool:
        model = self._options.get(CONF_MODEL)
        return any(
            hub.data.state.find_loaded(model) is not None if model else bool(hub.data.state.loaded)
            for hub in self._hubs()
        )


_CONDITIONS: dict[str, type[Condition]] = {
    "is_healthy": IsHealthyCondition,
    "hub_is_online": HubIsOnlineCondition,
    "model_is_loaded": ModelIsLoadedCondition,
}


async def async_get_conditions(hass: HomeAssistant) -> dict[str, type[Condition]]:
    """Return the conditions by their names."""
    return _CONDITIONS
