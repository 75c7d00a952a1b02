"""Paperless-AI, and the fork that is still developed.

Sources: clusterzx/paperless-ai server.js, routes/setup.js, routes/auth.js, models/document.js;
Admonstrator/zettelrobbe server.js; systems.md 7.4.
"""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

from aiohttp import web

from .app import AppServer, json_response, page

KEY = "7c3e9a51f0b24d6d8e1c5a9b3f7d2e40"

Flavour = Literal["upstream", "zettelrobbe"]

_PUBLIC = ("/health", "/login", "/logout", "/setup")


@dataclass(slots=True)
class Document:
    """A document it is busy with, or was last."""

    document_id: int
    title: str
    at: datetime = field(default_factory=lambda: datetime.now(UTC))
    status: str = "processing"


class PaperlessAIServer(AppServer):
    """A Paperless-AI 3.0.9 (`upstream`), or its fork."""

    def __init__(
        self,
        flavour: Flavour = "upstream",
        *,
        api_key: str = KEY,
        configured: bool = True,
        **settings: Any,
    ) -> None:
        """Prepare a server that is well; what is not is set by its attributes."""
        super().__init__(**settings)
        self.flavour = flavour
        self.api_key = api_key
        self.configured = configured
        self.health: Literal["healthy", "database_error", "error"] = "healthy"
        self.processing: Document | None = None
        self.last_processed: Document | None = None
        self.processed: list[Document] = []
        self.processed_today = 0
        # How long the scan of a synchronous POST /api/scan/now takes.
        self.scan_seconds = 0.0
        # The fork's alone. Where its answers carry the scan's health has been read in no source.
        self.scan_health_key = "scanHealth"
        self.scan_interval = "*/30 * * * *"
        self.last_run: tuple[Literal["ok", "paperless_unreachable", "error"], datetime] | None = None
        self.last_successful_run: datetime | None = None
        self.failures = 0
        self.paperless_reachable = True
        self.paperless_authorized = True
        # Requests to /api it takes until the limit's window ends; None sets no limit.
        self.requests_left: int | None = None

    @property
    def degraded(self) -> bool:
        """Whether so many scans have failed that the fork calls itself ill."""
        return self.failures >= 3

    def finish(self, document_id: int, title: str, at: datetime | None = None) -> None:
        """Have processed a document."""
        self.last_processed = Document(document_id, title, at or datetime.now(UTC), "complete")
        self.processed.append(self.last_processed)
        self.processed_today += 1

    def scan(self, *, reachable: bool = True, authorized: bool = True) -> None:
        """Have scanned Paperless-ngx, or have tried to."""
        self.paperless_reachable, self.paperless_authorized = reachable, authorized
        usable = reachable and authorized
        now = datetime.now(UTC)
        self.last_run = ("ok" if usable else "paperless_unreachable", now)
        if usable:
            self.last_successful_run, self.failures = now, 0
        else:
            self.failures += 1

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Answer as the app does."""
        if request.path == "/health":
            return self._health()
        if request.path.startswith(_PUBLIC):
            return page("Paperless-AI")
        if request.path.startswith("/api/") and self.flavour == "zettelrobbe":
            limited = self._limited()
            if limited is not None:
                return limited
        if not self.configured:
            if (request.method, request.path) == ("POST", "/api/scan/now") and self.flavour == "upstream":
                # It forgets to answer.
                await asyncio.get_running_loop().create_future()
            return _redirect("/setup")
        if request.headers.get("x-api-key") != self.api_key:
            return _redirect("/login")
        return await self._opened(request)

    async def _opened(self, request: web.Request) -> web.Response:
        match request.method, request.path:
            case "GET", "/api/processing-status":
                return json_response(self._status())
            case "GET", "/api/history":
                return json_response(self._history(request))
            case "POST", "/api/scan/now" if self.flavour == "zettelrobbe":
                started = self.processing is None
                said = "Scan started." if started else "Scan is already running."
                answer = {"started": started, "running": True, "stopRequested": False, "message": said}
                return json_response(answer)
            case "POST", "/api/scan/now":
                await asyncio.sleep(self.scan_seconds)
                return web.Response(text="Task completed")
            case "GET", "/":
                return _redirect("/dashboard")
        return web.Response(
            status=404, text=f"Cannot {request.method} {request.path}", content_type="text/html"
        )

    def _health(self) -> web.Response:
        said: dict[str, Any] = {"status": self.health}
        code = 200
        if self.health != "healthy":
            code = 503 if self.health == "database_error" else 500
            said["message"] = "Database check failed" if code == 503 else "SQLITE_CANTOPEN"
        elif self.flavour == "zettelrobbe" and self.degraded:
            code, said["status"] = 503, "degraded"
        return json_response(said | self._scan_health(), code)

    def _status(self) -> dict[str, Any]:
        busy, last = self.processing, self.last_processed
        return {
            "currentlyProcessing": busy
            and {
                "documentId": busy.document_id,
                "title": busy.title,
                "startTime": _sqlite(busy.at),
                "status": busy.status,
            },
            "lastProcessed": last
            and {"documentId": last.document_id, "title": last.title, "processed_at": _sqlite(last.at)},
            "processedToday": self.processed_today,
            "isProcessing": busy is not None,
            **self._scan_health(),
        }

    def _history(self, request: web.Request) -> dict[str, Any]:
        start, length = (
            int(request.query.get(name, usual)) for name, usual in (("start", "0"), ("length", "10"))
        )
        newest = sorted(self.processed, key=lambda document: document.at, reverse=True)
        return {
            "draw": int(request.query.get("draw", "1")),
            "recordsTotal": len(newest),
            "recordsFiltered": len(newest),
            "data": [
                {
                    "document_id": document.document_id,
                    "title": document.title,
                    "created_at": _sqlite(document.at),
                    "tags": [],
                    "correspondent": "Not assigned",
                    "link": f"http://paperless.home/documents/{document.document_id}/",
                }
                for document in newest[start : start + length]
            ],
        }

    def _scan_health(self) -> dict[str, Any]:
        if self.flavour == "upstream":
            return {}
        usable = self.paperless_reachable and self.paperless_authorized
        reason = "HTTP 401" if self.paperless_reachable else "connect ECONNREFUSED 10.0.0.7:8000"
        state = {
            "armed": True,
            "scanInterval": self.scan_interval,
            "lastRunFinishedAt": self.last_run and _iso(self.last_run[1]),
            "lastRunStatus": self.last_run and self.last_run[0],
            "lastSuccessfulRunAt": self.last_successful_run and _iso(self.last_successful_run),
            "consecutiveFailures": self.failures,
            "degraded": self.degraded,
            "paperless": {
                "reachable": self.paperless_reachable,
                "authorized": self.paperless_reachable and self.paperless_authorized,
                "usable": usable,
                "lastCheckedAt": _iso(datetime.now(UTC)),
                "error": None if usable else reason,
            },
        }
        return {self.scan_health_key: state}

    def _limited(self) -> web.Response | None:
        if self.requests_left is None:
            return None
        if self.requests_left > 0:
            self.requests_left -= 1
            return None
        return json_response(
            {"success": False, "error": "Too many requests. Please try again later."},
            429,
            {
                "RateLimit-Policy": "300;w=900",
                "RateLimit-Limit": "300",
                "RateLimit-Remaining": "0",
                "RateLimit-Reset": "60",
                "Retry-After": "60",
            },
        )


def _redirect(path: str) -> web.Response:
    return web.Response(status=302, text=f"Found. Redirecting to {path}", headers={"Location": path})


def _sqlite(moment: datetime) -> str:
    """As SQLite's CURRENT_TIMESTAMP: UTC, and no word that it is."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")


def _iso(moment: datetime) -> str:
    """As JavaScript's toISOString."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
