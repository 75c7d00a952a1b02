"""JSON as Go writes and reads it: error forms, omitted zeros, nanoseconds, durations.

Sources: ollama api/types.go and server/routes.go; systems.md 1.3 and 1.10.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
import json
import re
from typing import Any

from aiohttp import web

NDJSON = "application/x-ndjson"

# time.Duration(math.MaxInt64): what Ollama makes of any negative keep_alive, 292 years.
FOREVER = (2**63 - 1) / 1e9
# The simulated host's local zone; a fixed one so that payloads have an offset everywhere.
_LOCAL = timezone(timedelta(hours=1))

_UNITS = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "μs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}
_DURATION = re.compile(r"[-+]?(?:0|(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)")
_DURATION_PART = re.compile(r"(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)")


class ApiError(Exception):
    """An answer `{"error": text}` with a status."""

    def __init__(self, status: int, text: str) -> None:
        """Keep status and text."""
        super().__init__(text)
        self.status = status
        self.text = text


def encode(value: object) -> bytes:
    """Marshal as Go's encoding/json does: compact, UTF-8, with <, > and & escaped."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for character, escape in (("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026")):
        text = text.replace(character, escape)
    return text.encode()


def json_response(value: object, status: int = 200) -> web.Response:
    """Answer as gin's `c.JSON` does."""
    return web.Response(
        status=status, body=encode(value), headers={"Content-Type": "application/json; charset=utf-8"}
    )


def text_response(text: str, status: int = 200) -> web.Response:
    """Answer as gin's `c.String` does."""
    return web.Response(status=status, text=text, content_type="text/plain")


def without_zeros(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out what Go's `omitempty` leaves out."""
    return {key: value for key, value in fields.items() if value not in (0, "", None, [], {})}


def nanoseconds(seconds: float) -> int:
    """Give a Go duration."""
    return round(seconds * 1e9)


def utc_time(timestamp: float) -> str:
    """RFC 3339 with nanoseconds, as `created_at`."""
    return _rfc3339(timestamp, UTC).replace("+00:00", "Z")


def local_time(timestamp: float) -> str:
    """RFC 3339 with nanoseconds and the host's offset, as `modified_at` and `expires_at`."""
    return _rfc3339(timestamp, _LOCAL)


def _rfc3339(timestamp: float, zone: timezone) -> str:
    moment = datetime.fromtimestamp(timestamp, zone)
    # Go trims trailing zeros; the last three digits stand for the nanoseconds Python lacks.
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond:06d}789{moment:%:z}"


def quoted(text: str) -> str:
    """Quote like Go's %q."""
    return json.dumps(text, ensure_ascii=False)


def keep_alive_seconds(value: object) -> float | None:
    """Read `keep_alive`: seconds, or a Go duration; negative means forever; None when not given.

    Raises ApiError 400 for what Go's time.ParseDuration refuses, a bare "-1" among it.
    """
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        raise ApiError(400, f"unsupported duration type: '{_go_type(value)}'")
    seconds = parse_duration(value) if isinstance(value, str) else float(value)
    return FOREVER if seconds < 0 else min(seconds, FOREVER)


def parse_duration(text: str) -> float:
    """Parse like Go's time.ParseDuration, in seconds."""
    if not _DURATION.fullmatch(text):
        if re.fullmatch(r"[-+]?(\d+\.?\d*|\.\d+)", text):
            raise ApiError(400, f"time: missing unit in duration {quoted(text)}")
        raise ApiError(400, f"time: invalid duration {quoted(text)}")
    seconds = sum(float(number) * _UNITS[unit] for number, unit in _DURATION_PART.findall(text))
    return -seconds if text.startswith("-") else seconds


def _go_type(value: object) -> str:
    if isinstance(value, bool):
        return "bool"
    return "[]interface {}" if isinstance(value, list) else "map[string]interface {}"


