"""What the actions on habits do. Accepting is an administrator's act, never one of an automation or model."""

from typing import TYPE_CHECKING, Any

from homeassistant.core import ServiceCall, ServiceResponse
from homeassistant.util import dt as dt_util

from ..errors import invalid
from .calls import homelab_of, language_of

if TYPE_CHECKING:
    from ..coordinator.habits import HabitCoordinator, Suggestion

ATTR_HABIT_ID = "habit_id"


async def list_habits(call: ServiceCall) -> ServiceResponse:
    """List what is suggested, with its evidence; where asked for, what was answered, too."""
    habits, language = _habits_of(call), language_of(call)
    listed = [_listed(told) for told in habits.suggestions(language)]
    response: dict[str, Any] = {"habits": listed, "observed": _observed(habits)}
    if call.data["include_answered"]:
        answered = habits.suggestions(language, closed=True)
        response["answered"] = [_listed(told) for told in answered[: call.data["limit"]]]
    return response


async def accept_habit(call: ServiceCall) -> ServiceResponse:
    """Write the automation of a habit, which is off at first; with `undo` take it away again."""
    habits = _habits_of(call)
    # An administrator, as the registration has made sure; but somebody, not what runs by itself.
    if call.context.user_id is None:
        raise invalid("habit_needs_person")
    habit_id: str = call.data[ATTR_HABIT_ID]
    if call.data["undo"]:
        return _listed(await habits.async_undo(habit_id))
    return _listed(await habits.async_accept(habit_id))


async def dismiss_habit(call: ServiceCall) -> ServiceResponse:
    """Never suggest a habit again, or not for a month; with `undo` take that back."""
    habits, habit_id = _habits_of(call), call.data[ATTR_HABIT_ID]
    if call.data["undo"]:
        return _listed(await habits.async_reopen(habit_id))
    return _listed(await habits.async_dismiss(habit_id, not_now=call.data["not_now"]))


def _habits_of(call: ServiceCall) -> HabitCoordinator:
    """Return what looks for habits in a homelab. Raises ServiceValidationError where nothing does."""
    homelab = homelab_of(call)
    if homelab.habits is None:
        raise invalid("habits_off", homelab=homelab.name)
    return homelab.habits


def _listed(told: Suggestion) -> dict[str, Any]:
    habit = told.habit
    return {
        "id": told.id,
        "kind": told.kind,
        "state": told.state,
        "since": told.since.isoformat(),
        "title": told.title,
        "message": told.message,
        "entities": sorted(habit.entities),
        "hits": habit.hits,
        "of": habit.trials,
        "at_least": round(habit.strength, 2),
        "back_test": {
            "fired": habit.back_test.fired,
            "right": habit.back_test.right,
            "wrong": habit.back_test.wrong,
        },
        "automation": dict(told.automation) if told.automation else None,
        "automation_entity": told.entity,
    }


def _observed(habits: HabitCoordinator) -> dict[str, Any]:
    """Return what the search rests on, so that nobody wonders why nothing is found."""
    log = habits.log
    moments = {"since": log.since, "until": log.until}
    return {
        **{name: dt_util.utc_from_timestamp(at).isoformat() if at else None for name, at in moments.items()},
        "actions": len(log),
        "recorder": habits.is_recording,
        "calls_recorded": habits.sees_calls,
    }
