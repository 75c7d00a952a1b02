"""The model's small part: two short calls, one more each with what was wrong; the rest is refused."""

import json
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from demo.servers.forge.repository import Repository
from demo.servers.ollama import OllamaServer, Reply
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError

from ..acting import act
from ..turns import sent
from .test_proposing import entry, github, repository

__all__ = ["entry", "github", "repository"]
WISH = "Could somebody give Loki the tag 77.2?"
MANIFEST = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: notes\ndata:\n  a: b"


def _said(**facts: Any) -> Reply:
    return Reply(json.dumps(facts))


async def test_model_chooses_from_lists(
    hass: HomeAssistant, hub: OllamaServer, entry: MockConfigEntry, repository: Repository
) -> None:
    hub.script(
        _said(change="set", app="loki"),
        _said(field="spec.values.image.tag", value="the newest"),
        _said(field="spec.values.image.tag", value="77.2"),
    )
    answer = await act(hass, "propose_change", request=WISH)
    assert (answer["number"], answer["title"]) == (1, "Set image.tag of loki to 77.2")
    intent, field, again = [sent(hub, index) for index in (-3, -2, -1)]
    assert {one["options"]["temperature"] for one in (intent, field, again)} == {0.0}
    choices = intent["format"]["properties"]
    assert "loki" in choices["app"]["enum"]
    assert "none" in choices["change"]["enum"]
    assert "cluster-apps" not in choices["app"]["enum"]
    assert len(field["format"]["properties"]["field"]["enum"]) <= 40
    assert "does not stand in the sentence" in again["messages"][-1]["content"]
    (record,) = (await act(hass, "list_proposals"))["proposals"]
    assert len(record["exchanges"]) == 3
    assert record["model"]
    assert record["model"].partition(":")[0] in repository.pulls[1].body.replace("&#46;", ".")


@pytest.mark.parametrize(
    "replies",
    [
        [_said(change="none", app="loki")],
        [Reply("I would rather not."), Reply("Really.")],
        [_said(change="delete", app="loki"), _said(change="enable", app="../../x")],
        [_said(change="set", app="loki"), _said(field="x", value="77.2"), _said(field="y", value="77.2")],
        [_said(change="set", app="loki"), *[_said(field="spec.values.image.tag", value="1.0")] * 2],
    ],
    ids=["none", "words", "other", "field", "value"],
)
async def test_what_does_not_fit_is_refused(
    hass: HomeAssistant,
    hub: OllamaServer,
    entry: MockConfigEntry,
    repository: Repository,
    replies: list[Reply],
) -> None:
    hub.script(*replies)
    with pytest.raises(ServiceValidationError, match="have not understood"):
        await act(hass, "propose_change", request=WISH)
    assert repository.log == []


async def test_manifest_of_a_model_is_an_unverified_draft(
    hass: HomeAssistant, hub: OllamaServer, entry: MockConfigEntry, repository: Repository
) -> None:
    hub.script(Reply(f"Here you are:\n```yaml\n{MANIFEST}\n```\nEnjoy!"))
    wish = {"change": "manifest", "app": "loki", "file": "notes.yaml", "request": "A config map with notes"}
    answer = await act(hass, "propose_change", **wish)
    assert answer["unverified"]
    assert "Nobody has verified it" in repository.pulls[1].body
    assert "unverified draft" in repository.pulls[1].title
    assert answer["files"][0].endswith("loki/app/notes.yaml")
    assert "+  name: notes" in answer["diff"]
