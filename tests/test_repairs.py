"""The repairs of a hub: raised for what a person can put right, in their language, and gone once they did."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass, field, replace
from functools import partial
import re
from types import MappingProxyType
from typing import Any

from aiohttp import web
from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.homelab_ai.api.registry import RegistryClient
from custom_components.homelab_ai.const import DOMAIN
from custom_components.homelab_ai.flows.monitor import credential_fields
from custom_components.homelab_ai.hub import connection
from custom_components.homelab_ai.monitors import MONITORS
from demo.servers.apps.librechat import LibreChatServer
from demo.servers.ollama import Fault, Model, OllamaServer, Timing
from demo.servers.ollama.catalogue import GEMMA, LLAMA, NOMIC, TINYLLAMA
from demo.servers.registry import RegistryServer
from homeassistant.components.repairs import RepairsFlowManager, RepairsFlowResult, repairs_flow_manager
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import CONF_MODEL
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType, UnknownFlow
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component

from .common import MODEL, ai_task_subentry, ask, conversation_subentry, homelab_entry, hub_subentry, set_up
from .forms import Result, fields, suggested, until_no_progress
from .looking import issues, pass_time, sensor, standby, until
from .systems import Alerts, monitor_subentry, source
from .translations import Keys, load, placeholders

GIB = 1024**3
DAY = 24 * 3600.0


def text_of(issue: ir.IssueEntry, language: str, form: Result | None = None) -> str:
    """Return what a person reads; a text that asks for what the repair does not give fails.

    What can be fixed is described by the first form of its fix.
    """
    texts = load(language)
    path: Keys = ("issues", str(issue.translation_key))
    given: dict[str, Any] = dict(issue.translation_placeholders or {})
    assert placeholders(texts[(*path, "title")]) <= given.keys()
    if form is not None:
        given |= form["description_placeholders"]
        path = (*path, "fix_flow", "step", form["step_id"])
    both = texts[("issues", str(issue.translation_key), "title")] + "\n" + texts[(*path, "description")]
    assert placeholders(both) <= given.keys()
    return both.format(**given)


async def fix(hass: HomeAssistant, kind: str) -> RepairsFlowResult:
    """Return the first form of a repair's fix."""
    assert await async_setup_component(hass, "repairs", {})
    return await flows(hass).async_init(DOMAIN, data={"issue_id": issues(hass)[kind].issue_id})


def flows(hass: HomeAssistant) -> RepairsFlowManager:
    manager = repairs_flow_manager(hass)
    assert manager is not None
    return manager


async def submit(hass: HomeAssistant, result: Result, **form: Any) -> RepairsFlowResult:
    """Return what comes after a form."""
    return await flows(hass).async_configure(result["flow_id"], form)


