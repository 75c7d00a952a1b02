"""Addresses in forms: what they are filled with, what is made of them, and why nothing good answers there."""

import asyncio
from collections.abc import Callable
from typing import Any

from aiohttp.abc import AbstractResolver
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.homelab_ai.flows.address import typed_url
from custom_components.homelab_ai.monitors.registry import MONITORS
from demo.servers.apps.librechat import LibreChatServer
from demo.servers.apps.open_webui import OpenWebUIServer
from demo.servers.apps.web_page import WebPage
from demo.servers.certificates import make_certificates
from demo.servers.kubernetes import ApiServer
from demo.servers.ollama import OllamaServer
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component

from .common import homelab_entry, set_up
from .forms import suggested
from .systems import Alerts
from .test_config_flow import connect
from .test_monitor_flow import KINDS, NEEDED, PLACES, add, alerts, try_out, untrusted

__all__ = ["alerts", "untrusted"]

PROPOSED = {
    "kubernetes": ("Kubernetes", "https://"),
    "prometheus": ("Prometheus", "http://"),
    "alertmanager": ("Alertmanager", "http://"),
    "open_webui": ("Open WebUI", "http://"),
    "librechat": ("LibreChat", "http://"),
    "paperless_ai": ("Paperless-AI", "http://"),
    "web": ("Web", "http://"),
    "forge": ("Forge", "https://"),
}


class EmptyDirectory(AbstractResolver):
    """A name server that knows nobody: no test may ask a real one."""

    async def resolve(self, host: str, port: int = 0, family: int = 0) -> Any:
        raise OSError(None, "Name or service not known")

    async def close(self) -> None:
        """Close nothing."""

    real_close = close


@pytest.fixture
def names_are_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "homeassistant.helpers.aiohttp_client._async_make_resolver", lambda hass: EmptyDirectory()
    )


@pytest.fixture(name="entry")
async def entry_fixture(hass: HomeAssistant, hub: OllamaServer) -> MockConfigEntry:
    return await set_up(hass, homelab_entry(hub.url))


@pytest.mark.parametrize("kind", KINDS)
async def test_every_form_proposes_its_own_name(
    kind: str, hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    form = suggested(await add(hass, entry, kind))
    assert (form["name"], form["url"]) == PROPOSED[kind]


def test_no_two_forms_propose_the_same_name() -> None:
    names = [kind.product or kind.manufacturer for kind in MONITORS.values()]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("127.0.0.1:11434", "http://127.0.0.1:11434"),
        (" hub.local ", "http://hub.local"),
        ("hub:11434", "http://hub:11434"),
        ("[fe80::1]:11434", "http://[fe80::1]:11434"),
        ("http://hub:11434/api/tags", "http://hub:11434"),
        ("http://hub:11434/v1", "http://hub:11434"),
        ("http://hub:11434/v1/chat/completions", "http://hub:11434"),
        ("hub.local/ollama/v1/", "http://hub.local/ollama"),
        ("http://prom:9090/graph?g0.expr=up", "http://prom:9090"),
        ("http://prom:9090/api/v1/query", "http://prom:9090"),
        ("http://am:9093/#/alerts", "http://am:9093"),
        ("https://home/prometheus/", "https://home/prometheus"),
        ("https://home/versions", "https://home/versions"),
    ],
)
def test_typed_address(typed: str, stored: str) -> None:
    assert typed_url(typed) == stored
    assert typed_url(stored) == stored


def test_kubernetes_without_a_scheme() -> None:
    assert typed_url("10.0.0.1:6443", "https") == "https://10.0.0.1:6443"


@pytest.mark.parametrize(
    "typed", ["", "hub", "http://", "ftp://hub", "http://me:pw@hub", "a b.c", "http://h?x=1"]
)
def test_no_address(typed: str) -> None:
    with pytest.raises(ValueError, match="address"):
        typed_url(typed)


@pytest.mark.usefixtures("names_are_looked_up")
@pytest.mark.parametrize("kind", KINDS)
async def test_host_that_nobody_knows(kind: str, hass: HomeAssistant, entry: MockConfigEntry) -> None:
    url = f"http://nowhere.invalid:1234{PLACES.get(kind, '')}"
    result = await try_out(hass, entry, kind, url=url, **NEEDED.get(kind, {}))
    assert result["errors"] == {"url": "unknown_host"}
    assert (result["description_placeholders"] or {})["host"] == "nowhere.invalid"


@pytest.mark.usefixtures("names_are_looked_up", "socket_enabled")
async def test_hub_that_nobody_knows(hass: HomeAssistant) -> None:
    assert await async_setup_component(hass, "homeassistant", {})
    result = await connect(hass, "http://nowhere.invalid:11434")
    assert result["errors"] == {"url": "unknown_host"}


@pytest.mark.usefixtures("untrusted", "socket_enabled")
async def test_the_other_protocol(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    certificates = await asyncio.to_thread(make_certificates, ["127.0.0.1"])
    tls = await asyncio.to_thread(certificates.server_context)
    async with ApiServer(ssl_context=tls) as cluster, WebPage() as page:
        secure = cluster.url.replace("https://", "http://")
        result = await try_out(hass, entry, "kubernetes", url=secure, token=cluster.token)
        assert result["errors"] == {"url": "needs_https"}
        plain = page.url.replace("http://", "https://")
        result = await try_out(hass, entry, "prometheus", url=plain)
        assert result["errors"] == {"url": "needs_http"}
        assert (await connect(hass, plain))["errors"] == {"url": "needs_http"}


SYSTEMS: dict[str, Callable[[], Any]] = {
    "Ollama": OllamaServer,
    "Open WebUI": OpenWebUIServer,
    "LibreChat": LibreChatServer,
}


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        (name, kind)
        for name in SYSTEMS
        for kind in KINDS
        # Any answer is one of Paperless-AI with a key that is wrong, and of a page; a repository is within
        # its server, which does not answer at its address.
        if kind not in ("web", "paperless_ai", "forge") and PROPOSED[kind][0] != name
    ],
)
async def test_wrong_system_is_named(
    name: str, kind: str, hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    async with SYSTEMS[name]() as server:
        result = await try_out(hass, entry, kind, url=server.url)
    assert result["errors"] == {"url": "other_system"}
    assert (result["description_placeholders"] or {})["found"] == name


@pytest.mark.parametrize("kind", ["prometheus", "kubernetes", "open_webui"])
async def test_alertmanager_is_named(
    kind: str, hass: HomeAssistant, entry: MockConfigEntry, alerts: Alerts
) -> None:
    result = await try_out(hass, entry, kind, url=alerts.url)
    assert result["errors"] == {"url": "other_system"}
    assert (result["description_placeholders"] or {})["found"] == "Alertmanager"


async def test_page_without_a_name(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    async with WebPage() as page:
        result = await try_out(hass, entry, "web", name="Web", url=f"{page.url}/graph")
    assert (result["title"], result["data"]["url"]) == ("127.0.0.1", f"{page.url}/graph")
