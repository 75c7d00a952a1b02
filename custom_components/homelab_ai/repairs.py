"""The repairs with a fix: download a model, take a new key, agree on a context length."""

import asyncio
from collections.abc import Mapping
from typing import Any

import voluptuous as vol

from homeassistant.components.repairs import RepairsFlow, RepairsFlowResult
from homeassistant.config_entries import ConfigEntryState, ConfigSubentry
from homeassistant.const import CONF_API_KEY, CONF_MODEL
from homeassistant.core import HomeAssistant
from homeassistant.helpers.selector import SelectSelector, SelectSelectorConfig, SelectSelectorMode

from .const import AI_TASK_DATA, CONF_ADVANCED, CONF_HEADERS, CONF_KIND, CONF_NUM_CTX, CONVERSATION
from .coordinator import HomelabConfigEntry, HubCoordinator
from .coordinator.hub_issues import HUB_REJECTED, PROMPT, IssueData
from .coordinator.monitor_issues import MONITOR_EXPIRES, MONITOR_REJECTED
from .errors import KNOWN_ERRORS, KnownError, sentence
from .flows.agent import MIN_NUM_CTX
from .flows.connection import advanced_form, check, credentials, credentials_schema
from .flows.form import FormError, FormFlow, started_if_changed
from .flows.model import chat_models
from .flows.monitor import check_monitor, credential_fields, stored
from .hub.care import estimate, unload
from .hub.downloads import DownloadCancelledError, UnknownModelError
from .hub.fit import Fit
from .hub.referee import FindingKind
from .hub.state import full_name
from .language.words import language_of
from .monitors import kind_of, settings_of


async def async_create_fix_flow(
    hass: HomeAssistant, issue_id: str, data: Mapping[str, str | int | float | None] | None
) -> RepairsFlow:
    """Return the flow that repairs an issue of ours."""
    assert data is not None
    return _FLOWS[str(data["kind"])](data)


_FOR_US = ("kind", "entry_id", "source", "subject")


class Fix(FormFlow[RepairsFlowResult], RepairsFlow):
    """A repair; it holds nothing of the homelab, which may be reloaded while somebody reads."""

    def __init__(self, facts: IssueData) -> None:
        """Take what was known when the issue was raised."""
        self.facts = facts

    async def async_step_init(self, user_input: dict[str, Any] | None = None) -> RepairsFlowResult:
        """Begin."""
        if self.entry is None:
            return self.async_abort(reason="gone")
        return await self._begin()

    async def _begin(self) -> RepairsFlowResult:
        """Show the first form."""
        raise NotImplementedError

    @property
    def entry(self) -> HomelabConfigEntry | None:
        """Return the homelab, None where it was removed."""
        return self.hass.config_entries.async_get_entry(str(self.facts["entry_id"]))

    @property
    def subentry(self) -> ConfigSubentry | None:
        """Return what the issue is about, None where it was removed."""
        return self.entry.subentries.get(str(self.facts["source"])) if self.entry else None

    @property
    def names(self) -> dict[str, str]:
        """Return what the texts name."""
        return {key: str(value) for key, value in self.facts.items() if key not in _FOR_US}

    def _save(self, changes: Mapping[str, Mapping[str, Any]]) -> RepairsFlowResult:
        """Save the new data of subentries, by their id, and end."""
        assert self.entry is not None
        with started_if_changed(self.hass, self.entry):
            for subentry_id, data in changes.items():
                subentry = self.entry.subentries[subentry_id]
                self.hass.config_entries.async_update_subentry(self.entry, subentry, data=data)
        return self.async_create_entry(data={})


class HubFix(Fix):
    """A repair of something on a hub."""

    @property
    def hub(self) -> HubCoordinator | None:
        """Return the hub, None while the homelab is not loaded."""
        if self.entry is None or self.entry.state is not ConfigEntryState.LOADED:
            return None
        hubs = self.entry.runtime_data.hubs
        return next((hub for hub in hubs if hub.source == self.facts["source"]), None)


class PinnedFix(HubFix):
    """Unloads a model that another program loaded forever."""

    async def _begin(self) -> RepairsFlowResult:
        return await self.async_step_confirm()

    async def async_step_confirm(self, user_input: dict[str, Any] | None = None) -> RepairsFlowResult:
        """Say what is given back, and give it back."""
        if (hub := self.hub) is None:
            return self.async_abort(reason="not_loaded")
        if user_input is None:
            return self._form("confirm", vol.Schema({}), {}, None, **self.names)
        try:
            await unload(hub.server, str(self.facts[CONF_MODEL]))
        except KNOWN_ERRORS as err:
            error = FormError("unload_failed", reason=str(err))
            return self._form("confirm", vol.Schema({}), {}, error, **self.names)
        await hub.async_refresh()
        return self.async_create_entry(data={})


