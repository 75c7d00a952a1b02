"""Watched resources: nothing is lost, whatever happens to the server."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
import math
import random
from typing import Any

from aiohttp import ClientSession
import pytest

from custom_components.homelab_ai.api.errors import (
    ApiAuthenticationError,
    ApiBusyError,
    ApiConnectionError,
    ApiForbiddenError,
    ApiForeignError,
    ApiNotFoundError,
    ApiResponseError,
)
from custom_components.homelab_ai.api.http import Connection
from custom_components.homelab_ai.api.kubernetes import client as kubernetes
from custom_components.homelab_ai.api.kubernetes.client import KubernetesClient
from custom_components.homelab_ai.api.kubernetes.objects import HELM_RELEASES, PODS
from custom_components.homelab_ai.api.kubernetes.results import FINDINGS, Finding
from custom_components.homelab_ai.api.kubernetes.watch import Backoff, Groups, Timing, Watched
from demo.servers.kubernetes import TOKEN, ApiServer
from demo.servers.kubernetes.objects import K8SGPT_NAMESPACE, many_results, result

RESULTS = "results.core.k8sgpt.ai"
FAST = Timing(stale=0.0, left_out=0.05, first_retry=0.02, last_retry=0.1, doubt=0.0)

type Watch = Watched[Finding, tuple[str, str]]


@pytest.fixture
async def server(socket_enabled: None) -> AsyncGenerator[ApiServer]:
    async with ApiServer(systems=("k8sgpt",)) as server:
        yield server


@dataclass
class Followed:
    """What is watched, how often a change was told, and the task that follows it."""

    watched: Watch
    told: list[int]
    task: asyncio.Task[None]

    @property
    def texts(self) -> list[tuple[str, str]]:
        return sorted(self.watched)

    async def until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(10):
            while not condition():
                assert not self.task.done()
                await asyncio.sleep(0.002)

    async def shows(self, *expected: tuple[str, str]) -> None:
        await self.until(lambda: self.texts == sorted(expected))


def make(session: ClientSession, server: ApiServer, timing: Timing = FAST) -> Watch:
    client = KubernetesClient(session, Connection(server.url), TOKEN)
    return Watched(client, Groups(), FINDINGS, lambda found: (found.name, found.text), timing)


@asynccontextmanager
async def running(watched: Watch) -> AsyncGenerator[Followed]:
    """Follow what is watched until the block ends."""
    told: list[int] = []
    task = asyncio.create_task(watched.follow(lambda: told.append(len(watched))))
    try:
        yield Followed(watched, told, task)
        # Whatever happened, it follows on and nothing but its own end stops it.
        assert not task.done()
    finally:
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


@asynccontextmanager
async def following(
    session: ClientSession, server: ApiServer, timing: Timing = FAST
) -> AsyncGenerator[Followed]:
    """Follow the server's Results, with a watch that stands."""
    async with running(make(session, server, timing)) as followed:
        await followed.until(lambda: followed.watched._watching)
        yield followed


async def still_follows(followed: Followed, server: ApiServer, name: str = "z/last") -> None:
    server.apply(result("Pod", name, ["later"]))
    await followed.until(lambda: (name, "later") in followed.texts)


def broken(server: ApiServer, name: str, *texts: str, **more: Any) -> tuple[str, str]:
    server.apply(result("Pod", name, texts, **more))
    return name, "\n".join(texts)


# As it should be


async def test_changes(session: ClientSession, server: ApiServer) -> None:
    a = broken(server, "x/a", "broken")
    async with following(session, server) as followed:
        await followed.shows(a)
        assert followed.watched.known
        b = broken(server, "x/b", "broken")
        await followed.shows(a, b)
        b = broken(server, "x/b", "broken", "more")
        await followed.shows(a, b)
        server.delete("results", K8SGPT_NAMESPACE, "xa")
        await followed.shows(b)
        assert followed.watched.revision == len(followed.told) == 4


async def test_what_nobody_sees_is_not_told(session: ClientSession, server: ApiServer) -> None:
    a = broken(server, "x/a", "broken")
    async with following(session, server) as followed:
        await followed.shows(a)
        told = len(followed.told)
        # The operator's second pass changes its own status, and nothing else.
        broken(server, "x/a", "broken", lifecycle="historical")
        server.send_bookmarks()
        await still_follows(followed, server)
        assert len(followed.told) == told + 1


async def test_same_name_is_not_the_same_object(session: ClientSession, server: ApiServer) -> None:
    async with following(session, server) as followed:
        broken(server, "a-b/c", "one")
        await followed.shows(("a-b/c", "one"))
        server.delete("results", K8SGPT_NAMESPACE, "abc")
        broken(server, "ab/c", "two")
        await followed.shows(("ab/c", "two"))


