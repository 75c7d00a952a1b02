"""What people are asked about, and how seldom."""

from dataclasses import replace
import json

import pytest

from custom_components.homelab_ai.habits.days import DayType, SunEvent
from custom_components.homelab_ai.habits.habit import BackTest, Habit, HabitKind, Presence
from custom_components.homelab_ai.habits.offers import GRACE, MOST_OPEN, NOT_NOW, Offers, OfferState

HABITS = [Habit(HabitKind.TIME, f"light.{number}", "on", 5, 6, minute=400) for number in range(6)]
REVERSED = Habit(HabitKind.REVERSED, "light.porch", "on", 5, 6, automation="automation.porch")
STALE = Habit(HabitKind.STALE, "", "never", 0, 40, automation="automation.old")


def asked(offers: Offers) -> list[Habit]:
    return [offer.habit for offer in offers.open]


def test_one_a_day_and_three_at_most() -> None:
    offers = Offers()
    first = offers.update(HABITS, 1)
    assert first is not None
    assert first.habit == HABITS[0]
    assert offers.update(HABITS, 1) is None
    for day in range(2, 10):
        offers.update(HABITS, day)
    assert asked(offers) == HABITS[:MOST_OPEN]


def test_never_again_after_no() -> None:
    offers = Offers()
    habit = replace(HABITS[0], minute=420)
    offer = offers.update([habit], 1)
    assert offer is not None
    offers.answer(offer, OfferState.DISMISSED, 1)
    same = [
        replace(habit, minute=minute, day_type=day_type, hits=20)
        for minute in (361, 420, 479)
        for day_type in DayType
    ]
    for day in range(2, 800):
        assert offers.update(same, day) is None
        if day % 100 == 0:
            offers = Offers(json.loads(json.dumps(offers.as_stored())))
    # In the evening it is another habit.
    assert offers.update([replace(habit, minute=1200)], 800) is not None


def test_what_was_put_off_comes_again() -> None:
    offers = Offers()
    offer = offers.update(HABITS[:1], 1)
    assert offer is not None
    offers.answer(offer, OfferState.POSTPONED, 1, 1 + NOT_NOW)
    assert offers.update(HABITS[:1], NOT_NOW) is None
    again = offers.update(HABITS[:1], NOT_NOW + 1)
    assert again is not None
    assert again.id == offer.id


def test_what_was_accepted_is_not_suggested() -> None:
    offers = Offers()
    offer = offers.update(HABITS[:1], 1)
    assert offer is not None
    offers.answer(offer, OfferState.ACCEPTED, 1)
    assert offers.update(HABITS[:1], 5) is None
    offers.answer(offer, OfferState.OPEN, 6)
    assert asked(offers) == HABITS[:1]


def test_its_figures_are_those_of_last_night() -> None:
    offers = Offers()
    offer = offers.update(HABITS[:1], 1)
    assert offer is not None
    later = replace(HABITS[0], hits=9, minute=410)
    offers.update([later], 2)
    assert asked(offers) == [later]
    assert offers.open[0].id == offer.id


def test_what_ends_is_taken_back() -> None:
    offers = Offers()
    offers.update(HABITS[:1], 1)
    offers.update([], GRACE)
    assert asked(offers) == HABITS[:1]
    offers.update([], GRACE + 1)
    assert asked(offers) == []


def test_one_thing_at_a_time() -> None:
    offers = Offers()
    offers.update(HABITS[:1], 1)
    assert offers.update([replace(HABITS[0], state="off", minute=900)], 2) is None
    assert offers.update([REVERSED], 3) is not None
    assert offers.update([STALE], 4) is None


@pytest.mark.parametrize(
    "habit",
    [
        HABITS[0],
        replace(HABITS[0], kind=HabitKind.SUN, sun=SunEvent.SUNSET, minute=-20, at_home=True),
        replace(HABITS[0], kind=HabitKind.SEQUENCE, before=("media_player.tv", "on"), within=5),
        replace(HABITS[0], kind=HabitKind.PRESENCE, presence=Presence.DEPARTURE),
        replace(HABITS[0], back_test=BackTest(9, 7, 1, 1), chance=1e-9, day_type=DayType.SUNDAY),
        REVERSED,
        STALE,
    ],
)
def test_it_is_the_same_after_a_restart(habit: Habit) -> None:
    offers = Offers()
    offer = offers.update([habit], 1)
    stored = json.loads(json.dumps(offers.as_stored()))
    again = Offers(stored)
    assert list(again) == [offer]
    assert again.as_stored() == stored
    assert again.update(HABITS[4:], 1) is None


@pytest.mark.parametrize("broken", [{"offers": [{}]}, {"offers": 3}, {"latest": "x"}])
def test_a_broken_file_is_noticed(broken: dict[str, object]) -> None:
    with pytest.raises((TypeError, ValueError, KeyError)):
        Offers(broken)
