"""The config flow of a homelab: first hub and first model, reauthentication, reconfiguration."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_capture_events

from custom_components.homelab_ai.api.errors import ApiResponseError
from custom_components.homelab_ai.const import DOMAIN
from custom_components.homelab_ai.flows.connection import KEPT, connected, form_error
from custom_components.homelab_ai.flows.form import FormError
from demo.servers.certificates import make_certificates
from demo.servers.http_server import HttpServer
from demo.servers.ollama import Fault, Model, OllamaServer, Timing
from demo.servers.ollama.catalogue import GEMMA, LLAMA, NOMIC, QWEN3, TINYLLAMA
from demo.servers.pages import HtmlServer, OpenWebUIServer, RedirectServer
from homeassistant.components.assist_pipeline import async_get_pipeline, async_update_pipeline
from homeassistant.config_entries import SOURCE_REAUTH, SOURCE_USER, ConfigEntryState, ConfigFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import EVENT_DATA_ENTRY_FLOW_PROGRESS_UPDATE, FlowResultType
from homeassistant.setup import async_setup_component

from .common import MODEL, homelab_entry, hub_subentry, set_up
from .forms import expanded, fields, options, suggested, until_no_progress
from .looking import until
from .translations import load

# Where nobody listens.
OFFLINE = "http://127.0.0.1:9"
ELSEWHERE = "http://127.0.0.1:19"

CONVERSATION = {
    "model": MODEL,
    "llm_hass_api": ["assist"],
    "num_ctx": 8192,
    "keep_alive": 1800,
    "think": "auto",
    "num_predict": 1024,
    "max_history": 20,
    "facts_first": True,
    "prewarm": True,
    "offline_fallback": True,
}
AI_TASK = {"model": MODEL, "num_ctx": 8192, "keep_alive": 1800, "think": "auto"}


@pytest.fixture(autouse=True)
async def _house(hass: HomeAssistant) -> None:
    """Have what every Home Assistant has before somebody adds an integration."""
    assert await async_setup_component(hass, "homeassistant", {})


async def begin(hass: HomeAssistant) -> ConfigFlowResult:
    """Return the first form."""
    result = await hass.config_entries.flow.async_init(DOMAIN, context={"source": SOURCE_USER})
    assert result["type"] is FlowResultType.FORM
    assert result["step_id"] == "user"
    return result


async def go_on(hass: HomeAssistant, result: ConfigFlowResult, **typed: Any) -> ConfigFlowResult:
    """Send a form."""
    return await hass.config_entries.flow.async_configure(result["flow_id"], typed)


async def connect(hass: HomeAssistant, url: str, **typed: Any) -> ConfigFlowResult:
    """Return what comes after the first form."""
    return await go_on(hass, await begin(hass), name="Homelab", url=url, **typed)


async def choose(hass: HomeAssistant, hub: OllamaServer, **typed: Any) -> ConfigFlowResult:
    """Return what comes after the second form; a download has ended then."""
    result = await go_on(hass, await connect(hass, hub.url), **typed)
    return await until_no_progress(hass, hass.config_entries.flow, result)


def created(result: ConfigFlowResult) -> dict[str, dict[str, Any]]:
    """Return the subentries of a created entry, data by title."""
    assert result["type"] is FlowResultType.CREATE_ENTRY, result
    return {subentry.title: dict(subentry.data) for subentry in result["result"].subentries.values()}


# --- A new homelab ------------------------------------------------------------------------------------------


async def test_new_homelab(hass: HomeAssistant, hub: OllamaServer) -> None:
    result = await begin(hass)
    assert not result["errors"]
    assert suggested(result) == {
        "name": "Homelab",
        "url": "http://",
        "advanced": {"ca_certificate": "", "headers": []},
    }
    assert not expanded(result)

    result = await go_on(hass, result, name=" Cellar ", url=f" {hub.url}/ ", verify_ssl=True, advanced={})
    assert result["step_id"] == "model"
    assert suggested(result) == {"model": "qwen3:8b"}
    assert options(result, "model") == {
        "qwen3:8b": "qwen3:8b · tools · 5.2 GB",
        "llama3.1:8b": "llama3.1:8b · tools · 4.9 GB",
        "qwen2.5-coder:7b": "qwen2.5-coder:7b · tools · 4.7 GB",
        "llama3.2-vision:11b": "llama3.2-vision:11b · no tools · 7.8 GB",
        "qwen2.5vl:7b": "qwen2.5vl:7b · no tools · 6.0 GB",
        "gemma3:4b": "gemma3:4b · no tools · 3.3 GB",
        "tinyllama:1.1b": "tinyllama:1.1b · no tools · 0.6 GB",
        "qwen2.5:7b": "qwen2.5:7b · download",
    }

    result = await go_on(hass, result, model=MODEL)
    assert created(result) == {"Jarvis": CONVERSATION, "Homelab AI Task": AI_TASK}
    entry = result["result"]
    assert entry.title == "Cellar"
    assert entry.data == {"url": hub.url, "verify_ssl": True}
    assert entry.options == {}
    assert [subentry.subentry_type for subentry in entry.subentries.values()] == [
        "conversation",
        "ai_task_data",
    ]
    await hass.async_block_till_done()
    assert entry.state is ConfigEntryState.LOADED
    assert hass.states.get("conversation.jarvis")


# --- The voice assistant -----------------------------------------------------------------------------------


@pytest.fixture
async def voice(hass: HomeAssistant, _house: None) -> None:
    """Have voice assistants, as every Home Assistant has after its onboarding."""
    assert await async_setup_component(hass, "assist_pipeline", {})
    await hass.async_block_till_done()


def preferred(hass: HomeAssistant) -> str:
    """Return who answers where the preferred voice assistant is used."""
    return async_get_pipeline(hass).conversation_engine


def told_at_the_end(result: ConfigFlowResult, language: str) -> str:
    """Return what the last page says."""
    text = load(language)["config", "create_entry", str(result["description"])]
    return text.format(**(result["description_placeholders"] or {}))


@pytest.mark.usefixtures("voice")
async def test_jarvis_becomes_the_voice_assistant(hass: HomeAssistant, hub: OllamaServer) -> None:
    assert preferred(hass) == "conversation.home_assistant"
    result = await connect(hass, hub.url)
    assert suggested(result) == {"model": "qwen3:8b"}
    assert [field["name"] for field in fields(result)] == ["model", "assistant"]
    result = await go_on(hass, result, model=MODEL, assistant=True)
    assert created(result)
    assert preferred(hass) == "conversation.jarvis"
    assert "How is the homelab?" in told_at_the_end(result, "en")
    assert "Jarvis ist jetzt dein Sprachassistent" in told_at_the_end(result, "de")


@pytest.mark.usefixtures("voice")
async def test_who_wants_another_voice_assistant_keeps_it(hass: HomeAssistant, hub: OllamaServer) -> None:
    result = await choose(hass, hub, model=MODEL, assistant=False)
    assert created(result)
    assert preferred(hass) == "conversation.home_assistant"
    assert "Settings → Voice assistants" in told_at_the_end(result, "en")


@pytest.mark.usefixtures("voice")
async def test_a_voice_assistant_of_a_persons_own_is_left_alone(
    hass: HomeAssistant, hub: OllamaServer
) -> None:
    await async_update_pipeline(hass, async_get_pipeline(hass), conversation_engine="conversation.other")
    result = await connect(hass, hub.url)
    assert [field["name"] for field in fields(result)] == ["model"]
    assert created(await go_on(hass, result, model=MODEL))
    assert preferred(hass) == "conversation.other"


@pytest.mark.usefixtures("voice")
async def test_voice_assistant_after_a_download(hass: HomeAssistant, hub: OllamaServer) -> None:
    result = await choose(hass, hub, model="llama3.2:3b", assistant=True)
    assert created(result)
    assert preferred(hass) == "conversation.jarvis"


async def test_without_voice_assistants_there_is_nothing_to_choose(
    hass: HomeAssistant, hub: OllamaServer
) -> None:
    result = await connect(hass, hub.url)
    assert [field["name"] for field in fields(result)] == ["model"]
    assert "How is the homelab?" in told_at_the_end(await go_on(hass, result, model=MODEL), "en")


async def test_labels_speak_the_language_of_the_house(hass: HomeAssistant, hub: OllamaServer) -> None:
    hass.config.language = "de"
    labels = options(await connect(hass, hub.url), "model")
    assert labels["qwen3:8b"] == "qwen3:8b · mit Werkzeugen · 5.2 GB"
    assert labels["qwen2.5:7b"] == "qwen2.5:7b · zum Herunterladen"


async def test_all_fields_are_kept(hass: HomeAssistant, socket_enabled: None) -> None:
    certificates = make_certificates()
    async with OllamaServer(
        api_key="secret", ssl_context=certificates.server_context(), path_prefix="/ollama"
    ) as hub:
        result = await connect(
            hass,
            hub.url,
            api_key=" secret ",
            advanced={
                "ca_certificate": f"\n{certificates.ca}\n",
                "headers": [{"name": " X-Team ", "value": " home "}],
            },
        )
        assert result["step_id"] == "model"
        result = await go_on(hass, result)
        await hass.async_block_till_done()
        assert result["result"].state is ConfigEntryState.LOADED
        assert hub.requests[0].headers["X-Team"] == "home"
    assert result["result"].data == {
        "url": hub.url,
        "api_key": "secret",
        "verify_ssl": True,
        "ca_certificate": certificates.ca.strip(),
        "headers": {"X-Team": "home"},
    }


async def test_an_unnamed_homelab_has_the_usual_name(hass: HomeAssistant, hub: OllamaServer) -> None:
    result = await go_on(hass, await begin(hass), name=" ", url=hub.url)
    assert (await go_on(hass, result))["title"] == "Homelab"


@pytest.mark.parametrize("fields_of", [{"url": f"{OFFLINE}/"}, {"url": OFFLINE}])
async def test_suggests_the_hub_of_the_core_integration(
    hass: HomeAssistant, fields_of: dict[str, str]
) -> None:
    MockConfigEntry(domain="ollama").add_to_hass(hass)
    MockConfigEntry(domain="ollama", data=fields_of).add_to_hass(hass)
    assert suggested(await begin(hass))["url"] == OFFLINE


async def test_suggests_no_hub_that_is_set_up(hass: HomeAssistant) -> None:
    homelab_entry(OFFLINE).add_to_hass(hass)
    MockConfigEntry(domain="ollama", data={"url": OFFLINE}).add_to_hass(hass)
    assert suggested(await begin(hass))["url"] == "http://"


@pytest.mark.parametrize("slash", ["", "/"])
async def test_a_hub_is_set_up_once(hass: HomeAssistant, hub: OllamaServer, slash: str) -> None:
    homelab_entry(hub.url).add_to_hass(hass)
    result = await connect(hass, hub.url + slash)
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "already_configured"


async def test_a_standby_hub_is_set_up(hass: HomeAssistant, hub: OllamaServer) -> None:
    homelab_entry(OFFLINE, hub_subentry(hub.url)).add_to_hass(hass)
    result = await connect(hass, hub.url)
    assert result["reason"] == "already_configured"


# --- Connections that do not work ---------------------------------------------------------------------------

type Faulty = Callable[[], AbstractAsyncContextManager[HttpServer]]


@asynccontextmanager
async def switched_off() -> AsyncGenerator[OllamaServer]:
    server = OllamaServer()
    await server.start()
    await server.stop()
    yield server


@asynccontextmanager
async def busy() -> AsyncGenerator[OllamaServer]:
    async with OllamaServer() as server:
        server.inject(Fault.status(503, times=None))
        yield server


@asynccontextmanager
async def redirecting() -> AsyncGenerator[RedirectServer]:
    async with OllamaServer() as target, RedirectServer(target.url) as server:
        yield server


@pytest.fixture
def handshakes_may_fail(hass: HomeAssistant) -> None:
    """Let a client leave in the middle of a handshake; in debug mode asyncio calls that an error of ours."""
    hass.loop.set_debug(False)


@pytest.mark.parametrize(
    ("server", "errors"),
    [
        (switched_off, {"base": "cannot_connect"}),
        (lambda: OllamaServer(api_key="secret"), {"api_key": "key_missing"}),
        (HtmlServer, {"url": "not_ollama"}),
        (redirecting, {"url": "not_ollama"}),
        (OpenWebUIServer, {"url": "open_webui"}),
        (busy, {"base": "busy"}),
    ],
)
async def test_hub_that_does_not_work(
    hass: HomeAssistant, hub: OllamaServer, server: Faulty, errors: dict[str, str]
) -> None:
    async with server() as other:
        result = await connect(hass, other.url, verify_ssl=True, advanced={"ca_certificate": ""})
    assert result["step_id"] == "user"
    assert result["errors"] == errors
    assert not expanded(result)
    typed = {"name": "Homelab", "url": other.url, "verify_ssl": True, "advanced": {"ca_certificate": ""}}
    assert suggested(result) == typed

    result = await go_on(hass, result, **(typed | {"url": hub.url}))
    assert result["step_id"] == "model"


@pytest.mark.parametrize("cure", ["authority", "verify_ssl"])
@pytest.mark.usefixtures("handshakes_may_fail", "socket_enabled")
async def test_unknown_authority(hass: HomeAssistant, cure: str) -> None:
    certificates = make_certificates()
    async with OllamaServer(ssl_context=certificates.server_context()) as hub:
        result = await connect(hass, hub.url)
        assert result["errors"] == {"base": "invalid_certificate"}
        assert "certificate" in (result["description_placeholders"] or {})["reason"]
        assert expanded(result)

        if cure == "authority":
            typed: dict[str, Any] = {"advanced": {"ca_certificate": certificates.ca}}
        else:
            typed = {"verify_ssl": False}
        result = await go_on(hass, result, name="Homelab", url=hub.url, **typed)
        assert result["step_id"] == "model"


@pytest.mark.parametrize(
    ("names", "expired", "reason"),
    [(["127.0.0.1"], True, "expired"), (["hub.local"], False, "not valid for '127.0.0.1'")],
)
@pytest.mark.usefixtures("handshakes_may_fail", "socket_enabled")
async def test_certificate_of_a_trusted_authority(
    hass: HomeAssistant, names: list[str], expired: bool, reason: str
) -> None:
    certificates = make_certificates(names, expired=expired)
    async with OllamaServer(ssl_context=certificates.server_context()) as hub:
        result = await connect(hass, hub.url, advanced={"ca_certificate": certificates.ca})
    assert result["errors"] == {"base": "invalid_certificate"}
    assert reason in (result["description_placeholders"] or {})["reason"]


@pytest.mark.parametrize(
    "url", ["http://", "10.1.2.3:99999", "hub", "ftp://hub", "http://hub:99999", "http://me:secret@hub", ""]
)
async def test_no_address(hass: HomeAssistant, url: str) -> None:
    result = await connect(hass, url)
    assert result["errors"] == {"url": "invalid_url"}
    assert suggested(result)["url"] == url


@pytest.mark.parametrize(
    ("advanced", "error"),
    [
        ({"ca_certificate": "what is PEM?"}, "invalid_ca_certificate"),
        ({"ca_certificate": "-----BEGIN CERTIFICATE-----\nMüll"}, "invalid_ca_certificate"),
        ({"headers": [{"name": "X Team", "value": "home"}]}, "invalid_headers"),
        ({"headers": [{"name": "", "value": "home"}]}, "invalid_headers"),
        ({"headers": [{"name": "X-Team", "value": "Zuhause ♥"}]}, "invalid_headers"),
        ({"headers": [{"name": "X-Team", "value": "home\r\nX-Admin: yes"}]}, "invalid_headers"),
    ],
)
async def test_advanced_that_cannot_be(
    hass: HomeAssistant, hub: OllamaServer, advanced: dict[str, Any], error: str
) -> None:
    result = await connect(hass, hub.url, advanced=advanced)
    assert result["errors"] == {"base": error}
    assert expanded(result)
    assert suggested(result)["advanced"] == advanced
    assert hub.requests == []

    result = await go_on(hass, result, name="Homelab", url=hub.url, advanced={})
    assert result["step_id"] == "model"


async def test_key_that_cannot_be(hass: HomeAssistant, hub: OllamaServer) -> None:
    result = await connect(hass, hub.url, api_key="Schlüssel")
    assert result["errors"] == {"api_key": "invalid_auth"}


async def test_refused_host_name_is_cured_by_a_header(hass: HomeAssistant, socket_enabled: None) -> None:
    async with OllamaServer(allowed_hosts=["localhost"]) as hub:
        headers = [{"name": "Host", "value": "hub.example"}]
        result = await connect(hass, hub.url, advanced={"headers": headers})
        assert result["errors"] == {"base": "host_refused"}
        assert expanded(result)

        headers = [{"name": "Host", "value": "localhost:11434"}]
        result = await go_on(hass, result, name="Homelab", url=hub.url, advanced={"headers": headers})
        assert result["step_id"] == "model"
        assert created(await go_on(hass, result)).keys() == {"Jarvis", "Homelab AI Task"}


async def test_right_key_after_a_wrong_one(hass: HomeAssistant, socket_enabled: None) -> None:
    async with OllamaServer(api_key="secret") as hub:
        result = await connect(hass, hub.url, api_key="wrong")
        assert result["errors"] == {"api_key": "invalid_auth"}
        assert suggested(result)["api_key"] == "wrong"
        result = await go_on(hass, result, name="Homelab", url=hub.url, api_key="secret")
        assert result["step_id"] == "model"


async def test_server_that_never_answers(hass: HomeAssistant, hub: OllamaServer) -> None:
    with pytest.raises(FormError) as raised:
        async with connected(hass, {"url": hub.url}, seconds=0.01):
            await asyncio.sleep(5)
    assert raised.value.key == "cannot_connect"


def test_answer_nobody_expects() -> None:
    error = form_error(ApiResponseError("418: I am a teapot", 418))
    assert (error.key, error.placeholders) == ("unknown", {"reason": "418: I am a teapot"})


# --- The first model ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("installed", "best"),
    [
        ([LLAMA, QWEN3, GEMMA, NOMIC], "qwen3:8b"),  # the largest with tools
        ([GEMMA, TINYLLAMA, NOMIC], "gemma3:4b"),  # without tools
        ([Model(name="old:7b", capabilities=())], "old:7b"),  # an old server knows of no capabilities
        ([NOMIC], None),
        ([], None),
    ],
)
async def test_model_left_to_us(
    hass: HomeAssistant, socket_enabled: None, installed: list[Model], best: str | None
) -> None:
    async with OllamaServer(installed) as hub:
        result = await connect(hass, hub.url)
        assert suggested(result) == ({"model": best} if best else {})
        result = await go_on(hass, result, model=" ")
        agents = created(result)
        await hass.async_block_till_done()
        assert result["result"].state is ConfigEntryState.LOADED
    assert {title: data["model"] for title, data in agents.items()} == (
        {"Jarvis": best, "Homelab AI Task": best} if best else {}
    )


async def test_suggests_downloads_where_nothing_is_installed(
    hass: HomeAssistant, socket_enabled: None
) -> None:
    async with OllamaServer([]) as hub:
        result = await connect(hass, hub.url)
    assert list(options(result, "model")) == ["llama3.1:8b", "qwen3:8b", "qwen2.5:7b"]


@pytest.mark.parametrize(("typed", "stored"), [("LLAMA3.1:8B", MODEL), (" mine ", "mine:latest")])
async def test_model_is_called_as_the_hub_calls_it(
    hass: HomeAssistant, hub: OllamaServer, typed: str, stored: str
) -> None:
    hub.hub.install(Model(name="mine:latest"))
    assert created(await choose(hass, hub, model=typed))["Jarvis"]["model"] == stored
    assert hub.requests_to("/api/pull") == []


async def test_model_that_cannot_chat(hass: HomeAssistant, hub: OllamaServer) -> None:
    result = await choose(hass, hub, model="nomic-embed-text")
    assert result["step_id"] == "model"
    assert result["errors"] == {"model": "model_cannot_chat"}
    assert (result["description_placeholders"] or {})["model"] == "nomic-embed-text:latest"
    assert suggested(result) == {"model": "nomic-embed-text"}
    assert created(await go_on(hass, result, model=MODEL)).keys() == {"Jarvis", "Homelab AI Task"}


async def test_hub_goes_off_before_the_model_is_chosen(hass: HomeAssistant, hub: OllamaServer) -> None:
    result = await connect(hass, hub.url)
    await hub.stop()
    result = await go_on(hass, result, model=MODEL)
    assert result["step_id"] == "model"
    assert result["errors"] == {"base": "cannot_connect"}
    assert suggested(result) == {"model": MODEL}
    await hub.start()
    assert created(await go_on(hass, result, model=MODEL))["Jarvis"] == CONVERSATION


# --- The download -------------------------------------------------------------------------------------------


async def test_download(hass: HomeAssistant, hub: OllamaServer) -> None:
    events = async_capture_events(hass, EVENT_DATA_ENTRY_FLOW_PROGRESS_UPDATE)
    result = await go_on(hass, await connect(hass, hub.url), model="llama3.2:3b")
    assert result["type"] is FlowResultType.SHOW_PROGRESS
    assert result["step_id"] == result["progress_action"] == "download"
    assert result["description_placeholders"] == {"model": "llama3.2:3b"}

    result = await until_no_progress(hass, hass.config_entries.flow, result)
    assert created(result)["Jarvis"]["model"] == "llama3.2:3b"
    shown = [event.data["progress"] for event in events]
    assert shown == sorted(set(shown)), "each percent once, never back"
    assert len(shown) <= 100
    assert shown[-1] == 1.0
    assert len(hub.requests_to("/api/pull")) == 1


async def test_downloaded_model_is_called_as_the_hub_calls_it(hass: HomeAssistant, hub: OllamaServer) -> None:
    hub.hub.registry["mistral:latest"] = Model(name="mistral:latest", capabilities=("completion", "tools"))
    assert created(await choose(hass, hub, model="Mistral"))["Jarvis"]["model"] == "mistral:latest"


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (None, "library has no model"),
        (Fault.error_line("no space left on device", after=2, path="/api/pull"), "no space left on device"),
        (Fault.drop_after_first_token(path="/api/pull"), ""),
        (Fault.status(500, "broken", path="/api/pull"), "500: broken"),
    ],
)
async def test_failed_download(
    hass: HomeAssistant, hub: OllamaServer, fault: Fault | None, reason: str
) -> None:
    if fault is not None:
        hub.inject(fault)
    typed = "llama3.2:3b" if fault else "lama3.2:3b"
    result = await choose(hass, hub, model=typed)
    assert result["step_id"] == "model"
    # A name that there is not is told as that, not in the server's words.
    assert result["errors"] == {"model": "download_failed" if fault else "model_unknown"}
    placeholders = result["description_placeholders"] or {}
    assert placeholders["model"] == typed
    assert reason in placeholders["reason"]
    assert suggested(result) == {"model": typed}

    result = await go_on(hass, result, model="llama3.2:3b")
    result = await until_no_progress(hass, hass.config_entries.flow, result)
    assert created(result)["Homelab AI Task"]["model"] == "llama3.2:3b"


async def test_downloaded_model_cannot_chat(hass: HomeAssistant, hub: OllamaServer) -> None:
    result = await choose(hass, hub, model="all-minilm")
    assert result["errors"] == {"model": "model_cannot_chat"}


async def test_closed_dialog_leaves_the_download(hass: HomeAssistant, socket_enabled: None) -> None:
    async with OllamaServer(timing=Timing(pull_bytes_per_second=1e6)) as hub:
        result = await go_on(hass, await connect(hass, hub.url), model="llama3.2:3b")
        assert result["type"] is FlowResultType.SHOW_PROGRESS
        await until(lambda: hub.requests_to("/api/pull"))
        # Looking again, as the browser does, neither ends nor repeats it.
        result = await hass.config_entries.flow.async_configure(result["flow_id"])
        assert result["type"] is FlowResultType.SHOW_PROGRESS
        downloads = [one for one in asyncio.all_tasks() if one.get_name() == "download llama3.2:3b"]
        hass.config_entries.flow.async_abort(result["flow_id"])
        await hass.async_block_till_done()
        assert downloads
        assert not any(one.done() for one in downloads)
        (pull,) = hub.requests_to("/api/pull")
        assert pull.outcome == "running"
        for one in downloads:
            one.cancel()
        await until(lambda: pull.outcome == "cancelled")
    assert hass.config_entries.async_entries(DOMAIN) == []


# --- Reauthentication ---------------------------------------------------------------------------------------


async def reauth(hass: HomeAssistant) -> ConfigFlowResult:
    """Return the form that a refused key has brought up."""
    (flow,) = hass.config_entries.flow.async_progress()
    assert flow["context"]["source"] == SOURCE_REAUTH
    assert flow["step_id"] == "reauth_confirm"
    return await hass.config_entries.flow.async_configure(flow["flow_id"])


async def test_reauth(hass: HomeAssistant, socket_enabled: None) -> None:
    async with OllamaServer(api_key="new") as hub:
        headers = {"X-Team": "home"}
        entry = await set_up(hass, homelab_entry(hub.url, api_key="old", headers=headers))
        result = await reauth(hass)
        assert (result["description_placeholders"] or {})["url"] == hub.url
        assert (result["description_placeholders"] or {})["name"] == "Homelab"
        assert suggested(result) == {"advanced": {"headers": [{"name": "X-Team", "value": "home"}]}}

        result = await go_on(hass, result, api_key="older")
        assert result["type"] is FlowResultType.FORM
        assert result["errors"] == {"api_key": "invalid_auth"}
        await hub.stop()
        result = await go_on(hass, result, api_key="new")
        assert result["errors"] == {"base": "cannot_connect"}
        await hub.start()

        result = await go_on(hass, result, api_key="new")
        assert result["type"] is FlowResultType.ABORT
        assert result["reason"] == "reauth_successful"
        assert entry.data == {"url": hub.url, "verify_ssl": True, "api_key": "new", "headers": headers}
        await hass.async_block_till_done()
        assert entry.state is ConfigEntryState.LOADED
        assert entry.runtime_data.pool.servers[0].state.online


async def test_reauth_with_headers_instead_of_a_key(hass: HomeAssistant, socket_enabled: None) -> None:
    async with OllamaServer(api_key="new") as hub:
        entry = await set_up(hass, homelab_entry(hub.url, api_key="old", headers={"X-Team": "home"}))
        headers = [{"name": "Authorization", "value": "Bearer new"}]
        result = await go_on(hass, await reauth(hass), advanced={"headers": headers})
        assert result["reason"] == "reauth_successful"
        assert entry.data == {
            "url": hub.url,
            "verify_ssl": True,
            "headers": {"Authorization": "Bearer new"},
        }
        await hass.async_block_till_done()


async def test_reauth_of_a_hub_that_became_another(hass: HomeAssistant, socket_enabled: None) -> None:
    """The form has no address to put the error to."""
    async with HtmlServer() as page:
        entry = await set_up(hass, homelab_entry(page.url, api_key="old"))
        result = await go_on(hass, await entry.start_reauth_flow(hass), api_key="new")
        assert result["errors"] == {"base": "not_ollama"}


# --- Reconfiguration ----------------------------------------------------------------------------------------


@pytest.fixture
def reloads(hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the entries that were reloaded."""
    reload, entry_ids = hass.config_entries.async_reload, list[str]()

    async def noted(entry_id: str) -> bool:
        entry_ids.append(entry_id)
        return await reload(entry_id)

    monkeypatch.setattr(hass.config_entries, "async_reload", noted)
    return entry_ids


