"""Watches: what they tell, how they end, and what they leave out."""

import asyncio

import aiohttp
import pytest

from demo.servers.kubernetes.objects import pod, result

from .kubectl import PODS, RESULTS, cluster, names, refusal
from .talk import until

pytestmark = pytest.mark.usefixtures("socket_enabled")

NAMESPACE = "k8sgpt-operator-system"


async def test_life_of_an_object() -> None:
    async with cluster() as (server, kubectl):
        server.apply(result("Pod", "default/old", ["broken"]))
        async with kubectl.watch(RESULTS) as lines:
            made = server.apply(result("Pod", "default/a", ["broken"]))
            assert await lines.next() == {"type": "ADDED", "object": made}
            changed = server.apply(result("Pod", "default/a", ["broken", "more"]))
            assert await lines.next() == {"type": "MODIFIED", "object": changed}
            assert changed["metadata"]["uid"] == made["metadata"]["uid"]
            assert (made["metadata"]["generation"], changed["metadata"]["generation"]) == (1, 2)
            server.delete("results", NAMESPACE, "defaulta")
            deleted = await lines.next()
            assert deleted["type"] == "DELETED"
            assert deleted["object"]["spec"] == changed["spec"]
            assert deleted["object"]["metadata"]["resourceVersion"] != changed["metadata"]["resourceVersion"]


async def test_nothing_is_told_of_no_change() -> None:
    async with cluster() as (server, kubectl):
        first = server.apply(result("Pod", "default/a", ["broken"]))
        async with kubectl.watch(RESULTS) as lines:
            assert server.apply(result("Pod", "default/a", ["broken"])) == first
            server.apply(result("Pod", "default/b", ["broken"]))
            assert await lines.names(1) == [("ADDED", "defaultb")]


async def test_from_a_version_on() -> None:
    async with cluster() as (server, kubectl):
        version = await kubectl.version_of(RESULTS)
        server.apply(result("Pod", "default/a", ["broken"]))
        middle = server.apply(result("Pod", "default/b", ["broken"]))["metadata"]["resourceVersion"]
        server.delete("results", NAMESPACE, "defaulta")
        told = [("ADDED", "defaulta"), ("ADDED", "defaultb"), ("DELETED", "defaulta")]
        async with kubectl.watch(RESULTS, resourceVersion=version) as lines:
            assert await lines.names(3) == told
        async with kubectl.watch(RESULTS, resourceVersion=middle) as lines:
            assert await lines.names(1) == told[2:]


@pytest.mark.parametrize("version", ["", "0"])
async def test_without_a_version_everything_is_told_first(version: str) -> None:
    async with cluster() as (server, kubectl):
        server.apply(result("Pod", "default/a", ["broken"]))
        async with kubectl.watch(RESULTS, resourceVersion=version) as lines:
            server.apply(result("Pod", "default/b", ["broken"]))
            assert await lines.names(2) == [("ADDED", "defaulta"), ("ADDED", "defaultb")]


async def test_selector_decides_what_comes_and_goes() -> None:
    async with cluster() as (server, kubectl):
        server.apply(pod("a", namespace="home"))
        async with kubectl.watch(PODS, fieldSelector="status.phase!=Running") as lines:
            server.apply(pod("other", namespace="home"))
            server.apply(pod("a", namespace="home", state="failed"))
            server.apply(pod("a", namespace="home", state="failed", restarts=1))
            server.apply(pod("a", namespace="home", state="running"))
            server.delete("pods", "home", "a")
            server.apply(pod("b", namespace="home", state="evicted"))
            assert await lines.names(4) == [
                ("ADDED", "a"),
                ("MODIFIED", "a"),
                ("DELETED", "a"),
                ("ADDED", "b"),
            ]


async def test_one_namespace() -> None:
    async with cluster() as (server, kubectl), kubectl.watch("/api/v1/namespaces/media/pods") as lines:
        server.apply(pod("a", namespace="home"))
        server.apply(pod("b", namespace="media"))
        assert await lines.names(1) == [("ADDED", "b")]


async def test_objects_of_a_megabyte() -> None:
    async with cluster() as (server, kubectl):
        async with kubectl.watch(RESULTS) as lines:
            server.apply(result("Pod", "default/a", ["broken"], details="x" * 1_000_000))
            body = b""
            async for chunk in lines.response.content.iter_any():
                body += chunk
                if body.endswith(b"\n"):
                    break
            assert len(body) > 1_000_000
        with pytest.raises(ValueError, match="too large"):
            server.apply(result("Pod", "default/b", ["broken"], details="x" * 2_000_000))


