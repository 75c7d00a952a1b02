"""The dashboard in a real browser, served by a real Home Assistant: skipped where there is no Chromium."""

import asyncio
from asyncio.subprocess import PIPE
from collections.abc import AsyncGenerator
from importlib.util import find_spec
import json
import os
from pathlib import Path
import shutil
import sys
import time
from typing import Any
from urllib.parse import urlsplit

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator, WebSocketGenerator

from custom_components.homelab_ai.agent.unlinked import unlinked
from custom_components.homelab_ai.const import DOMAIN
from demo.servers.ollama import OllamaServer
from homeassistant.auth.const import GROUP_ID_ADMIN, GROUP_ID_USER
from homeassistant.components.onboarding.const import STEPS
from homeassistant.components.recorder import Recorder
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component

from ..common import set_up
from ..security.markup import EVIL as EVIL_HOST, MARKUP
from ..systems import Alerts, monitor_subentry, watched_homelab
from ..translations import load

ROOT = Path(__file__).parents[2]
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
COMPONENTS = (
    "http",
    "frontend",
    "brands",
    "labs",
    "persistent_notification",
    "config",
    "lovelace",
    "history",
)
"""What the frontend asks on any page."""
EVIL = "<img src=x onerror=alert(1)>"

PATIENCE = 900
"""Seconds: a cold browser on a busy machine, visited several times."""

pytestmark = [
    pytest.mark.timeout(PATIENCE),
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not here"),
    pytest.mark.skipif(find_spec("hass_frontend") is None, reason="Home Assistant's frontend is not here"),
]


@pytest.fixture
async def alerts(socket_enabled: None) -> AsyncGenerator[Alerts]:
    async with Alerts() as server:
        server.firing = {"Hot": "warning", "DiskFull": "critical"}
        yield server


@pytest.fixture
def homelab(hub: OllamaServer, alerts: Alerts) -> MockConfigEntry:
    """A homelab with two alerts that fire, not set up yet."""
    return watched_homelab(hub.url, monitor_subentry("alertmanager", alerts.url, "Alerts"))


@pytest.fixture
async def url(
    recorder_mock: Recorder,
    hass: HomeAssistant,
    homelab: MockConfigEntry,
    hass_storage: dict[str, Any],
    hass_client_no_auth: ClientSessionGenerator,
) -> str:
    """A house whose dashboard is the strategy; return its address."""
    hass_storage["onboarding"] = {"version": 4, "data": {"done": STEPS}}
    for component in COMPONENTS:
        assert await async_setup_component(hass, component, {})
    await set_up(hass, homelab)
    client = await hass_client_no_auth()
    return str(client.make_url("")).rstrip("/")


async def tokens(hass: HomeAssistant, url: str, group: str) -> dict[str, Any]:
    """Return what the frontend keeps of a login."""
    user = MockUser(name="Somebody", groups=[await hass.auth.async_get_group(group)]).add_to_hass(hass)  # type: ignore[list-item]
    refresh = await hass.auth.async_create_refresh_token(user, f"{url}/")
    return {
        "access_token": hass.auth.async_create_access_token(refresh),
        "refresh_token": refresh.token,
        "expires_in": 1800,
        "expires": int((time.time() + 1800) * 1000),
        "token_type": "Bearer",
        "hassUrl": url,
        "clientId": f"{url}/",
    }


async def run(*command: str, given: str = "") -> str | None:
    """Return what a command with Playwright says, None where it fails.

    Playwright stays out of the environment that Home Assistant runs in.
    """
    uv = await asyncio.create_subprocess_exec(ROOT / "scripts" / "uv", stdout=PIPE)
    path, _ = await uv.communicate()
    options = ("--quiet", "--no-project", "--python", sys.executable, "--with", "playwright")
    process = await asyncio.create_subprocess_exec(
        path.decode().strip(), "run", *options, "python", *command, stdin=PIPE, stdout=PIPE
    )
    output, _ = await process.communicate(given.encode())
    return None if process.returncode else output.decode()


async def browse(order: dict[str, Any]) -> dict[str, Any]:
    """Return what a browser saw."""
    if await run("-c", "import playwright") is None:
        pytest.skip("Playwright cannot be installed")
    output = await run(str(Path(__file__).with_name("browse.py")), given=json.dumps(order))
    assert output is not None
    seen: dict[str, Any] = json.loads(output)
    if not seen:
        pytest.skip("Chromium does not come up here")
    return seen


async def add_dashboard(hass: HomeAssistant, hass_ws_client: WebSocketGenerator) -> str:
    """Do what "Add dashboard → Homelab" does; return the path of the dashboard."""
    client = await hass_ws_client(hass)
    config = {"strategy": {"type": "custom:homelab-ai"}}
    for command in (
        {"type": "lovelace/dashboards/create", "url_path": "dashboard-homelab", "title": "Homelab"},
        {"type": "lovelace/config/save", "url_path": "dashboard-homelab", "config": config},
    ):
        await client.send_json_auto_id(command)
        assert (await client.receive_json())["success"]
    return "/dashboard-homelab"


