"""For how long Home Assistant waits for systems that have very much to say."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
import gc

from . import floods, hub
from .figures import Unit, number
from .options import Options
from .part import Found, Say
from .processes import fresh
from .readings import AtMost, Reading
from .stalls import Rounds, Stall
from .watching import Homelab, System, run

_MILLISECONDS = AtMost(50)
_AFTERWARDS = 1.0
_LOOKS = 2


@dataclass(frozen=True, slots=True)
class Stalls:
    """The longest stall of a start, of loading the homelab anew, and of looks at one that is known."""

    start: Stall
    reload: Stall
    look: Stall


async def measured(options: Options, say: Say) -> Found:
    """The readings; the longest stall of all runs counts."""
    found: dict[str, list[Stalls]] = {}
    loop = asyncio.get_running_loop()
    async with (
        hub.running() as usual,
        floods.running("librechat") as small,
        floods.running("registry") as registry,
    ):
        with fresh() as processes:
            for kind in _CASES:
                async with floods.running(kind) as url:
                    for count in range(options.runs):
                        say(f"flood: {_CASES[kind]}, run {count + 1} of {options.runs}")
                        hub_url = url if kind == "hub" else usual.url
                        system = _system(
                            "librechat" if kind == "hub" else kind, small if kind == "hub" else url
                        )
                        updates_at = registry if kind == "hub" else None
                        found.setdefault(kind, []).append(
                            await loop.run_in_executor(processes, stalls, hub_url, system, updates_at)
                        )
    return Found(readings=tuple(readings(found)), notes=_NOTES)


def readings(found: Mapping[str, Sequence[Stalls]]) -> Iterator[Reading]:
    """What is shown, and what is expected of it."""
    for kind, runs in found.items():
        for name in ("start", "reload", "look"):
            seen: list[Stall] = [getattr(one, name) for one in runs]
            wall = number(max(one.wall for one in seen) * 1000, Unit.MILLISECONDS)
            yield Reading(
                f"Longest stall, {_CASES[kind]}, {_MOMENTS[name]}",
                Unit.MILLISECONDS,
                [one.cpu * 1000 for one in seen],
                _MILLISECONDS,
                aside=f"{wall} on the wall",
            )


def stalls(hub_url: str, system: System, updates_at: str | None) -> Stalls:
    """Measure it in this process, which must be a fresh one.

    Of the hub where there is a place to ask for updates of its models, else of the system.
    """
    return run(partial(_of_hub, registry=updates_at) if updates_at else _of_system, hub_url, system)


async def _of_system(homelab: Homelab, rounds: Rounds) -> Stalls:
    gc.collect()
    with rounds.watched() as start:
        await homelab.add_system()
        await asyncio.sleep(_AFTERWARDS)
    return Stalls(start, await _reload(homelab, rounds), await _look(homelab, rounds))


async def _of_hub(homelab: Homelab, rounds: Rounds, *, registry: str) -> Stalls:
    """Of a homelab whose hub has very much to say, and whose models are looked for there: as it starts."""
    await homelab.add_system()
    await homelab.look_for_updates(registry)
    start = await _reload(homelab, rounds)
    return Stalls(start, await _reload(homelab, rounds), await _look(homelab, rounds, of_hub=True))


async def _reload(homelab: Homelab, rounds: Rounds) -> Stall:
    gc.collect()
    with rounds.watched() as stall:
        await homelab.reload()
        await asyncio.sleep(_AFTERWARDS)
    return stall


async def _look(homelab: Homelab, rounds: Rounds, *, of_hub: bool = False) -> Stall:
    (coordinator, *_) = homelab.data.hubs if of_hub else homelab.data.monitors
    gc.collect()
    with rounds.watched() as stall:
        for _ in range(_LOOKS):
            await coordinator.async_refresh()
            await asyncio.sleep(_AFTERWARDS)
    return stall


def _system(kind: str, url: str) -> System:
    match kind:
        case "prometheus":
            return System(kind, {"url": url}, "alerts_firing", floods.PROMETHEUS_ALERTS)
        case "alertmanager":
            return System(kind, {"url": url}, "alerts_active", floods.ALERTS)
        case "silences":
            return System("alertmanager", {"url": url}, "alerts_silenced", floods.ALERTS)
        case _:
            return System(kind, {"url": url, "metrics_url": f"{url}/metrics"}, "messages", 1284.0)


_CASES: Mapping[str, str] = {
    "prometheus": f"{floods.PROMETHEUS_ALERTS:,} alerts of Prometheus",
    "alertmanager": f"{floods.ALERTS:,} alerts of Alertmanager",
    "silences": f"{floods.ALERTS:,} silenced alerts",
    "hub": f"{floods.MODELS:,} models with update checks",
    "librechat": "an exposition of 2 MiB",
}
_MOMENTS: Mapping[str, str] = {"start": "when added", "reload": "loaded anew", "look": "looked at again"}
_NOTES = (
    "a stall is the CPU time of the event loop's thread in one round of the loop, garbage collections too",
)