async def test_time_is_up() -> None:
    async with cluster() as (server, kubectl):
        async with kubectl.watch(RESULTS, timeoutSeconds="1") as lines:
            assert server.watchers == {"results.core.k8sgpt.ai": 1}
            assert await lines.rest() == b""
        await until(lambda: not server.watchers)
        watch = server.requests_to("results.core.k8sgpt.ai", "watch")[0]
        assert (watch.status, watch.outcome, watch.lines) == (200, "finished", 0)


async def test_bookmarks() -> None:
    async with cluster(bookmark_seconds=0.05) as (server, kubectl):
        async with kubectl.watch(RESULTS, allowWatchBookmarks="true") as lines:
            server.apply(pod("elsewhere", namespace="home"))
            mark = await lines.next()
            assert mark["type"] == "BOOKMARK"
            assert set(mark["object"]) == {"kind", "apiVersion", "metadata"}
            assert mark["object"]["kind"] == "Result"
        server.expire_history()
        version = mark["object"]["metadata"]["resourceVersion"]
        async with kubectl.watch(RESULTS, resourceVersion=version) as lines:
            assert (await lines.next())["type"] == "ERROR"


async def test_no_bookmarks_unless_wanted() -> None:
    async with cluster(bookmark_seconds=0.01) as (server, kubectl), kubectl.watch(RESULTS) as lines:
        server.send_bookmarks()
        await asyncio.sleep(0.05)
        server.apply(result("Pod", "default/a", ["broken"]))
        assert await lines.names(1) == [("ADDED", "defaulta")]


async def test_bookmark_keeps_a_quiet_watch_fresh() -> None:
    async with cluster(history=2) as (server, kubectl):
        async with kubectl.watch(RESULTS, allowWatchBookmarks="1") as lines:
            for name in "abc":
                server.apply(result("Pod", f"default/{name}", ["broken"]))
            await lines.names(3)
            server.send_bookmarks()
            version = (await lines.next())["object"]["metadata"]["resourceVersion"]
        server.apply(result("Pod", "default/d", ["broken"]))
        async with kubectl.watch(RESULTS, resourceVersion=version) as lines:
            assert await lines.names(1) == [("ADDED", "defaultd")]


async def test_expired_inside_200() -> None:
    async with cluster() as (server, kubectl):
        version = await kubectl.version_of(RESULTS)
        server.expire_history()
        async with kubectl.watch(RESULTS, resourceVersion=version) as lines:
            error = await lines.next()
            assert error["type"] == "ERROR"
            code, reason, message = refusal(error["object"])
            assert (code, reason) == (410, "Expired")
            assert message.startswith("too old resource version: ")
            assert await lines.rest() == b""
        # A new list is a new beginning.
        async with kubectl.watch(RESULTS) as lines:
            server.apply(result("Pod", "default/a", ["broken"]))
            assert await lines.names(1) == [("ADDED", "defaulta")]


async def test_expired_as_status() -> None:
    async with cluster() as (server, kubectl):
        version = await kubectl.version_of(RESULTS)
        server.expire_history(as_status=True)
        status, answer = await kubectl.get(RESULTS, watch="1", resourceVersion=version)
        assert (status, answer["reason"]) == (410, "Expired")


async def test_history_is_short() -> None:
    async with cluster(history=2) as (server, kubectl):
        version = await kubectl.version_of(RESULTS)
        for name in "abc":
            server.apply(result("Pod", f"default/{name}", ["broken"]))
        async with kubectl.watch(RESULTS, resourceVersion=version) as lines:
            assert (await lines.next())["type"] == "ERROR"


async def test_error_in_the_middle() -> None:
    async with cluster() as (server, kubectl):
        async with kubectl.watch(RESULTS) as lines:
            server.apply(result("Pod", "default/a", ["broken"]))
            server.fail_watches()
            assert await lines.names(1) == [("ADDED", "defaulta")]
            error = await lines.next()
            assert (error["type"], error["object"]["code"]) == ("ERROR", 410)
            assert await lines.rest() == b""
        async with kubectl.watch(RESULTS) as lines:
            server.fail_watches(500, "InternalError", "etcdserver: no leader")
            assert (await lines.next())["object"]["reason"] == "InternalError"


