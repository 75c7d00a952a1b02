"""What every chapter of the tour works with."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from ..check import Finding
from ..client import Client, Json
from ..console import Console
from ..happenings import Happening, Happenings, Kind
from ..homelab import Homelab, inspected
from ..lab import Lab
from ..options import Options
from ..phrases import Phrases

_SECONDS_BETWEEN_LOOKS = 0.1


@dataclass(frozen=True, slots=True)
class Guide:
    """The house, the homelab around it, and the console.

    `log` is Home Assistant's; `runs` is how often the house was kept.
    """

    options: Options
    client: Client
    console: Console
    phrases: Phrases
    language: str
    lab: Lab
    happenings: Happenings
    entry_id: str
    log: Path
    runs: int

    async def homelab(self) -> Homelab:
        """The integration as the registries know it now."""
        return await inspected(self.client, self.entry_id)

    async def states(self) -> dict[str, Json]:
        """All states by entity id."""
        return {state["entity_id"]: state for state in await self.client.command("get_states")}

    async def state(self, entity_id: str) -> str:
        """The state of one entity."""
        return str((await self.client.get(f"/api/states/{entity_id}"))["state"])

    async def until_state(self, entity_id: str, wanted: str, seconds: float) -> float | None:
        """Wait for a state; returns how many seconds that took, None if it did not come in time."""
        began = monotonic()
        while await self.state(entity_id) != wanted:
            if monotonic() - began > seconds:
                return None
            await asyncio.sleep(_SECONDS_BETWEEN_LOOKS)
        return monotonic() - began

    async def look_now(self, *titles: str) -> None:
        """Let these systems be looked at now, the first hub without any; else that would be within 30 s."""
        homelab = await self.homelab()
        found = [homelab.of_system(title, "online") for title in titles] or [homelab.of_hub("online")]
        await self.client.act(
            "homeassistant.update_entity", entity_id=[one.entity_id for one in found if one]
        )

    def automation_ran(self, key: str) -> Callable[[Happening], bool]:
        """Return what recognises that this automation of the house has made its notification."""
        alias = self.phrases.automations[key].alias
        return lambda one: one.kind is Kind.AUTOMATION and one.name == alias


type Chapter = Callable[[Guide], Awaitable[list[Finding]]]


def raised(kind: str) -> Callable[[Happening], bool]:
    """Return what recognises that a problem of this kind was raised."""
    return lambda one: one.kind is Kind.RAISED and one.data["kind"] == kind
