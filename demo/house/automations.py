"""The automations of the house, made over the API of Home Assistant's automation editor."""

import asyncio
from collections.abc import Mapping
from types import MappingProxyType

from .client import Client, Json
from .errors import DemoError
from .phrases import Phrases

_SECONDS_TO_LOAD = 10
_RAISED, _RESOLVED = "problem_raised", "problem_resolved"

# key, which is also that of its phrases: trigger, and what must hold for it to act
AUTOMATIONS: Mapping[str, tuple[str, str | None]] = MappingProxyType(
    {
        "broken": (_RAISED, None),
        "mended": (_RESOLVED, None),
        "all_well": (_RESOLVED, "is_healthy"),
        "hub_gone": ("hub_offline", None),
        "hub_back": ("hub_online", "hub_is_online"),
    }
)


async def install(client: Client, phrases: Phrases, hub: str) -> None:
    """Write them, and wait until Home Assistant runs them; raises DemoError if it does not take them.

    `hub` is the device of the homelab's own hub.
    """
    for key in AUTOMATIONS:
        await client.post(f"/api/config/automation/config/{_id(key)}", config(key, phrases, hub))
    wanted = {_id(key) for key in AUTOMATIONS}
    running: set[object] = set()
    try:
        async with asyncio.timeout(_SECONDS_TO_LOAD):
            while not wanted <= running:
                states: list[Json] = await client.command("get_states")
                running = {one["attributes"].get("id") for one in states if one["state"] == "on"}
                await asyncio.sleep(0.1)
    except TimeoutError:
        raise DemoError(f"Home Assistant does not run {', '.join(sorted(wanted - running))}") from None


def _id(key: str) -> str:
    return f"homelab_{key}"


def config(key: str, phrases: Phrases, hub: str) -> Json:
    """The automation with this key, as the editor writes it."""
    trigger, condition = AUTOMATIONS[key]
    # A standby hub that answers does not make it true that the hub is back.
    options = {"options": {"device_id": [hub]}} if "hub" in trigger else {}
    said = phrases.automations[key]
    # That all is well is said once, however many problems are solved at the same time.
    once = condition == "is_healthy"
    return {
        "alias": said.alias,
        "description": "",
        **({"mode": "single", "max_exceeded": "silent"} if once else {"mode": "queued", "max": 50}),
        "triggers": [{"trigger": f"homelab_ai.{trigger}", **options}],
        "conditions": [{"condition": f"homelab_ai.{condition}", **options}] if condition else [],
        "actions": [
            {
                "action": "persistent_notification.create",
                "data": {"title": said.title, "message": said.message},
            },
            *([{"delay": {"minutes": 1}}] if once else []),
        ],
    }
