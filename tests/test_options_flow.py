"""The options of a homelab, and the words of all its forms."""

from typing import Any

import pytest

from custom_components.homelab_ai.const import DOMAIN
from demo.servers.ollama import OllamaServer
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType, InvalidData
from homeassistant.helpers.translation import async_get_translations

from .common import homelab_entry, set_up
from .forms import fields, suggested
from .translations import load


async def test_options(hass: HomeAssistant, hub: OllamaServer) -> None:
    entry = await set_up(hass, homelab_entry(hub.url))
    result = await hass.config_entries.options.async_init(entry.entry_id)
    assert result["type"] is FlowResultType.FORM
    assert result["step_id"] == "init"
    assert suggested(result) == {}
    defaults = {field["name"]: field["default"] for field in fields(result) if "default" in field}
    assert defaults == {"check_updates": False, "assist_tools": True, "habits": False, "network": False}

    chosen = {
        "vram_total": 15.99,
        "check_updates": True,
        "wake_entity": "button.wake_hub",
        "assist_tools": False,
        "habits": True,
        "network": True,
    }
    result = await hass.config_entries.options.async_configure(result["flow_id"], chosen)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert entry.options == chosen
    await hass.async_block_till_done()
    assert entry.state is ConfigEntryState.LOADED
    assert entry.runtime_data.pool.can_wake

    result = await hass.config_entries.options.async_init(entry.entry_id)
    assert suggested(result) == chosen
    result = await hass.config_entries.options.async_configure(result["flow_id"], {})
    assert entry.options == {"check_updates": False, "assist_tools": True, "habits": False, "network": False}
    await hass.async_block_till_done()
    assert not entry.runtime_data.pool.can_wake


@pytest.mark.parametrize("wrong", [{"vram_total": 0}, {"wake_entity": "light.hub"}])
async def test_options_that_cannot_be(hass: HomeAssistant, hub: OllamaServer, wrong: dict[str, Any]) -> None:
    entry = await set_up(hass, homelab_entry(hub.url))
    result = await hass.config_entries.options.async_init(entry.entry_id)
    with pytest.raises(InvalidData):
        await hass.config_entries.options.async_configure(result["flow_id"], wrong)


@pytest.mark.parametrize("language", ["en", "de"])
async def test_home_assistant_finds_the_words(hass: HomeAssistant, language: str) -> None:
    """What the guard does not see, as the browser asks for it."""
    texts = await async_get_translations(hass, language, "selector", {DOMAIN})
    stem = f"component.{DOMAIN}.selector"
    wanted = {f"{stem}.model.options.{kind}" for kind in ("tools", "chat", "download")}
    wanted |= {f"{stem}.think.options.{kind}" for kind in ("auto", "off", "low", "medium", "high")}
    wanted |= {f"{stem}.headers.fields.{name}.name" for name in ("name", "value")}
    assert wanted <= texts.keys()
    for category, key in (
        ("config", "step.download.title"),
        ("config", "progress.download"),
        ("config_subentries", "conversation.step.download.title"),
        ("config_subentries", "ai_task_data.progress.download"),
        ("options", "step.init.title"),
    ):
        texts = await async_get_translations(hass, language, category, {DOMAIN})
        assert f"component.{DOMAIN}.{category}.{key}" in texts


@pytest.mark.parametrize("language", ["en", "de"])
def test_one_field_has_one_explanation(language: str) -> None:
    """A form that changes something says the same as the one that made it."""
    texts = load(language)
    different = [
        keys
        for keys, text in texts.items()
        if "user" in keys
        and keys[-1] not in ("api_key", "password", "token")  # is kept, where there is one
        and keys[-2] in ("data", "data_description")
        and texts.get(tuple("reconfigure" if key == "user" else key for key in keys), text) != text
    ]
    assert different == []
