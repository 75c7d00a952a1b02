"""How long a person waits for the first word of a voice turn.

One cycle visits every situation once, each reached by what brings it about in a house; the cycles of
the two candidates alternate. What a cycle begins with is a model that was unloaded.
"""

from collections import defaultdict

from homeassistant.core import HomeAssistant

from . import house
from .candidates import BOTH, CORE, OURS, Candidate, in_turn
from .errors import BenchError
from .figures import Expectation, Figure, ListeningUsed, RatioAtMost, Unit
from .hub import Hub, described, running
from .options import Options
from .part import Found, Say
from .voice import Satellite, satellite

QUESTION = "Who are you?"
LISTENING = 3.0
EARLY = 0.2

_LISTENING_USED = ListeningUsed(2.8, 0.15)
_NOT_SLOWER = RatioAtMost(1.05, 0.05)
_CASES: dict[str, tuple[str, Expectation]] = {
    "unloaded": (f"First word, model unloaded, {LISTENING:g} s of listening", _LISTENING_USED),
    "taken": (f"First word, slot used by another client, {LISTENING:g} s of listening", _LISTENING_USED),
    "second": (f"First word, second turn, {LISTENING:g} s of listening", RatioAtMost(1.05)),
    "second_taken": (
        f"First word, second turn, slot used by another client, {LISTENING:g} s of listening",
        RatioAtMost(1.05),
    ),
    "unloaded_early": (f"Early turn ({EARLY:g} s), model unloaded", _NOT_SLOWER),
    "taken_early": (f"Early turn ({EARLY:g} s), slot used by another client", _NOT_SLOWER),
    "held_early": (f"Early turn ({EARLY:g} s), prompt still held", _NOT_SLOWER),
}
# Two prompts of one house differ by what each integration makes of the tools, and by no more.
_MOST_UNLIKE = 1.05


async def measured(options: Options, say: Say) -> Found:
    """The figures, and a note about the prompts they were measured with."""
    async with running() as hub, house.opened() as hass:
        figures, note = await _turns(hass, hub, options.runs, say)
    return Found(figures, notes=(described(), in_turn(options.runs), note))


async def _turns(hass: HomeAssistant, hub: Hub, runs: int, say: Say) -> tuple[list[Figure], str]:
    for candidate in BOTH:
        await house.added(hass, candidate, hub.url)
    room = await satellite(hass, QUESTION)
    prompts: dict[Candidate, int] = {}
    for candidate in BOTH:
        # From here on neither has anything left to import, and ours knows the prompt of the house.
        say(f"turns: {candidate.name}, first turn")
        await room.turn(candidate, 0.0)
        prompts[candidate] = (await hub.last()).prompt_tokens
    _check_alike(prompts)
    seconds: dict[Candidate, dict[str, list[float]]] = {each: defaultdict(list) for each in BOTH}
    for run in range(runs):
        for candidate in BOTH if run % 2 == 0 else reversed(BOTH):
            say(f"turns: {candidate.name}, run {run + 1} of {runs}")
            for case, first_word in (await _cycle(room, hub, candidate)).items():
                seconds[candidate][case].append(first_word)
    figures = [
        Figure(label, Unit.SECONDS, seconds[OURS][case], seconds[CORE][case], expectation)
        for case, (label, expectation) in _CASES.items()
    ]
    note = (
        f"prompt of {prompts[OURS]:,} tokens (core's: {prompts[CORE]:,}), which ours has known since an"
        " earlier turn: before that, it only loads the model in advance"
    )
    return figures, note


async def _cycle(room: Satellite, hub: Hub, candidate: Candidate) -> dict[str, float]:
    """The seconds until the first word in each situation."""
    seconds: dict[str, float] = {}

    async def turn(case: str, listening: float, conversation_id: str | None = None) -> str:
        taken = await room.turn(candidate, listening, conversation_id)
        seconds[case] = taken.first_word
        return taken.conversation_id

    await hub.unload()
    await turn("unloaded", LISTENING)
    await hub.use_otherwise()
    await turn("taken", LISTENING)
    await turn("held_early", EARLY)
    await hub.use_otherwise()
    conversation_id = await turn("taken_early", EARLY)
    await turn("second", LISTENING, conversation_id)
    await hub.use_otherwise()
    await turn("second_taken", LISTENING, conversation_id)
    await hub.unload()
    await turn("unloaded_early", EARLY)
    return seconds


def _check_alike(prompts: dict[Candidate, int]) -> None:
    if max(prompts.values()) > min(prompts.values()) * _MOST_UNLIKE:
        raise BenchError(f"The prompts are not comparable: {prompts[OURS]} and {prompts[CORE]} tokens")
