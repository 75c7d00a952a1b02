"""How the API server words its answers: JSON, and a Status for whatever it refuses.

Source: kubernetes/apimachinery api/errors; systems.md 4.1.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from demo.servers.ollama.wire import encode

from .resources import Resource

type Object = dict[str, Any]

# The server compresses what is longer, if the client takes that.
_COMPRESSED_FROM = 128 * 1024


class StatusError(Exception):
    """An answer that is a Status of failure."""

    def __init__(
        self,
        code: int,
        reason: str,
        message: str,
        *,
        details: Mapping[str, Any] | None = None,
        metadata: Mapping[str, Any] | None = None,
    ) -> None:
        """Keep what the Status says."""
        super().__init__(message)
        self.code = code
        self.status: Object = {
            "kind": "Status",
            "apiVersion": "v1",
            "metadata": dict(metadata or {}),
            "status": "Failure",
            "message": message,
            "reason": reason,
            **({} if details is None else {"details": dict(details)}),
            "code": code,
        }

    def response(self) -> web.Response:
        """The HTTP answer; what it says of trying again stands in its header, too."""
        response = json_response(self.status, self.code)
        seconds = self.status.get("details", {}).get("retryAfterSeconds")
        if seconds is not None:
            response.headers["Retry-After"] = str(seconds)
        return response


def unauthorized() -> StatusError:
    """No token, or a wrong one."""
    return StatusError(401, "Unauthorized", "Unauthorized")


def anonymous_forbidden(verb: str, path: str) -> StatusError:
    """Somebody without a token, where the server takes such people for "system:anonymous"."""
    said = f'forbidden: User "system:anonymous" cannot {verb} path "{path}"'
    return StatusError(403, "Forbidden", said, details={})


def bad_request(message: str) -> StatusError:
    """A parameter that makes no sense."""
    return StatusError(400, "BadRequest", message)


def forbidden(resource: Resource, name: str, message: str) -> StatusError:
    """A verb that the token has no right to."""
    named = f' "{name}"' if name else ""
    return StatusError(
        403,
        "Forbidden",
        f"{resource.qualified}{named} is forbidden: {message}",
        details=_what(resource, name),
    )


def not_found(resource: Resource, name: str) -> StatusError:
    """An object that is not there."""
    return StatusError(
        404, "NotFound", f'{resource.qualified} "{name}" not found', details=_what(resource, name)
    )


def unknown_resource() -> StatusError:
    """A resource that its group does not have."""
    return StatusError(404, "NotFound", "the server could not find the requested resource", details={})


def method_not_allowed() -> StatusError:
    """A method that no route takes."""
    return StatusError(
        405, "MethodNotAllowed", "the server does not allow this method on the requested resource", details={}
    )


def expired(message: str, *, continuation: str | None = None) -> StatusError:
    """A resource version or page that history no longer holds."""
    metadata = {} if continuation is None else {"continue": continuation}
    return StatusError(410, "Expired", message, metadata=metadata)


def json_response(value: object, status: int = 200) -> web.Response:
    """Answer with one JSON document and a line end, as the API server does."""
    return body_response(encode(value) + b"\n", status)


def body_response(body: bytes, status: int = 200, *, compressible: bool = False) -> web.Response:
    """Answer with JSON that is encoded already."""
    response = web.Response(
        status=status,
        body=body,
        headers={"Content-Type": "application/json", "Cache-Control": "no-cache, private"},
    )
    if compressible and len(body) > _COMPRESSED_FROM:
        response.enable_compression(web.ContentCoding.gzip)
    return response


def text_response(text: str, status: int = 200) -> web.Response:
    """Answer as Go's http.Error does."""
    return web.Response(status=status, text=text, content_type="text/plain", charset="utf-8")


def page_not_found() -> web.Response:
    """What stands at every path that no API group has taken; it is no JSON."""
    return text_response("404 page not found\n", 404)


def timestamp(moment: datetime | float) -> str:
    """RFC 3339 in whole seconds, as metav1.Time."""
    if not isinstance(moment, datetime):
        moment = datetime.fromtimestamp(moment, UTC)
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _what(resource: Resource, name: str) -> Object:
    said = {"name": name, "group": resource.group, "kind": resource.plural}
    return {key: value for key, value in said.items() if value}
