"""Queries that most homelabs want, offered where Prometheus has something to answer them with."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from homeassistant.const import UnitOfPower, UnitOfRatio, UnitOfTemperature, UnitOfTime

from .queries import CONF_ABOVE, CONF_BELOW, CONF_NAME, CONF_QUERY, CONF_UNIT


@dataclass(frozen=True, slots=True)
class Preset:
    """A query without a name yet, and whose metrics it needs; beyond its limit it is a problem."""

    query: str
    unit: str
    exporter: str
    above: float | None = None
    below: float | None = None

    def named(self, name: str) -> dict[str, Any]:
        """Return it as a person would have entered it."""
        limits = {CONF_ABOVE: self.above, CONF_BELOW: self.below}
        return {
            CONF_NAME: name,
            CONF_QUERY: self.query,
            CONF_UNIT: self.unit,
            **{key: limit for key, limit in limits.items() if limit is not None},
        }


PRESETS: Mapping[str, Preset] = MappingProxyType(
    {
        "cpu": Preset(
            '100 * (1 - avg by (instance) (rate(node_cpu_seconds_total{mode="idle"}[5m])))',
            UnitOfRatio.PERCENTAGE,
            "node_exporter",
        ),
        "memory": Preset(
            "100 * (1 - node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes)",
            UnitOfRatio.PERCENTAGE,
            "node_exporter",
            above=95,
        ),
        "disk": Preset(
            '100 * (1 - node_filesystem_avail_bytes{fstype!="tmpfs"} / node_filesystem_size_bytes)',
            UnitOfRatio.PERCENTAGE,
            "node_exporter",
            above=90,
        ),
        "gpu_temperature": Preset(
            "nvidia_smi_temperature_gpu", UnitOfTemperature.CELSIUS, "nvidia_gpu_exporter", above=90
        ),
        "gpu_power": Preset("nvidia_smi_power_draw_watts", UnitOfPower.WATT, "nvidia_gpu_exporter"),
        "ups_charge": Preset(
            "network_ups_tools_battery_charge", UnitOfRatio.PERCENTAGE, "nut_exporter", below=50
        ),
        "ups_runtime": Preset("network_ups_tools_battery_runtime", UnitOfTime.SECONDS, "nut_exporter"),
    }
)
