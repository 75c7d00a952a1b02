"""What is told of each kind of habit, in both languages."""

from dataclasses import replace
import re

import pytest

from custom_components.homelab_ai.habits.days import DayType, SunEvent
from custom_components.homelab_ai.habits.habit import BackTest, Habit, HabitKind, Presence
from custom_components.homelab_ai.habits.subjects import SIGNALS, SUBJECTS
from custom_components.homelab_ai.habits.words import WORDS, words_of

NAMES = {
    "switch.coffee": "Coffee machine",
    "media_player.tv": "Television",
    "automation.porch": "Porch at night",
}
TIME = Habit(
    HabitKind.TIME,
    "switch.coffee",
    "on",
    17,
    20,
    DayType.WORKING,
    400,
    415,
    407,
    back_test=BackTest(12, 11, 0, 1),
)
SUN = replace(TIME, kind=HabitKind.SUN, sun=SunEvent.SUNSET, begin=-5, end=10, minute=2, day_type=DayType.ALL)
SEQUENCE = replace(TIME, kind=HabitKind.SEQUENCE, before=("media_player.tv", "playing"), within=5)
PRESENCE = replace(TIME, kind=HabitKind.PRESENCE, presence=Presence.ARRIVAL, within=1)
REVERSED = replace(TIME, kind=HabitKind.REVERSED, automation="automation.porch", within=15)
STALE = Habit(HabitKind.STALE, "", "never", 0, 40, automation="automation.porch")
ALL = (TIME, SUN, SEQUENCE, PRESENCE, REVERSED, STALE)


def names(entity: str) -> str:
    return NAMES[entity]


@pytest.mark.parametrize(
    ("language", "habit", "title", "message"),
    [
        (
            "en",
            TIME,
            "Switch “Coffee machine” on at 06:47 on working days",
            "On 17 of 20 working days you switched “Coffee machine” on between 06:40 and 06:55. It would have"
            " fired 12 times in the last two weeks and been right 11 times. Somebody undid it once.",
        ),
        (
            "de",
            TIME,
            "„Coffee machine“ an Arbeitstagen um 06:47 Uhr einschalten",
            "An 17 von 20 Arbeitstagen hast du „Coffee machine“ zwischen 06:40 und 06:55 Uhr"
            " eingeschaltet. Die"
            " Automation wäre in den letzten zwei Wochen 12-mal ausgelöst worden und hätte 11-mal"
            " richtiggelegen. Einmal hat es jemand rückgängig gemacht.",
        ),
        (
            "en",
            SUN,
            "Switch “Coffee machine” on 2 minutes after sunset every day",
            "On 17 of 20 days you switched “Coffee machine” on between 5 minutes before sunset and 10 minutes"
            " after sunset. It would",
        ),
        (
            "de",
            SUN,
            "„Coffee machine“ täglich 2 Minuten nach Sonnenuntergang einschalten",
            "An 17 von 20 Tagen hast du „Coffee machine“ zwischen 5 Minuten vor"
            " Sonnenuntergang und 10 Minuten"
            " nach Sonnenuntergang eingeschaltet. Die",
        ),
        (
            "en",
            SEQUENCE,
            "Switch “Coffee machine” on after “Television” began to play",
            "17 of 20 times after “Television” began to play you switched “Coffee machine”"
            " on within 5 minutes.",
        ),
        (
            "de",
            SEQUENCE,
            "„Coffee machine“ einschalten, nachdem „Television“ mit der Wiedergabe begonnen hat",
            "17 von 20 Mal hast du „Coffee machine“ innerhalb von 5 Minuten eingeschaltet,"
            " nachdem „Television“"
            " mit der Wiedergabe begonnen hat.",
        ),
        (
            "en",
            PRESENCE,
            "Switch “Coffee machine” on when the first comes home",
            "17 of 20 times after the first came home you switched “Coffee machine” on within a minute.",
        ),
        (
            "de",
            PRESENCE,
            "„Coffee machine“ einschalten, wenn die erste Person nach Hause kommt",
            "17 von 20 Mal hast du „Coffee machine“ innerhalb von einer Minute"
            " eingeschaltet, nachdem die erste"
            " Person nach Hause gekommen war.",
        ),
        (
            "en",
            REVERSED,
            "“Porch at night” is often undone",
            "The automation “Porch at night” switched “Coffee machine” on 20 times, and somebody undid it 17"
            " times within 15 minutes.",
        ),
        (
            "de",
            REVERSED,
            "„Porch at night“ wird oft rückgängig gemacht",
            "Die Automation „Porch at night“ hat 20-mal „Coffee machine“ eingeschaltet, und"
            " 17-mal hat das jemand"
            " innerhalb von 15 Minuten rückgängig gemacht.",
        ),
        (
            "en",
            STALE,
            "“Porch at night” does not run",
            "The automation “Porch at night” is on and has not run once since it was made, 40 days ago.",
        ),
        (
            "de",
            STALE,
            "„Porch at night“ läuft nie",
            "Die Automation „Porch at night“ ist eingeschaltet und noch nie gelaufen, seit sie vor 40 Tagen"
            " angelegt wurde.",
        ),
    ],
)
def test_what_is_told(language: str, habit: Habit, title: str, message: str) -> None:
    words = words_of(language)
    assert words.title(habit, names) == title
    assert words.message(habit, names).startswith(message)


@pytest.mark.parametrize(
    ("test", "at_home", "english", "german"),
    [
        (BackTest(), False, "It would not have fired in", "wäre in den letzten zwei Wochen nicht ausgelöst"),
        (BackTest(1, 1), False, "fired once in the last two weeks, rightly.", "hätte einmal richtiggelegen"),
        (BackTest(9, 9), False, "and been right every time.", "hätte jedes Mal richtiggelegen"),
        (BackTest(2, 0, 2), False, "and been right not once.", "hätte kein einziges Mal richtiggelegen"),
        (
            BackTest(5, 4),
            True,
            "It would, only while somebody is at home, have fired 5 times",
            "wäre – nur wenn jemand zu Hause ist – in den letzten zwei Wochen 5-mal ausgelöst",
        ),
    ],
)
def test_back_test(test: BackTest, at_home: bool, english: str, german: str) -> None:
    assert english in words_of("en").tested(test, at_home=at_home)
    assert german in words_of("de").tested(test, at_home=at_home)


@pytest.mark.parametrize("language", WORDS)
@pytest.mark.parametrize("habit", ALL, ids=lambda habit: habit.kind)
def test_every_kind_and_every_day_can_be_told(language: str, habit: Habit) -> None:
    words = words_of(language)
    for day_type in DayType:
        for minute in (-1, 0, 1, 30):
            same = replace(habit, day_type=day_type, begin=minute, end=minute, minute=minute)
            for text in (words.title(same, names), words.message(same, names)):
                assert re.search(r"[{}]|None|  |%", text) is None


@pytest.mark.parametrize("language", WORDS)
def test_every_deed_can_be_told(language: str) -> None:
    words = words_of(language)
    for domain, subject in {**SUBJECTS, **SIGNALS}.items():
        for state in subject.deeds:
            deed = words.deed((f"{domain}.x", state))
            assert all("{}" in text for text in (deed.title, deed.past, deed.happened))


def test_an_unknown_language_is_told_in_english() -> None:
    assert words_of("fr") is words_of("en")
