"""A recorder's database as large as that of a busy house: three million states of ten days."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from random import Random
import sqlite3

from sqlalchemy import Index, create_engine

from homeassistant.components.recorder.db_schema import Base

STATES = 3_000_000
DAYS = 10
ACTED_ON = tuple(f"light.lamp_{number}" for number in range(120))
SENSORS = 780
ACTIONS = 36_000
CALLS, RUNS = 24_000, 24_000
"""Events: services that were called, and automations that ran."""
_DAY = 86_400
_KINDS = ("call_service", "automation_triggered", "script_started")
_STATE = (
    "INSERT INTO states (state_id, metadata_id, state, last_updated_ts, old_state_id, context_id_bin)"
    " VALUES (?, ?, ?, ?, ?, ?)"
)
_EVENT = (
    "INSERT INTO events (event_id, event_type_id, time_fired_ts, context_id_bin, data_id)"
    " VALUES (?, ?, ?, ?, ?)"
)


def build(path: Path, until: float, *, states: int = STATES) -> None:
    """Make the database of a house up to a moment; it takes about a minute for three million states."""
    engine = create_engine(f"sqlite:///{path}")
    Base.metadata.create_all(engine)
    indexes: list[Index] = [index for table in Base.metadata.sorted_tables for index in table.indexes]
    for index in indexes:
        index.drop(engine)
    share = states / STATES
    with sqlite3.connect(path) as database:
        names = (*ACTED_ON, *(f"sensor.power_{number}" for number in range(SENSORS)))
        database.executemany("INSERT INTO states_meta VALUES (?, ?)", enumerate(names, 1))
        database.executemany("INSERT INTO event_types VALUES (?, ?)", enumerate(_KINDS, 1))
        begin = until - DAYS * _DAY
        database.executemany(_STATE, _states(begin, states, round(ACTIONS * share)))
        database.executemany("INSERT INTO event_data VALUES (?, ?, ?)", _data())
        database.executemany(_EVENT, _events(begin, round(CALLS * share), round(RUNS * share)))
    database.close()
    for index in indexes:
        index.create(engine)
    engine.dispose()


def _states(begin: float, states: int, actions: int) -> Iterator[tuple[object, ...]]:
    """Yield the rows by their moment, as they are written."""
    random, latest = Random(1), dict[int, int]()
    step, every = DAYS * _DAY / states, max(1, states // actions)
    on = set[int]()
    for number in range(1, states + 1):
        at = begin + number * step
        if number % every:
            entity, state = len(ACTED_ON) + 1 + random.randrange(SENSORS), f"{random.random() * 3000:.1f}"
        else:
            entity = 1 + random.randrange(len(ACTED_ON))
            on ^= {entity}
            state = "on" if entity in on else "off"
        yield number, entity, state, at, latest.get(entity), random.randbytes(16)
        latest[entity] = number


def _data() -> Iterator[tuple[int, int, str]]:
    for number, entity in enumerate(ACTED_ON, 1):
        yield (
            number,
            number,
            f'{{"domain":"light","service":"turn_on","service_data":{{"entity_id":["{entity}"]}}}}',
        )
        automation = f'{{"name":"{number}","entity_id":"automation.{number}"}}'
        yield len(ACTED_ON) + number, number, automation


def _events(begin: float, calls: int, runs: int) -> Iterator[tuple[object, ...]]:
    random, numbers = Random(2), count(1)
    for kind, many in ((1, calls), (2, runs)):
        for _ in range(many):
            at = begin + random.random() * DAYS * _DAY
            data = 1 + random.randrange(len(ACTED_ON)) + (len(ACTED_ON) if kind == 2 else 0)
            yield next(numbers), kind, at, random.randbytes(16), data
