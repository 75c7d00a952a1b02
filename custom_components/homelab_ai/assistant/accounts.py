"""What the calls of a turn did, in words."""

from collections.abc import Sequence

from homeassistant.components import conversation
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError

from ..agent.agent import EmptyAnswerError
from ..agent.deeds import CallFailedError, Deeds, deeds_of
from ..errors import KnownError, sentence


class Accounts:
    """Says what the calls of a turn did, where the model has no words for it, or none that are true."""

    def __init__(self, hass: HomeAssistant, language: str) -> None:
        self._hass = hass
        self._language = language
        self.nothing_done = False
        """Whether it was said that nothing was done."""

    async def of(self, deeds: Deeds) -> str:
        """Return what was done and what was not."""
        self.nothing_done = not deeds.count
        parts = []
        if deeds.count:
            parts.append("done_named" if deeds.done else "done")
        if deeds.failed:
            parts.append("not_done_named")
        elif deeds.failures or deeds.doubtful:
            parts.append("not_done" if deeds.count else "nothing_done")
        names = {"done": self._listed(deeds.done), "failed": self._listed(deeds.failed)}
        texts = [await sentence(self._hass, self._language, f"common.{part}", **names) for part in parts]
        return " ".join(texts)

    async def of_nothing(self) -> str:
        """Return that nothing was done, behind words that claim it was."""
        self.nothing_done = True
        return await sentence(self._hass, self._language, "common.nothing_changed")

    def _listed(self, names: Sequence[str]) -> str:
        """Return names in one text; of an entity's id the name that people know."""
        states = [self._hass.states.get(name) for name in names]
        return ", ".join(
            state.name if state else name.rpartition(".")[2].replace("_", " ") if "_" in name else name
            for name, state in zip(names, states, strict=True)
        )

    async def after(self, error: KnownError | HomeAssistantError, chat_log: conversation.ChatLog) -> str:
        """Return the same after an error that leaves a turn without words; empty where nothing was to be.

        The same call failing twice has a sentence of its own where nothing else was done.
        """
        if not isinstance(error, (EmptyAnswerError, CallFailedError)):
            return ""
        deeds = deeds_of(chat_log.content, chat_log.llm_api.tools if chat_log.llm_api else ())
        if not deeds.count and (isinstance(error, CallFailedError) or not deeds.failures):
            return ""
        return await self.of(deeds)
