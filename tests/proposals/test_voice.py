"""A whole turn of voice that proposes: from what the person says to the draft, and what they hear of it."""

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.homelab_ai.hub import gate
from demo.servers.forge.github import GitHub
from demo.servers.forge.repository import Repository
from demo.servers.ollama import OllamaServer, Reply, ToolCall
from homeassistant.core import HomeAssistant

from ..acting import act
from ..common import conversation_subentry, homelab_entry, set_up
from ..turns import listen
from .test_proposing import github, lab, repository

__all__ = ["github", "repository"]
TOOL = "homelab_ai__propose_change"


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "QUIET", 0.0)


@pytest.fixture
async def entry(
    hass: HomeAssistant, hub: OllamaServer, github: GitHub, repository: Repository
) -> MockConfigEntry:
    """A homelab whose agent sends nothing but what it is asked: no prewarming takes a scripted reply."""
    agent = conversation_subentry(prewarm=False, facts_first=False)
    return await set_up(hass, homelab_entry(hub.url, agent, lab(github)))


def propose(**wanted: str) -> Reply:
    return Reply(tool_calls=[ToolCall(TOOL, wanted)])


def results(hub: OllamaServer) -> list[str]:
    """What the tools told the model in the last request."""
    body = hub.requests_to("/api/chat")[-1].body
    assert body is not None
    return [one["content"] for one in body["messages"] if one["role"] == "tool"]


@pytest.mark.usefixtures("entry")
async def test_sentence_of_a_person_becomes_a_draft(
    hass: HomeAssistant, hub: OllamaServer, repository: Repository
) -> None:
    said = "Draft 1 is open, and Ollama comes with it."
    hub.script(propose(change="enable", app="paperless-ai"), Reply(said))
    turn = await listen(hass, "I would like to have Paperless-AI back, please enable it.", language="en")
    assert turn.answer == said
    (pull,) = repository.pulls.values()
    assert (pull.state, pull.base) == ("open", "main")
    assert pull.head.startswith("homelab-ai/enable-paperless-ai-")
    (told,) = results(hub)
    assert "Enable paperless-ai, ollama: draft 1 is open. With it come ollama." in told
    (record,) = (await act(hass, "list_proposals"))["proposals"]
    assert (record["asked_by"], record["number"]) == ("voice", 1)
    assert "Paperless" in record["request"]


@pytest.mark.usefixtures("entry")
async def test_version_is_set(hass: HomeAssistant, hub: OllamaServer, repository: Repository) -> None:
    wanted = {"change": "set", "app": "grafana", "field": "version", "value": "99.1"}
    hub.script(propose(**wanted), Reply("Draft 1 is open."))
    await listen(hass, "Could you bring Grafana to 99.1 when you find the time?", language="en")
    assert [pull.title for pull in repository.pulls.values()] == ["[Draft] Set image.tag of grafana to 99.1"]


@pytest.mark.parametrize(
    ("wanted", "told"),
    [
        ({"change": "enable", "app": "nextcloud"}, "I know no app called"),
        ({"change": "disable", "app": "minio"}, "needed by loki"),
        ({"change": "enable", "app": "grafana"}, "is like that already"),
        ({"change": "set", "app": "grafana", "field": "nonsense", "value": "5"}, "no field nonsense"),
    ],
)
@pytest.mark.usefixtures("entry")
async def test_refusal_is_told_to_the_model(
    hass: HomeAssistant, hub: OllamaServer, repository: Repository, wanted: dict[str, str], told: str
) -> None:
    hub.script(propose(**wanted), Reply("That cannot be done."))
    await listen(hass, "Please change nextcloud, minio and grafana as we said, to 5.", language="en")
    assert told in " ".join(results(hub))
    assert repository.log == []


@pytest.mark.usefixtures("entry")
async def test_what_forges_refuse_is_told(
    hass: HomeAssistant, hub: OllamaServer, github: GitHub, repository: Repository
) -> None:
    github.failing["/git/commits"] = 500
    hub.script(propose(change="enable", app="paperless-ai"), Reply("It did not work."))
    turn = await listen(hass, "Please enable Paperless-AI for us, will you?", language="en")
    assert "Homelab could not do that: 500." in " ".join(results(hub))
    assert turn.answer == "It did not work."
    assert repository.pulls == {}
