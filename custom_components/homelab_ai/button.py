"""The buttons."""

from homeassistant.components.button import ButtonEntity, ButtonEntityDescription
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import HomelabConfigEntry
from .entity import HubEntity, adding
from .errors import calling
from .hub.care import unload

PARALLEL_UPDATES = 1

CANCEL_DOWNLOAD = ButtonEntityDescription(key="cancel_download", translation_key="cancel_download")
UNLOAD_MODELS = ButtonEntityDescription(key="unload_models", translation_key="unload_models")


async def async_setup_entry(
    hass: HomeAssistant,
    entry: HomelabConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the buttons of each hub."""
    async_add_entities = adding(entry, async_add_entities)
    for hub in entry.runtime_data.hubs:
        async_add_entities(
            [CancelDownloadButton(hub, CANCEL_DOWNLOAD), UnloadModelsButton(hub, UNLOAD_MODELS)],
            config_subentry_id=hub.subentry_id,
        )


class CancelDownloadButton(HubEntity, ButtonEntity):
    """Ends the download that is shown; the next one of the same model goes on from there."""

    @property
    def available(self) -> bool:
        """Return whether there is something to cancel."""
        return super().available and bool(self.coordinator.data.downloads)

    async def async_press(self) -> None:
        await self.async_check_admin()
        for download in self.coordinator.data.downloads[:1]:
            self.coordinator.server.downloads.cancel(download.model)


class UnloadModelsButton(HubEntity, ButtonEntity):
    """Gives the GPU's memory back, for a game or another job."""

    async def async_press(self) -> None:
        await self.async_check_admin()
        with calling(HomeAssistantError, self.coordinator.name):
            await unload(self.coordinator.server)
        await self.coordinator.async_refresh()
