"""A look at each homelab, for those who answer across all of them: tools and intents."""

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from functools import partial

from yarl import URL

from homeassistant.const import CONF_URL
from homeassistant.core import HomeAssistant, callback

from ..const import DOMAIN
from ..coordinator import HomelabConfigEntry, HomelabData
from ..health.problem import Problem, plain
from ..health.situation import Situation
from ..language.matching import Meant, means_backups, meant
from ..language.names import compact

MOST_SAID = 700
"""Characters that are said of all homelabs together."""
MANY = 500
"""Problems from which looking through them takes longer than the event loop should wait."""


@dataclass(frozen=True, slots=True)
class Look:
    """A homelab and how it is at this moment; `name` tells it from the other homelabs."""

    homelab: HomelabData
    name: str
    situation: Situation
    _meant: dict[str, Meant] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Return all problems that count, worst first, and behind them what follows from them."""
        health = self.situation.health
        return (*health.problems, *(problem for group in health.consequences.values() for problem in group))

    @property
    def names(self) -> dict[str, str]:
        """Return what people call the hubs and systems, by the source that problems name."""
        hubs = {hub.source: hub.name for hub in self.situation.hubs}
        return hubs | {system.source: system.name for system in self.situation.systems}

    def system(self, problem: Problem) -> str:
        """Return the name of the system that a problem was found by."""
        return self.names.get(problem.source, self.homelab.name)

    def find(self, words: str) -> tuple[Problem, ...]:
        """Return the problems that are meant, by id or as a person says them; worst first."""
        problem = self.situation.health.find(words)
        return (problem,) if problem else self._match(words).problems

    def sources(self, words: str) -> set[str]:
        """Return what problems name as their source, of the systems and hubs that are called so."""
        match = self._match(words)
        return {system.source for system in match.systems} | {hub.source for hub in match.hubs}

    def knows(self, words: str) -> bool:
        """Return whether there is anything in the homelab that is called so."""
        return bool(
            means_backups(words) or self.situation.health.find(words) or self._match(words) != Meant()
        )

    def _match(self, words: str) -> Meant:
        """Return what is meant; it is looked for once, for among ten thousand problems that takes a while."""
        if words not in self._meant:
            self._meant[words] = meant(self.situation, words)
        return self._meant[words]


@callback
def look_at(hass: HomeAssistant, entry_ids: Collection[str] | None = None) -> list[Look]:
    """Return a look at each homelab that is loaded, or at those of these entries."""
    entries: list[HomelabConfigEntry] = hass.config_entries.async_loaded_entries(DOMAIN)
    names = _names(hass.config_entries.async_entries(DOMAIN))
    return [
        Look(entry.runtime_data, names[entry.entry_id], entry.runtime_data.situation())
        for entry in entries
        if entry_ids is None or entry.entry_id in entry_ids
    ]


def _names(entries: Collection[HomelabConfigEntry]) -> dict[str, str]:
    """Return what each homelab is called, with the address of its hub where several are called the same."""
    titles = Counter(compact(entry.title) for entry in entries)
    return {
        entry.entry_id: entry.title
        if titles[compact(entry.title)] == 1
        else f"{entry.title} ({URL(entry.data[CONF_URL]).host_port_subcomponent})"
        for entry in entries
    }


async def unhurried[ResultT](looks: Sequence[Look], work: Callable[[], ResultT]) -> ResultT:
    """Return what `work` returns; among many problems it runs in a thread, so it must only read the looks."""
    if sum(len(look.problems) + len(look.situation.health.muted) for look in looks) < MANY:
        return work()
    return await looks[0].homelab.health.hass.async_add_executor_job(work)


async def say(looks: Sequence[Look], words: Callable[[Situation, str], str], language: str) -> str:
    """Return what there is to say of each homelab in a language.

    Where there is more than one, each by its name, and all together at most `MOST_SAID` characters.
    """
    return await unhurried(looks, partial(_say, looks, words, language))


def _say(looks: Sequence[Look], words: Callable[[Situation, str], str], language: str) -> str:
    texts = [words(look.situation, language) for look in looks]
    if len(looks) == 1:
        return texts[0]
    texts = [f"{look.name}: {text}" for look, text in zip(looks, texts, strict=True)]
    left = MOST_SAID
    # What a homelab of which there is little to say does not need, the others have.
    for count, index in enumerate(sorted(range(len(texts)), key=lambda index: len(texts[index]))):
        texts[index] = _shortened(texts[index], left // (len(texts) - count) - 1)
        left -= len(texts[index]) + 1
    return " ".join(texts)


def _shortened(text: str, limit: int) -> str:
    """Return a text of at most `limit` characters, in whole sentences if these are most of it."""
    line = plain(text, limit)
    whole = line[: line.rfind(". ") + 1]
    return whole if line.endswith("…") and len(whole) > limit // 2 else line
