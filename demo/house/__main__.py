"""`scripts/demo`: a house with Homelab AI in it, from nothing to the first answer.

1. `hub`            an Ollama server, simulated or real
2. `house`          a Home Assistant of its own: `configuration`, `process`, `client`, `onboarding`
3. `homelab`        the integration, added through its config flow: `flow`
4. `tour`           questions and an AI task (`assist`), the entities (`table`), the self-check (`check`)
5. `photographer`   pictures of it, where wanted: `camera`
6. the address, until Ctrl-C
"""

import asyncio
from dataclasses import replace
import signal
import sys
from urllib.parse import urlsplit

from . import house, process
from .console import Console
from .errors import DemoError
from .homelab import add, entry_of, loaded, tell_gpu_memory
from .house import House
from .hub import GPU_MEMORY, hub
from .options import Options, parsed
from .photographer import take_pictures
from .phrases import PHRASES
from .tour import Tour

_INTERRUPTED = 130


async def demonstrate(options: Options, console: Console) -> int:
    """The whole demonstration; returns the exit status."""
    with process.claimed(options.directory) as lock:
        memory = house.planned(options, console)
        async with hub(options, memory.hub_port) as hub_url:
            console.step(f"{'Hub' if options.hub else 'Simulated hub'}: {hub_url}")
            if not options.hub:
                memory = replace(memory, hub_port=urlsplit(hub_url).port or 0)
            async with house.opened(options, console, memory, lock) as home:
                entry_id = await _added(options, console, home, hub_url)
                phrases = PHRASES[memory.language]
                passed = await Tour(home.client, console, phrases, memory.language).of(entry_id, home.log)
                if options.screenshots:
                    await take_pictures(options, console, home, entry_id)
                if not options.once:
                    await _stay(console, home)
                return 0 if passed else 1


async def _added(options: Options, console: Console, home: House, hub_url: str) -> str:
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
    if not options.hub:
        await tell_gpu_memory(home.client, entry_id, GPU_MEMORY)
    console.note("done")
    return entry_id


async def _stay(console: Console, home: House) -> None:
    """Until Ctrl-C, or until somebody ends Home Assistant."""
    login = home.memory.login
    console.step(f"{home.address}  (login: {login.username}, password: {login.password})")
    console.note("Ctrl-C ends it")
    status = await home.process.wait()
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
    options, console = parsed(), Console()
    try:
        return asyncio.run(_until_signalled(options, console))
    except DemoError as err:
        console.failure(str(err))
        return 1


if __name__ == "__main__":
    sys.exit(main())
