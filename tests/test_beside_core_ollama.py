"""Beside Home Assistant's own Ollama integration on one hub: both answer, neither is in the other's way."""

import asyncio
from types import MappingProxyType

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from demo.servers.ollama import OllamaServer, Reply
from homeassistant.components.ollama.const import DOMAIN as CORE
from homeassistant.config_entries import ConfigEntryState, ConfigSubentryData
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component

from .common import AGENT, MODEL, is_error
from .turns import assert_no_traceback, chats, is_off, is_on, listen, move_in, sent, turn_on

CORE_AGENT = "conversation.core_agent"


async def set_up_core(hass: HomeAssistant, hub: OllamaServer, num_ctx: int = 8192) -> MockConfigEntry:
    """Set up Home Assistant's own integration with one agent."""
    data = {"model": MODEL, "num_ctx": num_ctx, "keep_alive": 1800, "llm_hass_api": ["assist"]}
    agent = ConfigSubentryData(
        subentry_type="conversation", title="Core agent", unique_id=None, data=MappingProxyType(data)
    )
    entry = MockConfigEntry(
        domain=CORE, data={"url": hub.url}, version=3, minor_version=3, subentries_data=[agent]
    )
    assert await async_setup_component(hass, "homeassistant", {})
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    return entry


@pytest.mark.parametrize("ours_first", [True, False], ids=["ours-first", "core-first"])
async def test_both_control_the_house(
    hass: HomeAssistant, hub: OllamaServer, caplog: pytest.LogCaptureFixture, ours_first: bool
) -> None:
    if ours_first:
        ours = await move_in(hass, hub.url)
        core = await set_up_core(hass, hub)
    else:
        core = await set_up_core(hass, hub)
        ours = await move_in(hass, hub.url)
    hub.script(turn_on(), Reply("On, says ours."))
    assert (await listen(hass, "Kitchen light!")).answer == "On, says ours."
    assert is_on(hass)
    runner = hub.loaded[MODEL]
    hub.script(turn_on(tool="intent__HassTurnOff"), Reply("Off, says core's."))
    assert (await listen(hass, "Kitchen off!", agent=CORE_AGENT)).answer == "Off, says core's."
    assert is_off(hass)
    # The same context length, so the model stays where it is.
    assert hub.loaded[MODEL] is runner

    for entry in (ours, core):
        assert await hass.config_entries.async_unload(entry.entry_id)
        assert entry.state is ConfigEntryState.NOT_LOADED
    assert_no_traceback(caplog)


async def test_both_at_once(hass: HomeAssistant, hub: OllamaServer) -> None:
    await move_in(hass, hub.url)
    await set_up_core(hass, hub)
    hub.script(Reply("An answer."), Reply("An answer."))
    turns = await asyncio.gather(listen(hass, "Hello"), listen(hass, "Hello", agent=CORE_AGENT))
    assert [turn.answer for turn in turns] == ["An answer."] * 2


async def test_one_stays_when_the_other_leaves(hass: HomeAssistant, hub: OllamaServer) -> None:
    ours = await move_in(hass, hub.url)
    core = await set_up_core(hass, hub)
    assert await hass.config_entries.async_unload(core.entry_id)
    hub.script(Reply("Still here."), Reply("Back again."))
    assert (await listen(hass, "Hello")).answer == "Still here."
    assert await hass.config_entries.async_setup(core.entry_id)
    assert await hass.config_entries.async_unload(ours.entry_id)
    assert (await listen(hass, "Hello", agent=CORE_AGENT)).answer == "Back again."


async def test_another_context_length_is_seen(hass: HomeAssistant, hub: OllamaServer) -> None:
    ours = await move_in(hass, hub.url)
    await set_up_core(hass, hub, num_ctx=4096)
    assert not is_error((await listen(hass, "Hello", agent=CORE_AGENT)).result)  # type: ignore[arg-type]
    assert sent(hub)["options"] == {"num_ctx": 4096}
    await ours.runtime_data.hubs[0].async_refresh()
    await hass.async_block_till_done()
    registry = er.async_get(hass)
    entity_id = registry.async_get_entity_id("binary_sensor", "homelab_ai", f"{ours.entry_id}_contention")
    assert entity_id is not None
    assert hass.states.is_state(entity_id, "on")


async def test_agents_of_both_have_names_of_their_own(hass: HomeAssistant, hub: OllamaServer) -> None:
    await move_in(hass, hub.url)
    await set_up_core(hass, hub)
    assert hass.states.get(AGENT)
    assert hass.states.get(CORE_AGENT)
    assert not chats(hub)
