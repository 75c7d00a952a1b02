"""Chapters: every system is added to the integration; automations and a dashboard make use of them."""

import asyncio
from time import monotonic

from .. import automations, dashboard
from ..check import Finding
from ..homelab import loaded
from ..systems import System, add, systems
from .guide import Guide

_SECONDS_TO_COME_ONLINE = 20


async def add_systems(guide: Guide) -> list[Finding]:
    """Add what is not there yet through its dialog, and wait until it is online."""
    guide.console.step("Adding the systems of the homelab")
    wanted = list(systems(guide.lab, guide.phrases))
    known = (await guide.homelab()).subentries
    for system in wanted:
        began = monotonic()
        if system.name in known:
            guide.console.note(f"{system.name:<14}was added in an earlier run")
            continue
        await add(guide.client, guide.entry_id, system)
        guide.console.line(f"    {system.name:<14}{system.url:<28}{monotonic() - began:5.1f} s")
    # The reload that follows the last one begins a moment after its dialog has ended.
    await asyncio.sleep(0.5)
    await loaded(guide.client)
    offline = await _offline(guide, wanted)
    return [
        Finding(
            not offline,
            f"all {len(wanted)} systems are online" + (f" – not so {', '.join(offline)}" if offline else ""),
        )
    ]


async def watch(guide: Guide) -> list[Finding]:
    """Make the automations and the dashboard."""
    guide.console.step("Making automations and a dashboard")
    hub = (await guide.homelab()).hub_device_id
    await automations.install(guide.client, guide.phrases, hub)
    for key, (trigger, condition) in automations.AUTOMATIONS.items():
        if_ = f" if homelab_ai.{condition}" if condition else ""
        guide.console.line(f"    “{guide.phrases.automations[key].alias}”: on homelab_ai.{trigger}{if_}")
    await dashboard.install(guide.client)
    guide.console.line(f"    {guide.client.url}/{dashboard.PATH}")
    health = (await guide.homelab()).of_hub("health")
    well = health is not None and await guide.until_state(health.entity_id, "ok", 5) is not None
    return [Finding(well, "the homelab is well before anything is broken")]


async def _offline(guide: Guide, wanted: list[System]) -> list[str]:
    """The names of those that are not online in time."""
    deadline = monotonic() + _SECONDS_TO_COME_ONLINE
    while True:
        homelab, states = await guide.homelab(), await guide.states()
        online = {name: homelab.of_system(name, "online") for name in (system.name for system in wanted)}
        offline = [name for name, one in online.items() if not one or states[one.entity_id]["state"] != "on"]
        if not offline or monotonic() > deadline:
            return offline
        await asyncio.sleep(0.2)
