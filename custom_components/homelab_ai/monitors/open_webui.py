"""Open WebUI."""

from collections.abc import Iterator, Mapping

from homeassistant.const import CONF_API_KEY

from ..api.errors import ApiForbiddenError
from ..api.open_webui import OpenWebUIClient, OpenWebUIStatus
from ..health.evidence import Evidence
from ..health.problem import Problem
from ..health.unseen import Reason, Unseen
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
        return by_id(self._problems(data))

    def _problems(self, data: OpenWebUIStatus) -> Iterator[Problem]:
        if data.trouble:
            yield self.problem("app_unwell", "ready", self.settings.name, data.trouble)
        if data.models is None or (data.models and data.of_hub):
            return
        summary = (
            "offers no model of the hub, only of others: it does not reach the hub"
            if data.models
            else "offers no model: it does not reach the hub, or its key may not use any"
        )
        facts = {"models": data.models} if data.models else None
        yield self.problem("hub_unreachable", "models", self.settings.name, summary, facts=facts)

    def not_seen(self, data: OpenWebUIStatus) -> tuple[Unseen, ...]:
        if data.failed is None:
            return ()
        if isinstance(data.failed, ApiForbiddenError):
            return (Unseen("models", Reason.FORBIDDEN, essential=False),)
        return (Unseen("models"),)

    def is_unread(self, data: OpenWebUIStatus, problem: Problem) -> bool:
        return problem.kind == "hub_unreachable" and data.failed is not None

    async def evidence(self, data: OpenWebUIStatus, problem: Problem) -> tuple[Evidence, ...]:
        return (
            Evidence.listed(
                "Status",
                {
                    "trouble": data.trouble,
                    "version": data.version,
                    "models offered": data.models,
                    "of the hub": data.of_hub,
                },
            ),
        )

    def sensors(self) -> tuple[MonitorSensor[OpenWebUIStatus], ...]:
        return (response_time(), version())
