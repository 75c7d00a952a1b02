"""The two integrations that are compared, with the same settings."""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from homeassistant.config_entries import ConfigEntry, ConfigSubentryData

from .hub import KEEP_ALIVE, MODEL, NUM_CTX


@dataclass(frozen=True, slots=True)
class Candidate:
    """One integration; `version` is that of its entries, `connection` what these hold beside the URL.

    `choices` are settings of its agent that the other one does not have.
    """

    name: str
    domain: str
    version: tuple[int, int]
    connection: tuple[tuple[str, Any], ...] = ()
    choices: tuple[tuple[str, Any], ...] = ()

    @property
    def agent(self) -> str:
        """The entity id of its conversation agent."""
        return f"conversation.{self.name}"

    def entry(self, url: str, *, polling: bool = True) -> ConfigEntry[Any]:
        """A config entry for the hub at this address, as its flow would have made it."""
        major, minor = self.version
        agent = {
            "model": MODEL,
            "llm_hass_api": ["assist"],
            "num_ctx": NUM_CTX,
            "keep_alive": KEEP_ALIVE,
            "max_history": 20,
            **dict(self.choices),
        }
        task = {"model": MODEL, "num_ctx": NUM_CTX, "keep_alive": KEEP_ALIVE}
        return ConfigEntry(
            version=major,
            minor_version=minor,
            domain=self.domain,
            title=self.name,
            data={"url": url, **dict(self.connection)},
            options={},
            source="user",
            unique_id=None,
            discovery_keys=MappingProxyType({}),
            pref_disable_polling=not polling,
            subentries_data=[
                _subentry("conversation", self.name, agent),
                _subentry("ai_task_data", f"{self.name} task", task),
            ],
        )


def _subentry(kind: str, title: str, data: dict[str, Any]) -> ConfigSubentryData:
    return ConfigSubentryData(subentry_type=kind, title=title, unique_id=None, data=MappingProxyType(data))


OURS = Candidate("ours", "homelab_ai", (1, 1), (("verify_ssl", True),))
CORE = Candidate("core", "ollama", (3, 3))
BOTH = (OURS, CORE)


def in_turn(runs: int) -> str:
    """How the two were compared, in words."""
    return f"median of {runs} runs, both candidates in turn"
