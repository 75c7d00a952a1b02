"""The binary sensors."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from homeassistant.components.binary_sensor import (
    BinarySensorDeviceClass,
    BinarySensorEntity,
    BinarySensorEntityDescription,
)
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import HomelabConfigEntry, HubData, MonitorCoordinator
from .coordinator.hub_issues import in_words
from .entity import HomelabEntity, HubEntity, MonitorEntity, add_as_found, adding
from .errors import template
from .health.ledger import Health
from .hub.referee import Finding, FindingKind
from .monitors import MonitorBinarySensor

PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class HubBinarySensorDescription(BinarySensorEntityDescription):
    """How a binary sensor reads a hub; an `always_available` one can be told while that is off."""

    value_fn: Callable[[HubData], bool]
    findings_fn: Callable[[HubData], tuple[Finding, ...]] | None = None
    attributes_fn: Callable[[HubData], Mapping[str, Any] | None] = lambda data: None
    always_available: bool = False


HUB_BINARY_SENSORS = (
    HubBinarySensorDescription(
        key="online",
        translation_key="online",
        device_class=BinarySensorDeviceClass.CONNECTIVITY,
        value_fn=lambda data: data.state.online,
        always_available=True,
        attributes_fn=lambda data: (
            None if data.answers_anybody is None else {"answers_anybody": data.answers_anybody}
        ),
    ),
    HubBinarySensorDescription(
        key="spilling",
        translation_key="spilling",
        device_class=BinarySensorDeviceClass.PROBLEM,
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda data: bool(data.spilling),
        findings_fn=lambda data: data.spilling,
    ),
    HubBinarySensorDescription(
        key="contention",
        translation_key="contention",
        device_class=BinarySensorDeviceClass.PROBLEM,
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda data: bool(data.contention),
        findings_fn=lambda data: data.contention,
    ),
)


PROBLEM = BinarySensorEntityDescription(
    key="problem", translation_key="problem", device_class=BinarySensorDeviceClass.PROBLEM
)
ONLINE = BinarySensorEntityDescription(
    key="online", translation_key="online", device_class=BinarySensorDeviceClass.CONNECTIVITY
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: HomelabConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the binary sensors of the homelab, of each hub and of each monitored system."""
    async_add_entities = adding(entry, async_add_entities)
    homelab = entry.runtime_data
    async_add_entities([HomelabProblem(homelab.health, PROBLEM)])

    def add_sensors_of(monitor: MonitorCoordinator) -> None:
        async_add_entities([MonitorOnline(monitor, ONLINE)], config_subentry_id=monitor.source)
        add_as_found(
            monitor,
            monitor.monitor.binary_sensors(),
            lambda coordinator, found: async_add_entities(
                [MonitorBinarySensorEntity(coordinator, description) for description in found],
                config_subentry_id=coordinator.source,
            ),
        )

    homelab.for_each_system(add_sensors_of)
    for hub in homelab.hubs:
        async_add_entities(
            [HubBinarySensor(hub, description) for description in HUB_BINARY_SENSORS],
            config_subentry_id=hub.subentry_id,
        )


class HubBinarySensor(HubEntity, BinarySensorEntity):
    """Something about a hub that is so or not."""

    entity_description: HubBinarySensorDescription
    _unrecorded_attributes = frozenset({"findings", "answers_anybody"})
    _titles: Mapping[str, str] = {}

    async def async_added_to_hass(self) -> None:
        await super().async_added_to_hass()
        if self.entity_description.findings_fn is not None:
            language = self.hass.config.language
            self._titles = {
                kind: await template(self.hass, language, f"issues.{kind}.title") for kind in FindingKind
            }

    @property
    def available(self) -> bool:
        """Return whether it can be told; that a hub does not answer is an answer of its own."""
        return self.entity_description.always_available or super().available

    @property
    def is_on(self) -> bool:
        return self.entity_description.value_fn(self.coordinator.data)

    @property
    def extra_state_attributes(self) -> Mapping[str, Any] | None:
        if (findings_fn := self.entity_description.findings_fn) is None:
            return self.entity_description.attributes_fn(self.coordinator.data)
        findings = findings_fn(self.coordinator.data)
        return {"findings": [self._told(finding) for finding in findings]}

    def _told(self, finding: Finding) -> dict[str, Any]:
        """Return a finding with what it means, as its repair says it."""
        names = in_words(finding.facts, self.hass.config.language) | {"hub": self.coordinator.name}
        message = self._titles.get(finding.kind, "").format_map(names)
        return {"message": message, "kind": finding.kind.value, **finding.facts}


class MonitorOnline(MonitorEntity, BinarySensorEntity):
    """Whether a monitored system answers; off, and never unavailable, while it does not."""

    @property
    def available(self) -> bool:
        return True

    @property
    def is_on(self) -> bool | None:
        return self.coordinator.online


class MonitorBinarySensorEntity(MonitorEntity, BinarySensorEntity):
    """Something about a monitored system that is so or not."""

    entity_description: MonitorBinarySensor[Any]

    @property
    def is_on(self) -> bool | None:
        return self.entity_description.value_fn(self.coordinator.data)


class HomelabProblem(HomelabEntity, BinarySensorEntity):
    """Whether anything in the homelab needs somebody."""

    @property
    def is_on(self) -> bool | None:
        match self.coordinator.data.health:
            case Health.UNKNOWN:
                return None
            case health:
                return health is not Health.OK
