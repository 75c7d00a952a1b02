"""Who may ask the API server, and what it tells about itself."""

import asyncio
from typing import Any

from aiohttp import ClientSession
import pytest

from demo.servers.certificates import make_certificates
from demo.servers.kubernetes import ApiServer, rule
from demo.servers.kubernetes.objects import result

from .kubectl import PODS, RESULTS, Kubectl, cluster, refusal

pytestmark = pytest.mark.usefixtures("socket_enabled")

USER = "system:serviceaccount:home-assistant-monitor:home-assistant"
REVIEWS = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"


@pytest.mark.parametrize("path", ["/version", "/readyz", "/apis", PODS, RESULTS, "/nowhere"])
@pytest.mark.parametrize("token", [None, "wrong", ""])
async def test_no_answer_without_the_token(path: str, token: str | None) -> None:
    async with cluster() as (server, kubectl):
        kubectl.token = token
        status, answer = await kubectl.get(path)
        assert status == 401
        assert refusal(answer) == (401, "Unauthorized", "Unauthorized")
        assert server.requests[0].outcome == "failed"


async def test_revoked_and_renewed_token() -> None:
    async with cluster() as (server, kubectl):
        assert (await kubectl.get("/version"))[0] == 200
        server.revoke_token()
        assert (await kubectl.get("/version"))[0] == 401
        server.token = kubectl.token = "another"
        assert (await kubectl.get("/version"))[0] == 200


async def test_version_and_health() -> None:
    async with cluster(version="v1.31.2+k3s1") as (_, kubectl):
        _, answer = await kubectl.get("/version")
        assert (answer["major"], answer["minor"], answer["gitVersion"]) == ("1", "31", "v1.31.2+k3s1")
        for path in ("/readyz", "/livez", "/healthz"):
            assert await kubectl.get(path) == (200, "ok")


async def test_groups_are_those_of_the_installed_systems() -> None:
    async with cluster(systems=[]) as (server, kubectl):
        assert await kubectl.get("/apis/core.k8sgpt.ai/v1alpha1") == (404, "404 page not found\n")
        assert await kubectl.get(RESULTS) == (404, "404 page not found\n")
        server.install("k8sgpt")
        server.install("longhorn")
        _, groups = await kubectl.get("/apis")
        served = {group["name"]: group["preferredVersion"]["version"] for group in groups["groups"]}
        assert served == {
            "authorization.k8s.io": "v1",
            "apps": "v1",
            "batch": "v1",
            "core.k8sgpt.ai": "v1alpha1",
            "longhorn.io": "v1beta2",
            "networking.k8s.io": "v1",
        }
        _, resources = await kubectl.get("/apis/core.k8sgpt.ai/v1alpha1")
        assert resources["kind"] == "APIResourceList"
        assert resources["groupVersion"] == "core.k8sgpt.ai/v1alpha1"
        assert [each["name"] for each in resources["resources"]][:4] == [
            "k8sgpts",
            "k8sgpts/status",
            "results",
            "results/status",
        ]
        _, core = await kubectl.get("/api/v1")
        assert {"pods", "pods/status", "events"} <= {each["name"] for each in core["resources"]}
        assert "events/status" not in {each["name"] for each in core["resources"]}
        assert (await kubectl.get("/apis/longhorn.io"))[1]["kind"] == "APIGroup"
        assert (await kubectl.get("/api"))[1]["versions"] == ["v1"]


async def test_uninstalled_system_takes_its_objects_along() -> None:
    async with cluster() as (server, kubectl):
        server.apply(result("Pod", "default/a", ["broken"]))
        async with kubectl.watch(RESULTS) as lines:
            server.uninstall("k8sgpt")
            assert (await lines.next())["type"] == "DELETED"
            assert await lines.rest() == b""
        assert (await kubectl.get(RESULTS))[0] == 404
        server.install("k8sgpt")
        assert (await kubectl.list(RESULTS))["items"] == []


async def test_denied_list_says_what_is_missing() -> None:
    async with cluster() as (server, kubectl):
        server.deny("results.core.k8sgpt.ai")
        status, answer = await kubectl.get(RESULTS)
        assert status == 403
        assert refusal(answer) == (
            403,
            "Forbidden",
            f'results.core.k8sgpt.ai is forbidden: User "{USER}" cannot list resource "results"'
            ' in API group "core.k8sgpt.ai" at the cluster scope',
        )
        assert answer["details"] == {"group": "core.k8sgpt.ai", "kind": "results"}
        server.allow("results.core.k8sgpt.ai")
        assert (await kubectl.get(RESULTS))[0] == 200


@pytest.mark.parametrize(
    ("method", "path", "message"),
    [
        (
            "GET",
            f"{PODS}?watch=true",
            'pods is forbidden: User "{}" cannot watch resource "pods" in API group ""',
        ),
        ("GET", "/api/v1/namespaces/x/secrets/y", 'secrets "y" is forbidden: User "{}" cannot get'),
        ("POST", f"{RESULTS}", "cannot create"),
        ("PATCH", f"{RESULTS}/a", "cannot patch"),
        ("PUT", f"{RESULTS}/a", "cannot update"),
        ("DELETE", f"{RESULTS}/a", "cannot delete"),
        ("DELETE", RESULTS, "cannot deletecollection"),
        ("GET", "/debug/pprof", 'forbidden: User "{}" cannot get path "/debug/pprof"'),
        ("GET", "/api/v1/namespaces/x/pods/y/log", "forbidden"),
    ],
)
async def test_what_the_manifest_does_not_grant(method: str, path: str, message: str) -> None:
    async with cluster() as (server, kubectl):
        server.deny("pods", "watch", "get")
        status, answer = await kubectl.request(method, path)
        assert status == 403
        assert message.format(USER) in refusal(answer)[2]


