"""The table of entities."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

_LONGEST_STATE = 60


@dataclass(frozen=True, slots=True)
class Row:
    """One entity: the name of its device, its id and its state, unit and all."""

    device: str
    entity_id: str
    state: str


def readable(state: str, unit: str | None = None, zone: tzinfo | None = None) -> str:
    """A state as the table shows it: numbers to two decimals, times in `zone` (None: this machine's)."""
    shown = _time(state, zone) or _number(state) or state
    if len(shown) > _LONGEST_STATE:
        shown = f"{shown[: _LONGEST_STATE - 1]}…"
    return f"{shown} {unit}" if unit and shown not in {"unknown", "unavailable"} else shown


def lines(rows: Sequence[Row], headings: tuple[str, str, str] = ("Device", "Entity", "State")) -> list[str]:
    """The rows, aligned and sorted by device; a device is named where its entities begin."""
    ordered = sorted(rows, key=lambda row: (row.device, row.entity_id))
    device_width = max(len(text) for text in (headings[0], *(row.device for row in ordered)))
    entity_width = max(len(text) for text in (headings[1], *(row.entity_id for row in ordered)))

    def line(device: str, entity_id: str, state: str) -> str:
        return f"{device:<{device_width}}  {entity_id:<{entity_width}}  {state}".rstrip()

    table = [line(*headings), line("─" * device_width, "─" * entity_width, "─" * len(headings[2]))]
    named = None
    for row in ordered:
        table.append(line("" if row.device == named else row.device, row.entity_id, row.state))
        named = row.device
    return table


def state_of(states: Mapping[str, Mapping[str, object]], entity_id: str) -> str:
    """The readable state of an entity in Home Assistant's list of states (by entity id)."""
    if (state := states.get(entity_id)) is None:
        return "–"
    attributes = state["attributes"]
    unit = attributes.get("unit_of_measurement") if isinstance(attributes, Mapping) else None
    return readable(str(state["state"]), unit if isinstance(unit, str) else None)


def _number(state: str) -> str | None:
    try:
        value = float(state)
    except ValueError:
        return None
    if "." not in state:
        return state
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _time(state: str, zone: tzinfo | None) -> str | None:
    if "T" not in state:
        return None
    try:
        moment = datetime.fromisoformat(state)
    except ValueError:
        return None
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M:%S}"
