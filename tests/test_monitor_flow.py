"""The one flow of all monitored systems: what is asked, what is stored, and what a person is told."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
import re
import ssl
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from yarl import URL

from custom_components.homelab_ai.flows.connection import KEPT
from custom_components.homelab_ai.monitors import MONITORS
from custom_components.homelab_ai.monitors.presets import PRESETS
from custom_components.homelab_ai.monitors.queries import Query
from demo.servers.apps.librechat import LibreChatServer
from demo.servers.apps.open_webui import KEY, OpenWebUIServer
from demo.servers.apps.paperless_ai import KEY as PAPERLESS_KEY, PaperlessAIServer
from demo.servers.apps.web_page import WebPage
from demo.servers.certificates import make_certificates
from demo.servers.exporters import NvidiaGpuExporter
from demo.servers.http_server import HttpServer
from demo.servers.kubernetes import TOKEN, ApiServer, rule
from demo.servers.kubernetes.objects import many_results
from demo.servers.ollama import OllamaServer
from demo.servers.prometheus import LOGIN, Prometheus, find
from homeassistant.config_entries import (
    SOURCE_RECONFIGURE,
    ConfigEntryState,
    ConfigSubentry,
    SubentryFlowResult,
)
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType

from .api.test_kubernetes_certificates import careless_certificates
from .common import set_up
from .forms import expanded, fields, suggested
from .looking import is_on, until
from .systems import Alerts, entities, monitor_subentry, source, system_form, watched_homelab
from .translations import load

ROOT = Path(__file__).parent.parent

OFFLINE = "http://127.0.0.1:9"

needs_binaries = pytest.mark.skipif(
    find() is None, reason="Prometheus is not here: python -m demo.servers.prometheus unpacks it"
)

# The fields of each kind's form beside name and URL, with what they are filled with at first.
FORMS: dict[str, dict[str, Any]] = {
    "kubernetes": {
        "token": None,
        "ca_certificate": None,
        "verify_ssl": True,
        "rpo_hours": 24,
        "max_restarts": 5,
        "dry_run": False,
    },
    "prometheus": {
        "username": None,
        "password": None,
        "token": None,
        "verify_ssl": True,
        "queries": None,
        "ignored": None,
        "heartbeats": None,
        "advanced": None,
    },
    "alertmanager": {
        "username": None,
        "password": None,
        "token": None,
        "verify_ssl": True,
        "ignored": ["Watchdog", "InfoInhibitor"],
        "heartbeats": None,
        "advanced": None,
    },
    "forge": {"token": None, "branch": None, "paths": None, "verify_ssl": True, "advanced": None},
    "open_webui": {"api_key": None, "verify_ssl": True, "advanced": None},
    "librechat": {"metrics_url": None, "verify_ssl": True, "advanced": None},
    "paperless_ai": {
        "api_key": None,
        "verify_ssl": True,
        "overdue_hours": 2,
        "paperless_url": None,
        "advanced": None,
    },
    "web": {
        "verify_ssl": True,
        "expected_status": 200,
        "contains": None,
        "certificate_days": 14,
        "advanced": None,
    },
}
WITHIN = {"entities"}
"""Kinds without an address; see `test_entities`."""
KINDS = sorted(FORMS)
# What a kind needs beside the address of a server.
PLACES = {"forge": "/home/k8s"}
NEEDED: dict[str, dict[str, Any]] = {"forge": {"token": "a-token-of-a-bot"}}
ADVANCED = {kind: {"advanced": {"ca_certificate": ""}} for kind in KINDS if "advanced" in FORMS[kind]}
SECRETS = {
    "kubernetes": {"token"},
    "prometheus": {"password", "token"},
    "alertmanager": {"password", "token"},
    "forge": {"token"},
    "open_webui": {"api_key"},
    "paperless_ai": {"api_key"},
}
# Those that can be had with TLS, and what lets us in.
PRIVATE: dict[str, tuple[Callable[..., HttpServer], dict[str, Any]]] = {
    "kubernetes": (ApiServer, {"token": TOKEN}),
    "alertmanager": (Alerts, {}),
    "open_webui": (OpenWebUIServer, {"api_key": KEY}),
    "librechat": (LibreChatServer, {}),
    "paperless_ai": (PaperlessAIServer, {"api_key": PAPERLESS_KEY}),
    "web": (WebPage, {}),
}


@pytest.fixture
async def entry(hass: HomeAssistant, hub: OllamaServer) -> MockConfigEntry:
    return await set_up(hass, watched_homelab(hub.url))


@pytest.fixture
async def alerts(socket_enabled: None) -> AsyncGenerator[Alerts]:
    async with Alerts() as server:
        yield server


@pytest.fixture
async def untrusted(hass: HomeAssistant) -> None:
    """Let servers report in peace that somebody did not trust them."""
    report = hass.loop.get_exception_handler()
    assert report is not None
    hass.loop.set_exception_handler(
        lambda loop, context: None if "incoming connection" in context["message"] else report(loop, context)
    )


async def add(hass: HomeAssistant, entry: MockConfigEntry, kind: str) -> SubentryFlowResult:
    return await system_form(hass, entry, kind)


async def change(hass: HomeAssistant, entry: MockConfigEntry, title: str) -> SubentryFlowResult:
    subentry = added(entry, title)
    return await hass.config_entries.subentries.async_init(
        (entry.entry_id, subentry.subentry_type),
        context={"source": SOURCE_RECONFIGURE, "subentry_id": subentry.subentry_id},
    )


async def send(hass: HomeAssistant, result: SubentryFlowResult, **typed: Any) -> SubentryFlowResult:
    result = await hass.config_entries.subentries.async_configure(result["flow_id"], typed)
    await hass.async_block_till_done()
    return result


async def try_out(hass: HomeAssistant, entry: MockConfigEntry, kind: str, **typed: Any) -> SubentryFlowResult:
    return await send(hass, await add(hass, entry, kind), **{"name": "New", **typed})


@asynccontextmanager
async def proxied(url: str, tls: ssl.SSLContext) -> AsyncIterator[str]:
    """Put a proxy before a system that speaks no TLS itself; yields where it listens."""
    target = URL(url)

    async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while chunk := await reader.read(65536):
            writer.write(chunk)
            await writer.drain()
        writer.close()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        system_reader, system_writer = await asyncio.open_connection(target.host, target.port)
        await asyncio.gather(
            pass_on(reader, system_writer), pass_on(system_reader, writer), return_exceptions=True
        )

    async with await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls) as server:
        yield f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        server.close_clients()


def added(entry: MockConfigEntry, title: str) -> ConfigSubentry:
    (found,) = (one for one in entry.subentries.values() if one.title == title)
    return found


# The forms


def test_every_kind_has_its_fields() -> None:
    assert set(FORMS) | WITHIN == set(MONITORS)
    secret = {kind: {one.key for one in MONITORS[kind].fields if one.secret} for kind in MONITORS}
    assert {kind: keys for kind, keys in secret.items() if keys} == SECRETS


@pytest.mark.parametrize("kind", KINDS)
async def test_form(kind: str, hass: HomeAssistant, entry: MockConfigEntry) -> None:
    result = await add(hass, entry, kind)
    assert (result["step_id"], result["errors"]) == (kind, None)
    assert suggested(result) == {
        "name": MONITORS[kind].product or MONITORS[kind].manufacturer,
        "url": f"{MONITORS[kind].scheme}://",
        **ADVANCED.get(kind, {}),
    }
    found = {field["name"]: field for field in fields(result)}
    assert list(found) == ["name", "url", *FORMS[kind]]
    assert {key: found[key].get("default") for key in FORMS[kind]} == FORMS[kind]
    for key in SECRETS.get(kind, ()):
        assert found[key]["selector"]["text"]["type"] == "password"
    if "advanced" in found:
        assert [field["name"] for field in found["advanced"]["schema"]] == ["ca_certificate"]
        assert not expanded(result)


CASES: dict[str, tuple[Callable[[], HttpServer], dict[str, Any], dict[str, Any]]] = {
    "kubernetes": (
        ApiServer,
        {
            "token": f" {TOKEN}\n",
            "ca_certificate": "",
            "verify_ssl": True,
            "rpo_hours": 12.0,
            "max_restarts": 3.0,
            "dry_run": False,
        },
        {"token": TOKEN, "verify_ssl": True, "rpo_hours": 12, "max_restarts": 3, "dry_run": False},
    ),
    "alertmanager": (
        Alerts,
        {"username": " ", "password": "", "token": " good ", "verify_ssl": False, "ignored": ["Noise"]},
        {"token": "good", "verify_ssl": False, "ignored": ["Noise"]},
    ),
    "open_webui": (
        OpenWebUIServer,
        {"api_key": KEY, "verify_ssl": True},
        {"api_key": KEY, "verify_ssl": True},
    ),
    "librechat": (LibreChatServer, {"metrics_url": "", "verify_ssl": True}, {"verify_ssl": True}),
    "paperless_ai": (
        PaperlessAIServer,
        {"api_key": PAPERLESS_KEY, "overdue_hours": 6.0, "paperless_url": "http://127.0.0.1:9/p/"},
        {
            "api_key": PAPERLESS_KEY,
            "verify_ssl": True,
            "overdue_hours": 6,
            "paperless_url": "http://127.0.0.1:9/p",
        },
    ),
    "web": (
        WebPage,
        {"expected_status": 200.0, "contains": " It works ", "certificate_days": 30.0, "advanced": {}},
        {"verify_ssl": True, "expected_status": 200, "contains": "It works", "certificate_days": 30},
    ),
}


@pytest.mark.parametrize("kind", CASES)
async def test_added(kind: str, hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """What is left empty is left out, and whole numbers are such."""
    make, typed, stored = CASES[kind]
    async with make() as app:
        result = await try_out(hass, entry, kind, url=f" {app.url}/ ", **typed)
        assert result["type"] is FlowResultType.CREATE_ENTRY, result
        subentry = added(entry, "New")
        assert (subentry.subentry_type, subentry.data) == ("system", {"kind": kind, "url": app.url, **stored})
        assert not [value for value in subentry.data.values() if isinstance(value, float)]
        assert entry.state is ConfigEntryState.LOADED
        assert is_on(hass, "online", subentry.subentry_id) == "on"


async def test_without_a_name_it_has_that_of_its_kind(
    hass: HomeAssistant, entry: MockConfigEntry, alerts: Alerts
) -> None:
    await try_out(hass, entry, "alertmanager", name="  ", url=alerts.url)
    assert added(entry, "Alertmanager").data["ignored"] == ["Watchdog", "InfoInhibitor"]


@needs_binaries
async def test_prometheus(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """The real one, with its login and a query that is mended before it is stored."""
    async with Prometheus({}, [], login=LOGIN) as prometheus:
        typed: dict[str, Any] = {"url": prometheus.url, "username": LOGIN.username, "verify_ssl": True}
        result = await try_out(hass, entry, "prometheus", **typed, password="wrong")
        assert result["errors"] == {"base": "invalid_auth"}
        typed["password"] = LOGIN.password
        queries = [{"name": "Up", "query": "sum(up", "above": 3.5}]
        result = await send(hass, result, name="New", **typed, queries=queries)
        assert result["errors"] == {"base": "unknown"}
        assert "parse error" in str((result["description_placeholders"] or {})["reason"])
        assert suggested(result)["queries"] == queries
        queries[0]["query"] = "nothing_of_this_name"
        result = await send(hass, result, name="New", **typed, queries=queries)
        # It is told once; sent again as it is, it is meant so.
        assert result["errors"] == {"base": "query_empty"}
        assert (result["description_placeholders"] or {})["name"] == "Up"
        result = await send(hass, result, name="New", **typed, queries=queries)
        assert result["type"] is FlowResultType.CREATE_ENTRY
        assert added(entry, "New").data == {"kind": "prometheus", **typed, "queries": queries}


# What is wrong


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "url", ["", "127.0.0.1:99999", "nowhere", "ftp://127.0.0.1", "http://me:pw@127.0.0.1", "http://["]
)
async def test_no_address(kind: str, url: str, hass: HomeAssistant, entry: MockConfigEntry) -> None:
    result = await try_out(hass, entry, kind, url=url)
    assert result["errors"] == {"url": "invalid_url"}
    assert suggested(result)["name"] == "New"


@pytest.mark.parametrize(("kind", "field"), [("librechat", "metrics_url"), ("paperless_ai", "paperless_url")])
async def test_no_second_address(kind: str, field: str, hass: HomeAssistant, entry: MockConfigEntry) -> None:
    result = await try_out(hass, entry, kind, url=OFFLINE, **{field: "nonsense"})
    assert result["errors"] == {field: "invalid_url"}


@pytest.mark.parametrize("kind", KINDS)
async def test_nobody_there(kind: str, hass: HomeAssistant, entry: MockConfigEntry) -> None:
    url = f"{OFFLINE}{PLACES.get(kind, '')}"
    result = await try_out(hass, entry, kind, url=url, **NEEDED.get(kind, {}))
    assert result["errors"] == {"base": "cannot_connect"}


async def test_somebody_who_hangs(
    hass: HomeAssistant, entry: MockConfigEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("custom_components.homelab_ai.flows.monitor.CONNECTION_TIMEOUT", 0.2)
    async with WebPage() as page:
        page.faults.hang()
        result = await try_out(hass, entry, "web", url=page.url)
    assert result["errors"] == {"base": "cannot_connect"}


@pytest.mark.parametrize("kind", ["prometheus", "alertmanager", "librechat"])
@pytest.mark.parametrize(("status", "error"), [(401, ""), (403, ""), (429, "busy"), (500, "unknown")])
async def test_refused(
    kind: str, status: int, error: str, hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    async with WebPage() as page:
        page.faults.status(status, "no")
        result = await try_out(hass, entry, kind, url=page.url)
        # LibreChat knows no key, and into the others none was entered.
        refused = "sign_in" if kind == "librechat" else "credential_missing"
        assert result["errors"] == {"base": error or refused}
        # The form is not at its end.
        page.faults.clear()
        result = await send(hass, result, name="New", url=page.url)
        assert result["type"] is FlowResultType.FORM


async def test_wrong_key(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    async with OpenWebUIServer() as chat:
        result = await try_out(hass, entry, "open_webui", url=chat.url, api_key="sk-wrong")
        assert result["errors"] == {"base": "invalid_auth"}
        result = await send(hass, result, name="New", url=chat.url)
        assert result["type"] is FlowResultType.CREATE_ENTRY


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "web"])
async def test_wrong_system(kind: str, hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """A web page answers, or a portal that sends people to where they sign in."""
    async with WebPage() as page:
        typed = {"url": f"{page.url}{PLACES.get(kind, '')}", **NEEDED.get(kind, {})}
        result = await try_out(hass, entry, kind, **typed)
        assert result["errors"] == {"url": "wrong_system"}
        page.faults.status(302, headers={"Location": "/login?next=%2F"})
        result = await send(hass, result, name="New", **typed)
        assert result["errors"] == {"url": "wrong_system"}


@pytest.mark.usefixtures("untrusted")
@pytest.mark.parametrize("kind", PRIVATE)
async def test_certificate_of_a_private_authority(
    kind: str, hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """The authority helps, and so does not to look; either is meant for this system only."""
    certificates = await asyncio.to_thread(make_certificates)
    make, credentials = PRIVATE[kind]
    authority: dict[str, Any] = {"ca_certificate": f"{certificates.ca}\n"}
    if "advanced" in FORMS[kind]:
        authority = {"advanced": authority}
    async with make(ssl_context=await asyncio.to_thread(certificates.server_context)) as app:
        form = {"name": "New", "url": app.url, **credentials}
        result = await try_out(hass, entry, kind, **form)
        assert result["errors"] == {"base": "invalid_certificate"}
        assert "advanced" not in FORMS[kind] or expanded(result)
        result = await send(hass, result, **form, **authority)
        assert result["type"] is FlowResultType.CREATE_ENTRY, result
        subentry = added(entry, "New")
        assert subentry.data["ca_certificate"] == certificates.ca.strip()
        assert subentry.data["verify_ssl"] is True
        assert is_on(hass, "online", subentry.subentry_id) == "on"
        result = await change(hass, entry, "New")
        shown = suggested(result)
        assert shown.get("advanced", shown)["ca_certificate"] == subentry.data["ca_certificate"]
        # A section that nobody has opened is not sent.
        kept = {} if "advanced" in FORMS[kind] else authority
        await send(hass, result, **form, **kept)
        assert added(entry, "New").data == subentry.data
        # What is taken away must be trusted without.
        result = await change(hass, entry, "New")
        form |= {"advanced": {}} if "advanced" in FORMS[kind] else {}
        result = await send(hass, result, **form)
        assert result["errors"] == {"base": "invalid_certificate"}
        await send(hass, result, **form, verify_ssl=False)
        subentry = added(entry, "New")
        assert (subentry.data["verify_ssl"], "ca_certificate" in subentry.data) == (False, False)
        assert is_on(hass, "online", subentry.subentry_id) == "on"
        assert ("sensor.certificate_expires" in entities(hass, subentry.subentry_id)) is (kind == "web")


@needs_binaries
@pytest.mark.usefixtures("untrusted")
async def test_prometheus_with_a_private_authority(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """The real one behind a proxy that has a certificate of its own."""
    certificates = await asyncio.to_thread(make_certificates)
    tls = await asyncio.to_thread(certificates.server_context)
    async with Prometheus({}, []) as prometheus, proxied(prometheus.url, tls) as url:
        result = await try_out(hass, entry, "prometheus", url=url)
        assert result["errors"] == {"base": "invalid_certificate"}
        form = {"name": "New", "url": url, "advanced": {"ca_certificate": certificates.ca}}
        result = await send(hass, result, **form)
        assert result["type"] is FlowResultType.CREATE_ENTRY
        assert is_on(hass, "online", added(entry, "New").subentry_id) == "on"


@pytest.mark.parametrize("kind", KINDS)
async def test_there_already(kind: str, hass: HomeAssistant, hub: OllamaServer) -> None:
    other, place = "web" if kind != "web" else "librechat", PLACES.get(kind, "")
    entry = await set_up(
        hass,
        watched_homelab(
            hub.url,
            monitor_subentry(kind, f"{OFFLINE}{place}", "Old"),
            monitor_subentry(other, f"{OFFLINE}1{place}", "Other"),
        ),
    )
    result = await try_out(hass, entry, kind, url=f"{OFFLINE}{place}/")
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "already_configured")
    # The same address may be two things.
    result = await try_out(hass, entry, kind, url=f"{OFFLINE}1{place}", **NEEDED.get(kind, {}))
    assert result["errors"] == {"base": "cannot_connect"}


# What is wrong with a cluster


async def test_token_of_a_cluster(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    async with ApiServer() as server:
        result = await try_out(hass, entry, "kubernetes", url=server.url)
        assert result["errors"] == {"base": "credential_missing"}
        result = await send(hass, result, name="New", url=server.url, token="ey.of.another.cluster")
        assert result["errors"] == {"base": "invalid_auth"}
        assert suggested(result)["token"] == "ey.of.another.cluster"
        result = await send(hass, result, name="New", url=server.url, token=TOKEN)
        assert result["type"] is FlowResultType.CREATE_ENTRY


@pytest.mark.parametrize("token", [{}, {"token": ""}, {"token": "  "}], ids=str)
async def test_cluster_that_shows_its_version_to_anybody(
    token: dict[str, str], hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """A form without a token is told to enter one, and nothing of a token that were known."""
    async with ApiServer() as server:
        server.anonymous = True
        result = await try_out(hass, entry, "kubernetes", url=server.url, **token)
        assert result["errors"] == {"token": "token_missing"}
        result = await send(hass, result, name="New", url=server.url, token=TOKEN)
        assert result["type"] is FlowResultType.CREATE_ENTRY


@needs_binaries
async def test_queries_that_give_something_are_offered_with_their_value(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """Of a real Prometheus; those that are chosen are stored as if a person had entered them."""
    async with NvidiaGpuExporter() as gpu, Prometheus({"gpu": gpu}, [], login=LOGIN) as prometheus:
        await prometheus.scraped()
        gpu.heat(63)
        typed = {"url": prometheus.url, "username": LOGIN.username, "password": LOGIN.password}
        own = [{"name": "Up", "query": "up"}]
        result = await try_out(hass, entry, "prometheus", **typed, queries=own)
        assert (result["type"], result["step_id"]) == (FlowResultType.FORM, "presets")
        (field,) = fields(result)
        labels = {one["value"]: one["label"] for one in field["selector"]["select"]["options"]}
        assert labels.keys() == {"gpu_temperature", "gpu_power"}
        assert re.fullmatch(r"GPU temperature · \d+(\.\d)? °C", labels["gpu_temperature"])
        assert labels["gpu_power"] == "GPU power · 31.4 W"
        result = await send(hass, result, presets=["gpu_temperature"])
        assert result["type"] is FlowResultType.CREATE_ENTRY
        (first, chosen) = added(entry, "New").data["queries"]
        assert first == own[0]
        assert chosen == PRESETS["gpu_temperature"].named("GPU temperature")
        shown = entities(hass, added(entry, "New").subentry_id)["sensor.query_gpu_temperature"]
        assert shown.original_device_class == "temperature"


@needs_binaries
async def test_no_query_need_be_chosen(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    hass.config.language = "de"
    async with NvidiaGpuExporter() as gpu, Prometheus({"gpu": gpu}, []) as prometheus:
        await prometheus.scraped()
        result = await try_out(hass, entry, "prometheus", url=prometheus.url)
        (field,) = fields(result)
        assert "GPU-Leistung · 31,4 W" in [one["label"] for one in field["selector"]["select"]["options"]]
        result = await send(hass, result)
        assert result["type"] is FlowResultType.CREATE_ENTRY
        assert "queries" not in added(entry, "New").data


def test_presets_are_queries_that_can_be_stored() -> None:
    for key, preset in PRESETS.items():
        (query,) = Query.from_settings({"queries": [preset.named(key)]})
        assert (query.expression, query.above, query.below) == (preset.query, preset.above, preset.below)


def told_at_the_end(result: SubentryFlowResult, language: str) -> str:
    """Return what the last page of a dialog says; a text that names what it is not given fails."""
    key = ("config_subentries", "system", "create_entry", str(result["description"]))
    return load(language)[key].format(**(result["description_placeholders"] or {}))


async def test_new_cluster_says_what_it_has_and_what_may_not_be_read(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    async with ApiServer(systems=("k8sgpt", "flux", "argocd")) as server:
        server.access.deny("applications.argoproj.io")
        server.access.deny("applicationsets.argoproj.io")
        result = await try_out(hass, entry, "kubernetes", url=server.url, token=TOKEN)
        assert result["type"] is FlowResultType.CREATE_ENTRY
        english = told_at_the_end(result, "en")
        assert "Found: k8sgpt, Flux." in english
        assert "may not read: Argo CD." in english
        assert "/docs/kubernetes.md" in english
        assert "darf nicht lesen: Argo CD." in told_at_the_end(result, "de")


async def test_new_cluster_that_may_be_read_as_a_whole(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    async with ApiServer(systems=("k8sgpt",)) as server:
        result = await try_out(hass, entry, "kubernetes", url=server.url, token=TOKEN)
        assert told_at_the_end(result, "en") == "Found: k8sgpt."


@pytest.mark.parametrize("kind", sorted(MONITORS))
async def test_form_leads_to_the_page_that_explains_it(
    kind: str, hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    result = await add(hass, entry, kind)
    given = result["description_placeholders"] or {}
    for language in ("en", "de"):
        text = load(language)["config_subentries", "system", "step", kind, "description"].format(**given)
        (page, _, anchor) = re.findall(r"/blob/main/docs/([\w-]+\.md)(#([\w-]+))?\)", text)[0]
        headings = re.findall(r"^#+ (.+)$", (ROOT / "docs" / page).read_text(), re.MULTILINE)
        anchors = {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}
        assert not anchor or anchor in anchors
        if kind == "kubernetes":
            assert "kubectl apply -f https://" in text


async def test_token_without_any_right(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """A service account that nobody has bound to a role: what helps is said, beside the server's words."""
    async with ApiServer(rbac=(), systems=("flux",)) as server:
        result = await try_out(hass, entry, "kubernetes", url=server.url, token=TOKEN)
        assert result["errors"] == {"base": "forbidden"}
        given = result["description_placeholders"] or {}
        assert str(given["manual"]).endswith("/docs/kubernetes.md")
        reason = str(given["reason"])
        assert "system:serviceaccount:home-assistant-monitor:home-assistant" in reason
        assert "cannot list resource" in reason
        # With a single one there is something to see.
        server.access.rules.append(rule("nodes"))
        result = await send(hass, result, name="New", url=server.url, token=TOKEN)
        assert result["type"] is FlowResultType.CREATE_ENTRY


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ({"kind": "html_answer"}, {"url": "wrong_system"}),
        ({"kind": "redirect_to_login"}, {"url": "wrong_system"}),
        ({"status": 401}, {"base": "invalid_auth"}),
        # Everybody may read the version: whoever may not is not known.
        ({"status": 403, "path": "/version"}, {"base": "invalid_auth"}),
        ({"status": 429, "retry_after": 7}, {"base": "busy"}),
        ({"status": 503}, {"base": "busy"}),
        ({"status": 500}, {"base": "unknown"}),
        ({"status": 502}, {"base": "unknown"}),
        ({"kind": "stall"}, {"base": "cannot_connect"}),
    ],
)
async def test_cluster_that_is_not_well(
    fault: dict[str, Any],
    error: dict[str, str],
    hass: HomeAssistant,
    entry: MockConfigEntry,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with ApiServer() as server:
        server.inject(**fault)
        with monkeypatch.context() as patch:
            if fault.get("kind") == "stall":
                patch.setattr("custom_components.homelab_ai.flows.monitor.CONNECTION_TIMEOUT", 1)
            result = await try_out(hass, entry, "kubernetes", url=server.url, token=TOKEN)
        assert result["errors"] == error
        # The form is not at its end.
        result = await send(hass, result, name="New", url=server.url, token=TOKEN)
        assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_cluster_that_is_large_and_slow(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """It may take longer to list than a person waits: the dialog asks for one object alone."""
    async with ApiServer(systems=("k8sgpt",)) as server:
        server.load(many_results(10_000))
        server.inject("stall", seconds=0.05, times=None)
        result = await try_out(hass, entry, "kubernetes", url=server.url, token=TOKEN)
        assert result["type"] is FlowResultType.CREATE_ENTRY

        def asked() -> list[bool]:
            lists = [one for one in server.requests if one.resource == "results.core.k8sgpt.ai"]
            return [one.query.get("limit") == "1" for one in lists]

        # Pages that the dialog would have waited for.
        await until(lambda: asked().count(False) > 16)
        # Whether it may be read, and for the last page what there is.
        assert asked().count(True) == 2


@pytest.mark.usefixtures("untrusted")
async def test_authority_of_a_cluster(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """What helps is said, and helps."""
    certificates = await asyncio.to_thread(make_certificates)
    async with ApiServer(ssl_context=await asyncio.to_thread(certificates.server_context)) as server:
        result = await try_out(hass, entry, "kubernetes", url=server.url, token=TOKEN)
        assert result["errors"] == {"base": "invalid_certificate"}
        reason = str((result["description_placeholders"] or {})["reason"])
        assert "enter the cluster's own CA certificate" in reason
        form = {"name": "New", "url": server.url, "token": TOKEN}
        result = await send(hass, result, **form, ca_certificate=certificates.ca)
        assert result["type"] is FlowResultType.CREATE_ENTRY
        assert is_on(hass, "online", added(entry, "New").subentry_id) == "on"
    stored = added(entry, "New").data
    assert stored["ca_certificate"] == certificates.ca.strip()


@pytest.mark.usefixtures("untrusted")
async def test_certificate_that_only_strict_rules_reject(
    hass: HomeAssistant, entry: MockConfigEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificates = await asyncio.to_thread(careless_certificates)
    # As if the authority stood in the system's own store, where the rules are strict.
    strict = await asyncio.to_thread(certificates.client_context)
    monkeypatch.setattr("custom_components.homelab_ai.connection.get_default_context", lambda: strict)
    async with ApiServer(ssl_context=await asyncio.to_thread(certificates.server_context)) as server:
        result = await try_out(hass, entry, "kubernetes", url=server.url, token=TOKEN)
        assert result["errors"] == {"base": "invalid_certificate"}
        assert "strict X.509 rules reject it" in str((result["description_placeholders"] or {})["reason"])
        form = {"name": "New", "url": server.url, "token": TOKEN}
        result = await send(hass, result, **form, ca_certificate=certificates.ca)
        assert result["type"] is FlowResultType.CREATE_ENTRY


# Changing


@pytest.mark.parametrize("kind", CASES)
async def test_changed(kind: str, hass: HomeAssistant, hub: OllamaServer) -> None:
    """It is saved only if the system answers; until then all stays as it was."""
    make, typed, stored = CASES[kind]
    async with make() as app:
        url, before = f"{OFFLINE}9", {key: stored[key] for key in SECRETS.get(kind, set()) & set(stored)}
        entry = await set_up(hass, watched_homelab(hub.url, monitor_subentry(kind, url, "Old", **before)))
        assert is_on(hass, "online", source("Old")) == "off"
        result = await change(hass, entry, "Old")
        assert result["step_id"] == f"reconfigure_{kind}"
        result = await send(hass, result, **{"name": "Old", **typed, "url": OFFLINE})
        assert result["errors"] == {"base": "cannot_connect"}
        assert entry.subentries[source("Old")].data == {"kind": kind, "url": url, **before}
        kept = dict.fromkeys(before, KEPT)
        result = await send(hass, result, **{"name": "Newer", **typed, **kept, "url": f"{app.url}/"})
        assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "reconfigure_successful")
        subentry = entry.subentries[source("Old")]
        assert (subentry.title, subentry.data) == ("Newer", {"kind": kind, "url": app.url, **stored})
        assert is_on(hass, "online", source("Old")) == "on"


async def test_changing_keeps_the_secret_and_never_shows_it(hass: HomeAssistant, hub: OllamaServer) -> None:
    async with Alerts() as alerts, Alerts() as other:
        alerts.token = other.token = "very-secret"
        entry = await set_up(
            hass,
            watched_homelab(
                hub.url,
                monitor_subentry(
                    "alertmanager", alerts.url, "Alerts", token="very-secret", verify_ssl=True, ignored=["X"]
                ),
            ),
        )
        result = await change(hass, entry, "Alerts")
        assert result["step_id"] == "reconfigure_alertmanager"
        form = suggested(result)
        assert form == {
            "name": "Alerts",
            "url": alerts.url,
            "token": KEPT,
            "verify_ssl": True,
            "ignored": ["X"],
            "advanced": {"ca_certificate": ""},
        }
        result = await send(hass, result, **{**form, "url": "nonsense"})
        assert "very-secret" not in str(fields(result))
        result = await send(hass, result, **{**form, "url": other.url, "name": "Pager"})
        assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "reconfigure_successful")
        subentry = entry.subentries[source("Alerts")]
        assert subentry.title == "Pager"
        assert subentry.data == {
            "kind": "alertmanager",
            "url": other.url,
            "token": "very-secret",
            "verify_ssl": True,
            "ignored": ["X"],
        }
        assert is_on(hass, "online", source("Alerts")) == "on"


async def test_secret_can_be_changed_and_taken_away(hass: HomeAssistant, hub: OllamaServer) -> None:
    async with Alerts() as alerts:
        given = monitor_subentry("alertmanager", alerts.url, "Alerts", token="old", verify_ssl=True)
        entry = await set_up(hass, watched_homelab(hub.url, given))
        alerts.token = "new"
        form = {"name": "Alerts", "url": alerts.url, "verify_ssl": True, "ignored": []}
        result = await send(hass, await change(hass, entry, "Alerts"), **form, token=KEPT)
        assert result["errors"] == {"base": "invalid_auth"}
        await send(hass, result, **form, token="new")
        assert entry.subentries[source("Alerts")].data["token"] == "new"
        alerts.token = None
        await send(hass, await change(hass, entry, "Alerts"), **form)
        data = entry.subentries[source("Alerts")].data
        assert data == {"kind": "alertmanager", "url": alerts.url, "verify_ssl": True}


async def test_changing_where_another_is(hass: HomeAssistant, hub: OllamaServer, alerts: Alerts) -> None:
    entry = await set_up(
        hass,
        watched_homelab(
            hub.url,
            monitor_subentry("alertmanager", OFFLINE, "One"),
            monitor_subentry("alertmanager", alerts.url, "Two"),
        ),
    )
    result = await send(hass, await change(hass, entry, "One"), name="One", url=alerts.url)
    assert result["reason"] == "already_configured"


async def test_changing_starts_a_homelab_that_could_not(
    hass: HomeAssistant, hub: OllamaServer, alerts: Alerts
) -> None:
    entry = await set_up(
        hass,
        watched_homelab(
            hub.url, monitor_subentry("alertmanager", alerts.url, "Alerts", ca_certificate="no PEM")
        ),
    )
    assert entry.state is ConfigEntryState.SETUP_ERROR
    await send(hass, await change(hass, entry, "Alerts"), name="Alerts", url=alerts.url, advanced={})
    assert entry.state is ConfigEntryState.LOADED


@needs_binaries
async def test_changing_prometheus(hass: HomeAssistant, hub: OllamaServer) -> None:
    queries = [{"name": "Up", "query": "vector(1)", "unit": "targets", "below": 1}]
    async with Prometheus({}, [], login=LOGIN) as prometheus:
        given = monitor_subentry("prometheus", OFFLINE, "Metrics", username=LOGIN.username, password="old")
        entry = await set_up(hass, watched_homelab(hub.url, given))
        form: dict[str, Any] = {"name": "Metrics", "url": prometheus.url, "username": LOGIN.username}
        result = await send(hass, await change(hass, entry, "Metrics"), **form, password=KEPT)
        assert result["errors"] == {"base": "invalid_auth"}
        assert entry.subentries[source("Metrics")].data["password"] == "old"
        result = await send(hass, result, **form, password=LOGIN.password, queries=queries)
        assert result["reason"] == "reconfigure_successful"
        assert "sensor.query_up" in entities(hass, source("Metrics"))
        assert entry.subentries[source("Metrics")].data["queries"] == queries
        # What is no longer asked for has no entity any more.
        result = await send(hass, await change(hass, entry, "Metrics"), **form, password=KEPT)
        assert result["reason"] == "reconfigure_successful"
        assert "queries" not in entry.subentries[source("Metrics")].data
        assert "sensor.query_up" not in entities(hass, source("Metrics"))


@pytest.mark.parametrize("kind", KINDS)
async def test_authority_that_is_no_certificate(
    kind: str, hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    for nonsense in ("no PEM", "Zertifikat für zuhause"):
        authority: dict[str, Any] = {"ca_certificate": nonsense}
        if hidden := "advanced" in FORMS[kind]:
            authority = {"advanced": authority}
        url = f"https://127.0.0.1:9{PLACES.get(kind, '')}"
        result = await try_out(hass, entry, kind, url=url, **authority)
        field = "base" if hidden else "ca_certificate"
        assert result["errors"] == {field: "invalid_ca_certificate"}
        assert not hidden or expanded(result)
        assert nonsense in str(suggested(result))
