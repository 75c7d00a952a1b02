"""Flux and Argo CD look at Git when an administrator asks: one annotation, and nothing else in a cluster."""

from collections.abc import AsyncGenerator, Iterator
from pathlib import Path
from typing import Any

import pytest

from custom_components.homelab_ai.monitors.kubernetes.asking import _ASKED
from demo.servers.kubernetes import READ_ONLY, RECONCILE, ApiServer, homelab_cluster
from demo.servers.kubernetes.objects import kustomization
from demo.servers.kubernetes.objects.kinds import with_ready
from demo.servers.ollama import OllamaServer
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError, Unauthorized
from homeassistant.util.yaml import parse_yaml

from .acting import act, person
from .clusters import kubernetes
from .systems import watch

DOCS = Path(__file__).parents[1] / "docs"
ANNOTATION = "reconcile.fluxcd.io/requestedAt"
REFRESH = "argocd.argoproj.io/refresh"
KUSTOMIZATIONS = "kustomizations.kustomize.toolkit.fluxcd.io"
REPOSITORIES = "gitrepositories.source.toolkit.fluxcd.io"


@pytest.fixture
async def server(socket_enabled: None) -> AsyncGenerator[ApiServer]:
    async with ApiServer(rbac=(*READ_ONLY, *RECONCILE)) as server:
        homelab_cluster(server)
        server.apply(with_ready("GitRepository", "flux-system"))
        yield server


def annotations(server: ApiServer, resource: str, namespace: str, name: str) -> dict[str, str]:
    found: dict[str, str] = server.get(resource, namespace, name)["metadata"].get("annotations", {})
    return found


def written(server: ApiServer) -> list[tuple[str, str, str]]:
    return [(one.method, one.resource, one.name or "") for one in server.requests if one.method != "GET"]


async def test_source_is_asked_before_what_comes_from_it(
    hass: HomeAssistant, hub: OllamaServer, server: ApiServer
) -> None:
    await watch(hass, hub.url, kubernetes(server))
    before = server.get(KUSTOMIZATIONS, "flux-system", "apps")
    told = await act(hass, "reconcile", name="apps")
    assert [(one["kind"], one["name"]) for one in told["asked"]] == [
        ("GitRepository", "flux-system"),
        ("Kustomization", "apps"),
    ]
    assert written(server) == [("PATCH", REPOSITORIES, "flux-system"), ("PATCH", KUSTOMIZATIONS, "apps")]
    after = server.get(KUSTOMIZATIONS, "flux-system", "apps")
    assert set(after["metadata"]["annotations"]) == {ANNOTATION}
    assert after["spec"] == before["spec"], "nothing else of it changes"
    first = annotations(server, KUSTOMIZATIONS, "flux-system", "apps")[ANNOTATION]
    await act(hass, "reconcile", name="apps", with_source=False)
    assert annotations(server, KUSTOMIZATIONS, "flux-system", "apps")[ANNOTATION] != first
    assert len(written(server)) == 3


async def test_app_leads_to_what_delivers_it(
    hass: HomeAssistant, hub: OllamaServer, server: ApiServer
) -> None:
    await watch(hass, hub.url, kubernetes(server))
    told = await act(hass, "reconcile", name="jellyfin")
    assert [(one["kind"], one["name"]) for one in told["asked"]] == [("Application", "jellyfin")]
    assert annotations(server, "applications.argoproj.io", "argocd", "jellyfin") == {REFRESH: "normal"}
    told = await act(hass, "reconcile", name="deployment:ai/open-webui")
    assert told["asked"][-1]["kind"] == "HelmRelease"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("pve-worker-1", "Neither Flux nor Argo CD delivers"),
        ("nothing", "Nothing in the homelab"),
        ("apps", "suspended"),
    ],
)
async def test_refused(
    hass: HomeAssistant, hub: OllamaServer, server: ApiServer, name: str, message: str
) -> None:
    server.apply(kustomization("apps", suspended=True))
    await watch(hass, hub.url, kubernetes(server))
    with pytest.raises(ServiceValidationError, match=message):
        await act(hass, "reconcile", name=name)
    assert written(server) == []


async def test_without_the_right_it_says_so(
    hass: HomeAssistant, hub: OllamaServer, server: ApiServer
) -> None:
    server.access.rules = list(READ_ONLY)
    await watch(hass, hub.url, kubernetes(server))
    with pytest.raises(ServiceValidationError, match="needs a right of its own"):
        await act(hass, "reconcile", name="apps")
    assert annotations(server, KUSTOMIZATIONS, "flux-system", "apps") == {}


async def test_for_administrators_only(hass: HomeAssistant, hub: OllamaServer, server: ApiServer) -> None:
    await watch(hass, hub.url, kubernetes(server))
    with pytest.raises(Unauthorized):
        await act(hass, "reconcile", name="apps", context=await person(hass, "Max", admin=False))
    await act(hass, "reconcile", name="apps", context=await person(hass, "Eve", admin=True))
    assert len(written(server)) == 2


def rights(file: str) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """The rights that a manifest gives: group, resource and verbs."""
    (role,) = (one for one in (DOCS / file).read_text().split("---\n") if "\nkind: ClusterRole\n" in one)
    parsed: Any = parse_yaml(role)
    for one in parsed["rules"]:
        yield from (
            (group, plural, tuple(one["verbs"])) for group in one["apiGroups"] for plural in one["resources"]
        )


def test_manifest_gives_what_is_needed_and_no_more() -> None:
    assert set(rights("kubernetes-reconcile.yaml")) == {
        (one.group, one.plural, ("patch",)) for one in _ASKED.values()
    }
    simulated = {name for one in RECONCILE for name in one.resources}
    assert simulated == {one.name for one in _ASKED.values()}
    dry = list(rights("kubernetes-dry-run.yaml"))
    assert {verbs for _, _, verbs in dry} == {("create", "patch")}
    assert not any("secrets" in plural or "rbac" in group for group, plural, _ in dry)
    assert all(
        verbs == ("list", "watch") or set(verbs) <= {"get", "list", "watch"}
        for _, _, verbs in rights("kubernetes.yaml")
    )
