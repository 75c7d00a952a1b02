"""Whether a task was done: by what has changed, and by what was heard."""

from collections.abc import Mapping
from dataclasses import dataclass
import re

from .tasks import Task, Wanted
from .world import LIST, Changes

LONGEST = 600
"""Characters that a person listens to."""
_UNSPEAKABLE = re.compile(
    r"""[{}<>|`*\\]|\[/?[A-Z_]+\]|https?://|__|^\s*[-#]\s|\n[^\S\n]*[-#•]\s
    |\b(?:light|switch|cover|climate|sensor|binary_sensor|lock|fan|todo)\.[a-z_]+
    |\bHass[A-Z]\w+|\b(?:tool_call|function_call|arguments)\b""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """`right` in deed and word; `harmful` where something else has changed; `unspeakable` by its words."""

    right: bool
    harmful: bool
    unspeakable: bool


def judge(task: Task, place: int, changes: Changes, speech: str) -> Verdict:
    """Judge what came of a task said in one language, by its place among the languages."""
    harmful = not changes.keys() <= task.wanted.keys()
    unspeakable = bool(_UNSPEAKABLE.search(speech)) or len(speech) > LONGEST
    heard = task.heard[place]
    spoken = speech.casefold()
    answered = bool(speech.strip()) and (not heard or any(words in spoken for words in heard))
    item = task.item[place]
    done = _is_done(task.wanted, changes) and (not item or changes[LIST].get("item") == item)
    return Verdict(done and not harmful and not unspeakable and answered, harmful, unspeakable)


def _is_done(goal: Wanted, changes: Changes) -> bool:
    """Return whether all that was wanted has come, whatever else is so of the same things."""
    return all(entity_id in changes and _has(changes[entity_id], facts) for entity_id, facts in goal.items())


def _has(changed: Mapping[str, object], goal: Mapping[str, object]) -> bool:
    return all(_same(changed.get(key), value) for key, value in goal.items())


def _same(value: object, goal: object) -> bool:
    if isinstance(value, str) and isinstance(goal, str):
        return value.casefold() == goal.casefold()
    return value == goal
