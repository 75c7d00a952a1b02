"""Run the simulated homelab: `python -m demo.servers`."""

import argparse
import asyncio
from collections.abc import Callable, Sequence
import signal

from .http_server import HttpServer
from .ollama import OllamaServer, Timing


def _ollama(arguments: argparse.Namespace) -> HttpServer:
    return OllamaServer(
        timing=Timing.realistic() if arguments.realistic else Timing.instant(),
        api_key=arguments.api_key,
        host=arguments.host,
        port=arguments.port,
    )


# Every system of the homelab: its name and how it is made.
_SYSTEMS: dict[str, Callable[[argparse.Namespace], HttpServer]] = {"Ollama": _ollama}


def _arguments(given: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="demo.servers", description="A simulated homelab.")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default %(default)s)")
    parser.add_argument("--port", type=int, default=11434, help="port of Ollama (default %(default)s)")
    parser.add_argument("--realistic", action="store_true", help="take the time a 16 GB GPU takes")
    parser.add_argument("--api-key", help="ask for this bearer token, as a proxy in front would")
    return parser.parse_args(given)


async def run(given: Sequence[str] | None = None) -> None:
    """Serve until SIGINT or SIGTERM."""
    arguments = _arguments(given)
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for ending in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(ending, stopped.set)
    servers = {name: make(arguments) for name, make in _SYSTEMS.items()}
    try:
        for name, server in servers.items():
            await server.start()
            print(f"{name}: {server.url}", flush=True)
        await stopped.wait()
    finally:
        for ending in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(ending)
        for server in servers.values():
            await server.stop()


if __name__ == "__main__":
    asyncio.run(run())
