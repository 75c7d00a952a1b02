"""The self-check: what must hold after the tour through the house."""

from dataclasses import dataclass
from pathlib import Path

from . import journal
from .client import Client, Json
from .homelab import Homelab, entry_of

# Keys of the hub's entities that have a value once a question has been answered. What only a real hub with
# a measured graphics card knows is not among them.
_KNOWN = ("version", "models_installed", "models_loaded", "generation_speed", "requests")
_WITHOUT_VALUE = {"unknown", "unavailable", ""}
# A button is unavailable while there is nothing that it could do.
_AT_TIMES_UNAVAILABLE = {"button"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the self-check."""

    passed: bool
    text: str


async def entry_is_loaded(client: Client) -> Finding:
    """Whether the integration runs."""
    entry = await entry_of(client)
    state = entry["state"] if entry else "missing"
    return Finding(state == "loaded", f"the integration is loaded{_but(state, 'loaded')}")


def hub_has_values(homelab: Homelab, states: dict[str, Json]) -> list[Finding]:
    """Whether the hub is online and its sensors know something."""

    def state(key: str) -> str:
        entity = homelab.of_hub(key)
        return str(states[entity.entity_id]["state"]) if entity and entity.entity_id in states else ""

    online = state("online")
    silent = [key for key in _KNOWN if state(key) in _WITHOUT_VALUE]
    unavailable = [
        entity.entity_id
        for entity in homelab.entities
        if entity.entity_id in states
        and states[entity.entity_id]["state"] == "unavailable"
        and entity.domain not in _AT_TIMES_UNAVAILABLE
    ]
    return [
        Finding(online == "on", f"the hub is online{_but(online or 'missing', 'on')}"),
        Finding(not silent, f"the hub's sensors have values{_but(', '.join(silent))}"),
        Finding(not unavailable, f"no entity is unavailable{_but(', '.join(unavailable))}"),
    ]


def log_is_clean(log: Path) -> Finding:
    """Whether the integration is in no error and no traceback of the log."""
    ours = [record for record in journal.problems(log) if record.is_ours]
    first = ours[0].text.splitlines()[-1] if ours else ""
    return Finding(not ours, f"no error of the integration in the log{_but(first)}")


def _but(found: str, wanted: str = "") -> str:
    """What was found, where it is not what was wanted."""
    return "" if found == wanted else f" – {found}"
