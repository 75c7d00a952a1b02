"""The inbox: a list of what waits for a person. It says where that is handled; nothing is done by ticking."""

from typing import Any

from homeassistant.components.conversation import DOMAIN as CONVERSATION_DOMAIN
from homeassistant.components.homeassistant.exposed_entities import async_expose_entity
from homeassistant.components.todo import TodoItem, TodoItemStatus, TodoListEntity
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.entity import EntityDescription
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .agent.unlinked import unlinked
from .coordinator import HomelabConfigEntry
from .entity import HomelabEntity
from .health.waiting import Waiting
from .language.waiting import waiting_line

PARALLEL_UPDATES = 0


class TodoEntityDescription(EntityDescription, frozen_or_thawed=True):
    """Describes a list; Home Assistant has no class for that."""


INBOX = TodoEntityDescription(key="inbox", translation_key="inbox")


async def async_setup_entry(
    hass: HomeAssistant,
    entry: HomelabConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the inbox."""
    async_add_entities([InboxList(entry)])


class InboxList(HomelabEntity, TodoListEntity):
    """What waits for a person. It has no features: an item leaves when it is handled where it belongs."""

    def __init__(self, entry: HomelabConfigEntry) -> None:
        """Show the inbox of a homelab."""
        super().__init__(entry.runtime_data.health, INBOX)
        self._inbox = entry.runtime_data.inbox

    async def async_added_to_hass(self) -> None:
        """Follow the inbox, and keep what others have written away from models until a person wants it."""
        await super().async_added_to_hass()
        self.async_on_remove(self._inbox.async_add_listener(self.async_write_ha_state))
        registered = er.async_get(self.hass).async_get(self.entity_id)
        options: Any = registered.options if registered else {}
        if "should_expose" not in options.get(CONVERSATION_DOMAIN, {}):
            async_expose_entity(self.hass, CONVERSATION_DOMAIN, self.entity_id, False)

    @property
    def todo_items(self) -> list[TodoItem] | None:
        """Return what waits, None while nobody knows."""
        items = self._inbox.items()
        return None if items is None else [self._item(waiting) for waiting in items]

    def _item(self, waiting: Waiting) -> TodoItem:
        return TodoItem(
            uid=waiting.id,
            summary=unlinked(waiting_line(waiting, self.hass.config.language)),
            status=TodoItemStatus.NEEDS_ACTION,
            description=waiting.url or None,
        )
