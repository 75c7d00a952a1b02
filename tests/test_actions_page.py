"""The page about the actions says what is so: every example is run, every answer has what the page shows."""

from collections.abc import AsyncGenerator
from datetime import timedelta
from functools import partial
import json
from pathlib import Path
import re
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed
import voluptuous as vol

from custom_components.homelab_ai.api.registry import RegistryClient
from custom_components.homelab_ai.const import DOMAIN
from custom_components.homelab_ai.hub import connection
from demo.servers.ollama import Fault, OllamaServer, Timing
from demo.servers.ollama.catalogue import LLAMA, NOMIC, registry as offered
from demo.servers.registry import RegistryServer
from homeassistant.core import HomeAssistant
from homeassistant.helpers import config_validation as cv
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from homeassistant.util.yaml import parse_yaml

from .acting import CHANGING, act
from .actions_page import PAGE, homelab, run, sections, shape, with_answers
from .common import homelab_entry, set_up
from .looking import until

TARGET = {str(marker) for marker in cv.ENTITY_SERVICE_FIELDS}
"""Said once, at the top of the page."""
SECTIONS = sections(PAGE.read_text())
PULLED = "qwen3:0.6b"


@pytest.fixture(autouse=True)
async def registry(socket_enabled: None, monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[RegistryServer]:
    """The model registry, moved to this machine."""
    async with RegistryServer() as server:
        here = partial(RegistryClient, models=server.url, releases=server.url, manifests=server.url)
        monkeypatch.setattr(connection, "RegistryClient", here)
        server.publish(PULLED, LLAMA.digest, layers=(offered()[PULLED].size,))
        yield server


@pytest.fixture
async def hub(socket_enabled: None) -> AsyncGenerator[OllamaServer]:
    """A hub with two models."""
    async with OllamaServer([LLAMA, NOMIC], timing=Timing.instant()) as server:
        yield server


async def test_every_action_has_its_section(hass: HomeAssistant) -> None:
    assert await async_setup_component(hass, "homeassistant", {})
    assert await async_setup_component(hass, DOMAIN, {})
    registered = hass.services.async_services_for_domain(DOMAIN)
    assert set(SECTIONS) == set(registered)
    for name, action in registered.items():
        section = SECTIONS[name]
        assert isinstance(action.schema, vol.Schema)
        assert section.fields == {str(field) for field in action.schema.schema} - TARGET, name
        assert ("**Administrators only.**" in section.text) is (name in CHANGING), name
        assert section.call["action"] == f"{DOMAIN}.{name}"


async def test_answers_are_real(
    hass: HomeAssistant, hub: OllamaServer, request: pytest.FixtureRequest
) -> None:
    """In the order of the page: what one example downloads, another deletes."""
    answers: dict[str, Any] = {}
    async with homelab(hass, hub):
        for name, section in SECTIONS.items():
            if name == "cancel_pull":
                await _begin(hass, hub, section.call["data"]["model"])
            answers[name] = await run(hass, hub, section)
        assert (await hass.config_entries.async_unload("01HOMELAB0000000000000000A")) is True
    if request.config.option.update_snapshots:
        PAGE.write_text(with_answers(PAGE.read_text(), answers))
        return
    for name, answer in answers.items():
        assert set(shape(answer)) == set(shape(SECTIONS[name].answer)), name


async def _begin(hass: HomeAssistant, hub: OllamaServer, model: str) -> None:
    """Begin a download that never ends."""
    hub.inject(Fault.stall(path="/api/pull"))
    before = len(hub.requests_to("/api/pull"))
    await act(hass, "pull_model", model=model)
    await until(lambda: len(hub.requests_to("/api/pull")) > before)


async def test_backup_of_the_model_list(hass: HomeAssistant, hub: OllamaServer, tmp_path: Path) -> None:
    found = re.search(r"^## A backup of .*?^```yaml\n(.*?)^```", PAGE.read_text(), re.MULTILINE | re.DOTALL)
    assert found
    config = parse_yaml(found[1].replace("/config/", f"{tmp_path}/"))
    assert isinstance(config, dict)
    await set_up(hass, homelab_entry(hub.url))
    for domain in ("shell_command", "script", "automation"):
        assert await async_setup_component(hass, domain, {domain: config[domain]})
    await hass.async_block_till_done()
    saved = tmp_path / "ollama-models.json"
    automation = {"entity_id": "automation.back_up_the_model_list"}
    await hass.services.async_call("automation", "trigger", automation, blocking=True)
    await hass.async_block_till_done()
    assert json.loads(saved.read_text())["models"] == (await act(hass, "list_models"))["models"]
    # A night on which the hub is off changes nothing.
    before = saved.read_text()
    await hub.stop()
    await hass.services.async_call("automation", "trigger", automation, blocking=True)
    await hass.async_block_till_done()
    assert saved.read_text() == before
    # A new disk: all is downloaded again.
    await hub.start()
    for model in (LLAMA, NOMIC):
        hub.hub.remove(model)
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=31))
    await hass.async_block_till_done(wait_background_tasks=True)
    await hass.services.async_call("script", "restore_models", {}, blocking=True)
    assert {one["name"] for one in (await act(hass, "list_models"))["models"]} == {LLAMA.name, NOMIC.name}
    await hass.services.async_call("automation", "turn_off", automation, blocking=True)


# The page's own parts


def test_answer_that_has_other_parts_is_noticed() -> None:
    page = "### `homelab_ai.x`\n```yaml\n- action: homelab_ai.x\n```\n```json\n{}\n```\n## End\n"
    written = with_answers(page, {"x": {"a": [{"b": None}], "c": 1}})
    answer = sections(written)["x"].answer
    assert set(shape(answer)) == {".a", ".a[].b", ".c"}
    assert set(shape({"a": [{"b": 1}, {"b": 2, "d": 3}], "c": 1})) != set(shape(answer))
    assert written.endswith("```\n## End\n")
