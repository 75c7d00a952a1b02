"""What one server is doing right now, as a frozen value."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from ..api.ollama import InstalledModel, LoadedModel, ModelDetails

# A model that is to stay forever is given an expiry in the year 2318.
_FOREVER = timedelta(days=3650)


@dataclass(frozen=True, slots=True)
class HubState:
    """One look at a server; sizes in bytes, `response_time` in seconds, `seen_at` by our clock.

    An offline server has nothing installed and nothing loaded; `problem` says why it is offline.
    `details` is by digest.
    """

    online: bool
    seen_at: datetime
    problem: str | None = None
    version: str | None = None
    response_time: float | None = None
    installed: tuple[InstalledModel, ...] = ()
    loaded: tuple[LoadedModel, ...] = ()
    details: Mapping[str, ModelDetails] = field(default_factory=dict)
    _by_name: Mapping[str, InstalledModel] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Index the models: each of three thousand entities asks for its own."""
        # Of two of one name the first, as the server has it.
        by_name = {full_name(model.name): model for model in reversed(self.installed)}
        object.__setattr__(self, "_by_name", by_name)

    @property
    def models_size(self) -> int:
        """Return the bytes of all installed models; layers they share are counted for each."""
        return sum(model.size for model in self.installed)

    @property
    def vram_used(self) -> int:
        """Return the bytes that loaded models hold in the GPU's memory."""
        return sum(model.size_vram for model in self.loaded)

    @property
    def ram_spill(self) -> int:
        """Return the bytes of loaded models that did not fit in the GPU's memory; without a GPU none."""
        return sum(max(0, model.size - model.size_vram) for model in self.loaded) if self.has_gpu else 0

    @property
    def has_gpu(self) -> bool:
        """Return whether the server uses a GPU, as far as the loaded models tell."""
        return any(model.size_vram for model in self.loaded)

    @property
    def next_unload(self) -> datetime | None:
        """Return when the first loaded model leaves; None where none does."""
        return min(
            (model.expires_at for model in self.loaded if model.expires_at and not self.is_pinned(model)),
            default=None,
        )

    def is_pinned(self, model: LoadedModel) -> bool:
        """Return whether a loaded model is to stay forever."""
        return model.expires_at is not None and model.expires_at > self.seen_at + _FOREVER

    def find(self, model: str) -> InstalledModel | None:
        """Return the installed model of that name; a name without a tag means `latest`."""
        return self._by_name.get(full_name(model))

    def find_loaded(self, model: str) -> LoadedModel | None:
        """Return what is in memory of a model.

        Models made of the same weights share one runner, which the server lists once, under the name that
        loaded it.
        """
        name = full_name(model)
        named = next((candidate for candidate in self.loaded if full_name(candidate.name) == name), None)
        if named is not None or (installed := self.find(model)) is None:
            return named
        weights = self._weights(installed.digest)
        return next(
            (candidate for candidate in self.loaded if self._weights(candidate.digest) == weights), None
        )

    def weights_of(self, model: str) -> str:
        """Return what tells the weights of a model from others: models with the same share a runner."""
        installed = self.find(model)
        return self._weights(installed.digest) if installed else full_name(model)

    def _weights(self, digest: str) -> str:
        details = self.details.get(digest)
        return (details.weights if details else "") or digest

    def details_of(self, model: str) -> ModelDetails | None:
        """Return what a model can do, None where that is not known."""
        installed = self.find(model)
        return self.details.get(installed.digest) if installed else None

    def runner_context(self, model: str, num_ctx: int) -> int:
        """Return the context length of a runner that a request for `num_ctx` loads: a model may know less."""
        details = self.details_of(model)
        longest = details.context_length if details else None
        return min(num_ctx, longest) if longest else num_ctx

    def lacks(self, model: str, capability: str) -> bool:
        """Return whether a model is known not to have a capability."""
        details = self.details_of(model)
        return details is not None and bool(details.capabilities) and capability not in details.capabilities


def full_name(model: str) -> str:
    """Return a model's name as Ollama compares it: with its tag, in lower case, without what is implied."""
    name = model.lower().removeprefix("registry.ollama.ai/").removeprefix("library/")
    return name if ":" in name.rpartition("/")[2] else f"{name}:latest"


def chatting(state: HubState) -> list[str]:
    """Return the names of the installed models that can chat, as far as the server tells."""
    return [model.name for model in state.installed if not state.lacks(model.name, "completion")]
