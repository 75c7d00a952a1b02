"""What is found in made-up houses, and what is not; the whole measurement is `scripts/bench`."""

from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

import pytest

from custom_components.homelab_ai.habits.action import Action, Cause
from custom_components.homelab_ai.habits.automations import Existing
from custom_components.homelab_ai.habits.days import Days, DayType, SunEvent
from custom_components.homelab_ai.habits.diary import Diary
from custom_components.homelab_ai.habits.habit import Habit, HabitKind, Presence
from custom_components.homelab_ai.habits.mining import mine
from demo.habits import MadeUpHouse, Planted, bursty, judge, noise, planted, sequences
from demo.habits.house import TODAY

COFFEE = "switch.coffee_machine"
DAY = 86_400


def found_in(house: MadeUpHouse) -> list[Habit]:
    return mine(Diary(house.actions(), house.days, until=house.until))


def quiet(*habits: Planted, length: int = 28, comings: float = 0.0) -> MadeUpHouse:
    """A house in which little else happens."""
    return MadeUpHouse(3, length, habits, things=12, comings=comings)


def only(house: MadeUpHouse, entity: str) -> Habit:
    (habit,) = [habit for habit in found_in(house) if habit.entity == entity]
    return habit


def test_planted_habits_are_found() -> None:
    verdicts = [judge(house, found_in(house)) for house in (planted(seed) for seed in range(5))]
    hits, wanted = sum(one.hits for one in verdicts), sum(one.planted for one in verdicts)
    wrong = sum(one.wrong for one in verdicts)
    assert hits / wanted >= 0.65
    assert hits / (hits + wrong) >= 0.95


def test_sequences_are_found() -> None:
    verdict = judge(house := sequences(1), found_in(house))
    assert verdict.hits >= 5
    assert verdict.wrong == 0


@pytest.mark.parametrize("make", [noise, bursty])
def test_chance_is_no_habit(make: object) -> None:
    assert callable(make)
    assert sum(len(found_in(make(seed))) for seed in range(5)) == 0


def test_it_says_when() -> None:
    habit = only(quiet(Planted(COFFEE, "on", DayType.WORKING, 6 * 60 + 47, 8, 0.85)), COFFEE)
    assert (habit.kind, habit.state, habit.day_type) == (HabitKind.TIME, "on", DayType.WORKING)
    assert habit.trials == 20
    assert 14 <= habit.hits <= 20
    assert 6 * 60 + 35 <= habit.begin <= habit.minute <= habit.end <= 7 * 60
    test = habit.back_test
    assert 8 <= test.right <= test.fired <= 10
    assert 0.5 < habit.strength < habit.hits / habit.trials


@pytest.mark.parametrize("minute", [0, 5, 1435])
def test_midnight_is_in_the_middle(minute: int) -> None:
    habit = only(quiet(Planted(COFFEE, minute=minute, wobble=12, kept=0.95)), COFFEE)
    assert habit.day_type is DayType.ALL
    assert habit.trials - habit.hits <= 4