async def test_reconfigure(hass: HomeAssistant, hub: OllamaServer, reloads: list[str]) -> None:
    entry = await set_up(hass, homelab_entry(hub.url, hub_subentry(OFFLINE)))
    result = await entry.start_reconfigure_flow(hass)
    assert result["step_id"] == "reconfigure"
    assert suggested(result) == {
        "name": "Homelab",
        "url": hub.url,
        "verify_ssl": True,
        "advanced": {"ca_certificate": "", "headers": []},
    }

    async with OllamaServer(api_key="secret") as other:
        typed: dict[str, Any] = {"name": "Attic", "url": other.url, "verify_ssl": False}
        result = await go_on(hass, result, **typed)
        assert result["step_id"] == "reconfigure"
        assert result["errors"] == {"api_key": "key_missing"}
        assert suggested(result) == typed

        result = await go_on(hass, result, **typed, api_key="secret")
        assert result["type"] is FlowResultType.ABORT
        assert result["reason"] == "reconfigure_successful"
        assert entry.title == "Attic"
        assert entry.data == {"url": other.url, "verify_ssl": False, "api_key": "secret"}
        await hass.async_block_till_done()
        assert entry.state is ConfigEntryState.LOADED
        assert entry.runtime_data.pool.servers[0].client.url == other.url
        assert reloads == [entry.entry_id], "once"


