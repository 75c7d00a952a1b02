"""The one flow of all monitored systems: what is asked, what is stored, and what a person is told."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.homelab_ai.flows.connection import KEPT
from custom_components.homelab_ai.flows.monitor import FIELDS
from custom_components.homelab_ai.monitors import MONITORS
from demo.apps.app import AppServer
from demo.apps.librechat import LibreChatServer
from demo.apps.open_webui import KEY, OpenWebUIServer
from demo.apps.paperless_ai import KEY as PAPERLESS_KEY, PaperlessAIServer
from demo.apps.web_page import WebPage
from demo.certificates import make_certificates
from demo.ollama import OllamaServer
from demo.prometheus import LOGIN, Prometheus, find
from homeassistant.config_entries import (
    SOURCE_RECONFIGURE,
    SOURCE_USER,
    ConfigEntryState,
    ConfigSubentry,
    SubentryFlowResult,
)
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType

from .common import set_up
from .forms import fields, suggested
from .looking import is_on
from .systems import Alerts, monitor_subentry, source, watched_homelab

OFFLINE = "http://127.0.0.1:9"

# The fields of each kind's form beside name and URL, with what they are filled with at first.
FORMS: dict[str, dict[str, Any]] = {
    "prometheus": {"username": None, "password": None, "token": None, "verify_ssl": True, "queries": None},
    "alertmanager": {
        "username": None,
        "password": None,
        "token": None,
        "verify_ssl": True,
        "ignored": ["Watchdog", "InfoInhibitor"],
    },
    "open_webui": {"api_key": None, "verify_ssl": True},
    "librechat": {"metrics_url": None, "verify_ssl": True},
    "paperless_ai": {"api_key": None, "overdue_hours": 2, "paperless_url": None},
    "web": {"expected_status": 200, "contains": None, "certificate_days": 14},
}
KINDS = sorted(FORMS)
SECRETS = {
    "kubernetes": {"token"},
    "prometheus": {"password", "token"},
    "alertmanager": {"password", "token"},
    "open_webui": {"api_key"},
    "paperless_ai": {"api_key"},
}


@pytest.fixture
async def entry(hass: HomeAssistant, hub: OllamaServer) -> MockConfigEntry:
    return await set_up(hass, watched_homelab(hub.url))


@pytest.fixture
async def alerts(socket_enabled: None) -> AsyncGenerator[Alerts]:
    async with Alerts() as server:
        yield server


async def add(hass: HomeAssistant, entry: MockConfigEntry, kind: str) -> SubentryFlowResult:
    return await hass.config_entries.subentries.async_init(
        (entry.entry_id, kind), context={"source": SOURCE_USER}
    )


async def change(hass: HomeAssistant, entry: MockConfigEntry, title: str) -> SubentryFlowResult:
    subentry = entry.subentries[source(title)]
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


def added(entry: MockConfigEntry, title: str) -> ConfigSubentry:
    (found,) = (one for one in entry.subentries.values() if one.title == title)
    return found


# The forms


def test_every_kind_has_its_fields() -> None:
    assert set(FIELDS) == set(MONITORS)
    secret = {kind: {one.key for one in given if one.secret} for kind, given in FIELDS.items()}
    assert {kind: keys for kind, keys in secret.items() if keys} == SECRETS


@pytest.mark.parametrize("kind", KINDS)
async def test_form(kind: str, hass: HomeAssistant, entry: MockConfigEntry) -> None:
    result = await add(hass, entry, kind)
    assert (result["step_id"], result["errors"]) == ("user", None)
    assert suggested(result) == {"name": MONITORS[kind].manufacturer, "url": "http://"}
    found = {field["name"]: field for field in fields(result)}
    assert list(found) == ["name", "url", *FORMS[kind]]
    assert {key: found[key].get("default") for key in FORMS[kind]} == FORMS[kind]
    for key in SECRETS.get(kind, ()):
        assert found[key]["selector"]["text"]["type"] == "password"


def web(*typed: Any) -> Callable[[], AppServer]:
    return lambda: WebPage(*typed)


CASES: dict[str, tuple[Callable[[], AppServer], dict[str, Any], dict[str, Any]]] = {
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
        {"api_key": PAPERLESS_KEY, "overdue_hours": 6, "paperless_url": "http://127.0.0.1:9/p"},
    ),
    "web": (
        WebPage,
        {"expected_status": 200.0, "contains": " It works ", "certificate_days": 30.0},
        {"expected_status": 200, "contains": "It works", "certificate_days": 30},
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
        assert (subentry.subentry_type, subentry.data) == (kind, {"url": app.url, **stored})
        assert not [value for value in subentry.data.values() if isinstance(value, float)]
        assert entry.state is ConfigEntryState.LOADED
        assert is_on(hass, "online", subentry.subentry_id) == "on"


async def test_without_a_name_it_has_that_of_its_kind(
    hass: HomeAssistant, entry: MockConfigEntry, alerts: Alerts
) -> None:
    await try_out(hass, entry, "alertmanager", name="  ", url=alerts.url)
    assert added(entry, "Prometheus").data["ignored"] == ["Watchdog", "InfoInhibitor"]


@pytest.mark.skipif(find() is None, reason="Prometheus is not here: python -m demo.prometheus unpacks it")
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
        queries[0]["query"] = "sum(up)"
        result = await send(hass, result, name="New", **typed, queries=queries)
        assert result["type"] is FlowResultType.CREATE_ENTRY
        assert added(entry, "New").data == {**typed, "queries": queries}


# What is wrong


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("url", ["", "127.0.0.1:9", "ftp://127.0.0.1", "http://me:pw@127.0.0.1", "http://["])
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
    result = await try_out(hass, entry, kind, url=OFFLINE)
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
@pytest.mark.parametrize(
    ("status", "error"), [(401, "invalid_auth"), (403, "invalid_auth"), (429, "busy"), (500, "unknown")]
)
async def test_refused(
    kind: str, status: int, error: str, hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    async with WebPage() as page:
        page.faults.status(status, "no")
        result = await try_out(hass, entry, kind, url=page.url)
        assert result["errors"] == {"base": error}
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


@pytest.mark.parametrize("kind", ["open_webui", "librechat", "paperless_ai"])
async def test_wrong_system(kind: str, hass: HomeAssistant, entry: MockConfigEntry) -> None:
    async with WebPage() as page:
        result = await try_out(hass, entry, kind, url=page.url)
    assert result["errors"] == {"url": "wrong_system"}


async def test_certificate_that_nobody_knows(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    certificates = await asyncio.to_thread(make_certificates)
    report = hass.loop.get_exception_handler()
    assert report is not None
    # The server reports that it was not trusted.
    hass.loop.set_exception_handler(
        lambda loop, context: None if "incoming connection" in context["message"] else report(loop, context)
    )
    async with Alerts(ssl_context=certificates.server_context()) as alerts:
        result = await try_out(hass, entry, "alertmanager", url=alerts.url)
        assert result["errors"] == {"base": "invalid_certificate"}
        result = await send(hass, result, name="New", url=alerts.url, verify_ssl=False)
        assert result["type"] is FlowResultType.CREATE_ENTRY


@pytest.mark.parametrize("kind", KINDS)
async def test_there_already(kind: str, hass: HomeAssistant, hub: OllamaServer) -> None:
    other = "web" if kind != "web" else "librechat"
    entry = await set_up(
        hass,
        watched_homelab(
            hub.url,
            monitor_subentry(kind, OFFLINE, "Old"),
            monitor_subentry(other, f"{OFFLINE}1", "Other"),
        ),
    )
    result = await try_out(hass, entry, kind, url=f"{OFFLINE}/")
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "already_configured")
    # The same address may be two things.
    result = await try_out(hass, entry, kind, url=f"{OFFLINE}1")
    assert result["errors"] == {"base": "cannot_connect"}


# Changing


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
        assert result["step_id"] == "reconfigure"
        form = suggested(result)
        assert form == {
            "name": "Alerts",
            "url": alerts.url,
            "token": KEPT,
            "verify_ssl": True,
            "ignored": ["X"],
        }
        result = await send(hass, result, **{**form, "url": "nonsense"})
        assert "very-secret" not in str(fields(result))
        result = await send(hass, result, **{**form, "url": other.url, "name": "Pager"})
        assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "reconfigure_successful")
        subentry = entry.subentries[source("Alerts")]
        assert subentry.title == "Pager"
        assert subentry.data == {
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
        assert entry.subentries[source("Alerts")].data == {"url": alerts.url, "verify_ssl": True}


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
    await send(hass, await change(hass, entry, "Alerts"), name="Alerts", url=alerts.url)
    assert entry.state is ConfigEntryState.LOADED


async def test_authority_that_is_no_certificate(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    result = await try_out(hass, entry, "kubernetes", url="https://127.0.0.1:9", ca_certificate="no PEM")
    assert result["errors"] == {"ca_certificate": "invalid_ca_certificate"}
