"""The homelab at this moment, as the value that briefings and answers are composed from."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import datetime
from functools import cached_property
from itertools import chain

from homeassistant.util import dt as dt_util

from ..health.ledger import HealthData
from ..health.problem import Problem
from ..health.situation import Backup, Hub, RunningModel, Situation, System
from ..monitors.capabilities import TellsBackups
from .health import HealthCoordinator
from .hub import HubCoordinator
from .monitor import MonitorCoordinator


def survey(
    hubs: Iterable[HubCoordinator],
    monitors: Collection[MonitorCoordinator],
    health: HealthCoordinator,
    now: datetime | None = None,
) -> Situation:
    """Return what is known; asks nobody, and costs the same with thousands of problems.

    `now` is in the person's time zone.
    """
    return Situation(
        now=now or dt_util.now(),
        health=health.data,
        systems=tuple(_system(monitor) for monitor in monitors),
        hubs=tuple(_hub(hub) for hub in hubs),
        backups=tuple(chain.from_iterable(_backups(monitor) for monitor in monitors)),
        since=_OfProblems(health.data, health.since),
        house=_OfProblems(health.data, health.house),
        muted_until={problem.id: health.muted_until(problem.id) for problem in health.data.muted},
    )


class _OfProblems[T](Mapping[str, T]):
    """What `know` returns of problems, by id, where that is something.

    A view of the ledger: of thousands of problems only a few are told.
    """

    def __init__(self, health: HealthData, know: Callable[[Problem], T | None]) -> None:
        self._health = health
        self._know = know

    @cached_property
    def _problems(self) -> Mapping[str, Problem]:
        health = self._health
        return {
            problem.id: problem
            for problem in chain(health.problems, health.muted, *health.consequences.values())
        }

    def __getitem__(self, problem_id: str) -> T:
        if not (known := self._know(self._problems[problem_id])):
            raise KeyError(problem_id)
        return known

    def __iter__(self) -> Iterator[str]:
        return (other for other, problem in self._problems.items() if self._know(problem))

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _system(monitor: MonitorCoordinator) -> System:
    return System(
        monitor.source,
        monitor.monitor.kind,
        monitor.name,
        monitor.online,
        needs_hub=monitor.monitor.needs_hub,
        tells_backups=isinstance(monitor.monitor, TellsBackups),
    )


def _backups(monitor: MonitorCoordinator) -> Iterator[Backup]:
    """Yield what has or should have backups; what a system said before it went silent still stands."""
    if isinstance(monitor.monitor, TellsBackups) and monitor.data is not None:
        for name, last_good in monitor.monitor.backups(monitor.data).items():
            yield Backup(monitor.source, name, last_good)


def _hub(coordinator: HubCoordinator) -> Hub:
    data = coordinator.data
    state, last = data.state, data.measurements.last
    return Hub(
        source=coordinator.source,
        name=coordinator.name,
        first=coordinator.subentry_id is None,
        online=state.online,
        offline_since=data.offline_since,
        version=state.version,
        installed=len(state.installed),
        running=tuple(
            RunningModel(
                model.name,
                model.size,
                model.size_vram,
                model.context_length,
                model.expires_at,
                state.is_pinned(model),
            )
            for model in state.loaded
        ),
        vram_used=state.vram_used,
        vram_total=data.vram_total,
        generation_speed=last.generation_speed if last else None,
        time_to_first_token=last.time_to_first_token if last else None,
    )
