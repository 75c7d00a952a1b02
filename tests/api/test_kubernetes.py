"""The Kubernetes client: discovery, pages, watches, and what stands in the way."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from typing import Any

from aiohttp import ClientSession, web
import pytest

from custom_components.homelab_ai.api.errors import (
    ApiAuthenticationError,
    ApiBusyError,
    ApiConnectionError,
    ApiError,
    ApiForbiddenError,
    ApiForeignError,
    ApiGoneError,
    ApiNotFoundError,
    ApiResponseError,
)
from custom_components.homelab_ai.api.http import Connection
from custom_components.homelab_ai.api.kubernetes import client as kubernetes
from custom_components.homelab_ai.api.kubernetes.client import Event, EventKind, KubernetesClient, part
from custom_components.homelab_ai.api.kubernetes.objects import PODS
from custom_components.homelab_ai.api.kubernetes.results import FINDINGS
from demo.servers.kubernetes import TOKEN, ApiServer
from demo.servers.kubernetes.objects import application, many_results, result
from tests.demo.talk import until

from .conftest import Serve
from .serving import body, endless, lines

RESULTS = FINDINGS.path("v1alpha1")
APPLICATIONS = "/apis/argoproj.io/v1alpha1/applications"
JSON = "application/json"


@pytest.fixture
async def server(socket_enabled: None) -> AsyncGenerator[ApiServer]:
    async with ApiServer(systems=("k8sgpt", "argocd")) as server:
        yield server


@pytest.fixture
def client(session: ClientSession, server: ApiServer) -> KubernetesClient:
    return KubernetesClient(session, Connection(server.url), TOKEN)


async def listed(client: KubernetesClient, path: str = RESULTS) -> tuple[list[str], str]:
    """The names of all objects, and the version to go on from."""
    names, version = [], ""
    async with aclosing(client.list(path)) as pages:
        async for page in pages:
            names += [one["metadata"]["name"] for one in page.objects]
            version = page.resource_version
    return names, version


async def watched(
    client: KubernetesClient, version: str, count: int, path: str = RESULTS, seconds: float = 60
) -> list[tuple[str, str]]:
    """The first events, or all until the end."""
    events: list[tuple[str, str]] = []
    async with aclosing(client.watch(path, version, seconds)) as portions:
        async for portion in portions:
            events += [(one.kind.value, str(part(one.object, "metadata").get("name", ""))) for one in portion]
            if len(events) >= count:
                break
    return events


# Reaching it


async def test_version(client: KubernetesClient, server: ApiServer) -> None:
    assert await client.version() == "v1.33.4+k3s1"
    assert server.requests[0].headers["Authorization"] == f"Bearer {TOKEN}"
    assert server.requests[0].headers["Accept-Encoding"] == "identity"


async def test_prefix_and_headers_of_a_proxy(session: ClientSession, socket_enabled: None) -> None:
    async with ApiServer(path_prefix="/k8s") as server:
        client = KubernetesClient(session, Connection(server.url, {"X-Proxy": "yes"}), f" {TOKEN}\n")
        assert await client.version() == "v1.33.4+k3s1"
        assert server.requests[0].headers["X-Proxy"] == "yes"


async def test_without_a_token(session: ClientSession, server: ApiServer) -> None:
    with pytest.raises(ApiAuthenticationError):
        await KubernetesClient(session, Connection(server.url), " ").version()
    assert "Authorization" not in server.requests[0].headers


async def test_wrong_token(client: KubernetesClient, server: ApiServer) -> None:
    server.revoke_token()
    for ask in (client.version, client.discover, lambda: listed(client), lambda: watched(client, "1", 1)):
        with pytest.raises(ApiAuthenticationError):
            await ask()


async def test_whoever_may_not_read_the_version_is_not_known(
    client: KubernetesClient, server: ApiServer
) -> None:
    server.inject(status=403)
    with pytest.raises(ApiAuthenticationError, match="not today"):
        await client.version()


async def test_discovery(client: KubernetesClient) -> None:
    groups = await client.discover()
    assert groups["core.k8sgpt.ai"] == ("v1alpha1",)
    assert groups["argoproj.io"] == ("v1alpha1",)
    assert "longhorn.io" not in groups


async def test_preferred_version_comes_first(session: ClientSession, serve: Serve) -> None:
    versions = '[{"version":"v1beta1"},{"version":"v1"},{}]'
    found = await serve(
        body(
            f'{{"groups":[{{"name":"a","versions":{versions},"preferredVersion":{{"version":"v1"}}}},'
            f'{{"name":"b","versions":{versions}}}]}}'
        )
    )
    client = KubernetesClient(session, Connection(found.url), TOKEN)
    assert await client.discover() == {"a": ("v1", "v1beta1"), "b": ("v1beta1", "v1")}


def test_paths() -> None:
    assert RESULTS == "/apis/core.k8sgpt.ai/v1alpha1/results"
    assert PODS.path("v1") == "/api/v1/pods"
    assert (FINDINGS.name, PODS.name) == ("results.core.k8sgpt.ai", "pods")


# Something else answers


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (body("<html>Sign in</html>", content_type="text/html"), ApiForeignError),
        (body("404 page not found", 404, "text/plain"), ApiForeignError),
        (body('{"version":"0.33.0"}'), ApiForeignError),
        (body("nonsense"), ApiResponseError),
        (body("[]"), ApiResponseError),
        (body("{}", 204), ApiResponseError),
        (body("<html>Bad Gateway</html>", 502, "text/html"), ApiResponseError),
        (body("x", 307), ApiForeignError),
    ],
)
async def test_something_else(
    answer: Callable[[web.Request], Awaitable[web.StreamResponse]],
    error: type[ApiError],
    session: ClientSession,
    serve: Serve,
) -> None:
    found = await serve(answer)
    with pytest.raises(ApiError) as raised:
        await KubernetesClient(session, Connection(found.url), TOKEN).version()
    assert type(raised.value) is error


async def test_sent_to_a_login_page(client: KubernetesClient, server: ApiServer) -> None:
    server.inject("redirect_to_login", times=2)
    with pytest.raises(ApiForeignError, match="/login"):
        await listed(client)
    with pytest.raises(ApiForeignError, match="/login"):
        await watched(client, "1", 1)
    assert len(server.requests) == 2


# Lists


async def test_pages(client: KubernetesClient, server: ApiServer) -> None:
    server.load(many_results(1200, size=100))
    names, version = await listed(client)
    assert len(set(names)) == len(names) == 1200
    assert version
    sizes = [int(one.query["limit"]) for one in server.requests]
    assert sizes[0] == 50
    assert 100 < max(sizes) <= kubernetes.MAX_OBJECTS
    assert {one.query.get("continue") for one in server.requests} != {None}


async def test_pages_of_large_objects_are_short(client: KubernetesClient, server: ApiServer) -> None:
    server.load(application(f"app{number}", resources=600) for number in range(60))
    names, _ = await listed(client, APPLICATIONS)
    assert len(names) == 60
    # Fifty of them are more than a page may have.
    assert [one.query["limit"] for one in server.requests[:2]] == ["50", "6"]
    assert len(server.requests) < 30


async def test_list_of_nothing(client: KubernetesClient) -> None:
    names, version = await listed(client)
    assert names == []
    assert version


async def test_object_too_large_for_any_page(client: KubernetesClient, server: ApiServer) -> None:
    server.inject("huge_object", size=kubernetes.MAX_PAGE + 1, times=None)
    with pytest.raises(ApiResponseError, match="larger than"):
        await listed(client)
    assert [one.query["limit"] for one in server.requests] == ["50", "6", "1"]


async def test_list_that_never_ends(
    session: ClientSession, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that always says that there is more is left in the end."""
    monkeypatch.setattr(kubernetes, "_MOST_PAGES", 20)

    async def answer(request: web.Request) -> web.StreamResponse:
        return web.json_response({"items": [], "metadata": {"continue": "more", "resourceVersion": "1"}})

    found = await serve(answer)
    with pytest.raises(ApiResponseError, match="does not end"):
        await listed(KubernetesClient(session, Connection(found.url), TOKEN))


