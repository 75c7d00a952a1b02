"""A look at each homelab, for those who answer across all of them: tools and intents."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from homeassistant.core import HomeAssistant, callback

from ..const import DOMAIN
from ..coordinator import HomelabConfigEntry, HomelabData
from ..health.matching import backups_called, find_problems, hubs_called, means_backups, systems_called
from ..health.problem import Problem
from ..health.situation import Situation
from .survey import survey


@dataclass(frozen=True, slots=True)
class Look:
    """A homelab and how it is at this moment."""

    homelab: HomelabData
    situation: Situation

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Return all problems that count, worst first, and behind them what follows from them."""
        health = self.situation.health
        return (*health.problems, *(one for group in health.consequences.values() for one in group))

    @property
    def names(self) -> dict[str, str]:
        """Return what people call the hubs and systems, by the source that problems name."""
        hubs = {one.source: one.name for one in self.situation.hubs}
        return hubs | {one.source: one.name for one in self.situation.systems}

    def system(self, problem: Problem) -> str:
        """Return the name of the system that a problem was found by."""
        return self.names.get(problem.source, self.homelab.name)

    def find(self, words: str) -> tuple[Problem, ...]:
        """Return the problems that are meant, by id or as a person says them; worst first."""
        known = self.situation.health.find(words)
        return (known,) if known else find_problems(self.situation, words)

    def sources(self, words: str) -> set[str]:
        """Return what problems name as their source, of the systems and hubs that are called so."""
        systems = {one.source for one in systems_called(self.situation, words)}
        return systems | {one.source for one in hubs_called(self.situation, words)}

    def knows(self, words: str) -> bool:
        """Return whether there is anything in the homelab that is called so."""
        return bool(
            self.find(words)
            or self.sources(words)
            or backups_called(self.situation, words)
            or means_backups(words)
        )


@callback
def look_at(hass: HomeAssistant, entry_ids: Collection[str] | None = None) -> list[Look]:
    """Return a look at each homelab that is loaded, or at those of these entries."""
    entries: list[HomelabConfigEntry] = hass.config_entries.async_loaded_entries(DOMAIN)
    return [
        Look(entry.runtime_data, survey(entry.runtime_data))
        for entry in entries
        if entry_ids is None or entry.entry_id in entry_ids
    ]


def say(looks: Sequence[Look], words: Callable[[Situation], str]) -> str:
    """Return what there is to say of each homelab; by its name where there is more than one."""
    texts = [words(look.situation) for look in looks]
    if len(looks) > 1:
        texts = [f"{look.homelab.name}: {text}" for look, text in zip(looks, texts, strict=True)]
    return " ".join(texts)
