"""The registry of all parts, in the order in which they are measured.

A further part is a module that measures, and a line here.
"""

from collections.abc import Mapping

from . import assistant, flood, habits, health, setup_cost, things, tokens, turns
from .part import Part

PARTS: Mapping[str, Part] = {
    "turns": turns.measured,
    "tokens": tokens.measured,
    "setup": setup_cost.measured,
    "health": health.measured,
    "assistant": assistant.measured,
    "habits": habits.measured,
    "things": things.measured,
    "flood": flood.measured,
}
