"""What it costs to read a model's message as it comes, alone: no Home Assistant, no hub, no network.

Each token of a story goes through all that an answer goes through on its way into the chat log, with tools
offered. Beside the processor time, how long a word is held because it could still become something else.
"""

from collections.abc import Iterator
from statistics import median
import time

from custom_components.homelab_ai.agent.message import Answer, Manner
from custom_components.homelab_ai.agent.reader import Reader
from custom_components.homelab_ai.agent.tools import ToolBox
from custom_components.homelab_ai.api.answers import text
from custom_components.homelab_ai.api.chat import ChatChunk
from demo.servers.ollama.tokens import tokenize

from .figures import Unit
from .hub import STORY_TOKENS, story
from .readings import Exactly, Reading

_TOOLS = ("intent__HassTurnOn", "intent__HassTurnOff", "light__HassLightSet", "llm__GetLiveContext")
# Plain words with all that may begin a mark: brackets, braces, tags, code, links, headings.
_PLAIN = (
    "It is 21 °C outside, and 3 < 5. See [the manual](https://example.org), or `light.turn_on`. The tag <b>"
    " is bold, {curly} and [square] brackets stay.\n\n## Lamps\n\n- Hall: on\n- Bath: off\n\n"
    "Users: two. Human beings: two."
)


def readings(runs: int) -> Iterator[Reading]:
    """Yield the readings."""
    for where, heard in (("shown", False), ("heard", True)):
        yield Reading(
            f"CPU time to read a token of an answer that is {where}",
            Unit.MICROSECONDS,
            [_cpu(Manner(heard=heard)) for _ in range(runs)],
            of=median,
        )
    waits = list(_waits())
    yield Reading("Tokens that the first word of plain text waits", Unit.COUNT, waits[:1], Exactly(0))
    yield Reading(
        "Tokens that a later word of plain text waits", Unit.COUNT, waits, aside=f"{len(waits)} tokens"
    )


def _cpu(manner: Manner) -> float:
    chunks = [ChatChunk(content=text(token)) for token in tokenize(story(STORY_TOKENS))]
    answer = Answer(ToolBox((), None), frozenset(), manner=manner)
    began = time.process_time()
    for chunk in chunks:
        answer.delta(chunk)
    answer.rest()
    return (time.process_time() - began) / len(chunks) * 1e6


def _waits() -> Iterator[int]:
    """Yield for each token how many more come before all of it has been said."""
    reader, ends, said = Reader(_TOOLS), list[int](), 0
    spoken: list[int] = []
    for token in tokenize(_PLAIN):
        ends.append((ends[-1] if ends else 0) + len(token))
        said += len(reader.feed(token)[0])
        spoken.append(said)
    spoken.append(said + len(reader.finish()[0]))
    for index, end in enumerate(ends):
        yield next(later for later, length in enumerate(spoken[index:]) if length >= end)
