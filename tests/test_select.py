"""The choice of an agent's model."""

import pytest
from pytest_homeassistant_custom_component.common import MockUser

from demo.servers.ollama import OllamaServer
from demo.servers.ollama.catalogue import GEMMA, LLAMA, QWEN3
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import CONF_MODEL
from homeassistant.core import Context, HomeAssistant, State
from homeassistant.exceptions import ServiceValidationError, Unauthorized
from homeassistant.helpers import device_registry as dr, entity_registry as er

from .common import ai_task_subentry, ask, conversation_subentry, homelab_entry, set_up, speech

JARVIS = "select.jarvis_model"


def shown(hass: HomeAssistant, entity_id: str = JARVIS) -> State:
    found = hass.states.get(entity_id)
    assert found is not None
    return found


async def choose(hass: HomeAssistant, model: str, context: Context | None = None) -> None:
    data = {"entity_id": JARVIS, "option": model}
    await hass.services.async_call("select", "select_option", data, blocking=True, context=context)
    await hass.async_block_till_done()


async def test_is_on_the_device_of_its_agent(hass: HomeAssistant, hub: OllamaServer) -> None:
    await set_up(hass, homelab_entry(hub.url, conversation_subentry(), ai_task_subentry()))
    entities, devices = er.async_get(hass), dr.async_get(hass)
    for entity_id, name in ((JARVIS, "Jarvis"), ("select.ai_task_model", "AI Task")):
        entry = entities.async_get(entity_id)
        assert entry is not None
        assert entry.device_id is not None
        device = devices.async_get(entry.device_id)
        assert device is not None
        assert device.name == name
        assert entry.entity_category == "config"
    assert shown(hass).state == LLAMA.name
    # What only turns texts into numbers is no choice.
    assert "nomic-embed-text:latest" not in shown(hass).attributes["options"]
    assert {LLAMA.name, QWEN3.name, GEMMA.name} <= set(shown(hass).attributes["options"])


async def test_another_model_answers(hass: HomeAssistant, hub: OllamaServer) -> None:
    entry = await set_up(hass, homelab_entry(hub.url, conversation_subentry(num_ctx=4096)))
    await choose(hass, QWEN3.name)
    assert entry.state is ConfigEntryState.LOADED
    (jarvis,) = entry.subentries.values()
    assert jarvis.data[CONF_MODEL] == QWEN3.name
    assert jarvis.data["num_ctx"] == 4096, "all else stays"
    assert shown(hass).state == QWEN3.name
    assert speech(await ask(hass, "Tell me a joke"))
    assert hub.requests_to("/api/chat")[-1].body["model"] == QWEN3.name


async def test_model_that_no_hub_has_is_no_choice(hass: HomeAssistant, hub: OllamaServer) -> None:
    await set_up(hass, homelab_entry(hub.url, conversation_subentry()))
    with pytest.raises(ServiceValidationError):
        await choose(hass, "made-up:1b")
    assert shown(hass).state == LLAMA.name


async def test_what_is_chosen_is_shown_while_the_hub_is_off(hass: HomeAssistant, hub: OllamaServer) -> None:
    await hub.stop()
    await set_up(hass, homelab_entry(hub.url, conversation_subentry()))
    assert shown(hass).state == LLAMA.name
    assert shown(hass).attributes["options"] == [LLAMA.name]


async def test_new_models_can_be_chosen(hass: HomeAssistant, hub: OllamaServer) -> None:
    hub.hub.remove(GEMMA)
    entry = await set_up(hass, homelab_entry(hub.url, conversation_subentry()))
    assert GEMMA.name not in shown(hass).attributes["options"]
    hub.hub.install(GEMMA)
    await entry.runtime_data.hubs[0].async_refresh()
    await hass.async_block_till_done()
    assert GEMMA.name in shown(hass).attributes["options"]


async def test_only_administrators_choose(
    hass: HomeAssistant, hub: OllamaServer, hass_read_only_user: MockUser
) -> None:
    await set_up(hass, homelab_entry(hub.url, conversation_subentry()))
    member = MockUser(groups=hass_read_only_user.groups).add_to_hass(hass)
    member.mock_policy({"entities": {"all": True}})
    with pytest.raises(Unauthorized):
        await choose(hass, QWEN3.name, Context(user_id=member.id))
    assert shown(hass).state == LLAMA.name
