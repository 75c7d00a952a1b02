"""Alertmanager: the alerts that reach people."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from homeassistant.components.sensor import SensorStateClass
from homeassistant.helpers.selector import TextSelector, TextSelectorConfig

from ..api.alertmanager import Alert, AlertmanagerClient
from ..api.breath import Breath
from ..health.evidence import Evidence
from ..health.problem import Problem, Severity
from .alerts import DEFAULT_IGNORED, evidence_of, facts_of, name_of, severity_of, summary_of
from .capabilities import Silence, SilencesAlerts
from .fields import LOGIN, TLS, Field
from .monitor import Monitor, MonitorSensor, Settings, by_id

CONF_IGNORED = "ignored"
ALERT = "alert"
"""The kind of the problems."""


@dataclass(frozen=True, slots=True)
class AlertmanagerData:
    """The alerts, without those that are ignored; silenced ones are counted apart, inhibited ones not.

    `problems` are all of them, by id; those that reach nobody are marked.
    """

    version: str | None
    active: tuple[Alert, ...]
    silenced: int
    problems: Mapping[str, Problem]

    def count(self, severity: Severity) -> int:
        """Return how many active alerts are of a severity."""
        return sum(1 for alert in self.active if severity_of(alert.labels) is severity)


class AlertmanagerMonitor(Monitor[AlertmanagerData], SilencesAlerts):
    """One Alertmanager."""

    kind = "alertmanager"
    manufacturer = "Prometheus"
    fields = (
        *LOGIN,
        *TLS,
        Field(CONF_IGNORED, TextSelector(TextSelectorConfig(multiple=True)), default=list(DEFAULT_IGNORED)),
    )

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._client = AlertmanagerClient(settings.session, settings.connection)
        self._ignored = frozenset(settings.data.get(CONF_IGNORED, DEFAULT_IGNORED))
        self._noted: dict[str, tuple[Alert, Problem]] = {}

    async def fetch(self) -> AlertmanagerData:
        alerts = [alert for alert in await self._client.alerts() if alert.name not in self._ignored]
        active = tuple(alert for alert in alerts if not alert.suppressed)
        problems = await self._problems(alerts)
        silenced = sum(alert.silenced for alert in alerts)
        return AlertmanagerData(await self._client.version(), active, silenced, problems)

    async def _problems(self, alerts: Iterable[Alert]) -> Mapping[str, Problem]:
        """Return the problems, those of alerts that are as they were from the last time."""
        noted: dict[str, tuple[Alert, Problem]] = {}
        breath = Breath()
        for alert in alerts:
            await breath.draw()
            before = self._noted.get(alert.fingerprint)
            problem = before[1] if before is not None and before[0] == alert else self._problem(alert)
            noted[alert.fingerprint] = (alert, problem)
        self._noted = noted
        return by_id(problem for _, problem in noted.values())

    def _problem(self, alert: Alert) -> Problem:
        return self.problem(
            ALERT,
            alert.fingerprint,
            name_of(alert.labels),
            summary_of(alert.labels, alert.annotations),
            severity=severity_of(alert.labels),
            since=alert.starts_at,
            facts={**facts_of(alert.labels, alert.annotations), "fingerprint": alert.fingerprint},
            suppressed=alert.suppressed,
        )

    def forget(self) -> None:
        self._noted = {}

    def can_silence(self, problem: Problem) -> bool:
        return problem.kind == ALERT

    async def silence(
        self, problem: Problem, duration: timedelta, *, comment: str, created_by: str
    ) -> Silence | None:
        fingerprint = problem.facts.get("fingerprint")
        alert = next((one for one in await self._client.alerts() if one.fingerprint == fingerprint), None)
        # An alert that says nothing of itself could only be silenced together with all others.
        if alert is None or not alert.labels or not all(alert.labels.values()):
            return None
        silence_id = await self._client.silence(
            alert.labels, duration, comment=comment, created_by=created_by
        )
        return Silence(silence_id, alert.labels)

    def version(self, data: AlertmanagerData) -> str | None:
        return data.version

    def problems(self, data: AlertmanagerData) -> Mapping[str, Problem]:
        return data.problems

    async def evidence(self, data: AlertmanagerData, problem: Problem) -> tuple[Evidence, ...]:
        wanted = problem.facts.get("fingerprint")
        for alert in data.active:
            if alert.fingerprint == wanted:
                return evidence_of(alert.labels, alert.annotations, alert.starts_at, alert.generator)
        return await super().evidence(data, problem)

    def sensors(self) -> tuple[MonitorSensor[AlertmanagerData], ...]:
        return _SENSORS


_SENSORS: tuple[MonitorSensor[AlertmanagerData], ...] = (
    MonitorSensor(
        key="alerts_active",
        translation_key="alerts_active",
        state_class=SensorStateClass.MEASUREMENT,
        value_fn=lambda data: len(data.active),
    ),
    MonitorSensor(
        key="alerts_critical",
        translation_key="alerts_critical",
        state_class=SensorStateClass.MEASUREMENT,
        value_fn=lambda data: data.count(Severity.CRITICAL),
    ),
    MonitorSensor(
        key="alerts_warning",
        translation_key="alerts_warning",
        state_class=SensorStateClass.MEASUREMENT,
        value_fn=lambda data: data.count(Severity.WARNING),
    ),
    MonitorSensor(
        key="alerts_silenced",
        translation_key="alerts_silenced",
        state_class=SensorStateClass.MEASUREMENT,
        value_fn=lambda data: data.silenced,
    ),
)
