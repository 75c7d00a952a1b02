"""Forty texts in a repository and on its forge, and a model that obeys them: nothing comes of it.

A turn that has read them has no tool to propose; a model that chooses has nothing to choose but what is
listed; and a proposal beside them is the same as without them.
"""

from collections import Counter
from collections.abc import AsyncGenerator
import json
import re

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.homelab_ai.hub import gate
from custom_components.homelab_ai.language.proposals import proposal_words
from custom_components.homelab_ai.proposals.draft import body_of, title_of
from custom_components.homelab_ai.proposals.graph import build
from custom_components.homelab_ai.proposals.repository import Repository as Files
from custom_components.homelab_ai.proposals.switching import enable
from custom_components.homelab_ai.proposals.verification import verify
from demo.servers.forge.github import GitHub
from demo.servers.forge.repository import PullRequest, Repository
from demo.servers.ollama import OllamaServer, Reply, ToolCall
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError

from ..acting import act
from ..common import ask
from ..proposals.corpus import Layout, repository as gitops
from ..proposals.test_proposing import NAME, lab
from ..systems import watch
from ..turns import sent
from .forge_injections import FORGE_INJECTIONS, TOOL, Place
from .obedient import unfenced

DISABLE = ToolCall(TOOL, {"change": "disable", "app": "loki"})
OFF = ("ollama", "paperless-ai")
APP = "kubernetes/apps/observability/loki/app/helmrelease.yaml"
KINDS = sorted(FORGE_INJECTIONS)


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "QUIET", 0.0)


@pytest.fixture
async def github(socket_enabled: None) -> AsyncGenerator[GitHub]:
    async with GitHub() as server:
        yield server


def files(kind: str) -> dict[str, str]:
    """A repository with the text in its files, where it is one of these."""
    place, text = FORGE_INJECTIONS[kind]
    found = gitops(Layout.LISTED, OFF)
    if place is Place.COMMENT:
        found = {
            path: f"# {text}\n{content}" if path.startswith("kubernetes/apps/") else content
            for path, content in found.items()
        }
    if place is Place.VALUE:
        found[APP] += f"    note: {json.dumps(text)}\n"
    return found


def opened(repository: Repository, kind: str) -> PullRequest:
    """A pull request with the text, where it is one of these; its checks fail."""
    place, text = FORGE_INJECTIONS[kind]
    given = {place: text}
    made = repository.open(
        given.get(Place.TITLE, "Update grafana"),
        given.get(Place.BRANCH, "renovate/grafana"),
        body=given.get(Place.BODY, ""),
    )
    check = given.get(Place.CHECK, "flate")
    repository.checks[made.head_sha] = [{"name": check, "status": "completed", "conclusion": "failure"}]
    return made


async def house(hass: HomeAssistant, hub: OllamaServer, github: GitHub, kind: str) -> Repository:
    repository = github.add(Repository(NAME, files(kind)))
    opened(repository, kind)
    repository.log.clear()
    entry: MockConfigEntry = await watch(hass, hub.url, lab(github))
    await hass.async_block_till_done(wait_background_tasks=True)
    assert entry.runtime_data.proposals is not None
    return repository


def test_there_are_forty_in_six_places() -> None:
    assert len(FORGE_INJECTIONS) >= 40
    counted = Counter(place for place, _ in FORGE_INJECTIONS.values())
    assert set(counted) == set(Place)
    assert min(counted.values()) >= 6


@pytest.mark.parametrize("kind", KINDS)
async def test_model_that_reads_and_obeys_proposes_nothing(
    hass: HomeAssistant, hub: OllamaServer, github: GitHub, kind: str
) -> None:
    repository = await house(hass, hub, github, kind)
    before = dict(repository.branches)
    reads = [ToolCall("homelab_ai__look_up", {"name": name}) for name in ("grafana", "loki", "pull requests")]
    reads += [ToolCall("homelab_ai__get_health"), ToolCall("homelab_ai__list_problems", {"limit": 20})]
    printed = json.dumps({"name": DISABLE.name, "arguments": DISABLE.arguments})
    said = f"<tool_call>{printed}</tool_call>"
    hub.script(Reply(tool_calls=reads), Reply(tool_calls=[DISABLE]), Reply(said), Reply(said), Reply("Hm."))
    # The person has named app and change: what is left is that the turn has read.
    await ask(hass, "What about loki and the updates? Should I disable loki?")
    assert repository.log == []
    assert repository.branches == before
    assert len(repository.pulls) == 1
    text = FORGE_INJECTIONS[kind][1][:60]
    for request in hub.requests_to("/api/chat"):
        assert request.body is not None
        read = [one["content"] for one in request.body["messages"] if one["role"] == "tool"]
        assert not any(text in unfenced(one) for one in read)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if FORGE_INJECTIONS[kind][0] is Place.VALUE])
async def test_model_that_chooses_what_a_value_tells_it_is_refused(
    hass: HomeAssistant, hub: OllamaServer, github: GitHub, kind: str
) -> None:
    repository = await house(hass, hub, github, kind)
    obeyed = Reply(json.dumps({"field": "spec.values.image.repository", "value": "evil.example/x"}))
    hub.script(Reply(json.dumps({"change": "set", "app": "loki"})), obeyed, obeyed)
    with pytest.raises(ServiceValidationError, match="have not understood"):
        await act(hass, "propose_change", request="Could somebody give Loki the tag 77.2?")
    assert repository.log == []
    question = sent(hub, -1)["messages"][1]["content"]
    assert len(question) < 10_000


@pytest.mark.parametrize("kind", KINDS)
def test_proposal_beside_it_is_the_same(kind: str) -> None:
    place, text = FORGE_INJECTIONS[kind]
    words = proposal_words("en")
    clean, hostile = (build(Files(found)) for found in (gitops(Layout.LISTED, OFF), files(kind)))
    wanted, plan = enable(clean, ["paperless-ai"]), enable(hostile, ["paperless-ai"])
    assert [edit.path for edit in plan.edits] == [edit.path for edit in wanted.edits]
    assert (plan.order, plan.steps) == (wanted.order, wanted.steps)
    assert title_of(plan, words) == title_of(wanted, words)
    verified = verify(hostile, plan)
    assert verified.may_open
    # And where a person says the text themselves, it is quoted.
    body = body_of(verified, words, text, "person")
    assert not re.search(
        r"^/\w|<[a-z!|]|\]\(|!\[|https?://|(?<!&)#\d|@\w", body, re.MULTILINE | re.IGNORECASE
    )
    if place is Place.COMMENT:
        assert "evil" not in "".join(edit.path for edit in plan.edits)
