"""Which states of entities are a problem: defaults by domain and device class, adjustable."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from ..health.problem import Severity

_WORDS = frozenset(
    (
        *("bad", "critical", "crashed", "dead", "degraded", "disconnected", "down", "error", "exited"),
        *("fail", "failed", "failing", "failure", "fatal", "faulted", "offline", "pre-fail", "problem"),
        *("unhealthy", "unreachable", "replace", "low battery", "on battery", "ob", "ob dischrg"),
    )
)
"""Words that containers, backups, disks, power supplies and watchers of pages have for it."""
_ON = frozenset(("on",))
DEFAULTS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        **{
            f"binary_sensor.{device_class}": _ON
            for device_class in (
                "battery",
                "carbon_monoxide",
                "gas",
                "moisture",
                "problem",
                "safety",
                "smoke",
                "tamper",
            )
        },
        "binary_sensor.connectivity": frozenset(("off",)),
        "binary_sensor.running": frozenset(("off",)),
        "sensor": _WORDS,
        "alarm_control_panel": frozenset(("triggered",)),
        "lock": frozenset(("jammed",)),
        "vacuum": frozenset(("error",)),
        "valve": frozenset(),
    }
)
"""By domain, and by domain and device class where that decides."""
CRITICAL = frozenset(f"binary_sensor.{kind}" for kind in ("carbon_monoxide", "gas", "safety", "smoke"))
NEVER_KNOWN = frozenset(("button", "event", "image", "input_button", "notify", "scene", "stt", "tts"))
"""Domains whose entities have no state before they were used."""


class BadStates:
    """The table with what a person changed of it: "sensor.disk_smart: fail, pre-fail" or "switch: off"."""

    def __init__(self, lines: Iterable[str] = ()) -> None:
        """Each line is a domain, a domain with a device class or an entity, and its bad states."""
        self._chosen: dict[str, frozenset[str]] = {}
        for line in lines:
            key, _, states = line.partition(":")
            self._chosen[key.strip().lower()] = frozenset(
                state.strip().casefold() for state in states.split(",") if state.strip()
            )

    def is_bad(self, entity_id: str, device_class: str | None, state: str) -> bool:
        """Return whether a state is a problem: what is said of the entity itself goes before its class."""
        domain = entity_id.partition(".")[0]
        keys = (entity_id, f"{domain}.{device_class}", domain)
        for table in (self._chosen, DEFAULTS):
            for key in keys:
                if key in table:
                    return state.casefold() in table[key]
        return False


def severity_of(entity_id: str, device_class: str | None) -> Severity:
    """Return how bad it is."""
    of_class = f"{entity_id.partition('.')[0]}.{device_class}"
    return Severity.CRITICAL if of_class in CRITICAL else Severity.WARNING