async def test_beginning_with_the_list() -> None:
    async with cluster() as (server, kubectl):
        server.apply(result("Pod", "default/a", ["broken"]))
        query = {"sendInitialEvents": "true", "resourceVersionMatch": "NotOlderThan", "resourceVersion": ""}
        async with kubectl.watch(RESULTS, **query, allowWatchBookmarks="true") as lines:
            assert await lines.names(1) == [("ADDED", "defaulta")]
            end = await lines.next()
            assert end["type"] == "BOOKMARK"
            assert end["object"]["metadata"]["annotations"] == {"k8s.io/initial-events-end": "true"}
        assert (await kubectl.get(RESULTS, watch="1", **query))[0] == 422


async def test_older_servers_do_not_begin_with_the_list() -> None:
    async with cluster(version="v1.31.0+k3s1") as (_, kubectl):
        query = {"sendInitialEvents": "true", "resourceVersionMatch": "NotOlderThan"}
        status, answer = await kubectl.get(RESULTS, watch="1", allowWatchBookmarks="1", **query)
        assert (status, answer["reason"]) == (422, "Invalid")


async def test_dropped() -> None:
    async with cluster() as (server, kubectl):
        async with kubectl.watch(RESULTS) as lines, kubectl.watch(PODS) as others:
            assert server.watchers == {"results.core.k8sgpt.ai": 1, "pods": 1}
            server.drop_watches()
            for each in (lines, others):
                with pytest.raises(aiohttp.ClientPayloadError):
                    await each.rest()
        await until(lambda: not server.watchers)
        assert server.requests_to("pods", "watch")[0].outcome == "cut"


async def test_ended_early() -> None:
    async with cluster() as (server, kubectl), kubectl.watch(RESULTS) as lines:
        server.end_watches()
        assert await lines.rest() == b""


async def test_silence() -> None:
    async with (
        cluster(bookmark_seconds=0.01) as (server, kubectl),
        kubectl.watch(RESULTS, allowWatchBookmarks="true") as lines,
    ):
        server.silence_watches(60)
        server.apply(result("Pod", "default/a", ["broken"]))
        async with kubectl.watch(RESULTS) as late:
            server.apply(result("Pod", "default/b", ["broken"]))
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.1):
                    await late.next()
            assert server.watchers == {"results.core.k8sgpt.ai": 2}
            server.silence_watches(0)
            assert await late.names(1) == [("ADDED", "defaultb")]
        # Nothing is lost, though bookmarks may have been on their way before.
        added: list[str] = []
        while len(added) < 2:
            event = await lines.next()
            if event["type"] == "ADDED":
                added.append(event["object"]["metadata"]["name"])
        assert added == ["defaulta", "defaultb"]


async def test_silence_ends_with_the_server() -> None:
    async with cluster() as (server, kubectl):
        server.silence_watches(60)
        await server.stop()
        await server.start()
        async with kubectl.watch(RESULTS) as lines:
            server.apply(result("Pod", "default/a", ["broken"]))
            assert await lines.names(1) == [("ADDED", "defaulta")]


async def test_open_watches_outlive_their_token() -> None:
    async with cluster() as (server, kubectl):
        async with kubectl.watch(RESULTS) as lines:
            server.revoke_token()
            server.apply(result("Pod", "default/a", ["broken"]))
            assert await lines.names(1) == [("ADDED", "defaulta")]
        assert (await kubectl.get(RESULTS))[0] == 401


async def test_stopped_server_cuts_watches_and_history_goes_on() -> None:
    async with cluster() as (server, kubectl):
        version = await kubectl.version_of(RESULTS)
        async with kubectl.watch(RESULTS) as lines:
            await server.stop()
            with pytest.raises(aiohttp.ClientError):
                await lines.rest()
            assert not server.watchers
        server.apply(result("Pod", "default/a", ["broken"]))
        with pytest.raises(aiohttp.ClientConnectorError):
            await kubectl.get("/version")
        await server.start()
        async with kubectl.watch(RESULTS, resourceVersion=version) as lines:
            assert await lines.names(1) == [("ADDED", "defaulta")]


async def test_client_that_leaves() -> None:
    async with cluster() as (server, kubectl):
        async with kubectl.watch(RESULTS):
            assert server.watchers
        await until(lambda: not server.watchers)
        assert server.requests_to("results.core.k8sgpt.ai", "watch")[0].outcome == "cut"


async def test_many_changes_at_once() -> None:
    async with cluster() as (server, kubectl):
        async with kubectl.watch(RESULTS) as lines:
            server.load(result("Pod", f"default/p{number}", ["broken"]) for number in range(2000))
            seen = await lines.names(2000)
            assert len(set(seen)) == 2000
        assert len(names(await kubectl.list(RESULTS))) == 2000
