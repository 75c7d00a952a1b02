"""Open WebUI."""

from collections.abc import Mapping

from homeassistant.const import CONF_API_KEY

from ..api.open_webui import OpenWebUIClient, OpenWebUIStatus
from ..health.evidence import Evidence
from ..health.problem import Problem
from .descriptions import response_time, version
from .fields import API_KEY, TLS
from .monitor import Monitor, MonitorSensor, Settings, by_id


class OpenWebUIMonitor(Monitor[OpenWebUIStatus]):
    """One Open WebUI; it chats through the hub."""

    kind = "open_webui"
    manufacturer = "Open WebUI"
    fields = (API_KEY, *TLS)
    needs_hub = True

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._client = OpenWebUIClient(settings.session, settings.connection, settings.data.get(CONF_API_KEY))

    async def fetch(self) -> OpenWebUIStatus:
        return await self._client.status()

    def version(self, data: OpenWebUIStatus) -> str | None:
        return data.version

    def problems(self, data: OpenWebUIStatus) -> Mapping[str, Problem]:
        if data.models != 0:
            return {}
        summary = "offers no model: it does not reach the hub, or its key may not use any"
        return by_id(
            [
                self.problem(
                    "hub_unreachable",
                    "models",
                    self.settings.name,
                    summary,
                )
            ]
        )

    async def evidence(self, data: OpenWebUIStatus, problem: Problem) -> tuple[Evidence, ...]:
        return (Evidence.listed("Status", {"version": data.version, "models offered": data.models}),)

    def sensors(self) -> tuple[MonitorSensor[OpenWebUIStatus], ...]:
        return (response_time(), version())
