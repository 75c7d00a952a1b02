"""What can be made to go wrong with the API server."""

import asyncio
from datetime import UTC, datetime
import json

import aiohttp
import pytest

from demo.servers.kubernetes.objects import result

from .kubectl import PODS, RESULTS, Kubectl, cluster, refusal
from .talk import until

pytestmark = pytest.mark.usefixtures("socket_enabled")


async def test_too_many_requests_is_no_status() -> None:
    async with cluster() as (server, kubectl):
        server.inject(status=429, retry_after=7, times=2)
        for _ in range(2):
            async with kubectl.session.get(server.url + RESULTS, headers=kubectl.headers) as response:
                assert response.status == 429
                assert response.headers["Retry-After"] == "7"
                assert response.content_type == "text/plain"
        assert (await kubectl.get(RESULTS))[0] == 200


@pytest.mark.parametrize(
    ("code", "reason"),
    [(500, "InternalError"), (503, "ServiceUnavailable"), (504, "Timeout"), (410, "Expired")],
)
async def test_status(code: int, reason: str) -> None:
    async with cluster() as (server, kubectl):
        fault = server.inject(status=code, path=RESULTS)
        assert (await kubectl.get(PODS))[0] == 200
        status, answer = await kubectl.get(RESULTS)
        assert (status, refusal(answer)[:2]) == (code, (code, reason))
        assert (fault.applied, fault.spent) == (1, True)


async def test_proxy_status() -> None:
    async with cluster() as (server, kubectl):
        server.inject(status=502, times=None)
        for _ in range(3):
            status, answer = await kubectl.get(RESULTS)
            assert (status, answer[:6]) == (502, "<html>")
        server.faults.clear()
        assert (await kubectl.get(RESULTS))[0] == 200


async def test_html() -> None:
    async with cluster() as (server, kubectl):
        server.inject("html_answer")
        status, answer = await kubectl.get(RESULTS)
        assert (status, "Sign in" in answer) == (200, True)


async def test_redirect() -> None:
    async with cluster() as (server, kubectl):
        server.inject("redirect_to_login")
        assert (await kubectl.get(RESULTS))[0] == 302


async def test_stall() -> None:
    async with cluster() as (server, kubectl):
        server.inject("stall", seconds=0.05)
        assert (await kubectl.get(RESULTS))[0] == 200
        server.inject("stall")
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await kubectl.get(RESULTS)
        await until(lambda: server.requests[-1].outcome == "cut")


async def test_faults_of_watches_leave_lists_alone() -> None:
    async with cluster() as (server, kubectl):
        server.inject(status=500, watch=True)
        server.inject(status=503, watch=False)
        assert (await kubectl.get(RESULTS, watch="1"))[0] == 500
        assert (await kubectl.get(RESULTS))[0] == 503


async def test_half_a_list() -> None:
    async with cluster() as (server, kubectl):
        server.apply(result("Pod", "default/a", ["broken"]))
        server.inject("half_object")
        with pytest.raises(aiohttp.ClientPayloadError):
            await kubectl.get(RESULTS)
        server.inject("half_object", clean=True)
        with pytest.raises(json.JSONDecodeError):
            await kubectl.get(RESULTS)


async def _until_it_breaks(kubectl: Kubectl) -> tuple[bytes, bool]:
    """What a watch gives, and whether the connection was cut in the end."""
    body = b""
    async with kubectl.session.get(
        kubectl.url + RESULTS, headers=kubectl.headers, params={"watch": "1"}
    ) as response:
        try:
            async for chunk in response.content.iter_any():
                body += chunk
        except aiohttp.ClientPayloadError:
            return body, True
    return body, False


@pytest.mark.parametrize("clean", [False, True])
async def test_half_a_line(*, clean: bool) -> None:
    async with cluster() as (server, kubectl):
        server.apply(result("Pod", "default/a", ["broken"]))
        server.inject("half_object", watch=True, clean=clean)
        body, cut = await _until_it_breaks(kubectl)
        assert cut is not clean
        assert body.startswith(b'{"type":"ADDED"')
        assert not body.endswith(b"\n")
        await until(lambda: not server.watchers)


async def test_garbage() -> None:
    async with cluster() as (server, kubectl):
        server.inject("garbage_line")
        async with kubectl.watch(RESULTS, resourceVersion="") as lines:
            server.apply(result("Pod", "default/a", ["broken"]))
            with pytest.raises(json.JSONDecodeError):
                await lines.next()
            assert await lines.names(1) == [("ADDED", "defaulta")]


async def test_huge_object_in_a_list() -> None:
    async with cluster() as (server, kubectl):
        server.inject("huge_object", size=3_000_000)
        (item,) = (await kubectl.list(RESULTS))["items"]
        assert len(json.dumps(item, separators=(",", ":"))) == 3_000_000


async def test_huge_object_in_a_watch() -> None:
    async with cluster() as (server, kubectl):
        server.apply(result("Pod", "default/a", ["broken"]))
        server.inject("huge_object", size=3_000_000, watch=True)
        async with kubectl.watch(RESULTS, resourceVersion="") as lines:
            first = b""
            async for chunk in lines.response.content.iter_any():
                first += chunk
                if b"\n" in first:
                    break
            event = json.loads(first.partition(b"\n")[0])
            assert event["object"]["metadata"]["name"] == "huge"
            assert len(first) > 3_000_000


async def test_clock_of_the_cluster_is_ahead() -> None:
    async with cluster() as (server, _):
        server.clock_skew = 3600
        made = server.apply(result("Pod", "default/a", ["broken"]))["metadata"]["creationTimestamp"]
        ahead = datetime.fromisoformat(made) - datetime.now(UTC)
        assert 3500 < ahead.total_seconds() <= 3600
