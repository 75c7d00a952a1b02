"""`scripts/evaluate`: how well a model on a hub runs a house, task by task in the terminal.

The same table as the action `homelab_ai.test_model`: a make-believe house in which nothing real is switched.
"""

import argparse
import asyncio
import logging
import sys

from custom_components.homelab_ai.api.errors import ApiError
from custom_components.homelab_ai.api.http import Connection
from custom_components.homelab_ai.api.ollama import OllamaClient
from custom_components.homelab_ai.assistant.trial.house import LANGUAGES
from custom_components.homelab_ai.assistant.trial.tasks import TASKS
from custom_components.homelab_ai.assistant.trial.trial import Done, Result, Trial
from custom_components.homelab_ai.hub import gate
from custom_components.homelab_ai.hub.errors import HubError
from custom_components.homelab_ai.hub.server import HubServer
from demo.bench import house
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.util.ssl import get_default_context

_MARKS = {"right": "✓", "harmful": "!", "unspeakable": "~"}
_SHOWN = 60


def main() -> int:
    """Run the tasks; returns the exit status."""
    parser = argparse.ArgumentParser(prog="scripts/evaluate", description=__doc__)
    parser.add_argument("--hub", required=True, metavar="URL", help="address of the Ollama server")
    parser.add_argument("--api-key", help="sent as a bearer token")
    parser.add_argument("--model", required=True, metavar="NAME", help="an installed model")
    parser.add_argument("--language", choices=LANGUAGES, default=LANGUAGES[0])
    parser.add_argument("--num-ctx", type=int, default=8192, help="context length in tokens (%(default)s)")
    parser.add_argument("--tasks", type=int, default=len(TASKS), help="only the first so many")
    options = parser.parse_args()
    logging.basicConfig(level=logging.CRITICAL)
    try:
        result = asyncio.run(_evaluated(options))
    except (ApiError, HubError) as err:
        sys.stderr.write(f"{options.hub}: {err}\n")
        return 1
    sys.stdout.write(table(result))
    return 0


async def _evaluated(options: argparse.Namespace) -> Result:
    gate.QUIET = 0.0  # nobody speaks to this house
    headers = {"Authorization": f"Bearer {options.api_key}"} if options.api_key else {}
    async with house.opened() as hass:
        connection = Connection(options.hub.rstrip("/"), headers, get_default_context())
        client = OllamaClient(async_get_clientsession(hass), connection)
        try:
            server = HubServer("Ollama", client)
            await server.look()
            trial = Trial(hass, server, options.model, options.language, options.num_ctx)
            return await trial.run(
                TASKS[: options.tasks], lambda number, done: _report(number, done, options)
            )
        finally:
            await client.close()


def _report(number: int, done: Done, options: argparse.Namespace) -> None:
    mark = next((mark for kind, mark in _MARKS.items() if getattr(done.verdict, kind)), "✗")
    seconds = "" if done.first_word is None else f"{done.first_word:6.2f} s"
    said = done.task.said[LANGUAGES.index(options.language)]
    speech = " ".join(done.speech.split())[:_SHOWN] or "–"
    progress = f"{number:3}/{min(options.tasks, len(TASKS))}"
    sys.stdout.write(f"{progress} {mark} {seconds:>9}  {said}\n{'':19}{speech}\n")
    sys.stdout.flush()


def table(result: Result) -> str:
    """Return the result for people; ✓ right, ! harmful, ~ unspeakable, ✗ wrong in another way."""
    rows = {
        "right": f"{result.share('right'):.0%}",
        "harmful": f"{result.share('harmful'):.0%}",
        "unspeakable": f"{result.share('unspeakable'):.0%}",
        "time to first word (median)": _figure(result.first_word, "s"),
        "tokens per second (median)": _figure(result.tokens_per_second, ""),
        "VRAM": "–" if result.vram is None else f"{result.vram / 1024**3:.1f} GiB",
        "context used": f"{result.context} tokens",
    }
    title = f"\n{result.model}, {len(result.done)} tasks, language {result.language}\n"
    return title + "".join(f"  {name:<30}{value:>12}\n" for name, value in rows.items())


def _figure(value: float | None, unit: str) -> str:
    return "–" if value is None else f"{value:.2f} {unit}".rstrip()


if __name__ == "__main__":
    sys.exit(main())
