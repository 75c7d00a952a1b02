"""`scripts/demo`: a house with Homelab AI in it, from nothing to the first answer.

1. `lab`            the homelab: an Ollama server, simulated or real, and all that is around it
2. `house`          a Home Assistant of its own: `configuration`, `process`, `client`, `onboarding`
3. `homelab`        the integration, added through its config flow: `flow`
4. `tour`           its systems are added (`systems`) and watched (`automations`, `dashboard`), broken and
                    mended (`happenings`), questions are asked (`assist`), all of it is listed (`table`) and
                    checked (`check`)
5. `photographer`   pictures of it, where wanted: `camera`
6. the address, and what happens, until Ctrl-C
"""

import asyncio
from dataclasses import replace
import signal
import sys

from . import house, lab as simulated, process
from .console import Console
from .errors import DemoError
from .happenings import Happenings, watched
from .homelab import add, entry_of, loaded, set_options
from .house import House
from .lab import Lab
from .options import Options, parsed
from .photographer import take_pictures
from .phrases import PHRASES
from .tour import Guide, lead

_INTERRUPTED = 130


async def demonstrate(options: Options, console: Console) -> int:
    """The whole demonstration; returns the exit status."""
    with process.claimed(options.directory) as lock:
        memory = house.planned(options, console)
        console.step("Starting the simulated homelab")
        async with simulated.opened(options, console, memory) as lab:
            hub_url = _hub_url(options, lab)
            console.note(f"{'hub' if options.hub else 'simulated hub'}: {hub_url}")
            memory = replace(memory, ports=lab.ports, certificates=lab.certificates)
            async with house.opened(options, console, memory, lock) as home:
                entry_id = await _added(options, console, home, hub_url, lab)
                async with watched(home.client, console) as happenings:
                    guide = Guide(
                        options,
                        home.client,
                        console,
                        PHRASES[memory.language],
                        memory.language,
                        lab,
                        happenings,
                        entry_id,
                        home.log,
                        memory.runs,
                    )
                    passed = await lead(guide, whole=options.tour)
                    if options.screenshots:
                        await take_pictures(options, console, home, entry_id, lab)
                    if not options.once:
                        await _stay(console, home, happenings)
                    return 0 if passed else 1


def _hub_url(options: Options, lab: Lab) -> str:
    if options.hub:
        return options.hub
    if lab.hub is None:
        raise DemoError("There is no hub")
    return lab.hub.url


async def _added(options: Options, console: Console, home: House, hub_url: str, lab: Lab) -> str:
    """The id of the integration's entry, made now unless the house is one that was kept."""
    console.step("Adding the integration")
    if options.keep and (entry := await entry_of(home.client)):
        console.note("it was added in an earlier run")
        await loaded(home.client)
        return str(entry["entry_id"])
    shown: list[str] = []

    def progress(action: str, share: float | None) -> None:
        text = action if share is None else f"{action}: {int(share * 10) * 10} %"
        if shown[-1:] != [text]:
            shown.append(text)
            console.note(text)

    entry_id = await add(home.client, hub_url, options.api_key, options.model, progress)
    if lab.untold:
        await set_options(home.client, entry_id, **lab.untold)
    console.note("done")
    return entry_id


async def _stay(console: Console, home: House, happenings: Happenings) -> None:
    """Until Ctrl-C, or until somebody ends Home Assistant; what happens meanwhile is told."""
    login = home.memory.login
    console.step(f"{home.address}  (login: {login.username}, password: {login.password})")
    console.verbose = True
    console.note("what happens there is told here; Ctrl-C ends it")
    telling = asyncio.create_task(happenings.forever())
    try:
        status = await home.process.wait()
    finally:
        telling.cancel()
    raise DemoError(f"Home Assistant ended with status {status}; its log is {home.log}")


async def _until_signalled(options: Options, console: Console) -> int:
    """The demonstration as a task that Ctrl-C, a kill and the end of the terminal end in good order."""
    task = asyncio.create_task(demonstrate(options, console))
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, task.cancel)
    try:
        return await task
    except asyncio.CancelledError:
        return _INTERRUPTED if options.once else 0


def main() -> int:
    """The exit status: 0 if all was well, 1 if not, 130 if it was interrupted."""
    options = parsed()
    console = Console(verbose=options.verbose)
    try:
        return asyncio.run(_until_signalled(options, console))
    except DemoError as err:
        console.failure(str(err))
        return 1


if __name__ == "__main__":
    sys.exit(main())