def test_the_clock_changes_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is done at a quarter to seven is so before and after the last Sunday of October."""
    monkeypatch.setattr("demo.habits.house.TODAY", date(2026, 11, 8).toordinal())
    habit = only(quiet(Planted(COFFEE, minute=405, wobble=5, kept=0.95)), COFFEE)
    assert 395 <= habit.begin <= habit.end <= 415


def test_the_sun_rather_than_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("demo.habits.house.TODAY", date(2026, 10, 20).toordinal())
    lamp = Planted("light.terrace", minute=15, wobble=6, kept=0.95, sun=SunEvent.SUNSET)
    habit = only(quiet(lamp, length=45), "light.terrace")
    assert (habit.kind, habit.sun) == (HabitKind.SUN, SunEvent.SUNSET)
    assert 5 <= habit.begin <= habit.minute <= habit.end <= 25


def test_a_single_weekday() -> None:
    habit = only(quiet(Planted(COFFEE, "on", DayType.TUESDAY, 600, 5, 1.0), length=80), COFFEE)
    assert habit.day_type is DayType.TUESDAY


def test_a_calendar_knows_working_days_better() -> None:
    days = Days(ZoneInfo("UTC"), working={TODAY: False, TODAY + 1: True})
    assert date.fromordinal(TODAY).weekday() == 5
    assert days.types(TODAY) == (DayType.ALL, DayType.WEEKEND, DayType.SATURDAY)
    assert days.types(TODAY + 1) == (DayType.ALL, DayType.WORKING, DayType.SUNDAY)


def test_who_comes_home() -> None:
    house = quiet(Planted("light.hall", presence=Presence.ARRIVAL, wobble=4, kept=0.95), comings=2.0)
    habit = only(house, "light.hall")
    assert (habit.kind, habit.presence) == (HabitKind.PRESENCE, Presence.ARRIVAL)
    assert habit.within == 5


def test_who_leaves() -> None:
    house = quiet(Planted("light.hall", "off", presence=Presence.DEPARTURE, wobble=4, kept=1.0), comings=2.0)
    assert only(house, "light.hall").presence is Presence.DEPARTURE


def test_what_is_automated_already_is_not_suggested() -> None:
    house = quiet(Planted(COFFEE, "on", DayType.ALL, 400, 5, 0.95))
    done = house.actions()
    runs = [
        Action(int(house.days.moment(day, 402)), COFFEE, "on", Cause.SCHEDULE, "automation.coffee")
        for day in range(house.first, TODAY, 1)
    ]
    assert mine(Diary([*done, *runs], house.days, until=house.until)) == []


def test_what_has_ended_is_none_any_more() -> None:
    assert found_in(quiet(Planted(COFFEE, minute=400, wobble=5, kept=0.95, last=18))) == []


def test_nobody_is_at_home() -> None:
    """Done at nine if somebody is there: the automation gets that condition."""
    house = quiet(length=40)
    done, people = list[Action](), list[Action]()
    for day in range(house.first, TODAY):
        at_nine = int(house.days.moment(day, 540))
        if day % 5 == 0:
            people += [
                Action(at_nine - 3600, "person.ann", "not_home", Cause.HAND),
                Action(at_nine + 36_000, "person.ann", "home", Cause.HAND),
            ]
        else:
            done += [
                Action(at_nine, COFFEE, "on", Cause.HAND),
                Action(at_nine + 9000, COFFEE, "off", Cause.HAND),
            ]
    found = mine(Diary([*house.actions(), *people, *done], house.days, until=house.until))
    (habit,) = [habit for habit in found if habit.key == (COFFEE, "on")]
    assert habit.at_home
    assert habit.back_test.away == 0
    assert habit.back_test.right == habit.back_test.fired


TELEVISION = "media_player.television"


def _evenings(house: MadeUpHouse, *after: tuple[str, int]) -> list[Action]:
    """Each day at another time: the television, and what follows it after so many seconds."""
    done = list[Action]()
    for day in range(house.first, TODAY):
        at = int(house.days.moment(day, 780 + day * 97 % 300))
        for entity, later in ((TELEVISION, 0), *after):
            done += [
                Action(at + later, entity, "on", Cause.HAND),
                Action(at + later + 9000, entity, "off", Cause.HAND),
            ]
    return sorted(done, key=lambda action: action.at)


def _followers(done: list[Action], house: MadeUpHouse) -> set[tuple[str, str]]:
    found = mine(Diary(done, house.days, until=house.until))
    return {(habit.before[0], habit.entity) for habit in found if habit.before and habit.state == "on"}


def test_what_follows_the_same_thing_does_not_follow_one_another() -> None:
    house = quiet()
    done = _evenings(house, ("light.sofa", 60), ("light.wall", 120))
    assert _followers(done, house) == {(TELEVISION, "light.sofa"), (TELEVISION, "light.wall")}


def test_what_happens_at_once_is_a_scene() -> None:
    house = quiet()
    assert _followers(_evenings(house, ("light.sofa", 1)), house) == set()


def test_a_sequence_that_is_automated_already() -> None:
    house = quiet()
    done = _evenings(house, ("light.sofa", 60))
    runs = [
        Action(action.at + 55, "light.sofa", "on", Cause.AUTOMATION, "automation.sofa")
        for action in done
        if action.key == (TELEVISION, "on")
    ]
    assert _followers([*done, *runs], house) == set()


def test_a_sequence_that_has_ended() -> None:
    house = quiet()
    ended = house.days.moment(TODAY - 12, 0)
    done = [
        action
        for action in _evenings(house, ("light.sofa", 60))
        if action.entity == TELEVISION or action.at < ended
    ]
    assert _followers(done, house) == set()


def test_coming_home_explains_both() -> None:
    house = quiet()
    done = _evenings(house, ("light.sofa", 60))
    people = [
        Action(action.at + later, "person.ann", state, Cause.HAND)
        for action in done
        if action.key == (TELEVISION, "on")
        for later, state in ((-7200, "not_home"), (-60, "home"))
    ]
    found = mine(Diary([*done, *people], house.days, until=house.until))
    assert {(habit.kind, habit.entity) for habit in found if habit.state == "on"} == {
        (HabitKind.PRESENCE, "light.sofa")
    }


def _nightly(house: MadeUpHouse, undone: int) -> list[Habit]:
    done = list[Action]()
    for number, day in enumerate(range(house.first, TODAY)):
        at = int(house.days.moment(day, 1200))
        done.append(Action(at, "light.porch", "on", Cause.SCHEDULE, "automation.porch"))
        if number % undone == 0:
            done.append(Action(at + 300, "light.porch", "off", Cause.HAND))
    return mine(Diary(done, house.days, until=house.until))


def test_an_automation_that_is_undone() -> None:
    (habit,) = [habit for habit in _nightly(quiet(), 2) if habit.kind is HabitKind.REVERSED]
    assert (habit.automation, habit.entity, habit.state) == ("automation.porch", "light.porch", "on")
    assert (habit.hits, habit.trials) == (14, 28)
    assert not habit.kind.is_automatable
    assert [habit for habit in _nightly(quiet(), 5) if habit.kind is HabitKind.REVERSED] == []
    assert _nightly(replace(quiet(), length=4), 1) == []


@pytest.mark.parametrize(
    ("made", "ran", "days"),
    [(0, 0, None), (10, 0, None), (31, 0, 31), (400, 89, None), (400, 91, 91), (0, 100, 100)],
)
def test_an_automation_that_never_runs(made: int, ran: int, days: int | None) -> None:
    now = 1_800_000_000.0
    one = Existing("automation.x", made and now - made * DAY, ran and now - ran * DAY)
    house = quiet(length=2)
    found = mine(Diary((), house.days, until=house.until), [one], now)
    assert [habit.trials for habit in found] == ([] if days is None else [days])
    assert all(habit.state == ("" if ran else "never") for habit in found)


def test_the_same_to_a_person() -> None:
    habit = Habit(HabitKind.TIME, COFFEE, "on", 5, 6, minute=1438)
    assert habit.is_like(replace(habit, hits=9, minute=20, day_type=DayType.WORKING), 60)
    assert not habit.is_like(replace(habit, minute=120), 60)
    assert not habit.is_like(replace(habit, state="off"), 60)
    assert habit.is_like(replace(habit, kind=HabitKind.SUN, minute=-400), 60)
    assert habit.id == replace(habit, hits=9, minute=1400).id != replace(habit, minute=20).id
    follower = Habit(HabitKind.SEQUENCE, COFFEE, "on", 5, 6, before=("light.a", "on"))
    assert follower.is_like(replace(follower, within=10), 0)
    assert not follower.is_like(replace(follower, before=("light.b", "on")), 0)
    assert follower.entities == {COFFEE, "light.a"}