async def reloaded(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Wait for the reload that a change of the settings sets off."""
    await hass.async_block_till_done()
    assert entry.state is ConfigEntryState.LOADED


@pytest.fixture(autouse=True)
async def registry(socket_enabled: None, monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[RegistryServer]:
    """The registry, moved to this machine."""
    async with RegistryServer() as server:
        monkeypatch.setattr(connection, "RegistryClient", partial(RegistryClient, manifests=server.url))
        server.publish(MODEL, LLAMA.digest, layers=(LLAMA.size,))
        yield server


async def other_context(hub: OllamaServer) -> None:
    await hub.load(MODEL, num_ctx=4096)


async def pin(hub: OllamaServer) -> None:
    await hub.load(GEMMA.name, keep_alive=-1)


async def load_model(hub: OllamaServer) -> None:
    await hub.load(MODEL, num_ctx=8192)


async def delete(hub: OllamaServer) -> None:
    hub.hub.remove(LLAMA)


async def nothing(_hub: OllamaServer) -> None:
    pass


def unload(hub: OllamaServer, _entry: MockConfigEntry, _hass: HomeAssistant) -> None:
    for name in hub.loaded:
        hub.unload(name)


def install(hub: OllamaServer, _entry: MockConfigEntry, _hass: HomeAssistant) -> None:
    hub.hub.install(LLAMA)


def choose_llama(_hub: OllamaServer, entry: MockConfigEntry, hass: HomeAssistant) -> None:
    """Set all agents to the same model and context length, as a person would."""
    for subentry in list(entry.subentries.values()):
        data = {**subentry.data, CONF_MODEL: MODEL, "num_ctx": 8192}
        hass.config_entries.async_update_subentry(entry, subentry, data=MappingProxyType(data))


@dataclass(frozen=True, kw_only=True)
class Case:
    """A repair: with which agents and server, how it comes about, how it is put right, and what it says."""

    kind: str
    agents: tuple[dict[str, Any], ...] = ({},)
    server: dict[str, Any] = field(default_factory=dict)
    comes: Callable[[OllamaServer], Awaitable[None]]
    goes: Callable[[OllamaServer, MockConfigEntry, HomeAssistant], None]
    words: tuple[str, ...]
    fixable: bool = False


CASES = (
    Case(
        kind="context_conflict",
        comes=other_context,
        goes=unload,
        words=(MODEL, "4096", "8192", "Jarvis", "Ollama", "OLLAMA_CONTEXT_LENGTH=8192"),
        fixable=True,
    ),
    Case(
        kind="agents_disagree",
        agents=({}, {"title": "Friday", "num_ctx": 16384}),
        comes=nothing,
        goes=choose_llama,
        words=(MODEL, "Jarvis: 8192", "Friday: 16384", "Jarvis, Friday", "Ollama"),
        fixable=True,
    ),
    Case(kind="model_pinned", comes=pin, goes=unload, words=(GEMMA.name, "Ollama", "GiB"), fixable=True),
    Case(
        kind="model_spills",
        server={"vram": 4 * GIB},
        comes=load_model,
        goes=unload,
        words=(MODEL, "2 GiB", "33", "8192", "Ollama"),
    ),
    Case(
        kind="model_missing",
        comes=delete,
        goes=install,
        words=(MODEL, "Jarvis", "Ollama"),
        fixable=True,
    ),
    Case(
        kind="model_without_tools",
        agents=({"model": GEMMA.name},),
        comes=nothing,
        goes=choose_llama,
        words=(GEMMA.name, "Jarvis"),
        fixable=True,
    ),
    Case(
        kind="model_cannot_chat",
        agents=({"model": NOMIC.name},),
        comes=nothing,
        goes=choose_llama,
        words=(NOMIC.name, "Jarvis"),
        fixable=True,
    ),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.kind)
async def test_comes_and_goes(
    case: Case, hass: HomeAssistant, socket_enabled: None, freezer: FrozenDateTimeFactory
) -> None:
    async with OllamaServer(**case.server) as hub:
        entry = homelab_entry(hub.url, *(conversation_subentry(**agent) for agent in case.agents))
        await case.comes(hub)
        await set_up(hass, entry)
        (issue,) = issues(hass).values()
        assert issue.translation_key == case.kind
        assert issue.is_fixable is case.fixable
        form = await fix(hass, case.kind) if case.fixable else None
        assert issue.severity is (
            ir.IssueSeverity.ERROR if case.kind == "model_missing" else ir.IssueSeverity.WARNING
        )
        for language in ("en", "de"):
            text = text_of(issue, language, form)
            assert [word for word in case.words if word not in text] == [], text
        case.goes(hub, entry, hass)
        await hass.async_block_till_done()
        await pass_time(hass, freezer, 16 * 60)
        assert issues(hass) == {}


async def test_nothing_to_repair(hass: HomeAssistant, hub: OllamaServer) -> None:
    await hub.load(MODEL, num_ctx=8192)
    await hub.load(GEMMA.name, num_ctx=2048)
    await set_up(hass, homelab_entry(hub.url))
    assert issues(hass) == {}


async def test_more_context_than_the_model_knows_is_no_conflict(
    hass: HomeAssistant, hub: OllamaServer
) -> None:
    """The server gives what the model was trained for, whoever asks for more."""
    hub.hub.install(replace(TINYLLAMA, capabilities=("completion", "tools")))
    await hub.load(TINYLLAMA.name, num_ctx=8192)
    assert hub.loaded[TINYLLAMA.name].num_ctx == 2048
    await set_up(
        hass,
        homelab_entry(
            hub.url,
            conversation_subentry(model=TINYLLAMA.name),
            conversation_subentry("Friday", model=TINYLLAMA.name, num_ctx=4096),
        ),
    )
    assert issues(hass) == {}


async def test_facts_follow_the_server(
    hass: HomeAssistant, hub: OllamaServer, freezer: FrozenDateTimeFactory
) -> None:
    await hub.load(MODEL, num_ctx=4096)
    await set_up(hass, homelab_entry(hub.url))
    await hub.load(MODEL, num_ctx=2048)
    await pass_time(hass, freezer)
    form = await fix(hass, "context_conflict")
    assert "2048" in text_of(issues(hass)["context_conflict"], "en", form)


async def test_stays_while_the_hub_is_off(
    hass: HomeAssistant, hub: OllamaServer, freezer: FrozenDateTimeFactory
) -> None:
    """Of a hub that is off nothing is known, so nothing is put right either."""
    hub.hub.remove(LLAMA)
    await set_up(hass, homelab_entry(hub.url, conversation_subentry()))
    await hub.stop()
    await pass_time(hass, freezer, 3600)
    assert set(issues(hass)) == {"model_missing"}
    hub.hub.install(LLAMA)
    await hub.start()
    await pass_time(hass, freezer)
    assert issues(hass) == {}


# A hub that is off for long


async def test_off_for_days(hass: HomeAssistant, hub: OllamaServer, freezer: FrozenDateTimeFactory) -> None:
    await set_up(hass, homelab_entry(hub.url))
    await hub.stop()
    await pass_time(hass, freezer)
    await pass_time(hass, freezer, 3 * DAY)
    assert issues(hass) == {}, "a weekend away is no fault"
    await pass_time(hass, freezer)
    issue = issues(hass)["hub_offline"]
    assert issue.severity is ir.IssueSeverity.WARNING
    for language in ("en", "de"):
        assert "Ollama" in text_of(issue, language)
        assert " 3 " in text_of(issue, language)
    await pass_time(hass, freezer, DAY)
    assert " 4 " in text_of(issues(hass)["hub_offline"], "en")
    await hub.start()
    await pass_time(hass, freezer)
    assert issues(hass) == {}


async def test_off_now_and_then_is_not_off_for_days(
    hass: HomeAssistant, hub: OllamaServer, freezer: FrozenDateTimeFactory
) -> None:
    await set_up(hass, homelab_entry(hub.url))
    for _ in range(3):
        await hub.stop()
        await pass_time(hass, freezer)
        await pass_time(hass, freezer, 2 * DAY)
        await hub.start()
        await pass_time(hass, freezer)
    await hub.stop()
    await pass_time(hass, freezer)
    assert issues(hass) == {}


# A standby hub that refuses its key


async def test_refused_key_of_a_standby(
    hass: HomeAssistant, hub: OllamaServer, freezer: FrozenDateTimeFactory
) -> None:
    """It is no reason to ask for the key of the homelab's own hub anew."""
    async with OllamaServer(api_key="sk-new") as other:
        await set_up(hass, homelab_entry(hub.url, hub_subentry(other.url, "Mini PC", api_key="sk-old")))
        issue = issues(hass)["hub_rejected"]
        assert issue.severity is ir.IssueSeverity.ERROR
        form = await fix(hass, "hub_rejected")
        for language in ("en", "de"):
            assert "Mini PC" in text_of(issue, language, form)
        assert hass.config_entries.flow.async_progress() == []
        other._api_key = "sk-old"
        await pass_time(hass, freezer)
        assert issues(hass) == {}


async def test_refused_key_of_a_standby_stays_while_that_is_off(
    hass: HomeAssistant, hub: OllamaServer, freezer: FrozenDateTimeFactory
) -> None:
    async with OllamaServer(api_key="sk-new") as other:
        entry = await set_up(hass, homelab_entry(hub.url, hub_subentry(other.url, api_key="sk-old")))
        await other.stop()
        await pass_time(hass, freezer)
        assert set(issues(hass)) == {"hub_rejected"}
        # The person takes the standby away instead.
        hass.config_entries.async_remove_subentry(entry, standby(entry))
        await hass.async_block_till_done()
        assert issues(hass) == {}


# Fixing: a model that is missing


async def test_fix_of_a_missing_model_downloads_it(
    hass: HomeAssistant, hub: OllamaServer, registry: RegistryServer
) -> None:
    hub.hub.remove(LLAMA)
    await set_up(hass, homelab_entry(hub.url, options={"vram_total": 16}))
    assert registry.requests == [], "nothing leaves the house before a person opens the repair"
    (issue, _) = (one for one in ir.async_get(hass).issues.values() if one.domain == DOMAIN)
    assert await async_setup_component(hass, "repairs", {})
    form = await flows(hass).async_init(DOMAIN, data={"issue_id": issue.issue_id})
    assert (form["type"], form["step_id"]) == (FlowResultType.FORM, "confirm")
    words = form["description_placeholders"]
    assert words is not None
    assert len(registry.requests) == 1
    assert "4.9 GB" in words["fits"]
    assert "it fits into the 16 GiB" in words["fits"]
    result = await submit(hass, form)
    assert (result["type"], result["progress_action"]) == (FlowResultType.SHOW_PROGRESS, "download")
    result = await until_no_progress(hass, flows(hass), result)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert hub.hub.find(MODEL)
    # Both agents have their model again, at once.
    assert issues(hass) == {}


@pytest.mark.parametrize(
    ("options", "layers", "words"),
    [
        ({"vram_total": 6}, (LLAMA.size,), "does not fit"),
        ({"vram_total": 6.5}, (LLAMA.size,), "little is left"),
        ({}, (LLAMA.size,), "How much the hub has is not known"),
        ({"vram_total": 6}, (), "could not be found out"),
    ],
)
async def test_fix_of_a_missing_model_says_whether_it_fits(
    *,
    options: dict[str, Any],
    layers: tuple[int, ...],
    words: str,
    hass: HomeAssistant,
    hub: OllamaServer,
    registry: RegistryServer,
) -> None:
    hub.hub.remove(LLAMA)
    registry.publish(MODEL, LLAMA.digest, layers=layers)
    await set_up(hass, homelab_entry(hub.url, conversation_subentry(), options=options))
    form = await fix(hass, "model_missing")
    assert form["description_placeholders"] is not None
    assert words in form["description_placeholders"]["fits"]


async def test_download_that_fails_can_be_tried_again(hass: HomeAssistant, hub: OllamaServer) -> None:
    hub.hub.remove(LLAMA)
    await set_up(hass, homelab_entry(hub.url, conversation_subentry()))
    form = await fix(hass, "model_missing")
    hub.inject(Fault.drop_after_first_token(after=3, path="/api/pull"))
    result = await until_no_progress(hass, flows(hass), await submit(hass, form))
    assert (result["step_id"], result["errors"]) == ("confirm", {"base": "download_failed"})
    assert set(issues(hass)) == {"model_missing"}
    result = await until_no_progress(hass, flows(hass), await submit(hass, result))
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert issues(hass) == {}


async def test_download_goes_on_when_the_window_is_closed(hass: HomeAssistant) -> None:
    async with OllamaServer([GEMMA], timing=Timing(pull_bytes_per_second=LLAMA.size)) as hub:
        await set_up(hass, homelab_entry(hub.url, conversation_subentry()))
        result = await submit(hass, await fix(hass, "model_missing"))
        await until(lambda: sensor(hass, "download").isdigit())
        flows(hass).async_abort(result["flow_id"])
        with pytest.raises(UnknownFlow):
            flows(hass).async_get(result["flow_id"])
        await until(lambda: not issues(hass))
        assert hub.hub.find(MODEL)


async def test_fix_of_a_missing_model_lives_through_a_reload(hass: HomeAssistant) -> None:
    async with OllamaServer([GEMMA], timing=Timing(pull_bytes_per_second=LLAMA.size)) as hub:
        entry = await set_up(hass, homelab_entry(hub.url, conversation_subentry()))
        result = await submit(hass, await fix(hass, "model_missing"))
        await until(lambda: sensor(hass, "download").isdigit())
        assert await hass.config_entries.async_reload(entry.entry_id)
        result = await until_no_progress(hass, flows(hass), result)
        assert (result["step_id"], result["errors"]) == ("confirm", {"base": "download_cancelled"})
        await until(lambda: hub.requests_to("/api/pull")[0].outcome == "cancelled")
        result = await until_no_progress(hass, flows(hass), await submit(hass, result))
        assert result["type"] is FlowResultType.CREATE_ENTRY
        assert issues(hass) == {}


async def test_fix_of_a_homelab_that_does_not_run(hass: HomeAssistant, hub: OllamaServer) -> None:
    hub.hub.remove(LLAMA)
    entry = await set_up(hass, homelab_entry(hub.url, conversation_subentry()))
    form = await fix(hass, "model_missing")
    assert await hass.config_entries.async_unload(entry.entry_id)
    result = await submit(hass, form)
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "not_loaded")


