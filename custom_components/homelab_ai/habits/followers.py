"""What follows what: after something that somebody does, or after the first comes home or the last leaves."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median

from .action import Key
from .back_test import WEEKS, Trigger, back_test, is_automated, tested
from .diary import Diary, Moment
from .habit import Habit, HabitKind
from .statistics import MINUTES, tail_of
from .subjects import SCENE, domain_of
from .times import BROKEN, LEAST_PRECISION, LEAST_TEST_HITS, RECENT, TRAINING

REACH = 10 * 60
"""Seconds in which something follows."""
TOGETHER = 2
"""Seconds in which nothing follows anything: a scene or a group does both."""
LEAST_HITS = 6
LEAST_ARRIVALS = 5
LEAST_SHARE = 0.5
"""Of the occasions; of the arrivals 0.6, of which there are few."""
LEAST_SHARE_OF_ARRIVALS = 0.6
CHANCE = 1e-2
"""How likely it may be by chance, all pairs that were looked at included."""
STEPS = (1, 5, 10)
"""Minutes that a person is told."""
_KEPT = 0.9
_LEAST_CHANCE = 0.01
_MOST_NEAR = 60
"""Actions after one that are looked at: in ten minutes nobody does more."""


@dataclass(frozen=True, slots=True)
class _Pair:
    """What follows what: the occasions, and after how many seconds it followed, None where it did not."""

    occasions: tuple[Moment, ...]
    delays: tuple[int | None, ...]

    @property
    def hits(self) -> int:
        return sum(delay is not None for delay in self.delays)

    @property
    def share(self) -> float:
        return self.hits / len(self.delays)


def sequences(diary: Diary) -> Iterator[Habit]:
    """Yield what people do after something else, again and again."""
    occasions = {
        before: _apart(moments)
        for before, moments in diary.manual.items()
        # The state of a scene is when it was activated; no automation can wait for one.
        if domain_of(before[0]) != SCENE
    }
    counts = _counted(diary, occasions)
    pairs = dict(_often(diary, occasions, counts))
    looked_at = sum(map(len, counts.values())) or 1
    for (before, key), pair in pairs.items():
        if _has_common_cause(diary, before, key, pairs):
            continue
        chance = _chance(diary, key, pair) * looked_at
        if chance < CHANCE:
            habit = Habit(HabitKind.SEQUENCE, *key, 0, 0, before=before, chance=chance)
            yield from _checked(diary, pair, habit)


def _often(
    diary: Diary, occasions: Mapping[Key, Sequence[Moment]], counts: Mapping[Key, Mapping[Key, int]]
) -> Iterator[tuple[tuple[Key, Key], _Pair]]:
    """Yield the pairs of which one follows the other on at least half of the occasions."""
    for before, followers in counts.items():
        least = max(LEAST_HITS, LEAST_SHARE * len(occasions[before]))
        for key, count in followers.items():
            if count >= least and (pair := _pair(diary, occasions[before], key)) is not None:
                yield (before, key), pair


def arrivals(diary: Diary) -> Iterator[Habit]:
    """Yield what people do when the first of them comes home, or before the last has been gone for long."""
    for presence, occasions in diary.crossings.items():
        for key in diary.subjects:
            pair = _pair(diary, occasions, key)
            if pair is None or pair.hits < LEAST_ARRIVALS or pair.share < LEAST_SHARE_OF_ARRIVALS:
                continue
            chance = _chance(diary, key, pair) * len(diary.subjects)
            if chance < CHANCE:
                habit = Habit(HabitKind.PRESENCE, *key, 0, 0, presence=presence, chance=chance)
                yield from _checked(diary, pair, habit)


def _counted(diary: Diary, occasions: Mapping[Key, Sequence[Moment]]) -> dict[Key, dict[Key, int]]:
    """Return how often each thing that can be suggested came within ten minutes of each other thing."""
    subjects = frozenset(diary.subjects)
    line = sorted((at, key) for key in subjects for _, _, at in diary.manual[key])
    times = [at for at, _ in line]
    counts: dict[Key, dict[Key, int]] = {}
    for before, moments in occasions.items():
        if len(moments) < LEAST_HITS:
            continue
        count = counts[before] = dict[Key, int]()
        for _, _, at in moments:
            first = bisect_right(times, at + TOGETHER)
            last = min(bisect_right(times, at + REACH, first), first + _MOST_NEAR)
            for key in {key for _, key in line[first:last] if key[0] != before[0]}:
                count[key] = count.get(key, 0) + 1
    return counts


def _apart(moments: Sequence[Moment]) -> list[Moment]:
    """Return the occasions, those within ten minutes of the one before left out."""
    kept = list[Moment]()
    for moment in moments:
        if not kept or moment[2] - kept[-1][2] > REACH:
            kept.append(moment)
    return kept


def _pair(diary: Diary, occasions: Sequence[Moment], key: Key) -> _Pair | None:
    if not occasions:
        return None
    delays = tuple(diary.delay(key, at + TOGETHER, at + REACH) for _, _, at in occasions)
    return _Pair(tuple(occasions), delays)


def _chance(diary: Diary, key: Key, pair: _Pair) -> float:
    """Return how likely it is that it follows so often by chance: by what other days show at that hour."""
    near = _near(diary, key)
    days = max(1, len(diary.observed))
    rate = len(diary.manual[key]) / days * REACH / 60 / MINUTES
    chances = list[float]()
    for day, minute, _ in pair.occasions:
        others = len(near[minute] - {day})
        chances.append(min(1.0, max(rate, (others + 0.5) / days, _LEAST_CHANCE)))
    return tail_of(pair.hits, chances)


def _near(diary: Diary, key: Key) -> list[set[int]]:
    """Return the days on which it was done within ten minutes after each minute of the day."""
    near = [set[int]() for _ in range(MINUTES)]
    for day, minute, _ in diary.manual[key]:
        for back in range(REACH // 60 + 1):
            near[(minute - back) % MINUTES].add(day)
    return near


def _has_common_cause(diary: Diary, before: Key, key: Key, pairs: dict[tuple[Key, Key], _Pair]) -> bool:
    """Return whether something precedes both at least as reliably, or both only come in either order.

    Somebody coming home is such a cause, too.
    """
    pair = pairs[before, key]
    turned = pairs.get((key, before))
    if turned is not None and turned.share >= pair.share:
        return True
    for cause, follower in pairs:
        if follower == before and (both := pairs.get((cause, key))) and both.share >= pair.share:
            return True
    crossings = [moment for moments in diary.crossings.values() for moment in moments]
    starts = [at for _, _, at in crossings]
    after = sum(_is_after(starts, at) for _, _, at in pair.occasions)
    return after > LEAST_SHARE * len(pair.occasions)


def _is_after(starts: Sequence[int], at: int) -> bool:
    return any(0 <= at - start <= REACH for start in starts)


def _checked(diary: Diary, pair: _Pair, habit: Habit) -> Iterator[Habit]:
    """Yield the habit with its figures and back-test, if the newest occasions bear it out."""
    delays = sorted(delay for delay in pair.delays if delay is not None)
    most = delays[min(len(delays) - 1, round(_KEPT * len(delays)))]
    within = next((step for step in STEPS if most <= step * 60), STEPS[-1])
    if not _is_borne_out(diary, pair, habit.key) or not _is_fresh(diary, pair):
        return
    recent = _triggers([moment for moment in pair.occasions if moment[0] >= diary.today - WEEKS], within)
    if is_automated(diary, habit.key, recent):
        return
    minute = round(median(minute for _, minute, _ in pair.occasions))
    habit = replace(habit, hits=pair.hits, trials=len(pair.delays), within=within, minute=minute)
    habit = tested(diary, habit, recent)
    if habit.back_test.precision >= LEAST_PRECISION:
        yield habit


def _is_borne_out(diary: Diary, pair: _Pair, key: Key) -> bool:
    border = round(TRAINING * len(pair.delays))
    older, newest = pair.delays[:border], pair.delays[border:]
    kept = sum(delay is not None for delay in newest)
    if not older or sum(delay is not None for delay in older) < LEAST_SHARE * len(older):
        return False
    if kept < LEAST_TEST_HITS or kept < LEAST_SHARE * len(newest):
        return False
    return back_test(diary, key, _triggers(pair.occasions[border:], STEPS[-1])).precision >= LEAST_PRECISION


def _is_fresh(diary: Diary, pair: _Pair) -> bool:
    if all(delay is None for delay in pair.delays[-BROKEN:]):
        return False
    days = {day for (day, _, _), delay in zip(pair.occasions, pair.delays, strict=True) if delay is not None}
    return len(days) >= LEAST_ARRIVALS and max(days) >= diary.today - RECENT


def _triggers(occasions: Sequence[Moment], within: int) -> list[Trigger]:
    return [Trigger(at, at, at + within * 60) for _, _, at in occasions]
