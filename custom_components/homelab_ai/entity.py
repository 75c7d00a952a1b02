"""What the entities of one kind of device have in common."""

from typing import Any

from homeassistant.config_entries import ConfigSubentry
from homeassistant.const import CONF_MODEL
from homeassistant.helpers.device_registry import DeviceEntryType, DeviceInfo
from homeassistant.helpers.entity import Entity, EntityDescription
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from .const import DOMAIN
from .coordinator import HomelabConfigEntry, HubCoordinator
from .hub.agent import Agent


class HubEntity(CoordinatorEntity[HubCoordinator]):
    """An entity of an Ollama server; unavailable while that does not answer."""

    _attr_has_entity_name = True

    def __init__(self, coordinator: HubCoordinator, description: EntityDescription) -> None:
        """The description's key is also its translation key."""
        super().__init__(coordinator)
        self.entity_description = description
        self._attr_unique_id = f"{coordinator.stem}_{description.key}"
        self._attr_device_info = DeviceInfo(
            identifiers={coordinator.device_identifier},
            name=coordinator.name,
            manufacturer="Ollama",
            model="Server",
            entry_type=DeviceEntryType.SERVICE,
            configuration_url=coordinator.server.client.url,
            **_known(coordinator),
        )

    @property
    def available(self) -> bool:
        """Return whether the server answers."""
        return super().available and self.coordinator.data.state.online


def _known(coordinator: HubCoordinator) -> dict[str, Any]:
    """Return what is left out where it is not known: the registry keeps the version of a hub that is off."""
    facts: dict[str, Any] = {}
    if (version := coordinator.data.state.version) is not None:
        facts["sw_version"] = version
    if coordinator.subentry_id is not None:
        facts["via_device_id"] = coordinator.config_entry.runtime_data.hub_device_id
    return facts


class AgentEntity(Entity):
    """An entity through which an agent is asked; it stays available, for it says itself what is wrong."""

    _attr_has_entity_name = True
    _attr_name = None
    _attr_should_poll = False

    def __init__(self, entry: HomelabConfigEntry, subentry: ConfigSubentry) -> None:
        """The subentry's id is the unique id, and its title the device's name."""
        self.homelab = entry.runtime_data
        self.agent: Agent = self.homelab.agents[subentry.subentry_id]
        self._attr_unique_id = subentry.subentry_id
        self._attr_device_info = DeviceInfo(
            identifiers={(DOMAIN, subentry.subentry_id)},
            name=subentry.title,
            manufacturer="Ollama",
            model=subentry.data[CONF_MODEL],
            entry_type=DeviceEntryType.SERVICE,
            via_device_id=self.homelab.hub_device_id,
        )
