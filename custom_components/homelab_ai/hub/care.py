"""The care for a server's models: what the actions, the repairs and the buttons do, in one place.

All of it is asked for by a person. Look at the hub afterwards (`HubCoordinator.async_refresh`).
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from math import ceil
import re
import time
from typing import Any

from ..api.errors import ApiNotFoundError, ApiResponseError
from ..api.models import LoadedModel
from ..const import DEFAULT_KEEP_ALIVE, DEFAULT_NUM_CTX
from .errors import HubError
from .fit import Fit, fit
from .server import HubServer
from .state import full_name
from .user import ModelUser

FOREVER = -1
"""The keep-alive of a model that is pinned."""
_NAME = re.compile(r"(?:https?://)?[a-z0-9_][a-z0-9_.:/@-]*", re.IGNORECASE | re.ASCII)
"""What a name is made of: host, namespace, model and tag (Ollama's `types/model/name.go`)."""
_BAD_REQUEST = 400
"""What the server answers to a name that no model can have."""


class NotInstalledError(HubError):
    """The server does not have the model."""

    key = "model_not_installed"

    def __init__(self, model: str) -> None:
        """Keep the model's name."""
        super().__init__(f"{model} is not installed", model=model)
        self.model = model


class InvalidNameError(HubError):
    """No model can have that name."""

    key = "model_name_invalid"

    def __init__(self, model: str) -> None:
        """Keep the name."""
        super().__init__(f"{model} is no name of a model", model=model)


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
        """Say what it needs and what there is, in whole GiB: each language writes decimals otherwise."""
        needed = str(ceil((estimate.needed or 0) / 1024**3))
        available = str((estimate.available or 0) // 1024**3)
        super().__init__(
            f"{model} does not fit in the GPU's memory", model=model, needed=needed, available=available
        )


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

    It is unloaded first: what is in memory without being on disk stays there, and nobody can unload it.
    Raises ModelInUseError where an agent uses it, unless forced; NotInstalledError, ApiError.
    """
    if not force and (using := users(model, agents)):
        raise ModelInUseError(model, tuple(agent.name for agent in using))
    with naming(model):
        if _is_last(server, model) and server.state.find_loaded(model) is not None:
            await server.client.unload(model)
        await server.client.delete(model)


async def copy(server: HubServer, source: str, destination: str) -> None:
    """Give a model a second name; takes no space. Raises NotInstalledError, ApiError."""
    with naming(source, destination):
        await server.client.copy(source, destination)


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
        keep_alives = [setting.keep_alive for setting in settings] or [DEFAULT_KEEP_ALIVE]
        keep_alive = FOREVER if min(keep_alives) < 0 else max(keep_alives)
    if num_ctx is None:
        num_ctx = max((setting.num_ctx for setting in settings), default=None) or _loaded_context(
            server, model
        )
    started = time.monotonic()
    with naming(model):
        async with server.while_there():
            await server.client.load(model, num_ctx, keep_alive)
    # By our own clock: the answer to a load does not say how long it took.
    return Loaded(model, num_ctx, keep_alive, time.monotonic() - started)


def _loaded_context(server: HubServer, model: str) -> int | None:
    loaded = server.state.find_loaded(model)
    return loaded.context_length if loaded else None


async def unload(server: HubServer, model: str | None = None) -> tuple[str, ...]:
    """Ask for the memory of one model back, or of all; return the names of those that were loaded.

    A model that is answering goes when it is done. One whose weights another name has loaded goes as well.
    Of all models, one that cannot be unloaded (it is in memory, but no longer on disk) is left out.
    Raises NotInstalledError, ApiError; of all models only where none could be unloaded.
    """
    await server.look()
    if model is not None:
        return await _unload_one(server, model)
    unloaded: list[str] = []
    failure: ApiResponseError | None = None
    for item in server.state.loaded:
        try:
            await server.client.unload(_installed_name(server, item))
            unloaded.append(item.name)
        except ApiResponseError as err:
            failure = err
    if failure is not None and not unloaded:
        raise failure
    return tuple(unloaded)


async def _unload_one(server: HubServer, model: str) -> tuple[str, ...]:
    loaded = server.state.find_loaded(model)
    if loaded is None:
        if server.state.find(model) is None:
            raise NotInstalledError(model)
        return ()
    with naming(loaded.name):
        await server.client.unload(_installed_name(server, loaded))
    return (loaded.name,)


def _installed_name(server: HubServer, loaded: LoadedModel) -> str:
    """Return a name on disk by which the memory of a loaded model can be asked back, else its own."""
    state = server.state
    if state.find(loaded.name) is not None:
        return loaded.name
    same = (model.name for model in state.installed if state.find_loaded(model.name) is loaded)
    return next(same, loaded.name)


def _is_last(server: HubServer, model: str) -> bool:
    """Return whether no other installed model is made of the same weights."""
    weights = server.state.weights_of(model)
    return sum(server.state.weights_of(model.name) == weights for model in server.state.installed) <= 1


def check_name(model: str) -> None:
    """Raise InvalidNameError for what the server would refuse as a name, before anything is begun."""
    if not _NAME.fullmatch(model):
        raise InvalidNameError(model)


@contextmanager
def naming(model: str, destination: str = "") -> Iterator[None]:
    """Tell a name that is none, and a model that is not there, as what a person got wrong."""
    try:
        yield
    except ApiNotFoundError as err:
        raise NotInstalledError(model) from err
    except ApiResponseError as err:
        if err.status != _BAD_REQUEST:
            raise
        raise InvalidNameError(destination or model) from err


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
