"""Prometheus: its alerts, the queries a person chose, and what the rest of the homelab can learn from it."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from homeassistant.components.sensor import SensorStateClass
from homeassistant.helpers.selector import ObjectSelector, ObjectSelectorConfig

from ..api.errors import ApiConnectionError, ApiError
from ..api.prometheus import FiringAlert, PrometheusClient, Sample
from ..health.evidence import Evidence, said_something
from ..health.problem import Problem
from ..health.unseen import Unseen
from .alerts import (
    CONF_IGNORED,
    DEFAULT_IGNORED,
    HEARTBEATS,
    NAMES,
    Ignored,
    Noted,
    evidence_of,
    facts_of,
    name_of,
    severity_of,
    summary_of,
    told_of,
    unknown_severity,
)
from .capabilities import KnowsSystems, MeasuresVram, Vram
from .fields import LOGIN, TLS, Field
from .gpu_memory import QUERIES, vram_of
from .heartbeats import CONF_HEARTBEATS, Heartbeats
from .monitor import Doubt, Introduction, Monitor, MonitorSensor, Settings, by_id
from .parts import ask_all, is_absent, raise_if_all_failed, unseen
from .presets import PRESETS
from .queries import (
    CONF_ABOVE,
    CONF_BELOW,
    CONF_NAME,
    CONF_QUERIES,
    CONF_QUERY,
    CONF_UNIT,
    Query,
    Reading,
)
from .query_sensor import query_sensor

_FULL = 0.9
"""Part of a volume that may be used."""

_VOLUMES_QUERY = (
    "max by (namespace, persistentvolumeclaim)"
    " (kubelet_volume_stats_used_bytes / kubelet_volume_stats_capacity_bytes)"
)
# By type, for the other metric keeps the last value of a namespace that has become clean. That one only tells
# that there is a k8sgpt (a series without a kind): one that finds nothing has no results by type at all.
_FINDINGS_QUERY = "sum by (kind) (k8sgpt_number_of_results_by_type) or 0 * sum(k8sgpt_number_of_results)"


_CAPACITIES = "max by (namespace, persistentvolumeclaim) (kubelet_volume_stats_capacity_bytes)"
_ALERTS, _VERSION, _VOLUMES, _FINDINGS = "alerts", "version", "volumes", "findings"
_PARTS: Mapping[str, str] = {
    _VOLUMES: _VOLUMES_QUERY,
    _FINDINGS: _FINDINGS_QUERY,
    **QUERIES,
}
"""The queries of ours, by what they are for; those of a person have keys that begin with "query_"."""


@dataclass(frozen=True, slots=True)
class PrometheusData:
    """What Prometheus says; None of what it could not, or does not have at all.

    A query whose series does not exist has None. `volumes` are the used parts (0 to 1), by namespace and
    claim, and `capacities` their bytes where several are full; `findings` are k8sgpt's counts by kind, None
    where there is no k8sgpt. `failed` are the errors of the parts that are missing, by their keys.
    """

    version: str | None
    firing: tuple[FiringAlert, ...] | None
    queries: Mapping[str, Reading | None]
    vram: Vram | None
    volumes: Mapping[str, float] | None
    capacities: Mapping[str, float]
    findings: Mapping[str, int] | None
    failed: Mapping[str, ApiError]
    alerts: Mapping[str, Problem] = field(default_factory=dict)
    """The problems of those that fire, by id."""
    silent: tuple[Problem, ...] = ()
    """The heartbeats that have stopped."""


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


class PrometheusMonitor(Monitor[PrometheusData], MeasuresVram[PrometheusData], KnowsSystems):
    """One Prometheus server, or what speaks like it: asked in parts, of which each may be missing."""

    kind = "prometheus"
    manufacturer = "Prometheus"
    heeds = frozenset({"alertmanager", "kubernetes"})
    manual = "systems.md#queries-to-begin-with"
    fields = (
        *LOGIN,
        *TLS,
        Field(CONF_QUERIES, _QUERIES, private_parts=(CONF_QUERY,)),
        Field(CONF_IGNORED, NAMES),
        HEARTBEATS,
    )

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._client = PrometheusClient(settings.session, settings.connection)
        self._queries = Query.from_settings(settings.data)
        self._ignored = Ignored(settings.data.get(CONF_IGNORED, DEFAULT_IGNORED))
        self._noted: Noted[FiringAlert] = Noted(lambda alert: alert.key, self._alert_problem)
        self._heartbeats = Heartbeats(settings.data.get(CONF_HEARTBEATS, ()))

    def remember(self, problems: Iterable[Problem]) -> None:
        self._heartbeats.remember(problems, datetime.now(UTC))

    async def fetch(self) -> PrometheusData:
        # One that does not answer at all is not asked thirty questions.
        first = await ask_all({_ALERTS: self._client.firing(), _VERSION: self._client.version()})
        if all(isinstance(answer, ApiConnectionError) for answer in first.values()):
            raise_if_all_failed(first)
        requests = {part: self._client.query(expression) for part, expression in _PARTS.items()}
        requests |= {query.key: self._client.query(query.expression) for query in self._queries}
        answers: dict[str, Any] = first | await ask_all(requests)
        raise_if_all_failed({key: answer for key, answer in answers.items() if key != _VERSION})
        failed = {key: answer for key, answer in answers.items() if isinstance(answer, ApiError)}
        samples = {key: answer for key, answer in answers.items() if key not in failed}
        volumes = (
            {_claim(sample): sample.value for sample in samples[_VOLUMES]} if _VOLUMES in samples else None
        )
        firing = await self._told_of(samples[_ALERTS]) if _ALERTS in samples else None
        return PrometheusData(
            version=samples.get(_VERSION),
            firing=firing,
            alerts=await self._noted.take(firing or ()),
            queries={query.key: query.read(samples.get(query.key, ())) for query in self._queries},
            vram=vram_of(samples),
            volumes=volumes,
            capacities=await self._capacities(volumes or {}),
            findings=_findings(samples.get(_FINDINGS, ())),
            failed=MappingProxyType(failed),
            silent=tuple(self._heartbeats.problems(datetime.now(UTC), self.problem)),
        )

    async def _told_of(self, firing: Sequence[FiringAlert]) -> tuple[FiringAlert, ...]:
        return tuple(await told_of(firing, self._heartbeats, self._ignored, datetime.now(UTC)))

    async def _capacities(self, volumes: Mapping[str, float]) -> dict[str, float]:
        """Return how large the volumes are, where that may tell that some are one; nothing if it fails."""
        if sum(used > _FULL for used in volumes.values()) < 2:
            return {}
        answers = await ask_all({_VOLUMES: self._client.query(_CAPACITIES)})
        samples = answers[_VOLUMES]
        return {} if isinstance(samples, ApiError) else {_claim(sample): sample.value for sample in samples}

    async def check(self) -> Collection[Doubt]:
        """Raise ApiError also for a query that is wrong: now somebody is there who can mend it."""
        data = await self.fetch()
        for query in self._queries:
            if query.key in data.failed:
                raise data.failed[query.key]
        return tuple(self.doubts(data))

    async def introduce(self) -> Introduction:
        own = {query.expression for query in self._queries}
        asked = {key: preset for key, preset in PRESETS.items() if preset.query not in own}
        answers = await ask_all({key: self._client.query(preset.query) for key, preset in asked.items()})
        values: dict[str, float] = {}
        for key, samples in answers.items():
            readings = () if isinstance(samples, ApiError) else samples
            (query,) = Query.from_settings({CONF_QUERIES: [asked[key].named(key)]})
            if reading := query.read(readings):
                values[key] = reading.value
        return Introduction(presets=values)

    def remembered(self, data: PrometheusData) -> Mapping[str, Problem]:
        return by_id(self._heartbeats.beating(self.problem))

    def doubts(self, data: PrometheusData) -> Iterator[Doubt]:
        for query in self._queries:
            if query.key not in data.failed and data.queries[query.key] is None:
                yield Doubt("query_empty", query.name)

    def not_seen(self, data: PrometheusData) -> tuple[Unseen, ...]:
        by_alertmanager = "alertmanager" in self.settings.kinds
        bounded = {query.key: query for query in self._queries}
        found: list[Unseen] = []
        for key, error in data.failed.items():
            if key == _ALERTS:
                found.append(unseen(error, "alerts", essential=not by_alertmanager))
            elif key == _VOLUMES:
                found.append(unseen(error, "volumes"))
            elif key in bounded:
                query = bounded[key]
                found.append(unseen(error, "query", query.name, essential=query.is_bounded))
            elif key in QUERIES and data.vram is None:
                found.append(unseen(error, "gpu", essential=False))
            elif key == _FINDINGS and "kubernetes" not in self.settings.kinds:
                found.append(unseen(error, "findings", essential=False))
        # What it measures is gone: nobody knows whether it is within its bounds.
        found += [Unseen("query", name=query.name) for query in self._vanished(data)]
        return tuple(dict.fromkeys(found))

    def _vanished(self, data: PrometheusData) -> Iterator[Query]:
        """Yield the queries with bounds that should give a series, and give none."""
        for query in self._queries:
            is_missing = query.key not in data.failed and data.queries[query.key] is None
            if is_missing and query.is_bounded and query.needs_series:
                yield query

    def is_unread(self, data: PrometheusData, problem: Problem) -> bool:
        if problem.kind == "query":
            unread = {query.key for query in self._vanished(data)} | data.failed.keys()
            return any(problem.id == self._query_id(query) for query in self._queries if query.key in unread)
        return (problem.kind == "alert" and data.firing is None and not is_absent(data.failed[_ALERTS])) or (
            problem.kind == "volume_full" and data.volumes is None
        )

    def _query_id(self, query: Query) -> str:
        return self.problem("query", query.key, query.name, "").id

    def remarks(self, data: PrometheusData) -> Mapping[str, object]:
        words = {unknown_severity(alert.labels) for alert in data.firing or ()}
        return {
            "unknown_severities": sorted(words - {""}),
            "failed": {key: type(error).__name__ for key, error in data.failed.items()},
        }

    async def known_systems(self) -> tuple[tuple[str, str], ...]:
        addresses = await self._client.alertmanagers()
        return tuple(("alertmanager", address.partition("/api/")[0]) for address in addresses)

    def version(self, data: PrometheusData) -> str | None:
        return data.version

    def vram(self, data: PrometheusData) -> Vram | None:
        return data.vram

    def problems(self, data: PrometheusData) -> Mapping[str, Problem]:
        # Alertmanager has the same alerts, and knows which of them are silenced or follow from another.
        alerts = {} if "alertmanager" in self.settings.kinds else data.alerts
        others = by_id((*data.silent, *self._query_problems(data), *self._volume_problems(data)))
        return {**alerts, **others}

    def forget(self) -> None:
        self._noted.forget()

    async def evidence(self, data: PrometheusData, problem: Problem) -> tuple[Evidence, ...]:
        if alert := self._noted.alert_of(problem):
            return evidence_of(alert.labels, alert.annotations, alert.active_at)
        for query in self._queries if problem.kind == "query" else ():
            if query.name == problem.name:
                limits = {"above": query.above, "below": query.below}
                reading = data.queries[query.key]
                value = reading and reading.value
                facts: dict[str, object] = {"query": query.expression, "value": value, "unit": query.unit}
                facts |= limits
                if reading and reading.series:
                    facts |= {"series": reading.series, "beyond": reading.beyond}
                return said_something([Evidence.listed("Query", facts)])
        return await super().evidence(data, problem)

    def sensors(self) -> tuple[MonitorSensor[PrometheusData], ...]:
        # A cluster that is watched itself knows its findings better, and sooner.
        findings = () if "kubernetes" in self.settings.kinds else (_FINDINGS_SENSOR,)
        return (_FIRING_SENSOR, *findings, *(query_sensor(query) for query in self._queries))

    def _alert_problem(self, alert: FiringAlert) -> Problem:
        return self.problem(
            "alert",
            alert.key,
            name_of(alert.labels),
            summary_of(alert.labels, alert.annotations),
            severity=severity_of(alert.labels),
            since=alert.active_at,
            facts=facts_of(alert.labels, alert.annotations),
            url=f"{self.settings.connection.url}/alerts",
        )

    def _query_problems(self, data: PrometheusData) -> Iterator[Problem]:
        for query in self._queries:
            reading = data.queries[query.key]
            if reading is not None and (side := query.side(reading.value)):
                yield self._limit_problem(query, reading, side)

    def _limit_problem(self, query: Query, reading: Reading, side: str) -> Problem:
        unit = f" {query.unit}" if query.unit else ""
        limit = query.above if side == CONF_ABOVE else query.below
        of_series = f" for {reading.series}" if reading.series else ""
        more = f", and {reading.beyond - 1} more" if reading.beyond > 1 else ""
        facts: dict[str, object] = {
            "value": reading.value,
            "unit": query.unit or "",
            "side": side,
            "limit": limit,
        }
        if reading.series:
            facts |= {"series": reading.series, "beyond": reading.beyond}
        summary = f"{query.name} is {reading.value:g}{unit}{of_series}, {side} {limit:g}{unit}{more}"
        return self.problem("query", query.key, query.name, summary, facts=facts)

    def _volume_problems(self, data: PrometheusData) -> Iterator[Problem]:
        """Yield what is full: claims that are on one storage once, for that is what is full."""
        full = {
            claim: used
            for claim, used in (data.volumes or {}).items()
            if used > _FULL and claim not in self._ignored
        }
        shares: dict[object, list[str]] = {}
        for claim, used in sorted(full.items()):
            size = data.capacities.get(claim)
            shares.setdefault(claim if size is None else (size, round(used, 3)), []).append(claim)
        keys: set[str] = set()
        for claims in shares.values():
            storage = f"storage of {data.capacities.get(claims[0], 0):.0f} bytes"
            # As long as any of them is there, the storage is the same; another may have the same size.
            key = storage if len(claims) > 1 and storage not in keys else claims[0]
            keys.add(key)
            yield self._volume_problem(key, claims, full[claims[0]])

    def _volume_problem(self, key: str, claims: Sequence[str], used: float) -> Problem:
        claim, *others = claims
        facts: dict[str, object] = {"percent": round(100 * used)}
        summary = f"volume {claim} is {used:.0%} full"
        if others:
            facts |= {"others": len(others), "claims": ", ".join(claims)}
            summary = f"volume {claim} and {len(others)} more on the same storage are {used:.0%} full"
        return self.problem("volume_full", key, claim, summary, facts=facts)


def _findings(samples: Sequence[Sample]) -> dict[str, int] | None:
    if not samples:
        return None
    return {sample.labels["kind"]: int(sample.value) for sample in samples if "kind" in sample.labels}


def _claim(sample: Sample) -> str:
    # No name in Kubernetes has a slash; a label may, and would be taken for another claim.
    names = (sample.labels.get(label, "") for label in ("namespace", "persistentvolumeclaim"))
    return "/".join(name.replace("\\", "\\\\").replace("/", "\\/") for name in names)


_FIRING_SENSOR: MonitorSensor[PrometheusData] = MonitorSensor(
    key="alerts_firing",
    translation_key="alerts_firing",
    state_class=SensorStateClass.MEASUREMENT,
    value_fn=lambda data: len(data.firing or ()),
    exists_fn=lambda data: data.firing is not None,
    available_fn=lambda data: data.firing is not None,
)
_FINDINGS_SENSOR: MonitorSensor[PrometheusData] = MonitorSensor(
    key="k8sgpt_findings",
    translation_key="k8sgpt_findings",
    state_class=SensorStateClass.MEASUREMENT,
    value_fn=lambda data: None if data.findings is None else sum(data.findings.values()),
    exists_fn=lambda data: data.findings is not None,
    available_fn=lambda data: data.findings is not None,
)
