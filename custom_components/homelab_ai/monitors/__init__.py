"""What the homelab consists of. This is the only registry of kinds of systems."""

from .monitor import Monitor, MonitorBinarySensor, MonitorSensor, Settings
from .registry import MONITORS, async_load, kind_of, settings_of

__all__ = [
    "MONITORS",
    "Monitor",
    "MonitorBinarySensor",
    "MonitorSensor",
    "Settings",
    "async_load",
    "kind_of",
    "settings_of",
]
