"""What only some kinds of systems can do: classes that their monitors are derived from beside `Monitor`."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from ..health.problem import Problem
from ..health.waiting import Waiting
from ..topology import Thing

if TYPE_CHECKING:
    from ..api.forge.forge import Forge
    from ..api.kubernetes.openapi import Schema
    from .pull_requests import Explained


@dataclass(frozen=True, slots=True)
class Vram:
    """Memory of a GPU in bytes; of the largest, where there are several."""

    used: int
    total: int


@dataclass(frozen=True, slots=True)
class Silence:
    """A silence that was made; every alert with all these labels is silent."""

    id: str
    labels: Mapping[str, str]


class MeasuresVram[DataT](ABC):
    """A system that measures the GPU of the homelab's hub."""

    @abstractmethod
    def vram(self, data: DataT) -> Vram | None:
        """Return the GPU's memory, None where it is not measured at the moment."""


class TellsBackups[DataT](ABC):
    """A system that knows what has, or should have, backups."""

    @abstractmethod
    def backups(self, data: DataT) -> Mapping[str, datetime | None]:
        """Return the last good backup by the name of what it saves, None where there was none so far."""


class ProposesChanges(ABC):
    """A system in which changes of the homelab can be proposed to people."""

    @abstractmethod
    async def forge(self) -> Forge:
        """Return the repository on its forge. Raises ApiError."""

    @abstractmethod
    async def explain(self, number: int) -> Explained:
        """Return all that is known of a pull request, whatever has become of it. Raises ApiError."""

    @property
    @abstractmethod
    def base(self) -> str | None:
        """Return the branch that changes are proposed to, None while it is not known."""

    @property
    @abstractmethod
    def paths(self) -> tuple[str, ...]:
        """Return the folders (or files) where changes are allowed; none where nothing may be proposed."""


class TellsWaiting[DataT](ABC):
    """A system in which something can wait for a person."""

    @abstractmethod
    def waiting(self, data: DataT) -> Iterable[Waiting]:
        """Return what waits for a person, in the order in which it is listed."""


class KnowsSystems(ABC):
    """A system that knows where others are."""

    @abstractmethod
    async def known_systems(self) -> Iterable[tuple[str, str]]:
        """Return kind and address of each, as this system reaches it. Raises ApiError."""


class ChecksObjects(ABC):
    """A cluster that knows what its objects look like."""

    @property
    @abstractmethod
    def dry_runs(self) -> bool:
        """Return whether it may be asked if it would take an object: somebody has allowed that."""

    @abstractmethod
    async def schema_of(self, api_version: str, kind: str) -> Schema | None:
        """Return what objects of a kind look like, None where the cluster knows none. Raises ApiError."""

    @abstractmethod
    async def dry_run(
        self, api_version: str, kind: str, namespace: str, name: str, wanted: Mapping[str, Any]
    ) -> None:
        """Ask whether it would take an object; nothing of it is kept.

        Raises ApiError: ApiForbiddenError where the token has no right to ask, ApiResponseError for an object
        that it would not take.
        """


class AsksForDelivery(ABC):
    """A system whose Flux or Argo CD can be asked to look at Git now instead of when it is time."""

    @abstractmethod
    def can_ask(self, thing: Thing) -> bool:
        """Return whether a thing is one that looks when it is asked."""

    @abstractmethod
    async def ask_for_delivery(self, thing: Thing) -> None:
        """Ask it. Raises ApiError, ApiForbiddenError where the token has no right to.

        The only thing that is ever written to a cluster, and only an administrator or their automation asks
        for it.
        """


class SilencesAlerts(ABC):
    """A system that keeps its alerts from people if a person asks for that."""

    @abstractmethod
    def can_silence(self, problem: Problem) -> bool:
        """Return whether a problem of this system is an alert."""

    @abstractmethod
    async def silence(
        self, problem: Problem, duration: timedelta, *, comment: str, created_by: str
    ) -> Silence | None:
        """Silence an alert that fires right now; None where it does not any more. Raises ApiError.

        Only a person or their automation asks for it.
        """
