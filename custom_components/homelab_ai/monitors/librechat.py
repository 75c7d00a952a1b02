"""LibreChat, and its exporter."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from homeassistant.components.sensor import SensorStateClass

from ..api.librechat import LibreChatClient, LibreChatStatus
from ..health.problem import Problem
from ..health.unseen import Unseen
from .descriptions import response_time
from .fields import TLS, address
from .monitor import Doubt, Monitor, MonitorSensor, Settings

CONF_METRICS_URL = "metrics_url"


class LibreChatMonitor(Monitor[LibreChatStatus]):
    """One LibreChat; it chats through the hub."""

    kind = "librechat"
    manufacturer = "LibreChat"
    fields = (address(CONF_METRICS_URL), *TLS)
    needs_hub = True

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        url = settings.data.get(CONF_METRICS_URL)
        metrics = replace(settings.connection, url=url, headers={}) if url else None
        self._client = LibreChatClient(settings.session, settings.connection, metrics)

    async def fetch(self) -> LibreChatStatus:
        return await self._client.status()

    def problems(self, data: LibreChatStatus) -> Mapping[str, Problem]:
        """Return nothing: it says no more of itself than that it is there."""
        return {}

    def not_seen(self, data: LibreChatStatus) -> tuple[Unseen, ...]:
        metrics_url = self.settings.data.get(CONF_METRICS_URL)
        return (Unseen("figures", essential=False),) if metrics_url and not data.metrics else ()

    def doubts(self, data: LibreChatStatus) -> Iterator[Doubt]:
        if self.not_seen(data):
            yield Doubt("exporter_silent")

    def sensors(self) -> tuple[MonitorSensor[LibreChatStatus], ...]:
        return (response_time(), *_SENSORS)


def _figure(key: str, *metrics: str, total: bool = True) -> MonitorSensor[LibreChatStatus]:
    """Return the sensor of a figure of the exporter: the sum of these metrics, those there are."""

    def value(data: LibreChatStatus) -> float | None:
        figures = [data.metrics[name] for name in metrics if name in data.metrics] if data.metrics else []
        return sum(figures) if figures else None

    return MonitorSensor(
        key=key,
        translation_key=key,
        # What is deleted counts no more, so a total may decrease.
        state_class=SensorStateClass.TOTAL if total else SensorStateClass.MEASUREMENT,
        suggested_display_precision=0,
        value_fn=value,
        exists_fn=lambda data: value(data) is not None,
        available_fn=lambda data: value(data) is not None,
    )


_SENSORS: tuple[MonitorSensor[LibreChatStatus], ...] = (
    _figure("active_users", "librechat_active_users", total=False),
    _figure("messages", "librechat_messages"),
    _figure("tokens", "librechat_input_tokens", "librechat_output_tokens"),
    _figure("errors", "librechat_error_messages"),
)