async def test_list_that_takes_too_long(client: KubernetesClient, server: ApiServer) -> None:
    server.load(many_results(60, size=10))
    async with aclosing(client.list(RESULTS)) as pages:
        await anext(pages)
        for name in list(server.objects("results")):
            server.delete("results", name["metadata"]["namespace"], name["metadata"]["name"])
        server.expire_history()
        with pytest.raises(ApiGoneError):
            await anext(pages)


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ({"kind": "half_object"}, ApiConnectionError),
        ({"kind": "half_object", "clean": True}, ApiResponseError),
        ({"kind": "garbage_line"}, ApiForeignError),
        ({"kind": "html_answer"}, ApiForeignError),
        ({"status": 500}, ApiResponseError),
        ({"status": 502}, ApiResponseError),
        ({"status": 410}, ApiGoneError),
    ],
)
async def test_list_that_fails(
    fault: dict[str, Any], error: type[ApiError], client: KubernetesClient, server: ApiServer
) -> None:
    server.apply(result("Pod", "default/a", ["broken"]))
    server.inject(**fault)
    with pytest.raises(ApiError) as raised:
        await listed(client)
    assert type(raised.value) is error
    assert (await listed(client))[0] == ["defaulta"]


@pytest.mark.parametrize(("status", "said"), [(429, "Too many requests"), (503, "currently unable")])
async def test_busy(status: int, said: str, client: KubernetesClient, server: ApiServer) -> None:
    server.inject(status=status, retry_after=7)
    with pytest.raises(ApiBusyError, match=said) as raised:
        await listed(client)
    assert (raised.value.status, raised.value.retry_after) == (status, 7)


