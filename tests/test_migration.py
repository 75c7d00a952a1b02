"""Entries of earlier versions: nothing that hangs on them is lost, whichever way the house starts."""

from types import MappingProxyType
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.homelab_ai.monitors import MONITORS
from demo.servers.apps.open_webui import OpenWebUIServer
from demo.servers.ollama import OllamaServer
from homeassistant.config_entries import ConfigEntries, ConfigEntry, ConfigSubentryDataWithId
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er

from .acting import act
from .common import conversation_subentry, homelab_entry, hub_subentry, set_up
from .looking import ENTRY_ID
from .systems import Alerts, source


def old(subentry_type: str, title: str, **data: Any) -> ConfigSubentryDataWithId:
    """Return a system as minor version 1 stored it."""
    return ConfigSubentryDataWithId(
        subentry_id=source(title),
        subentry_type=subentry_type,
        title=title,
        unique_id=f"unique {title}",
        data=MappingProxyType(data),
    )


def registered(hass: HomeAssistant) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return all entities and devices by id, with what a person may have given them."""
    entities = er.async_entries_for_config_entry(er.async_get(hass), ENTRY_ID)
    devices = dr.async_entries_for_config_entry(dr.async_get(hass), ENTRY_ID)
    return (
        {one.id: (one.entity_id, one.unique_id, one.config_subentry_id, one.device_id) for one in entities},
        {one.id: (one.name, one.name_by_user, one.area_id, one.identifiers) for one in devices},
    )


def stored(entry: ConfigEntry) -> dict[str, Any]:
    return {
        one.subentry_id: (one.subentry_type, one.title, one.unique_id, dict(one.data))
        for one in entry.subentries.values()
    }


@pytest.mark.parametrize("kind", MONITORS)
async def test_every_kind_becomes_a_system(kind: str, hass: HomeAssistant, hub: OllamaServer) -> None:
    """All is kept: ids, titles, order and settings; agents and hubs stay what they are."""
    data = {} if kind == "entities" else {"url": "http://127.0.0.1:9"}
    entry = homelab_entry(hub.url, conversation_subentry(), old(kind, "Old", **data), hub_subentry(hub.url))
    others = [one for one in stored(entry).items() if one[0] != source("Old")]
    await set_up(hass, entry)
    assert (entry.version, entry.minor_version) == (1, 2)
    assert list(stored(entry).items()) == [
        others[0],
        (source("Old"), ("system", "Old", "unique Old", {"kind": kind, **data})),
        others[1],
    ]


async def test_nothing_is_lost(hass: HomeAssistant, hub: OllamaServer, hass_storage: dict[str, Any]) -> None:
    """Devices, entities and mutes are those of before, after a reload, and after a start from the store."""
    async with Alerts() as alerts, OpenWebUIServer() as chat:
        alerts.firing = {"DiskFull": "critical"}
        entry = homelab_entry(
            hub.url,
            conversation_subentry(),
            old("alertmanager", "Alerts", url=alerts.url, verify_ssl=True),
            old("open_webui", "Chat", url=chat.url, verify_ssl=True),
        )
        # As the earlier version ran: the same subentries, not migrated.
        object.__setattr__(entry, "minor_version", 2)
        await set_up(hass, entry)
        before = stored(entry)
        assert {kind for kind, *_ in before.values()} == {"conversation", "alertmanager", "open_webui"}
        registry = er.async_get(hass)
        online = registry.async_get_entity_id("binary_sensor", "homelab_ai", f"{source('Chat')}_online")
        assert online
        registry.async_update_entity(online, new_entity_id="binary_sensor.my_chat")
        (problem,) = (await act(hass, "list_problems"))["problems"]
        await act(hass, "mute_problem", problem_id=problem["id"], duration={"days": 1})
        known = registered(hass)
        assert len(known[0]) > 20

        object.__setattr__(entry, "minor_version", 1)
        assert await hass.config_entries.async_unload(entry.entry_id)
        assert await hass.config_entries.async_setup(entry.entry_id)
        await hass.async_block_till_done()
        await same(hass, entry, before, known, problem["id"])

        # And as it is read from the store after a restart.
        hass_storage["core.config_entries"] = {
            "version": 1,
            "minor_version": 5,
            "key": "core.config_entries",
            "data": {"entries": [entry.as_dict()]},
        }
        assert await hass.config_entries.async_unload(entry.entry_id)
        fresh = ConfigEntries(hass, {})
        await fresh.async_initialize()
        again = fresh.async_get_entry(ENTRY_ID)
        assert again is not None
        assert stored(again) == stored(entry)
        assert (again.version, again.minor_version) == (1, 2)
        assert await hass.config_entries.async_setup(entry.entry_id)
        await hass.async_block_till_done()
        await same(hass, entry, before, known, problem["id"])


async def same(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    before: dict[str, Any],
    known: tuple[dict[str, Any], dict[str, Any]],
    muted: str,
) -> None:
    assert registered(hass) == known
    assert {key: value[1:3] for key, value in stored(entry).items()} == {
        key: value[1:3] for key, value in before.items()
    }
    assert {kind for kind, *_ in stored(entry).values()} == {"conversation", "system"}
    assert (await act(hass, "list_problems"))["problems"] == []
    assert [one["id"] for one in (await act(hass, "list_problems", include_muted=True))["problems"]] == [
        muted
    ]
    assert hass.states.is_state("binary_sensor.my_chat", "on")


async def test_what_a_later_version_stored_is_left_alone(hass: HomeAssistant, hub: OllamaServer) -> None:
    """A kind that is not known here is no system, and is still there when the later version comes back."""
    entry = homelab_entry(hub.url, conversation_subentry(), old("system", "Later", kind="quantum"))
    await set_up(hass, entry)
    assert stored(entry)[source("Later")] == ("system", "Later", "unique Later", {"kind": "quantum"})
    flow = await hass.config_entries.subentries.async_init(
        (entry.entry_id, "system"), context={"source": "reconfigure", "subentry_id": source("Later")}
    )
    assert (flow["type"], flow["reason"]) == ("abort", "unknown_kind")
