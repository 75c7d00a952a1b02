"""Open WebUI: health, version, and what a key opens.

Source: open-webui/open-webui backend/open_webui/main.py, utils/auth.py, routers/ollama.py; systems.md 7.1.
"""

from collections.abc import Iterable
from typing import Any

from aiohttp import web

from demo.servers import pages

from .app import AppServer, json_response

KEY = "sk-0f8d3c2b1a594e7d8c6b5a4f3e2d1c0b"

_NOT_READY = ("Startup not complete", "Database not ready", "Redis not ready")
_KEY_REFUSED = "Use of API key is not enabled in the environment."
_KEY_UNKNOWN = "Your session has expired or the token is invalid. Please sign in again."


class OpenWebUIServer(AppServer):
    """An Open WebUI in front of one Ollama."""

    def __init__(
        self,
        *,
        version: str = "0.6.33",
        api_key: str = KEY,
        models: Iterable[str] = ("llama3.1:8b", "qwen2.5-coder:7b"),
        **settings: Any,
    ) -> None:
        """Prepare a server that is well; what is not is set by its attributes."""
        super().__init__(**settings)
        self.version = version
        self.latest_version: str | None = version
        self.api_key = api_key
        # What an administrator allows keys: none at all, or none but some paths.
        self.keys_enabled = True
        self.key_paths: frozenset[str] | None = None
        self.admin = True
        self.models = list(models)
        self.users = 1
        self.ollama_reachable = True
        self.ollama_version = "0.33.0"
        self.database_ok = True
        # Why it is not ready; versions without the route (`has_ready`) answer with the page instead.
        self.not_ready: str | None = None
        self.has_ready = True

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Answer as the app does."""
        path = request.path
        if path == "/ready" and self.has_ready and request.method in ("GET", "HEAD"):
            if self.not_ready is not None:
                return json_response({"detail": self.not_ready}, 503)
            return json_response({"status": True})
        if path == "/health/db" and not self.database_ok:
            return json_response({"detail": "Internal Server Error"}, 500)
        opened = self._with_key().get(path)
        if opened is not None and request.method == "GET" and "Authorization" in request.headers:
            return self._refusal(request) or opened
        # Everything that needs no key is an older acquaintance.
        return await pages.OpenWebUIServer(version=self.version).handle(request)

    def _with_key(self) -> dict[str, web.Response]:
        usage = {"model_ids": self.models[:1] if self.ollama_reachable else [], "user_count": self.users}
        refused = json_response({"detail": "401 Unauthorized"}, 401)
        return {
            "/api/models": json_response({"data": self._models()}),
            "/api/version/updates": json_response({"current": self.version, "latest": self.latest_version}),
            "/api/usage": json_response(usage) if self.admin else refused,
            "/ollama/api/version": json_response({"version": self.ollama_version})
            if self.ollama_reachable
            else json_response({"detail": "WebUI could not connect to Ollama"}, 500),
        }

    def _models(self) -> list[dict[str, Any]]:
        """The models of its Ollama; none while that does not answer, without a word about it."""
        if not self.ollama_reachable:
            return []
        return [
            {
                "id": name,
                "name": name,
                "object": "model",
                "created": 1763740800,
                "owned_by": "ollama",
                "ollama": {"name": name, "model": name},
                "actions": [],
                "tags": [],
            }
            for name in self.models
        ]

    def _refusal(self, request: web.Request) -> web.Response | None:
        _, _, token = request.headers["Authorization"].partition(" ")
        if not token.startswith("sk-"):
            # Taken for the token of a session.
            return json_response({"detail": "401 Unauthorized"}, 401)
        if not self.keys_enabled or (self.key_paths is not None and request.path not in self.key_paths):
            return json_response({"detail": _KEY_REFUSED}, 403)
        return None if token == self.api_key else json_response({"detail": _KEY_UNKNOWN}, 401)

    def begin_startup(self) -> None:
        """Be alive, but not ready."""
        self.not_ready = _NOT_READY[0]

    def lose_database(self) -> None:
        """Be alive without a database."""
        self.database_ok = False
        self.not_ready = _NOT_READY[1]

    def recover(self) -> None:
        """Be well again."""
        self.database_ok = self.ollama_reachable = True
        self.not_ready = None
        self.faults.clear()
