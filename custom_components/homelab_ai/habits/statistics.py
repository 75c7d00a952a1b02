"""How sure one may be: the chance that it was chance, and what can be said after so many days."""

from collections.abc import Sequence
import math

MINUTES = 1440
"""Of a day; with the change of the clocks an hour of it comes twice or never, and nothing else."""
_Z = 1.96


def tail(successes: int, trials: int, chance: float) -> float:
    """Return how likely at least so many successes are, by chance: P(Binomial ≥ successes)."""
    if successes <= 0:
        return 1.0
    if chance <= 0 or successes > trials:
        return 0.0
    if chance >= 1:
        return 1.0
    odds = math.log(chance), math.log1p(-chance)
    return min(
        1.0,
        math.fsum(
            math.exp(_log_choices(trials, hits) + hits * odds[0] + (trials - hits) * odds[1])
            for hits in range(successes, trials + 1)
        ),
    )


def _log_choices(trials: int, hits: int) -> float:
    return math.lgamma(trials + 1) - math.lgamma(hits + 1) - math.lgamma(trials - hits + 1)


def tail_of(successes: int, chances: Sequence[float]) -> float:
    """Return the same of trials that differ: P(sum of Bernoulli(chance) ≥ successes)."""
    odds = [1.0]
    for chance in chances:
        odds = [
            (odds[hits] if hits < len(odds) else 0.0) * (1 - chance)
            + (odds[hits - 1] * chance if hits else 0.0)
            for hits in range(len(odds) + 1)
        ]
    return min(1.0, math.fsum(odds[max(successes, 0) :])) if successes <= len(chances) else 0.0


def log_likelihood(hits: int, trials: int, share: float) -> float:
    """Return the logarithm of how likely exactly these hits are, but for what all shares have in common.

    `share` is between 0 and 1, and neither.
    """
    return hits * math.log(share) + (trials - hits) * math.log1p(-share)


def wilson(successes: int, trials: int) -> float:
    """Return the share that at least may be expected, with 97.5 %: the lower bound of Wilson's interval."""
    if trials <= 0:
        return 0.0
    share = successes / trials
    spread = _Z * math.sqrt(share * (1 - share) / trials + (_Z / (2 * trials)) ** 2)
    return max(0.0, (share + _Z**2 / (2 * trials) - spread) / (1 + _Z**2 / trials))


def circular_median(minutes: Sequence[int]) -> int:
    """Return the minute of the day that is nearest to all of these; midnight is no border.

    Raises ValueError for none.
    """
    start = _widest_gap(sorted(minutes))
    turned = sorted((minute - start) % MINUTES for minute in minutes)
    return (turned[len(turned) // 2] + start) % MINUTES


def circular_span(minutes: Sequence[int], share: float) -> tuple[int, int]:
    """Return the shortest stretch, first and last minute, with this share of them. ValueError for none."""
    start = _widest_gap(sorted(minutes))
    turned = sorted((minute - start) % MINUTES for minute in minutes)
    length = max(1, math.ceil(share * len(turned)))
    stretches = (
        (turned[first + length - 1] - turned[first], first) for first in range(len(turned) - length + 1)
    )
    width, first = min(stretches)
    begin = (turned[first] + start) % MINUTES
    return begin, (begin + width) % MINUTES


def _widest_gap(ordered: Sequence[int]) -> int:
    """Return the minute after the widest gap: to begin there cuts nothing that belongs together."""
    if not ordered:
        raise ValueError("no minutes")
    gaps = [
        ((later - earlier) % MINUTES or MINUTES * (len(ordered) == 1), later)
        for earlier, later in zip(ordered, [*ordered[1:], ordered[0]], strict=True)
    ]
    return max(gaps)[1]


def spread(values: Sequence[float]) -> float:
    """Return how far apart the middle 80 % of these are."""
    ordered = sorted(values)
    edge = len(ordered) // 10
    return ordered[-1 - edge] - ordered[edge]
