"""The updates: one for the server and one for each installed model, where a person wants them."""

from datetime import datetime
from typing import Any

from homeassistant.components.update import (
    UpdateEntity,
    UpdateEntityDescription,
    UpdateEntityFeature,
)
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.util import dt as dt_util

from .const import DOMAIN
from .coordinator import HomelabConfigEntry, UpdatesCoordinator
from .entity import HubEntity, adding
from .errors import calling, sentence, template
from .hub.downloads import Download
from .hub.state import full_name

PARALLEL_UPDATES = 1

SERVER = UpdateEntityDescription(key="server", translation_key="server")
_MODEL = "model_"
_DIGITS = 12


async def async_setup_entry(
    hass: HomeAssistant,
    entry: HomelabConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the updates of each hub, and of models as they come and go."""
    async_add_entities = adding(entry, async_add_entities)
    for updates in entry.runtime_data.updates:
        async_add_entities([ServerUpdate(updates)], config_subentry_id=updates.hub.subentry_id)
        _follow_models(hass, entry, updates, async_add_entities)
    if not entry.runtime_data.updates:
        _remove_all(hass, entry)


def _follow_models(
    hass: HomeAssistant,
    entry: HomelabConfigEntry,
    updates: UpdatesCoordinator,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Keep one entity for each installed model; new ones are asked for at once, deleted leave nothing."""
    hub = updates.hub
    known: set[str] = set()

    @callback
    def follow() -> None:
        if not hub.data.state.online:
            return
        installed = updates.known_upstream
        if new := sorted(installed - known):
            async_add_entities(
                [ModelUpdate(updates, name) for name in new], config_subentry_id=hub.subentry_id
            )
        if not updates.has_asked_for(installed):
            # The internet may be slow; nobody must wait for it.
            entry.async_create_background_task(hass, updates.async_request_refresh(), updates.name)
        registry = er.async_get(hass)
        stem = f"{hub.stem}_{_MODEL}"
        for entity in er.async_entries_for_config_entry(registry, entry.entry_id):
            if entity.unique_id.startswith(stem) and entity.unique_id.removeprefix(stem) not in installed:
                registry.async_remove(entity.entity_id)
        known.clear()
        known.update(installed)

    follow()
    entry.async_on_unload(hub.async_add_listener(follow))


def _remove_all(hass: HomeAssistant, entry: HomelabConfigEntry) -> None:
    """Remove the updates of a person who does not want them any more."""
    registry = er.async_get(hass)
    for entity in er.async_entries_for_config_entry(registry, entry.entry_id):
        if entity.domain == "update" and entity.platform == DOMAIN:
            registry.async_remove(entity.entity_id)


class _HubUpdate(HubEntity, UpdateEntity):
    """An update of something on a hub: what is installed comes from the hub, what is newest from upstream."""

    _unanswered = ""
    _pushed = ""

    def __init__(self, updates: UpdatesCoordinator, description: UpdateEntityDescription) -> None:
        super().__init__(updates.hub, description)
        self._updates = updates

    async def async_added_to_hass(self) -> None:
        await super().async_added_to_hass()
        language = self.hass.config.language
        self._unanswered = await sentence(self.hass, language, "common.update_unanswered")
        self._pushed = await template(self.hass, language, "common.update_pushed")
        self.async_on_remove(self._updates.async_add_listener(self._handle_coordinator_update))

    @property
    def release_summary(self) -> str | None:
        """Return why the newest version is not known, or since when there is it."""
        if self._is_unanswered:
            return self._unanswered
        if (pushed := self._newest_since) is None or self.latest_version == self.installed_version:
            return None
        return self._pushed.format(date=f"{dt_util.as_local(pushed):%Y-%m-%d}")

    @property
    def _is_unanswered(self) -> bool:
        """Return whether somebody upstream was asked, and did not say what is the newest."""
        raise NotImplementedError

    @property
    def _newest_since(self) -> datetime | None:
        return None


class ServerUpdate(_HubUpdate):
    """The server's own release. It cannot be installed from here: Ollama has no such request."""

    def __init__(self, updates: UpdatesCoordinator) -> None:
        super().__init__(updates, SERVER)

    @property
    def installed_version(self) -> str | None:
        return self.coordinator.data.state.version

    @property
    def latest_version(self) -> str | None:
        return self._updates.data.server

    @property
    def _is_unanswered(self) -> bool:
        return self._updates.has_asked and self.latest_version is None

    @property
    def release_url(self) -> str:
        return "https://github.com/ollama/ollama/releases"


class ModelUpdate(_HubUpdate):
    """A model; its versions are the first digits of its manifest's digest. Installing pulls it again."""

    _attr_supported_features = UpdateEntityFeature.INSTALL | UpdateEntityFeature.PROGRESS

    def __init__(self, updates: UpdatesCoordinator, model: str) -> None:
        super().__init__(updates, UpdateEntityDescription(key=f"{_MODEL}{model}", translation_key="model"))
        self._model = model
        self._shown: tuple[object, ...] | None = None
        self._attr_translation_placeholders = {"model": model}

    @property
    def installed_version(self) -> str | None:
        model = self.coordinator.data.state.find(self._model)
        return model.digest[:_DIGITS] if model else None

    @property
    def latest_version(self) -> str | None:
        """Return the newest digest; that of the installed model where it is not known to be older."""
        model = self.coordinator.data.state.find(self._model)
        upstream = self._updates.data.models.get(self._model)
        if model is None or upstream is None:
            return None
        newest = upstream.digest if upstream.is_newer_than(model) else model.digest
        return newest[:_DIGITS]

    @callback
    def _handle_coordinator_update(self) -> None:
        """Write the state if it is another one: there may be hundreds, looked at every half a minute."""
        versions = self.installed_version, self.latest_version
        told = self.release_summary, self.release_url
        shown = (self.available, *versions, *told, self.in_progress, self.update_percentage)
        if shown != self._shown:
            self._shown = shown
            super()._handle_coordinator_update()

    @property
    def in_progress(self) -> bool:
        return self._download is not None

    @property
    def update_percentage(self) -> int | None:
        return download.percent if (download := self._download) else None

    @property
    def release_url(self) -> str | None:
        """Return the model's page, None where the registry has said that it knows no such model."""
        if self._updates.last_update_success and self._model not in self._updates.data.models:
            return None
        path = self._model if "/" in self._model else f"library/{self._model}"
        return f"https://ollama.com/{path}"

    @property
    def _is_unanswered(self) -> bool:
        return not self._updates.last_update_success and self.latest_version is None

    @property
    def _newest_since(self) -> datetime | None:
        upstream = self._updates.data.models.get(self._model)
        return upstream.pushed_at if upstream else None

    def version_is_newer(self, latest_version: str, installed_version: str) -> bool:
        """Return whether they differ: which digest is the newer one is settled already."""
        return latest_version != installed_version

    async def async_install(self, version: str | None, backup: bool, **kwargs: Any) -> None:
        await self.async_check_admin()
        try:
            with calling(HomeAssistantError, self.coordinator.name):
                await self.coordinator.server.downloads.pull(self._model)
        finally:
            await self.coordinator.async_refresh()

    @property
    def _download(self) -> Download | None:
        """Return the download of this model, whoever asked for it."""
        wanted = full_name(self._model)
        return next(
            (download for download in self.coordinator.data.downloads if full_name(download.model) == wanted),
            None,
        )
