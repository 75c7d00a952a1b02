"""What scripts/demo makes of the events of Home Assistant's bus."""

import asyncio
import io
from typing import Any

from demo.house.console import Console
from demo.house.happenings import Happenings, Kind

_PROBLEM = {
    "id": "01:alert:disk",
    "source": "01",
    "kind": "alert",
    "name": "Disk",
    "severity": "warning",
    "summary": "Disk is firing",
}


def changed(state: str, event_type: str = "raised", **told: str) -> dict[str, Any]:
    attributes = {"event_types": ["raised", "resolved"], "event_type": event_type, **_PROBLEM, **told}
    data = {"entity_id": "event.homelab_problem", "new_state": {"state": state, "attributes": attributes}}
    return {"event_type": "state_changed", "data": data, "context": {"id": "1"}}


def triggered(name: str, context: str) -> dict[str, Any]:
    return {"event_type": "automation_triggered", "data": {"name": name}, "context": {"id": context}}


def notified(title: str, context: str) -> dict[str, Any]:
    data = {
        "domain": "persistent_notification",
        "service": "create",
        "service_data": {"title": title, "message": "x"},
    }
    return {"event_type": "call_service", "data": data, "context": {"id": context}}


async def after(*events: dict[str, Any]) -> Happenings:
    happenings = Happenings(Console(io.StringIO()))
    for event in events:
        await happenings.take(event)
    return happenings


async def test_problems_that_come_and_go() -> None:
    happenings = await after(
        changed("2026-11-21T20:00:00.000+00:00"),
        changed("2026-11-21T20:00:00.000+00:00", id="01:alert:fan", name="Fan"),
        changed("2026-11-21T20:00:01.000+00:00", "resolved"),
    )
    assert [(one.kind, one.name, one.data["id"]) for one in happenings.known] == [
        (Kind.RAISED, "Disk", "01:alert:disk"),
        (Kind.RAISED, "Fan", "01:alert:fan"),
        (Kind.RESOLVED, "Disk", "01:alert:disk"),
    ]


async def test_what_is_shown_anew_after_a_reload_has_not_happened_again() -> None:
    event = changed("2026-11-21T20:00:00.000+00:00")
    assert len((await after(event, changed("unavailable"), event)).known) == 1


async def test_entities_of_others_are_none_of_our_business() -> None:
    doorbell = {"state": "2026-11-21T20:00:00.000+00:00", "attributes": {"event_type": "ring"}}
    data = {"entity_id": "event.doorbell", "new_state": doorbell}
    happenings = await after(
        {"event_type": "state_changed", "data": data, "context": {"id": "1"}},
        {"event_type": "state_changed", "data": {**data, "new_state": None}, "context": {"id": "1"}},
        {"event_type": "homeassistant_started", "data": {}, "context": {"id": "1"}},
    )
    assert happenings.known == ()


async def test_an_automation_is_told_with_what_it_did() -> None:
    happenings = await after(
        triggered("Tell", "a"), triggered("Tell more", "b"), notified("B", "b"), notified("A", "a")
    )
    assert [one.told for one in happenings.known] == ["“Tell more” → “B”", "“Tell” → “A”"]


async def test_a_notification_of_somebody_else_is_no_automation() -> None:
    assert (await after(triggered("Tell", "a"), notified("New device found", "z"))).known == ()


async def test_waiting_tells_what_arrives_and_ends_in_time() -> None:
    shown = io.StringIO()
    happenings = Happenings(Console(shown))
    await happenings.take(changed("2026-11-21T20:00:00.000+00:00", summary="Before"))
    happenings.begin()

    async def arrive() -> None:
        await happenings.take(changed("2026-11-21T20:00:02.000+00:00"))

    task = asyncio.create_task(arrive())
    assert await happenings.until(lambda one: one.text == "Disk is firing", seconds=5)
    await task
    assert not await happenings.until(lambda one: one.kind is Kind.RESOLVED, seconds=0.05)
    # What came before it began counts for nothing.
    assert not await happenings.until(lambda one: one.text == "Before", seconds=0.05)
    assert shown.getvalue() == "       0.0 s  raised      warning   Disk is firing\n"


async def test_a_summary_that_does_not_say_what_it_is_about_gets_the_name() -> None:
    happenings = await after(changed("2026-11-21T20:00:00.000+00:00", summary="does not\nanswer"))
    assert happenings.known[0].told == "warning   Disk: does not answer"
    long = await after(changed("2026-11-21T20:00:00.000+00:00", summary="x" * 500))
    assert len(long.known[0].told) == 120
