"""The coordinators: what entities read, refreshed by polling and hurried by events."""

from .health import HealthCoordinator, health_store
from .homelab import HomelabConfigEntry, HomelabData
from .hub import HubCoordinator, HubData
from .inbox import Inbox
from .monitor import MonitorCoordinator
from .topology import TopologyCoordinator, timeline_store
from .totals import Totals, totals_store
from .updates import UpdatesCoordinator

__all__ = [
    "HealthCoordinator",
    "HomelabConfigEntry",
    "HomelabData",
    "HubCoordinator",
    "HubData",
    "Inbox",
    "MonitorCoordinator",
    "TopologyCoordinator",
    "Totals",
    "UpdatesCoordinator",
    "health_store",
    "timeline_store",
    "totals_store",
]
