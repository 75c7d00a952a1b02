"""Lists: whole, in pages, selected, and what is wrong with some."""

import asyncio
import time
from typing import Any

import pytest

from demo.servers.kubernetes.objects import event, many_results, node, pod, result
from demo.servers.kubernetes.versions import encoded

from .kubectl import PODS, RESULTS, Kubectl, cluster, names, refusal

pytestmark = pytest.mark.usefixtures("socket_enabled")


def some(*names: str) -> list[dict[str, Any]]:
    return [result("Pod", f"default/{name}", ["broken"]) for name in names]


async def pages(kubectl: Kubectl, limit: int, **query: str) -> list[dict[str, Any]]:
    found = [await kubectl.list(RESULTS, limit=str(limit), **query)]
    while token := found[-1]["metadata"]["continue"]:
        found.append(await kubectl.list(RESULTS, limit=str(limit), **query, **{"continue": token}))
    return found


async def test_list_of_custom_objects() -> None:
    async with cluster() as (server, kubectl):
        server.load(some("b", "a"))
        listed = await kubectl.list(RESULTS)
        assert listed["kind"] == "ResultList"
        assert listed["apiVersion"] == "core.k8sgpt.ai/v1alpha1"
        assert names(listed) == ["defaulta", "defaultb"]
        assert listed["items"][0]["kind"] == "Result"
        assert listed["items"][0] == server.get("results", "k8sgpt-operator-system", "defaulta")


async def test_items_of_built_in_lists_do_not_say_what_they_are() -> None:
    async with cluster() as (server, kubectl):
        server.apply(pod("app", namespace="home"))
        listed = await kubectl.list(PODS)
        assert (listed["kind"], listed["apiVersion"]) == ("PodList", "v1")
        assert "kind" not in listed["items"][0]
        assert "apiVersion" not in listed["items"][0]
        _, single = await kubectl.get("/api/v1/namespaces/home/pods/app")
        assert single["kind"] == "Pod"


async def test_single_object() -> None:
    async with cluster() as (server, kubectl):
        server.apply(node("pve"))
        assert (await kubectl.get("/api/v1/nodes/pve"))[1]["metadata"]["name"] == "pve"
        _, answer = await kubectl.get("/api/v1/nodes/gone")
        assert refusal(answer) == (404, "NotFound", 'nodes "gone" not found')
        _, answer = await kubectl.get(f"{RESULTS}/gone")
        assert answer["message"] == 'results.core.k8sgpt.ai "gone" not found'
        assert (await kubectl.get("/api/v1/namespaces/home/nodes"))[0] == 404


async def test_namespaces() -> None:
    async with cluster() as (server, kubectl):
        server.load([pod("a", namespace="home"), pod("b", namespace="media")])
        assert names(await kubectl.list("/api/v1/namespaces/media/pods")) == ["b"]
        assert names(await kubectl.list("/api/v1/namespaces/none/pods")) == []
        assert names(await kubectl.list(PODS)) == ["a", "b"]


async def test_pages_are_one_moment() -> None:
    async with cluster() as (server, kubectl):
        server.load(some("a", "b", "c", "d", "e"))
        first = await kubectl.list(RESULTS, limit="2")
        assert first["metadata"]["remainingItemCount"] == 3
        server.delete("results", "k8sgpt-operator-system", "defaultd")
        server.load(some("c2"))
        second = await kubectl.list(RESULTS, limit="2", **{"continue": first["metadata"]["continue"]})
        third = await kubectl.list(RESULTS, **{"continue": second["metadata"]["continue"]})
        assert names(first) + names(second) + names(third) == [f"default{name}" for name in "abcde"]
        versions = {page["metadata"]["resourceVersion"] for page in (first, second, third)}
        assert len(versions) == 1
        assert third["metadata"]["continue"] == ""
        assert "remainingItemCount" not in third["metadata"]


async def test_expired_page() -> None:
    async with cluster() as (server, kubectl):
        server.load(some("a", "b", "c"))
        first = await kubectl.list(RESULTS, limit="1")
        server.expire_history()
        status, answer = await kubectl.get(RESULTS, limit="1", **{"continue": first["metadata"]["continue"]})
        assert status == 410
        assert answer["reason"] == "Expired"
        assert answer["message"].startswith("The provided continue parameter is too old")
        # The rest of it can be had, as it is by now.
        server.load(some("b2"))
        rest = await kubectl.list(RESULTS, **{"continue": answer["metadata"]["continue"]})
        assert names(rest) == ["defaultb", "defaultc"]


async def test_pages_expire_by_themselves() -> None:
    async with cluster(page_seconds=0.02) as (server, kubectl):
        server.load(some("a", "b"))
        first = await kubectl.list(RESULTS, limit="1")
        await asyncio.sleep(0.03)
        assert (await kubectl.get(RESULTS, **{"continue": first["metadata"]["continue"]}))[0] == 410


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"continue": "nonsense"}, 400),
        ({"limit": "many"}, 400),
        ({"limit": "-1"}, 400),
        ({"fieldSelector": "spec.kind=Pod"}, 400),
        ({"fieldSelector": "metadata.name"}, 400),
        ({"labelSelector": "app in (a, b)"}, 400),
        ({"resourceVersion": "12345"}, 422),
        ({"resourceVersion": "vzzzzzzzzzz"}, 422),
        ({"sendInitialEvents": "true"}, 422),
    ],
)
async def test_senseless_parameters(query: dict[str, str], code: int) -> None:
    async with cluster() as (_, kubectl):
        status, answer = await kubectl.get(RESULTS, **query)
        assert (status, answer["code"]) == (code, code)


