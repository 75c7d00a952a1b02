"""The demo's cluster with an app that is down, and more problems around it, in a process of its own.

`python -m demo.bench.incident RESULTS APPLICATIONS` serves, and says as JSON where, and how to be let in.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict
import json
import sys

from demo.servers.certificates import make_certificates
from demo.servers.kubernetes import TOKEN, ApiServer, homelab_cluster
from demo.servers.kubernetes.homelab import APPS

from .cluster import OUT_OF_SYNC, Cluster, objects
from .processes import serve_until_released, served

APP = APPS[0]
"""What is down: its image cannot be pulled."""
FINDINGS = 2
"""Of k8sgpt about it: its pod and its deployment."""


@asynccontextmanager
async def running(*, results: int = 0, applications: int = 0) -> AsyncIterator[Cluster]:
    """The cluster, with so many further findings and applications."""
    async with served("demo.bench.incident", str(results), str(applications)) as said:
        yield Cluster(**json.loads(said))


def problems(results: int, applications: int) -> int:
    """How many problems such a cluster has at least: the app's own come on top."""
    return results + 2 * (applications // OUT_OF_SYNC)


async def _serve(results: int, applications: int) -> None:
    certificates = make_certificates()
    async with ApiServer(ssl_context=certificates.server_context()) as server:
        # The operator deletes what it did not find itself, so the others come after it.
        homelab_cluster(server).break_pod_image(APP)
        server.load(objects(results, applications))
        await serve_until_released(json.dumps(asdict(Cluster(server.url, TOKEN, certificates.ca))))


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1]), int(sys.argv[2])))
