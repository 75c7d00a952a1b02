"""What a cluster says to objects before they are proposed: its schema, and a dry run where one is allowed."""

from collections.abc import AsyncGenerator
from typing import Any

import aiohttp
import pytest

from custom_components.homelab_ai.api.errors import ApiResponseError
from custom_components.homelab_ai.api.http import Connection
from custom_components.homelab_ai.api.kubernetes.client import KubernetesClient
from custom_components.homelab_ai.api.kubernetes.openapi import Schemas
from custom_components.homelab_ai.proposals.schema import MOST_FAULTS, UNKNOWN, faults, plain
from custom_components.homelab_ai.proposals.yaml_text import documents
from demo.servers.forge.github import GitHub
from demo.servers.forge.repository import Repository
from demo.servers.kubernetes import DRY_RUN, READ_ONLY, TOKEN, ApiServer, homelab_cluster
from demo.servers.kubernetes.objects.kinds import recurring_job
from demo.servers.ollama import OllamaServer
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError

from ..acting import act
from ..clusters import kubernetes
from ..systems import watch
from .test_proposing import github, lab, repository

__all__ = ["github", "repository"]

DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: a, labels: {app: a}}
spec:
  replicas: 1
  selector: {matchLabels: {app: a}}
  template:
    metadata: {labels: {app: a}}
    spec:
      containers:
        - name: a
          image: ghcr.io/a/b:1
          env: [{name: A, value: "1"}]
          resources: {limits: {cpu: 1, memory: 1Gi}}
"""
SERVICE = """\
apiVersion: v1
kind: Service
metadata: {name: a}
spec:
  type: ClusterIP
  ports: [{port: 80, targetPort: http}, {port: 81, targetPort: 8081}]
"""
KUSTOMIZATION = """\
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: a, namespace: ai}
spec:
  interval: 1h
  path: ./x
  prune: true
  postBuild: {substitute: {A: b}}
  sourceRef: {kind: GitRepository, name: flux-system}
"""
RELEASE = """\
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: a}
spec:
  interval: 1h
  values: {anything: {goes: [1, 2]}}
