"""What a person has merged is followed until the cluster has done it, and the timeline says so."""

from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.homelab_ai.proposals.audit import Audit, Record, Status
from demo.servers.forge.github import GitHub
from demo.servers.forge.repository import Repository
from demo.servers.kubernetes import ApiServer, homelab_cluster
from demo.servers.kubernetes.delivery import Flux
from demo.servers.kubernetes.objects import kustomization
from demo.servers.ollama import OllamaServer
from homeassistant.core import HomeAssistant

from .acting import act
from .clusters import WATCHED, kubernetes
from .looking import until
from .proposals.test_proposing import github, lab, repository
from .systems import watch

__all__ = ["github", "repository"]
WISH = "Enable Paperless-AI"


def files(repository: Repository) -> dict[str, str]:
    """What is on the base branch now."""
    found = repository.files("main") or {}
    return {path: repository.blobs[sha].decode() for path, (_, sha) in found.items()}


@pytest.fixture
async def server(socket_enabled: None) -> AsyncGenerator[ApiServer]:
    async with ApiServer() as server:
        homelab_cluster(server)
        yield server


@pytest.fixture
def flux(server: ApiServer, repository: Repository) -> Flux:
    made = Flux(server)
    made.deliver(files(repository), repository.branches["main"])
    return made


@pytest.fixture
async def entry(
    hass: HomeAssistant, hub: OllamaServer, github: GitHub, server: ApiServer, flux: Flux
) -> MockConfigEntry:
    return await watch(hass, hub.url, kubernetes(server), lab(github))


async def told(hass: HomeAssistant) -> list[str]:
    entries = (await act(hass, "timeline", hours=1))["entries"]
    kinds = ("enabled", "disabled", "suspended", "resumed")
    return [one["message"] for one in reversed(entries) if one["kind"] in kinds]


async def merged(entry: MockConfigEntry, repository: Repository) -> None:
    """Merge as a person does, and wait until that is known."""
    repository.merge(1, "anna")
    (forge,) = entry.runtime_data.proposals.forges
    await forge.async_refresh()
    await until(lambda: entry.runtime_data.proposals.records[-1].status == "merged", 30)


async def delivered(entry: MockConfigEntry) -> None:
    """Wait until the cluster has done what was merged; watches tell of it."""
    await until(lambda: entry.runtime_data.proposals.records[-1].delivered_at, 30)


async def test_from_the_sentence_to_the_app_that_is_on(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    repository: Repository,
    flux: Flux,
    server: ApiServer,
) -> None:
    await until(lambda: server.watchers.total() >= WATCHED, 30)
    await act(hass, "propose_change", request=WISH)
    assert await told(hass) == []
    await merged(entry, repository)
    record = entry.runtime_data.proposals.records[-1]
    assert record.delivered_at is None
    assert record.targets == ("ai/paperless-ai", "ai/ollama")
    assert await told(hass) == [], "merged is not delivered"
    server.apply(kustomization("ollama", namespace="ai"))
    await until(lambda: entry.runtime_data.proposals.records[-1].delivered, 30)
    assert await told(hass) == ["Ollama is on."]
    server.apply(kustomization("paperless-ai", namespace="ai", state="failed"))
    flux.deliver(files(repository), repository.branches["main"])
    await delivered(entry)
    assert await told(hass) == ["Ollama is on.", "Paperless-ai is on."]
    (listed,) = (await act(hass, "list_proposals"))["proposals"]
    assert listed["delivered_at"]


@pytest.mark.parametrize(
    ("wish", "message"),
    [
        ({"change": "disable", "app": "grafana"}, "Grafana is off."),
        ({"change": "suspend", "app": "grafana"}, "Grafana is suspended."),
    ],
)
async def test_other_changes(  # noqa: PLR0917
    hass: HomeAssistant,
    entry: MockConfigEntry,
    repository: Repository,
    server: ApiServer,
    flux: Flux,
    wish: dict[str, Any],
    message: str,
) -> None:
    await until(lambda: server.watchers.total() >= WATCHED, 30)
    await act(hass, "propose_change", **wish)
    await merged(entry, repository)
    assert await told(hass) == []
    flux.deliver(files(repository), repository.branches["main"])
    if wish["change"] == "suspend":
        server.apply(kustomization("grafana", namespace="observability", suspended=True))
    await delivered(entry)
    assert await told(hass) == [message]


def test_record_keeps_what_was_delivered() -> None:
    now = datetime.now(UTC)
    audit = Audit()
    audit.put(Record("0123456789abcdef", now, "x", "person", targets=("ai/x",)), now)
    (record,) = audit.records
    later = now + timedelta(hours=1)
    audit.change(record, status=Status.MERGED, delivered=("ai/x",), delivered_at=later)
    (again,) = Audit(audit.as_stored()).records
    assert (again.targets, again.delivered, again.delivered_at) == (("ai/x",), ("ai/x",), later)
    assert audit.merged(now) == []
