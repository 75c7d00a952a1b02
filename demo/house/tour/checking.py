"""The last chapter: all entities, and what was found on the way."""

import asyncio

from .. import check, journal, table
from ..check import Finding
from .guide import Guide

_SECONDS_TO_FOLLOW = 2.5  # until the hub's sensors show what the last request did


async def look_around(guide: Guide) -> list[Finding]:
    """The table of entities."""
    await asyncio.sleep(_SECONDS_TO_FOLLOW)
    homelab, states = await guide.homelab(), await guide.states()
    rows = [
        table.Row(
            homelab.devices.get(entity.device_id or "", ""),
            entity.entity_id,
            table.state_of(states, entity.entity_id),
        )
        for entity in homelab.entities
        if entity.enabled
    ]
    disabled = len(homelab.entities) - len(rows)
    guide.console.step(f"{len(rows)} entities, and {disabled} that are disabled at first")
    for line in table.lines(rows):
        guide.console.line(f"    {line}")
    return [
        await check.entry_is_loaded(guide.client),
        *check.hub_has_values(homelab, states),
        check.log_is_clean(guide.log),
    ]


def conclude(guide: Guide, findings: list[Finding]) -> None:
    """The self-check."""
    guide.console.step("Self-check")
    for finding in findings:
        guide.console.verdict(finding.passed, finding.text)
    passed = sum(finding.passed for finding in findings)
    guide.console.step(f"{passed} of {len(findings)} checks passed")
    journal.show_problems(guide.log, guide.console)
