"""From a sentence to a draft on a forge and no further, through the actions, against a server of a forge."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
import sys
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.homelab_ai.coordinator.storage import proposals_store
from custom_components.homelab_ai.diagnostics import async_get_config_entry_diagnostics
from custom_components.homelab_ai.proposals.audit import MOST_AN_HOUR, MOST_OPEN, Audit, Record, Status
from custom_components.homelab_ai.topology import Fact, Link, LinkKind, Thing, ThingKind
from demo.servers.forge.github import WRITE, GitHub
from demo.servers.forge.repository import Repository
from demo.servers.ollama import OllamaServer
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.util import dt as dt_util

from ..acting import act
from ..looking import ENTRY_ID, pass_time
from ..systems import monitor_subentry, watch
from .corpus import Layout, repository as corpus

NAME = "home/k8s"
HOUR = 3601.0
POLL = 301.0
WISH = "Enable Paperless-AI"


@pytest.fixture
async def github(socket_enabled: None) -> AsyncGenerator[GitHub]:
    async with GitHub() as server:
        yield server


@pytest.fixture
def repository(github: GitHub) -> Repository:
    files = {
        path: text
        for path, text in corpus(Layout.LISTED, ("ollama", "paperless-ai")).items()
        if "/ai/" in path or "/observability/" in path or "/flux/" in path or "/storage/" in path
    }
    return github.add(Repository(NAME, files))


def lab(github: GitHub, **data: Any) -> Any:
    settings = {"token": github.token("ha-bot", WRITE, None), "paths": ["kubernetes/apps"], **data}
    return monitor_subentry("forge", f"{github.url}/{NAME}", "Lab", **settings)


@pytest.fixture
async def entry(
    hass: HomeAssistant, hub: OllamaServer, github: GitHub, repository: Repository
) -> MockConfigEntry:
    return await watch(hass, hub.url, lab(github))


async def settled(hass: HomeAssistant) -> dict[str, Any]:
    """Return the only proposal, after it was seen what has become of it."""
    for _ in range(3):
        await hass.async_block_till_done(wait_background_tasks=True)
    found: dict[str, Any]
    (found,) = (await act(hass, "list_proposals"))["proposals"]
    return found


def branches(repository: Repository) -> set[str]:
    return {name for name in repository.branches if name != "main"}


@pytest.mark.usefixtures("entry")
async def test_sentence_becomes_a_draft(hass: HomeAssistant, repository: Repository) -> None:
    preview = await act(hass, "propose_change", request=WISH, preview=True)
    assert (preview["number"], preview["url"]) == (None, None)
    assert preview["order"] == ["ollama", "paperless-ai"]
    assert repository.pulls == {}
    assert branches(repository) == set()
    base = repository.branches["main"]
    answer = await act(hass, "propose_change", request=WISH)
    assert answer["message"] == "Enable paperless-ai, ollama: draft 1 is open. With it come ollama."
    (pull,) = repository.pulls.values()
    assert (pull.state, pull.base, pull.merged_by) == ("open", "main", None)
    assert repository.branches["main"] == base, "nobody but a person writes there"
    assert branches(repository) == {pull.head}
    assert pull.head.startswith("homelab-ai/enable-paperless-ai-")
    assert "| 1 | ollama |" in pull.body.replace("&#45;", "-")
    assert WISH.replace("-", "&#45;") in pull.body
    assert answer["diff"] == preview["diff"]
    assert "rename to kubernetes/apps/ai/ollama/ks.yaml" in answer["diff"]


@pytest.mark.usefixtures("entry")
async def test_same_wish_is_the_same_draft(hass: HomeAssistant, repository: Repository) -> None:
    first = await act(hass, "propose_change", request=WISH)
    form = await act(hass, "propose_change", change="enable", app="ai/paperless-ai")
    german = await act(hass, "propose_change", request="Schalte Paperless-AI ein, bitte!")
    assert {one["number"] for one in (first, form, german)} == {1}
    assert [one["known"] for one in (first, form, german)] == [False, True, True]
    assert len(repository.pulls) == 1


@pytest.mark.usefixtures("entry")
async def test_value_is_set_in_german(hass: HomeAssistant, repository: Repository) -> None:
    answer = await act(hass, "propose_change", request="Setze Loki auf Version 99.1", language="de")
    assert answer["title"] == "image.tag von loki auf 99.1 setzen"
    assert "Entwurf 1 ist offen" in answer["message"]
    (path,) = answer["files"]
    assert repository.pulls[1].body.startswith("## Warum")
    assert path.endswith("loki/app/helmrelease.yaml")


@pytest.mark.parametrize(
    ("wish", "message"),
    [
        ({"request": "Enable Nextcloud"}, "I know no app called Nextcloud"),
        ({"request": "Enable grafana"}, "is like that already"),
        ({"request": "Disable minio"}, "needed by loki"),
        ({"change": "set", "app": "grafana", "field": "nonsense", "value": "1"}, "no field nonsense"),
        ({"change": "add", "app": "grafana", "template": "certificate"}, "does not take this: host"),
        (
            {"change": "manifest", "app": "grafana", "file": "a.yaml", "content": "kind: Secret"},
            "checks fail",
        ),
        (
            {"change": "terraform", "file": ".github/workflows/a.tf", "content": "locals {}"},
            "may be changed there",
        ),
    ],
)
@pytest.mark.usefixtures("entry")
async def test_refusal_says_why_and_writes_nothing(
    hass: HomeAssistant, repository: Repository, wish: dict[str, Any], message: str
) -> None:
    with pytest.raises(ServiceValidationError, match=message):
        await act(hass, "propose_change", **wish)
    assert repository.log == []
    (record,) = (await act(hass, "list_proposals"))["proposals"]
    assert (record["status"], record["number"]) == ("refused", None)


async def test_outside_of_the_paths_nothing_is_changed(
    hass: HomeAssistant, hub: OllamaServer, github: GitHub, repository: Repository
) -> None:
    await watch(hass, hub.url, lab(github, paths=["kubernetes/apps/observability"]))
    with pytest.raises(ServiceValidationError, match="outside of the paths"):
        await act(hass, "propose_change", request=WISH)
    assert repository.log == []


async def test_without_paths_nothing_is_proposed(
    hass: HomeAssistant, hub: OllamaServer, github: GitHub, repository: Repository
) -> None:
    await watch(hass, hub.url, lab(github, paths=[]))
    with pytest.raises(ServiceValidationError, match="Nothing may be changed"):
        await act(hass, "propose_change", request=WISH)
    assert repository.log == []


@pytest.mark.usefixtures("entry")
async def test_number_of_drafts_is_bounded(
    hass: HomeAssistant, repository: Repository, freezer: FrozenDateTimeFactory
) -> None:
    apps = iter(("grafana", "gatus", "loki", "minio", "k8up", "volsync"))
    for _ in range(MOST_AN_HOUR):
        await act(hass, "propose_change", change="suspend", app=next(apps))
    later = next(apps)
    with pytest.raises(ServiceValidationError, match="in the last hour"):
        await act(hass, "propose_change", change="suspend", app=later)
    known = await act(hass, "propose_change", change="suspend", app="grafana")
    assert known["known"], "naming an open one again is no new one"
    await pass_time(hass, freezer, HOUR)
    for app in (later, next(apps)):
        await act(hass, "propose_change", change="suspend", app=app)
    assert len(repository.pulls) == MOST_OPEN
    await pass_time(hass, freezer, HOUR)
    with pytest.raises(ServiceValidationError, match="are open already"):
        await act(hass, "propose_change", change="suspend", app=next(apps))


@pytest.mark.usefixtures("entry")
async def test_withdrawing_closes_ours_only(hass: HomeAssistant, repository: Repository) -> None:
    repository.open("Update grafana", "renovate/grafana")
    answer = await act(hass, "propose_change", request=WISH)
    with pytest.raises(ServiceValidationError, match="not opened by the assistant"):
        await act(hass, "withdraw_proposal", number=1)
    assert repository.pulls[1].state == "open"
    await act(hass, "withdraw_proposal", number=answer["number"])
    assert repository.pulls[2].state == "closed"
    assert branches(repository) == {"renovate/grafana"}
    (record,) = (await act(hass, "list_proposals"))["proposals"]
    assert (record["status"], record["asked_by"], record["request"]) == ("withdrawn", "automation", WISH)


async def test_diagnostics_tell_what_became_of_proposals_and_not_what_was_said(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    await act(hass, "propose_change", request=WISH)
    (told,) = (await async_get_config_entry_diagnostics(hass, entry))["proposals"]
    assert (told["change"], told["status"], told["asked_by"]) == ("enable", "open", "automation")
    assert WISH not in str(told)


@pytest.mark.usefixtures("entry")
async def test_merge_by_a_person_is_seen(
    hass: HomeAssistant, repository: Repository, freezer: FrozenDateTimeFactory
) -> None:
    await act(hass, "propose_change", request=WISH)
    repository.merge(1, "anna")
    await pass_time(hass, freezer, POLL)
    record = await settled(hass)
    assert (record["status"], record["merged_by"]) == ("merged", "anna")
    with pytest.raises(ServiceValidationError, match="is like that already"):
        await act(hass, "propose_change", request=WISH)


def _begun(branch: str, at: datetime, source: str = "x") -> dict[str, Any]:
    audit = Audit()
    record = Record(
        id="0123456789abcdef",
        at=at,
        source=source,
        asked_by="person",
        title="Enable x",
        body="b",
        branch=branch,
        base="main",
    )
    audit.put(record, at)
    return audit.as_stored()


@pytest.mark.parametrize(
    ("committed", "late", "status", "pulls", "left"),
    [
        (True, False, "open", 1, True),
        (False, False, "failed", 0, False),
        (True, True, "failed", 0, False),
    ],
    ids=["finished", "nothing was made", "cleaned"],
)
async def test_what_a_kill_left_is_finished_or_cleaned(  # noqa: PLR0917
    hass: HomeAssistant,
    hub: OllamaServer,
    github: GitHub,
    repository: Repository,
    committed: bool,
    late: bool,
    status: str,
    pulls: int,
    left: bool,
) -> None:
    branch = "homelab-ai/enable-x-01234567"
    subentry = lab(github)
    at = dt_util.utcnow() - timedelta(hours=2 if late else 0)
    await proposals_store(hass, ENTRY_ID).async_save(_begun(branch, at, subentry["subentry_id"]))
    if committed:
        repository.branches[branch] = repository.branches["main"]
        sha = repository.change({"kubernetes/apps/x.yaml": "a: b\n"}, branch=branch)
        repository.commits[sha] = replace(
            repository.commits[sha], message="Enable x\n\nhomelab_ai 0123456789abcdef\n"
        )
    await watch(hass, hub.url, subentry)
    record = await settled(hass)
    assert record["status"] == status
    assert len(repository.pulls) == pulls
    assert (branch in repository.branches) is left


async def test_without_a_forge_there_is_nothing_to_propose(hass: HomeAssistant, hub: OllamaServer) -> None:
    await watch(hass, hub.url)
    with pytest.raises(ServiceValidationError, match="has no Git repository"):
        await act(hass, "propose_change", request=WISH)


def test_audit_is_kept_for_ninety_days() -> None:
    audit = Audit(_begun("homelab-ai/a-b", datetime(2026, 1, 1, tzinfo=UTC)))
    now = datetime(2026, 4, 10, tzinfo=UTC)
    audit.put(Record("fedcba9876543210", now, "x", "voice", status=Status.REFUSED), now)
    assert [one.id for one in Audit(audit.as_stored()).records] == ["fedcba9876543210"]
    assert Audit({"records": [{"id": 1}, None, {"at": "x"}]}).records == ()


LAZY = (
    "coordinator.proposals",
    "assistant.proposing",
    "assistant.proposal_model",
    "proposals.graph",
    "proposals.desk",
)


async def test_nothing_of_it_is_imported_without_a_forge(
    hass: HomeAssistant, hub: OllamaServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [f"custom_components.homelab_ai.{name}" for name in LAZY]
    for name in [one for one in sys.modules if one in names]:
        monkeypatch.delitem(sys.modules, name)
    await watch(hass, hub.url)
    assert not set(names) & sys.modules.keys()


async def test_root_that_only_the_cluster_knows(
    hass: HomeAssistant, entry: MockConfigEntry, repository: Repository
) -> None:
    """Terraform or a FluxInstance has made it: the repository has nothing but apps."""
    repository.change({"kubernetes/flux/cluster/ks.yaml": None})
    with pytest.raises(ServiceValidationError, match="what Flux or Argo CD delivers from it"):
        await act(hass, "propose_change", request=WISH, preview=True)
    topology = entry.runtime_data.things.topology
    address = Fact("address", "ssh://git@gitea.git.svc/home/k8s.git")
    topology.report(
        "x",
        {
            one.id: one
            for one in (
                Thing("x/source", ThingKind.SOURCE, "flux-system", "x", facts=(address,)),
                Thing(
                    "x/root",
                    ThingKind.GITOPS,
                    "cluster",
                    "x",
                    detail="Kustomization",
                    facts=(Fact("path", "./kubernetes/apps"),),
                    links=(Link(LinkKind.DELIVERED_BY, "x/source"),),
                ),
                Thing(
                    "x/app",
                    ThingKind.GITOPS,
                    "grafana",
                    "x",
                    facts=(Fact("path", "./kubernetes/apps/observability/grafana/app"),),
                    links=(Link(LinkKind.DELIVERED_BY, "x/root"),),
                ),
            )
        },
    )
    preview = await act(hass, "propose_change", request=WISH, preview=True)
    assert preview["order"] == ["ollama", "paperless-ai"]


@pytest.mark.usefixtures("entry")
async def test_same_wish_at_the_same_time_is_one_draft(hass: HomeAssistant, repository: Repository) -> None:
    answers = await asyncio.gather(*(act(hass, "propose_change", request=WISH) for _ in range(4)))
    assert {one["number"] for one in answers} == {1}
    assert sorted(one["known"] for one in answers) == [False, True, True, True]
    assert len(repository.pulls) == 1


@pytest.mark.parametrize("path", ["./../../.github/workflows", "../..", "./kubernetes/flux", "/etc"])
@pytest.mark.usefixtures("entry")
async def test_file_of_an_app_leads_out_of_no_path(
    hass: HomeAssistant, repository: Repository, path: str
) -> None:
    """Whoever may write a Kustomization says where its files are: not where ours go."""
    file = "kubernetes/apps/observability/grafana/ks.yaml"
    text = repository.blobs[(repository.files("main") or {})[file][1]].decode()
    known = "./kubernetes/apps/observability/grafana/app"
    repository.change({file: text.replace(known, path), ".github/workflows/a.yaml": "a: 1\n"})
    wish = {"change": "add", "app": "grafana", "template": "scrape_config", "values": {"port": "1"}}
    with pytest.raises(ServiceValidationError):
        await act(hass, "propose_change", **wish)
    assert repository.log == []