async def test_rights_in_one_namespace_are_none_across_all() -> None:
    async with cluster(rbac=[rule("pods", namespaces=["home"])]) as (_, kubectl):
        assert (await kubectl.get("/api/v1/namespaces/home/pods"))[0] == 200
        assert (await kubectl.get("/api/v1/namespaces/other/pods"))[0] == 403
        assert (await kubectl.get(PODS))[0] == 403


async def test_rights_are_judged_before_existence() -> None:
    async with cluster(systems=[], rbac=[rule("pods")]) as (_, kubectl):
        assert (await kubectl.get(RESULTS))[0] == 403


async def test_writes_are_not_served_even_with_the_right() -> None:
    async with cluster(rbac=[rule("*", verbs=["create", "delete", "get", "list"])]) as (_, kubectl):
        status, answer = await kubectl.request("POST", PODS, json={})
        assert (status, answer["reason"]) == (405, "MethodNotAllowed")
        status, answer = await kubectl.get("/api/v1/gremlins")
        assert refusal(answer) == (404, "NotFound", "the server could not find the requested resource")


@pytest.mark.parametrize(
    ("attributes", "allowed"),
    [
        ({"group": "core.k8sgpt.ai", "resource": "results", "verb": "list"}, True),
        ({"resource": "pods", "verb": "watch"}, True),
        ({"group": "core.k8sgpt.ai", "resource": "results", "verb": "delete"}, False),
        ({"resource": "secrets", "verb": "list"}, False),
        ({"resource": "nodes", "verb": "list"}, False),
    ],
)
async def test_access_review(attributes: dict[str, str], *, allowed: bool) -> None:
    async with cluster() as (server, kubectl):
        server.deny("nodes")
        review = {
            "apiVersion": "authorization.k8s.io/v1",
            "kind": "SelfSubjectAccessReview",
            "spec": {"resourceAttributes": attributes},
        }
        status, answer = await kubectl.request("POST", REVIEWS, json=review)
        assert (status, answer["status"]["allowed"]) == (201, allowed)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{", 400),
        (b"[]", 400),
        (b'{"kind":"SelfSubjectAccessReview","spec":{}}', 422),
        (
            b'{"kind":"SelfSubjectAccessReview","spec":{"nonResourceAttributes":{"path":"/x","verb":"get"}}}',
            201,
        ),
    ],
)
async def test_access_review_of_nothing(body: bytes, code: int) -> None:
    async with cluster() as (_, kubectl):
        assert (await kubectl.request("POST", REVIEWS, data=body))[0] == code


async def test_media_types() -> None:
    async with cluster() as (_, kubectl):
        status, _ = await kubectl.request("GET", "/version", headers={"Accept": "text/html"})
        assert status == 406
        status, _ = await kubectl.request(
            "GET", "/version", headers={"Accept": "text/plain, application/json"}
        )
        assert status == 200


async def test_path_prefix() -> None:
    async with cluster(path_prefix="/k8s/clusters/c-1/") as (server, kubectl):
        assert server.url.endswith("/k8s/clusters/c-1")
        assert (await kubectl.get("/version"))[0] == 200
        kubectl.url = kubectl.url.removesuffix("/k8s/clusters/c-1")
        assert (await kubectl.get("/version"))[0] == 404


async def test_tls() -> None:
    loop = asyncio.get_running_loop()
    certificates = await loop.run_in_executor(None, make_certificates)
    context = await loop.run_in_executor(None, certificates.server_context)
    trusting = await loop.run_in_executor(None, certificates.client_context)
    async with ApiServer(ssl_context=context) as server, ClientSession() as session:
        kubectl = Kubectl(session, server.url, server.token)
        status, answer = await kubectl.request("GET", "/version", ssl=trusting)
        assert (status, answer["major"]) == (200, "1")


async def test_requests_are_remembered() -> None:
    async with cluster() as (server, kubectl):
        await kubectl.get("/version")
        await kubectl.get("/api/v1/namespaces/home/pods/app", pretty="1")
        await kubectl.list(RESULTS)
        version, pod, listed = server.requests
        assert (version.verb, version.resource, version.status) == ("", "", 200)
        assert (pod.verb, pod.resource, pod.namespace, pod.name) == ("get", "pods", "home", "app")
        assert dict(pod.query) == {"pretty": "1"}
        assert pod.status == 404
        assert server.requests_to("results.core.k8sgpt.ai", "list") == [listed]
        assert server.requests_to("pods", "list") == []


async def test_restart_keeps_port_and_objects() -> None:
    async with cluster() as (server, kubectl):
        server.apply(result("Pod", "default/a", ["broken"]))
        port = server.port
        await server.stop()
        assert not server.running
        await server.start()
        assert server.port == port
        listed: Any = await kubectl.list(RESULTS)
        assert len(listed["items"]) == 1
