"""Paperless-AI, upstream and its fork Zettelrobbe."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from homeassistant.components.binary_sensor import BinarySensorDeviceClass
from homeassistant.components.sensor import SensorDeviceClass, SensorStateClass
from homeassistant.const import CONF_API_KEY

from ..api.errors import ApiError
from ..api.paperless_ai import PaperlessAIClient, PaperlessAIStatus
from ..api.web import WebClient
from ..health.evidence import Evidence, said_something
from ..health.problem import Problem
from .descriptions import response_time
from .fields import API_KEY, TLS, address, whole
from .monitor import Monitor, MonitorBinarySensor, MonitorSensor, Settings, by_id

CONF_OVERDUE_HOURS = "overdue_hours"
CONF_PAPERLESS_URL = "paperless_url"
DEFAULT_OVERDUE_HOURS = 2


@dataclass(frozen=True, slots=True)
class PaperlessAIData:
    """How it is; `overdue` is None where it does not tell when it last worked."""

    status: PaperlessAIStatus
    overdue: bool | None
    paperless_online: bool | None

    @property
    def response_time(self) -> float:
        """Return the seconds it took to answer."""
        return self.status.response_time


class PaperlessAIMonitor(Monitor[PaperlessAIData]):
    """One Paperless-AI; it tags documents with the hub."""

    kind = "paperless_ai"
    manufacturer = "Paperless-AI"
    fields = (
        API_KEY,
        *TLS,
        whole(CONF_OVERDUE_HOURS, 1, 24 * 30, DEFAULT_OVERDUE_HOURS),
        address(CONF_PAPERLESS_URL),
    )
    needs_hub = True

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        data = settings.data
        self._client = PaperlessAIClient(settings.session, settings.connection, data.get(CONF_API_KEY))
        self._overdue = timedelta(hours=data.get(CONF_OVERDUE_HOURS, DEFAULT_OVERDUE_HOURS))
        url = data.get(CONF_PAPERLESS_URL)
        self._paperless = (
            WebClient(settings.session, replace(settings.connection, url=url, headers={})) if url else None
        )

    async def fetch(self) -> PaperlessAIData:
        status = await self._client.status()
        return PaperlessAIData(status, self._is_overdue(status), await self._paperless_online(status))

    def _is_overdue(self, status: PaperlessAIStatus) -> bool | None:
        """Return whether it has not worked for too long; upstream tells only when it found a document.

        One that is at a document works; whether it gets anywhere is another question, see `_stuck_since`.
        """
        last = _last_work(status)
        if status.processing and status.processing.is_processing and not self._stuck_since(status):
            return None if last is None else False
        return None if last is None else datetime.now(UTC) - last > self._overdue

    def _stuck_since(self, status: PaperlessAIStatus) -> datetime | None:
        """Return since when it is at one document for too long; None while it is not, and of an idle one."""
        started = status.processing.started if status.processing and status.processing.is_processing else None
        return started if started and datetime.now(UTC) - started > self._overdue else None

    async def _paperless_online(self, status: PaperlessAIStatus) -> bool | None:
        if status.scan is not None and status.scan.paperless_reachable is not None:
            return status.scan.paperless_reachable
        if self._paperless is None:
            return None
        try:
            page = await self._paperless.page()
            if page.location:
                # The first page only sends people to where they sign in: it is there though all else fails.
                page = await self._paperless.page(page.location)
        except ApiError:
            return False
        return page.status < 500

    def problems(self, data: PaperlessAIData) -> Mapping[str, Problem]:
        return by_id(self._problems(data))

    def _problems(self, data: PaperlessAIData) -> Iterator[Problem]:
        name = self.settings.name
        if data.status.trouble:
            yield self.problem("app_unwell", "health", name, data.status.trouble)
        if data.paperless_online is False:
            yield self.problem("paperless_offline", "paperless", name, "does not reach Paperless-ngx")
        if started := self._stuck_since(data.status):
            yield self.problem(
                "stuck",
                "document",
                name,
                "has been processing the same document for a long time",
                since=started,
                facts={"started": started},
                patience=self._overdue,
            )
        scan = data.status.scan
        if scan is not None and scan.failures:
            summary = (
                "the last scan failed" if scan.failures == 1 else f"the last {scan.failures} scans failed"
            )
            yield self.problem(
                "scans_failed",
                "scan",
                name,
                summary,
                facts={"error": scan.error, "failures": scan.failures},
                patience=self._overdue,
            )
        elif data.overdue and not self._stuck_since(data.status):
            yield self.problem(
                "overdue",
                "overdue",
                name,
                "has not processed anything for a long time",
                facts={"last": last} if (last := _last_work(data.status)) else None,
                patience=self._overdue,
            )

    async def evidence(self, data: PaperlessAIData, problem: Problem) -> tuple[Evidence, ...]:
        facts: dict[str, object] = {"reaches Paperless-ngx": data.paperless_online}
        if scan := data.status.scan:
            facts |= {"last good scan": scan.last_success, "failed scans": scan.failures, "error": scan.error}
        if processing := data.status.processing:
            facts |= {
                "last processed": processing.last_processed,
                "processed today": processing.processed_today,
                "is processing": processing.is_processing,
            }
        status = Evidence.listed("Status", {"database": data.status.trouble, **facts})
        return said_something([status, *await super().evidence(data, problem)])

    def sensors(self) -> tuple[MonitorSensor[PaperlessAIData], ...]:
        return (response_time(), *_SENSORS)

    def binary_sensors(self) -> tuple[MonitorBinarySensor[PaperlessAIData], ...]:
        return _BINARY_SENSORS


def _last_work(status: PaperlessAIStatus) -> datetime | None:
    """Return when it last worked, as far as it tells."""
    last = status.scan.last_success if status.scan else None
    return status.processing.last_processed if last is None and status.processing else last


_SENSORS: tuple[MonitorSensor[PaperlessAIData], ...] = (
    MonitorSensor(
        key="last_processed",
        translation_key="last_processed",
        device_class=SensorDeviceClass.TIMESTAMP,
        value_fn=lambda data: data.status.processing.last_processed if data.status.processing else None,
        exists_fn=lambda data: data.status.processing is not None,
        available_fn=lambda data: data.status.processing is not None,
    ),
    MonitorSensor(
        key="processed_today",
        translation_key="processed_today",
        state_class=SensorStateClass.TOTAL_INCREASING,
        value_fn=lambda data: data.status.processing.processed_today if data.status.processing else None,
        exists_fn=lambda data: data.status.processing is not None,
        available_fn=lambda data: data.status.processing is not None,
    ),
)
_BINARY_SENSORS: tuple[MonitorBinarySensor[PaperlessAIData], ...] = (
    MonitorBinarySensor(
        key="overdue",
        translation_key="overdue",
        device_class=BinarySensorDeviceClass.PROBLEM,
        value_fn=lambda data: data.overdue,
        exists_fn=lambda data: data.overdue is not None,
    ),
    MonitorBinarySensor(
        key="paperless_online",
        translation_key="paperless_online",
        device_class=BinarySensorDeviceClass.CONNECTIVITY,
        value_fn=lambda data: data.paperless_online,
        exists_fn=lambda data: data.paperless_online is not None,
    ),
)
