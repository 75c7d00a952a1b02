"""Servers that are no Ollama: what someone may point the integration at by mistake."""

import json
import ssl
from typing import Any

from aiohttp import web

from .http_server import HttpServer

_PAGE = "<!doctype html>\n<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>\n"


class HtmlServer(HttpServer):
    """A web server that answers everything with a page and 200, as many routers and NAS do."""

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer with the page."""
        return _page("Welcome")


class RedirectServer(HttpServer):
    """A server that sends every request to the same path of another one."""

    def __init__(
        self,
        target: str,
        *,
        status: int = 302,
        host: str = "127.0.0.1",
        port: int = 0,
        ssl_context: ssl.SSLContext | None = None,
    ) -> None:
        """Redirect to `target`, a base URL."""
        super().__init__(host=host, port=port, ssl_context=ssl_context)
        self.target = target.rstrip("/")
        self.status = status

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer with the redirect."""
        return web.Response(status=self.status, headers={"Location": self.target + request.path_qs})


class OpenWebUIServer(HttpServer):
    """An Open WebUI: often taken for Ollama, as it proxies one under /ollama (systems.md 7.1)."""

    def __init__(
        self,
        *,
        version: str = "0.6.33",
        host: str = "127.0.0.1",
        port: int = 0,
        ssl_context: ssl.SSLContext | None = None,
    ) -> None:
        """Prepare a server of this version."""
        super().__init__(host=host, port=port, ssl_context=ssl_context)
        self.version = version

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer what needs no session; anything else wants one, or is the single page app."""
        path = request.path
        answers: dict[str, Any] = {
            "/health": {"status": True},
            "/health/db": {"status": True},
            "/api/version": {"version": self.version, "deployment_id": ""},
            "/api/config": self._config(),
        }
        if path == "/api/config" and "Authorization" in request.headers:
            # An API key is taken for a session token there, which it is not.
            return _json({"detail": "401 Unauthorized"}, 401)
        if path in answers:
            if request.method not in ("GET", "HEAD"):
                return _json({"detail": "Method Not Allowed"}, 405)
            return _json(answers[path])
        if path.startswith(("/ollama/", "/openai/", "/api/v1/")) or path in _FOR_USERS:
            return _json({"detail": "Not authenticated"}, 401)
        if request.method not in ("GET", "HEAD"):
            return _json({"detail": "Method Not Allowed"}, 405)
        return _page("Open WebUI")

    def _config(self) -> dict[str, Any]:
        return {
            "status": True,
            "name": "Open WebUI",
            "version": self.version,
            "default_locale": "",
            "oauth": {"providers": {}},
            "features": {
                "auth": True,
                "auth_trusted_header": False,
                "enable_signup_password_confirmation": False,
                "enable_ldap": False,
                "enable_api_key": True,
                "enable_signup": False,
                "enable_login_form": True,
                "enable_websocket": True,
                "enable_version_update_check": True,
            },
        }


_FOR_USERS = frozenset({"/api/version/updates", "/api/usage", "/api/models", "/api/chat/completions"})


def _page(title: str) -> web.Response:
    return web.Response(text=_PAGE.format(title=title), content_type="text/html")


def _json(value: object, status: int = 200) -> web.Response:
    return web.Response(status=status, body=json.dumps(value).encode(), content_type="application/json")
