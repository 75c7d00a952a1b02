"""`scripts/bench`: prints a table that compares Homelab AI with Home Assistant's own `ollama`.

1. `turns`       seconds until the first word of a voice turn: `house`, `voice`, `hub`
2. `tokens`      processor time of a streamed token
3. `setup_cost`  time and memory of setting up the entry
4. `figures`, `table`  what was expected, and what came of it
"""

import asyncio
from importlib.metadata import version
import json
import logging
import os
import platform
import sys
import time

from homeassistant.runner import create_event_loop

from . import house, hub, setup_cost, table, tokens, turns
from .errors import BenchError
from .figures import Figure
from .options import Options, parsed

_BEGAN = time.monotonic()
_INTERRUPTED = 130


async def measure(options: Options) -> tuple[list[Figure], list[str]]:
    """The figures of the wanted parts, and notes on how they were measured."""
    figures: list[Figure] = []
    notes = [hub.described(), f"median of {options.runs} runs, both candidates in turn"]
    if "turns" in options.parts:
        async with hub.running() as one, house.opened() as hass:
            found, note = await turns.measured(hass, one, options.runs, _say)
        figures += found
        notes.append(note)
    if "tokens" in options.parts:
        async with hub.running(tokens.TOKENS_PER_SECOND) as one, house.opened() as hass:
            found, note = await tokens.measured(hass, one, options.runs, _say)
        figures += found
        notes.append(note)
    if "setup" in options.parts:
        async with hub.running() as one:
            figures += await setup_cost.measured(one.url, options.runs, _say)
    return figures, notes


def machine() -> str:
    """What it was measured on and with."""
    return (
        f"{os.cpu_count()} cores ({platform.machine()}, load average {os.getloadavg()[1]:.1f}),"
        f" Python {platform.python_version()}, Home Assistant {version('homeassistant')},"
        f" ollama {version('ollama')}"
    )


def _say(text: str) -> None:
    print(f"[{time.monotonic() - _BEGAN:5.0f} s] {text}", file=sys.stderr, flush=True)


def main() -> int:
    """The exit status: 0 if all was measured, 1 if not, or with --check if an expectation was missed."""
    options = parsed()
    # Home Assistant warns of custom integrations, and of libraries that it can do without.
    logging.basicConfig(level=logging.ERROR)
    try:
        with asyncio.Runner(loop_factory=create_event_loop) as runner:
            figures, notes = runner.run(measure(options))
    except BenchError as err:
        print(err, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return _INTERRUPTED
    described = machine()
    print("\n".join([f"{described}; {'; '.join(notes)}.", "", *table.lines(figures)]))
    if options.json:
        report = table.as_json(figures, described, notes)
        options.json.write_text(json.dumps(report, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    missed = [figure for figure in figures if figure.met is False]
    return 1 if options.check and missed else 0


if __name__ == "__main__":
    sys.exit(main())
