"""Prometheus: its alerts, the queries a person chose, and what the rest of the homelab can learn from it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from homeassistant.components.sensor import SensorStateClass
from homeassistant.helpers.selector import ObjectSelector, ObjectSelectorConfig
from homeassistant.util import slugify

from ..api.errors import ApiResponseError
from ..api.prometheus import FiringAlert, PrometheusClient, Sample
from ..const import LOGGER
from ..health.evidence import Evidence, said_something
from ..health.problem import Problem
from .alerts import DEFAULT_IGNORED, evidence_of, facts_of, name_of, severity_of, summary_of
from .capabilities import MeasuresVram, Vram
from .fields import LOGIN, TLS, Field
from .monitor import Monitor, MonitorSensor, Settings, by_id

CONF_QUERIES = "queries"
CONF_QUERY = "query"
CONF_ABOVE = "above"
CONF_BELOW = "below"
CONF_NAME = "name"
CONF_UNIT = "unit"
MAX_QUERIES = 20

_FULL = 0.9
"""Part of a volume that may be used."""

# Used and total of each GPU, in bytes, by the exporter there may be. A GPU that several pods see counts once.
_VRAM: Mapping[str, tuple[str, str]] = {
    "nvidia_gpu_exporter": (
        "max by (uuid) (nvidia_smi_memory_used_bytes)",
        "max by (uuid) (nvidia_smi_memory_total_bytes)",
    ),
    "dcgm": (
        "max by (UUID) (DCGM_FI_DEV_FB_USED) * 1048576",
        "max by (UUID) (DCGM_FI_DEV_FB_USED + DCGM_FI_DEV_FB_FREE) * 1048576",
    ),
    "windows_exporter": (
        "max by (luid) (windows_gpu_adapter_memory_dedicated_bytes)",
        "max by (luid) (windows_gpu_dedicated_video_memory_size_bytes) > 0",
    ),
}
_VOLUMES = (
    "max by (namespace, persistentvolumeclaim)"
    " (kubelet_volume_stats_used_bytes / kubelet_volume_stats_capacity_bytes)"
)
# By type, for the other metric keeps the last value of a namespace that has become clean. That one only tells
# that there is a k8sgpt (a series without a kind): one that finds nothing has no results by type at all.
_FINDINGS = "sum by (kind) (k8sgpt_number_of_results_by_type) or 0 * sum(k8sgpt_number_of_results)"


@dataclass(frozen=True, slots=True)
class Query:
    """A query that a person chose; above or below these limits it is a problem.

    `key` is the name as a part of a unique id.
    """

    key: str
    name: str
    expression: str
    unit: str | None
    above: float | None
    below: float | None

    @classmethod
    def from_settings(cls, data: Mapping[str, Any]) -> tuple[Query, ...]:
        """Return the queries of a subentry."""
        queries: dict[str, Query] = {}
        for one in (data.get(CONF_QUERIES) or ())[:MAX_QUERIES]:
            key = first = f"query_{slugify(one[CONF_NAME])}"
            # Different names may be the same without capitals and signs.
            number = 1
            while key in queries:
                number += 1
                key = f"{first}_{number}"
            queries[key] = cls(
                key,
                one[CONF_NAME],
                one[CONF_QUERY],
                one.get(CONF_UNIT),
                one.get(CONF_ABOVE),
                one.get(CONF_BELOW),
            )
        return tuple(queries.values())


@dataclass(frozen=True, slots=True)
class PrometheusData:
    """What Prometheus says. A query whose series does not exist has None.

    `volumes` are the used parts (0 to 1), by namespace and claim; `findings` are k8sgpt's counts by kind,
    None where there is no k8sgpt.
    """

    version: str | None
    firing: tuple[FiringAlert, ...]
    queries: Mapping[str, float | None]
    vram: Vram | None
    volumes: Mapping[str, float]
    findings: Mapping[str, int] | None


_NUMBER = {"number": {"step": "any", "mode": "box"}}
_QUERIES = ObjectSelector(
    ObjectSelectorConfig(
        fields={
            CONF_NAME: {"selector": {"text": {}}, "required": True},
            CONF_QUERY: {"selector": {"text": {}}, "required": True},
            CONF_UNIT: {"selector": {"text": {}}},
            CONF_ABOVE: {"selector": _NUMBER},
            CONF_BELOW: {"selector": _NUMBER},
        },
        multiple=True,
        label_field=CONF_NAME,
        translation_key="queries",
    )
)


class PrometheusMonitor(Monitor[PrometheusData], MeasuresVram[PrometheusData]):
    """One Prometheus server."""

    kind = "prometheus"
    manufacturer = "Prometheus"
    fields = (*LOGIN, *TLS, Field(CONF_QUERIES, _QUERIES, private_parts=(CONF_QUERY,)))

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._client = PrometheusClient(settings.session, settings.connection)
        self._queries = Query.from_settings(settings.data)

    async def fetch(self) -> PrometheusData:
        firing = await self._client.firing()
        return PrometheusData(
            version=await self._client.version(),
            firing=tuple(one for one in firing if one.labels.get("alertname") not in DEFAULT_IGNORED),
            queries={query.key: await self._value(query) for query in self._queries},
            vram=await self._vram(),
            volumes={_claim(sample): sample.value for sample in await self._client.query(_VOLUMES)},
            findings=await self._findings(),
        )

    async def check(self) -> None:
        """Raise ApiError also for a query that is wrong: now somebody is there who can mend it."""
        await self.fetch()
        for query in self._queries:
            await self._client.query(query.expression)

    def version(self, data: PrometheusData) -> str | None:
        return data.version

    def vram(self, data: PrometheusData) -> Vram | None:
        return data.vram

    def problems(self, data: PrometheusData) -> Mapping[str, Problem]:
        # Alertmanager has the same alerts, and knows which of them are silenced or follow from another.
        alerts = () if "alertmanager" in self.settings.kinds else self._alert_problems(data)
        return by_id((*alerts, *self._query_problems(data), *self._volume_problems(data)))

    async def evidence(self, data: PrometheusData, problem: Problem) -> tuple[Evidence, ...]:
        for alert, raised in zip(data.firing, self._alert_problems(data), strict=True):
            if raised.id == problem.id:
                return evidence_of(alert.labels, alert.annotations, alert.active_at)
        for query in self._queries if problem.kind == "query" else ():
            if query.name == problem.name:
                limits = {"above": query.above, "below": query.below}
                said = {"query": query.expression, "value": data.queries[query.key], "unit": query.unit}
                return said_something([Evidence.listed("Query", {**said, **limits})])
        return await super().evidence(data, problem)

    def sensors(self) -> tuple[MonitorSensor[PrometheusData], ...]:
        # A cluster that is watched itself knows its findings better, and sooner.
        findings = () if "kubernetes" in self.settings.kinds else (_FINDINGS_SENSOR,)
        return (_FIRING_SENSOR, *findings, *(_query_sensor(query) for query in self._queries))

    async def _value(self, query: Query) -> float | None:
        """Return the first value of a query; one that is wrong must not hide the others."""
        try:
            samples = await self._client.query(query.expression)
        except ApiResponseError as err:
            LOGGER.debug("The query %s of %s failed: %s", query.name, self.settings.name, err)
            return None
        return samples[0].value if samples else None

    async def _vram(self) -> Vram | None:
        for used, total in _VRAM.values():
            totals = await self._client.query(total)
            if not totals:
                continue
            largest = max(totals, key=lambda sample: sample.value)
            same = [one for one in await self._client.query(used) if _gpu(one) == _gpu(largest)]
            if same:
                return Vram(int(same[0].value), int(largest.value))
        return None

    async def _findings(self) -> dict[str, int] | None:
        samples = await self._client.query(_FINDINGS)
        if not samples:
            return None
        return {one.labels["kind"]: int(one.value) for one in samples if "kind" in one.labels}

    def _alert_problems(self, data: PrometheusData) -> Iterator[Problem]:
        for alert in data.firing:
            key = ",".join(f"{name}={value}" for name, value in sorted(alert.labels.items()))
            yield self.problem(
                "alert",
                key,
                name_of(alert.labels),
                summary_of(alert.labels, alert.annotations),
                severity=severity_of(alert.labels),
                since=alert.active_at,
                facts=facts_of(alert.labels, alert.annotations),
            )

    def _query_problems(self, data: PrometheusData) -> Iterator[Problem]:
        for query in self._queries:
            value = data.queries[query.key]
            if value is None:
                continue
            if query.above is not None and value > query.above:
                yield self._limit_problem(query, value, "above", query.above)
            elif query.below is not None and value < query.below:
                yield self._limit_problem(query, value, "below", query.below)

    def _limit_problem(self, query: Query, value: float, side: str, limit: float) -> Problem:
        unit = f" {query.unit}" if query.unit else ""
        return self.problem(
            "query",
            query.key,
            query.name,
            f"{query.name} is {value:g}{unit}, {side} {limit:g}{unit}",
            facts={"value": value, "unit": query.unit or "", "side": side, "limit": limit},
        )

    def _volume_problems(self, data: PrometheusData) -> Iterator[Problem]:
        for claim, used in data.volumes.items():
            if used > _FULL:
                yield self.problem(
                    "volume_full",
                    claim,
                    claim,
                    f"volume {claim} is {used:.0%} full",
                    facts={"percent": round(100 * used)},
                )


def _claim(sample: Sample) -> str:
    return f"{sample.labels.get('namespace', '')}/{sample.labels.get('persistentvolumeclaim', '')}"


def _gpu(sample: Sample) -> Sequence[str | None]:
    return [sample.labels.get(key) for key in ("uuid", "UUID", "luid")]


def _query_value(key: str, data: PrometheusData) -> float | None:
    return data.queries[key]


def _query_sensor(query: Query) -> MonitorSensor[PrometheusData]:
    """Return the sensor of a query; its name is the one that its person gave it."""
    return MonitorSensor(
        key=query.key,
        name=query.name,
        native_unit_of_measurement=query.unit,
        state_class=SensorStateClass.MEASUREMENT,
        value_fn=partial(_query_value, query.key),
        available_fn=lambda data: data.queries[query.key] is not None,
    )


_FIRING_SENSOR: MonitorSensor[PrometheusData] = MonitorSensor(
    key="alerts_firing",
    translation_key="alerts_firing",
    state_class=SensorStateClass.MEASUREMENT,
    value_fn=lambda data: len(data.firing),
)
_FINDINGS_SENSOR: MonitorSensor[PrometheusData] = MonitorSensor(
    key="k8sgpt_findings",
    translation_key="k8sgpt_findings",
    state_class=SensorStateClass.MEASUREMENT,
    value_fn=lambda data: None if data.findings is None else sum(data.findings.values()),
    exists_fn=lambda data: data.findings is not None,
    available_fn=lambda data: data.findings is not None,
)
