"""A briefing in a model's words, where these say what the facts say; else the plain text."""

import asyncio
from collections.abc import Iterator
from itertools import chain, islice

from ..agent.completion import complete
from ..api.chat import Message
from ..const import LOGGER
from ..coordinator import HomelabData
from ..errors import KNOWN_ERRORS
from ..hub.measurements import Purpose
from ..language.fidelity import doubts
from ..language.languages import supported
from ..language.names import app_of, spoken_alert, spoken_name
from .explaining import LANGUAGES, general_agent
from .fence import UNTRUSTED, fence

PATIENCE = 45.0
"""Seconds; a briefing that comes later is none. The plain text is there at once."""
LONGEST = 1000
"""Characters that are phrased at most: what is longer is to be read, not to be heard."""

# Worst first, and a briefing tells a few: the event loop must not wait for ten thousand.
_MOST_NAMES = 500
_MAX_TOKENS = 512
_TEMPERATURE = 0.2
_SYSTEM = (
    "You say a status report about a homelab in natural spoken {language}. {untrusted}\n"
    "Keep every name, every number and every time exactly as it is written, and what each of them belongs to."
    " Keep how bad each thing is. Add nothing: no greeting, no advice, no question, no guess, no markup."
    " Use the words of the report where you can. At most as long as the report.\n"
    "Answer with the spoken report alone."
)


async def phrased(homelab: HomelabData, text: str, language: str) -> str:
    """Return a spoken text as a model says it, in one line, checked against the facts in it; raises nothing.

    The text itself is returned whenever there is any doubt, and where no model answers in time.
    """
    agent, spoken = general_agent(homelab), supported(language)
    if agent is None or not text or len(text) > LONGEST:
        return text
    system = _SYSTEM.format(language=LANGUAGES[spoken], untrusted=UNTRUSTED)
    messages = [Message("system", system), Message("user", fence(text, LONGEST))]
    try:
        async with asyncio.timeout(PATIENCE):
            answer = await complete(
                agent, messages, Purpose.BACKGROUND, max_tokens=_MAX_TOKENS, temperature=_TEMPERATURE
            )
    except (*KNOWN_ERRORS, TimeoutError) as err:
        LOGGER.debug("The briefing was not phrased: %s", err)
        return text
    doubt = next(doubts(answer.text, text, spoken, tuple(_names(homelab))), None)
    if doubt is None:
        return " ".join(answer.text.split())
    LOGGER.debug("The briefing was phrased otherwise than the facts are: %s", doubt)
    return text


def _names(homelab: HomelabData) -> Iterator[str]:
    """Yield what things are called, here or in a briefing, though it be an ordinary word."""
    data = homelab.health.data
    problems = chain(data.problems, *data.consequences.values(), data.muted)
    for problem in islice(problems, _MOST_NAMES):
        app = app_of(problem.name)
        yield from (problem.name, spoken_name(problem.name), spoken_name(app), spoken_alert(problem.name))
    yield from (monitor.name for monitor in (*homelab.hubs, *homelab.monitors))
