"""What the homelab consists of. This is the only registry of kinds of systems."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from .alertmanager import AlertmanagerMonitor
from .kubernetes import KubernetesMonitor
from .librechat import LibreChatMonitor
from .monitor import Monitor, MonitorBinarySensor, MonitorSensor, Settings
from .open_webui import OpenWebUIMonitor
from .paperless_ai import PaperlessAIMonitor
from .prometheus import PrometheusMonitor
from .web import WebMonitor

_KINDS: tuple[type[Monitor[Any]], ...] = (
    KubernetesMonitor,
    PrometheusMonitor,
    AlertmanagerMonitor,
    OpenWebUIMonitor,
    LibreChatMonitor,
    PaperlessAIMonitor,
    WebMonitor,
)
MONITORS: Mapping[str, type[Monitor[Any]]] = MappingProxyType({kind.kind: kind for kind in _KINDS})

__all__ = ["MONITORS", "Monitor", "MonitorBinarySensor", "MonitorSensor", "Settings"]
