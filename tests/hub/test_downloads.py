"""Downloads: one for each model whoever asks, cancelled, gone on with, and seen as an entity."""

import asyncio
from collections.abc import AsyncGenerator

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_capture_events

from custom_components.homelab_ai.api.errors import ApiConnectionError
from custom_components.homelab_ai.api.ollama import PullProgress
from custom_components.homelab_ai.hub import downloads as module
from custom_components.homelab_ai.hub.downloads import (
    DownloadCancelledError,
    Downloads,
    PullResult,
    UnknownModelError,
)
from demo.servers.ollama import Fault, OllamaServer, Timing
from demo.servers.ollama.catalogue import LLAMA, registry
from homeassistant.const import STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from tests.common import ask, homelab_entry, set_up, speech
from tests.looking import entity_id, sensor, state, until

MODEL = "qwen3:0.6b"
SIZE = registry()[MODEL].size


@pytest.fixture
async def hub(socket_enabled: None) -> AsyncGenerator[OllamaServer]:
    """A hub with a line that takes a second and a half for the model."""
    async with OllamaServer([LLAMA], timing=Timing(pull_bytes_per_second=SIZE / 1.5)) as server:
        yield server


@pytest.fixture
async def entry(hass: HomeAssistant, hub: OllamaServer) -> MockConfigEntry:
    return await set_up(hass, homelab_entry(hub.url))


@pytest.fixture
def downloads(entry: MockConfigEntry) -> Downloads:
    found: Downloads = entry.runtime_data.pool.servers[0].downloads
    return found


def pulls(hub: OllamaServer) -> list[str]:
    return [request.outcome for request in hub.requests_to("/api/pull")]


async def begin(hass: HomeAssistant, downloads: Downloads, model: str = MODEL) -> asyncio.Task[PullResult]:
    """Ask for a model, and wait until some of it is there."""
    task = hass.async_create_task(downloads.pull(model))
    await until(lambda: any(one.percent for one in downloads.current))
    return task


async def test_downloads(hub: OllamaServer, downloads: Downloads) -> None:
    seen: list[PullProgress] = []
    result = await downloads.pull(MODEL, seen.append)
    assert (result.model, result.size) == (MODEL, SIZE)
    assert 1.0 < result.seconds < 10
    percents = [progress.percent for progress in seen]
    assert percents[-1] == 100
    assert 3 <= len(percents) <= 6, "twice a second, not sixteen times"
    assert hub.hub.find(MODEL)
    assert downloads.current == ()


async def test_who_asks_for_the_same_model_joins(
    hass: HomeAssistant, hub: OllamaServer, downloads: Downloads
) -> None:
    first = await begin(hass, downloads)
    seen: list[PullProgress] = []
    second = await downloads.pull(MODEL.upper(), seen.append)
    assert second == await first
    assert seen
    assert len(pulls(hub)) == 1


async def test_another_model_is_another_download(
    hass: HomeAssistant, hub: OllamaServer, downloads: Downloads
) -> None:
    hub.hub.registry["tiny:1b"] = registry()["all-minilm:latest"]
    first = await begin(hass, downloads)
    await downloads.pull("tiny:1b")
    assert [one.model for one in downloads.current] == [MODEL]
    await first
    assert len(pulls(hub)) == 2


async def test_cancelled_for_all_who_wait(
    hass: HomeAssistant, hub: OllamaServer, downloads: Downloads
) -> None:
    first = await begin(hass, downloads)
    second = hass.async_create_task(downloads.pull(MODEL))
    assert downloads.cancel(MODEL) is True
    for task in (first, second):
        with pytest.raises(DownloadCancelledError) as raised:
            await task
        assert raised.value.model == MODEL
    await until(lambda: pulls(hub) == ["cancelled"])
    assert downloads.cancel(MODEL) is False


async def test_goes_on_where_it_ended(hass: HomeAssistant, hub: OllamaServer, downloads: Downloads) -> None:
    task = await begin(hass, downloads)
    there = max(hub.hub.blobs.values())
    downloads.cancel(MODEL)
    with pytest.raises(DownloadCancelledError):
        await task
    seen: list[PullProgress] = []
    # At once: the one that is being cancelled is none to join.
    await downloads.pull(MODEL, seen.append)
    known = [progress.completed for progress in seen if progress.completed]
    assert known[0] >= there


