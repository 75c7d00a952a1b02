"""The monitor of a well: the second of its two modules, it would be `monitors/well.py`."""

from collections.abc import Mapping
from datetime import datetime

from custom_components.homelab_ai.health.problem import Problem
from custom_components.homelab_ai.monitors.capabilities import TellsBackups
from custom_components.homelab_ai.monitors.fields import API_KEY, TLS, Field, Privacy, address, whole
from custom_components.homelab_ai.monitors.monitor import Monitor, MonitorSensor, Settings, by_id
from homeassistant.components.sensor import SensorDeviceClass
from homeassistant.helpers.selector import TextSelector

from .well_client import WellClient, WellStatus


class WellMonitor(Monitor[WellStatus], TellsBackups[WellStatus]):
    """One well; its water samples are its backups."""

    kind = "well"
    manufacturer = "Well"
    fields = (
        API_KEY,
        *TLS,
        address("camera_url"),
        Field("place", TextSelector(), privacy=Privacy.PRIVATE),
        whole("lowest", 1, 100, 3),
    )

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._client = WellClient(settings.session, settings.connection, settings.data.get("api_key"))
        self._lowest = settings.data.get("lowest", 3)

    async def fetch(self) -> WellStatus:
        return await self._client.status()

    def problems(self, data: WellStatus) -> Mapping[str, Problem]:
        if data.level >= self._lowest:
            return {}
        summary = f"{data.level:g} m of water are left"
        return by_id(
            [self.problem("well_low", "level", self.settings.name, summary, facts={"level": data.level})]
        )

    def backups(self, data: WellStatus) -> Mapping[str, datetime | None]:
        return {"Water": data.last_sample}

    def version(self, data: WellStatus) -> str | None:
        return data.version

    def sensors(self) -> tuple[MonitorSensor[WellStatus], ...]:
        return _SENSORS


_SENSORS: tuple[MonitorSensor[WellStatus], ...] = (
    MonitorSensor(
        key="level",
        device_class=SensorDeviceClass.DISTANCE,
        native_unit_of_measurement="m",
        value_fn=lambda data: data.level,
    ),
)
