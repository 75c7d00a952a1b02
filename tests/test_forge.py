"""A forge as a part of the homelab: its form, device and entities, what it tells, and its repairs."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
import json
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_capture_events
from pytest_homeassistant_custom_component.components.diagnostics import get_diagnostics_for_config_entry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator
from syrupy.assertion import SnapshotAssertion

from custom_components.homelab_ai.api.forge.change import Create
from custom_components.homelab_ai.api.forge.pull_request import Proposal
from custom_components.homelab_ai.assistant.knowing import knowledge_of
from custom_components.homelab_ai.assistant.thing_tools import looked_up
from custom_components.homelab_ai.language.briefing import brief
from custom_components.homelab_ai.monitors.capabilities import ProposesChanges
from custom_components.homelab_ai.topology import Fact, Link, LinkKind, Thing, ThingKind
from demo.servers.forge.gitea import Gitea, home
from demo.servers.forge.github import READ, WRITE, GitHub
from demo.servers.forge.homelab import fill
from demo.servers.forge.repository import Repository
from demo.servers.ollama import OllamaServer
from homeassistant.const import EVENT_STATE_CHANGED, STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError

from .acting import act
from .common import set_up
from .forms import suggested
from .looking import device, entity_id, is_on, issues, pass_time, sensor, state
from .questions.asking import hear
from .systems import entities, monitor_subentry, source, system_form, watch, watched_homelab

NAME = "home/k8s"
LAB = source("Lab")
POLL = 301.0


@pytest.fixture
async def github(socket_enabled: None) -> AsyncGenerator[GitHub]:
    async with GitHub() as server:
        yield server


@pytest.fixture
def repository(github: GitHub) -> Repository:
    made = github.add(Repository(NAME, {"kubernetes/apps/ai/ollama/ks.yaml": "a: 1\n"}))
    made.rules = [{"type": "pull_request", "parameters": {"required_approving_review_count": 1}}]
    return made


def lab(github: GitHub, rights: frozenset[str] = WRITE, expires: str | None = None, **data: Any) -> Any:
    token = github.token("ha-bot", rights, expires)
    settings = {"token": token, "paths": ["kubernetes/apps"], **data}
    return monitor_subentry("forge", f"{github.url}/{NAME}", "Lab", **settings)


def finished(repository: Repository, number: int, conclusion: str) -> None:
    """Let the checks of a pull request end."""
    sha = repository.pulls[number].head_sha
    repository.checks[sha] = [{"name": "flate", "status": "completed", "conclusion": conclusion}]


def fired(hass: HomeAssistant, changes: list[Any]) -> list[tuple[str, int]]:
    """Return type and number of each time that the event fired."""
    ours = entity_id(hass, "event", "pull_request", LAB)
    states = [one.data["new_state"] for one in changes if one.data["entity_id"] == ours]
    changes.clear()
    return [
        (one.attributes["event_type"], one.attributes["number"])
        for one in states
        if one.state != STATE_UNAVAILABLE
    ]


async def test_device_and_entities(
    hass: HomeAssistant,
    hub: OllamaServer,
    github: GitHub,
    repository: Repository,
    snapshot: SnapshotAssertion,
) -> None:
    repository.open("Update grafana to v12", "renovate/grafana-12.x")
    repository.open("Update ollama to v0.13.1", "renovate/ollama-0.x")
    repository.open("Try something", "feature", author="anna")
    finished(repository, 2, "failure")
    await watch(hass, hub.url, lab(github))
    found = device(hass, LAB)
    assert found is not None
    assert (found.name, found.sw_version) == ("Lab", "GitHub 3.18.0")
    assert found.configuration_url == f"{github.url}/{NAME}"
    for key, one in sorted(entities(hass, LAB).items()):
        assert one == snapshot(name=key)
    assert is_on(hass, "online", LAB) == "on"
    counts = {
        key: sensor(hass, key, LAB) for key in ("pull_requests", "proposals", "updates", "failing_checks")
    }
    assert counts == {"pull_requests": "3", "proposals": "0", "updates": "2", "failing_checks": "1"}
    attributes = state(hass, "sensor", "updates", LAB).attributes
    assert (attributes["failing"], attributes["major"]) == (1, 1)


async def test_nothing_is_written_by_looking(
    hass: HomeAssistant,
    hub: OllamaServer,
    github: GitHub,
    repository: Repository,
    freezer: FrozenDateTimeFactory,
) -> None:
    repository.open("Update x", "renovate/x")
    await watch(hass, hub.url, lab(github))
    await pass_time(hass, freezer, POLL)
    assert repository.log == []
    # The one that looks like it is refused for what it lacks: so the forge tells what the token may.
    assert [path for method, path in github.asked if method != "GET"] == [f"/api/v3/repos/{NAME}/pulls"]


async def test_what_happens_to_pull_requests(
    hass: HomeAssistant,
    hub: OllamaServer,
    github: GitHub,
    repository: Repository,
    freezer: FrozenDateTimeFactory,
) -> None:
    for name in ("merged", "closed"):
        repository.open(f"To be {name}", f"renovate/{name}")
    entry = await watch(hass, hub.url, lab(github))
    changes = async_capture_events(hass, EVENT_STATE_CHANGED)
    await pass_time(hass, freezer, POLL)
    assert fired(hass, changes) == []
    repository.merge(1, "anna")
    repository.close(2)
    repository.open("New @everybody", "renovate/new")
    finished(repository, 3, "failure")
    await pass_time(hass, freezer, POLL)
    for _ in range(4):
        await pass_time(hass, freezer, 1)
    assert fired(hass, changes) == [("opened", 3), ("checks_failed", 3), ("merged", 1), ("closed", 2)]
    told = state(hass, "event", "pull_request", LAB).attributes
    assert (told["title"], told["ours"], told["author"]) == ("To be closed", False, "renovate[bot]")
    await pass_time(hass, freezer, POLL)
    assert fired(hass, changes) == []
    kept = [
        (one.kind.value, one.name)
        for one in entry.runtime_data.things.timeline.between(datetime(2020, 1, 1, tzinfo=UTC))
    ]
    assert [one for one in kept if one[0].startswith("pull_request")] == [
        ("pull_request_opened", "New @everybody"),
        ("pull_request_merged", "To be merged"),
        ("pull_request_closed", "To be closed"),
    ]


async def test_updates_are_counted_and_explained(
    hass: HomeAssistant, hub: OllamaServer, github: GitHub, repository: Repository
) -> None:
    """Seven wait, two fail, one is a major version."""
    for number in range(1, 7):
        repository.open(f"Update chart {number} to 1.{number}.0", f"renovate/chart-{number}")
    repository.open("Update grafana ( 11.2.0 ➔ 12.0.0 )", "renovate/grafana")
    finished(repository, 1, "failure")
    finished(repository, 2, "failure")
    entry = await watch(hass, hub.url, lab(github))
    situation = entry.runtime_data.situation()
    (problem,) = situation.health.problems
    assert (problem.kind, problem.severity) == ("updates_waiting", "info")
    assert problem.summary == "7 updates wait, 2 fail, 1 of a major version"
    english, german = brief(situation, "en"), brief(situation, "de")
    assert (
        "in Lab, seven updates are waiting: two failed the checks, one to a new major version"
        in english.lower().replace("in lab", "in Lab")
    )
    assert "bei Lab warten sieben Updates, davon zwei mit fehlgeschlagenen Prüfungen" in german.replace(
        "Bei", "bei"
    )


async def test_draft_of_ours_that_fails(
    hass: HomeAssistant,
    hub: OllamaServer,
    github: GitHub,
    repository: Repository,
    freezer: FrozenDateTimeFactory,
) -> None:
    body = "Why\n\n<!-- homelab_ai:0a1b2c3d -->\n"
    repository.open("Enable paperless-ai", "homelab-ai/enable-1", body=body, draft=True)
    entry = await watch(hass, hub.url, lab(github))
    assert sensor(hass, "proposals", LAB) == "1"
    finished(repository, 1, "failure")
    # Whoever proposed it waits for its checks: they are looked at soon.
    await pass_time(hass, freezer, 31)
    situation = entry.runtime_data.situation()
    (problem,) = situation.health.problems
    assert (problem.kind, problem.name) == ("proposal_failing", "Enable paperless-ai")
    assert problem.summary == "the checks of pull request 1 fail: flate"
    things = entry.runtime_data.things.topology
    thing = things.get(f"{LAB}/pull_request/1")
    assert thing is not None
    assert (thing.name, thing.kind, thing.state) == ("Enable paperless-ai", "pull_request", "trouble")
    assert thing.url == f"https://github.example/{NAME}/pull/1"
    assert thing.fact("ours") is True


async def test_what_proposals_need(
    hass: HomeAssistant, hub: OllamaServer, github: GitHub, repository: Repository
) -> None:
    entry = await watch(hass, hub.url, lab(github))
    monitor = entry.runtime_data.monitors[0].monitor
    assert isinstance(monitor, ProposesChanges)
    assert (monitor.base, monitor.paths) == ("main", ("kubernetes/apps",))
    assert (await (await monitor.forge()).repository()).name == NAME


# Actions


async def test_listed(hass: HomeAssistant, hub: OllamaServer, github: GitHub, repository: Repository) -> None:
    repository.open("Update x", "renovate/x", updated_at="2026-11-28T10:01:00Z")
    bump = {"author": "dependabot[bot]", "updated_at": "2026-11-28T10:02:00Z"}
    repository.open("Bump y from 1 to 2", "dependabot/y", **bump)
    repository.open("Try ![x](https://evil.example)", "feature", author="anna")
    finished(repository, 1, "failure")
    entry = await watch(hass, hub.url, lab(github), monitor_subentry("web", github.url, "Page"))
    told = await act(hass, "list_pull_requests")
    assert told["message"] == (
        "Three pull requests are open. Two are updates. The checks of one fail."
        " One is to a new major version."
    )
    assert [one["number"] for one in told["pull_requests"]] == [3, 2, 1]
    assert told["pull_requests"][0]["title"] == "Try ! [x] (https: //evil.example)"
    assert told["pull_requests"][1]["update"] == {"bot": "dependabot", "major": True}
    assert (told["pull_requests"][2]["checks"], told["pull_requests"][2]["failing"]) == ("failed", ["flate"])
    for only, numbers in (
        ("failing", [1]),
        ("major", [2]),
        (["updates", "failing"], [2, 1]),
        ("proposals", []),
    ):
        told = await act(hass, "list_pull_requests", only=only)
        assert [one["number"] for one in told["pull_requests"]] == numbers
        assert told["message"].startswith("Three")
    told = await act(hass, "list_pull_requests", limit=1, language="de")
    assert (len(told["pull_requests"]), told["total"]) == (1, 3)
    assert told["message"].startswith("Drei Pull Requests sind offen. Zwei sind Updates.")
    chosen = device(hass, LAB)
    assert chosen is not None
    assert (await act(hass, "list_pull_requests", source=chosen.id))["total"] == 3
    page = device(hass, source("Page"))
    assert page is not None
    with pytest.raises(ServiceValidationError, match="no Git repository"):
        await act(hass, "list_pull_requests", source=page.id)
    assert await hass.config_entries.async_unload(entry.entry_id)


async def test_explained(
    hass: HomeAssistant, hub: OllamaServer, github: GitHub, repository: Repository
) -> None:
    repository.open("Update x", "renovate/x", diff="+a: 1\n" * 9000)
    await watch(hass, hub.url, lab(github))
    repository.merge(1, "anna")
    told = await act(hass, "explain_pull_request", number=1)
    assert told["explanation"].endswith("anna merged it.")
    assert (told["pull_request"]["state"], told["pull_request"]["merged_by"]) == ("merged", "anna")
    assert len(told["diff"]) == 16_384
    with pytest.raises(HomeAssistantError):
        await act(hass, "explain_pull_request", number=99)


async def test_several_repositories(
    hass: HomeAssistant, hub: OllamaServer, github: GitHub, repository: Repository
) -> None:
    other = github.add(Repository("home/other", {"README.md": "x"}))
    for one in (repository, other):
        one.open("Update x", "renovate/x")
    other.open("Update y", "renovate/y")
    token = github.token("ha-bot", WRITE)
    await watch(
        hass,
        hub.url,
        lab(github),
        monitor_subentry("forge", f"{github.url}/home/other", "Other", token=token),
    )
    assert (await act(hass, "explain_pull_request", number=2))["pull_request"]["system"] == "Other"
    with pytest.raises(ServiceValidationError, match="Several repositories"):
        await act(hass, "explain_pull_request", number=1)
    chosen = device(hass, LAB)
    assert chosen is not None
    told = await act(hass, "explain_pull_request", number=1, source=chosen.id)
    assert told["pull_request"]["system"] == "Lab"


async def test_an_app_shows_its_open_changes(
    hass: HomeAssistant, hub: OllamaServer, github: GitHub, repository: Repository
) -> None:
    """By where Git delivers it from; what is near is not it."""
    for number, path in enumerate(("ai/ollama/app/x.yaml", "ai/ollama-exporter/app/x.yaml", "ai/x.yaml")):
        head = f"feature-{number}"
        repository.branches[head] = repository.branches["main"]
        repository.change({f"kubernetes/apps/{path}": "b: 1\n"}, branch=head)
        repository.open(f"Change {path}", head, author="anna")
    entry = await watch(hass, hub.url, lab(github))
    within = Fact("path", "./kubernetes/apps/ai/ollama/app")
    delivered = Link(LinkKind.DELIVERED_BY, "x/kustomization:ai/ollama")
    entry.runtime_data.things.topology.report(
        "x",
        {
            one.id: one
            for one in (
                Thing("x/kustomization:ai/ollama", ThingKind.GITOPS, "ollama-ks", "x", facts=(within,)),
                Thing("x/deployment:ai/ollama", ThingKind.WORKLOAD, "ollama-app", "x", links=(delivered,)),
                Thing("x/node:atlas", ThingKind.NODE, "atlas", "x"),
            )
        },
    )
    for name in ("x/deployment:ai/ollama", "x/kustomization:ai/ollama"):
        told = await act(hass, "look_up", name=name)
        assert [one["name"] for one in told["open_changes"]] == ["Change ai/ollama/app/x.yaml"]
        assert told["open_changes"][0]["url"] == f"https://github.example/{NAME}/pull/1"
    assert (await act(hass, "look_up", name="x/node:atlas"))["open_changes"] == []
    told = await act(hass, "look_up", name="#1")
    assert told["facts"]["folders"]["value"] == "kubernetes/apps/ai/ollama/app"


async def test_asked_of_a_model_and_without_one(
    hass: HomeAssistant, hub: OllamaServer, github: GitHub, repository: Repository
) -> None:
    repository.open("Update x", "renovate/x")
    repository.open("Update y to v2", "renovate/y")
    finished(repository, 1, "failure")
    entry = await watch(hass, hub.url, lab(github))
    known = knowledge_of(entry.runtime_data, entry.runtime_data.situation())
    for name in ("pull requests", "the PRs", "all updates"):
        first, *rest = looked_up(known, name, "en")
        assert first == (
            "Two pull requests are open. Two are updates. The checks of one fail."
            " One is to a new major version."
        )
        assert any("Update x" in one for one in rest)
    assert looked_up(known, "pull requests", "de")[0].startswith("Zwei Pull Requests sind offen.")


async def test_actions_without_a_forge(hass: HomeAssistant, hub: OllamaServer) -> None:
    await set_up(hass, watched_homelab(hub.url))
    for action, fields in (("list_pull_requests", {}), ("explain_pull_request", {"number": 1})):
        with pytest.raises(ServiceValidationError, match="no Git repository"):
            await act(hass, action, **fields)


# A real one


@pytest.mark.skipif(home() is None, reason="Gitea is not here: scripts/gitea builds it")
async def test_on_a_real_gitea(
    hass: HomeAssistant, hub: OllamaServer, socket_enabled: None, freezer: FrozenDateTimeFactory
) -> None:
    """Proposed, failing, merged by a person: seen by the house, told in the timeline."""
    gitea = Gitea()
    await asyncio.to_thread(gitea.start)
    try:
        token = await asyncio.to_thread(fill, gitea)
        settings = {"token": token, "paths": ["kubernetes/apps"]}
        url = f"{gitea.url}/homelab/apps"
        entry = await watch(hass, hub.url, monitor_subentry("forge", url, "Lab", **settings))
        counts = {key: sensor(hass, key, LAB) for key in ("pull_requests", "proposals", "updates")}
        assert counts == {"pull_requests": "1", "proposals": "0", "updates": "1"}
        # Its branch is protected, and the token may write: there is nothing to advise.
        assert issues(hass) == {}
        monitor = entry.runtime_data.monitors[0].monitor
        assert isinstance(monitor, ProposesChanges)
        forge = await monitor.forge()
        base = await forge.branch("main")
        assert base is not None
        head, path = "homelab-ai/new-0a1b2c3d", "kubernetes/apps/ai/new.yaml"
        sha = await forge.commit(head, base, "Add it", [Create(path, "a: 1\n")], monitor.paths)
        draft = await forge.open_draft(Proposal("0a1b2c3d", head, "main", "Add it", "Because"))
        failing = {"context": "flate", "state": "failure"}
        await asyncio.to_thread(gitea.done, "POST", f"/repos/homelab/apps/statuses/{sha}", failing)
        await pass_time(hass, freezer, POLL)
        assert (sensor(hass, "proposals", LAB), sensor(hass, "failing_checks", LAB)) == ("1", "1")
        assert [one.kind for one in entry.runtime_data.situation().health.problems] == ["proposal_failing"]
        # A person may merge what needs an approval, once another has given it.
        await asyncio.to_thread(gitea.approve, "homelab/apps", draft.number)
        await asyncio.to_thread(gitea.merge, "homelab/apps", draft.number)
        await pass_time(hass, freezer, POLL)
        assert sensor(hass, "proposals", LAB) == "0"
        kept = entry.runtime_data.things.timeline.between(datetime(2020, 1, 1, tzinfo=UTC))
        told = [one.kind.value for one in kept if one.kind.value.startswith("pull_request")]
        assert told == ["pull_request_opened", "pull_request_merged"]
        assert await hass.config_entries.async_unload(entry.entry_id)
    finally:
        await asyncio.to_thread(gitea.stop)


# Repairs


async def test_token_that_expires_in_the_middle(
    hass: HomeAssistant,
    hub: OllamaServer,
    github: GitHub,
    repository: Repository,
    freezer: FrozenDateTimeFactory,
) -> None:
    """It is the forge that wants another one; the hub, and all else, goes on."""
    soon = datetime.now(UTC) + timedelta(days=3)
    entry = await watch(hass, hub.url, lab(github, expires=f"{soon:%Y-%m-%d %H:%M:%S} UTC"))
    assert issues(hass).keys() == {"monitor_expires"}
    github.tokens.clear()
    await pass_time(hass, freezer, POLL)
    assert is_on(hass, "online", LAB) == "off"
    assert state(hass, "event", "pull_request", LAB).state == STATE_UNAVAILABLE
    assert "monitor_rejected" in issues(hass)
    assert hass.config_entries.flow.async_progress() == []
    assert entry.state.recoverable


@pytest.mark.usefixtures("repository")
@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, None),
        ({"rights": READ}, "forge_read_only"),
        ({"rights": READ, "paths": []}, None),
        ({"rules": []}, "forge_may_merge"),
        ({"rules": [], "paths": []}, None),
        ({"archived": True}, "forge_archived"),
    ],
)
async def test_advice(
    hass: HomeAssistant,
    hub: OllamaServer,
    github: GitHub,
    change: dict[str, Any],
    expected: str | None,
) -> None:
    repository = github.repositories[NAME]
    repository.archived = change.pop("archived", False)
    repository.rules = change.pop("rules", repository.rules)
    entry = await watch(hass, hub.url, lab(github, **change))
    found = issues(hass)
    assert set(found) == ({expected} if expected else set())
    if expected:
        names = {"system": "Lab", "repository": NAME, "branch": "main"}
        assert found[expected].translation_placeholders == names
        assert not found[expected].is_fixable
        await hass.config_entries.async_unload(entry.entry_id)
        assert issues(hass) == {}


async def test_advice_that_was_followed(
    hass: HomeAssistant,
    hub: OllamaServer,
    github: GitHub,
    repository: Repository,
    freezer: FrozenDateTimeFactory,
) -> None:
    protected, repository.rules = repository.rules, []
    await watch(hass, hub.url, lab(github))
    assert "forge_may_merge" in issues(hass)
    repository.rules = protected
    await pass_time(hass, freezer, 3700)
    assert issues(hass) == {}


# What goes wrong


async def test_checks_that_may_not_be_seen(
    hass: HomeAssistant, hub: OllamaServer, github: GitHub, repository: Repository
) -> None:
    repository.open("Update x", "renovate/x")
    entry = await watch(hass, hub.url, lab(github, rights=WRITE - {"checks:read"}))
    (unseen,) = entry.runtime_data.monitors[0].not_seen()
    assert (unseen.unseen.part, unseen.unseen.reason) == ("checks", "forbidden")
    assert entry.runtime_data.situation().health.health.value == "ok"


@pytest.mark.usefixtures("repository")
@pytest.mark.parametrize("trouble", ["limited", "moved", "archived", "500"])
async def test_trouble_is_told(
    hass: HomeAssistant,
    hub: OllamaServer,
    github: GitHub,
    freezer: FrozenDateTimeFactory,
    trouble: str,
) -> None:
    repository = github.repositories[NAME]
    entry = await watch(hass, hub.url, lab(github))
    if trouble == "limited":
        github.limited = True
    elif trouble == "moved":
        github.moved[NAME] = "home/new"
    elif trouble == "500":
        github.failing["/pulls"] = 500
    else:
        repository.archived = True
    await pass_time(hass, freezer, POLL)
    expected = {
        "limited": "too many requests",
        "moved": "it has been renamed",
        "archived": None,
        "500": "500",
    }
    assert (entry.runtime_data.monitors[0].failure or "").removeprefix("429: ") == (
        {"limited": "403: too many requests"}.get(trouble, expected[trouble]) or ""
    )


async def test_diagnostics_tell_nothing_of_a_house(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    hub: OllamaServer,
    github: GitHub,
    repository: Repository,
) -> None:
    repository.open("Update secret-project", "renovate/x", author="anna")
    entry = await watch(hass, hub.url, lab(github))
    told: Any = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    (monitor,) = told["monitors"]
    assert monitor["settings"] == dict.fromkeys(("url", "token", "paths"), "**REDACTED**")
    assert (monitor["forge"], monitor["may_write"], monitor["may_merge"]) == ("github", True, False)
    assert monitor["data"]["pull_requests"] == 1
    text = json.dumps(told)
    words = (NAME, "secret-project", "anna", "token-", "127.0.0.1", "kubernetes/apps")
    assert [word for word in words if word in text] == []


# The form


async def add(hass: HomeAssistant, entry: MockConfigEntry, **typed: Any) -> Any:
    flow = await system_form(hass, entry, "forge")
    if not typed:
        return flow
    typed = {"name": "Forge", "verify_ssl": True, **typed}
    return await hass.config_entries.subentries.async_configure(flow["flow_id"], typed)


async def test_added(hass: HomeAssistant, hub: OllamaServer, github: GitHub, repository: Repository) -> None:
    entry = await set_up(hass, watched_homelab(hub.url))
    token = github.token("ha-bot", WRITE)
    typed = {"url": f"{github.url}/{NAME}.git/", "token": token, "paths": ["kubernetes/apps"]}
    result = await add(hass, entry, **typed)
    assert (result["type"], result["title"]) == (FlowResultType.CREATE_ENTRY, "k8s")
    assert result["data"] == {
        "kind": "forge",
        "url": f"{github.url}/{NAME}",
        "token": token,
        "paths": ["kubernetes/apps"],
        "verify_ssl": True,
    }
    await hass.async_block_till_done()
    assert (await add(hass, entry, **typed))["reason"] == "already_configured"


@pytest.mark.usefixtures("repository")
@pytest.mark.parametrize(
    ("typed", "errors"),
    [
        ({"url": "nothing"}, {"url": "invalid_url"}),
        ({"token": ""}, {"token": "token_missing"}),
        ({"token": "wrong-token-here"}, {"base": "invalid_auth"}),
        ({"branch": "gone"}, {"url": "repository_missing"}),
        ({"url": "home/other"}, {"url": "repository_missing"}),
        ({"url": "home/renamed"}, {"url": "moved"}),
    ],
)
async def test_refused(
    hass: HomeAssistant,
    hub: OllamaServer,
    github: GitHub,
    typed: dict[str, str],
    errors: dict[str, str],
) -> None:
    entry = await set_up(hass, watched_homelab(hub.url))
    github.moved["home/renamed"] = NAME
    url = typed.get("url", NAME)
    url = f"{github.url}/{url}" if "/" in url else url
    token = github.token("ha-bot", WRITE)
    result = await add(hass, entry, **{"token": token, **typed, "url": url})
    assert result["errors"] == errors


@pytest.mark.parametrize("doubt", ["read_only", "repository_archived"])
async def test_doubted_once(
    hass: HomeAssistant, hub: OllamaServer, github: GitHub, repository: Repository, doubt: str
) -> None:
    entry = await set_up(hass, watched_homelab(hub.url))
    repository.archived = doubt == "repository_archived"
    token = github.token("ha-bot", READ if doubt == "read_only" else WRITE)
    typed = {"url": f"{github.url}/{NAME}", "token": token}
    result = await add(hass, entry, **typed)
    assert result["errors"] == {"base": doubt}
    assert result["description_placeholders"]["name"] == NAME
    typed = {"name": "Forge", "verify_ssl": True, **typed}
    result = await hass.config_entries.subentries.async_configure(result["flow_id"], typed)
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_what_the_cluster_is_delivered_from_is_suggested(
    hass: HomeAssistant, hub: OllamaServer
) -> None:
    entry = await set_up(hass, watched_homelab(hub.url))
    address = Fact("address", "ssh://git@git.example.org:2222/home/k8s.git")
    delivered = Link(LinkKind.DELIVERED_BY, "x/source")
    things = (
        Thing("x/source", ThingKind.SOURCE, "lab", "x", detail="GitRepository", facts=(address,)),
        Thing("x/ks", ThingKind.GITOPS, "apps", "x", facts=(Fact("path", "./apps"),), links=(delivered,)),
    )
    entry.runtime_data.things.topology.report("x", {one.id: one for one in things})
    shown = suggested(await add(hass, entry))
    assert (shown["url"], shown["paths"]) == ("https://git.example.org/home/k8s", ["apps"])


async def test_nothing_is_suggested_without_a_cluster(hass: HomeAssistant, hub: OllamaServer) -> None:
    entry = await set_up(hass, watched_homelab(hub.url))
    assert suggested(await add(hass, entry))["url"] == "https://"


# Questions


@pytest.mark.parametrize(
    ("question", "language", "told"),
    [
        (
            "Which updates are waiting?",
            "en",
            ("Seven updates are waiting", "The checks of two fail.", "One is"),
        ),
        ("which updates wait", "en", ("Seven updates are waiting", "new major version")),
        ("How many updates are waiting?", "en", ("Seven updates",)),
        ("Which updates are open?", "en", ("Seven updates",)),
        ("Which pull requests are waiting?", "en", ("Eight pull requests are waiting",)),
        ("Welche Updates warten?", "de", ("Sieben Updates warten", "Die Prüfungen von zwei", "Hauptversion")),
        ("Wie viele Updates warten?", "de", ("Sieben Updates",)),
        ("Welche Updates sind offen?", "de", ("Sieben Updates",)),
    ],
)
async def test_questions_about_updates(  # noqa: PLR0917
    hass: HomeAssistant,
    hub: OllamaServer,
    github: GitHub,
    repository: Repository,
    question: str,
    language: str,
    told: tuple[str, ...],
) -> None:
    """By Home Assistant's own agent, without a model: also in languages that the house does not speak."""
    for number in range(1, 7):
        repository.open(f"Update chart {number} to 1.{number}.0", f"renovate/chart-{number}")
    repository.open("Update grafana ( 11.2.0 ➔ 12.0.0 )", "renovate/grafana")
    repository.open("Rework ingress", "feature", author="anna")
    finished(repository, 1, "failure")
    finished(repository, 2, "failure")
    await watch(hass, hub.url, lab(github))
    answer = await hear(hass, question, language)
    assert answer.is_answer
    assert [one for one in told if one not in answer.text] == [], answer.text


@pytest.mark.parametrize("question", ["Which updates are waiting?", "Which pull requests are waiting?"])
async def test_without_a_forge_nobody_says_that_none_waits(
    hass: HomeAssistant, hub: OllamaServer, question: str
) -> None:
    await set_up(hass, watched_homelab(hub.url))
    answer = await hear(hass, question, "en")
    assert "no update" not in answer.text.casefold()
    assert "no pull request" not in answer.text.casefold()
