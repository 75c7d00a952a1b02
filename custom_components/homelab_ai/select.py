"""The choice of an agent's model, for dashboards and automations."""

from homeassistant.components.select import SelectEntity, SelectEntityDescription
from homeassistant.config_entries import ConfigSubentry
from homeassistant.const import CONF_MODEL, EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .const import AI_TASK_DATA, CONVERSATION
from .coordinator import HomelabConfigEntry
from .entity import AgentEntity, check_admin
from .hub.state import chatting, full_name

PARALLEL_UPDATES = 1

MODEL = SelectEntityDescription(
    key=CONF_MODEL, translation_key="model", entity_category=EntityCategory.CONFIG
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: HomelabConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the choice of each agent."""
    for subentry in entry.subentries.values():
        if subentry.subentry_type in (CONVERSATION, AI_TASK_DATA):
            async_add_entities([AgentModel(entry, subentry)], config_subentry_id=subentry.subentry_id)


class AgentModel(AgentEntity, SelectEntity):
    """The model with which an agent answers: one of those that are installed on any hub."""

    entity_description = MODEL

    def __init__(self, entry: HomelabConfigEntry, subentry: ConfigSubentry) -> None:
        """Stand beside the agent, on its device."""
        super().__init__(entry, subentry)
        self._entry, self._subentry = entry, subentry
        self._attr_unique_id = f"{subentry.subentry_id}_{MODEL.key}"

    async def async_added_to_hass(self) -> None:
        """Follow what is installed."""
        await super().async_added_to_hass()
        for hub in self.homelab.hubs:
            self.async_on_remove(hub.async_add_listener(self.async_write_ha_state))

    @property
    def current_option(self) -> str:
        return self.agent.settings.model

    @property
    def options(self) -> list[str]:
        """Return what can chat, and what is chosen though no hub has it now."""
        models = {full_name(self.current_option): self.current_option}
        for hub in self.homelab.hubs:
            for name in chatting(hub.data.state):
                models.setdefault(full_name(name), name)
        return sorted(models.values())

    async def async_select_option(self, option: str) -> None:
        """Store it; the agent is set up anew with it."""
        await check_admin(self)
        self.hass.config_entries.async_update_subentry(
            self._entry, self._subentry, data={**self._subentry.data, CONF_MODEL: option}
        )
