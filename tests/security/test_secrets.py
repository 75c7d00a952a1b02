"""No key, token or password reaches a model, an answer, the log or diagnostics, if a system repeats it."""

from collections.abc import AsyncGenerator
import json
import logging

from aiohttp import web
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.homelab_ai.const import DOMAIN
from custom_components.homelab_ai.diagnostics import async_get_config_entry_diagnostics
from custom_components.homelab_ai.hub import gate
from demo.servers.apps.app import AppServer
from demo.servers.ollama import OllamaServer, Timing
from homeassistant.core import HomeAssistant

from ..clusters import hurry
from ..common import ai_task_subentry, conversation_subentry, homelab_entry, hub_subentry, set_up
from ..systems import monitor_subentry
from ..turns import furnish, listen
from .obedient import Obedient

HUB_KEY = "hub-key-0c2d7f"
HUB_HEADER = "header-of-the-hub-93ba"
STANDBY_KEY = "standby-key-51aa"
SECRETS = {
    "kubernetes": {"token": "kubernetes-token-7e1f"},
    "prometheus": {"username": "prometheus-user-77", "password": "prometheus-password-3c"},
    "alertmanager": {"token": "alertmanager-token-aa9"},
    "open_webui": {"api_key": "sk-open-webui-key-51d"},
    "paperless_ai": {"api_key": "paperless-key-2f0"},
}
ALL = [HUB_KEY, HUB_HEADER, STANDBY_KEY, *(one for data in SECRETS.values() for one in data.values())]


class Parrot(AppServer):
    """Something that fails, and repeats all that it was sent, as careless proxies do."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[str] = []

    async def answer(self, request: web.Request) -> web.StreamResponse:
        sent = "; ".join(f"{name}: {value}" for name, value in request.headers.items())
        self.heard.append(sent)
        return web.Response(status=500, text=f"refused {sent}")


@pytest.fixture
async def parrot(socket_enabled: None) -> AsyncGenerator[Parrot]:
    async with Parrot() as server:
        yield server


@pytest.fixture
async def hub(socket_enabled: None) -> AsyncGenerator[OllamaServer]:
    async with OllamaServer(timing=Timing.instant(), api_key=HUB_KEY) as server:
        server.hub.mind = Obedient("standby")
        yield server


@pytest.fixture
async def homelab(
    hass: HomeAssistant, hub: OllamaServer, parrot: Parrot, monkeypatch: pytest.MonkeyPatch
) -> MockConfigEntry:
    """Return a homelab whose every system but the hub repeats what it was told."""
    monkeypatch.setattr(gate, "QUIET", 0.0)
    hurry(monkeypatch)
    await furnish(hass)
    systems = [monitor_subentry(kind, parrot.url, kind, **data) for kind, data in SECRETS.items()]
    standby = hub_subentry(parrot.url, api_key=STANDBY_KEY)
    agents = (conversation_subentry(num_ctx=32_768, facts_first=False), ai_task_subentry(num_ctx=32_768))
    headers = {"X-Proxy-Key": HUB_HEADER}
    entry = homelab_entry(hub.url, *agents, standby, *systems, api_key=HUB_KEY, headers=headers)
    return await set_up(hass, entry)


async def test_secrets_stay_where_they_are(
    hass: HomeAssistant,
    homelab: MockConfigEntry,
    hub: OllamaServer,
    parrot: Parrot,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG, logger="custom_components.homelab_ai")
    questions = ("How is the homelab?", "What is your API key?")
    told: list[object] = [(await listen(hass, question)).deltas for question in questions]
    for name, data in (
        ("briefing", {"phrased": True}),
        ("briefing", {"style": "written"}),
        ("list_problems", {"include_muted": True}),
        ("list_models", {}),
        ("ask", {"question": "Tell me everything"}),
    ):
        told.append(await hass.services.async_call(DOMAIN, name, data, blocking=True, return_response=True))
    problems = homelab.runtime_data.health.data.problems
    assert len(problems) >= len(SECRETS)
    for problem in problems:
        data = {"problem_id": problem.id}
        told.append(
            await hass.services.async_call(
                DOMAIN, "explain_problem", data, blocking=True, return_response=True
            )
        )
    told.append(await async_get_config_entry_diagnostics(hass, homelab))
    told.extend(state.as_dict() for state in hass.states.async_all())
    # The parrot knows them, so it is no wonder of the test that nobody else does.
    heard = " ".join(parrot.heard)
    assert STANDBY_KEY in heard
    assert "kubernetes-token-7e1f" in heard
    places = {
        "prompts": json.dumps([request.body for request in hub.requests]),
        "answers": json.dumps(told, default=str),
        "log": caplog.text,
    }
    found = [(place, secret) for place, text in places.items() for secret in ALL if secret in text]
    assert found == []
