"""The own log: 90 days, bounded, and the same after a restart."""

import json

import pytest

from custom_components.homelab_ai.habits.action import Action, Cause
from custom_components.homelab_ai.habits.log import DAY, DAYS, MOST_A_DAY, MOST_ACTIONS, ActionLog
from custom_components.homelab_ai.habits.subjects import NEVER, READ, SIGNALS, SUBJECTS

BEGIN = 1_795_000_000


def lamp(at: int, entity: str = "light.lamp", state: str = "on", by: str = "") -> Action:
    return Action(at, entity, state, Cause.SCHEDULE if by else Cause.HAND, by)


def test_it_is_the_same_after_a_restart() -> None:
    log = ActionLog()
    assert (len(log), log.since, log.until) == (0, 0, 0)
    done = [
        lamp(BEGIN, by="automation.x"),
        lamp(BEGIN + 5, "switch.fan", "off"),
        Action(BEGIN + 9, "person.ann", "home", Cause.PERSON),
    ]
    log.add(done, BEGIN - 10.5, BEGIN + 100.5)
    stored = json.loads(json.dumps(log.as_stored()))
    again = ActionLog(stored)
    assert list(again) == done
    assert (again.since, again.until) == (BEGIN - 11, BEGIN + 100)
    assert again.as_stored() == stored


def test_an_empty_one_is_stored_as_such() -> None:
    assert list(ActionLog(ActionLog().as_stored())) == []


def test_what_was_read_before_is_not_read_twice() -> None:
    log = ActionLog()
    log.add([lamp(BEGIN)], BEGIN, BEGIN + 10)
    log.add([lamp(BEGIN), lamp(BEGIN + 10)], BEGIN, BEGIN + 20)
    assert [action.at for action in log] == [BEGIN, BEGIN + 10]
    assert log.since == BEGIN


def test_ninety_days() -> None:
    log = ActionLog()
    log.add([lamp(BEGIN), lamp(BEGIN + DAY)], BEGIN, BEGIN + DAY + 1)
    log.add([], BEGIN, BEGIN + DAYS * DAY + 5)
    assert [action.at for action in log] == [BEGIN + DAY]
    assert log.since == BEGIN + 5


def test_it_is_bounded() -> None:
    log = ActionLog()
    log.add((lamp(BEGIN + 90 * number) for number in range(MOST_ACTIONS + 5)), BEGIN, BEGIN + 5 * 10**6)
    assert len(log) == 0  # 960 times a day is nobody's habit
    entities = [f"light.{number}" for number in range(100)]
    log = ActionLog()
    log.add(
        (lamp(BEGIN + 90 * n, entities[n % 100]) for n in range(MOST_ACTIONS + 5)), BEGIN, BEGIN + 5 * 10**6
    )
    assert len(log) == MOST_ACTIONS
    size = len(json.dumps(log.as_stored(), separators=(",", ":")))
    assert size < 20 * MOST_ACTIONS
    assert len(ActionLog(log.as_stored())) == MOST_ACTIONS


def test_chatter_of_one_day_is_left_out() -> None:
    log = ActionLog()
    day = BEGIN - BEGIN % DAY
    chatter = [lamp(day + number) for number in range(MOST_A_DAY + 1)]
    log.add([*chatter, lamp(day + DAY), lamp(day + 5, "light.calm")], day, day + 2 * DAY)
    assert [(action.at, action.entity) for action in log] == [
        (day + 5, "light.calm"),
        (day + DAY, "light.lamp"),
    ]


def test_it_forgets_what_is_no_longer_looked_at() -> None:
    log = ActionLog()
    log.add([lamp(BEGIN), lamp(BEGIN + 1, "light.other")], BEGIN, BEGIN + 2)
    log.keep(frozenset(("light.other",)))
    assert [action.entity for action in log] == ["light.other"]


@pytest.mark.parametrize(
    "broken",
    [
        {"names": ["a"], "actions": [[1, 5, 0, 0]]},
        {"names": 3},
        {"actions": [[1]]},
        {"actions": [["x", 0, 0, 0]], "names": ["a"]},
    ],
)
def test_a_broken_file_is_noticed(broken: dict[str, object]) -> None:
    """Whoever loads it begins with none then."""
    with pytest.raises((TypeError, ValueError, IndexError)):
        ActionLog(broken)


def test_nothing_dangerous_is_in_the_tables() -> None:
    assert NEVER.isdisjoint(SUBJECTS)
    assert NEVER.isdisjoint(SIGNALS)
    assert NEVER.isdisjoint(READ)
    for domain, subject in SUBJECTS.items():
        assert all(deed.startswith(f"{domain}.") for deed in subject.deeds.values())
        assert set(subject.opposites.values()) <= set(subject.deeds)
        assert set(subject.same.values()) <= set(subject.deeds)
