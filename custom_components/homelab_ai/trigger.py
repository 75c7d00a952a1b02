"""The triggers: problems that come and go, hubs that come and go, models that are loaded and unloaded.

They listen to the integration's events on Home Assistant's bus, so they outlive a reload of the entry.
"""

from collections.abc import Mapping
from typing import Any

import voluptuous as vol

from homeassistant.const import ATTR_DEVICE_ID, ATTR_ENTITY_ID, CONF_MODEL, CONF_OPTIONS, CONF_TARGET
from homeassistant.core import CALLBACK_TYPE, Event, HomeAssistant, callback
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.trigger import (
    Trigger,
    TriggerActionRunner,
    TriggerConfig,
    TriggerNotTriggeredReporter,
)
from homeassistant.helpers.typing import ConfigType

from .events import EVENT_HUB, EVENT_PROBLEM, HubEvent, devices_of, source_of, sources_of
from .health.kinds import KINDS
from .health.ledger import ChangeKind
from .health.problem import Severity
from .hub.state import full_name

CONF_KIND = "kind"
CONF_SEVERITY = "severity"
CONF_SOURCE = "source"

_DEVICES = vol.All(cv.ensure_list, [cv.string])


class _EventTrigger(Trigger):
    """A trigger that fires on some of the integration's events."""

    event: str
    event_type: str
    options_schema: vol.Schema

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

    def __init__(self, hass: HomeAssistant, config: TriggerConfig) -> None:
        """Keep the options."""
        super().__init__(hass, config)
        self._options: Mapping[str, Any] = config.options or {}
        self._target: Mapping[str, Any] | None = config.target

    def _sources(self, device_id: str) -> frozenset[str]:
        """Return the sources of events that a device stands for."""
        raise NotImplementedError

    def _is_meant(self, data: Mapping[str, Any]) -> bool:
        """Return whether the target wants this event; areas and labels are those of now."""
        devices = devices_of(self._hass, self._target)
        return devices is None or any(data[CONF_SOURCE] in self._sources(device) for device in devices)

    def _matches(self, data: Mapping[str, Any]) -> bool:
        """Return whether the options want this event."""
        raise NotImplementedError

    def _payload(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """Return what templates find at `trigger`."""
        return dict(data)

    async def async_attach_runner(
        self,
        run_action: TriggerActionRunner,
        did_not_trigger: TriggerNotTriggeredReporter | None = None,
    ) -> CALLBACK_TYPE:
        """Run the action for each event that the options want."""

        @callback
        def run(event: Event[Mapping[str, Any]]) -> None:
            data = event.data
            if data["type"] == self.event_type and self._matches(data) and self._is_meant(data):
                payload = self._payload(data)
                run_action(payload, f"{self.event_type} {data['name']}", event.context)

        return self._hass.bus.async_listen(self.event, run)


class _ProblemTrigger(_EventTrigger):
    """A change of a problem."""

    event = EVENT_PROBLEM
    options_schema = vol.Schema(
        {
            vol.Optional(CONF_SEVERITY, default=list): vol.All(
                cv.ensure_list, [vol.In([one.value for one in Severity])]
            ),
            vol.Optional(CONF_KIND, default=list): vol.All(cv.ensure_list, [vol.In(list(KINDS))]),
            vol.Optional(CONF_SOURCE, default=list): _DEVICES,
        }
    )

    def _sources(self, device_id: str) -> frozenset[str]:
        return sources_of(self._hass, device_id)

    def _matches(self, data: Mapping[str, Any]) -> bool:
        devices = self._options[CONF_SOURCE]
        return all(
            not self._options[key] or data[key] in self._options[key] for key in (CONF_SEVERITY, CONF_KIND)
        ) and (not devices or any(data[CONF_SOURCE] in self._sources(device) for device in devices))

    def _payload(self, data: Mapping[str, Any]) -> dict[str, Any]:
        # `trigger.id` is Home Assistant's own: it says which of several triggers it was.
        # The entity is for the logbook only.
        told = {key: value for key, value in data.items() if key != ATTR_ENTITY_ID}
        return {("problem_id" if key == "id" else key): value for key, value in told.items()}


class ProblemRaisedTrigger(_ProblemTrigger):
    """Something in the homelab is wrong that was not before."""

    event_type = ChangeKind.RAISED


class ProblemResolvedTrigger(_ProblemTrigger):
    """Something in the homelab is well again."""

    event_type = ChangeKind.RESOLVED


class _HubTrigger(_EventTrigger):
    """A change of a hub."""

    event = EVENT_HUB
    options_schema = vol.Schema(
        {vol.Optional(ATTR_DEVICE_ID, default=list): _DEVICES, vol.Optional(CONF_MODEL): cv.string}
    )

    def _sources(self, device_id: str) -> frozenset[str]:
        source = source_of(self._hass, device_id)
        return frozenset((source,) if source else ())

    def _matches(self, data: Mapping[str, Any]) -> bool:
        devices, model = self._options[ATTR_DEVICE_ID], self._options.get(CONF_MODEL)
        return (not model or full_name(data.get(CONF_MODEL, "")) == full_name(model)) and (
            not devices or any(data[CONF_SOURCE] in self._sources(device) for device in devices)
        )


class HubOnlineTrigger(_HubTrigger):
    """A hub answers again."""

    event_type = HubEvent.ONLINE


class HubOfflineTrigger(_HubTrigger):
    """A hub does not answer any more."""

    event_type = HubEvent.OFFLINE


class ModelLoadedTrigger(_HubTrigger):
    """A model is in memory that was not before."""

    event_type = HubEvent.MODEL_LOADED


class ModelUnloadedTrigger(_HubTrigger):
    """A model has left memory."""

    event_type = HubEvent.MODEL_UNLOADED


_TRIGGERS: dict[str, type[Trigger]] = {
    "problem_raised": ProblemRaisedTrigger,
    "problem_resolved": ProblemResolvedTrigger,
    "hub_online": HubOnlineTrigger,
    "hub_offline": HubOfflineTrigger,
    "model_loaded": ModelLoadedTrigger,
    "model_unloaded": ModelUnloadedTrigger,
}


async def async_get_triggers(hass: HomeAssistant) -> dict[str, type[Trigger]]:
    """Return the triggers by their names."""
    return _TRIGGERS
