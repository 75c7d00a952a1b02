"""`scripts/bench`: prints what Homelab AI costs and how fast it is, in tables.

1. `parts`       the registry: what is measured, each part by a module of its name
   `turns`       seconds until the first word of a voice turn, beside core's: `house`, `voice`, `hub`
   `tokens`      processor time of a streamed token, beside core's
   `setup_cost`  time and memory of setting up the entry, beside core's
   `health`      a large homelab: how soon, and at which cost: `cluster`, `stalls`
   `assistant`   what its tools and answers cost: `unaided` by a model, and `asking` one
   `flood`       how long the house waits for systems with very much to say: `floods`
   `habits`      how many habits are found, how many are not there, and what the search costs
   `things`      what it costs to know very many things, and to understand questions about them
2. `figures`     what compares both candidates, with what was expected
   `readings`    the same of Homelab AI alone
3. `table`       what came of it
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

from . import table
from .errors import BenchError
from .options import Options, parsed
from .part import Found
from .parts import PARTS

_BEGAN = time.monotonic()
_INTERRUPTED = 130


async def measure(options: Options) -> dict[str, Found]:
    """What the wanted parts have found, in the order of the registry."""
    return {name: await part(options, _say) for name, part in PARTS.items() if name in options.parts}


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
    options = parsed(tuple(PARTS))
    # Home Assistant warns of custom integrations, and of libraries that it can do without.
    logging.basicConfig(level=logging.ERROR)
    try:
        with asyncio.Runner(loop_factory=create_event_loop) as runner:
            found = runner.run(measure(options))
    except BenchError as err:
        print(err, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return _INTERRUPTED
    described = machine()
    print("\n".join([f"{described}.", "", *table.lines(found)]))
    if options.json:
        report = table.as_json(found, described)
        options.json.write_text(json.dumps(report, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return 1 if options.check and any(one.missed for one in found.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