class ModelFix(HubFix):
    """Downloads a model that a hub lacks. Who closes the window lets the download go on."""

    _download: asyncio.Task[KnownError | None] | None = None
    _waiting: asyncio.Task[None] | None = None
    _estimate: Fit | None = None

    async def _begin(self) -> RepairsFlowResult:
        return await self.async_step_confirm()

    async def async_step_confirm(self, user_input: dict[str, Any] | None = None) -> RepairsFlowResult:
        """Say how large the model is and whether it fits."""
        if user_input is not None:
            return await self.async_step_download()
        return await self._ask()

    async def _ask(self, error: FormError | None = None) -> RepairsFlowResult:
        if (hub := self.hub) is None:
            return self.async_abort(reason="not_loaded")
        assert self.entry is not None
        if self._estimate is None:
            agents = self.entry.runtime_data.agents.values()
            self._estimate = await estimate(
                hub.server, str(self.facts[CONF_MODEL]), agents, hub.data.vram_total
            )
        fits = await self._words(self._estimate)
        return self._form("confirm", vol.Schema({}), {}, error, **self.names, fits=fits)

    async def _words(self, estimated: Fit) -> str:
        memory = {"needed": estimated.needed, "available": estimated.available}
        # What is not known is not in the sentence of its verdict either.
        language = self.hass.config.language
        decimal = language_of(language).decimal
        words = {key: f"{decimal((size or 0) / 1024**3)} GiB" for key, size in memory.items()}
        words["size"] = f"{decimal((estimated.size or 0) / 1e9)} GB"
        key = f"fit_{estimated.verdict}" if estimated.size else "fit_no_size"
        return await sentence(self.hass, language, f"common.{key}", **words)

    async def async_step_download(self, user_input: dict[str, Any] | None = None) -> RepairsFlowResult:
        """Show how far the download is."""
        if self._download is None:
            if (hub := self.hub) is None:
                return self.async_abort(reason="not_loaded")
            # Of the homelab, not of this flow: that only waits for it.
            self._download = hub.config_entry.async_create_background_task(
                self.hass, self._pull(hub), f"repair {self.facts[CONF_MODEL]}"
            )
            self._waiting = self.hass.async_create_background_task(
                _settled(self._download), f"wait for {self.facts[CONF_MODEL]}"
            )
        if self._download.done():
            return self.async_show_progress_done(next_step_id="downloaded")
        return self.async_show_progress(
            step_id="download",
            progress_action="download",
            description_placeholders=self.names,
            progress_task=self._waiting,
        )

    async def _pull(self, hub: HubCoordinator) -> KnownError | None:
        """Download the model and look at the hub; return what went wrong: nobody may be there to see it."""
        try:
            await hub.server.downloads.pull(
                str(self.facts[CONF_MODEL]),
                lambda progress: self.async_update_progress((progress.percent or 0) / 100),
            )
        except KNOWN_ERRORS as err:
            return err
        await hub.async_refresh()
        return None

    async def async_step_downloaded(self, user_input: dict[str, Any] | None = None) -> RepairsFlowResult:
        """End, or say why there is no model and let it be tried again."""
        assert self._download is not None
        download, self._download = self._download, None
        # The homelab may have been reloaded meanwhile, and its tasks with it.
        error = DownloadCancelledError("") if download.cancelled() else download.result()
        if error is None:
            return self.async_create_entry(data={})
        key = "model_unknown" if isinstance(error, UnknownModelError) else "download_failed"
        key = "download_cancelled" if isinstance(error, DownloadCancelledError) else key
        return await self._ask(FormError(key, reason=str(error)))


async def _settled(task: asyncio.Task[Any]) -> None:
    """Wait for a task without ending it."""
    await asyncio.wait((task,))


class MonitorKeyFix(Fix):
    """Takes another token, password or key of a monitored system."""

    async def _begin(self) -> RepairsFlowResult:
        if self.subentry is None or (kind := kind_of(self.subentry)) is None:
            return self.async_abort(reason="gone")
        if credential_fields(kind):
            return await self.async_step_credentials()
        return await self.async_step_locked()

    async def async_step_credentials(self, user_input: dict[str, Any] | None = None) -> RepairsFlowResult:
        """Ask for what the system may accept, until it does."""
        return await self._ask("credentials", user_input)

    async def async_step_locked(self, user_input: dict[str, Any] | None = None) -> RepairsFlowResult:
        """Wait until a person let us in: this kind of system knows no credential that could be entered."""
        return await self._ask("locked", user_input)

    async def _ask(self, step_id: str, user_input: dict[str, Any] | None) -> RepairsFlowResult:
        if (subentry := self.subentry) is None or (kind := kind_of(subentry)) is None:
            return self.async_abort(reason="gone")
        known = settings_of(subentry)
        fields = credential_fields(kind)
        schema = vol.Schema({field.marker: field.selector for field in fields})
        if user_input is None:
            shown = {field.key: known.get(field.key) for field in fields if not field.secret}
            return self._form(step_id, schema, shown, None, **self.names)
        kept = {key: value for key, value in known.items() if key not in {field.key for field in fields}}
        try:
            data = stored(kind, {**kept, **user_input})
            await check_monitor(self.hass, kind, subentry.title, data)
        except FormError as err:
            return self._form(step_id, schema, user_input, err, **self.names)
        return self._save({subentry.subentry_id: {CONF_KIND: kind, **data}})


