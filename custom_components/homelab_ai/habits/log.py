"""The own log of actions: 90 days, for the recorder keeps ten, and ten have two weekends.

About ten bytes an action; no names of people, no attributes, nothing but what was brought to which state,
when, and by which of six causes.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Any

from ..values.number import whole
from .action import Action, Cause

DAYS = 90
DAY = 86_400
MOST_ACTIONS = 50_000
"""Of all days; the oldest make room."""
MOST_A_DAY = 60
"""Of one entity to one state; what is switched more often is nobody's habit, and left out."""
MOST_TEXT = 255
_CAUSES = tuple(Cause)


class ActionLog:
    """What was done in the last 90 days, by its moment."""

    def __init__(self, stored: Mapping[str, Any] | None = None) -> None:
        """`stored` is what `as_stored` returned. Raises what a broken file makes of it."""
        stored = stored or {}
        self.until = float(whole(stored.get("until")) or 0)
        """The moment up to which the recorder was read; 0 if never."""
        self.since = float(whole(stored.get("since")) or 0)
        """The moment from which on everything is known; 0 if nothing is."""
        self._actions = list(_unpacked(stored))

    def __iter__(self) -> Iterator[Action]:
        return iter(self._actions)

    def __len__(self) -> int:
        return len(self._actions)

    def add(self, actions: Iterable[Action], since: float, until: float) -> None:
        """Take over what was read of a stretch of time, and forget what is older than 90 days.

        After a gap that nobody can fill any more the days before it stay; they are days like all others.
        """
        fresh = [action for action in actions if action.at >= int(self.until)]
        self._actions.extend(_without_chatter(fresh))
        self._actions.sort(key=lambda action: action.at)
        self.since = self.since or since
        self.until = max(self.until, until)
        oldest = self.until - DAYS * DAY
        self.since = max(self.since, oldest)
        kept = [action for action in self._actions if action.at >= oldest]
        self._actions = kept[-MOST_ACTIONS:]

    def keep(self, entities: frozenset[str]) -> None:
        """Forget all others: they were removed, or are no longer to be looked at."""
        self._actions = [action for action in self._actions if action.entity in entities]

    def as_stored(self) -> dict[str, Any]:
        """Return it as JSON: seconds since the action before, and indexes of the names."""
        names = sorted(
            {name for action in self._actions for name in (action.entity, action.state, action.by)}
        )
        index = {name: position for position, name in enumerate(names)}
        begin = self._actions[0].at if self._actions else 0
        moments = [begin, *(action.at for action in self._actions)]
        steps = [later - earlier for earlier, later in pairwise(moments)]
        return {
            "since": int(self.since),
            "until": int(self.until),
            "begin": begin,
            "names": names,
            "actions": [
                [
                    step,
                    index[action.entity],
                    index[action.state],
                    _CAUSES.index(action.cause),
                    *((index[action.by],) if action.by else ()),
                ]
                for step, action in zip(steps, self._actions, strict=True)
            ],
        }


def _unpacked(stored: Mapping[str, Any]) -> Iterator[Action]:
    names = [str(name)[:MOST_TEXT] for name in stored.get("names", ())]
    moment = whole(stored.get("begin")) or 0
    for step, entity, state, cause, *by in list(stored.get("actions", ()))[-MOST_ACTIONS:]:
        moment += int(step)
        yield Action(moment, names[entity], names[state], _CAUSES[cause], names[by[0]] if by else "")


def _without_chatter(actions: list[Action]) -> Iterator[Action]:
    counts = Counter[tuple[str, str, int]]()
    for action in actions:
        counts[*action.key, action.at // DAY] += 1
    for action in actions:
        if counts[*action.key, action.at // DAY] <= MOST_A_DAY:
            yield action
