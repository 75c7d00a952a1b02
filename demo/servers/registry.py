"""Where models come from, and newer models and servers are announced: ollama.com, its registry and GitHub.

All are stricter than the real ones, which forgive what nobody should send them: other methods,
credentials, and names that are not written out. Source: ollama app/ui/ui.go (modelUpstream).
"""

from dataclasses import dataclass
import json
import re
import ssl

from aiohttp import web
from multidict import CIMultiDictProxy

from .http_server import HttpServer

RELEASE = "/repos/ollama/ollama/releases/latest"
_GITHUB_JSON = "application/vnd.github+json"
_MANIFEST = re.compile(r"/v2/[a-z0-9._-]+/[a-z0-9._-]+/manifests/[A-Za-z0-9._-]+")
_MANIFEST_TYPE = "application/vnd.docker.distribution.manifest.v2+json"
_SECRETS = ("Authorization", "Cookie")


@dataclass(frozen=True, slots=True)
class RegistryRequest:
    """One request, for tests to look at."""

    method: str
    path: str
    headers: CIMultiDictProxy[str]


@dataclass(frozen=True, slots=True)
class Manifest:
    """What lies under a model's name. `pushed_at` is a Unix time as the header has it, `layers` are bytes."""

    digest: str
    pushed_at: str | None
    layers: tuple[int, ...] = ()


class RegistryServer(HttpServer):
    """A registry and a releases page on a real socket."""

    def __init__(
        self,
        *,
        release: str | None = "v0.33.0",
        host: str = "127.0.0.1",
        port: int = 0,
        ssl_context: ssl.SSLContext | None = None,
    ) -> None:
        """Begin without models; a `release` of None is a project that has none."""
        super().__init__(host=host, port=port, ssl_context=ssl_context)
        self.release = release
        self.requests: list[RegistryRequest] = []
        # While set, everything is answered with this status, as by a proxy or an outage.
        self.failure: int | None = None
        self._manifests: dict[str, Manifest] = {}

    def publish(
        self,
        name: str,
        digest: str,
        pushed_at: float | str | None = None,
        layers: tuple[int, ...] = (),
    ) -> None:
        """Put a manifest under a short name ("qwen3:8b"), with the time it was pushed at if that is told."""
        pushed = str(int(pushed_at)) if isinstance(pushed_at, (int, float)) else pushed_at
        self._manifests[_path(name)] = Manifest(digest, pushed, layers)

    def withdraw(self, name: str) -> None:
        """Take a manifest away."""
        del self._manifests[_path(name)]

    def requests_to(self, name: str) -> list[RegistryRequest]:
        """The requests for one model, oldest first."""
        return [request for request in self.requests if request.path == _path(name)]

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer one request and keep a record of it."""
        self.requests.append(RegistryRequest(request.method, request.path, request.headers))
        if self.failure is not None:
            return web.Response(status=self.failure, text="out of order")
        if any(name in request.headers for name in _SECRETS):
            return web.Response(status=400, text="what is public needs no credentials")
        if request.query_string:
            return web.Response(status=400, text="nothing here takes a query")
        if request.path == RELEASE:
            return self._release(request)
        return self._manifest(request)

    def _release(self, request: web.Request) -> web.Response:
        if request.method != "GET":
            return _only("GET")
        if "User-Agent" not in request.headers:
            return _json({"message": "Request forbidden by administrative rules."}, 403)
        if request.headers.get("Accept") != _GITHUB_JSON:
            return _json({"message": "Unsupported 'Accept' header"}, 415)
        if self.release is None:
            return _json({"message": "Not Found", "status": "404"}, 404)
        return _json({"tag_name": self.release, "name": self.release, "draft": False, "prerelease": False})

    def _manifest(self, request: web.Request) -> web.Response:
        if not _MANIFEST.fullmatch(request.path):
            return web.Response(status=404)
        if request.method not in ("HEAD", "GET"):
            return _only("HEAD, GET")
        manifest = self._manifests.get(request.path)
        if manifest is None:
            return web.Response(status=404)
        if request.method == "GET":
            if request.headers.get("Accept") != _MANIFEST_TYPE:
                return _json({"errors": [{"code": "MANIFEST_UNKNOWN"}]}, 404)
            return web.Response(body=json.dumps(_body(manifest)).encode(), content_type=_MANIFEST_TYPE)
        headers = {"ollama-content-digest": manifest.digest}
        if manifest.pushed_at is not None:
            headers["ollama-push-time"] = manifest.pushed_at
        return web.Response(headers=headers, content_type=_MANIFEST_TYPE)


def _body(manifest: Manifest) -> dict[str, object]:
    """An image manifest, of which the first layer is the model's weights (ollama server/manifest.go)."""
    return {
        "schemaVersion": 2,
        "mediaType": _MANIFEST_TYPE,
        "config": {"mediaType": "application/vnd.docker.container.image.v1+json", "size": 488},
        "layers": [
            {
                "mediaType": f"application/vnd.ollama.image.{'license' if number else 'model'}",
                "digest": f"sha256:{number:064x}",
                "size": size,
            }
            for number, size in enumerate(manifest.layers)
        ],
    }


def _path(name: str) -> str:
    model, _, tag = name.partition(":")
    space, _, model = model.rpartition("/")
    return f"/v2/{space or 'library'}/{model}/manifests/{tag or 'latest'}"


def _only(method: str) -> web.Response:
    return web.Response(status=405, headers={"Allow": method})


def _json(value: object, status: int = 200) -> web.Response:
    return web.Response(status=status, body=json.dumps(value).encode(), content_type="application/json")
