"""What tests look at: entities by what makes them unique, devices, repairs; and time that passes."""

import asyncio
from collections.abc import Awaitable, Callable

from freezegun.api import FrozenDateTimeFactory
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed
from syrupy.assertion import SnapshotAssertion
from syrupy.filters import props

from custom_components.homelab_ai.const import DOMAIN, HUB
from homeassistant.core import HomeAssistant, State
from homeassistant.helpers import device_registry as dr, entity_registry as er, issue_registry as ir

ENTRY_ID = "01HOMELAB0000000000000000A"
POLL = 31.0
"""Seconds after which a hub has been looked at again."""


def entity_id(hass: HomeAssistant, platform: str, key: str, stem: str = ENTRY_ID) -> str:
    """Return the id of an entity by platform, key and the id of its entry or standby hub."""
    found = er.async_get(hass).async_get_entity_id(platform, DOMAIN, f"{stem}_{key}")
    assert found is not None, f"no {platform} {stem}_{key}"
    return found


def state(hass: HomeAssistant, platform: str, key: str, stem: str = ENTRY_ID) -> State:
    """Return the state of an entity."""
    found = hass.states.get(entity_id(hass, platform, key, stem))
    assert found is not None
    return found


def sensor(hass: HomeAssistant, key: str, stem: str = ENTRY_ID) -> str:
    """Return what a sensor of a hub says."""
    return state(hass, "sensor", key, stem).state


def is_on(hass: HomeAssistant, key: str, stem: str = ENTRY_ID) -> str:
    """Return what a binary sensor of a hub says."""
    return state(hass, "binary_sensor", key, stem).state


def standby(entry: MockConfigEntry, title: str = "Standby") -> str:
    """Return the id of a standby hub."""
    return next(
        one.subentry_id
        for one in entry.subentries.values()
        if one.subentry_type == HUB and one.title == title
    )


def device(hass: HomeAssistant, identifier: str, entry_id: str = ENTRY_ID) -> dr.DeviceEntry | None:
    """Return a device by its identifier."""
    return dr.async_get(hass).async_get_device_by_identifier((DOMAIN, identifier), entry_id)


def issues(hass: HomeAssistant) -> dict[str, ir.IssueEntry]:
    """Return our repairs by their translation key; there must not be two of one kind."""
    ours = [one for one in ir.async_get(hass).issues.values() if one.domain == DOMAIN and one.active]
    found = {str(one.translation_key): one for one in ours}
    assert len(found) == len(ours)
    return found


async def pass_time(hass: HomeAssistant, freezer: FrozenDateTimeFactory, seconds: float = POLL) -> None:
    """Let time pass, and wait for all that it sets off."""
    freezer.tick(seconds)
    async_fire_time_changed(hass)
    await hass.async_block_till_done(wait_background_tasks=True)


async def until(condition: Callable[[], object], seconds: float = 60) -> None:
    """Wait for something that the other side of a socket does."""
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - there is no event on the other side
            await asyncio.sleep(0.01)


async def read_until[AnswerT](
    read: Callable[[], Awaitable[AnswerT]], holds: Callable[[AnswerT], object], seconds: float = 60
) -> AnswerT:
    """Read until it is so, for what a real server makes true some time after it said yes.

    Returns what was read last, so that a test's own comparison says what is missing.
    """
    end = asyncio.get_running_loop().time() + seconds
    while True:
        answer = await read()
        if holds(answer) or asyncio.get_running_loop().time() > end:
            return answer
        await asyncio.sleep(0.1)


async def settle() -> None:
    """Let the loop finalize what httpx leaves to it: the generators of a stream, one after another."""
    for _ in range(20):
        await asyncio.sleep(0)


def assert_platform(
    hass: HomeAssistant, snapshot: SnapshotAssertion, platform: str, *, leave_out: tuple[str, ...] = ()
) -> None:
    """Compare all entities of a platform, as they are registered and as they are now, with a snapshot."""
    exclude = props(*leave_out) if leave_out else None
    entries = er.async_entries_for_config_entry(er.async_get(hass), ENTRY_ID)
    ours = sorted((one for one in entries if one.domain == platform), key=lambda one: one.entity_id)
    assert ours
    for one in ours:
        assert one == snapshot(name=f"{one.entity_id}-entry", exclude=exclude)
        assert hass.states.get(one.entity_id) == snapshot(name=f"{one.entity_id}-state", exclude=exclude)