async def test_a_page_is_asked_for_without_a_version() -> None:
    async with cluster() as (server, kubectl):
        server.load(some("a", "b"))
        first = (await kubectl.list(RESULTS, limit="1"))["metadata"]
        query = {"continue": first["continue"], "resourceVersion": first["resourceVersion"]}
        assert (await kubectl.get(RESULTS, **query))[0] == 400


async def test_the_cache_knows_no_pages() -> None:
    async with cluster() as (server, kubectl):
        server.load(some("a", "b", "c"))
        assert len(names(await kubectl.list(RESULTS, limit="1", resourceVersion="0"))) == 3


async def test_a_version_of_the_future() -> None:
    async with cluster() as (_, kubectl):
        status, answer = await kubectl.get(RESULTS, resourceVersion=encoded(2**30))
        assert (status, answer["reason"]) == (504, "Timeout")
        assert answer["message"].startswith("Too large resource version: ")


async def test_versions_tell_nothing() -> None:
    async with cluster() as (server, kubectl):
        versions = []
        for name in "abcdef":
            server.load(some(name))
            versions.append(await kubectl.version_of(RESULTS))
        assert len(set(versions)) == 6
        assert not any(version.isdigit() for version in versions)
        assert sorted(versions) not in (versions, versions[::-1])


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"labelSelector": "app.kubernetes.io/name=web"}, ["a"]),
        ({"labelSelector": "app.kubernetes.io/name==web"}, ["a"]),
        ({"labelSelector": "app.kubernetes.io/name!=web"}, ["b", "c"]),
        ({"labelSelector": "app.kubernetes.io/name"}, ["a", "b", "c"]),
        ({"labelSelector": "!app.kubernetes.io/name"}, []),
        ({"fieldSelector": "status.phase=Pending"}, ["b"]),
        ({"fieldSelector": "status.phase!=Running,metadata.namespace=home"}, ["b"]),
        ({"fieldSelector": "metadata.name=c"}, ["c"]),
        ({"fieldSelector": "status.phase!=Running", "labelSelector": "app.kubernetes.io/name=job"}, ["c"]),
    ],
)
async def test_selectors(query: dict[str, str], found: list[str]) -> None:
    async with cluster() as (server, kubectl):
        server.load(
            [
                pod("a", namespace="home", app="web"),
                pod("b", namespace="home", app="db", state="image_pull"),
                pod("c", namespace="media", app="job", state="succeeded"),
            ]
        )
        assert names(await kubectl.list(PODS, **query)) == found


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("involvedObject.kind=Pod,involvedObject.name=app", ["BackOff", "Pulled"]),
        ("involvedObject.kind=Pod,involvedObject.name=app,type=Warning", ["BackOff"]),
        ("involvedObject.kind=ReplicaSet,involvedObject.name=app", ["FailedCreate"]),
        ("involvedObject.namespace=home,reason=Pulled,reportingComponent=kubelet", ["Pulled"]),
        ("involvedObject.name=other", []),
    ],
)
async def test_events_of_an_object(query: str, found: list[str]) -> None:
    async with cluster() as (server, kubectl):
        for kind, reason, event_type in (
            ("Pod", "BackOff", "Warning"),
            ("Pod", "Pulled", "Normal"),
            ("ReplicaSet", "FailedCreate", "Warning"),
        ):
            server.apply(event(kind, "app", reason, "so", namespace="home", event_type=event_type))
        listed = await kubectl.list("/api/v1/namespaces/home/events", fieldSelector=query)
        assert sorted(one["reason"] for one in listed["items"]) == found
        assert (await kubectl.list("/api/v1/namespaces/media/events", fieldSelector=query))["items"] == []


async def test_events_are_not_selected_by_anything_else() -> None:
    async with cluster() as (_, kubectl):
        status, answer = await kubectl.get("/api/v1/events", fieldSelector="lastTimestamp=today")
        assert (status, answer["message"]) == (400, "field label not supported: lastTimestamp")


async def test_ten_thousand_results() -> None:
    async with cluster() as (server, kubectl):
        objects = list(many_results(10_000, size=200))
        begun = time.monotonic()
        server.load(objects)
        assert time.monotonic() - begun < 10
        found = await pages(kubectl, 500)
        assert len(found) == 20
        assert len({name for page in found for name in names(page)}) == 10_000


@pytest.mark.parametrize(("accepted", "used"), [("gzip, deflate", "gzip"), ("identity", None)])
async def test_long_lists_are_compressed_where_the_client_takes_that(accepted: str, used: str | None) -> None:
    async with cluster() as (server, kubectl):
        server.load(many_results(200))
        headers = kubectl.headers | {"Accept-Encoding": accepted}
        async with kubectl.session.get(server.url + RESULTS, headers=headers) as response:
            assert response.headers.get("Content-Encoding") == used
            assert len((await response.json())["items"]) == 200
