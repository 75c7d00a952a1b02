"""Which states of entities are a problem: defaults by domain and device class, adjustable."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
import re
from types import MappingProxyType

from ..health.problem import Severity

_WORDS = frozenset(
    (
        *("abnormal", "bad", "crashed", "critical", "dead", "degrade", "degraded", "disconnected", "down"),
        *("error", "exited", "fail", "failed", "failing", "failure", "fatal", "faulted", "fault", "invalid"),
        *("missing", "offline", "pre fail", "problem", "removed", "seems down", "shutoff", "stopped"),
        *(
            "suspect",
            "system crashed",
            "unavail",
            "unhealthy",
            "unreachable",
            "replace",
            "attention",
            "warning",
        ),
        # Power supplies, as NUT and apcupsd tell of them in words.
        *("on battery", "low battery", "battery needs replacement", "overloaded", "overload", "commlost"),
        *("forced shutdown", "shutting down", "bypass active", "alarm"),
        # Unraid's disks.
        *("disk dsbl", "disk dsbl new", "disk invalid", "disk wrong", "disk np dsbl", "disk np missing"),
    )
)
"""Words that containers, backups, disks, power supplies and watchers of pages have for it."""
_FLAGS = frozenset(
    (
        *("ALARM", "BOOST", "BYPASS", "CAL", "CHRG", "DISCHRG", "ECO", "FSD", "HB", "HE", "LB", "OB", "OFF"),
        *("OL", "OVER", "RB", "TEST", "TRIM", "ONLINE", "ONBATT", "LOWBATT", "REPLACEBATT", "NOBATT"),
        *("OVERLOAD", "COMMLOST", "BT", "NG"),
    )
)
"""What a UPS tells of itself, several at once: NUT's `ups.status`, apcupsd's `STATUS` and `SELFTEST`."""
_BAD_FLAGS = frozenset(
    (
        *("ALARM", "BYPASS", "FSD", "LB", "OB", "OVER", "RB", "ONBATT", "LOWBATT", "REPLACEBATT", "NOBATT"),
        *("OVERLOAD", "COMMLOST", "BT", "NG"),
    )
)
_WAITING = frozenset(
    (
        *("connecting", "creating", "initializing", "not checked yet", "pending", "rebooting"),
        *("restarting", "starting"),
    )
)
"""What is only on its way; it should have come to an end after `WAITS`."""
WAITS = timedelta(minutes=30)
_ON, _OFF = frozenset(("on",)), frozenset(("off",))
_ON_IS_BAD = (
    *("battery", "carbon_monoxide", "gas", "heat", "moisture", "problem", "safety", "smoke", "tamper"),
)
DEFAULTS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        **{f"binary_sensor.{device_class}": _ON for device_class in _ON_IS_BAD},
        "binary_sensor.connectivity": _OFF,
        "binary_sensor.running": _OFF,
        "sensor": _WORDS | _BAD_FLAGS,
        "alarm_control_panel": frozenset(("triggered",)),
        "lawn_mower": frozenset(("error",)),
        "lock": frozenset(("jammed",)),
        "vacuum": frozenset(("error",)),
    }
)
"""By domain, and by domain and device class where that decides."""
CRITICAL = frozenset(f"binary_sensor.{kind}" for kind in ("carbon_monoxide", "gas", "safety", "smoke"))
CRITICAL_STATES = frozenset(("FSD", "LB", "LOWBATT", "forced shutdown", "low battery"))
"""A UPS that is about to go off."""
NEVER_KNOWN = frozenset(("button", "event", "image", "input_button", "notify", "scene", "stt", "tts"))
"""Domains whose entities have no state before they were used."""
_SEPARATORS = re.compile(r"[,;|+()!\n]|: |:$")
_SPACES = re.compile(r"[\s_-]+")
_BOUND = re.compile(r"([<>])\s*(-?\d{1,12}(?:\.\d{1,6})?)\Z")
_KEY = re.compile(r"[a-z0-9_]+(?:\.[a-z0-9_]+)?\Z")


class BadStates:
    """The table with what a person changed of it: "sensor.disk_smart: fail, pre-fail" or "switch: off"."""

    def __init__(self, lines: Iterable[str] = ()) -> None:
        """Each line is a domain, a domain with a device class or an entity, and its bad states."""
        self._chosen = dict(chosen for line in lines if (chosen := _read(line)))

    def is_bad(self, entity_id: str, device_class: str | None, state: str) -> bool:
        """Return whether a state is a problem: what is said of the entity itself goes before its class."""
        chosen = self._of(self._chosen, entity_id, device_class)
        if chosen is not None:
            return any(_fits(state, wanted) for wanted in chosen)
        usual = self._of(DEFAULTS, entity_id, device_class)
        return usual is not None and not usual.isdisjoint(_parts(state))

    def waits(self, entity_id: str, device_class: str | None, state: str) -> bool:
        """Return whether a state is one that should pass."""
        is_usual = self._of(self._chosen, entity_id, device_class) is None
        return is_usual and entity_id.startswith("sensor.") and not _WAITING.isdisjoint(_parts(state))

    def judges(self, entity_id: str, device_class: str | None) -> bool:
        """Return whether an entity's state alone says whether something is wrong, as no sensor's does."""
        return any(self._of(table, entity_id, device_class) for table in (self._chosen, DEFAULTS)) and (
            not entity_id.startswith("sensor.")
        )

    @staticmethod
    def _of(
        table: Mapping[str, frozenset[str]], entity_id: str, device_class: str | None
    ) -> frozenset[str] | None:
        domain = entity_id.partition(".")[0]
        return next(
            (table[key] for key in (entity_id, f"{domain}.{device_class}", domain) if key in table), None
        )


def unread(lines: Iterable[str]) -> Iterator[str]:
    """Yield the lines that say nothing: without a colon, or not about entities."""
    return (line for line in lines if _read(line) is None)


def severity_of(entity_id: str, device_class: str | None, state: str = "") -> Severity:
    """Return how bad it is."""
    of_class = f"{entity_id.partition('.')[0]}.{device_class}"
    is_critical = of_class in CRITICAL or not CRITICAL_STATES.isdisjoint(_parts(state))
    return Severity.CRITICAL if is_critical else Severity.WARNING


def _read(line: str) -> tuple[str, frozenset[str]] | None:
    key, colon, states = line.partition(":")
    key = key.strip().lower()
    if not colon or not _KEY.match(key):
        return None
    return key, frozenset(said for state in states.split(",") if (said := state.strip().casefold()))


def _fits(state: str, wanted: str) -> bool:
    """Return whether a state is one that a person has named, or beyond the bound: "<20", "> 80"."""
    if bound := _BOUND.match(wanted):
        try:
            number = float(state)
        except ValueError:
            return False
        limit = float(bound[2])
        return number < limit if bound[1] == "<" else number > limit
    return state.casefold() == wanted or _plain(wanted) in _parts(state)


def _parts(state: str) -> frozenset[str]:
    """Return what a state says: "clean, degraded" and "Exited (1)" are two things, "OB LB" are two flags.

    A state may be an address or a text of any kind; only whole parts of it count as words.
    """
    if "://" in state:
        return frozenset()
    flags = state.split()
    if flags and _FLAGS.issuperset(flags) and flags != ["OFF"]:
        return frozenset((*flags, *(flag.casefold() for flag in flags)))
    return frozenset(_plain(part) for part in _SEPARATORS.split(state)) | {_plain(state)}


def _plain(text: str) -> str:
    return _SPACES.sub(" ", text).strip().casefold()