# Fixing: a standby that lacks a model


async def test_standby_without_the_model_of_an_agent(hass: HomeAssistant, hub: OllamaServer) -> None:
    """No fault of the agent, which has its model: one warning, that the standby cannot step in."""
    async with OllamaServer([GEMMA]) as other:
        entry = await set_up(
            hass,
            homelab_entry(
                hub.url, conversation_subentry(), ai_task_subentry(), hub_subentry(other.url, "Mini PC")
            ),
        )
        (issue,) = issues(hass).values()
        assert (issue.translation_key, issue.severity) == ("hub_lacks_model", ir.IssueSeverity.WARNING)
        form = await fix(hass, "hub_lacks_model")
        for language in ("en", "de"):
            text = text_of(issue, language, form)
            assert [word for word in ("Mini PC", MODEL, "Jarvis, AI Task") if word not in text] == []
        result = await until_no_progress(hass, flows(hass), await submit(hass, form))
        assert result["type"] is FlowResultType.CREATE_ENTRY
        assert other.hub.find(MODEL)
        assert hub.requests_to("/api/pull") == []
        assert issues(hass) == {}
        assert standby(entry, "Mini PC")


async def test_model_that_only_the_standby_has(
    hass: HomeAssistant, hub: OllamaServer, freezer: FrozenDateTimeFactory
) -> None:
    """It serves the agent, until it is off."""
    hub.hub.remove(LLAMA)
    async with OllamaServer() as other:
        await set_up(hass, homelab_entry(hub.url, conversation_subentry(), hub_subentry(other.url)))
        await pass_time(hass, freezer)
        assert set(issues(hass)) == {"hub_lacks_model"}
        await other.stop()
        await pass_time(hass, freezer)
        await pass_time(hass, freezer)
        assert set(issues(hass)) == {"model_missing"}


