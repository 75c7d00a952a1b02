"""The chapter in which the hub is off: one problem, however many depend on it."""

import asyncio
from datetime import UTC, datetime
from time import monotonic

from ..check import Finding
from ..happenings import Kind
from ..systems import LIBRECHAT, OPEN_WEBUI, PAPERLESS_AI
from . import acting, questions
from .guide import Guide, raised

_SECONDS_TO_NOTICE = 15
_DEPENDENT = (OPEN_WEBUI, LIBRECHAT, PAPERLESS_AI)
# LibreChat does not tell whether it reaches its hub.
_COMPLAINING = 2


async def turn_off_hub(guide: Guide) -> list[Finding]:
    """The hub goes off and comes back."""
    hub = guide.lab.hub
    if hub is None:
        guide.console.step("The hub is your own: it stays on")
        return []
    guide.console.step("The hub goes off")
    guide.happenings.begin()
    await hub.stop()
    _lose_hub(guide)
    await guide.look_now()
    # In a house that was kept it may have been off two minutes ago; then its problem is no news.
    wanted = [raised("hub_offline"), guide.automation_ran("broken")] if not guide.runs else []
    noticed = await guide.happenings.until(
        guide.automation_ran("hub_gone"), *wanted, seconds=_SECONDS_TO_NOTICE
    )
    return [
        Finding(noticed, "the hub that went off became an event, and an automation ran on it"),
        await _grouped(guide),
        *await _without_any(guide),
        await _bring_back(guide),
    ]


async def _without_any(guide: Guide) -> list[Finding]:
    """Turn off the standby, too: what the house answers then."""
    if guide.lab.standby is not None:
        guide.console.step("The standby hub goes off, too")
        guide.happenings.begin()
        await guide.lab.standby.stop()
        await guide.look_now(guide.phrases.standby)
        sensor = (await guide.homelab()).of_system(guide.phrases.standby, "online")
        if sensor is not None:
            await guide.until_state(sensor.entity_id, "off", _SECONDS_TO_NOTICE)
    return [*await questions.ask_without_hub(guide), await acting.explain_without_hub(guide)]


async def _bring_back(guide: Guide) -> Finding:
    """Turn on all hubs; the automation is that of the first."""
    guide.console.step("The hubs come back")
    guide.happenings.begin()
    for hub in questions.hubs(guide):
        await hub.start()
    _find_hub(guide)
    await guide.look_now()
    back = await guide.happenings.until(guide.automation_ran("hub_back"), seconds=_SECONDS_TO_NOTICE)
    await guide.look_now(guide.phrases.standby, *_DEPENDENT)
    await _until_no_app_complains(guide)
    return Finding(back, "an automation ran when the hub was back")


async def _until_no_app_complains(guide: Guide) -> None:
    """Wait until nothing complains of a hub any more."""
    deadline = monotonic() + _SECONDS_TO_NOTICE
    complaining = True
    while complaining and monotonic() < deadline:
        await asyncio.sleep(0.2)
        found = await guide.client.asked("homelab_ai.list_problems")
        complaining = any(one["system"] in (*_DEPENDENT, guide.phrases.standby) for one in found["problems"])


def _lose_hub(guide: Guide) -> None:
    """What becomes of the apps without their hub."""
    guide.lab.open_webui.ollama_reachable = False
    guide.lab.paperless_ai.failures = 1
    guide.lab.paperless_ai.last_run = ("error", datetime.now(UTC))


def _find_hub(guide: Guide) -> None:
    guide.lab.open_webui.recover()
    guide.lab.paperless_ai.scan()


async def _grouped(guide: Guide) -> Finding:
    """Whether the apps' complaints are known, and were not raised."""
    await guide.look_now(*_DEPENDENT)
    count, deadline = 0, monotonic() + _SECONDS_TO_NOTICE
    while count < _COMPLAINING and monotonic() < deadline:
        await asyncio.sleep(0.2)
        diagnostics = await guide.client.get(f"/api/diagnostics/config_entry/{guide.entry_id}")
        count = diagnostics["data"]["health"]["consequences"]
    apps = {(await guide.homelab()).subentries.get(title) for title in _DEPENDENT}
    told = [
        one.name
        for one in guide.happenings.since_begin
        if one.kind is Kind.RAISED and one.data["source"] in apps
    ]
    guide.console.note(
        f"{OPEN_WEBUI} has no models, {PAPERLESS_AI} cannot tag: grouped under the hub, not raised"
    )
    return Finding(
        count >= _COMPLAINING and not told,
        "what depends on the hub was grouped under it, not raised"
        + (f" – {count} grouped" if count < _COMPLAINING else "")
        + (f" – raised: {', '.join(told)}" if told else ""),
    )
