"""What is shown of a house that runs, chapter by chapter.

A chapter is a function of the guide that returns what it found.
"""

from ..check import Finding
from . import (
    acting,
    checking,
    entities,
    habits,
    leaving,
    network,
    outage,
    proposing,
    questions,
    systems,
    talking,
    troubles,
    waiting,
)
from .guide import Chapter, Guide

CHAPTERS: tuple[Chapter, ...] = (
    systems.add_systems,
    systems.watch,
    troubles.break_image,
    troubles.fail_backup,
    entities.lose_power,
    talking.talk,
    talking.give_task,
    troubles.break_two,
    questions.ask,
    outage.turn_off_hub,
    acting.act,
    troubles.mend_both,
    waiting.see_all_solved,
    network.meet_devices,
    network.lose_node,
    proposing.propose,
    habits.find_habits,
    leaving.leave_something,
    checking.look_around,
)


async def lead(guide: Guide, *, whole: bool = True) -> bool:
    """Lead through the house; returns whether everything was as it should be.

    Not the `whole` tour only adds the systems.
    """
    findings: list[Finding] = []
    if not whole:
        findings += await systems.add_systems(guide)
        return all(finding.passed for finding in findings)
    for chapter in CHAPTERS:
        findings += await chapter(guide)
    checking.conclude(guide, findings)
    return all(finding.passed for finding in findings)


__all__ = ["Guide", "lead"]
