"""Who uses a model of the hub, as far as the hub has to know: which model, how, and under what name."""

from typing import Protocol


class ModelSettings(Protocol):
    """How a model is used; `num_ctx` in tokens, `keep_alive` in seconds, -1 forever."""

    @property
    def model(self) -> str: ...
    @property
    def num_ctx(self) -> int: ...
    @property
    def keep_alive(self) -> int: ...


class ModelUser(Protocol):
    """An agent as its hubs see it; `owner` is the id of its subentry."""

    @property
    def owner(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def needs_tools(self) -> bool: ...
    @property
    def settings(self) -> ModelSettings: ...
