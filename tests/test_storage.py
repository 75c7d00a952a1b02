"""Files of ours that cannot be read: each alone starts empty, with one warning, and the homelab loads."""

import json
import logging
import os
from pathlib import Path
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest

from custom_components.homelab_ai.const import DOMAIN
from custom_components.homelab_ai.coordinator.storage import UNREADABLE
from demo.servers.ollama import OllamaServer
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant

from .common import ask
from .looking import ENTRY_ID, is_on, pass_time, sensor
from .systems import Alerts, monitor_subentry, watch
from .turns import assert_no_traceback

FILES = {"ledger": f"{DOMAIN}.{ENTRY_ID}", "timeline": f"{DOMAIN}.{ENTRY_ID}.timeline"} | {
    name: f"{DOMAIN}.{ENTRY_ID}.{name}" for name in ("explanations", "totals")
}


def _file(data: Any, **changed: Any) -> bytes:
    return json.dumps({"version": 1, "minor_version": 1, "key": "k", "data": data} | changed).encode()


UNREADABLE_FILES: dict[str, bytes | None] = {
    "directory": None,
    "truncated": _file({"records": {}})[:20],
    "garbage": b"\x00\xff\x16garbage",
    "empty": b"",
    "a list": b"[]",
    "a text": b'"x"',
    "null": b"null",
    "no data": b'{"version": 1, "minor_version": 1, "key": "k"}',
    "no version": b'{"data": {}}',
    "older": _file({}, version=0),
    "newer": _file({}, version=2),
    "version of text": _file({}, version="one"),
    "data is a list": _file([1, 2]),
    "data is a text": _file("x"),
    "data is a number": _file(7),
}
WRONG_DATA: tuple[Any, ...] = ([], "x", 7, None, {"x": 1}, [[1]], {"a": {"b": []}}, [None, "x", {}])


@pytest.fixture
def hass_storage() -> dict[str, Any]:
    """Write real files, which the test plug-in would keep in memory."""
    return {}


@pytest.fixture
def hass_config_dir(tmp_path: Path) -> str:
    return str(tmp_path)


@pytest.fixture
def storage(tmp_path: Path) -> Path:
    """Return the folder of the files."""
    folder = tmp_path / ".storage"
    folder.mkdir(exist_ok=True)
    return folder


def _put(path: Path, content: bytes | None) -> None:
    if content is None:
        path.mkdir()
        (path / "something").write_text("else")
    else:
        path.write_bytes(content)


@pytest.mark.parametrize("shape", UNREADABLE_FILES)
@pytest.mark.parametrize("name", FILES)
async def test_a_file_that_cannot_be_read(
    hass: HomeAssistant,
    *,
    hub: OllamaServer,
    storage: Path,
    caplog: pytest.LogCaptureFixture,
    name: str,
    shape: str,
) -> None:
    path = storage / FILES[name]
    _put(path, UNREADABLE_FILES[shape])
    entry = await watch(hass, hub.url)
    assert entry.state is ConfigEntryState.LOADED
    assert (is_on(hass, "online"), sensor(hass, "health")) == ("on", "ok")
    ours = [one for one in caplog.records if one.name.startswith("custom_components")]
    assert not any(one.exc_info for one in ours)
    # Home Assistant itself puts aside what is no JSON.
    names = await hass.async_add_executor_job(os.listdir, storage)
    assert (
        len([one for one in names if one.startswith((path.name + UNREADABLE, path.name + ".corrupt"))]) == 1
    )
    warned = [
        one for one in caplog.records if path.name in one.getMessage() and one.levelno >= logging.WARNING
    ]
    assert len({one.name for one in warned}) >= 1
    assert sum(path.name in one.getMessage() for one in ours) <= 1
    await hass.config_entries.async_unload(entry.entry_id)


@pytest.mark.parametrize("name", FILES)
async def test_a_file_of_wrong_types(
    hass: HomeAssistant, hub: OllamaServer, storage: Path, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    """Whatever a field holds, it costs at most its file."""
    entry = await watch(hass, hub.url)
    fields = {"ledger": ("records", "mutes", "muted"), "timeline": ("entries", "states")}.get(name, ("x",))
    for wrong in WRONG_DATA:
        for field in fields:
            await hass.config_entries.async_unload(entry.entry_id)
            (storage / FILES[name]).write_bytes(_file({field: wrong}))
            assert await hass.config_entries.async_setup(entry.entry_id)
            await hass.async_block_till_done()
            assert (is_on(hass, "online"), sensor(hass, "health")) == ("on", "ok"), (field, wrong)
    assert_no_traceback(caplog)


async def test_a_folder_that_cannot_be_written(
    hass: HomeAssistant, hub: OllamaServer, storage: Path, freezer: FrozenDateTimeFactory
) -> None:
    """Read-only or full: what is known is known, and nothing is lost but what was not saved."""
    (storage / FILES["ledger"]).mkdir()
    (storage / (FILES["ledger"] + UNREADABLE)).mkdir()
    (storage / (FILES["ledger"] + UNREADABLE) / "x").write_text("x")
    async with Alerts() as alerts:
        alerts.firing = {"Disk": "critical"}
        entry = await watch(hass, hub.url, monitor_subentry("alertmanager", alerts.url, "Alerts"))
        for _ in range(3):
            await pass_time(hass, freezer)
        assert sensor(hass, "health") == "critical"
        assert entry.state is ConfigEntryState.LOADED


async def test_a_mute_is_on_the_disk_within_seconds(
    hass: HomeAssistant, hub: OllamaServer, storage: Path, freezer: FrozenDateTimeFactory
) -> None:
    """Whatever ends the process then."""
    async with Alerts() as alerts:
        alerts.firing = {"Disk": "critical"}
        entry = await watch(hass, hub.url, monitor_subentry("alertmanager", alerts.url, "Alerts"))
        await pass_time(hass, freezer)
        (problem,) = entry.runtime_data.health.data.problems
        data = {"problem_id": problem.id, "duration": {"days": 1}}
        await hass.services.async_call(DOMAIN, "mute_problem", data, blocking=True, return_response=True)
        await pass_time(hass, freezer, 3)
        path = storage / FILES["ledger"]
        assert problem.id in json.dumps(
            json.loads(path.read_bytes())["data"].get("muted") or path.read_text()
        )


async def test_totals_survive_a_kill(
    hass: HomeAssistant, hub: OllamaServer, storage: Path, freezer: FrozenDateTimeFactory
) -> None:
    """They are on the disk seconds after the answer, and what is restored from there is no less."""
    entry = await watch(hass, hub.url)
    await ask(hass, "Why is the sky blue?")
    await pass_time(hass, freezer)
    before = sensor(hass, "generated_tokens")
    assert int(before) > 0
    await pass_time(hass, freezer, 6)
    saved = (storage / FILES["totals"]).read_bytes()
    await hass.config_entries.async_unload(entry.entry_id)
    (storage / FILES["totals"]).write_bytes(saved)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    assert sensor(hass, "generated_tokens") == before