async def test_only_lists_where_a_poll_asks(session: ClientSession, server: ApiServer) -> None:
    a = broken(server, "x/a", "broken")
    watched = make(session, server)
    assert not watched.known
    await watched.refresh()
    assert list(watched) == [a]
    broken(server, "x/b", "broken")
    await watched.refresh()
    assert len(watched) == 2
    server.delete("results", K8SGPT_NAMESPACE, "xa")
    await watched.refresh()
    assert [name for name, _ in watched] == ["x/b"]
    assert watched.revision == 3
    await watched.refresh()
    assert watched.revision == 3


async def test_same_version_is_not_read_again(
    session: ClientSession, server: ApiServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.load(many_results(20, size=10))
    watched = make(session, server)
    await watched.refresh()
    before = list(watched)
    await watched.refresh()
    assert all(one is other for one, other in zip(before, watched, strict=True))


async def test_a_fresh_list_is_not_asked_for_again(session: ClientSession, server: ApiServer) -> None:
    watched = make(session, server, Timing())
    await asyncio.gather(*(watched.refresh() for _ in range(3)))
    assert len(server.requests) == 1


async def test_no_poll_lists_what_is_watched(session: ClientSession, server: ApiServer) -> None:
    async with following(session, server) as followed:
        lists = len(server.requests_to(RESULTS, "list"))
        await followed.watched.refresh()
        assert len(server.requests_to(RESULTS, "list")) == lists


async def test_follows_on_from_the_list_of_a_poll(session: ClientSession, server: ApiServer) -> None:
    watched = make(session, server)
    await watched.refresh()
    async with running(watched) as followed:
        await followed.until(lambda: server.watchers[RESULTS] == 1)
        assert len(server.requests_to(RESULTS, "list")) == 1


# Ends


async def test_end_of_a_watch_is_no_error(session: ClientSession, server: ApiServer) -> None:
    a = broken(server, "x/a", "broken")
    async with following(session, server) as followed:
        await followed.shows(a)
        for number in range(3):
            server.end_watches()
            await still_follows(followed, server, f"x/{number}")
        assert followed.watched.error is None
        assert len(server.requests_to(RESULTS, "list")) == 1


async def test_server_that_ends_every_watch_at_once(session: ClientSession, server: ApiServer) -> None:
    async with following(session, server, Timing(first_retry=0.05, last_retry=10)) as followed:
        async with asyncio.timeout(10):
            while len(server.requests_to(RESULTS, "watch")) < 4:
                server.end_watches()
                await asyncio.sleep(0.001)
        server.end_watches()
        await still_follows(followed, server)
        # It waits longer each time, not a moment as after an honest end.
        times = [one.started_at for one in server.requests_to(RESULTS, "watch")]
        assert times[3] - times[2] >= 0.05


@pytest.mark.parametrize("as_status", [False, True])
async def test_history_is_gone(as_status: bool, session: ClientSession, server: ApiServer) -> None:
    a, b = broken(server, "x/a", "broken"), broken(server, "x/b", "broken")
    async with following(session, server) as followed:
        await followed.shows(a, b)
        server.silence_watches(60)
        server.delete("results", K8SGPT_NAMESPACE, "xa")
        c = broken(server, "x/c", "broken")
        server.expire_history(as_status=as_status)
        server.drop_watches()
        server.silence_watches(0)
        await followed.shows(b, c)
        assert len(server.requests_to(RESULTS, "list")) == 2
        await still_follows(followed, server)


async def test_error_within_the_watch(session: ClientSession, server: ApiServer) -> None:
    async with following(session, server) as followed:
        server.fail_watches()
        await still_follows(followed, server)
        server.fail_watches(500, "InternalError", "etcdserver: leader changed")
        await followed.until(lambda: server.watchers[RESULTS] == 1)
        await still_follows(followed, server, "x/later")
        assert len(server.requests_to(RESULTS, "list")) == 2


async def test_bookmark_keeps_a_quiet_watch_fresh(session: ClientSession, socket_enabled: None) -> None:
    async with ApiServer(systems=("k8sgpt",), history=2) as server, following(session, server) as followed:
        for name in "abc":
            broken(server, f"x/{name}", "broken")
        await followed.until(lambda: len(followed.texts) == 3)
        server.send_bookmarks()
        await still_follows(followed, server)
        server.drop_watches()
        await still_follows(followed, server, "z/more")
        assert len(server.requests_to(RESULTS, "list")) == 1


async def test_lists_anew_now_and_then(session: ClientSession, server: ApiServer) -> None:
    timing = Timing(relist=0.05, first_retry=0.02, last_retry=0.1)
    async with following(session, server, timing) as followed:
        await asyncio.sleep(0.06)
        server.end_watches()
        await followed.until(lambda: len(server.requests_to(RESULTS, "list")) == 2)
        await still_follows(followed, server)


# Faults


async def test_connection_is_cut(session: ClientSession, server: ApiServer) -> None:
    a = broken(server, "x/a", "broken")
    async with following(session, server) as followed:
        for _ in range(3):
            server.drop_watches()
            await followed.until(lambda: isinstance(followed.watched.error, ApiConnectionError))
            assert followed.texts == [a]
            await followed.until(lambda: followed.watched.error is None)
        await still_follows(followed, server)
        assert len(server.requests_to(RESULTS, "list")) == 1


async def test_server_restarts(session: ClientSession, server: ApiServer) -> None:
    a = broken(server, "x/a", "broken")
    async with following(session, server) as followed:
        await followed.shows(a)
        told = len(followed.told)
        await server.stop()
        await followed.until(lambda: isinstance(followed.watched.error, ApiConnectionError))
        b = broken(server, "x/b", "broken")
        await asyncio.sleep(0.2)
        assert followed.texts == [a]
        await server.start()
        await followed.shows(a, b)
        assert followed.watched.error is None
        # Once that it is gone, once that it is back, once for what happened meanwhile; not for each attempt.
        assert len(followed.told) - told <= 3


async def test_outages_in_series(session: ClientSession, server: ApiServer) -> None:
    """A watch that stood for a while is a success: each outage is a first one."""
    timing = Timing(stale=0.0, first_retry=0.05, last_retry=60.0)
    async with following(session, server, timing) as followed:
        for number in range(3):
            await asyncio.sleep(0.1)
            assert followed.watched._watching
            await server.stop()
            await followed.until(lambda: followed.watched.error is not None)
            assert followed.watched._backoff.failures == 1
            await server.start()
            await still_follows(followed, server, f"z/{number}")


async def test_refusal_after_an_outage_is_in_doubt(session: ClientSession, server: ApiServer) -> None:
    """A server that has not read its roles yet refuses everybody; who asks again in seconds is let in."""
    a = broken(server, "x/a", "broken")
    timing = Timing(stale=0.0, left_out=600.0, first_retry=0.02, last_retry=0.1)
    async with following(session, server, timing) as followed:
        await server.restart(refused=0.3, unready=0.3)
        await followed.until(lambda: bool(followed.watched.forbidden))
        await followed.watched.refresh()
        assert (followed.watched.known, followed.watched.unread, followed.texts) == (True, "", [a])
        await followed.until(lambda: server.watchers[RESULTS] == 1)
        await followed.until(lambda: followed.watched.error is None)
        assert followed.watched.forbidden == ""
        await still_follows(followed, server)


async def test_silent_watch_without_storage(session: ClientSession, server: ApiServer) -> None:
    """It is open, but not even bookmarks come; what was known is old, and is told so."""
    a = broken(server, "x/a", "broken")
    timing = Timing(first_retry=0.02, last_retry=0.1, doubt=0.2, silence=0.2)
    async with following(session, server, timing) as followed:
        server.lose_storage()
        server.inject(status=500, times=None, path="/apis/core.k8sgpt.ai", watch=False)
        await followed.until(lambda: bool(followed.watched.unread))
        assert followed.texts == [a]
        server.faults.clear()
        b = broken(server, "x/b", "broken")
        server.regain_storage()
        await followed.shows(a, b)
        assert followed.watched.unread == ""


async def test_silence_is_no_failure_where_the_server_is_well(
    session: ClientSession, server: ApiServer
) -> None:
    """Some never send bookmarks while nothing happens: one object is asked for, and the watch goes on."""
    timing = Timing(first_retry=0.02, silence=0.1)
    async with following(session, server, timing) as followed:
        await followed.until(lambda: len(server.requests_to(RESULTS, "watch")) >= 3)
        assert [one.query for one in server.requests_to(RESULTS, "list")][1:] != []
        assert all(one.query["limit"] == "1" for one in server.requests_to(RESULTS, "list")[1:])
        assert (followed.watched.error, followed.told) == (None, [0])
        await still_follows(followed, server)


async def test_revoked_token(session: ClientSession, server: ApiServer) -> None:
    a = broken(server, "x/a", "broken")
    async with following(session, server) as followed:
        server.revoke_token()
        # An open watch goes on, as in a real cluster.
        b = broken(server, "x/b", "broken")
        await followed.shows(a, b)
        server.end_watches()
        await followed.until(lambda: isinstance(followed.watched.error, ApiAuthenticationError))
        assert followed.texts == [a, b]
        server.token = TOKEN
        await still_follows(followed, server)


async def test_dead_watch(session: ClientSession, server: ApiServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kubernetes, "GRACE", -0.5)
    timing = Timing(watch=1.0, first_retry=0.02, last_retry=0.1)
    async with following(session, server, timing) as followed:
        server.silence_watches(60)
        a = broken(server, "x/a", "broken")
        await followed.until(lambda: isinstance(followed.watched.error, ApiConnectionError))
        server.silence_watches(0)
        await followed.shows(a)


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ({"kind": "half_object"}, ApiConnectionError),
        ({"kind": "half_object", "clean": True}, ApiConnectionError),
        ({"kind": "garbage_line"}, ApiResponseError),
        ({"kind": "huge_object", "size": kubernetes.MAX_LINE + 1}, ApiResponseError),
    ],
)
async def test_spoiled_line(
    fault: dict[str, Any], error: type[Exception], session: ClientSession, server: ApiServer
) -> None:
    async with following(session, server) as followed:
        server.inject(watch=True, **fault)
        a = broken(server, "x/a", "broken")
        await followed.until(lambda: isinstance(followed.watched.error, error))
        await followed.shows(a)
        await still_follows(followed, server)