async def test_forbidden(client: KubernetesClient, server: ApiServer) -> None:
    server.deny("results.core.k8sgpt.ai")
    with pytest.raises(ApiForbiddenError, match='cannot list resource "results"'):
        await listed(client)
    with pytest.raises(ApiForbiddenError, match='cannot watch resource "results"'):
        await watched(client, "1", 1)


async def test_no_such_resource(client: KubernetesClient, server: ApiServer) -> None:
    with pytest.raises(ApiNotFoundError):
        await listed(client, "/apis/longhorn.io/v1beta2/volumes")


async def test_nobody_answers(client: KubernetesClient, server: ApiServer) -> None:
    await server.stop()
    for ask in (client.version, lambda: listed(client), lambda: watched(client, "1", 1)):
        with pytest.raises(ApiConnectionError):
            await ask()


# Watches


async def test_watch(client: KubernetesClient, server: ApiServer) -> None:
    _, version = await listed(client)
    async with aclosing(client.watch(RESULTS, version, 60)) as portions:
        assert await anext(portions) == ()
        server.apply(result("Pod", "default/a", ["broken"]))
        server.apply(result("Pod", "default/a", ["broken", "more"]))
        server.delete("results", "k8sgpt-operator-system", "defaulta")
        server.send_bookmarks()
        events: list[Event] = []
        while len(events) < 4:
            events += await anext(portions)
    assert [one.kind for one in events] == list(EventKind)
    assert len({one.resource_version for one in events}) >= 3
    assert events[0].object["spec"]["name"] == "default/a"
    asked = server.requests_to("results.core.k8sgpt.ai", "watch")[0].query
    assert (asked["allowWatchBookmarks"], asked["timeoutSeconds"]) == ("true", "60")


async def test_watch_ends_by_itself(client: KubernetesClient, server: ApiServer) -> None:
    server.apply(result("Pod", "default/a", ["broken"]))
    assert await watched(client, "0", 9, seconds=1) == [("ADDED", "defaulta")]


async def test_object_of_a_megabyte(client: KubernetesClient, server: ApiServer) -> None:
    server.apply(result("Pod", "default/a", ["broken"], details="x" * 900_000))
    server.apply(result("Pod", "default/b", ["broken"]))
    assert await watched(client, "0", 2) == [("ADDED", "defaulta"), ("ADDED", "defaultb")]


