"""What newer versions there are for one hub."""

from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import islice
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator, UpdateFailed

from ..api.errors import ApiError
from ..api.registry import RegistryClient, Upstream, manifest_path
from ..const import LOGGER
from ..errors import translated
from .hub import HubCoordinator

UPDATES_INTERVAL = timedelta(hours=12)
UPDATES_RETRY = timedelta(minutes=30)
"""When nobody answered: the house may just be without the internet."""
MOST_MODELS = 300
"""Of one hub: each is an entity of the house, and a request to somebody else's server."""


@dataclass(frozen=True, slots=True)
class UpdatesData:
    """What is newest upstream: the server's version, and each installed model by name."""

    server: str | None = None
    models: Mapping[str, Upstream] = field(default_factory=dict)


class UpdatesCoordinator(DataUpdateCoordinator[UpdatesData]):
    """What newer versions there are for one hub; leaves the house, so only where it is wanted."""

    config_entry: ConfigEntry[Any]

    def __init__(
        self, hass: HomeAssistant, entry: ConfigEntry[Any], hub: HubCoordinator, registry: RegistryClient
    ) -> None:
        """Know nothing yet."""
        super().__init__(
            hass,
            LOGGER,
            config_entry=entry,
            name=f"updates of {hub.name}",
            update_interval=UPDATES_INTERVAL,
            always_update=False,
        )
        self.hub = hub
        self.data = UpdatesData()
        self._registry = registry
        self._asked: frozenset[str] | None = None

    @property
    def known_upstream(self) -> frozenset[str]:
        """Return the installed models of which somebody may know whether they are old; none while it is off.

        Those of other registries, and those that run in Ollama's cloud, are not among them; of very many
        models those that have changed last.
        """
        models = (
            model.name for model in self.hub.data.state.installed if manifest_path(model.name) is not None
        )
        return frozenset(islice(models, MOST_MODELS))

    @property
    def has_asked(self) -> bool:
        """Return whether anybody upstream was asked yet, whether or not they answered."""
        return self._asked is not None

    def has_asked_for(self, models: Set[str]) -> bool:
        """Return whether all of these models were asked for; the next look may be half a day away."""
        return self._asked is not None and models <= self._asked

    async def _async_update_data(self) -> UpdatesData:
        self._asked = self.known_upstream
        models: dict[str, Upstream] = {}
        try:
            # One after another: this is somebody else's server.
            for name in sorted(self._asked):
                if upstream := await self._registry.upstream(name):
                    models[name] = upstream
        except ApiError as err:
            self.update_interval = UPDATES_RETRY
            raise translated(UpdateFailed, err, "ollama.com") from err
        self.update_interval = UPDATES_INTERVAL
        return UpdatesData(await self._registry.latest_server(), models)