async def test_what_is_wrong_with_agents_is_said_once(hass: HomeAssistant, hub: OllamaServer) -> None:
    async with OllamaServer() as other:
        agents = (conversation_subentry(num_ctx=4096), conversation_subentry("Friday", model=GEMMA.name))
        disagreeing = conversation_subentry("Alfred", num_ctx=16384)
        await set_up(hass, homelab_entry(hub.url, *agents, disagreeing, hub_subentry(other.url)))
        # `issues` also sees to it that there are no two of a kind.
        assert set(issues(hass)) == {"agents_disagree", "model_without_tools"}


# Fixing: context lengths


def contexts(entry: MockConfigEntry) -> dict[str, int]:
    return {one.title: one.data["num_ctx"] for one in entry.subentries.values() if "num_ctx" in one.data}


async def test_fix_of_a_context_conflict(hass: HomeAssistant, hub: OllamaServer) -> None:
    await hub.load(MODEL, num_ctx=4096)
    agents = (
        conversation_subentry(prompt="Be brief."),
        ai_task_subentry(num_ctx=8192),
        conversation_subentry("Friday", model=GEMMA.name, num_ctx=8192, llm_hass_api=[]),
    )
    entry = await set_up(hass, homelab_entry(hub.url, *agents))
    result = await submit(hass, await fix(hass, "context_conflict"))
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await reloaded(hass, entry)
    assert contexts(entry) == {"Jarvis": 4096, "AI Task": 4096, "Friday": 8192}
    assert next(iter(entry.subentries.values())).data["prompt"] == "Be brief."
    assert issues(hass) == {}


