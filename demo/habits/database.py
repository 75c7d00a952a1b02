"""Puts what happens in a made-up house into a recorder's database, with its own tables."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import batched
from random import Random
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from custom_components.homelab_ai.habits.action import Action
from homeassistant.components.recorder.db_schema import States, StatesMeta

_MANY = 10_000


def fill(session: Session, actions: Iterable[Action], *, before: Mapping[str, str] | None = None) -> int:
    """Add the actions, done by hand, as changes of states; return how many rows that made.

    `before` are the states that entities begin with, "off" where nothing is said. What is not a change of
    state is left out, as Home Assistant does.
    """
    ordered = sorted(actions, key=lambda action: action.at)
    begins = {action.entity: (before or {}).get(action.entity, "off") for action in ordered}
    ids = metadata(session, begins)
    rows = list(_rows(ordered, begins, ids, _next_id(session)))
    write(session, rows)
    return len(rows)


def metadata(session: Session, entities: Iterable[str]) -> dict[str, int]:
    """Return the ids of entities in the database; who has none gets one."""
    session.add_all([StatesMeta(entity_id=entity) for entity in entities])
    session.flush()
    return {entity or "": number for number, entity in session.execute(select(*_META))}


_META = (StatesMeta.metadata_id, StatesMeta.entity_id)


def write(session: Session, rows: Iterable[dict[str, Any]]) -> None:
    """Write rows of states, many at a time."""
    for some in batched(rows, _MANY, strict=False):
        session.execute(insert(States), list(some))
    session.commit()


def _next_id(session: Session) -> int:
    newest = session.execute(select(States.state_id).order_by(States.state_id.desc()).limit(1)).scalar()
    return (newest or 0) + 1


def _rows(
    actions: list[Action], begins: Mapping[str, str], ids: Mapping[str, int], number: int
) -> Iterator[dict[str, Any]]:
    random = Random(1)
    latest = dict[str, tuple[int, str]]()
    first = actions[0].at - 60 if actions else 0
    steps = [Action(first, entity, state, actions[0].cause) for entity, state in begins.items()]
    for action in [*steps, *actions]:
        old, state = latest.get(action.entity, (None, ""))
        if state == action.state:
            continue
        latest[action.entity] = (number, action.state)
        yield {
            "state_id": number,
            "state": action.state,
            "metadata_id": ids[action.entity],
            "last_updated_ts": float(action.at),
            "old_state_id": old,
            "context_id_bin": random.randbytes(16),
        }
        number += 1
