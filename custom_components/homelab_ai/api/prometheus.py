"""Prometheus, its HTTP API (`docs/querying/api.md`)."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from urllib.parse import urlencode

import aiohttp

from .answers import Json, Moment, Number, Text, number, object_in, objects, text, texts, time, when_object
from .errors import ApiAuthenticationError, ApiResponseError
from .http import TIMEOUT, Answer, Connection, fetch

MAX_ANSWER = 4 * 1024**2
"""Bytes; JSON of this size is parsed in about 50 milliseconds, during which nothing else happens."""
_MAX_VERSION = 50
_MAX_ADDRESS = 2048
_MOST_ALERTMANAGERS = 10
_DIGEST = 32
_NOTHING = Text("")
_QUERY_TIMEOUT = f"{TIMEOUT * 0.8:g}s"
"""Less than we wait: a query that takes too long is refused, and Prometheus not taken for dead."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One series of an instant query; `value` is finite."""

    labels: Mapping[str, Text]
    value: Number


@dataclass(frozen=True, slots=True)
class FiringAlert:
    """One alert that Prometheus itself considers firing.

    `disguise` is a digest of the labels as they came where those are not the labels shown here, else empty:
    two alerts may differ in nothing but what is not shown.
    """

    labels: Mapping[str, Text]
    annotations: Mapping[str, Text]
    active_at: Moment | None
    disguise: Text = _NOTHING

    @property
    def key(self) -> str:
        """Return what tells an alert from all others: Prometheus gives it no id."""
        return f"{joined(self.labels)}~{self.disguise}" if self.disguise else joined(self.labels)


class PrometheusClient:
    """One Prometheus server, or what speaks like it (Thanos, Mimir, VictoriaMetrics)."""

    def __init__(self, session: aiohttp.ClientSession, connection: Connection) -> None:
        """Open nothing yet."""
        self._session = session
        self._connection = connection

    async def version(self) -> Text | None:
        """Return the version, None where it does not say. Raises ApiError."""
        try:
            return await self._data("/api/v1/status/buildinfo", _version)
        except ApiAuthenticationError, ApiResponseError:
            # What only speaks like Prometheus need not have this, and a proxy need not let us see it.
            return None

    async def query(self, expression: str) -> tuple[Sample, ...]:
        """Return the series of an instant query that have a finite value. Raises ApiError.

        An empty answer is no zero: the series does not exist (any more).
        """
        parameters = urlencode({"query": expression, "timeout": _QUERY_TIMEOUT})
        return await self._data(f"/api/v1/query?{parameters}", _result)

    async def firing(self) -> tuple[FiringAlert, ...]:
        """Return the alerts that fire; pending ones are left out. Raises ApiError."""
        return await self._data("/api/v1/alerts", _firing)

    async def alertmanagers(self) -> tuple[Text, ...]:
        """Return the addresses that alerts are sent to, as Prometheus reaches them. Raises ApiError.

        https://prometheus.io/docs/prometheus/latest/querying/api/#alertmanagers
        """
        return await self._data("/api/v1/alertmanagers", _alertmanagers)

    async def _data[ReadT](self, path: str, parse: Callable[[Json], ReadT]) -> ReadT:
        """Return what is read of the `data` of an answer."""
        answer = await fetch(self._session, self._connection, "GET", path, max_body=MAX_ANSWER)
        answer.raise_for_status(_explanation(answer))

        def data(body: object) -> ReadT:
            fields = when_object(body)
            if fields.get("status") != "success":
                raise ApiResponseError(text(fields.get("error"), 200) or "no success", answer.status)
            return parse(when_object(fields.get("data")))

        return await answer.read(data)


def _alertmanagers(data: Json) -> tuple[Text, ...]:
    told = islice(objects(data.get("activeAlertmanagers")), _MOST_ALERTMANAGERS)
    return tuple(address for item in told if (address := text(item.get("url"), _MAX_ADDRESS)))


def _version(data: Json) -> Text | None:
    return text(data.get("version"), _MAX_VERSION) or None


def _result(data: Json) -> tuple[Sample, ...]:
    if data.get("resultType") == "scalar":
        return _samples([{"value": data.get("result")}])
    if data.get("resultType") != "vector":
        raise ApiResponseError(f"the query gives a {text(data.get('resultType'), 50)}, not a vector")
    return _samples(data.get("result"))


def _firing(data: Json) -> tuple[FiringAlert, ...]:
    return tuple(_alert(entry) for entry in objects(data.get("alerts")) if entry.get("state") == "firing")


def _alert(one: Json) -> FiringAlert:
    labels = texts(one.get("labels"))
    return FiringAlert(
        labels=labels,
        annotations=texts(one.get("annotations")),
        active_at=time(one.get("activeAt")),
        disguise=_disguise(object_in(one, "labels"), labels),
    )


def _disguise(came: Json, shown: Mapping[str, Text]) -> Text:
    if came == shown:
        return _NOTHING
    told = joined({name: value for name, value in came.items() if isinstance(value, str)})
    return Text(sha256(told.encode(errors="surrogatepass")).hexdigest()[:_DIGEST])


def joined(labels: Mapping[str, str]) -> str:
    """Return labels as one text that no other labels have."""
    return ",".join(
        f"{_escaped(name).replace('=', '\\=')}={_escaped(value)}" for name, value in sorted(labels.items())
    )


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace(",", "\\,")


def _explanation(answer: Answer) -> str:
    """Return what Prometheus says is wrong: a bad query, one it cannot run, one too slow; else the body."""
    if answer.status in (400, 422, 503):
        with suppress(ApiResponseError):
            return text(when_object(answer.json()).get("error"))
    return answer.body.decode(errors="replace")


def _samples(result: object) -> tuple[Sample, ...]:
    samples: list[Sample] = []
    for entry in objects(result):
        pair = entry.get("value")
        value = number(pair[1]) if isinstance(pair, list) and len(pair) == 2 else None
        if value is not None:
            samples.append(Sample(texts(entry.get("metric")), value))
    return tuple(samples)
