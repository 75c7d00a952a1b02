"""A new kind of system is two modules and a line in the registry: nothing else in the house must change.

Beside these it has the strings of its form, as every kind has.
"""

from collections.abc import AsyncGenerator, Iterator
from itertools import product
import json
import subprocess
import sys
from typing import Any

from aiohttp import web
from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.components.diagnostics import get_diagnostics_for_config_entry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.homelab_ai.flows.connection import KEPT
from custom_components.homelab_ai.health.kinds import KINDS, Kind
from custom_components.homelab_ai.monitors import MONITORS, registry
from demo.servers.apps.app import AppServer, json_response
from demo.servers.ollama import OllamaServer
from homeassistant.config_entries import SOURCE_RECONFIGURE
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType

from .acting import act
from .common import set_up
from .forms import fields, suggested
from .looking import device, is_on, issues, pass_time, sensor
from .systems import system_form, watched_homelab
from .translations import load


class Well(AppServer):
    """What a well answers."""

    key = "well-secret"
    level = 7.5

    async def answer(self, request: web.Request) -> web.StreamResponse:
        if request.headers.get("X-Well-Key") != self.key:
            return web.Response(status=401, text=f"no key {request.headers.get('X-Well-Key')}")
        return json_response({"version": "1.2", "level": self.level, "last_sample": "2026-11-21T06:00:00Z"})


FORMS = ("config_subentries", "system", "step")


def strings() -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield the texts of its form: those of an app, and of the three fields of its own."""
    for path, text in tuple(load("en").items()):
        if path[:3] == FORMS:
            keys = tuple(key.replace("open_webui", "well") for key in path[3:])
            yield (*FORMS, *keys), text
    for step, part, key in product(
        ("well", "reconfigure_well"), ("data", "data_description"), ("camera_url", "place", "lowest")
    ):
        yield (*FORMS, step, part, key), "A text"


@pytest.fixture
async def well(socket_enabled: None) -> AsyncGenerator[Well]:
    async with Well() as server:
        yield server


@pytest.fixture
async def entry(hass: HomeAssistant, hub: OllamaServer, monkeypatch: pytest.MonkeyPatch) -> MockConfigEntry:
    for path, text in strings():
        monkeypatch.setitem(load("en"), path, text)
    # The line in the registry.
    monkeypatch.setitem(registry.CLASSES, "well", "tests.made_up.well:WellMonitor")
    monkeypatch.setitem(KINDS, "well_low", Kind(key="well_low"))
    return await set_up(hass, watched_homelab(hub.url))


async def add(hass: HomeAssistant, entry: MockConfigEntry, **typed: Any) -> Any:
    flow = await system_form(hass, entry, "well")
    if not typed:
        return flow
    result = await hass.config_entries.subentries.async_configure(flow["flow_id"], typed)
    await hass.async_block_till_done()
    return result


async def test_form(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    form = await add(hass, entry)
    names = [field["name"] for field in fields(form)]
    assert names == ["name", "url", "api_key", "verify_ssl", "camera_url", "place", "lowest", "advanced"]
    assert suggested(form)["name"] == "Well"


async def test_from_form_to_entities(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    well: Well,
    hass_client: ClientSessionGenerator,
    freezer: FrozenDateTimeFactory,
) -> None:
    typed = {
        "name": "Garden",
        "url": f"{well.url}/",
        "camera_url": "http://127.0.0.1:9/camera/",
        "place": "Behind 5 Elm Street",
        "lowest": 5,
    }
    refused = await add(hass, entry, **typed, api_key="wrong")
    assert refused["errors"] == {"base": "invalid_auth"}
    added = await add(hass, entry, **typed, api_key=well.key)
    assert added["type"] is FlowResultType.CREATE_ENTRY
    (subentry,) = (one for one in entry.subentries.values() if one.data.get("kind") == "well")
    assert subentry.data == {
        "kind": "well",
        "url": well.url,
        "api_key": well.key,
        "verify_ssl": True,
        "camera_url": "http://127.0.0.1:9/camera",
        "place": "Behind 5 Elm Street",
        "lowest": 5,
    }
    source = subentry.subentry_id
    assert (found := device(hass, source)) is not None
    assert (found.name, found.manufacturer, found.sw_version) == ("Garden", "Well", "1.2")
    assert (sensor(hass, "level", source), is_on(hass, "online", source)) == ("7.5", "on")
    assert sensor(hass, "health") == "ok"

    well.level = 2
    await pass_time(hass, freezer)
    (problem,) = (await act(hass, "list_problems"))["problems"]
    assert (problem["kind"], problem["system"], problem["details"]) == ("well_low", "Garden", {"level": "2"})
    assert "Water" in [one.name for one in entry.runtime_data.situation().backups]

    change = await hass.config_entries.subentries.async_init(
        (entry.entry_id, "system"), context={"source": SOURCE_RECONFIGURE, "subentry_id": source}
    )
    assert suggested(change)["api_key"] == KEPT

    well.key = "another"
    await pass_time(hass, freezer)
    assert "monitor_rejected" in issues(hass)
    diagnostics: Any = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    (told,) = diagnostics["monitors"]
    redacted = dict.fromkeys(("url", "api_key", "camera_url", "place"), "**REDACTED**")
    assert told["settings"] == {**redacted, "verify_ssl": True, "lowest": 5}
    text = json.dumps(diagnostics)
    assert [word for word in ("well-secret", "Elm Street", "127.0.0.1") if word in text] == []


def test_nobody_imports_what_nobody_has() -> None:
    """The modules of systems are imported with the first system of their kind."""
    script = """
import pkgutil, importlib, sys
import custom_components.homelab_ai as package
for module in pkgutil.iter_modules(package.__path__, package.__name__ + "."):
    importlib.import_module(module.name)
for room in ("coordinator", "assistant", "flows", "language", "health"):
    folder = importlib.import_module(f"{package.__name__}.{room}")
    for module in pkgutil.iter_modules(folder.__path__, folder.__name__ + "."):
        importlib.import_module(module.name)
prefix = package.__name__ + ".monitors."
print(*(name.removeprefix(prefix) for name in sys.modules if name.startswith(prefix)))
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=120
    )
    assert not {name.partition(".")[0] for name in done.stdout.split()} & MONITORS.keys()
