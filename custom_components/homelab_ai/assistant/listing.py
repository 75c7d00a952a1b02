"""Problems as the responses of actions tell them: plain JSON, times in ISO 8601."""

from datetime import datetime

from homeassistant.util import dt as dt_util
from homeassistant.util.json import JsonObjectType

from ..agent.unlinked import unlinked
from ..events import MOST_CONSEQUENCES, Page, problem_data
from ..health.problem import Problem
from ..health.situation import Situation


def listed_problem(problem: Problem, situation: Situation, page: Page, language: str) -> JsonObjectType:
    """Return a problem with what it is the cause of; `system` is what people call its source."""
    consequences = situation.health.consequences.get(problem.id, ())
    house = situation.house.get(problem.id, ())
    return {
        **_listed(problem, situation, page, language),
        **({"house": [unlinked(name) for name in house[:MOST_CONSEQUENCES]]} if house else {}),
        "consequences": [
            {
                **_listed(consequence, situation, page, language),
                "why_grouped": unlinked(situation.health.why_grouped.get(consequence.id, "")),
            }
            for consequence in consequences
        ],
    }


def _listed(problem: Problem, situation: Situation, page: Page, language: str) -> JsonObjectType:
    return {
        **problem_data(problem, page, language),
        "system": _name_of(problem.source, situation),
        "since": _time(situation.since.get(problem.id)),
        "muted": problem.id in situation.muted_until,
        "muted_until": _time(situation.muted_until.get(problem.id)),
        "details": {key: unlinked(text) for key, text in problem.details.items()},
    }


def _name_of(source: str, situation: Situation) -> str | None:
    names = {system.source: system.name for system in situation.systems} | {
        hub.source: hub.name for hub in situation.hubs
    }
    return names.get(source)


def _time(moment: datetime | None) -> str | None:
    return local_time(moment) if moment else None


def local_time(moment: datetime) -> str:
    """Return a moment as the house's clocks show it."""
    return dt_util.as_local(moment).isoformat(timespec="seconds")
