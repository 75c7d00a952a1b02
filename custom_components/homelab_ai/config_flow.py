"""The config flow: a homelab with its first hub and first model, and what can be added to it later."""

from collections.abc import Mapping
from typing import Any

import voluptuous as vol

from homeassistant.config_entries import (
    SOURCE_RECONFIGURE,
    ConfigEntry,
    ConfigFlow,
    ConfigFlowResult,
    ConfigSubentryFlow,
)
from homeassistant.const import CONF_API_KEY, CONF_MODEL, CONF_URL
from homeassistant.core import callback
from homeassistant.helpers.selector import BooleanSelector

from .const import AI_TASK_DATA, CONF_ADVANCED, CONF_HEADERS, CONVERSATION, DOMAIN, HUB, SYSTEM
from .flows.agent import AgentFlow, first_agents
from .flows.assistant import CONF_ASSISTANT, is_free, take_over
from .flows.connection import (
    ConnectionFlow,
    advanced_form,
    check,
    connected,
    credentials,
    credentials_schema,
    suggested_url,
)
from .flows.form import FormError, started_if_changed
from .flows.model import ModelFlow, best_model, model_selector
from .flows.monitor import SystemFlow
from .flows.options import HomelabOptionsFlow
from .flows.standby import StandbyHubFlow
from .hub.server import HubServer
from .hub.state import HubState
from .migration import MINOR_VERSION

NAME = "Homelab"


class HomelabConfigFlow(
    ConnectionFlow[ConfigFlowResult], ModelFlow[ConfigFlowResult], ConfigFlow, domain=DOMAIN
):
    """Adds a homelab, lets it in again, and changes its connection."""

    MINOR_VERSION = MINOR_VERSION

    _name = NAME
    _typed: Mapping[str, Any]
    _states: tuple[HubState, ...] = ()

    @staticmethod
    @callback
    def async_get_options_flow(config_entry: ConfigEntry) -> HomelabOptionsFlow:
        """Return the flow of the options."""
        return HomelabOptionsFlow()

    @classmethod
    @callback
    def async_get_supported_subentry_types(
        cls, config_entry: ConfigEntry
    ) -> dict[str, type[ConfigSubentryFlow]]:
        """Return what a homelab can consist of."""
        return {
            CONVERSATION: AgentFlow,
            AI_TASK_DATA: AgentFlow,
            HUB: StandbyHubFlow,
            SYSTEM: SystemFlow,
        }

    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for the first hub."""
        known = {CONF_URL: suggested_url(self.hass)}
        return await self._ask_connection("user", user_input, NAME, known)

    async def async_step_reconfigure(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Change name and connection."""
        entry = self._get_reconfigure_entry()
        return await self._ask_connection("reconfigure", user_input, entry.title, entry.data, entry.entry_id)

    async def _connected(self, name: str, data: dict[str, Any]) -> ConfigFlowResult:
        if self.source == SOURCE_RECONFIGURE:
            return self._save(self._get_reconfigure_entry(), name, data)
        self._name, self._hub = name, data
        return await self.async_step_model()

    async def async_step_model(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for the model of the first agents."""
        self._typed = user_input or {}
        try:
            async with connected(self.hass, self._hub) as client:
                self._states = (await HubServer(self._name, client).look(),)
        except FormError as err:
            return await self._model_form(err)
        best = best_model(self._states)
        if user_input is None:
            self._typed = {CONF_MODEL: best} if best else {}
            return await self._model_form()
        if model := user_input.get(CONF_MODEL, "").strip() or best:
            return await self._take(model, self._states)
        return self._create(None)

    async def _model_form(self, error: FormError | None = None) -> ConfigFlowResult:
        fields: dict[vol.Marker, Any] = {
            vol.Optional(CONF_MODEL): await model_selector(self.hass, self._states)
        }
        if is_free(self.hass):
            fields[vol.Required(CONF_ASSISTANT, default=True)] = BooleanSelector()
        return self._form("model", vol.Schema(fields), self._typed, error)

    async def _chosen(self, model: str) -> ConfigFlowResult:
        return self._create(model)

    def _create(self, model: str | None) -> ConfigFlowResult:
        return self.async_create_entry(
            title=self._name,
            data=self._hub,
            subentries=first_agents(model),
            description="agent" if model else None,
        )

    async def async_on_create_entry(self, result: ConfigFlowResult) -> ConfigFlowResult:
        """Make Jarvis the voice assistant if that is wanted, and say what to ask."""
        if self._typed.get(CONF_ASSISTANT) and await take_over(self.hass, result["result"]):
            result["description"] = "assistant"
        return result

    async def async_step_reauth(self, entry_data: Mapping[str, Any]) -> ConfigFlowResult:
        """Begin when the hub refuses the key."""
        return await self.async_step_reauth_confirm()

    async def async_step_reauth_confirm(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for another key."""
        entry = self._get_reauth_entry()
        if user_input is None:
            return self._credentials_form(entry, {CONF_ADVANCED: advanced_form(entry.data)})
        data = {key: entry.data[key] for key in entry.data.keys() - {CONF_API_KEY, CONF_HEADERS}}
        try:
            data |= credentials(user_input, entry.data)
            await check(self.hass, data)
        except FormError as err:
            return self._credentials_form(entry, user_input, err)
        return self._save(entry, entry.title, data)

    def _credentials_form(
        self, entry: ConfigEntry, form: Mapping[str, Any], error: FormError | None = None
    ) -> ConfigFlowResult:
        return self._form("reauth_confirm", credentials_schema(error), form, error, url=entry.data[CONF_URL])

    def _save(self, entry: ConfigEntry, title: str, data: Mapping[str, Any]) -> ConfigFlowResult:
        with started_if_changed(self.hass, entry):
            return self.async_update_and_abort(entry, title=title, data=data)