async def test_context_that_is_too_small_for_an_agent(hass: HomeAssistant, hub: OllamaServer) -> None:
    await hub.load(MODEL, num_ctx=1024)
    entry = await set_up(hass, homelab_entry(hub.url))
    result = await fix(hass, "context_conflict")
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "too_small")
    assert contexts(entry) == {}
    assert set(issues(hass)) == {"context_conflict"}


async def test_fix_of_agents_that_disagree(hass: HomeAssistant, hub: OllamaServer) -> None:
    agents = (conversation_subentry(), ai_task_subentry(num_ctx=16384))
    entry = await set_up(hass, homelab_entry(hub.url, *agents))
    result = await submit(hass, await fix(hass, "agents_disagree"))
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await reloaded(hass, entry)
    assert contexts(entry) == {"Jarvis": 16384, "AI Task": 16384}
    assert issues(hass) == {}


async def test_agents_that_went_while_somebody_read(hass: HomeAssistant, hub: OllamaServer) -> None:
    await hub.load(MODEL, num_ctx=4096)
    entry = await set_up(hass, homelab_entry(hub.url, conversation_subentry()))
    form = await fix(hass, "context_conflict")
    hass.config_entries.async_remove_subentry(entry, next(iter(entry.subentries)))
    await reloaded(hass, entry)
    result = await submit(hass, form)
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "gone")


