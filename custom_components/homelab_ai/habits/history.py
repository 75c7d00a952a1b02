"""The recorder, read for habits: in its own executor, day by day, and nothing but what is asked for.

Its tables as of schema 53: times are seconds in UTC, contexts 16 bytes; a row in which only attributes
changed has an older `last_changed_ts`. All by SQLAlchemy's expressions, so MariaDB and PostgreSQL are read
like SQLite.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import batched
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.engine import Row as SqlRow
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, aliased

from homeassistant.components.recorder import get_instance
from homeassistant.components.recorder.db_schema import EventData, Events, EventTypes, States, StatesMeta
from homeassistant.core import HomeAssistant
from homeassistant.helpers.recorder import session_scope
from homeassistant.util.json import json_loads_object

from .action import Action
from .causes import ECHO, Call, Row, Started, Traces, actions
from .log import DAY

AUTOMATION, SCRIPT, CALL = "automation_triggered", "script_started", "call_service"
MOST_IDS = 900
"""In one IN: MySQL forgets its index beyond 999."""
MOST_NAMED = 100
"""Entities that one call names; whoever calls more means the house."""
_ROWS = 4096


def is_recording(hass: HomeAssistant) -> bool:
    """Return whether there is a recorder."""
    return "recorder" in hass.config.components


async def async_read(
    hass: HomeAssistant,
    entities: Collection[str],
    groups: Mapping[str, frozenset[str]],
    since: float,
    until: float,
) -> History:
    """Return what was done from `since` to `until`; the newest rows are written first.

    Raises HistoryError where the recorder cannot be read now.
    """
    recorder = get_instance(hass)
    if not recorder.recording:
        raise HistoryError("it is not recording")
    await recorder.async_block_till_done()
    try:
        return await recorder.async_add_executor_job(_read, hass, frozenset(entities), groups, since, until)
    except SQLAlchemyError as err:
        raise HistoryError(type(err).__name__) from err


class HistoryError(Exception):
    """A recorder that cannot be read now; another night it can."""


class History:
    """What was read: the actions, whether calls are recorded, and when the oldest row is of."""

    def __init__(self) -> None:
        """Nothing yet."""
        self.actions = list[Action]()
        self.sees_calls = False
        self.since: float | None = None


def _read(
    hass: HomeAssistant,
    entities: frozenset[str],
    groups: Mapping[str, frozenset[str]],
    since: float,
    until: float,
) -> History:
    with session_scope(hass=hass, read_only=True) as session:
        return read(session, entities, groups, since, until)


def read(
    session: Session,
    entities: frozenset[str],
    groups: Mapping[str, frozenset[str]],
    since: float,
    until: float,
) -> History:
    """Return what was done from `since` to `until`, read day by day: the memory is that of one day."""
    history = History()
    ids = _metadata(session, entities)
    kinds = _kinds(session)
    history.since = _oldest(session, ids, since)
    history.sees_calls = CALL in kinds.values()
    begin = since if history.since is None else history.since
    while begin < until:
        end = min(begin + DAY, until)
        traces = _traces(session, kinds, begin - ECHO, end)
        rows = _rows(session, ids, begin, end)
        history.actions += [
            action
            for action in actions(rows, traces, groups)
            if action.at >= int(begin) and action.entity in entities
        ]
        begin = end
    return history


def _metadata(session: Session, entities: frozenset[str]) -> dict[int, str]:
    found = dict[int, str]()
    for some in batched(sorted(entities), MOST_IDS, strict=False):
        query = select(StatesMeta.metadata_id, StatesMeta.entity_id).where(StatesMeta.entity_id.in_(some))
        found.update((metadata_id, entity or "") for metadata_id, entity in session.execute(query))
    return found


def _kinds(session: Session) -> dict[int, str]:
    """Return the three types of events by their ids; one that was never recorded has none."""
    kind = EventTypes.event_type
    query = select(EventTypes.event_type_id, kind).where(kind.in_((AUTOMATION, SCRIPT, CALL)))
    return {type_id: name or "" for type_id, name in session.execute(query)}


def _oldest(session: Session, ids: Mapping[int, str], since: float) -> float | None:
    """Return when the first row is of, not before `since`; None where there is none."""
    oldest: float | None = None
    for some in batched(ids, MOST_IDS, strict=False):
        for metadata_id in some:
            first = session.execute(
                select(States.last_updated_ts)
                .where(States.metadata_id == metadata_id, States.last_updated_ts >= since)
                .order_by(States.last_updated_ts)
                .limit(1)
            ).scalar()
            oldest = first if oldest is None or (first is not None and first < oldest) else oldest
    return oldest


def _rows(session: Session, ids: Mapping[int, str], begin: float, end: float) -> Iterator[Row]:
    """Yield the changes of states, those of attributes left out."""
    for some in batched(ids, MOST_IDS, strict=False):
        for metadata_id, state, before, at, context, user, parent in _stream(
            session, _changes(some, begin, end)
        ):
            entity = ids[metadata_id]
            yield Row(entity, state or "", before, at, context, user is not None, parent is not None)


def _changes(ids: Sequence[int], begin: float, end: float) -> Select[Any]:
    before = aliased(States)
    return (
        select(
            States.metadata_id,
            States.state,
            before.state,
            States.last_updated_ts,
            States.context_id_bin,
            States.context_user_id_bin,
            States.context_parent_id_bin,
        )
        .outerjoin(before, States.old_state_id == before.state_id)
        .where(States.metadata_id.in_(ids))
        .where(States.last_updated_ts >= begin, States.last_updated_ts < end)
        .where(or_(States.last_changed_ts.is_(None), States.last_changed_ts == States.last_updated_ts))
        .where(States.old_state_id.is_not(None))
    )


def _traces(session: Session, kinds: Mapping[int, str], begin: float, end: float) -> Traces:
    traces = Traces(sees_calls=CALL in kinds.values())
    query = (
        select(
            Events.event_type_id,
            Events.time_fired_ts,
            Events.context_id_bin,
            Events.context_user_id_bin,
            EventData.shared_data,
        )
        .outerjoin(EventData, Events.data_id == EventData.data_id)
        .where(Events.event_type_id.in_(list(kinds)))
        .where(Events.time_fired_ts >= begin, Events.time_fired_ts < end)
    )
    for type_id, at, context, user, shared in _stream(session, query):
        _trace(traces, kinds[type_id], at, context, _data(shared), has_user=user is not None)
    return traces


def _stream(session: Session, query: Select[Any]) -> Iterator[SqlRow[Any]]:
    yield from session.connection().execute(query).yield_per(_ROWS)


def _trace(
    traces: Traces, kind: str, at: float, context: bytes | None, data: Mapping[str, Any], *, has_user: bool
) -> None:
    if kind == CALL:
        service = f"{data.get('domain')}.{data.get('service')}"
        traces.calls.append(Call(at, context, _named(data.get("service_data")), service, has_user))
        return
    entity = data.get("entity_id")
    if not isinstance(entity, str):
        return
    if kind == SCRIPT:
        traces.scripts.append(Started(at, context, entity, has_user))
    elif context:
        traces.automations[context] = entity


def _data(shared: str | None) -> Mapping[str, Any]:
    """Return the data of an event; nothing of one whose data cannot be read."""
    try:
        return json_loads_object(shared) if shared else {}
    except ValueError:
        return {}


def _named(data: object) -> tuple[str, ...]:
    """Return the entities that a call names itself; what it reaches by area or label is not told."""
    named = data.get("entity_id") if isinstance(data, dict) else None
    if isinstance(named, str):
        return tuple(entity.strip() for entity in named.split(",")[:MOST_NAMED])
    if isinstance(named, list):
        return tuple(entity for entity in named[:MOST_NAMED] if isinstance(entity, str))
    return ()
