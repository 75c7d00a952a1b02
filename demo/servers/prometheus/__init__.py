"""The real Prometheus and Alertmanager, fed by simulated exporters (systems.md 6)."""

from .alertmanager import Alertmanager
from .binaries import Binaries, BinariesMissingError, find, install
from .prometheus import Prometheus
from .rules import GPU_HOT, POD_IMAGE_BROKEN, RULES, WATCHDOG, AlertRule
from .service import LOGIN, Login, ServiceError

__all__ = [
    "GPU_HOT",
    "LOGIN",
    "POD_IMAGE_BROKEN",
    "RULES",
    "WATCHDOG",
    "AlertRule",
    "Alertmanager",
    "Binaries",
    "BinariesMissingError",
    "Login",
    "Prometheus",
    "ServiceError",
    "find",
    "install",
]