async def test_homelab_that_went_while_somebody_read(hass: HomeAssistant, hub: OllamaServer) -> None:
    await hub.load(MODEL, num_ctx=4096)
    entry = await set_up(hass, homelab_entry(hub.url, conversation_subentry()))
    form = await fix(hass, "context_conflict")
    await hass.config_entries.async_remove(entry.entry_id)
    result = await submit(hass, form)
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "gone")


# Fixing: credentials


async def test_fix_of_a_refused_token(hass: HomeAssistant, hub: OllamaServer) -> None:
    async with Alerts() as alerts:
        alerts.token = "good"
        monitor = monitor_subentry(
            "alertmanager", alerts.url, "Alerts", username="mike", password="old", ignored=["Watchdog"]
        )
        entry = await set_up(hass, homelab_entry(hub.url, conversation_subentry(), monitor))
        form = await fix(hass, "monitor_rejected")
        assert {field["name"] for field in fields(form)} == {"username", "password", "token"}
        assert suggested(form) == {"username": "mike"}, "a secret is not shown"
        for language in ("en", "de"):
            assert "Alerts" in text_of(issues(hass)["monitor_rejected"], language, form)
        result = await submit(hass, form, token="wrong")
        assert (result["step_id"], result["errors"]) == ("credentials", {"base": "invalid_auth"})
        result = await submit(hass, result, token=" good ")
        assert result["type"] is FlowResultType.CREATE_ENTRY
        await reloaded(hass, entry)
        assert dict(entry.subentries[source("Alerts")].data) == {
            "kind": "alertmanager",
            "url": alerts.url,
            "ignored": ["Watchdog"],
            "token": "good",
        }
        assert issues(hass) == {}


