"""What the command line says."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from .phrases import PHRASES

ROOT = Path(__file__).resolve().parents[2]
LOOPBACK = "127.0.0.1"
_DESCRIPTION = """Starts a simulated homelab and a Home Assistant, adds the Homelab AI integration to it,
breaks and mends things, asks Jarvis, and stays up until Ctrl-C."""


@dataclass(frozen=True, slots=True)
class Options:
    """One run of the demonstration.

    `hub` is the address of a real Ollama server, None for the simulated one. `directory` is where
    everything the run leaves behind is found. `screenshots` is the folder for pictures, None for none;
    `pages` are the pages to take, "/path > label to click > another", and none means those of the
    documentation; `height` is that of the browser window in pixels. `patient` waits for what takes minutes,
    `verbose` shows what comes of each step. Without a `tour` the systems are added, and nothing else happens.
    """

    once: bool = False
    patient: bool = False
    tour: bool = True
    verbose: bool = False
    hub: str | None = None
    api_key: str | None = None
    model: str | None = None
    language: str = "en"
    host: str = LOOPBACK
    port: int = 8123
    keep: bool = False
    directory: Path = ROOT / ".demo"
    screenshots: Path | None = None
    pages: tuple[str, ...] = ()
    height: int = 900


def parsed(arguments: Sequence[str] | None = None) -> Options:
    """The options in these arguments; ends the process with a usage message if they make no sense."""
    parser = _parser()
    given = parser.parse_args(arguments)
    if given.page and not given.screenshots:
        parser.error("--page needs --screenshots")
    return Options(
        once=given.once,
        patient=given.patient,
        tour=not given.no_tour,
        verbose=given.verbose,
        hub=given.hub,
        api_key=given.api_key,
        model=given.model,
        language=given.language,
        host=given.host,
        port=given.port,
        keep=given.keep,
        directory=given.directory.resolve(),
        screenshots=given.screenshots.resolve() if given.screenshots else None,
        pages=tuple(given.page),
        height=given.height,
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="scripts/demo",
        description=_DESCRIPTION,
        epilog="Everything is in .demo/ and ~/.cache/homelab-ai/; delete both to be rid of it.",
    )
    default = Options()
    parser.add_argument("--once", action="store_true", help="end after the self-check, with status 0 or 1")
    parser.add_argument(
        "--patient", action="store_true", help="wait two minutes for the news that what was mended is solved"
    )
    parser.add_argument(
        "--no-tour", action="store_true", help="only add the systems, and leave the rest to you"
    )
    parser.add_argument(
        "--verbose", action="store_true", help="show what comes of each step: events, answers, entities"
    )
    parser.add_argument("--hub", metavar="URL", help="use this Ollama server instead of the simulated one")
    parser.add_argument("--api-key", metavar="KEY", help="bearer key of the Ollama server")
    parser.add_argument(
        "--model", metavar="NAME", help="the model to use; downloaded to the hub where it is missing"
    )
    parser.add_argument(
        "--language", choices=sorted(PHRASES), default=default.language, help="language of the house"
    )
    parser.add_argument(
        "--host", metavar="ADDRESS", default=default.host, help="listen here; 0.0.0.0 for the whole network"
    )
    parser.add_argument(
        "--port", type=int, default=default.port, help="port to prefer; the next free one if it is taken"
    )
    parser.add_argument("--keep", action="store_true", help="go on with the house of the last run")
    parser.add_argument(
        "--directory",
        type=Path,
        metavar="DIR",
        default=default.directory,
        help="where the house lives (.demo)",
    )
    parser.add_argument("--screenshots", type=Path, metavar="DIR", help="take pictures into this folder")
    parser.add_argument(
        "--page",
        metavar="'PATH > LABEL'",
        action="append",
        default=[],
        help="take this page instead of the documentation's, after a click on each label; may be repeated",
    )
    parser.add_argument("--height", type=int, default=default.height, help="of the pictures, in pixels")
    return parser
