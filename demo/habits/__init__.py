"""A made-up house with planted habits, of which everything is known: what is found in it can be judged."""

from .house import Burst, MadeUpHouse, Planted, bursty, noise, planted, sequences, year
from .verdict import Verdict, is_found, judge

__all__ = [
    "Burst",
    "MadeUpHouse",
    "Planted",
    "Verdict",
    "bursty",
    "is_found",
    "judge",
    "noise",
    "planted",
    "sequences",
    "year",
]
