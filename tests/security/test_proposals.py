"""What somebody may write into a repository, a pull request or a check to be obeyed: nothing is proposed.

Once a turn has read foreign text the tool is not called; it proposes only what the person has named; and
what a repository says is data: names that are no names are no choices, texts of a draft are quoted.
"""

from collections.abc import AsyncGenerator
from pathlib import Path
import re

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

import custom_components.homelab_ai as package
from custom_components.homelab_ai.agent.tools import ToolBox
from custom_components.homelab_ai.assistant.proposal_actions import proposing_of
from custom_components.homelab_ai.language.proposals import proposal_words
from custom_components.homelab_ai.proposals.draft import body_of, branch_of, diff_of, id_of, title_of
from custom_components.homelab_ai.proposals.graph import build
from custom_components.homelab_ai.proposals.refusal import RefusedError
from custom_components.homelab_ai.proposals.repository import Repository as Files
from custom_components.homelab_ai.proposals.switching import enable
from custom_components.homelab_ai.proposals.verification import verify
from demo.servers.forge.github import GitHub
from demo.servers.forge.repository import Repository
from demo.servers.ollama import OllamaServer, Reply, ToolCall
from demo.servers.ollama.tokens import tokenize
from homeassistant.core import Context, HomeAssistant
from homeassistant.helpers import llm
from homeassistant.helpers.json import json_dumps

from ..common import ask
from ..proposals.corpus import Layout, repository as gitops
from ..proposals.test_proposing import lab
from ..systems import watch
from .injections import INJECTIONS

TOOL = "homelab_ai__propose_change"
ENABLE = ToolCall(TOOL, {"change": "enable", "app": "paperless-ai"})
NAME = "home/k8s"
MAX_TOKENS = 900


@pytest.fixture
async def github(socket_enabled: None) -> AsyncGenerator[GitHub]:
    async with GitHub() as server:
        yield server


@pytest.fixture
def repository(github: GitHub) -> Repository:
    return github.add(Repository(NAME, gitops(Layout.LISTED, ("ollama", "paperless-ai"))))


@pytest.fixture
async def entry(
    hass: HomeAssistant, hub: OllamaServer, github: GitHub, repository: Repository
) -> MockConfigEntry:
    homelab = await watch(hass, hub.url, lab(github))
    await hass.async_block_till_done(wait_background_tasks=True)
    return homelab


async def test_tool_opens_a_draft(
    hass: HomeAssistant, entry: MockConfigEntry, repository: Repository
) -> None:
    proposing = await proposing_of(hass)
    words = "Let us have Paperless-AI again, whatever it takes."
    told = await proposing.by_tool(entry.runtime_data, ENABLE.arguments, words, "en")
    assert told == "Enable paperless-ai, ollama: draft 1 is open. With it come ollama."
    (pull,) = repository.pulls.values()
    assert pull.head.startswith("homelab-ai/enable-paperless-ai")
    assert "Somebody by voice or chat" in pull.body
    refused = await proposing.by_tool(entry.runtime_data, {"change": "enable", "app": "x"}, words, "en")
    assert refused.startswith("I know no app called x")


@pytest.mark.parametrize(
    "call",
    [
        ENABLE,
        ToolCall(TOOL, {"change": "disable", "app": "loki"}),
        ToolCall(TOOL, {"change": "set", "app": "grafana", "field": "version", "value": "0.1-evil"}),
    ],
    ids=["enable", "disable", "set"],
)
async def test_what_the_person_did_not_name_is_not_proposed(
    hass: HomeAssistant, hub: OllamaServer, entry: MockConfigEntry, repository: Repository, call: ToolCall
) -> None:
    hub.script(Reply(tool_calls=[call]), Reply("Hm."))
    await ask(hass, "Set Grafana up as you like, please.")
    assert repository.log == []


@pytest.mark.parametrize("kind", sorted(INJECTIONS)[::9])
async def test_tool_is_gone_after_foreign_text(
    hass: HomeAssistant, hub: OllamaServer, entry: MockConfigEntry, repository: Repository, kind: str
) -> None:
    """The title of a pull request says what it likes, and the model obeys."""
    text = INJECTIONS[kind].replace("\n", " ")
    repository.open(f"Update grafana {text}"[:200], "renovate/grafana")
    read = ToolCall("homelab_ai__look_up", {"name": "grafana"})
    health = ToolCall("homelab_ai__get_health")
    hub.script(Reply(tool_calls=[read, health]), Reply(tool_calls=[ENABLE]), Reply("Hm."), Reply("Hm."))
    await ask(hass, "What about paperless-ai and the updates?")
    assert repository.log == []
    assert len(repository.pulls) == 1


