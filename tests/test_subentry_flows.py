"""The flows of what a homelab consists of: agents, AI tasks and standby hubs."""

import asyncio
from collections.abc import AsyncGenerator
from types import MappingProxyType
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.homelab_ai.const import DOMAIN
from custom_components.homelab_ai.flows.connection import KEPT
from demo.servers.certificates import make_certificates
from demo.servers.ollama import Fault, Model, OllamaServer, Timing
from demo.servers.ollama.catalogue import GEMMA, LLAMA, NOMIC
from demo.servers.pages import OpenWebUIServer
from homeassistant.config_entries import (
    SOURCE_RECONFIGURE,
    SOURCE_USER,
    ConfigEntry,
    ConfigEntryState,
    ConfigSubentry,
    SubentryFlowResult,
)
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import llm

from .common import MODEL, ai_task_subentry, conversation_subentry, homelab_entry, hub_subentry, set_up
from .forms import expanded, fields, options, suggested, until_no_progress
from .looking import until

# Where nobody listens.
OFFLINE = "http://127.0.0.1:9"

SETTINGS = {"num_ctx": 8192, "keep_alive": 1800, "think": "auto"}
CONVERSATION = {
    "llm_hass_api": ["assist"],
    **SETTINGS,
    "num_predict": 1024,
    "max_history": 20,
    "facts_first": True,
    "prewarm": True,
    "offline_fallback": True,
}


async def add(hass: HomeAssistant, entry: ConfigEntry, kind: str) -> SubentryFlowResult:
    """Return the first form, or why there is none."""
    return await hass.config_entries.subentries.async_init(
        (entry.entry_id, kind), context={"source": SOURCE_USER}
    )


async def change(hass: HomeAssistant, entry: ConfigEntry, title: str) -> SubentryFlowResult:
    """Return the form of a subentry, or why there is none."""
    subentry = subentry_of(entry, title)
    return await hass.config_entries.subentries.async_init(
        (entry.entry_id, subentry.subentry_type),
        context={"source": SOURCE_RECONFIGURE, "subentry_id": subentry.subentry_id},
    )


async def go_on(hass: HomeAssistant, result: SubentryFlowResult, **typed: Any) -> SubentryFlowResult:
    """Send a form, and wait for the download if one begins."""
    manager = hass.config_entries.subentries
    result = await manager.async_configure(result["flow_id"], typed)
    result = await until_no_progress(hass, manager, result)
    await hass.async_block_till_done()
    return result


def subentry_of(entry: ConfigEntry, title: str) -> ConfigSubentry:
    """Return a subentry by its name."""
    (subentry,) = (subentry for subentry in entry.subentries.values() if subentry.title == title)
    return subentry


@pytest.fixture
async def entry(hass: HomeAssistant, hub: OllamaServer) -> MockConfigEntry:
    """Return a homelab that runs, with an agent and an AI task."""
    return await set_up(hass, homelab_entry(hub.url))


@pytest.fixture
async def other(socket_enabled: None) -> AsyncGenerator[OllamaServer]:
    """Return a second hub that has one model, which the first one does not have."""
    async with OllamaServer([Model(name="phi4:14b", size=9_100_000_000)]) as server:
        yield server


# --- Agents -------------------------------------------------------------------------------------------------


