"""Every form and every way in which a system may not answer: each says what is wrong, and what to do next."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
import re
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.homelab_ai.const import DOMAIN
from custom_components.homelab_ai.monitors import MONITORS
from demo.servers.apps.web_page import WebPage
from demo.servers.certificates import make_certificates
from demo.servers.ollama import OllamaServer
from homeassistant.config_entries import SOURCE_USER
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.setup import async_setup_component

from .common import set_up
from .systems import system_form, watched_homelab
from .translations import load

OFFLINE = "127.0.0.1:9"
HUB = "hub"
KINDS = [HUB, *sorted(kind for kind in MONITORS if MONITORS[kind].has_address)]
# What a kind needs beside the address of a server.
PLACES = {"forge": "/home/k8s"}
CREDENTIALS: dict[str, dict[str, str]] = {
    HUB: {"api_key": "sk-wrong"},
    "kubernetes": {"token": "wrong"},
    "prometheus": {"token": "wrong"},
    "alertmanager": {"token": "wrong"},
    "open_webui": {"api_key": "sk-wrong"},
    "paperless_ai": {"api_key": "wrong"},
    "forge": {"token": "a-wrong-token"},
}
NEXT_STEP = {
    "en": (
        r"\b(Check|Enter|enter|Paste|paste|Begin|Try|try|Send|send|Bind|Change|Choose|Add|Give|Turn|Pick|Mend)\b"
        r"|Is the (hub|system) on|A name consists of|Take it out|with \*\*Submit|Submit to|go on from there"
        r"|It begins with"
    ),
    "de": (
        r"\b(Prüfe|Gib|gib|Trage|Füge|füge|Beginne|Versuche|versuche|Sende|sende|Ändere|Wähle|Schalte|Lass"
        r"|Berichtige)\b|Ist (der KI-Server|das System) an|Ein Name besteht aus|Mit \*\*OK|Sie beginnt mit"
    ),
}
# What fails on the way to a hub, whose words are all that is known of it.
OTHERS_WORDS = {"unload_failed", "download_failed"}


@pytest.fixture
async def entry(hass: HomeAssistant, hub: OllamaServer) -> MockConfigEntry:
    assert await async_setup_component(hass, "homeassistant", {})
    return await set_up(hass, watched_homelab(hub.url))


@pytest.fixture(autouse=True)
async def untrusted(hass: HomeAssistant) -> None:
    """Let servers report in peace that somebody did not trust them."""
    report = hass.loop.get_exception_handler()
    assert report is not None
    hass.loop.set_exception_handler(
        lambda loop, context: None if "incoming connection" in context["message"] else report(loop, context)
    )


@asynccontextmanager
async def page(status: int = 200, **settings: Any) -> AsyncIterator[str]:
    async with WebPage(**settings) as server:
        if status != 200:
            server.faults.status(status, "no")
        yield server.url


@asynccontextmanager
async def untrusted_page() -> AsyncIterator[str]:
    certificates = await asyncio.to_thread(make_certificates)
    async with page(ssl_context=await asyncio.to_thread(certificates.server_context)) as url:
        yield url


@asynccontextmanager
async def at(url: str) -> AsyncIterator[str]:
    yield url


@asynccontextmanager
async def other_scheme(server: Callable[[], AbstractAsyncContextManager[str]]) -> AsyncIterator[str]:
    async with server() as url:
        scheme, _, rest = url.partition("://")
        yield f"{'http' if scheme == 'https' else 'https'}://{rest}"


# A fault, and which errors say it: of a hub, and of a system.
FAULTS: dict[str, tuple[Callable[[], AbstractAsyncContextManager[str]], set[str]]] = {
    "nobody is there": (lambda: at(f"http://{OFFLINE}"), {"cannot_connect"}),
    "TLS on a plain port": (lambda: other_scheme(page), {"needs_http"}),
    "plain on a port with TLS": (lambda: other_scheme(untrusted_page), {"needs_https"}),
    "certificate of nobody": (untrusted_page, {"invalid_certificate"}),
    "key is refused": (lambda: page(401), {"invalid_auth", "sign_in", "page_status"}),
    "access is refused": (lambda: page(403), {"invalid_auth", "sign_in", "page_status"}),
    "something else": (page, {"wrong_system", "not_ollama"}),
    "busy": (lambda: page(503), {"busy", "page_status"}),
    "broken": (lambda: page(500), {"unknown", "page_status", "not_ollama"}),
}


async def form(hass: HomeAssistant, entry: MockConfigEntry, kind: str) -> tuple[Any, Callable[..., Any]]:
    if kind == HUB:
        manager: Any = hass.config_entries.flow
        return await manager.async_init(DOMAIN, context={"source": SOURCE_USER}), manager.async_configure
    return await system_form(hass, entry, kind), hass.config_entries.subentries.async_configure


def text_of(result: Any, kind: str, language: str) -> str:
    """Return what the form says is wrong; a text that names what it is not given fails."""
    base = ("config", "error") if kind == HUB else ("config_subentries", "system", "error")
    (key,) = result["errors"].values()
    return load(language)[*base, key].format(**result["description_placeholders"])


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("kind", KINDS)
async def test_says_what_is_wrong_and_what_to_do(
    kind: str, fault: str, hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    if kind == "web" and fault == "something else":
        return  # any page is right
    server, errors = FAULTS[fault]
    async with server() as url:
        result, send = await form(hass, entry, kind)
        typed = {"name": "New", "url": f"{url}{PLACES.get(kind, '')}", **CREDENTIALS.get(kind, {})}
        result = await send(result["flow_id"], typed)
    assert result["type"] is FlowResultType.FORM
    # Which forge it is follows from what it answers, whatever the address.
    assert set(result["errors"].values()) <= (errors | {"wrong_system"} if kind == "forge" else errors)
    for language, step in NEXT_STEP.items():
        assert re.search(step, text_of(result, kind, language)), text_of(result, kind, language)


@pytest.mark.parametrize("kind", [HUB, "prometheus", "alertmanager"])
async def test_says_that_nothing_was_entered(kind: str, hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Not that a key should be checked which there is not."""
    async with page(401) as url:
        result, send = await form(hass, entry, kind)
        result = await send(result["flow_id"], {"name": "New", "url": url})
    assert set(result["errors"].values()) <= {"key_missing", "credential_missing"}
    assert "Enter it" in text_of(result, kind, "en")


@pytest.mark.parametrize("language", NEXT_STEP)
def test_every_error_of_a_form_names_the_next_step(language: str) -> None:
    errors = {path: text for path, text in load(language).items() if "error" in path[:-1]}
    assert len(errors) > 60
    silent = {
        ".".join(path): text
        for path, text in errors.items()
        if path[-1] not in OTHERS_WORDS and not re.search(NEXT_STEP[language], text)
    }
    assert silent == {}
