"""Alertmanager: the alerts that reach people."""

from collections.abc import Mapping
from dataclasses import dataclass

from homeassistant.components.sensor import SensorStateClass

from ..api.alertmanager import Alert, AlertmanagerClient
from ..health.problem import Problem, Severity
from .alerts import DEFAULT_IGNORED, details_of, name_of, severity_of, summary_of
from .monitor import Monitor, MonitorSensor, Settings, by_id

CONF_IGNORED = "ignored"


@dataclass(frozen=True, slots=True)
class AlertmanagerData:
    """The alerts, without those that are ignored; silenced ones are counted apart, inhibited ones not."""

    version: str | None
    active: tuple[Alert, ...]
    silenced: int

    def count(self, severity: Severity) -> int:
        """Return how many active alerts are of a severity."""
        return sum(1 for alert in self.active if severity_of(alert.labels) is severity)


class AlertmanagerMonitor(Monitor[AlertmanagerData]):
    """One Alertmanager."""

    kind = "alertmanager"
    manufacturer = "Prometheus"

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._client = AlertmanagerClient(settings.session, settings.connection)
        self._ignored = frozenset(settings.data.get(CONF_IGNORED, DEFAULT_IGNORED))

    async def fetch(self) -> AlertmanagerData:
        alerts = [alert for alert in await self._client.alerts() if alert.name not in self._ignored]
        active = tuple(alert for alert in alerts if not alert.suppressed)
        return AlertmanagerData(await self._client.version(), active, sum(alert.silenced for alert in alerts))

    def version(self, data: AlertmanagerData) -> str | None:
        return data.version

    def problems(self, data: AlertmanagerData) -> Mapping[str, Problem]:
        return by_id(
            self.problem(
                "alert",
                alert.fingerprint,
                name_of(alert.labels),
                severity_of(alert.labels),
                summary_of(alert.labels, alert.annotations),
                since=alert.starts_at,
                details={**details_of(alert.labels, alert.annotations), "fingerprint": alert.fingerprint},
            )
            for alert in data.active
        )

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