async def test_new_conversation(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    result = await add(hass, entry, "conversation")
    assert result["step_id"] == "user"
    assert not result["errors"]
    assert suggested(result) == {
        "name": "Jarvis",
        "prompt": llm.DEFAULT_INSTRUCTIONS_PROMPT,
        **CONVERSATION,
    }
    assert next(iter(options(result, "model").values())) == "qwen3:8b · tools · 5.2 GB"
    assert "assist" in options(result, "llm_hass_api")

    result = await go_on(
        hass,
        result,
        name=" Friday ",
        model="qwen3:8b",
        prompt="You are Friday.",
        llm_hass_api=["assist"],
        num_ctx=16384.0,
        keep_alive=-1.0,
        think="off",
        temperature=0.0,
        num_predict=-1.0,
        max_history=0.0,
        facts_first=False,
        prewarm=False,
        offline_fallback=False,
    )
    assert result["type"] is FlowResultType.CREATE_ENTRY
    subentry = subentry_of(entry, "Friday")
    assert subentry.subentry_type == "conversation"
    assert subentry.data == {
        "model": "qwen3:8b",
        "prompt": "You are Friday.",
        "llm_hass_api": ["assist"],
        "num_ctx": 16384,
        "keep_alive": -1,
        "think": "off",
        "temperature": 0.0,
        "num_predict": -1,
        "max_history": 0,
        "facts_first": False,
        "prewarm": False,
        "offline_fallback": False,
    }
    assert all(
        type(subentry.data[key]) is int for key in ("num_ctx", "num_predict", "keep_alive", "max_history")
    )
    assert entry.state is ConfigEntryState.LOADED
    assert hass.states.get("conversation.friday")


async def test_what_is_empty_or_the_default_is_not_stored(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    result = await add(hass, entry, "conversation")
    default = llm.DEFAULT_INSTRUCTIONS_PROMPT
    await go_on(hass, result, name=" ", model=f" {MODEL} ", prompt=default, llm_hass_api=[])
    added = [s for s in entry.subentries.values() if "llm_hass_api" not in s.data and s.title == "Jarvis"]
    assert [subentry.data for subentry in added] == [
        {"model": MODEL, **{key: CONVERSATION[key] for key in CONVERSATION.keys() - {"llm_hass_api"}}}
    ]

    result = await add(hass, entry, "conversation")
    await go_on(hass, result, name="Empty", model=MODEL, prompt="")
    assert "prompt" not in subentry_of(entry, "Empty").data


async def test_new_ai_task(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    result = await add(hass, entry, "ai_task_data")
    assert suggested(result) == {"name": "Homelab AI Task", **SETTINGS}
    result = await go_on(hass, result, name="Tagger", model="gemma3:4b", temperature=0.4)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert subentry_of(entry, "Tagger").data == {"model": "gemma3:4b", **SETTINGS, "temperature": 0.4}
    assert hass.states.get("ai_task.tagger")


@pytest.mark.parametrize("kind", ["conversation", "ai_task_data"])
@pytest.mark.parametrize(
    "wrong", [{"num_ctx": 2047}, {"keep_alive": -2}, {"think": "hard"}, {"temperature": 2.1}]
)
async def test_settings_that_cannot_be(
    hass: HomeAssistant, entry: MockConfigEntry, kind: str, wrong: dict[str, Any]
) -> None:
    result = await add(hass, entry, kind)
    with pytest.raises(Exception, match="Schema validation failed"):
        await go_on(hass, result, name="X", model=MODEL, **wrong)


async def test_change_conversation(hass: HomeAssistant, hub: OllamaServer) -> None:
    given: dict[str, Any] = {"prompt": "Be brief.", "num_ctx": 4096, "prewarm": False, "temperature": 0.5}
    entry = await set_up(hass, homelab_entry(hub.url, conversation_subentry(**given)))
    result = await change(hass, entry, "Jarvis")
    assert result["step_id"] == "reconfigure"
    form = suggested(result)
    assert form == {"name": "Jarvis", "model": MODEL, "llm_hass_api": ["assist"], **given}

    del form["temperature"]
    result = await go_on(hass, result, **(form | {"name": "Friday", "model": "qwen3:8b"}))
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "reconfigure_successful"
    assert subentry_of(entry, "Friday").data == CONVERSATION | {
        "model": "qwen3:8b",
        "prompt": "Be brief.",
        "num_ctx": 4096,
        "prewarm": False,
    }
    assert entry.state is ConfigEntryState.LOADED


async def test_change_ai_task(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    result = await change(hass, entry, "AI Task")
    assert suggested(result) == {"name": "AI Task", "model": MODEL}
    result = await go_on(hass, result, name="AI Task", model=MODEL, keep_alive=0)
    assert result["reason"] == "reconfigure_successful"
    assert subentry_of(entry, "AI Task").data == {"model": MODEL, **SETTINGS, "keep_alive": 0}


async def test_api_that_has_gone_is_not_suggested(hass: HomeAssistant, hub: OllamaServer) -> None:
    jarvis = conversation_subentry(llm_hass_api=["assist", "mcp-gone"])
    entry = await set_up(hass, homelab_entry(hub.url, jarvis))
    result = await change(hass, entry, "Jarvis")
    assert suggested(result)["llm_hass_api"] == ["assist"]
    assert suggested(result)["prompt"] == llm.DEFAULT_INSTRUCTIONS_PROMPT


async def test_agent_without_apis_stays_without(hass: HomeAssistant, hub: OllamaServer) -> None:
    jarvis = conversation_subentry()
    jarvis["data"] = MappingProxyType({"model": MODEL})
    entry = await set_up(hass, homelab_entry(hub.url, jarvis))
    result = await change(hass, entry, "Jarvis")
    assert suggested(result)["llm_hass_api"] == []


async def test_models_of_all_hubs(hass: HomeAssistant, hub: OllamaServer, other: OllamaServer) -> None:
    other.hub.install(LLAMA)
    agents = (conversation_subentry(), ai_task_subentry())
    entry = await set_up(hass, homelab_entry(hub.url, *agents, hub_subentry(other.url)))
    result = await add(hass, entry, "conversation")
    offered = list(options(result, "model"))
    assert offered.count(MODEL) == 1
    assert offered[:4] == ["qwen3:8b", MODEL, "qwen2.5-coder:7b", "phi4:14b"], "tools first, then size"

    result = await go_on(hass, result, name="Phi", model="phi4:14b")
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert hub.requests_to("/api/pull") == other.requests_to("/api/pull") == []


async def test_hub_is_off(hass: HomeAssistant, hub: OllamaServer, entry: MockConfigEntry) -> None:
    await hub.stop()
    result = await change(hass, entry, "Jarvis")
    assert result["errors"] == {"base": "cannot_connect"}
    assert suggested(result)["model"] == MODEL
    typed = {"name": "Jarvis", "model": "qwen3:8b", "prompt": "Be brief."}
    result = await go_on(hass, result, **typed)
    assert result["errors"] == {"base": "cannot_connect"}
    assert {key: suggested(result)[key] for key in typed} == typed

    await hub.start()
    result = await go_on(hass, result, **typed)
    assert result["reason"] == "reconfigure_successful"
    assert subentry_of(entry, "Jarvis").data["model"] == "qwen3:8b"


async def test_standby_answers_for_a_hub_that_is_off(
    hass: HomeAssistant, hub: OllamaServer, other: OllamaServer
) -> None:
    entry = await set_up(
        hass, homelab_entry(OFFLINE, hub_subentry(hub.url), hub_subentry(other.url, "Third"))
    )
    result = await add(hass, entry, "ai_task_data")
    assert not result["errors"]
    result = await go_on(hass, result, name="Task", model="llama3.2:3b")
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert len(hub.requests_to("/api/pull")) == 1, "the most preferred hub that answers"
    assert other.requests_to("/api/pull") == []


async def test_hub_that_never_answers(
    hass: HomeAssistant, hub: OllamaServer, entry: MockConfigEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    # There is no fault for it: the server accepts and then says nothing, longer than anybody would wait.
    monkeypatch.setattr(entry.runtime_data.pool.servers[0], "look", lambda: asyncio.sleep(30))
    monkeypatch.setattr("custom_components.homelab_ai.flows.agent.PROBE_TIMEOUT", 0.01)
    result = await add(hass, entry, "conversation")
    assert result["errors"] == {"base": "cannot_connect"}


async def test_model_that_cannot_chat(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    result = await add(hass, entry, "conversation")
    assert NOMIC.name not in options(result, "model")
    result = await go_on(hass, result, name="Jarvis 2", model=NOMIC.name)
    assert result["step_id"] == "user"
    assert result["errors"] == {"model": "model_cannot_chat"}
    assert suggested(result)["name"] == "Jarvis 2"
    result = await go_on(hass, result, name="Jarvis 2", model=GEMMA.name, llm_hass_api=["assist"])
    assert result["type"] is FlowResultType.CREATE_ENTRY, "a repair says what a model without tools lacks"


async def test_download(hass: HomeAssistant, hub: OllamaServer, entry: MockConfigEntry) -> None:
    result = await change(hass, entry, "Jarvis")
    result = await hass.config_entries.subentries.async_configure(
        result["flow_id"], {"name": "Jarvis", "model": "LLAMA3.2:3B"}
    )
    assert result["type"] is FlowResultType.SHOW_PROGRESS
    assert result["step_id"] == result["progress_action"] == "download"
    result = await until_no_progress(hass, hass.config_entries.subentries, result)
    assert result["reason"] == "reconfigure_successful"
    assert subentry_of(entry, "Jarvis").data["model"] == "llama3.2:3b"
    await hass.async_block_till_done()


@pytest.mark.parametrize("step_id", ["user", "reconfigure"])
async def test_failed_download(
    hass: HomeAssistant, hub: OllamaServer, entry: MockConfigEntry, step_id: str
) -> None:
    result = await (add(hass, entry, "conversation") if step_id == "user" else change(hass, entry, "Jarvis"))
    hub.inject(Fault.error_line("no space left on device", after=2, path="/api/pull"))
    typed = {"name": "Jarvis", "model": "llama3.2:3b", "num_ctx": 4096}
    result = await go_on(hass, result, **typed)
    assert result["step_id"] == step_id
    assert result["errors"] == {"model": "download_failed"}
    assert (result["description_placeholders"] or {})["reason"] == "no space left on device"
    assert {key: suggested(result)[key] for key in typed} == typed
    result = await go_on(hass, result, **typed)
    assert result["type"] in (FlowResultType.CREATE_ENTRY, FlowResultType.ABORT)
    assert hub.hub.find("llama3.2:3b")


async def test_closed_dialog_leaves_the_download(hass: HomeAssistant, socket_enabled: None) -> None:
    """The sensor shows it, and its button ends it."""
    async with OllamaServer(timing=Timing(pull_bytes_per_second=1e6)) as hub:
        entry = await set_up(hass, homelab_entry(hub.url))
        result = await add(hass, entry, "ai_task_data")
        manager = hass.config_entries.subentries
        result = await manager.async_configure(result["flow_id"], {"name": "Task", "model": "llama3.2:3b"})
        assert result["type"] is FlowResultType.SHOW_PROGRESS
        await until(lambda: hub.requests_to("/api/pull"))
        (pull,) = hub.requests_to("/api/pull")
        manager.async_abort(result["flow_id"])
        await hass.async_block_till_done()
        server = entry.runtime_data.hubs[0].server
        assert [download.model for download in server.downloads.current] == ["llama3.2:3b"]
        assert pull.outcome == "running"
        assert server.downloads.cancel("llama3.2:3b")
        await until(lambda: pull.outcome == "cancelled")


@pytest.mark.parametrize("kind", ["conversation", "ai_task_data"])
async def test_homelab_is_not_loaded(hass: HomeAssistant, entry: MockConfigEntry, kind: str) -> None:
    form = await add(hass, entry, kind)
    await hass.config_entries.async_unload(entry.entry_id)
    assert (await go_on(hass, form, name="X", model=MODEL))["reason"] == "entry_not_loaded"
    assert (await add(hass, entry, kind))["reason"] == "entry_not_loaded"
    title = "Jarvis" if kind == "conversation" else "AI Task"
    assert (await change(hass, entry, title))["reason"] == "entry_not_loaded"


# --- Standby hubs -------------------------------------------------------------------------------------------


async def test_new_hub(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    result = await add(hass, entry, "hub")
    assert result["step_id"] == "user"
    assert suggested(result) == {
        "name": "Standby hub",
        "url": "http://",
        "advanced": {"ca_certificate": "", "headers": []},
    }
    certificates = make_certificates()
    tls = certificates.server_context()
    async with OllamaServer(api_key="secret", ssl_context=tls, path_prefix="/ai") as other:
        typed = {"name": "Laptop", "url": f"{other.url}/", "advanced": {"ca_certificate": certificates.ca}}
        result = await go_on(hass, result, **typed)
        assert result["errors"] == {"api_key": "key_missing"}
        assert not expanded(result)
        result = await go_on(hass, result, **typed, api_key="secret")
        assert result["type"] is FlowResultType.CREATE_ENTRY
        subentry = subentry_of(entry, "Laptop")
        assert subentry.subentry_type == "hub"
        assert subentry.data == {
            "url": other.url,
            "verify_ssl": True,
            "api_key": "secret",
            "ca_certificate": certificates.ca.strip(),
        }
        _, server = entry.runtime_data.pool.servers
        assert server.name == "Laptop"
        assert server.state.online


async def test_new_hub_has_a_name_in_the_language_of_the_house(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    hass.config.language = "de"
    result = await add(hass, entry, "hub")
    assert suggested(result)["name"] == "Ersatzserver"
    async with OllamaServer() as other:
        result = await go_on(hass, result, name=" ", url=other.url)
        assert result["type"] is FlowResultType.CREATE_ENTRY
    assert subentry_of(entry, "Ersatzserver").data["url"] == other.url


async def test_hub_that_is_none(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    result = await add(hass, entry, "hub")
    for url, errors in (
        ("laptop", {"url": "invalid_url"}),
        (OFFLINE, {"base": "cannot_connect"}),
    ):
        result = await go_on(hass, result, name="Laptop", url=url)
        assert result["errors"] == errors
    async with OpenWebUIServer() as page:
        result = await go_on(hass, result, name="Laptop", url=page.url)
        assert result["errors"] == {"url": "open_webui"}
    result = await go_on(
        hass, result, name="Laptop", url=OFFLINE, advanced={"headers": [{"name": " ", "value": ""}]}
    )
    assert result["errors"] == {"base": "invalid_headers"}
    assert expanded(result)


async def test_hub_that_is_set_up(hass: HomeAssistant, hub: OllamaServer, other: OllamaServer) -> None:
    entry = await set_up(hass, homelab_entry(hub.url, hub_subentry(other.url)))
    MockConfigEntry(domain=DOMAIN, data={"url": OFFLINE}).add_to_hass(hass)
    for url in (hub.url, f"{other.url}/", OFFLINE):
        result = await go_on(hass, await add(hass, entry, "hub"), name="Laptop", url=url)
        assert result["type"] is FlowResultType.ABORT
        assert result["reason"] == "already_configured"
    result = await go_on(hass, await change(hass, entry, "Standby"), name="Standby", url=hub.url)
    assert result["reason"] == "already_configured"


async def test_change_hub(hass: HomeAssistant, hub: OllamaServer) -> None:
    async with OllamaServer(api_key="secret") as other:
        standby = hub_subentry(other.url, api_key="secret", headers={"X-Team": "home"})
        entry = await set_up(hass, homelab_entry(hub.url, standby))
        result = await change(hass, entry, "Standby")
        assert result["step_id"] == "reconfigure"
        form = suggested(result)
        assert form["name"] == "Standby"
        assert form["api_key"] == KEPT
        assert form["advanced"]["headers"] == [{"name": "X-Team", "value": "home"}]
        assert "secret" not in str(fields(result))

        result = await go_on(hass, result, **(form | {"name": "Laptop", "verify_ssl": False}))
        assert result["type"] is FlowResultType.ABORT
        assert result["reason"] == "reconfigure_successful"
        assert subentry_of(entry, "Laptop").data == {
            "url": other.url,
            "verify_ssl": False,
            "api_key": "secret",
            "headers": {"X-Team": "home"},
        }
        assert entry.runtime_data.pool.servers[1].name == "Laptop"


async def test_changed_hub_starts_what_could_not_start(
    hass: HomeAssistant, hub: OllamaServer, other: OllamaServer
) -> None:
    standby = hub_subentry(other.url, ca_certificate="no certificate")
    entry = await set_up(hass, homelab_entry(hub.url, standby))
    assert entry.state is ConfigEntryState.SETUP_ERROR
    result = await go_on(
        hass, await change(hass, entry, "Standby"), name="Standby", url=other.url, advanced={}
    )
    assert result["reason"] == "reconfigure_successful"
    await hass.async_block_till_done()
    assert entry.state is ConfigEntryState.LOADED