async def test_who_leaves_does_not_end_it_for_the_others(
    hass: HomeAssistant, hub: OllamaServer, downloads: Downloads
) -> None:
    first = await begin(hass, downloads)
    second = hass.async_create_task(downloads.pull(MODEL))
    await asyncio.sleep(0)
    first.cancel()
    assert (await second).size == SIZE
    assert len(pulls(hub)) == 1


async def test_ends_when_nobody_waits_any_more(
    hass: HomeAssistant, hub: OllamaServer, downloads: Downloads
) -> None:
    task = await begin(hass, downloads)
    task.cancel()
    await until(lambda: pulls(hub) == ["cancelled"])
    assert downloads.current == ()


async def test_fails_for_all_who_wait(hass: HomeAssistant, hub: OllamaServer, downloads: Downloads) -> None:
    hub.inject(Fault.drop_after_first_token(after=5, path="/api/pull"))
    first = hass.async_create_task(downloads.pull(MODEL))
    second = hass.async_create_task(downloads.pull(MODEL))
    for task in (first, second):
        with pytest.raises(ApiConnectionError):
            await task
    assert downloads.current == ()
    with pytest.raises(UnknownModelError, match="has no model nonsense:1b"):
        await downloads.pull("nonsense:1b")


async def test_ends_with_the_homelab(
    hass: HomeAssistant, hub: OllamaServer, entry: MockConfigEntry, downloads: Downloads
) -> None:
    task = await begin(hass, downloads)
    assert await hass.config_entries.async_unload(entry.entry_id)
    with pytest.raises(DownloadCancelledError):
        await task
    await until(lambda: pulls(hub) == ["cancelled"])
    with pytest.raises(DownloadCancelledError):
        await downloads.pull(MODEL)
    assert len(pulls(hub)) == 1


async def test_voice_is_answered_meanwhile(
    hass: HomeAssistant, hub: OllamaServer, downloads: Downloads
) -> None:
    # The first turn of all reads the sentences of the language, which takes about as long as the download.
    assert speech(await ask(hass, "Hello"))
    task = await begin(hass, downloads)
    assert speech(await ask(hass, "Hello"))
    assert not task.done()
    await task


# What is seen of it


async def test_entity_shows_how_far_it_is(
    hass: HomeAssistant, hub: OllamaServer, downloads: Downloads
) -> None:
    assert sensor(hass, "download") == STATE_UNKNOWN
    assert state(hass, "sensor", "download").attributes["model"] is None
    seen = async_capture_events(hass, "state_changed")
    await downloads.pull(MODEL)
    await hass.async_block_till_done(wait_background_tasks=True)
    shown = [
        event.data["new_state"]
        for event in seen
        if event.data["entity_id"] == entity_id(hass, "sensor", "download")
    ]
    assert {one.attributes["model"] for one in shown} == {MODEL, None}
    assert any(one.attributes["status"].startswith("pulling ") for one in shown if one.attributes["status"])
    percents = [int(one.state) for one in shown if one.state != STATE_UNKNOWN]
    assert percents == sorted(percents)
    assert percents[-1] == 100
    assert len(shown) <= 8, "some of thirty reports"
    assert shown[-1].state == STATE_UNKNOWN
    # What is installed is seen soon, without anybody asking for it.
    await until(lambda: sensor(hass, "models_installed") == "2")


async def test_status_is_bounded(
    hass: HomeAssistant, hub: OllamaServer, downloads: Downloads, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_MAX_STATUS", 7)
    task = await begin(hass, downloads)
    assert downloads.current[0].status == "pulling"
    await task


async def test_button_cancels(hass: HomeAssistant, hub: OllamaServer, downloads: Downloads) -> None:
    assert state(hass, "button", "cancel_download").state == STATE_UNAVAILABLE
    task = await begin(hass, downloads)
    assert state(hass, "button", "cancel_download").state == STATE_UNKNOWN
    button = {"entity_id": entity_id(hass, "button", "cancel_download")}
    await hass.services.async_call("button", "press", button, blocking=True)
    with pytest.raises(DownloadCancelledError):
        await task
    assert state(hass, "button", "cancel_download").state == STATE_UNAVAILABLE
    assert sensor(hass, "download") == STATE_UNKNOWN
