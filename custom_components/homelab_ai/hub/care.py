"""The care for a server's models: what the actions, the repairs and the buttons do, in one place.

All of it is asked for by a person. Look at the hub afterwards (`HubCoordinator.async_refresh`).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ..api.errors import ApiNotFoundError
from ..const import DEFAULT_KEEP_ALIVE, DEFAULT_NUM_CTX
from .errors import HubError
from .fit import Fit, fit
from .server import HubServer
from .state import full_name
from .user import ModelUser

FOREVER = -1
"""The keep-alive of a model that is pinned."""


class NotInstalledError(HubError):
    """The server does not have the model."""

    key = "model_not_installed"

    def __init__(self, model: str) -> None:
        """Keep the model's name."""
        super().__init__(f"{model} is not installed", model=model)
        self.model = model


class ModelInUseError(HubError):
    """Agents of the homelab use the model that is to be deleted; `agents` are their names."""

    key = "model_in_use"

    def __init__(self, model: str, agents: tuple[str, ...]) -> None:
        """Keep what is used by whom."""
        users = ", ".join(agents)
        super().__init__(f"{model} is used by {users}", model=model, agents=users)
        self.agents = agents


class ModelTooLargeError(HubError):
    """The model would not fit in the GPU's memory, and is wanted only if it does."""

    key = "model_too_large"

    def __init__(self, model: str, estimate: Fit) -> None:
        """Say what it needs and what there is, in GiB."""
        sizes = {"needed": estimate.needed, "available": estimate.available}
        named = {key: f"{(size or 0) / 1024**3:.1f}" for key, size in sizes.items()}
        super().__init__(f"{model} does not fit in the GPU's memory", model=model, **named)


@dataclass(frozen=True, slots=True)
class Loaded:
    """A model in memory. `num_ctx` is None where the server chose it; `keep_alive` in seconds, -1 forever."""

    model: str
    num_ctx: int | None
    keep_alive: int
    seconds: float


def users(model: str, agents: Iterable[ModelUser]) -> tuple[ModelUser, ...]:
    """Return the agents that use a model."""
    return tuple(agent for agent in agents if full_name(agent.settings.model) == full_name(model))


async def estimate(server: HubServer, model: str, agents: Iterable[ModelUser], vram_total: int | None) -> Fit:
    """Estimate whether a model will fit, with the context length of the agents that use it.

    The size of one that is not installed is asked of the model registry, which leaves the house: only where
    a person wants the download, or opens the repair that offers it. Raises nothing: what nobody tells is
    unknown.
    """
    num_ctx = max((agent.settings.num_ctx for agent in users(model, agents)), default=DEFAULT_NUM_CTX)
    num_ctx = server.state.runner_context(model, num_ctx)
    details = server.state.details_of(model)
    installed = server.state.find(model)
    size = installed.size if installed else await server.size_upstream(model)
    return fit(size, vram_total, num_ctx, details.kv_per_token if details else None)


async def delete(server: HubServer, model: str, agents: Iterable[ModelUser], *, force: bool = False) -> None:
    """Delete a model from the server's disk.

    Raises ModelInUseError where an agent uses it, unless forced; NotInstalledError, ApiError.
    """
    if not force and (using := users(model, agents)):
        raise ModelInUseError(model, tuple(agent.name for agent in using))
    try:
        await server.client.delete(model)
    except ApiNotFoundError as err:
        raise NotInstalledError(model) from err


async def copy(server: HubServer, source: str, destination: str) -> None:
    """Give a model a second name; takes no space. Raises NotInstalledError, ApiError."""
    try:
        await server.client.copy(source, destination)
    except ApiNotFoundError as err:
        raise NotInstalledError(source) from err


async def load(
    server: HubServer,
    model: str,
    agents: Iterable[ModelUser],
    *,
    keep_alive: int | None = None,
    num_ctx: int | None = None,
) -> Loaded:
    """Load a model, or keep a loaded one for longer; `keep_alive` in seconds, -1 pins it.

    What is not given is what the agents that use it ask for, so that their next request does not reload it;
    a model that none of them uses keeps the context length that it is loaded with.
    Raises NotInstalledError, ApiError.
    """
    settings = [agent.settings for agent in users(model, agents)]
    if keep_alive is None:
        asked = [each.keep_alive for each in settings] or [DEFAULT_KEEP_ALIVE]
        keep_alive = FOREVER if min(asked) < 0 else max(asked)
    if num_ctx is None:
        num_ctx = max((each.num_ctx for each in settings), default=None) or _loaded_context(server, model)
    try:
        seconds = await server.client.load(model, num_ctx, keep_alive)
    except ApiNotFoundError as err:
        raise NotInstalledError(model) from err
    return Loaded(model, num_ctx, keep_alive, seconds)


def _loaded_context(server: HubServer, model: str) -> int | None:
    loaded = server.state.find_loaded(model)
    return loaded.context_length if loaded else None


async def unload(server: HubServer, model: str | None = None) -> tuple[str, ...]:
    """Ask for the memory of one model back, or of all; return the names of those that were loaded.

    A model that is answering goes when it is done. Raises NotInstalledError, ApiError.
    """
    loaded = [each.name for each in await server.client.loaded()]
    if model is None:
        wanted = loaded
    else:
        wanted = [name for name in loaded if full_name(name) == full_name(model)]
        if not wanted and server.state.online and server.state.find(model) is None:
            raise NotInstalledError(model)
    for name in wanted:
        await server.client.unload(name)
    return tuple(wanted)


def models(server: HubServer) -> list[dict[str, Any]]:
    """Return what is installed, by name, as plain values for a response or a file; sizes in bytes.

    `loaded` is None for a model that is not in memory; its `expires_at` is None for one that stays.
    """
    state = server.state
    listed = []
    for model in sorted(state.installed, key=lambda each: each.name):
        details, loaded = state.details.get(model.digest), state.find_loaded(model.name)
        stays = loaded is not None and (loaded.expires_at is None or state.is_pinned(loaded))
        listed.append(
            {
                "name": model.name,
                "digest": model.digest,
                "size": model.size,
                "family": model.family,
                "parameter_size": model.parameter_size,
                "quantization": model.quantization,
                "modified_at": model.modified_at.isoformat() if model.modified_at else None,
                "capabilities": sorted(details.capabilities) if details else [],
                "context_length": details.context_length if details else None,
                "loaded": loaded
                and {
                    "size_vram": loaded.size_vram,
                    "context_length": loaded.context_length,
                    "expires_at": None
                    if stays or loaded.expires_at is None
                    else loaded.expires_at.isoformat(),
                },
            }
        )
    return listed
