"""A simulated cluster in a process of its own, so that its work is not counted as Home Assistant's.

`python -m demo.bench.cluster RESULTS APPLICATIONS` serves, and says as JSON where, and how to be let in.
Beside the API it has routes of its own, under `/bench`, which bring changes about.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
import json
from random import Random
import sys
import time
from typing import Any

from aiohttp import ClientSession, TCPConnector, web

from demo.servers.certificates import make_certificates
from demo.servers.kubernetes import TOKEN, ApiServer, System
from demo.servers.kubernetes.objects import (
    K8SGPT_NAMESPACE,
    application,
    many_results,
    namespace,
    node,
    persistent_volume_claim,
    pod,
    result,
    result_name,
)
from demo.servers.kubernetes.wire import Object

from .errors import BenchError
from .processes import serve_until_released, served

NAMESPACES = 100
PODS, CLAIMS = 30, 3
"""In each namespace."""
OUT_OF_SYNC = 4
"""One application of so many differs from Git; the one after it is degraded."""

_SYSTEMS: tuple[System, ...] = ("k8sgpt", "flux", "argocd", "k8up", "longhorn")
_RESULTS = "results.core.k8sgpt.ai"
# Deployments, services and the like of one application, which Argo CD lists in its status.
_RESOURCES = 30
_SEED = 20261121
_LATE = 1.1
"""How many times the time that it should take a churn may take."""

type FindingKey = tuple[str, str, str]
"""Kind, name and text of a finding."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """Where a cluster is, and how to be let in."""

    url: str
    token: str
    ca_certificate: str

    @property
    def settings(self) -> dict[str, Any]:
        """What a subentry stores of it."""
        return {**asdict(self), "verify_ssl": True}


class Levers:
    """What brings changes about in a cluster that runs."""

    def __init__(self, session: ClientSession, url: str) -> None:
        self._session = session
        self._url = url

    async def create_result(self) -> float:
        """Let k8sgpt find one thing more; returns when, by the clock that all processes share."""
        return float((await self._post("/bench/result"))["at"])

    async def churn(self, per_second: int, seconds: float) -> int:
        """Let findings come, change and go; returns how many changes there were.

        Raises BenchError where the cluster was not quick enough.
        """
        began = time.monotonic()
        changes = await self._post("/bench/churn", per_second=per_second, seconds=seconds)
        if (took := time.monotonic() - began) > seconds * _LATE:
            raise BenchError(f"The cluster took {took:.0f} s for the changes of {seconds:.0f} s")
        return int(changes["changes"])

    async def findings(self) -> set[FindingKey]:
        """What there is to be found now."""
        return {(kind, name, text) for kind, name, text in await self._post("/bench/findings")}

    async def _post(self, path: str, **query: float) -> Any:
        async with self._session.post(self._url + path, params=query) as response:
            response.raise_for_status()
            return await response.json()


@asynccontextmanager
async def running(*, results: int = 0, applications: int = 0) -> AsyncIterator[Cluster]:
    """A cluster with so many findings and applications, and pods in a hundred namespaces."""
    async with served("demo.bench.cluster", str(results), str(applications)) as said:
        yield Cluster(**json.loads(said))


@asynccontextmanager
async def levers(cluster: Cluster) -> AsyncIterator[Levers]:
    """Get hold of a running cluster's levers, from any process."""
    async with ClientSession(connector=TCPConnector(ssl=False)) as session:
        yield Levers(session, cluster.url)


class Changes:
    """Changes of Results as k8sgpt makes them, only more of them; the same in every run."""

    def __init__(self, server: ApiServer) -> None:
        """Change nothing yet."""
        self._server = server
        self._random = Random(_SEED)
        self._names = [value["spec"]["name"] for value in server.objects(_RESULTS)]
        self._count = 0

    def create(self) -> None:
        """Find one thing more."""
        self._count += 1
        name = f"tenant{self._count % NAMESPACES:02}/new{self._count:05}"
        self._names.append(name)
        self._server.apply(self._finding(name))

    def any(self) -> None:
        """Make any change, so that about as much comes as goes."""
        kind = self._random.choices(("create", "delete", "other error", "other advice"), (3, 3, 2, 2))[0]
        if kind == "create" or not self._names:
            self.create()
            return
        place = self._random.randrange(len(self._names))
        if kind == "delete":
            name, self._names[place] = self._names[place], self._names[-1]
            self._names.pop()
            self._server.delete(_RESULTS, K8SGPT_NAMESPACE, result_name(name))
            return
        self._count += 1
        name = self._names[place]
        if kind == "other error":
            self._server.apply(self._finding(name))
            return
        known = self._server.get(_RESULTS, K8SGPT_NAMESPACE, result_name(name))
        spec = known["spec"] | {"details": f"Advice {self._count}: look at the events."}
        self._server.apply({**known, "spec": spec})

    async def keep_on(self, per_second: float, seconds: float) -> int:
        """Go on for so long, and return how many changes there were."""
        clock = asyncio.get_running_loop().time
        began, total = clock(), round(per_second * seconds)
        for number in range(total):
            self.any()
            await asyncio.sleep(max(0.0, began + (number + 1) / per_second - clock()))
        return total

    def _finding(self, name: str) -> Object:
        text = f"Back-off restarting failed container: exit code {self._count}"
        return result("Pod", name, [text], details=f"Advice {self._count}: look at the logs.")


class _Server(ApiServer):
    """A cluster with levers."""

    changes: Changes

    async def handle(self, request: web.Request) -> web.StreamResponse:
        match request.path:
            case "/bench/result":
                self.changes.create()
                return web.json_response({"at": time.monotonic()})
            case "/bench/churn":
                pace, seconds = (float(request.query[name]) for name in ("per_second", "seconds"))
                return web.json_response({"changes": await self.changes.keep_on(pace, seconds)})
            case "/bench/findings":
                return web.json_response([_key(value["spec"]) for value in self.objects(_RESULTS)])
        return await super().handle(request)


def _key(spec: Object) -> FindingKey:
    return spec["kind"], spec["name"], "\n".join(error["text"] for error in spec["error"])


def objects(results: int, applications: int) -> Iterator[Object]:
    """What the cluster consists of."""
    for number in range(3):
        yield node(f"worker-{number}")
    for number in range(NAMESPACES):
        tenant = f"tenant{number:02}"
        yield namespace(tenant)
        for one in range(PODS):
            yield pod(f"app{one}-7d9f8b6c5d-x2x4q", namespace=tenant, app=f"app{one}")
        for one in range(CLAIMS):
            yield persistent_volume_claim(f"data{one}", namespace=tenant, volume=f"pvc-{number:02}-{one}")
    yield from many_results(results)
    for number in range(applications):
        yield application(
            f"app{number:04}",
            sync="OutOfSync" if number % OUT_OF_SYNC == 0 else "Synced",
            health="Degraded" if number % OUT_OF_SYNC == 1 else "Healthy",
            message="Deployment exceeded its progress deadline" if number % OUT_OF_SYNC == 1 else "",
            resources=_RESOURCES,
            target_namespace=f"tenant{number % NAMESPACES:02}",
        )


async def _serve(results: int, applications: int) -> None:
    certificates = make_certificates()
    async with _Server(ssl_context=certificates.server_context(), systems=_SYSTEMS) as server:
        server.load(objects(results, applications))
        server.changes = Changes(server)
        where = Cluster(server.url, TOKEN, certificates.ca)
        await serve_until_released(json.dumps(asdict(where)))


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1]), int(sys.argv[2])))
