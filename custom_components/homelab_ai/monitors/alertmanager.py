"""Alertmanager: the alerts that reach people."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from homeassistant.components.sensor import SensorStateClass

from ..api.alertmanager import REASONS, Alert, AlertmanagerClient
from ..api.answers import texts
from ..api.errors import ApiError, ApiResponseError
from ..health.evidence import Evidence
from ..health.problem import Problem, Severity
from ..health.state import KEPT_BACK
from ..health.unseen import Unseen
from ..values.text import without_users
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
from .capabilities import Silence, SilencesAlerts
from .fields import LOGIN, TLS, Field
from .heartbeats import CONF_HEARTBEATS, Heartbeats
from .monitor import Monitor, MonitorSensor, Settings, by_id
from .parts import ask_all, is_absent, unseen

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
    kept_back: tuple[Alert, ...] = ()
    """Those that reach nobody, for whatever reason."""
    failed: ApiError | None = None
    """Why it is not known which alerts are muted by a time interval, None where it is."""

    def kept_back_by(self, reason: str) -> int:
        """Return how many reach nobody for a reason."""
        return sum(bool(getattr(alert, reason)) for alert in self.kept_back)

    def count(self, severity: Severity) -> int:
        """Return how many active alerts are of a severity."""
        # Of their problems, which know it already: there may be very many alerts.
        return sum(
            problem.severity is severity and problem.kind == ALERT and not problem.suppressed
            for problem in self.problems.values()
        )


class AlertmanagerMonitor(Monitor[AlertmanagerData], SilencesAlerts):
    """One Alertmanager."""

    kind = "alertmanager"
    manufacturer = "Prometheus"
    product = "Alertmanager"
    fields = (*LOGIN, *TLS, Field(CONF_IGNORED, NAMES, default=list(DEFAULT_IGNORED)), HEARTBEATS)

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._client = AlertmanagerClient(settings.session, settings.connection)
        self._ignored = Ignored(settings.data.get(CONF_IGNORED, DEFAULT_IGNORED))
        self._heartbeats = Heartbeats(settings.data.get(CONF_HEARTBEATS, ()))
        self._noted: Noted[Alert] = Noted(lambda alert: alert.fingerprint, self._problem)

    async def fetch(self) -> AlertmanagerData:
        listed = await self._client.alerts()
        answers: dict[str, Any] = await ask_all({"version": self._client.version()})
        if any(not alert.suppressed for alert in listed):
            answers |= await ask_all({"mutes": self._client.muted()})
        version, muted = answers["version"], answers.get("mutes", frozenset())
        if isinstance(version, ApiResponseError) and (version.status or 200) < 400:
            # It lets us ask, and speaks another language.
            raise version
        failed = muted if isinstance(muted, ApiError) else None
        if failed is None:
            listed = tuple(
                replace(other, suppressed=True, muted=True) if other.fingerprint in muted else other
                for other in listed
            )
        alerts = await told_of(listed, self._heartbeats, self._ignored, datetime.now(UTC))
        return AlertmanagerData(
            None if isinstance(version, ApiError) else version,
            tuple(alert for alert in alerts if not alert.suppressed),
            sum(alert.silenced for alert in alerts),
            await self._problems(alerts),
            kept_back=tuple(alert for alert in alerts if alert.suppressed),
            failed=failed,
        )

    def remembered(self, data: AlertmanagerData) -> Mapping[str, Problem]:
        return by_id(self._heartbeats.beating(self.problem))

    def remember(self, problems: Iterable[Problem]) -> None:
        self._heartbeats.remember(problems, datetime.now(UTC))

    def not_seen(self, data: AlertmanagerData) -> tuple[Unseen, ...]:
        if data.failed is None or is_absent(data.failed):
            # Older ones do not say it: then there is nothing to see.
            return ()
        return (unseen(data.failed, "mutes", essential=False),)

    def remarks(self, data: AlertmanagerData) -> Mapping[str, object]:
        return {
            "unknown_severities": sorted({unknown_severity(alert.labels) for alert in data.active} - {""})
        }

    async def _problems(self, alerts: Iterable[Alert]) -> Mapping[str, Problem]:
        beats = self._heartbeats.problems(datetime.now(UTC), self.problem)
        return await self._noted.take(alerts) | by_id(beats)

    def _problem(self, alert: Alert) -> Problem:
        return self.problem(
            ALERT,
            alert.fingerprint,
            name_of(alert.labels),
            summary_of(alert.labels, alert.annotations),
            severity=severity_of(alert.labels),
            since=alert.starts_at,
            facts={
                **facts_of(alert.labels, alert.annotations),
                "fingerprint": alert.fingerprint,
                **({KEPT_BACK: ", ".join(alert.kept_back_by)} if alert.suppressed else {}),
            },
            suppressed=alert.suppressed,
            url=without_users(alert.generator),
        )

    def forget(self) -> None:
        self._noted.forget()

    def can_silence(self, problem: Problem) -> bool:
        return problem.kind == ALERT

    async def silence(
        self, problem: Problem, duration: timedelta, *, comment: str, created_by: str
    ) -> Silence | None:
        labels = await self._client.labels(str(problem.facts.get("fingerprint")))
        # An alert that says nothing of itself could only be silenced together with all others.
        if labels is None:
            return None
        silence_id = await self._client.silence(labels, duration, comment=comment, created_by=created_by)
        return Silence(silence_id, texts(labels))

    def version(self, data: AlertmanagerData) -> str | None:
        return data.version

    def problems(self, data: AlertmanagerData) -> Mapping[str, Problem]:
        return data.problems

    async def evidence(self, data: AlertmanagerData, problem: Problem) -> tuple[Evidence, ...]:
        alert = self._noted.alert_of(problem)
        if alert is None or alert.suppressed:
            return await super().evidence(data, problem)
        return evidence_of(alert.labels, alert.annotations, alert.starts_at, alert.generator)

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
        attributes_fn=lambda data: {reason: data.kept_back_by(reason) for reason in REASONS},
    ),
)
