"""A plain client of the simulated API server: what goes over the wire, without any library in between."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
import json
from typing import Any

from aiohttp import ClientResponse, ClientSession, ClientTimeout

from demo.servers.kubernetes import ApiServer

RESULTS = "/apis/core.k8sgpt.ai/v1alpha1/results"
PODS = "/api/v1/pods"


@dataclass
class Lines:
    """The lines of one watch."""

    response: ClientResponse

    async def next(self) -> dict[str, Any]:
        """The next event; raises StopAsyncIteration at the end."""
        line = await self.response.content.readuntil(b"\n")
        if not line:
            raise StopAsyncIteration
        event: dict[str, Any] = json.loads(line)
        return event

    async def rest(self) -> bytes:
        """All that is left."""
        return await self.response.read()

    async def names(self, count: int) -> list[tuple[str, str]]:
        """Type and object name of the next events."""
        events = [await self.next() for _ in range(count)]
        return [(event["type"], event["object"]["metadata"]["name"]) for event in events]


@dataclass
class Kubectl:
    """Requests to one server."""

    session: ClientSession
    url: str
    token: str | None

    @property
    def headers(self) -> dict[str, str]:
        return {} if self.token is None else {"Authorization": f"Bearer {self.token}"}

    async def get(self, path: str, **query: str) -> tuple[int, Any]:
        return await self.request("GET", path, params=query)

    async def request(self, method: str, path: str, **given: Any) -> tuple[int, Any]:
        headers = self.headers | given.pop("headers", {})
        async with self.session.request(
            method, self.url + path, headers=headers, allow_redirects=False, **given
        ) as response:
            text = await response.text()
            if response.content_type != "application/json":
                return response.status, text
            return response.status, json.loads(text)

    async def list(self, path: str, **query: str) -> dict[str, Any]:
        """A list that must succeed."""
        status, answer = await self.get(path, **query)
        assert status == 200, answer
        assert isinstance(answer, dict)
        return answer

    async def version_of(self, path: str) -> str:
        """The resourceVersion of a list."""
        version: str = (await self.list(path, limit="1"))["metadata"]["resourceVersion"]
        return version

    @asynccontextmanager
    async def watch(self, path: str, **query: str) -> AsyncGenerator[Lines]:
        """A watch that must be accepted, from now on unless a resourceVersion is given."""
        if "resourceVersion" not in query:
            query["resourceVersion"] = await self.version_of(path)
        async with self.session.get(
            self.url + path, headers=self.headers, params={"watch": "1", **query}
        ) as response:
            assert response.status == 200, await response.text()
            assert response.content_type == "application/json"
            yield Lines(response)


@asynccontextmanager
async def cluster(**settings: Any) -> AsyncGenerator[tuple[ApiServer, Kubectl]]:
    """A server, by default with k8sgpt, and a client of it."""
    settings.setdefault("systems", ["k8sgpt"])
    async with (
        ApiServer(**settings) as server,
        ClientSession(timeout=ClientTimeout(total=20)) as session,
    ):
        yield server, Kubectl(session, server.url, server.token)


def refusal(answer: Any) -> tuple[int, str, str]:
    """Code, reason and message of a Status."""
    assert answer["kind"] == "Status"
    assert answer["status"] == "Failure"
    return answer["code"], answer["reason"], answer["message"]


def names(listed: dict[str, Any]) -> list[str]:
    """The names in a list."""
    return [item["metadata"]["name"] for item in listed["items"]]
