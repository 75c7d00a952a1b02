"""The repairs of a hub: raised for what a person can put right, in their language, and gone once they did."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from demo.ollama import OllamaServer
from demo.ollama.catalogue import GEMMA, LLAMA, NOMIC, TINYLLAMA
from homeassistant.const import CONF_MODEL
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir

from .common import MODEL, conversation_subentry, homelab_entry, hub_subentry, set_up
from .looking import issues, pass_time, standby
from .translations import load, placeholders

GIB = 1024**3
DAY = 24 * 3600.0


def text_of(issue: ir.IssueEntry, language: str) -> str:
    """Return what a person reads; a text that asks for what the repair does not give fails."""
    texts = load(language)
    path = ("issues", str(issue.translation_key))
    given: dict[str, Any] = dict(issue.translation_placeholders or {})
    both = texts[(*path, "title")] + "\n" + texts[(*path, "description")]
    assert placeholders(both) <= given.keys()
    return both.format(**given)


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


CASES = (
    Case(
        kind="context_conflict",
        comes=other_context,
        goes=unload,
        words=(MODEL, "4096", "8192", "Jarvis", "Ollama"),
    ),
    Case(
        kind="agents_disagree",
        agents=({}, {"title": "Friday", "num_ctx": 16384}),
        comes=nothing,
        goes=choose_llama,
        words=(MODEL, "Jarvis: 8192", "Friday: 16384", "Ollama"),
    ),
    Case(kind="model_pinned", comes=pin, goes=unload, words=(GEMMA.name, "Ollama", "GiB")),
    Case(
        kind="model_spills",
        server={"vram": 4 * GIB},
        comes=load_model,
        goes=unload,
        words=(MODEL, "2.0 GiB", "33", "8192", "Ollama"),
    ),
    Case(
        kind="model_missing",
        comes=delete,
        goes=install,
        words=(MODEL, "Jarvis", "Ollama", f"ollama pull {MODEL}"),
    ),
    Case(
        kind="model_without_tools",
        agents=({"model": GEMMA.name},),
        comes=nothing,
        goes=choose_llama,
        words=(GEMMA.name, "Jarvis", "qwen3:8b, llama3.1:8b, qwen2.5-coder:7b", "Ollama"),
    ),
    Case(
        kind="model_cannot_chat",
        agents=({"model": NOMIC.name},),
        comes=nothing,
        goes=choose_llama,
        words=(NOMIC.name, "Jarvis"),
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
        assert issue.is_fixable is False
        assert issue.severity is (
            ir.IssueSeverity.ERROR if case.kind == "model_missing" else ir.IssueSeverity.WARNING
        )
        for language in ("en", "de"):
            text = text_of(issue, language)
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
    assert "2048" in text_of(issues(hass)["context_conflict"], "en")


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
        for language in ("en", "de"):
            assert "Mini PC" in text_of(issue, language)
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
