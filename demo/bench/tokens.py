"""What a streamed token costs Home Assistant's processor.

A long answer at a steady pace, each token in a packet of its own; what counts is this process's CPU time
between the first token and the last, so neither the prompt nor the hub (a process of its own) is in it.
Polling is off meanwhile, or a refresh that happens to come would be counted as tokens.
"""

from collections.abc import Callable
import gc

from homeassistant.core import HomeAssistant

from . import house
from .candidates import BOTH, CORE, OURS, Candidate
from .figures import Figure, RatioAtMost, Unit
from .hub import STORY_TOKENS, Hub
from .turns import QUESTION
from .voice import Satellite

TOKENS_PER_SECOND = 1000
"""As fast as each token still comes alone; a hub is slower, and its tokens cost the same."""

_RUNS_MORE = 2
_CASE = f"CPU time per streamed token ({STORY_TOKENS:,} tokens)"


async def measured(
    hass: HomeAssistant, hub: Hub, runs: int, say: Callable[[str], None]
) -> tuple[list[Figure], str]:
    """The figure, and a sentence about how it was measured."""
    for candidate in BOTH:
        await house.added(hass, candidate, hub.url, polling=False)
    satellite = Satellite(hass)
    await satellite.ready(QUESTION)
    microseconds: dict[Candidate, list[float]] = {candidate: [] for candidate in BOTH}
    runs += _RUNS_MORE
    for candidate in BOTH:
        await satellite.turn(candidate, 0.0)
    pieces = 0
    for run in range(runs):
        for candidate in BOTH if run % 2 == 0 else reversed(BOTH):
            say(f"tokens: {candidate.name}, run {run + 1} of {runs}")
            gc.collect()
            turn = await satellite.turn(candidate, 0.0)
            microseconds[candidate].append(turn.cpu / turn.pieces * 1e6)
            pieces = turn.pieces
    figure = Figure(_CASE, Unit.MICROSECONDS, microseconds[OURS], microseconds[CORE], RatioAtMost(1.0))
    return [figure], f"CPU: median of {runs} answers of {pieces + 1:,} pieces"