def _json_kind(value: object) -> str:
    kinds = ((bool, "bool"), (str, "string"), (list, "array"), (dict, "object"))
    for kind, name in kinds:
        if isinstance(value, kind):
            return name
    return f"number {value}" if isinstance(value, float) else "number"


class Fields:
    """One JSON object read field by field, refusing wrong types as Go's decoder does.

    A missing field and `null` both give the zero value; unknown fields are ignored.
    """

    def __init__(self, value: object, struct: str, prefix: str = "") -> None:
        """Take a decoded JSON value that must be an object."""
        if not isinstance(value, dict):
            kind = _json_kind(value)
            where = f"struct field {struct}.{prefix}" if prefix else "value"
            raise ApiError(400, f"json: cannot unmarshal {kind} into Go {where} of type api.{struct}")
        self.value: dict[str, Any] = value
        self._struct = struct
        self._prefix = prefix

    def refuse(self, name: str, value: object, kind: str) -> ApiError:
        """Word the decoder's complaint about one field."""
        path = f"{self._prefix}.{name}" if self._prefix else name
        return ApiError(
            400,
            f"json: cannot unmarshal {_json_kind(value)} into Go struct field {self._struct}.{path}"
            f" of type {kind}",
        )

    def text(self, name: str) -> str:
        """Read a string."""
        value = self.value.get(name)
        if value is None:
            return ""
        if not isinstance(value, str):
            raise self.refuse(name, value, "string")
        return value

    def flag(self, name: str, default: bool) -> bool:
        """Read a boolean."""
        value = self.value.get(name)
        if value is None:
            return default
        if not isinstance(value, bool):
            raise self.refuse(name, value, "bool")
        return value

    def integer(self, name: str) -> int:
        """Read an integer."""
        value = self.value.get(name)
        if value is None:
            return 0
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.refuse(name, value, "int")
        return value

    def array(self, name: str, kind: str) -> list[Any]:
        """Read an array of anything."""
        value = self.value.get(name)
        if value is None:
            return []
        if not isinstance(value, list):
            raise self.refuse(name, value, f"[]{kind}")
        return value

    def mapping(self, name: str) -> dict[str, Any]:
        """Read an object of anything."""
        value = self.value.get(name)
        if value is None:
            return {}
        if not isinstance(value, dict):
            raise self.refuse(name, value, "map[string]interface {}")
        return value

    def objects(self, name: str, kind: str) -> list[Fields]:
        """Read an array of objects."""
        path = f"{self._prefix}.{name}" if self._prefix else name
        fields = []
        for item in self.array(name, kind):
            if not isinstance(item, dict):
                raise self.refuse(name, item, kind)
            fields.append(Fields(item, self._struct, path))
        return fields

    def object(self, name: str) -> Fields:
        """Read an object, empty when missing."""
        path = f"{self._prefix}.{name}" if self._prefix else name
        return Fields(self.mapping(name), self._struct, path)


async def read_body(request: web.Request) -> tuple[dict[str, Any] | None, ApiError | None]:
    """Decode a request's JSON object; the error is for the handler to raise if it needs the body."""
    raw = await request.read()
    if not raw.strip():
        return None, ApiError(400, "missing request body")
    try:
        value = json.loads(raw, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        return None, ApiError(400, _syntax_error(error))
    except UnicodeDecodeError:
        return None, ApiError(400, "invalid character '\\ufffd' in string literal")
    if not isinstance(value, dict):
        kind = _json_kind(value)
        return None, ApiError(400, f"json: cannot unmarshal {kind} into Go value of type api.Request")
    return value, None


def _refuse_constant(name: str) -> object:
    # Python's decoder would take NaN and Infinity, Go's does not.
    raise json.JSONDecodeError("constant", name, 0)


def _syntax_error(error: json.JSONDecodeError) -> str:
    if error.pos >= len(error.doc.rstrip()):
        return "unexpected EOF"
    return f"invalid character '{error.doc[error.pos]}' looking for beginning of value"