async def look_at(
    hass: HomeAssistant, url: str, path: str, language: str, group: str, **order: Any
) -> dict[str, Any]:
    """Return what a person in this language sees on the dashboard."""
    said = words(language)
    return await browse(
        {
            "url": url,
            "tokens": await tokens(hass, url, group),
            "language": language,
            "path": path,
            "dark": False,
            "picture": os.environ.get("HOMELAB_AI_PICTURE"),
            "texts": [said["dashboard_now"], said["dashboard_apps"], said["dashboard_assistants"]],
            "foreign": EVIL,
            "press": [],
            "gone": said["card_waiting"],
            **order,
        }
    )


def words(language: str) -> dict[str, str]:
    """Return the words of the cards."""
    return {keys[1]: text for keys, text in load(language).items() if keys[0] == "common"}


@pytest.mark.parametrize("look", [("en", 1280, GROUP_ID_ADMIN), ("de", 400, GROUP_ID_USER)], ids=["en", "de"])
async def test_the_dashboard(
    hass: HomeAssistant,
    url: str,
    hass_ws_client: WebSocketGenerator,
    look: tuple[str, int, str],
) -> None:
    language, width, group = look
    path = await add_dashboard(hass, hass_ws_client)
    said = words(language)
    seen = await look_at(hass, url, path, language, group, width=width, press=[said["card_explain"]])
    assert seen["errors"] == []
    assert seen["shown"] == [1, 1, 1]
    assert seen["warnings"] == 0
    assert not seen["overflow"]
    assert said["card_problems"].format(total=2) in seen["text"]
    assert seen["text"].index("DiskFull") < seen["text"].index("Hot")
    assert said["card_empty"] in seen["inbox"]
    assert seen["foreign"] == [{"texts": [EVIL] * 3, "elements": 0}, {"texts": [EVIL], "elements": 0}]
    assert (said["card_mute"] in seen["buttons"]) is (group == GROUP_ID_ADMIN)
    # A screen reader hears which problem a button is about, and the keyboard stays where it was.
    assert f"{said['card_explain']}: DiskFull" in seen["labels"]
    assert seen["focused"] == said["card_explain"]
    assert said["card_waiting"] not in seen["text"]
    assert hass.data["frontend_extra_module_url"].urls == {f"/{DOMAIN}/0.1.0/homelab-ai.js"}


async def test_two_hundred_problems_in_the_dark(
    hass: HomeAssistant, alerts: Alerts, url: str, hass_ws_client: WebSocketGenerator
) -> None:
    alerts.firing = {f"Alert{number}": "warning" for number in range(200)}
    for monitor in hass.config_entries.async_entries(DOMAIN)[0].runtime_data.monitors:
        await monitor.async_refresh()
    path = await add_dashboard(hass, hass_ws_client)
    said = words("de")
    seen = await look_at(hass, url, path, "de", GROUP_ID_ADMIN, width=400, dark=True)
    assert (seen["errors"], seen["warnings"], seen["overflow"], seen["dark"]) == ([], 0, False, True)
    assert said["card_problems"].format(total=200) in seen["text"]
    assert said["card_more"].format(count=200 - seen["rows"]) in seen["text"]
    assert 10 <= seen["rows"] <= 50


async def test_nothing_is_fetched_from_a_text(
    hass: HomeAssistant, url: str, hass_ws_client: WebSocketGenerator
) -> None:
    """Answers are shown by `ha-markdown`: in the chat dialog, in notifications, and here in cards.

    As they leave us, nothing in them is asked for; as the model said them, much is.
    """
    client = await hass_ws_client(hass)
    asked: dict[str, set[str | None]] = {}
    for name, texts in {
        "contained": [unlinked(text) for text in MARKUP.values()],
        "as-said": list(MARKUP.values()),
    }.items():
        path = f"dashboard-{name}"
        cards = [{"type": "markdown", "content": text} for text in texts]
        config = {"views": [{"title": name, "cards": cards}]}
        for command in (
            {"type": "lovelace/dashboards/create", "url_path": path, "title": name},
            {"type": "lovelace/config/save", "url_path": path, "config": config},
        ):
            await client.send_json_auto_id(command)
            assert (await client.receive_json())["success"]
        seen = await browse(
            {
                "url": url,
                "tokens": await tokens(hass, url, GROUP_ID_ADMIN),
                "language": "en",
                "path": f"/{path}",
                "width": 1280,
                "dark": False,
                "markdown": len(texts),
            }
        )
        assert seen["shown"] >= len(texts)
        asked[name] = {urlsplit(one).hostname for one in seen["asked"]}
    assert EVIL_HOST in asked["as-said"]
    assert asked["contained"] == {urlsplit(url).hostname}
