"""What the entities of one kind of device have in common."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from homeassistant.config_entries import ConfigSubentry
from homeassistant.const import CONF_MODEL
from homeassistant.exceptions import Unauthorized
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.device_registry import DeviceEntryType, DeviceInfo
from homeassistant.helpers.entity import Entity, EntityDescription
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from .agent.agent import Agent
from .const import DOMAIN
from .coordinator import HealthCoordinator, HomelabConfigEntry, HubCoordinator, MonitorCoordinator
from .monitors import Monitor, MonitorBinarySensor, MonitorSensor
from .topology import ThingKind
from .values.address import web_address

if TYPE_CHECKING:
    from .coordinator.network import NetworkCoordinator


def adding(entry: HomelabConfigEntry, add: AddConfigEntryEntitiesCallback) -> AddConfigEntryEntitiesCallback:
    """Return what adds entities, but none to a subentry that was removed while the homelab was set up.

    The homelab is loaded anew after that, and until then works without it.
    """

    def add_to_known(
        new_entities: Iterable[Entity],
        update_before_add: bool = False,
        *,
        config_subentry_id: str | None = None,
    ) -> None:
        if config_subentry_id is None or config_subentry_id in entry.subentries:
            add(new_entities, update_before_add, config_subentry_id=config_subentry_id)

    return add_to_known


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
            **_hub_facts(coordinator),
        )

    @property
    def available(self) -> bool:
        """Return whether the server answers."""
        return super().available and self.coordinator.data.state.online

    async def async_check_admin(self) -> None:
        """Raise Unauthorized where a person who is no administrator asks; an automation may."""
        await check_admin(self)


async def check_admin(entity: Entity) -> None:
    """Raise Unauthorized where a person who is no administrator acts on an entity; an automation may."""
    context = entity._context  # noqa: SLF001 - as Home Assistant's own entities do
    if context is None or context.user_id is None:
        return
    user = await entity.hass.auth.async_get_user(context.user_id)
    if user is None or not user.is_admin:
        raise Unauthorized(context=context, entity_id=entity.entity_id)


def _hub_facts(coordinator: HubCoordinator) -> dict[str, Any]:
    homelab = coordinator.config_entry.runtime_data
    first = coordinator.subentry_id is None
    return {
        **_version(coordinator.data.state.version),
        "via_device_id": homelab.homelab_device_id if first else homelab.hub_device_id,
    }


def _version(version: str | None) -> dict[str, Any]:
    """Return what is left out where it is not known: the registry keeps the version of what is off."""
    return {} if version is None else {"sw_version": version}


class MonitorEntity(CoordinatorEntity[MonitorCoordinator]):
    """An entity of a monitored system; unavailable while that does not answer."""

    _attr_has_entity_name = True

    def __init__(self, coordinator: MonitorCoordinator, description: EntityDescription) -> None:
        """The description's key is also its translation key."""
        super().__init__(coordinator)
        self.entity_description = description
        self._attr_unique_id = f"{coordinator.source}_{description.key}"
        data = coordinator.data
        self._attr_device_info = DeviceInfo(
            identifiers={coordinator.device_identifier},
            name=coordinator.name,
            manufacturer=_manufacturer(coordinator.monitor),
            entry_type=DeviceEntryType.SERVICE,
            configuration_url=_page(coordinator.monitor),
            via_device_id=coordinator.config_entry.runtime_data.homelab_device_id,
            **_version(None if data is None else coordinator.monitor.version(data)),
        )


def _manufacturer(monitor: Monitor[Any]) -> str | None:
    """Return who made a system, None of a page: anybody may have."""
    return None if monitor.thing_kind is ThingKind.PAGE else monitor.manufacturer


def _page(monitor: Monitor[Any]) -> str | None:
    """Return what *Visit* on the device's page opens: what a person would open, or nothing."""
    return (web_address(monitor.settings.connection.url) or None) if monitor.has_page else None


class HomelabEntity(CoordinatorEntity[HealthCoordinator]):
    """An entity of the homelab as a whole."""

    _attr_has_entity_name = True

    def __init__(self, coordinator: HealthCoordinator, description: EntityDescription) -> None:
        """The description's key is also its translation key."""
        super().__init__(coordinator)
        self.entity_description = description
        entry = coordinator.config_entry
        self._attr_unique_id = f"{entry.entry_id}_{description.key}"
        self._attr_device_info = DeviceInfo(
            identifiers={(DOMAIN, entry.entry_id)},
            name=entry.title,
            manufacturer="Homelab AI",
            entry_type=DeviceEntryType.SERVICE,
        )


class NetworkEntity(CoordinatorEntity["NetworkCoordinator"]):
    """An entity of the network, on the homelab's device; unavailable while nobody tells of the network."""

    _attr_has_entity_name = True

    def __init__(self, coordinator: NetworkCoordinator, description: EntityDescription) -> None:
        """The description's key is also its translation key."""
        super().__init__(coordinator)
        self.entity_description = description
        entry_id = coordinator.config_entry.entry_id
        self._attr_unique_id = f"{entry_id}_{description.key}"
        self._attr_device_info = DeviceInfo(identifiers={(DOMAIN, entry_id)})

    @property
    def available(self) -> bool:
        """Return whether anybody tells of the network: else there would seem to be nothing in it."""
        return super().available and bool(self.coordinator.data.sources)


class AgentEntity(Entity):
    """An entity through which an agent is asked; it stays available, for it says itself what is wrong."""

    _attr_has_entity_name = True
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


def forget_others(
    coordinator: MonitorCoordinator, domain: str, descriptions: Iterable[EntityDescription]
) -> None:
    """Remove the entities of a system that it cannot have any more, like that of a query that was renamed."""
    registry = er.async_get(coordinator.hass)
    possible = {f"{coordinator.source}_{description.key}" for description in descriptions}
    for entity in er.async_entries_for_config_entry(registry, coordinator.config_entry.entry_id):
        ours = entity.config_subentry_id == coordinator.source and entity.domain == domain
        if ours and entity.unique_id not in possible:
            registry.async_remove(entity.entity_id)


def add_as_found[DescriptionT: MonitorSensor[Any] | MonitorBinarySensor[Any]](
    coordinator: MonitorCoordinator,
    descriptions: Iterable[DescriptionT],
    add: Callable[[MonitorCoordinator, list[DescriptionT]], None],
) -> None:
    """Add the entities of a system as soon as its data shows that they exist, and never twice."""
    missing = list(descriptions)

    def look() -> None:
        if coordinator.data is None:
            return
        found = [other for other in missing if other.exists_fn(coordinator.data)]
        if found:
            missing[:] = [other for other in missing if other not in found]
            add(coordinator, found)

    look()
    coordinator.config_entry.async_on_unload(coordinator.async_add_listener(look))
