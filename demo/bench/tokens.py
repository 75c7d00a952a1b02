"""What a streamed token costs Home Assistant's processor.

A long answer at a steady pace, each token in a packet of its own. What counts is the CPU time of this process
between the first token and the last, so neither the prompt nor the hub (a process of its own) is in it, and
only one candidate is in the house at a time.
"""

import gc

from homeassistant.core import HomeAssistant

from . import house, reader
from .candidates import BOTH, CORE, OURS, Candidate, in_turn
from .figures import Figure, RatioAtMost, Unit
from .hub import STORY_TOKENS, Hub, described, running
from .options import Options
from .part import Found, Say
from .turns import QUESTION
from .voice import satellite

TOKENS_PER_SECOND = 1000
"""As fast as each token still comes alone; a hub is slower, and its tokens cost the same."""

_MORE_RUNS = 2
"""For other programs on the machine are felt in figures as small as these."""
_CASE = f"CPU time per streamed token, {STORY_TOKENS:,} tokens"


async def measured(options: Options, say: Say) -> Found:
    """The figure."""
    runs = options.runs + _MORE_RUNS
    async with running(TOKENS_PER_SECOND) as hub, house.opened() as hass:
        figure = await _cpu_time(hass, hub, runs, say)
    notes = (described(), in_turn(options.runs), f"CPU time: median of {runs} runs")
    return Found([figure], tuple(reader.readings(runs)), notes)


async def _cpu_time(hass: HomeAssistant, hub: Hub, runs: int, say: Say) -> Figure:
    room = await satellite(hass, QUESTION)
    microseconds: dict[Candidate, list[float]] = {candidate: [] for candidate in BOTH}
    for run in range(runs):
        for candidate in BOTH if run % 2 == 0 else reversed(BOTH):
            say(f"tokens: {candidate.name}, run {run + 1} of {runs}")
            async with house.inhabited(hass, candidate, hub.url):
                gc.collect()
                turn = await room.turn(candidate, 0.0)
            microseconds[candidate].append(turn.cpu / turn.pieces * 1e6)
    return Figure(_CASE, Unit.MICROSECONDS, microseconds[OURS], microseconds[CORE], RatioAtMost(1.0))