async def test_line_without_end(session: ClientSession, serve: Serve) -> None:
    found = await serve(endless(b"x" * 65536, JSON))
    with pytest.raises(ApiResponseError, match="longer than"):
        await watched(KubernetesClient(session, Connection(found.url), TOKEN), "1", 1)


async def test_line_that_is_too_long(client: KubernetesClient, server: ApiServer) -> None:
    server.apply(result("Pod", "default/a", ["broken"]))
    server.inject("huge_object", size=kubernetes.MAX_LINE + 1, watch=True)
    with pytest.raises(ApiResponseError, match="longer than"):
        await watched(client, "0", 1)


async def test_lines_in_any_pieces(session: ClientSession, serve: Serve) -> None:
    event = '{"type":"ADDED","object":{"metadata":{"name":"%s"}}}\n'
    found = await serve(
        lines(
            (event % "a")[:20], (event % "a")[20:] + "\n" + event % "b" + "\n", event % "c", content_type=JSON
        )
    )
    client = KubernetesClient(session, Connection(found.url), TOKEN)
    assert await watched(client, "1", 9) == [("ADDED", "a"), ("ADDED", "b"), ("ADDED", "c")]


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ('{"type":"ADDED","object":{}}\n{"type":"AD', ApiConnectionError),
        ("<html>\n", ApiResponseError),
        ('{"type":"SURPRISE","object":{}}\n', ApiResponseError),
        ('{"type":"ADDED"}\n', ApiResponseError),
        ('{"type":"ERROR","object":{"code":410,"message":"too old"}}\n', ApiGoneError),
        ('{"type":"ERROR","object":{"code":401}}\n', ApiAuthenticationError),
        ('{"type":"ERROR","object":{"code":429}}\n', ApiBusyError),
        ('{"type":"ERROR","object":{"code":200}}\n', ApiResponseError),
        ('{"type":"ERROR","object":{}}\n', ApiResponseError),
    ],
)
async def test_lines_that_are_no_events(
    line: str, error: type[ApiError], session: ClientSession, serve: Serve
) -> None:
    found = await serve(lines(line, content_type=JSON))
    with pytest.raises(ApiError) as raised:
        await watched(KubernetesClient(session, Connection(found.url), TOKEN), "1", 9)
    assert type(raised.value) is error


@pytest.mark.parametrize("as_status", [False, True])
async def test_version_that_is_too_old(as_status: bool, client: KubernetesClient, server: ApiServer) -> None:
    _, version = await listed(client)
    server.expire_history(as_status=as_status)
    with pytest.raises(ApiGoneError, match="too old resource version"):
        await watched(client, version, 1)


async def test_watch_that_is_cut(client: KubernetesClient, server: ApiServer) -> None:
    server.apply(result("Pod", "default/a", ["broken"]))
    async with aclosing(client.watch(RESULTS, "0", 60)) as portions:
        await anext(portions)
        await anext(portions)
        server.drop_watches()
        with pytest.raises(ApiConnectionError):
            await anext(portions)


async def test_watch_that_is_dead(
    client: KubernetesClient, server: ApiServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kubernetes, "GRACE", -0.7)
    server.silence_watches(30)
    with pytest.raises(ApiConnectionError, match="timed out"):
        await watched(client, "0", 1, seconds=1)
    server.silence_watches(0)


async def test_watch_that_does_not_even_begin(
    client: KubernetesClient, server: ApiServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kubernetes, "PAGE_TIMEOUT", 0.1)
    server.inject("stall", seconds=30)
    with pytest.raises(ApiConnectionError, match="timed out"):
        await watched(client, "0", 1)


async def test_whoever_leaves_a_watch_closes_it(client: KubernetesClient, server: ApiServer) -> None:
    server.apply(result("Pod", "default/a", ["broken"]))
    await watched(client, "0", 1)
    await until(lambda: not server.watchers)