async def test_system_that_went_while_somebody_read(hass: HomeAssistant, hub: OllamaServer) -> None:
    async with Alerts() as alerts:
        alerts.token = "good"
        monitor = monitor_subentry("alertmanager", alerts.url, "Alerts", token="old")
        entry = await set_up(hass, homelab_entry(hub.url, conversation_subentry(), monitor))
        form = await fix(hass, "monitor_rejected")
        hass.config_entries.async_remove_subentry(entry, source("Alerts"))
        await reloaded(hass, entry)
        result = await submit(hass, form, token="good")
        assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "gone")


class Guarded(LibreChatServer):
    """LibreChat behind a proxy that wants a login."""

    locked = True

    async def answer(self, request: web.Request) -> web.StreamResponse:
        return web.Response(status=401) if self.locked else await super().answer(request)


async def test_fix_where_there_is_nothing_to_enter(hass: HomeAssistant, hub: OllamaServer) -> None:
    async with Guarded() as chat:
        monitor = monitor_subentry("librechat", chat.url, "Chat")
        entry = await set_up(hass, homelab_entry(hub.url, conversation_subentry(), monitor))
        form = await fix(hass, "monitor_rejected")
        assert (form["step_id"], fields(form)) == ("locked", [])
        result = await submit(hass, form)
        assert (result["step_id"], result["errors"]) == ("locked", {"base": "sign_in"})
        chat.locked = False
        result = await submit(hass, result)
        assert result["type"] is FlowResultType.CREATE_ENTRY
        await reloaded(hass, entry)
        assert issues(hass) == {}


def test_every_credential_has_words() -> None:
    step = ("issues", "monitor_rejected", "fix_flow", "step", "credentials", "data")
    words = {key[-1] for key in load("en") if key[:-1] == step}
    assert {field.key for kind in MONITORS for field in credential_fields(kind)} == words


async def test_fix_of_a_refused_key_of_a_standby(hass: HomeAssistant, hub: OllamaServer) -> None:
    async with OllamaServer(api_key="sk-new") as other:
        entry = await set_up(hass, homelab_entry(hub.url, hub_subentry(other.url, api_key="sk-old")))
        form = await fix(hass, "hub_rejected")
        result = await submit(hass, form, api_key="sk-wrong")
        assert (result["step_id"], result["errors"]) == ("credentials", {"api_key": "invalid_auth"})
        result = await submit(hass, result, api_key="sk-new")
        assert result["type"] is FlowResultType.CREATE_ENTRY
        await reloaded(hass, entry)
        assert dict(entry.subentries[standby(entry)].data) == {
            "url": other.url,
            "verify_ssl": True,
            "api_key": "sk-new",
        }
        assert issues(hass) == {}


async def test_standby_that_went_while_somebody_read(hass: HomeAssistant, hub: OllamaServer) -> None:
    async with OllamaServer(api_key="sk-new") as other:
        entry = await set_up(hass, homelab_entry(hub.url, hub_subentry(other.url, api_key="sk-old")))
        form = await fix(hass, "hub_rejected")
        hass.config_entries.async_remove_subentry(entry, standby(entry))
        await reloaded(hass, entry)
        result = await submit(hass, form, api_key="sk-new")
        assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "gone")


async def test_fix_of_a_pinned_model(hass: HomeAssistant, hub: OllamaServer) -> None:
    """It is unloaded; a hub that has gone off meanwhile is said, and it can be tried again."""
    await pin(hub)
    await set_up(hass, homelab_entry(hub.url))
    form = await fix(hass, "model_pinned")
    await hub.stop()
    result = await submit(hass, form)
    assert result["errors"] == {"base": "unload_failed"}
    await hub.start()
    await pin(hub)
    result = await submit(hass, result)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert GEMMA.name not in hub.loaded
    assert "model_pinned" not in issues(hass)


CHATTY = {
    "qwen3:8b",
    MODEL,
    "qwen2.5-coder:7b",
    "qwen2.5vl:7b",
    "llama3.2-vision:11b",
    GEMMA.name,
    TINYLLAMA.name,
}


