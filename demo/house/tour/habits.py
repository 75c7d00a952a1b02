"""Chapter: what is found in a year of made-up history; without Home Assistant: nobody waits a year."""

import asyncio
from collections.abc import Mapping

from custom_components.homelab_ai.habits.diary import Diary
from custom_components.homelab_ai.habits.mining import mine
from custom_components.homelab_ai.habits.words import words_of
from demo.habits import judge, year

from ..check import Finding
from ..console import Console
from .guide import Guide

_NAMES: Mapping[str, Mapping[str, str]] = {
    "en": {
        "switch.coffee_machine": "Coffee machine",
        "light.terrace": "Terrace",
        "light.hall": "Hall",
        "light.sofa": "Sofa",
        "switch.sauna": "Sauna",
        "media_player.television": "Television",
    },
    "de": {
        "switch.coffee_machine": "Kaffeemaschine",
        "light.terrace": "Terrasse",
        "light.hall": "Flur",
        "light.sofa": "Sofa",
        "switch.sauna": "Sauna",
        "media_player.television": "Fernseher",
    },
}


async def find_habits(guide: Guide) -> list[Finding]:
    """The habits of a made-up year, as they are told."""
    guide.console.step("Habits in a year of made-up history")
    return await asyncio.to_thread(told, guide.console, guide.language)


def told(console: Console, language: str) -> list[Finding]:
    """Tell what is found on the morning after the year; returns whether that is what is in it."""
    house, words, names = year(), words_of(language), _NAMES.get(language, _NAMES["en"])
    found = mine(Diary(house.logged(house.until), house.days, until=house.until))
    for habit in found:
        console.line(f"    {words.title(habit, lambda entity: names.get(entity, entity))}")
        console.note(words.message(habit, lambda entity: names.get(entity, entity)))
    lasting = [habit for habit in house.habits if habit.last > house.length]
    verdict = judge(house, found)
    return [
        Finding(verdict.hits == len(lasting), f"{verdict.hits} of {len(lasting)} planted habits were found"),
        Finding(not verdict.wrong, f"{verdict.wrong} others were suggested"),
    ]
