"""Any other page or API that the homelab should serve."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from homeassistant.components.sensor import SensorDeviceClass
from homeassistant.const import EntityCategory
from homeassistant.helpers.selector import TextSelector

from ..api.errors import ApiError
from ..api.web import WebClient
from ..health.problem import Problem
from ..health.unseen import Unseen
from ..topology import ThingKind
from .descriptions import response_time
from .fields import TLS, Field, Privacy, whole
from .monitor import Doubt, Monitor, MonitorSensor, Settings, by_id

CONF_EXPECTED_STATUS = "expected_status"
CONF_CONTAINS = "contains"
CONF_CERTIFICATE_DAYS = "certificate_days"
DEFAULT_EXPECTED_STATUS = 200
DEFAULT_CERTIFICATE_DAYS = 14
_CERTIFICATE_INTERVAL = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class WebData:
    """A page as it was found; `as_expected` says whether status and text are what they should be."""

    status: int
    as_expected: bool
    response_time: float
    certificate_expires: datetime | None
    seen_at: datetime


class WebMonitor(Monitor[WebData]):
    """One page."""

    kind = "web"
    manufacturer = "Web"
    is_page = True
    fields = (
        *TLS,
        whole(CONF_EXPECTED_STATUS, 100, 599, DEFAULT_EXPECTED_STATUS),
        Field(CONF_CONTAINS, TextSelector(), privacy=Privacy.PRIVATE),
        whole(CONF_CERTIFICATE_DAYS, 1, 365, DEFAULT_CERTIFICATE_DAYS),
    )
    thing_kind = ThingKind.PAGE

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._client = WebClient(settings.session, settings.connection)
        self._expected_status = int(settings.data.get(CONF_EXPECTED_STATUS, DEFAULT_EXPECTED_STATUS))
        self._expires: datetime | None = None
        self._expiry_asked = datetime.min.replace(tzinfo=UTC)

    async def fetch(self) -> WebData:
        page = await self._client.page()
        now = datetime.now(UTC)
        if now - self._expiry_asked > _CERTIFICATE_INTERVAL:
            # The page is there, whatever becomes of this: what was known of the certificate stands.
            with suppress(ApiError):
                self._expires = await self._client.certificate_expires()
                self._expiry_asked = now
        contains = (self.settings.data.get(CONF_CONTAINS) or "") in page.text
        expected = page.status == self._expected_status and contains
        return WebData(page.status, expected, page.response_time, self._expires, now)

    def problems(self, data: WebData) -> Mapping[str, Problem]:
        return by_id(self._problems(data))

    def _problems(self, data: WebData) -> list[Problem]:
        problems: list[Problem] = []
        if not data.as_expected:
            summary = (
                f"answers with status {data.status} instead of {self._expected_status}"
                if data.status != self._expected_status
                else "answers without the text it should contain"
            )
            problems.append(
                self.problem(
                    "web_unexpected",
                    "page",
                    self.settings.name,
                    summary,
                    facts={"status": data.status, "expected": self._expected_status},
                )
            )
        days = timedelta(days=self.settings.data.get(CONF_CERTIFICATE_DAYS, DEFAULT_CERTIFICATE_DAYS))
        if data.certificate_expires and data.certificate_expires - data.seen_at < days:
            # One that is over is only seen where nobody verifies it.
            expires = "expires" if data.certificate_expires > data.seen_at else "expired"
            problems.append(
                self.problem(
                    "certificate_expires",
                    "certificate",
                    self.settings.name,
                    f"the certificate {expires} on {data.certificate_expires:%Y-%m-%d}",
                    facts={"expires": data.certificate_expires},
                )
            )
        return problems

    def doubts(self, data: WebData) -> Iterator[Doubt]:
        if data.status != self._expected_status:
            yield Doubt("page_status", str(data.status))
        elif not data.as_expected:
            yield Doubt("page_text")

    def not_seen(self, data: WebData) -> tuple[Unseen, ...]:
        # A certificate that was read once is known; one that never was may be over tomorrow.
        is_tls = self.settings.connection.url.startswith("https:")
        return (Unseen("certificate"),) if is_tls and data.certificate_expires is None else ()

    def sensors(self) -> tuple[MonitorSensor[WebData], ...]:
        return _SENSORS


_SENSORS: tuple[MonitorSensor[WebData], ...] = (
    response_time(),
    MonitorSensor(
        key="certificate_expires",
        translation_key="certificate_expires",
        device_class=SensorDeviceClass.TIMESTAMP,
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda data: data.certificate_expires,
        exists_fn=lambda data: data.certificate_expires is not None,
    ),
)
