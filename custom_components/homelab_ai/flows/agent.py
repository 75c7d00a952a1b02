"""Agents: the subentries of conversations and AI tasks."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import voluptuous as vol

from homeassistant.config_entries import ConfigEntryState, ConfigSubentryData, SubentryFlowResult
from homeassistant.const import CONF_LLM_HASS_API, CONF_MODEL, CONF_NAME, CONF_PROMPT
from homeassistant.core import HomeAssistant
from homeassistant.helpers import llm
from homeassistant.helpers.selector import (
    BooleanSelector,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    SelectOptionDict,
    Selector,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TemplateSelector,
    TextSelector,
)

from ..api.errors import ApiError
from ..const import (
    AI_TASK_DATA,
    CONF_FACTS_FIRST,
    CONF_KEEP_ALIVE,
    CONF_MAX_HISTORY,
    CONF_NUM_CTX,
    CONF_NUM_PREDICT,
    CONF_OFFLINE_FALLBACK,
    CONF_PREWARM,
    CONF_TEMPERATURE,
    CONF_THINK,
    CONVERSATION,
    DEFAULT_KEEP_ALIVE,
    DEFAULT_MAX_HISTORY,
    DEFAULT_NUM_CTX,
    DEFAULT_NUM_PREDICT,
)
from ..hub.server import PROBE_TIMEOUT, HubServer
from .connection import CONNECTION_TIMEOUT
from .form import FormError, SubentryFlow
from .model import ModelFlow, model_selector

MIN_NUM_CTX = 2048
_INTEGERS = (CONF_NUM_CTX, CONF_NUM_PREDICT, CONF_KEEP_ALIVE, CONF_MAX_HISTORY)


@dataclass(frozen=True, slots=True)
class AgentKind:
    """A kind of agent: what a new one is called and how it is set; the rest may be left empty."""

    subentry_type: str
    name: str
    settings: Mapping[str, Any]
    optional: Mapping[str, Any]


_SETTINGS: Mapping[str, Any] = {
    CONF_NUM_CTX: DEFAULT_NUM_CTX,
    CONF_KEEP_ALIVE: DEFAULT_KEEP_ALIVE,
    CONF_THINK: "auto",
}
_OPTIONAL: Mapping[str, Any] = {CONF_TEMPERATURE: None}
_KINDS = (
    AgentKind(
        CONVERSATION,
        "Jarvis",
        {
            **_SETTINGS,
            CONF_NUM_PREDICT: DEFAULT_NUM_PREDICT,
            CONF_MAX_HISTORY: DEFAULT_MAX_HISTORY,
            CONF_FACTS_FIRST: True,
            CONF_PREWARM: True,
            CONF_OFFLINE_FALLBACK: True,
        },
        {
            **_OPTIONAL,
            CONF_PROMPT: llm.DEFAULT_INSTRUCTIONS_PROMPT,
            CONF_LLM_HASS_API: [llm.LLM_API_ASSIST],
        },
    ),
    AgentKind(AI_TASK_DATA, "Homelab AI Task", _SETTINGS, _OPTIONAL),
)


def first_agents(model: str | None) -> list[ConfigSubentryData]:
    """Return the agents that a new homelab begins with, none without a model."""
    if model is None:
        return []
    return [
        ConfigSubentryData(
            subentry_type=kind.subentry_type,
            title=kind.name,
            data=_data({CONF_MODEL: model, **kind.settings, **kind.optional}),
            unique_id=None,
        )
        for kind in _KINDS
    ]


class AgentFlow(ModelFlow[SubentryFlowResult], SubentryFlow):
    """Adds or changes an agent of any kind."""

    _manual = "hub.md#settings-of-an-agent"
    _step_id = ""
    _typed: Mapping[str, Any]
    _servers: list[HubServer]

    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Add an agent."""
        return await self._ask("user", user_input)

    async def async_step_reconfigure(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Change an agent."""
        return await self._ask("reconfigure", user_input)

    async def _ask(self, step_id: str, user_input: dict[str, Any] | None) -> SubentryFlowResult:
        entry = self._get_entry()
        if entry.state is not ConfigEntryState.LOADED:
            return self.async_abort(reason="entry_not_loaded")
        # A hub that is off should not keep the form from showing.
        patience = PROBE_TIMEOUT if user_input is None else CONNECTION_TIMEOUT
        self._servers = await _answering(entry.runtime_data.pool.servers, patience)
        self._step_id = step_id
        self._typed = self._suggested() if user_input is None else user_input
        if not self._servers:
            return await self._model_form(FormError("cannot_connect"))
        if user_input is None:
            return await self._model_form()
        # The most preferred of the hubs that answer is the one to get the model.
        self._server = self._servers[0]
        return await self._take(user_input[CONF_MODEL].strip(), [server.state for server in self._servers])

    @property
    def _kind(self) -> AgentKind:
        return next(kind for kind in _KINDS if kind.subentry_type == self._subentry_type)

    def _suggested(self) -> dict[str, Any]:
        """Return what the form shows at first."""
        if self._step_id == "user":
            form = {CONF_NAME: self._kind.name, **self._kind.settings, **self._kind.optional}
        else:
            subentry = self._get_reconfigure_subentry()
            prompt = self._kind.optional.get(CONF_PROMPT)
            form = {CONF_NAME: subentry.title, CONF_PROMPT: prompt, **subentry.data}
        # An API may have gone since; the field would refuse it.
        api_ids = {api.id for api in llm.async_get_apis(self.hass)}
        form[CONF_LLM_HASS_API] = [api for api in form.get(CONF_LLM_HASS_API, ()) if api in api_ids]
        return form

    async def _model_form(self, error: FormError | None = None) -> SubentryFlowResult:
        models = await model_selector(self.hass, [server.state for server in self._servers])
        return self._form(self._step_id, _schema(self.hass, self._kind, models), self._typed, error)

    async def _chosen(self, model: str) -> SubentryFlowResult:
        name = self._typed[CONF_NAME].strip() or self._kind.name
        return self._save(name, _data({**self._typed, CONF_MODEL: model}))


async def _answering(servers: Iterable[HubServer], seconds: float) -> list[HubServer]:
    """Return the servers that answer in time, in order of preference; each has then been looked at."""

    async def look(server: HubServer) -> HubServer | None:
        try:
            async with asyncio.timeout(seconds):
                await server.look()
        except ApiError, TimeoutError:
            return None
        return server

    looked_at = await asyncio.gather(*(look(server) for server in servers))
    return [server for server in looked_at if server is not None]


def _data(form: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is stored of a filled form: nothing that is empty or Home Assistant's own default."""
    data: dict[str, Any] = {
        key: int(value) if key in _INTEGERS else value
        for key, value in form.items()
        if key != CONF_NAME and value not in (None, "", [])
    }
    # Fields of templates lose the line break at the end.
    if data.get(CONF_PROMPT, "").strip() == llm.DEFAULT_INSTRUCTIONS_PROMPT.strip():
        del data[CONF_PROMPT]
    return data


def _schema(hass: HomeAssistant, kind: AgentKind, models: SelectSelector) -> vol.Schema:
    fields: dict[vol.Marker, Selector[Any]] = {
        vol.Required(CONF_NAME, default=kind.name): TextSelector(),
        vol.Required(CONF_MODEL): models,
    }
    for key, selector in _selectors(hass).items():
        if key in kind.settings:
            fields[vol.Required(key, default=kind.settings[key])] = selector
        elif key in kind.optional:
            fields[vol.Optional(key)] = selector
    return vol.Schema(fields)


def _selectors(hass: HomeAssistant) -> dict[str, Selector[Any]]:
    """Return the fields that agents may have, in the order of the form."""
    apis = [SelectOptionDict(label=api.name, value=api.id) for api in llm.async_get_apis(hass)]
    thinking = ["auto", "off", "low", "medium", "high"]
    return {
        CONF_PROMPT: TemplateSelector(),
        CONF_LLM_HASS_API: SelectSelector(
            SelectSelectorConfig(options=apis, multiple=True, mode=SelectSelectorMode.LIST)
        ),
        CONF_NUM_CTX: _integer(MIN_NUM_CTX),
        CONF_NUM_PREDICT: _integer(-1),
        CONF_KEEP_ALIVE: _integer(-1),
        CONF_THINK: SelectSelector(
            SelectSelectorConfig(options=thinking, translation_key="think", mode=SelectSelectorMode.DROPDOWN)
        ),
        CONF_TEMPERATURE: NumberSelector(
            NumberSelectorConfig(min=0, max=2, step=0.1, mode=NumberSelectorMode.BOX)
        ),
        CONF_MAX_HISTORY: _integer(0),
        CONF_FACTS_FIRST: BooleanSelector(),
        CONF_PREWARM: BooleanSelector(),
        CONF_OFFLINE_FALLBACK: BooleanSelector(),
    }


def _integer(minimum: int) -> NumberSelector:
    return NumberSelector(NumberSelectorConfig(min=minimum, step=1, mode=NumberSelectorMode.BOX))
