"""The state of one simulated Ollama, and one request to it."""

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from aiohttp import web

from .brain import Conversation, compose
from .catalogue import INSTALLED, registry
from .faults import Fault, Faults, Kind
from .models import Model, full_name
from .reply import Reply
from .request import Request
from .scheduler import Scheduler
from .timing import Timing
from .wire import ApiError


class Hub:
    """Models, runners, faults and scripted replies of one server."""

    def __init__(
        self, models: Iterable[Model] | None, timing: Timing, scheduler: Scheduler, version: str
    ) -> None:
        """Begin with these models installed."""
        self.timing = timing
        self.scheduler = scheduler
        self.version = version
        self.registry = registry()
        self.faults = Faults()
        self.replies: deque[Reply] = deque()
        # What the models answer that have no scripted reply.
        self.mind: Callable[[Conversation], Reply] = compose
        # Bytes of each blob on disk; what a broken pull leaves is where the next one goes on.
        self.blobs: dict[str, int] = {}
        self._models: dict[str, Model] = {}
        self._calls = 0
        for model in INSTALLED if models is None else models:
            self.install(model)

    @property
    def models(self) -> list[Model]:
        """Installed models, the latest first."""
        return sorted(self._models.values(), key=lambda model: -model.modified_at)

    def find(self, name: str) -> Model | None:
        """An installed model by name, whatever its case; no tag means latest."""
        full = full_name(name)
        return self._models.get(full.lower()) if full else None

    def install(self, model: Model) -> None:
        """Add or replace a model."""
        self._models[(full_name(model.name) or model.name).lower()] = model

    def remove(self, model: Model) -> None:
        """Delete a model."""
        del self._models[(full_name(model.name) or model.name).lower()]

    def next_call_id(self) -> str:
        """An id for a tool call, as Ollama makes them up: call_ and eight characters."""
        self._calls += 1
        return f"call_{sha256(str(self._calls).encode()).hexdigest()[:8]}"


@dataclass(slots=True)
class Exchange:
    """One request on its way through the server."""

    http: web.Request
    record: Request
    error: ApiError | None = None

    @property
    def body(self) -> dict[str, Any]:
        """The JSON body; raises ApiError when it is missing or broken."""
        if self.record.body is None:
            raise self.error or ApiError(400, "missing request body")
        return self.record.body

    def load_delay(self, hub: Hub) -> float:
        """Take the faults that make loading slower; the seconds they add."""
        return sum(fault.seconds or 0.0 for fault in self.take_faults(hub, "slow_load"))

    def take_faults(self, hub: Hub, *kinds: Kind) -> list[Fault]:
        """Take the waiting faults of these kinds for this request."""
        return hub.faults.take(self.record.path, kinds)
