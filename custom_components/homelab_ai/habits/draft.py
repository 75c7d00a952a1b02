"""The automation of a habit: a few inputs of a blueprint, readable in the editor."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .days import WEEKDAYS, DayType
from .habit import Habit, HabitKind, Presence
from .statistics import MINUTES
from .subjects import deed

PREFIX = "homelab_ai_"
"""What the ids of our automations begin with; others are never touched."""
FOLDER = "homelab_ai"
"""Of the blueprints of the house."""
_DAYS: Mapping[DayType, tuple[DayType, ...]] = {
    DayType.ALL: WEEKDAYS,
    DayType.WORKING: WEEKDAYS[:5],
    DayType.WEEKEND: WEEKDAYS[5:],
    **{day: (day,) for day in WEEKDAYS},
}
_SOMEBODY = {"condition": "numeric_state", "entity_id": "zone.home", "above": 0}
_CALENDAR = (DayType.WORKING, DayType.WEEKEND)


def blueprint(kind: HabitKind) -> tuple[str, Path]:
    """Return the path of a blueprint in the house, and the file that comes with the integration."""
    name = f"habit_{kind}.yaml"
    return f"{FOLDER}/{name}", Path(__file__).parent / "blueprints" / name


def automation(
    habit: Habit, offer_id: str, alias: str, description: str, workday: str | None = None
) -> dict[str, Any]:
    """Return the automation as it is written; `workday` is a sensor that says whether people work today.

    Raises KeyError for what cannot be automated.
    """
    path, _ = blueprint(habit.kind)
    conditions = [_SOMEBODY] if habit.at_home else []
    inputs = {**_trigger(habit), "actions": [_action(habit)]}
    if habit.kind in (HabitKind.TIME, HabitKind.SUN):
        by_sensor = workday is not None and habit.day_type in _CALENDAR
        days = _DAYS[DayType.ALL if by_sensor else habit.day_type]
        inputs["weekdays"] = [day.value for day in days]
        if by_sensor:
            state = "on" if habit.day_type is DayType.WORKING else "off"
            conditions = [*conditions, {"condition": "state", "entity_id": workday, "state": state}]
    return {
        "id": PREFIX + offer_id,
        "alias": alias,
        "description": description,
        "use_blueprint": {"path": path, "input": {**inputs, "conditions": conditions}},
    }


def _action(habit: Habit) -> dict[str, Any]:
    return {"action": deed(habit.key), "target": {"entity_id": habit.entity}}


def _trigger(habit: Habit) -> dict[str, Any]:
    match habit.kind:
        case HabitKind.TIME:
            hour, minute = divmod(habit.minute % MINUTES, 60)
            return {"at": f"{hour:02}:{minute:02}:00"}
        case HabitKind.SUN:
            hour, minute = divmod(abs(habit.minute), 60)
            sign = "-" if habit.minute < 0 else ""
            return {"event": str(habit.sun), "offset": f"{sign}{hour:02}:{minute:02}:00"}
        case HabitKind.SEQUENCE if habit.before:
            return {"entity": habit.before[0], "state": habit.before[1]}
        case HabitKind.PRESENCE:
            return {"people": "arrive" if habit.presence is Presence.ARRIVAL else "leave"}
    raise KeyError(habit.kind)
