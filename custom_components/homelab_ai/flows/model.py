"""The choice of a model: what the hubs have, what is worth a download, and the download itself."""

from abc import abstractmethod
import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from homeassistant.const import CONF_MODEL
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResult
from homeassistant.helpers.selector import SelectOptionDict, SelectSelector, SelectSelectorConfig

from ..api.ollama import PullProgress
from ..const import LOGGER
from ..errors import KNOWN_ERRORS, sentence
from ..hub.downloads import UnknownModelError
from ..hub.server import HubServer
from ..hub.state import HubState, full_name
from .connection import connected
from .form import FormError, FormFlow

_SUGGESTED = ("llama3.1:8b", "qwen3:8b", "qwen2.5:7b")
"""Models worth a download: they call tools, and fit beside their context in 8 GB."""


@dataclass(frozen=True, slots=True)
class ChatModel:
    """An installed model that can chat; `size` in bytes."""

    name: str
    size: int
    has_tools: bool


def chat_models(states: Iterable[HubState]) -> list[ChatModel]:
    """Return the models that can chat, each once: those that call tools first, then the largest."""
    models: dict[str, ChatModel] = {}
    for state in states:
        for model in state.installed:
            if state.lacks(model.name, "completion"):
                continue
            details = state.details_of(model.name)
            has_tools = details is not None and "tools" in details.capabilities
            models.setdefault(full_name(model.name), ChatModel(model.name, model.size, has_tools))
    return sorted(models.values(), key=lambda model: (not model.has_tools, -model.size))


def best_model(states: Iterable[HubState]) -> str | None:
    """Return the model that is taken where nobody chose one."""
    return next((model.name for model in chat_models(states)), None)


async def model_selector(hass: HomeAssistant, states: Iterable[HubState]) -> SelectSelector:
    """Return a field for a model: installed ones, some worth a download, or any other name."""
    installed = chat_models(states)
    names = {full_name(model.name) for model in installed}
    options = [
        await _option(
            hass,
            "tools" if model.has_tools else "chat",
            model.name,
            size=f"{model.size / 1e9:.1f} GB",
        )
        for model in installed
    ]
    options += [await _option(hass, "download", name) for name in _SUGGESTED if name not in names]
    return SelectSelector(SelectSelectorConfig(options=options, custom_value=True))


async def _option(hass: HomeAssistant, kind: str, model: str, **placeholders: str) -> SelectOptionDict:
    # A label can be translated only here, the frontend knows no placeholders in options.
    label = await sentence(
        hass, hass.config.language, f"selector.model.options.{kind}", model=model, **placeholders
    )
    return SelectOptionDict(value=model, label=label)


def installed_name(states: Iterable[HubState], model: str) -> str | None:
    """Return the name under which a model is installed, None where it is not.

    Raises FormError where it is one that cannot chat.
    """
    for state in states:
        if installed := state.find(model):
            if state.lacks(model, "completion"):
                raise FormError("model_cannot_chat", CONF_MODEL, model=installed.name)
            return installed.name
    return None


class ModelFlow[ResultT: FlowResult[Any, Any]](FormFlow[ResultT]):
    """A flow that asks for a model and downloads it where no hub has it."""

    _wanted = ""
    _download: asyncio.Task[str] | None = None
    _hub: Mapping[str, Any]
    """The connection of the hub that downloads, where no homelab runs yet."""
    _server: HubServer | None = None
    """The server that downloads, where one does."""

    @abstractmethod
    async def _model_form(self, error: FormError | None = None) -> ResultT:
        """Ask for the model, once more if there was an error."""

    @abstractmethod
    async def _chosen(self, model: str) -> ResultT:
        """Go on with a model that a hub has."""

    async def _take(self, model: str, states: Iterable[HubState]) -> ResultT:
        """Go on with the model that was asked for, once a hub has it."""
        try:
            name = installed_name(states, model)
        except FormError as err:
            return await self._model_form(err)
        if name is not None:
            return await self._chosen(name)
        self._wanted = model
        return await self.async_step_download()

    async def async_step_download(self, user_input: dict[str, Any] | None = None) -> ResultT:
        """Show how far the download is; it goes on where the dialog is closed."""
        if self._download is None:
            pull = self.hass.async_create_background_task(
                self._pull(self._wanted), f"download {self._wanted}"
            )
            pull.add_done_callback(_note_failure)
            # Closing the dialog cancels this one alone.
            self._download = self.hass.async_create_background_task(_ended(pull), f"wait for {self._wanted}")
        if self._download.done():
            return self.async_show_progress_done(next_step_id="downloaded")
        return self.async_show_progress(
            step_id="download",
            progress_action="download",
            description_placeholders={"model": self._wanted},
            progress_task=self._download,
        )

    async def async_step_downloaded(self, user_input: dict[str, Any] | None = None) -> ResultT:
        """Go on with the downloaded model, or let another one be chosen."""
        assert self._download is not None
        download, self._download = self._download, None
        try:
            model = await download
        except FormError as err:
            return await self._model_form(err)
        return await self._chosen(model)

    async def _pull(self, model: str) -> str:
        """Download a model and return the name that the hub gave it. Raises FormError."""
        if self._server is not None:
            return await self._pull_to(self._server, model)
        async with connected(self.hass, self._hub, seconds=None) as client:
            return await self._pull_to(HubServer("", client), model)

    async def _pull_to(self, server: HubServer, model: str) -> str:
        shown = 0

        def show(progress: PullProgress) -> None:
            nonlocal shown
            if progress.percent is not None and progress.percent > shown:
                shown = progress.percent
                self.async_update_progress(shown / 100)

        try:
            await server.downloads.pull(model, show)
            state = await server.look()
        except KNOWN_ERRORS as err:
            key = "model_unknown" if isinstance(err, UnknownModelError) else "download_failed"
            raise FormError(key, CONF_MODEL, model=model, reason=str(err)) from err
        return installed_name([state], model) or model


async def _ended(pull: asyncio.Task[str]) -> str:
    """Return what a download returns; who is cancelled while waiting for it does not cancel it."""
    await asyncio.wait((pull,))
    return pull.result()


def _note_failure(pull: asyncio.Task[str]) -> None:
    """Read how a download ended, which nobody may be waiting for any more."""
    if not pull.cancelled() and (error := pull.exception()) is not None:
        LOGGER.debug("A download has ended: %s", error)