@pytest.mark.parametrize(
    ("kind", "unable", "offered"),
    [
        ("model_without_tools", GEMMA, {"qwen3:8b", MODEL, "qwen2.5-coder:7b"}),
        ("model_cannot_chat", NOMIC, CHATTY),
    ],
)
async def test_fix_of_a_model_that_cannot(
    hass: HomeAssistant, hub: OllamaServer, kind: str, unable: Model, offered: set[str]
) -> None:
    """Those that can are offered, and the agent gets the one that was chosen; other agents keep theirs."""
    hub.hub.install(TINYLLAMA)
    agents = (conversation_subentry(model=unable.name), ai_task_subentry())
    entry = await set_up(hass, homelab_entry(hub.url, *agents))
    jarvis, task = entry.subentries.values()
    form = await fix(hass, kind)
    (field,) = fields(form)
    assert set(field["selector"]["select"]["options"]) == offered
    result = await submit(hass, form, model="qwen2.5-coder:7b")
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await reloaded(hass, entry)
    assert entry.subentries[jarvis.subentry_id].data[CONF_MODEL] == "qwen2.5-coder:7b"
    assert entry.subentries[task.subentry_id].data[CONF_MODEL] == MODEL
    assert issues(hass) == {}


async def test_fix_where_no_model_can(hass: HomeAssistant, hub: OllamaServer) -> None:
    for model in list(hub.hub.models):
        if model is not GEMMA:
            hub.hub.remove(model)
    await set_up(hass, homelab_entry(hub.url, conversation_subentry(model=GEMMA.name)))
    result = await fix(hass, "model_without_tools")
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "none_able")


async def test_agent_that_went_while_somebody_read(hass: HomeAssistant, hub: OllamaServer) -> None:
    entry = await set_up(hass, homelab_entry(hub.url, conversation_subentry(model=GEMMA.name)))
    form = await fix(hass, "model_without_tools")
    hass.config_entries.async_remove_subentry(entry, next(iter(entry.subentries)))
    await reloaded(hass, entry)
    result = await submit(hass, form, model=MODEL)
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "gone")


async def test_sizes_are_written_as_the_house_writes_them(hass: HomeAssistant, socket_enabled: None) -> None:
    hass.config.language = "de"
    async with OllamaServer(vram=4 * GIB) as hub:
        await hub.load(MODEL, num_ctx=9216)
        await set_up(hass, homelab_entry(hub.url, conversation_subentry(num_ctx=9216)))
        text = text_of(issues(hass)["model_spills"], "de")
        assert re.search(r"\d,\d GiB", text)
        assert not re.search(r"\d\.\d", text.replace(MODEL, ""))


async def test_repairs_belong_to_their_homelab(hass: HomeAssistant, hub: OllamaServer) -> None:
    """Where Home Assistant knows that: 2026.11 then hides and removes them with the entry."""
    await pin(hub)
    async with Alerts() as alerts:
        alerts.token = "good"
        monitor = monitor_subentry("alertmanager", alerts.url, "Alerts", token="old")
        entry = await set_up(hass, homelab_entry(hub.url, conversation_subentry(num_ctx=2048), monitor))
        await ask(hass, "word " * 9000)
        raised = issues(hass)
        assert {"model_pinned", "monitor_rejected"} <= raised.keys()
        owners = {getattr(issue, "config_entry_id", entry.entry_id) for issue in raised.values()}
        assert owners == {entry.entry_id}


async def test_fix_of_a_prompt_that_is_too_large(hass: HomeAssistant, hub: OllamaServer) -> None:
    """The agent takes the length that it needs; another agent keeps its own."""
    entry = await set_up(
        hass,
        homelab_entry(
            hub.url, conversation_subentry(num_ctx=2048, prompt="word " * 9000), ai_task_subentry()
        ),
    )
    jarvis, task = entry.subentries.values()
    await ask(hass, "Tell me a joke")
    suggestion = int((issues(hass)["prompt_too_large"].translation_placeholders or {})["suggestion"])
    result = await submit(hass, await fix(hass, "prompt_too_large"))
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await reloaded(hass, entry)
    assert entry.subentries[jarvis.subentry_id].data["num_ctx"] == suggestion > 9000
    assert "num_ctx" not in entry.subentries[task.subentry_id].data