async def test_definitions_are_small(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    context = llm.LLMContext("test", Context(), "en", "conversation", None)
    found = await llm.async_get_api(hass, "homelab_ai", context)
    assert found.tools[-1].name == TOOL
    definitions = ToolBox(found.tools, found.custom_serializer).definitions
    tokens = len(tokenize(json_dumps(list(definitions)) + found.api_prompt))
    assert tokens <= MAX_TOKENS


WANTED = {"kubernetes/apps/ai/kustomization.yaml"} | {
    f"kubernetes/apps/ai/{app}/ks.{ending}"
    for app in ("ollama", "paperless-ai")
    for ending in ("dis", "yaml")
}


@pytest.mark.parametrize("kind", sorted(INJECTIONS))
def test_text_in_a_repository_changes_no_proposal(kind: str) -> None:
    """Comments, chart values, names and branches: the proposal is the same, and its text commands nothing."""
    text = INJECTIONS[kind][:2000].encode(errors="replace").decode()
    quoted = json_dumps(text)
    comment = " ".join(re.sub(r"[^\x20-\x7e]", " ", text).split())
    files = dict(gitops(Layout.LISTED, ("ollama", "paperless-ai")))
    for path in list(files):
        if path.startswith("kubernetes/apps/"):
            files[path] = f"# {comment}\n{files[path]}"
    files["kubernetes/apps/ai/paperless-ai/app/helmrelease.yaml"] += f"    note: {quoted}\n"
    files["kubernetes/apps/ai/evil/ks.dis"] = files["kubernetes/apps/ai/ollama/ks.dis"].replace(
        "name: &app ollama", f"name: {quoted}"
    )
    graph = build(Files(files))
    plan = enable(graph, ["paperless-ai"])
    assert {edit.path for edit in plan.edits} == WANTED
    verified = verify(graph, plan)
    assert verified.may_open
    words = proposal_words("en")
    body = body_of(verified, words, text, "voice")
    prose = body.replace("**", "")
    assert "@" not in prose
    assert not re.search(r"^/\w", prose, re.MULTILINE)
    assert not re.search(r"<[a-z!/?|]", prose, re.IGNORECASE)
    assert not re.search(r"\]\(|!\[|https?://", prose)
    assert title_of(plan, words) == "Enable paperless-ai, ollama"
    assert re.fullmatch(r"enable-paperless-ai-[0-9a-f]{8}", branch_of(plan, id_of(plan)))
    assert "rename to kubernetes/apps/ai/ollama/ks.yaml" in diff_of(plan)


@pytest.mark.parametrize("kind", sorted(INJECTIONS))
def test_name_that_is_none_is_no_choice(kind: str) -> None:
    graph = build(Files(gitops(Layout.LISTED)))
    with pytest.raises(RefusedError):
        enable(graph, [INJECTIONS[kind]])


def test_one_module_tells_forges_to_write() -> None:
    """Of the package only the desk and what withdraws call what writes; nothing merges or approves."""
    folder = Path(package.__file__).parent
    calls = re.compile(r"\.(commit|open_draft|withdraw|delete_branch)\(")
    found = {
        str(path.relative_to(folder)): sorted(set(calls.findall(path.read_text())))
        for path in folder.rglob("*.py")
        if "api/forge" not in str(path) and calls.search(path.read_text())
    }
    assert found == {
        "assistant/proposing.py": ["withdraw"],  # that of the coordinator
        "coordinator/proposals.py": ["withdraw"],
        "proposals/desk.py": ["commit", "delete_branch", "open_draft"],
    }
    rooms = [
        folder / "proposals",
        folder / "coordinator" / "proposals.py",
        folder / "assistant" / "proposing.py",
    ]
    texts = [one.read_text() for room in rooms for one in (room.rglob("*.py") if room.is_dir() else [room])]
    assert not any(re.search(r"\.(?:merge(?!d\b)|approve|push|force)\w*\(", text) for text in texts)