async def test_reconfigure_keeps_what_it_does_not_show(hass: HomeAssistant, socket_enabled: None) -> None:
    certificates = make_certificates()
    async with OllamaServer(api_key="secret", ssl_context=certificates.server_context()) as hub:
        data: dict[str, Any] = {
            "api_key": "secret",
            "ca_certificate": certificates.ca,
            "headers": {"X-Team": "home"},
        }
        entry = await set_up(hass, homelab_entry(hub.url, **data))
        before = dict(entry.data)
        result = await entry.start_reconfigure_flow(hass)
        form = suggested(result)
        assert form["api_key"] == KEPT
        assert form["advanced"] == {
            "ca_certificate": certificates.ca,
            "headers": [{"name": "X-Team", "value": "home"}],
        }
        assert "secret" not in str(fields(result))

        del form["advanced"]
        result = await go_on(hass, result, **form)
        assert result["reason"] == "reconfigure_successful"
        assert entry.data == before | {"ca_certificate": certificates.ca.strip()}
        await hass.async_block_till_done()


async def test_reconfigure_forgets_what_was_emptied(hass: HomeAssistant, hub: OllamaServer) -> None:
    entry = await set_up(hass, homelab_entry(hub.url, api_key="secret", headers={"X-Team": "home"}))
    result = await entry.start_reconfigure_flow(hass)
    await go_on(hass, result, name="Homelab", url=hub.url, advanced={"headers": []})
    assert entry.data == {"url": hub.url, "verify_ssl": True}
    await hass.async_block_till_done()


async def test_reconfigure_to_a_hub_that_is_set_up(hass: HomeAssistant, hub: OllamaServer) -> None:
    entry = await set_up(hass, homelab_entry(hub.url, hub_subentry(OFFLINE)))
    MockConfigEntry(domain=DOMAIN, data={"url": ELSEWHERE}).add_to_hass(hass)
    for url in (OFFLINE, ELSEWHERE):
        result = await entry.start_reconfigure_flow(hass)
        result = await go_on(hass, result, name="Homelab", url=url)
        assert result["reason"] == "already_configured"
    assert entry.data["url"] == hub.url


async def test_reconfigure_starts_what_could_not_start(
    hass: HomeAssistant, hub: OllamaServer, reloads: list[str]
) -> None:
    entry = await set_up(hass, homelab_entry(hub.url, ca_certificate="no certificate"))
    assert entry.state is ConfigEntryState.SETUP_ERROR
    result = await entry.start_reconfigure_flow(hass)
    result = await go_on(hass, result, name="Homelab", url=hub.url, advanced={})
    assert result["reason"] == "reconfigure_successful"
    await hass.async_block_till_done()
    assert entry.state is ConfigEntryState.LOADED
    assert reloads == [entry.entry_id]