class HubKeyFix(Fix):
    """Takes another key of a standby hub."""

    async def _begin(self) -> RepairsFlowResult:
        return await self.async_step_credentials()

    async def async_step_credentials(self, user_input: dict[str, Any] | None = None) -> RepairsFlowResult:
        """Ask for the key until the hub accepts it."""
        if (subentry := self.subentry) is None:
            return self.async_abort(reason="gone")
        if user_input is None:
            shown = {CONF_ADVANCED: {CONF_HEADERS: advanced_form(subentry.data)[CONF_HEADERS]}}
            return self._form("credentials", credentials_schema(), shown, None, **self.names)
        kept = {key: subentry.data[key] for key in subentry.data.keys() - {CONF_API_KEY, CONF_HEADERS}}
        try:
            data = kept | credentials(user_input, subentry.data)
            await check(self.hass, data)
        except FormError as err:
            return self._form("credentials", credentials_schema(err), user_input, err, **self.names)
        return self._save({subentry.subentry_id: data})


class ContextFix(Fix):
    """Gives all agents of a model one context length; `_fact` names which."""

    _fact = "loaded"

    async def _begin(self) -> RepairsFlowResult:
        if int(str(self.facts[self._fact])) < MIN_NUM_CTX:
            return self.async_abort(reason="too_small", description_placeholders=self.names)
        return await self.async_step_confirm()

    async def async_step_confirm(self, user_input: dict[str, Any] | None = None) -> RepairsFlowResult:
        """Say what is changed, and change it."""
        if self.entry is None:
            return self.async_abort(reason="gone")
        using = [
            subentry
            for subentry in self.entry.subentries.values()
            if subentry.subentry_type in (CONVERSATION, AI_TASK_DATA)
            and full_name(subentry.data[CONF_MODEL]) == full_name(str(self.facts[CONF_MODEL]))
        ]
        if not using:
            return self.async_abort(reason="gone")
        if user_input is None:
            users = ", ".join(subentry.title for subentry in using)
            return self._form("confirm", vol.Schema({}), {}, None, **self.names, users=users)
        num_ctx = int(str(self.facts[self._fact]))
        return self._save(
            {subentry.subentry_id: {**subentry.data, CONF_NUM_CTX: num_ctx} for subentry in using}
        )


class PromptFix(Fix):
    """Gives an agent the context length that its prompt needs."""

    async def _begin(self) -> RepairsFlowResult:
        return await self.async_step_confirm()

    async def async_step_confirm(self, user_input: dict[str, Any] | None = None) -> RepairsFlowResult:
        """Say what is changed, and change it."""
        if (subentry := self.subentry) is None:
            return self.async_abort(reason="gone")
        if user_input is None:
            return self._form("confirm", vol.Schema({}), {}, None, **self.names)
        num_ctx = int(str(self.facts["suggestion"]))
        return self._save({subentry.subentry_id: {**subentry.data, CONF_NUM_CTX: num_ctx}})


class ChoiceFix(HubFix):
    """Gives an agent another model, of those that are installed and can do what the agent is for."""

    _must_have_tools = False

    async def _begin(self) -> RepairsFlowResult:
        return await self.async_step_confirm()

    async def async_step_confirm(self, user_input: dict[str, Any] | None = None) -> RepairsFlowResult:
        """Let a model be chosen, and save it."""
        if (hub := self.hub) is None:
            return self.async_abort(reason="not_loaded")
        assert self.entry is not None
        agent = self.entry.subentries.get(str(self.facts["subject"]))
        if agent is None:
            return self.async_abort(reason="gone")
        models = chat_models([hub.data.state])
        able = [model.name for model in models if model.has_tools or not self._must_have_tools]
        if not able:
            return self.async_abort(reason="none_able", description_placeholders=self.names)
        if user_input is None:
            choice = SelectSelector(SelectSelectorConfig(options=able, mode=SelectSelectorMode.DROPDOWN))
            schema = vol.Schema({vol.Required(CONF_MODEL): choice})
            return self._form("confirm", schema, {CONF_MODEL: able[0]}, None, **self.names)
        return self._save({agent.subentry_id: {**agent.data, CONF_MODEL: user_input[CONF_MODEL]}})


class ToolsFix(ChoiceFix):
    """Gives an agent that is to control something a model that can."""

    _must_have_tools = True


class AgreementFix(ContextFix):
    """Gives all agents of a model the largest context length that one of them asks for."""

    _fact = "wanted"


_FLOWS: Mapping[str, type[Fix]] = {
    FindingKind.MODEL_MISSING: ModelFix,
    FindingKind.HUB_LACKS_MODEL: ModelFix,
    FindingKind.CONTEXT_CONFLICT: ContextFix,
    FindingKind.AGENTS_DISAGREE: AgreementFix,
    FindingKind.MODEL_PINNED: PinnedFix,
    FindingKind.MODEL_WITHOUT_TOOLS: ToolsFix,
    FindingKind.MODEL_CANNOT_CHAT: ChoiceFix,
    PROMPT: PromptFix,
    HUB_REJECTED: HubKeyFix,
    MONITOR_REJECTED: MonitorKeyFix,
    MONITOR_EXPIRES: MonitorKeyFix,
}
