"""A Home Assistant of our own: started, entered, and ended again."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from time import monotonic

from aiohttp import ClientSession, ClientTimeout

from . import configuration, journal, onboarding
from .client import Client, Tokens
from .console import Console
from .errors import DemoError
from .memory import Memory, recalled
from .options import LOOPBACK, Options
from .phrases import PHRASES
from .process import HomeAssistantProcess, free_port

_EVERYWHERE = {"0.0.0.0", "::"}
# The first time it may install what its parts ask for; a model may take that long for an AI task, too.
_SECONDS_OF_PATIENCE = 600
_SECONDS_BETWEEN_LOOKS = 0.2
_SECONDS_BETWEEN_SIGNS = 10
_INSTALLER = "homeassistant.util.package"


@dataclass(frozen=True, slots=True)
class House:
    """A running Home Assistant with a client that is logged in to it."""

    client: Client
    tokens: Tokens
    memory: Memory
    log: Path
    process: HomeAssistantProcess

    @property
    def address(self) -> str:
        """What to open in a browser."""
        return self.client.url


def planned(options: Options, console: Console) -> Memory:
    """Where the house is going to be: that of the last run with --keep, else a new one."""
    file = _memory_file(options)
    if options.keep:
        memory = recalled(file)
        if free_port(options.host, memory.port) != memory.port:
            raise DemoError(f"Port {memory.port}, where the house of the last run was, is taken")
        return replace(memory, runs=memory.runs + 1)
    file.unlink(missing_ok=True)
    port = free_port(options.host, options.port)
    if port != options.port:
        console.warning(f"Port {options.port} is taken; Home Assistant listens on {port} instead")
    return Memory(port, options.language, onboarding.new_login(options.host))


@asynccontextmanager
async def opened(options: Options, console: Console, memory: Memory, lock: int) -> AsyncIterator[House]:
    """The house that was planned; Home Assistant has ended when the context is left."""
    folder = options.directory / "config"
    log = options.directory / "home-assistant.log"
    if not options.keep:
        phrases = PHRASES[memory.language]
        configuration.write(folder, phrases, memory.language, options.host, memory.port)
    process = HomeAssistantProcess(folder, log, lock)
    async with ClientSession(timeout=ClientTimeout(total=_SECONDS_OF_PATIENCE)) as session:
        client = Client(session, f"http://{_reachable(options.host)}:{memory.port}")
        try:
            console.step(f"Home Assistant {version('homeassistant')}: starting (log: {log})")
            tokens = await _entered(_Start(process, client, log, console), memory, options.keep)
            memory.save(_memory_file(options))
            yield House(client, tokens, memory, log, process)
        except DemoError:
            journal.show_problems(log, console)
            raise
        finally:
            if process.running:
                console.step("Stopping Home Assistant")
            await process.stop()


@dataclass(frozen=True, slots=True)
class _Start:
    """A Home Assistant on its way up."""

    process: HomeAssistantProcess
    client: Client
    log: Path
    console: Console

    async def narrate(self) -> None:
        """Tell, until cancelled, what is installed meanwhile and that time goes by."""
        began, signs, shown = monotonic(), 0, 0
        while True:
            records = journal.read(self.log)
            for record in records[shown:]:
                if record.logger == _INSTALLER:
                    self.console.note(record.text)
            shown = len(records)
            if (passed := int((monotonic() - began) / _SECONDS_BETWEEN_SIGNS)) > signs:
                signs = passed
                self.console.note(f"… {signs * _SECONDS_BETWEEN_SIGNS} s")
            await asyncio.sleep(_SECONDS_BETWEEN_LOOKS)

    async def until_it_answers(self) -> None:
        """Wait for its web server."""
        while not await self.client.answers():
            if not self.process.running:
                raise DemoError("Home Assistant ended while it started")
            await asyncio.sleep(_SECONDS_BETWEEN_LOOKS)

    async def until_it_runs(self) -> None:
        """Wait until all its parts are set up, not only those that answer."""
        async with self.client.websocket() as websocket:
            while True:
                if (await websocket.command("get_config"))["state"] == "RUNNING":
                    return
                await asyncio.sleep(_SECONDS_BETWEEN_LOOKS)


async def _entered(start: _Start, memory: Memory, keep: bool) -> Tokens:
    """Start Home Assistant and log in to it, as its first user unless it is one that was kept."""
    began = monotonic()
    await start.process.start()
    narration = asyncio.create_task(start.narrate())
    try:
        async with asyncio.timeout(_SECONDS_OF_PATIENCE):
            await start.until_it_answers()
            if keep:
                tokens = await onboarding.log_in(start.client, memory.login)
            else:
                tokens = await onboarding.onboard(start.client, memory.login, memory.language)
            await start.until_it_runs()
    except TimeoutError:
        raise DemoError("Home Assistant does not get ready") from None
    finally:
        narration.cancel()
    if not keep:
        await onboarding.furnish(start.client, PHRASES[memory.language])
    start.console.note(f"{'logged in' if keep else 'onboarded'} after {monotonic() - began:.0f} s")
    return tokens


def _memory_file(options: Options) -> Path:
    return options.directory / "house.json"


def _reachable(host: str) -> str:
    """An address for a URL under which a server that listens on `host` is found."""
    if host in _EVERYWHERE:
        return LOOPBACK
    return f"[{host}]" if ":" in host else host