"""


@pytest.fixture
async def server(socket_enabled: None) -> AsyncGenerator[ApiServer]:
    async with ApiServer() as server:
        homelab_cluster(server)
        yield server


@pytest.fixture
async def schemas(server: ApiServer) -> AsyncGenerator[Schemas]:
    async with aiohttp.ClientSession() as session:
        yield Schemas(KubernetesClient(session, Connection(server.url), TOKEN))


async def found(schemas: Schemas, text: str) -> list[str]:
    (root,) = documents(text)
    value = plain(root)
    schema = await schemas.of(value["apiVersion"], value["kind"])
    assert schema is not None
    return faults(value, schema.root, schema.others)


@pytest.mark.parametrize("text", [DEPLOYMENT, SERVICE, KUSTOMIZATION, RELEASE])
async def test_what_is_as_it_should_be(schemas: Schemas, text: str) -> None:
    assert await found(schemas, text) == []


@pytest.mark.parametrize(
    ("text", "old", "new", "fault"),
    [
        (DEPLOYMENT, "replicas: 1", "replicas: one", "spec.replicas: integer is wanted"),
        (DEPLOYMENT, "replicas: 1", "replicas: 1.5", "spec.replicas: integer is wanted"),
        (DEPLOYMENT, "replicas: 1", "replicas: true", "spec.replicas: integer is wanted"),
        (DEPLOYMENT, "replicas: 1", "replica: 1", "spec.replica: is not known"),
        (DEPLOYMENT, "  selector: {matchLabels: {app: a}}\n", "", "spec.selector: is missing"),
        (DEPLOYMENT, 'value: "1"', "value: 1", "spec.template.spec.containers[0].env[0].value: string is"),
        (DEPLOYMENT, "labels: {app: a}}\nspec", "labels: [a]}\nspec", "metadata.labels: object is wanted"),
        (DEPLOYMENT, "- name: a\n", "- labels: {}\n", "spec.template.spec.containers[0].name: is missing"),
        (DEPLOYMENT, "image: ghcr", "imagePullPolicy: Often\n          image: ghcr", "none of Always"),
        (DEPLOYMENT, "cpu: 1", "cpu: [1]", "spec.template.spec.containers[0].resources.limits.cpu: another"),
        (SERVICE, "ClusterIP", "Public", "spec.type: none of ClusterIP"),
        (SERVICE, "targetPort: http", "targetPort: true", "spec.ports[0].targetPort"),
        (SERVICE, "ports: [{port: 80, targetPort: http}, {port: 81", "ports: {a: [{port: 81", "ports: array"),
        (KUSTOMIZATION, "prune: true", 'prune: "true"', "spec.prune: boolean is wanted"),
        (KUSTOMIZATION, "kind: GitRepository", "kind: Git", "spec.sourceRef.kind: none of OCIRepository"),
        (KUSTOMIZATION, "  interval: 1h\n", "", "spec.interval: is missing"),
        (RELEASE, "  values:", "  valuez:", "spec.valuez: is not known"),
    ],
)
async def test_what_is_not(schemas: Schemas, text: str, old: str, new: str, fault: str) -> None:
    assert old in text
    changed = text.replace(old, new, 1)
    changed = changed.replace("8081}]", "8081}]}") if "{a: " in new else changed
    assert any(fault in one for one in await found(schemas, changed))


@pytest.mark.parametrize(
    "new", ["replicas: ${REPLICAS}", "replicas: null", "replicas: 0x2", "replicas: 2.0", "replicas: 0o7"]
)
async def test_what_is_only_known_later_is_no_fault(schemas: Schemas, new: str) -> None:
    faulty = [] if new != "replicas: 0o7" else ["spec.replicas: integer is wanted"]
    assert await found(schemas, DEPLOYMENT.replace("replicas: 1", new)) == faulty


def test_aliases_and_merges_are_not_judged() -> None:
    (root,) = documents("a: &x {b: 1}\nc: *x\nd: {<<: *x, e: 1}\nf: !secret g\nh: 1_000\ni: .inf\nj: yes\n")
    assert plain(root) == {
        "a": {"b": 1},
        "c": UNKNOWN,
        "d": UNKNOWN,
        "f": UNKNOWN,
        "h": 1000,
        "i": 0,
        "j": True,
    }


@pytest.mark.parametrize(
    ("schema", "value", "fits"),
    [
        ({"x-kubernetes-int-or-string": True, "anyOf": [{"type": "integer"}, {"type": "string"}]}, "1", True),
        ({"x-kubernetes-int-or-string": True}, [1], False),
        ({"anyOf": [{"type": "integer"}, {"type": "string"}]}, {}, False),
        ({"anyOf": [{"required": ["a"]}], "type": "object"}, {}, True),
        (
            {"type": "object", "x-kubernetes-embedded-resource": True, "properties": {"spec": {}}},
            {"kind": "a"},
            True,
        ),
        ({"type": "object", "additionalProperties": {"type": "integer"}}, {"a": "b"}, False),
        ({"type": "object"}, {"a": "b"}, True),
        ({"type": "mystery"}, 1, True),
        ({"$ref": "#/components/schemas/loop"}, {"a": 1}, True),
        ({"$ref": "#/components/schemas/gone"}, 1, True),
        (
            {"type": ["object"], "properties": [], "required": 1, "enum": 2, "items": 3, "allOf": 4},
            {"a": 1},
            True,
        ),
    ],
)
def test_schemas_of_all_shapes(schema: dict[str, Any], value: Any, fits: bool) -> None:
    loop = {"$ref": "#/components/schemas/loop"}
    assert (faults(value, schema, {"loop": loop}) == []) is fits


def test_faults_are_bounded() -> None:
    value = {str(number): 1 for number in range(1000)}
    schema = {"type": "object", "properties": {"a": {}}}
    assert len(faults(value, schema, {})) == MOST_FAULTS


async def test_documents_are_read_once(schemas: Schemas, server: ApiServer) -> None:
    for _ in range(3):
        await schemas.of("apps/v1", "Deployment")
    read = [one for one in server.requests if one.path == "/openapi/v3/apis/apps/v1"]
    assert len(read) == 1
    assert await schemas.of("apps/v1", "Deploiment") is None
    assert await schemas.of("nobody.example/v1", "Thing") is None
    for name in ("../../api/v1", "v1/../secrets", "apps/v1?x", ""):
        with pytest.raises(ApiResponseError, match="no version"):
            await schemas.of(name, "Deployment")


async def test_index_that_leads_elsewhere(schemas: Schemas, monkeypatch: pytest.MonkeyPatch) -> None:
    from demo.servers.kubernetes import openapi

    for url in ("https://evil.example/x", "/api/v1/secrets", "/openapi/v3/../../api/v1/secrets", "//evil/x"):
        index = {"/openapi/v3": {"paths": {"apis/apps/v1": {"serverRelativeURL": url}}}}
        monkeypatch.setattr(openapi, "documents", lambda _, told=index: told)
        with pytest.raises(ApiResponseError, match="elsewhere"):
            await schemas.of("apps/v1", "Deployment")


# In a proposal

GOOD = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: notes\ndata:\n  a: b"
MANIFEST = {"change": "manifest", "app": "grafana", "file": "notes.yaml"}


def check_of(answer: dict[str, Any], kind: str) -> dict[str, Any] | None:
    return next((one for one in answer["checks"] if one["check"] == kind), None)


async def test_manifest_is_checked_against_the_cluster(
    hass: HomeAssistant, hub: OllamaServer, github: GitHub, repository: Repository, server: ApiServer
) -> None:
    await watch(hass, hub.url, kubernetes(server), lab(github))
    answer = await act(hass, "propose_change", **MANIFEST, content=GOOD, preview=True)
    assert check_of(answer, "schema") == {"check": "schema", "result": "ok", "details": []}
    assert check_of(answer, "dry_run") is None
    assert "✓ Schema of the cluster" in answer["body"]
    wrong = GOOD.replace("a: b", "a: 1")
    with pytest.raises(ServiceValidationError, match=r"ConfigMap/notes: data\.a: string is wanted"):
        await act(hass, "propose_change", **MANIFEST, content=wrong)
    unknown = GOOD.replace("v1\n", "example.org/v1\n", 1).replace("ConfigMap", "Notebook")
    answer = await act(hass, "propose_change", **MANIFEST, content=unknown, preview=True)
    assert check_of(answer, "schema") == {
        "check": "schema",
        "result": "warn",
        "details": ["example.org/v1 Notebook"],
    }
    server.inject(status=500, path="/openapi/v3", times=None)
    answer = await act(hass, "propose_change", **MANIFEST, content=GOOD, preview=True)
    told = check_of(answer, "schema")
    assert told is not None
    assert (told["result"], answer["may_open"]) == ("not_done", True)
    assert repository.log == []
    assert {one.method for one in server.requests} == {"GET"}


async def test_what_was_wrong_before_is_no_obstacle(
    hass: HomeAssistant, hub: OllamaServer, github: GitHub, repository: Repository, server: ApiServer
) -> None:
    path = "kubernetes/apps/observability/grafana/ks.yaml"
    text = repository.blobs[(repository.files("main") or {})[path][1]].decode()
    repository.change({path: text.replace("  wait: false", "  waiting: false")})
    await watch(hass, hub.url, kubernetes(server), lab(github))
    answer = await act(hass, "propose_change", change="suspend", app="grafana", preview=True)
    assert check_of(answer, "schema") == {"check": "schema", "result": "ok", "details": []}
    wish = {"change": "set", "app": "grafana", "field": "spec.wait"}
    repository.change({path: text})
    answer = await act(hass, "propose_change", **wish, value="true", preview=True)
    assert check_of(answer, "schema") == {"check": "schema", "result": "ok", "details": []}


async def test_dry_run_is_only_done_where_it_is_allowed(
    hass: HomeAssistant, hub: OllamaServer, github: GitHub, repository: Repository, server: ApiServer
) -> None:
    await watch(hass, hub.url, kubernetes(server, dry_run=True), lab(github))
    answer = await act(hass, "propose_change", **MANIFEST, content=GOOD, preview=True)
    told = check_of(answer, "dry_run")
    assert told is not None
    assert (told["result"], answer["may_open"]) == ("not_done", True)
    assert "cannot patch resource" in told["details"][0]
    server.access.rules = [*READ_ONLY, *DRY_RUN]
    answer = await act(hass, "propose_change", **MANIFEST, content=GOOD, preview=True)
    assert check_of(answer, "dry_run") == {"check": "dry_run", "result": "ok", "details": []}
    (*_, asked) = [one for one in server.requests if one.method == "PATCH"]
    assert (asked.path, asked.query["dryRun"]) == (
        "/api/v1/namespaces/observability/configmaps/notes",
        "All",
    )
    with pytest.raises(KeyError):
        server.get("configmaps", "observability", "notes")


async def test_what_the_cluster_would_not_take_is_not_proposed(
    hass: HomeAssistant, hub: OllamaServer, github: GitHub, repository: Repository, server: ApiServer
) -> None:
    server.access.rules = [*READ_ONLY, *DRY_RUN]
    await watch(hass, hub.url, kubernetes(server, dry_run=True), lab(github))
    server.inject(status=422, path="/api/v1/namespaces/observability/configmaps/notes")
    with pytest.raises(ServiceValidationError, match="ConfigMap/notes: 422"):
        await act(hass, "propose_change", **MANIFEST, content=GOOD)
    assert repository.log == []
    server.apply(recurring_job("x"))
    values = {"change": "add", "app": "grafana", "template": "recurring_job", "values": {"name": "nightly"}}
    server.inject(
        status=503, path="/apis/longhorn.io/v1beta2/namespaces/longhorn-system/recurringjobs/nightly"
    )
    answer = await act(hass, "propose_change", **values, preview=True)
    told = check_of(answer, "dry_run")
    assert told is not None
    assert (told["result"], answer["may_open"]) == ("not_done", True)
    answer = await act(hass, "propose_change", **values)
    assert check_of(answer, "dry_run") == {"check": "dry_run", "result": "ok", "details": []}
    assert "✓ Dry run in the cluster" in repository.pulls[1].body