@pytest.mark.parametrize("watch", [True, False])
@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ({"kind": "html_answer"}, Exception),
        ({"kind": "redirect_to_login"}, ApiForeignError),
        ({"status": 500}, ApiResponseError),
        ({"status": 429, "retry_after": 0}, ApiBusyError),
    ],
)
async def test_refused_for_a_while(
    fault: dict[str, Any], error: type[Exception], watch: bool, session: ClientSession, server: ApiServer
) -> None:
    a = broken(server, "x/a", "broken")
    async with following(session, server) as followed:
        injected = server.inject(watch=watch, times=None, **fault)
        if not watch:
            server.expire_history()
        server.drop_watches()
        await followed.until(lambda: isinstance(followed.watched.error, error) and injected.applied > 2)
        assert followed.texts == [a]
        server.faults.clear()
        await still_follows(followed, server)


async def test_object_of_a_megabyte(session: ClientSession, server: ApiServer) -> None:
    async with following(session, server) as followed:
        name, _ = broken(server, "x/a", "b" * 900_000)
        await followed.shows((name, "b" * 2000))
        server.expire_history()
        server.drop_watches()
        await still_follows(followed, server)
        assert len(followed.texts) == 2


async def test_does_as_the_server_asks(
    session: ClientSession, server: ApiServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with following(session, server) as followed:
        server.inject(status=429, retry_after=1, watch=True)
        server.drop_watches()
        await followed.until(lambda: isinstance(followed.watched.error, ApiBusyError))
        await still_follows(followed, server)
        *_, refused, served = server.requests_to(RESULTS, "watch")
        assert served.started_at - refused.started_at >= 1


async def test_polls_do_as_the_server_asks(session: ClientSession, server: ApiServer) -> None:
    watched = make(session, server)
    broken(server, "x/a", "broken")
    server.inject(status=429, retry_after=1)
    for _ in range(3):
        await watched.refresh()
        assert isinstance(watched.error, ApiBusyError)
    assert len(server.requests) == 1
    await asyncio.sleep(1)
    await watched.refresh()
    assert (watched.known, watched.error, len(server.requests)) == (True, None, 2)


# Rights


async def test_forbidden(session: ClientSession, server: ApiServer) -> None:
    broken(server, "x/a", "broken")
    server.deny(RESULTS)
    watched = make(session, server, Timing(left_out=0.05))
    for _ in range(3):
        await watched.refresh()
    assert not watched.known
    assert 'cannot list resource "results"' in watched.forbidden
    assert len(server.requests) == 1
    server.allow(RESULTS)
    await asyncio.sleep(0.06)
    await watched.refresh()
    assert (len(watched), watched.forbidden) == (1, "")


async def test_right_is_lost_and_comes_back(session: ClientSession, server: ApiServer) -> None:
    a = broken(server, "x/a", "broken")
    async with following(session, server) as followed:
        server.deny(RESULTS)
        server.end_watches()
        # The watch is refused first; the next poll finds out that the list is, too.
        await followed.until(lambda: bool(followed.watched.forbidden))
        await followed.watched.refresh()
        await followed.until(lambda: isinstance(followed.watched.error, ApiForbiddenError))
        assert followed.texts == []
        server.allow(RESULTS)
        await followed.shows(a)
        await followed.until(lambda: server.watchers[RESULTS] == 1)
        assert followed.watched.forbidden == ""
        await still_follows(followed, server)


async def test_polls_where_it_may_not_watch(session: ClientSession, server: ApiServer) -> None:
    server.deny(RESULTS, "watch")
    watched = make(session, server, Timing(stale=0.0, left_out=0.05))
    async with running(watched) as followed:
        await followed.until(lambda: 'cannot watch resource "results"' in watched.forbidden)
        a = broken(server, "x/a", "broken")
        await watched.refresh()
        assert watched.known
        assert watched.error is None
        assert followed.texts == [a]
        assert watched.forbidden
        server.allow(RESULTS)
        await followed.until(lambda: server.watchers[RESULTS] == 1)
        await still_follows(followed, server)
        assert watched.forbidden == ""


# What is not there


async def test_system_comes_and_goes(session: ClientSession, socket_enabled: None) -> None:
    async with ApiServer() as server, running(make(session, server)) as followed:
        watched = followed.watched
        await followed.until(lambda: isinstance(watched.error, ApiNotFoundError))
        assert (watched.known, watched.forbidden) == (False, "")
        server.install("k8sgpt")
        await followed.until(lambda: server.watchers[RESULTS] == 1)
        a = broken(server, "x/a", "broken")
        await followed.shows(a)
        server.uninstall("k8sgpt")
        await followed.until(lambda: not watched.known)
        assert followed.texts == []


async def test_group_that_is_not_there_is_not_asked_for(session: ClientSession, server: ApiServer) -> None:
    client = KubernetesClient(session, Connection(server.url), TOKEN)
    groups = Groups()
    groups.known = {}
    watched = Watched(client, groups, FINDINGS, lambda found: (found.name, found.text), FAST)
    await watched.refresh()
    async with running(watched) as followed:
        await asyncio.sleep(0.02)
        assert not watched.known
        assert server.requests == []
        groups.known = await client.discover()
        await followed.until(lambda: server.watchers[RESULTS] == 1)
        # The group goes, and its resources with it.
        groups.known = {}
        server.end_watches()
        await followed.until(lambda: not watched.known)


def test_version_that_the_cluster_serves() -> None:
    groups = Groups()
    assert groups.path(HELM_RELEASES) == "/apis/helm.toolkit.fluxcd.io/v2/helmreleases"
    groups.known = {"helm.toolkit.fluxcd.io": ("v2beta1", "v2beta2")}
    assert groups.path(HELM_RELEASES) == "/apis/helm.toolkit.fluxcd.io/v2beta2/helmreleases"
    groups.known = {"helm.toolkit.fluxcd.io": ("v3", "v3beta1")}
    assert groups.path(HELM_RELEASES) == "/apis/helm.toolkit.fluxcd.io/v3/helmreleases"
    assert groups.path(PODS) == "/api/v1/pods"
    assert groups.path(FINDINGS) is None


def test_backoff() -> None:
    backoff = Backoff(Timing())
    waits = [backoff.next() for _ in range(2000)]
    for number, wait in enumerate(waits):
        span = min(60.0, math.ldexp(1.0, min(number, 10)))
        assert span / 2 <= wait <= span
    assert backoff.next(retry_after=100) == 100
    backoff.reset()
    assert backoff.next() <= 1


# Many


async def test_churn_of_thousands(session: ClientSession, socket_enabled: None) -> None:
    """Changes, cuts and lost history in any order: in the end all is as on the server."""
    choose = random.Random(7)
    async with ApiServer(systems=("k8sgpt",), history=300) as server:
        server.load(many_results(2000, size=50))
        async with following(session, server) as followed:
            assert len(followed.watched) == 2000
            for number in range(3000):
                name = f"tenant{choose.randrange(100):02}/app{choose.randrange(2500):05}"
                broken(server, name, f"text {number}")
                if number % 3 == 0:
                    gone = choose.choice(list(server.store.named(RESULTS).objects))
                    server.delete(RESULTS, *gone)
                match number % 500:
                    case 100:
                        server.drop_watches()
                    case 200:
                        server.end_watches()
                    case 300:
                        server.expire_history()
                        server.drop_watches()
                if number % 20 == 0:
                    await asyncio.sleep(0.001)
            expected = sorted(
                (one["spec"]["name"], one["spec"]["error"][0]["text"]) for one in server.objects(RESULTS)
            )
            assert len(expected) > 2000
            await followed.shows(*expected)
