"""What models have muted lately, and what only a person may mute.

A model may have read what somebody wrote who wants a problem to be overlooked. So it mutes one problem a
turn, a few an hour and never for less than a person has; what is critical only after the person has agreed,
in a turn that begins with that.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from .problem import Problem, Severity

MOST_AN_HOUR = 3
_HOUR = timedelta(hours=1)
_MOST_WAITING = 50


class Objection(StrEnum):
    """Why a model cannot mute something; it is told this."""

    CONFIRM = "This is critical. Ask the person whether to mute it; call this again when they have said yes."
    NO_PERSON = "This is critical: only a person can mute it, in Home Assistant."
    ONE_A_TURN = "One problem can be muted in a turn. Tell the person which others there are."
    SEVERAL = "Several problems have this name: only a person can mute them, in Home Assistant."
    ENOUGH = f"{MOST_AN_HOUR} problems were muted within an hour. A person can mute more in Home Assistant."
    NOT_NAMED = (
        "Not after text of other systems was read, unless the person names the problem. Ask them which one."
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """The turn in which a model wants to mute something: its conversation, its number in that.

    `agrees` and `names` are whether the person's words in it agree, or name the problem. `has_read` is
    whether the model has read text of other systems before, `is_ours` whether later turns of its are kept
    free from that.
    """

    conversation_id: str
    number: int
    agrees: bool
    names: bool
    has_read: bool
    is_ours: bool


@dataclass(slots=True)
class ModelMutes:
    """What models have muted of one homelab lately, and which critical problems a person was asked about."""

    _times: deque[datetime] = field(default_factory=deque)
    _turns: dict[str, tuple[int, str]] = field(default_factory=dict)
    """By conversation: the last turn in which something was muted, and what."""
    _waiting: dict[str, tuple[int, str]] = field(default_factory=dict)
    """By conversation: the turn in which the person was to be asked, and about what."""

    def take(
        self, problems: Sequence[Problem], request: Asked | None, now: datetime, *, is_muted: bool
    ) -> Objection | None:
        """Return why a model cannot mute these now; None where it can, and then that counts.

        `is_muted` where it is muted already: to move the end of a mute is not another one. `request` is None
        where no conversation is known.
        """
        if len(problems) != 1:
            return Objection.SEVERAL
        (problem,) = problems
        if why := self._objection(problem, request, now, is_muted=is_muted):
            return why
        if not is_muted:
            self._times.append(now)
        if request is not None:
            self._waiting.pop(request.conversation_id, None)
            _put(self._turns, request.conversation_id, (request.number, problem.id))
        return None

    def _objection(
        self, problem: Problem, request: Asked | None, now: datetime, *, is_muted: bool
    ) -> Objection | None:
        if request is not None and self._has_muted_another(problem, request):
            return Objection.ONE_A_TURN
        if problem.severity is Severity.CRITICAL and (why := self._unconfirmed(problem, request)):
            return why
        if request is not None and request.has_read and not request.is_ours and not request.names:
            return Objection.NOT_NAMED
        # One of the future was made by a clock that has been set back since.
        while self._times and not timedelta() <= now - self._times[0] < _HOUR:
            self._times.popleft()
        return Objection.ENOUGH if len(self._times) >= MOST_AN_HOUR and not is_muted else None

    def _has_muted_another(self, problem: Problem, request: Asked) -> bool:
        number, problem_id = self._turns.get(request.conversation_id, (0, ""))
        return number == request.number and problem_id != problem.id

    def _unconfirmed(self, problem: Problem, request: Asked | None) -> Objection | None:
        """Return what to say unless the person has just agreed, and nothing was read since."""
        if request is None:
            return Objection.NO_PERSON
        number, problem_id = self._waiting.get(request.conversation_id, (0, ""))
        was_asked = problem_id == problem.id and number == request.number - 1
        # What a foreign agent has read in earlier turns it still sees: then the name must be said.
        is_clear = not request.has_read or (request.names and not request.is_ours)
        if was_asked and is_clear and request.agrees:
            return None
        _put(self._waiting, request.conversation_id, (request.number, problem.id))
        return Objection.CONFIRM


def _put[ValueT](values: dict[str, ValueT], key: str, value: ValueT) -> None:
    """Keep a value as the newest of a bounded number."""
    values.pop(key, None)
    values[key] = value
    if len(values) > _MOST_WAITING:
        del values[next(iter(values))]
