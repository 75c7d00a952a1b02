"""The ledger: what is new, what is gone, what is muted; with times that are given."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
import json
import sys
import threading
from typing import Any

import pytest

from custom_components.homelab_ai.health.ledger import (
    DAMPING,
    FOREVER,
    HUB_PATIENCE,
    MAX_MUTES,
    Change,
    Health,
    HealthData,
    Ledger,
)
from custom_components.homelab_ai.health.problem import HUB_OFFLINE, Problem, Severity

T0 = datetime(2026, 11, 21, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)


def problem(key: str, source: str = "k8s", **changed: Any) -> Problem:
    given: dict[str, Any] = {"kind": "result", "name": key, "severity": Severity.WARNING, "summary": key}
    return Problem(f"{source}:{key}", source, **{**given, **changed})


def hub_off() -> Problem:
    return problem("hub", "entry", kind=HUB_OFFLINE, severity=Severity.CRITICAL)


def needy(key: str = "models") -> Problem:
    return problem(key, "app", needs_hub=True)


class Clock:
    """A ledger, and the time at it. What it was told by name is reported with the source's other problems."""

    def __init__(self, stored: Mapping[str, Any] | None = None, now: datetime = T0) -> None:
        self.ledger = Ledger(stored)
        self.now = now

    def pass_time(self, time: timedelta) -> Clock:
        self.now += time
        return self

    def report(self, source: str, *problems: Problem) -> Clock:
        self.ledger.report(source, {one.id: one for one in problems}, self.now)
        return self

    def settle(self) -> HealthData:
        return self.ledger.settle(self.now)

    def says(self) -> list[str]:
        return said(self.settle().changes)

    def restart(self) -> Clock:
        return Clock(json.loads(json.dumps(self.ledger.as_stored())), self.now)


def said(changes: Iterable[Change]) -> list[str]:
    return [f"{change.kind.value} {change.problem.name}" for change in changes]


@pytest.fixture
def clock() -> Clock:
    """A ledger whose sources have taken their bearings, with nothing wrong."""
    clock = Clock().report("entry").report("k8s").report("app")
    clock.settle()
    return clock


# New and gone.


def test_nothing_is_known_before_the_first_report() -> None:
    clock = Clock()
    assert clock.settle().health is Health.UNKNOWN
    assert clock.report("k8s").settle().health is Health.OK


def test_first_report_takes_its_bearings() -> None:
    clock = Clock().report("k8s", problem("a"))
    data = clock.settle()
    assert data.changes == ()
    assert [one.name for one in data.problems] == ["a"]


def test_bearings_are_taken_by_each_source() -> None:
    clock = Clock().report("k8s", problem("a"))
    clock.settle()
    assert clock.report("app", problem("b", "app")).says() == []
    assert clock.report("app", problem("b", "app"), problem("c", "app")).says() == ["raised c"]


def test_bearings_with_nothing_wrong(clock: Clock) -> None:
    assert clock.report("k8s", problem("a")).says() == ["raised a"]


def test_two_reports_before_the_first_settle() -> None:
    clock = Clock().report("k8s", problem("a")).report("k8s", problem("a"), problem("b"))
    assert clock.says() == ["raised b"]


def test_a_change_is_told_once(clock: Clock) -> None:
    clock.report("k8s", problem("a"))
    assert clock.says() == ["raised a"]
    assert clock.says() == []
    assert clock.report("k8s", problem("a")).says() == []


def test_what_came_and_went_between_two_looks_is_no_news(clock: Clock) -> None:
    clock.report("k8s", problem("a")).report("k8s")
    assert clock.says() == []
    assert clock.pass_time(DAMPING).says() == []
    assert clock.ledger.next_deadline() is None


def test_resolved_after_two_minutes(clock: Clock) -> None:
    clock.report("k8s", problem("a")).settle()
    data = clock.report("k8s").settle()
    assert (data.problems, data.changes) == ((), ())
    assert clock.ledger.next_deadline() == clock.now + DAMPING
    assert clock.pass_time(DAMPING - SECOND).says() == []
    assert clock.pass_time(SECOND).says() == ["resolved a"]
    assert clock.says() == []
    assert clock.ledger.next_deadline() is None


def test_damping_begins_with_the_report() -> None:
    """However late the ledger is asked: it is the report that says that the problem is gone."""
    clock = Clock().report("k8s", problem("a"))
    clock.settle()
    clock.report("k8s").pass_time(DAMPING)
    assert clock.says() == ["resolved a"]


@pytest.mark.parametrize(
    ("away", "expected"),
    [(SECOND, []), (DAMPING - SECOND, []), (DAMPING, ["resolved a", "raised a"])],
)
def test_flapping(away: timedelta, expected: list[str], clock: Clock) -> None:
    clock.report("k8s", problem("a")).settle()
    clock.report("k8s").settle()
    changes = clock.pass_time(away).says()
    assert changes + clock.report("k8s", problem("a")).says() == expected
    assert clock.pass_time(3 * DAMPING).says() == []


def test_flapping_begins_anew_each_time(clock: Clock) -> None:
    clock.report("k8s", problem("a")).settle()
    for _ in range(5):
        assert clock.pass_time(MINUTE).report("k8s").says() == []
        assert clock.pass_time(MINUTE).report("k8s", problem("a")).says() == []
    clock.report("k8s").settle()
    assert clock.pass_time(MINUTE).says() == []
    assert clock.pass_time(MINUTE).says() == ["resolved a"]


def test_resolved_one_after_another(clock: Clock) -> None:
    a, b = problem("a"), problem("b")
    clock.report("k8s", a, b).settle()
    clock.report("k8s", b).settle()
    clock.pass_time(MINUTE).report("k8s").settle()
    assert clock.ledger.next_deadline() == clock.now + MINUTE
    assert clock.pass_time(MINUTE).says() == ["resolved a"]
    assert clock.ledger.next_deadline() == clock.now + MINUTE
    assert clock.pass_time(MINUTE).says() == ["resolved b"]


def test_resolved_is_what_it_last_was(clock: Clock) -> None:
    clock.report("k8s", problem("a", summary="first")).settle()
    clock.report("k8s", problem("a", summary="last", severity=Severity.CRITICAL)).settle()
    clock.report("k8s").settle()
    (change,) = clock.pass_time(DAMPING).settle().changes
    assert (change.problem.summary, change.problem.severity) == ("last", Severity.CRITICAL)


def test_source_that_says_nothing_keeps_its_problems(clock: Clock) -> None:
    clock.report("k8s", problem("a")).settle()
    data = clock.pass_time(timedelta(days=1)).report("app").settle()
    assert [one.name for one in data.problems] == ["a"]
    assert data.changes == ()


def test_changes_come_in_an_order_of_their_own(clock: Clock) -> None:
    """Sets of texts have another one in each process."""
    names = [f"{number:02}" for number in range(50)]
    assert clock.report("k8s", *map(problem, names)).says() == [f"raised {name}" for name in names]
    clock.report("k8s").settle()
    assert clock.pass_time(DAMPING).says() == [f"resolved {name}" for name in names]


# Since.


@pytest.mark.parametrize("told", [None, T0 - timedelta(hours=3)])
def test_since_is_kept(told: datetime | None, clock: Clock) -> None:
    clock.report("k8s", problem("a", since=told)).settle()
    expected = told or T0
    clock.pass_time(MINUTE).report("k8s").settle()
    # A system that begins anew says another time.
    again = problem("a", since=told and clock.now)
    clock.pass_time(MINUTE - SECOND).report("k8s", again).settle()
    assert clock.ledger.since(again) == expected
    clock = clock.restart().pass_time(MINUTE).report("k8s", again)
    clock.settle()
    assert clock.ledger.since(again) == expected


def test_since_after_it_was_solved(clock: Clock) -> None:
    clock.report("k8s", problem("a")).settle()
    clock.report("k8s").settle()
    clock.pass_time(DAMPING).settle()
    clock.pass_time(MINUTE).report("k8s", problem("a")).settle()
    assert clock.ledger.since(problem("a")) == clock.now


def test_since_of_what_is_not_known(clock: Clock) -> None:
    assert clock.ledger.since(problem("b")) is None
    assert clock.ledger.since(problem("b", "nobody", since=T0)) == T0


def test_since_of_bearings() -> None:
    clock = Clock().report("k8s", problem("a"))
    assert clock.ledger.since(problem("a")) == T0


# Restarts.


def test_restart_raises_only_what_was_not_there_before(clock: Clock) -> None:
    a, b, c = problem("a"), problem("b"), problem("c")
    clock.report("k8s", a, b).settle()
    clock = clock.restart().pass_time(MINUTE)
    assert clock.settle().health is Health.UNKNOWN
    assert clock.says() == []
    assert clock.report("k8s", b, c).says() == ["raised c"]
    assert clock.pass_time(DAMPING).says() == ["resolved a"]


def test_restart_of_a_source_without_problems(clock: Clock) -> None:
    clock = clock.restart()
    assert clock.report("k8s", problem("a")).says() == ["raised a"]


def test_restart_while_a_problem_is_about_to_be_solved(clock: Clock) -> None:
    """Neither is its end forgotten, nor is it raised again when it returns."""
    clock.report("k8s", problem("a")).settle()
    clock.report("k8s").settle()
    assert clock.restart().report("k8s", problem("a")).says() == []
    again = clock.pass_time(MINUTE).restart().report("k8s")
    assert again.says() == []
    (change,) = again.pass_time(DAMPING).settle().changes
    assert said([change]) == ["resolved a"]


def test_restart_keeps_the_last_texts(clock: Clock) -> None:
    clock.report("k8s", problem("a", summary="first")).settle()
    clock.report("k8s", problem("a", summary="last", severity=Severity.CRITICAL)).settle()
    clock = clock.restart().report("k8s")
    clock.settle()
    (change,) = clock.pass_time(DAMPING).settle().changes
    assert (change.problem.summary, change.problem.severity) == ("last", Severity.CRITICAL)


def test_restart_without_a_report_loses_nothing(clock: Clock) -> None:
    clock.report("k8s", problem("a")).settle()
    stored = clock.ledger.as_stored()
    assert Ledger(stored).as_stored() == stored


GOOD = ["2026-11-21T12:00:00+00:00", True, "result", "a", "warning", "text", False]


@pytest.mark.parametrize(
    "stored",
    [
        None,
        {},
        {"records": None, "mutes": None},
        {"records": [], "mutes": []},
        {"records": {"k8s": None, "app": [1]}},
        {"records": {"k8s": {"k8s:a": None}}},
        {"records": {"k8s": {"k8s:a": 5}}},
        {"records": {"k8s": {"k8s:a": GOOD[:-1]}}},
        {"records": {"k8s": {"k8s:a": [*GOOD, 1]}}},
        {"records": {"k8s": {"k8s:a": [None, *GOOD[1:]]}}},
        {"records": {"k8s": {"k8s:a": ["2026-11-21T12:00:00", *GOOD[1:]]}}},
        {"records": {"k8s": {"k8s:a": [*GOOD[:4], "terrible", *GOOD[5:]]}}},
        {"mutes": {"k8s:a": None, "k8s:b": "tomorrow", "k8s:c": "2026-11-21T12:00:00"}},
        {"more": 1},
    ],
)
def test_what_does_not_fit_is_left_out(stored: Mapping[str, Any] | None) -> None:
    clock = Clock(stored)
    clock.report("k8s").settle()
    assert clock.pass_time(DAMPING).says() == []
    assert clock.ledger.muted_until("k8s:a") is None


def test_what_fits_is_kept_beside_what_does_not() -> None:
    clock = Clock({"records": {"k8s": {"k8s:a": GOOD, "k8s:b": None}}, "mutes": {"k8s:x": 1}})
    assert clock.report("k8s", problem("a"), problem("b")).says() == ["raised b"]


def test_stored_in_another_thread_while_the_ledger_goes_on(clock: Clock) -> None:
    ended = threading.Event()
    errors: list[Exception] = []

    def store() -> None:
        while not ended.is_set():
            try:
                clock.ledger.as_stored()
            except RuntimeError as err:
                errors.append(err)

    thread = threading.Thread(target=store)
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    thread.start()
    try:
        for number in range(300):
            clock.report(f"source {number}").report("k8s", *(problem(f"{number} {n}") for n in range(20)))
            clock.ledger.mute(str(number), None)
            clock.settle()
    finally:
        sys.setswitchinterval(before)
        ended.set()
        thread.join()
    assert errors == []


# Mutes.


def test_mute_ends(clock: Clock) -> None:
    clock.report("k8s", problem("a")).settle()
    clock.ledger.mute("k8s:a", T0 + MINUTE)
    data = clock.settle()
    assert (data.health, data.problems) == (Health.OK, ())
    assert [one.name for one in data.muted] == ["a"]
    assert clock.ledger.next_deadline() == T0 + MINUTE
    data = clock.pass_time(MINUTE).settle()
    assert (data.health, data.muted) == (Health.DEGRADED, ())
    assert data.changes == ()
    assert clock.ledger.muted_until("k8s:a") is None
    assert clock.ledger.next_deadline() is None


def test_mute_for_ever(clock: Clock) -> None:
    clock.report("k8s", problem("a")).settle()
    clock.ledger.mute("k8s:a", None)
    # Nothing that could be waited for.
    assert clock.ledger.next_deadline() is None
    clock = clock.restart().pass_time(timedelta(days=10_000)).report("k8s", problem("a"))
    assert len(clock.settle().muted) == 1
    assert clock.ledger.muted_until("k8s:a") == FOREVER
    assert clock.ledger.unmute("k8s:a") is True
    assert clock.ledger.unmute("k8s:a") is False
    assert clock.settle().muted == ()


def test_mute_keeps_its_end_over_a_restart(clock: Clock) -> None:
    end = T0 + timedelta(hours=8)
    clock.ledger.mute("k8s:a", end)
    clock = clock.restart()
    assert clock.ledger.muted_until("k8s:a") == end
    assert clock.ledger.next_deadline() == end


YEAR = timedelta(days=365)


@pytest.mark.parametrize(
    "jump", [YEAR, -YEAR, timedelta(hours=2), -timedelta(hours=2), timedelta(days=20_000)]
)
@pytest.mark.parametrize("is_restarted", [False, True])
@pytest.mark.parametrize("until", [T0 + timedelta(days=30), None])
def test_mute_outlives_a_clock_that_is_wrong_for_a_while(
    jump: timedelta, *, is_restarted: bool, until: datetime | None
) -> None:
    clock = Clock().report("k8s", problem("a"))
    clock.ledger.mute("k8s:a", until, now=T0)
    for step in (timedelta(), jump, MINUTE, -jump):
        clock.pass_time(step).settle()
        if is_restarted:
            clock = clock.restart().report("k8s", problem("a"))
    assert [one.name for one in clock.settle().muted] == ["a"]
    assert clock.ledger.muted_until("k8s:a") == (until or FOREVER)
    if until is not None:
        clock.pass_time(timedelta(days=30))
        assert clock.settle().muted == ()


@pytest.mark.parametrize("jump", [YEAR, timedelta(hours=2)])
def test_mute_of_a_clock_that_was_fast_lasts_no_longer(jump: timedelta) -> None:
    clock = Clock(now=T0 + jump).report("k8s", problem("a"))
    clock.ledger.mute("k8s:a", clock.now + timedelta(hours=1), now=clock.now)
    clock.settle()
    clock.pass_time(-jump).settle()
    assert clock.ledger.muted_until("k8s:a") == T0 + timedelta(hours=1)
    assert len(clock.pass_time(timedelta(minutes=59)).settle().muted) == 1
    assert clock.pass_time(MINUTE).settle().muted == ()


@pytest.mark.parametrize("made", [None, 5, "then", "0001-01-01T00:00:00+00:00", "9999-12-31T00:00:00+00:00"])
def test_mute_with_an_odd_beginning_still_ends(made: object) -> None:
    end = T0 + timedelta(hours=1)
    clock = Clock({"mutes": {"k8s:a": end.isoformat()}, "mutes_made": {"k8s:a": made}})
    clock.report("k8s", problem("a"))
    assert len(clock.settle().muted) == 1
    assert clock.pass_time(timedelta(hours=1)).settle().muted == ()


def test_mute_of_a_model_ends_where_a_clock_was_wrong_when_it_is_critical(clock: Clock) -> None:
    clock.ledger.mute("k8s:a", T0 + timedelta(days=1), now=T0, confirmed=False)
    for step in (YEAR, -YEAR):
        clock.pass_time(step).report("k8s", problem("a", severity=Severity.CRITICAL)).settle()
    assert clock.ledger.muted_until("k8s:a") is None


@pytest.mark.parametrize("jump", [-timedelta(hours=1), -YEAR, -SECOND, YEAR])
def test_a_clock_that_is_set_delays_nothing(jump: timedelta) -> None:
    clock = Clock().report("k8s", problem("a")).report("app")
    clock.settle()
    clock.pass_time(SECOND).report("k8s").report("app", needy())
    assert clock.settle().changes == ()
    clock.pass_time(jump)
    if jump > timedelta():
        # Only who looks at another clock can know of this.
        clock.ledger.clock_was_set(jump)
    assert clock.settle().changes == ()
    assert clock.pass_time(HUB_PATIENCE - SECOND).settle().changes == ()
    assert [one.kind for one in clock.pass_time(SECOND).settle().changes] == ["raised"]
    left = DAMPING - HUB_PATIENCE
    assert clock.ledger.next_deadline() == clock.now + left
    assert clock.pass_time(left - SECOND).settle().changes == ()
    assert [one.kind for one in clock.pass_time(SECOND).settle().changes] == ["resolved"]


def test_mute_again_takes_the_new_end(clock: Clock) -> None:
    clock.ledger.mute("k8s:a", None)
    clock.ledger.mute("k8s:a", T0 + MINUTE)
    assert clock.ledger.muted_until("k8s:a") == T0 + MINUTE


def test_mutes_are_bounded_but_the_last_one_counts(clock: Clock) -> None:
    for number in range(MAX_MUTES):
        clock.ledger.mute(f"k8s:{number}", T0 + timedelta(days=1, seconds=number))
    clock.ledger.mute("k8s:a", T0 + MINUTE)
    assert clock.ledger.muted_until("k8s:a") == T0 + MINUTE
    assert clock.ledger.muted_until("k8s:0") is None
    assert clock.ledger.muted_until("k8s:1") is not None
    # One that is muted already takes nobody's place.
    clock.ledger.mute("k8s:1", None)
    assert len(clock.ledger.as_stored()["mutes"]) == MAX_MUTES


def test_muted_problem_is_not_raised_until_its_mute_ends(clock: Clock) -> None:
    clock.ledger.mute("k8s:a", T0 + timedelta(hours=1))
    assert clock.report("k8s", problem("a")).says() == []
    clock = clock.restart().report("k8s", problem("a"))
    assert clock.pass_time(timedelta(hours=1)).says() == []
    assert clock.ledger.next_deadline() == clock.now + DAMPING
    assert clock.pass_time(DAMPING).says() == ["raised a"]


def test_muted_problem_that_was_never_raised_is_not_solved_aloud(clock: Clock) -> None:
    clock.ledger.mute("k8s:a", None)
    clock.report("k8s", problem("a")).settle()
    clock.report("k8s").settle()
    assert clock.pass_time(DAMPING).says() == []


def test_muted_problem_that_was_raised_is_solved_aloud(clock: Clock) -> None:
    clock.report("k8s", problem("a")).settle()
    clock.ledger.mute("k8s:a", None)
    clock.report("k8s").settle()
    assert clock.pass_time(DAMPING).says() == ["resolved a"]


# Consequences.


def test_consequences_are_grouped_under_their_cause(clock: Clock) -> None:
    clock.report("entry", hub_off()).report("app", needy()).report("k8s", problem("a"))
    data = clock.settle()
    assert said(data.changes) == ["raised hub", "raised a"]
    assert [one.name for one in data.problems] == ["hub", "a"]
    assert {cause: [one.name for one in those] for cause, those in data.consequences.items()} == {
        "entry:hub": ["models"]
    }


def test_problem_that_needs_the_hub_while_it_is_there(clock: Clock) -> None:
    data = clock.report("app", needy()).settle()
    assert ([one.name for one in data.problems], data.changes) == (["models"], ())
    assert clock.ledger.next_deadline() == clock.now + HUB_PATIENCE
    assert clock.pass_time(HUB_PATIENCE - SECOND).says() == []
    assert clock.pass_time(SECOND).says() == ["raised models"]


def test_app_that_misses_the_hub_before_we_do(clock: Clock) -> None:
    assert clock.report("app", needy()).says() == []
    assert clock.pass_time(SECOND).report("entry", hub_off()).says() == ["raised hub"]
    assert clock.pass_time(HUB_PATIENCE).says() == []
    clock.report("entry").report("app").settle()
    assert clock.pass_time(DAMPING).says() == ["resolved hub"]


@pytest.mark.parametrize("goes", [SECOND, DAMPING - SECOND])
def test_consequence_that_ends_with_its_cause(goes: timedelta, clock: Clock) -> None:
    clock.report("entry", hub_off()).report("app", needy()).settle()
    clock.pass_time(timedelta(hours=8)).report("entry").settle()
    clock.pass_time(goes).report("app").settle()
    assert clock.pass_time(DAMPING).says() == ["resolved hub"]
    assert clock.pass_time(DAMPING).says() == []
    assert clock.ledger.next_deadline() is None


def test_consequence_that_stays_is_raised_two_minutes_after_the_hub_is_back(clock: Clock) -> None:
    clock.report("entry", hub_off()).report("app", needy()).settle()
    data = clock.pass_time(MINUTE).report("entry").settle()
    assert [one.name for one in data.problems] == ["models"]
    assert clock.ledger.next_deadline() == clock.now + DAMPING
    assert clock.pass_time(DAMPING - SECOND).says() == []
    assert clock.pass_time(SECOND).says() == ["resolved hub", "raised models"]
    clock.report("app").settle()
    assert clock.pass_time(DAMPING).says() == ["resolved models"]


def test_hub_that_flaps(clock: Clock) -> None:
    """The two minutes begin when it is back for good."""
    clock.report("entry", hub_off()).report("app", needy()).settle()
    for _ in range(5):
        assert clock.pass_time(MINUTE).report("entry").says() == []
        assert clock.pass_time(MINUTE).report("entry", hub_off()).says() == []
        assert clock.ledger.next_deadline() is None
    clock.report("entry").settle()
    assert clock.pass_time(DAMPING).says() == ["resolved hub", "raised models"]


def test_consequence_that_flaps_after_the_hub_is_back(clock: Clock) -> None:
    """While it is away nothing is due that would wake the ledger again and again."""
    clock.report("entry", hub_off()).report("app", needy()).settle()
    clock.report("entry").settle()
    back = clock.now
    clock.pass_time(MINUTE).report("app").settle()
    assert clock.pass_time(MINUTE).now == back + DAMPING
    assert clock.says() == ["resolved hub"]
    deadline = clock.ledger.next_deadline()
    assert deadline is not None
    assert deadline > clock.now
    assert clock.report("app", needy()).says() == ["raised models"]


def test_what_was_raised_before_is_solved_while_the_hub_is_off(clock: Clock) -> None:
    clock.report("app", needy()).settle()
    assert clock.pass_time(HUB_PATIENCE).says() == ["raised models"]
    clock.report("entry", hub_off()).settle()
    clock.report("app").settle()
    assert clock.pass_time(DAMPING).says() == ["resolved models"]


def test_restart_while_the_hub_is_off(clock: Clock) -> None:
    clock.report("entry", hub_off()).report("app", needy()).settle()
    clock = clock.restart()
    # The app may be heard before the hub is missed.
    assert clock.report("app", needy()).says() == []
    assert clock.report("entry", hub_off()).says() == []
    assert clock.ledger.next_deadline() is None
    clock.report("entry").settle()
    assert clock.pass_time(DAMPING).says() == ["resolved hub", "raised models"]


def test_restart_after_which_the_consequence_is_gone(clock: Clock) -> None:
    clock.report("entry", hub_off()).report("app", needy()).settle()
    clock = clock.restart().report("entry", hub_off()).report("app")
    clock.settle()
    assert clock.pass_time(DAMPING).says() == []


def test_muted_cause_still_explains(clock: Clock) -> None:
    """The hub is off on purpose: neither it nor what needs it is a problem then."""
    clock.ledger.mute("entry:hub", None)
    data = clock.report("entry", hub_off()).report("app", needy()).settle()
    assert (data.health, data.problems, data.changes) == (Health.OK, (), ())
    assert [one.name for one in data.muted] == ["hub"]
    assert [one.name for one in data.consequences["entry:hub"]] == ["models"]


def test_muted_consequence_is_muted(clock: Clock) -> None:
    clock.ledger.mute("app:models", None)
    data = clock.report("entry", hub_off()).report("app", needy()).settle()
    assert [one.name for one in data.muted] == ["models"]
    assert data.consequences == {}


# Sources.


def test_forgotten_source_leaves_without_a_word(clock: Clock) -> None:
    clock.report("k8s", problem("a")).settle()
    clock.report("k8s").settle()
    clock.ledger.forget("k8s")
    clock.ledger.forget("k8s")
    assert clock.pass_time(DAMPING).says() == []
    assert "k8s" not in clock.ledger.as_stored()["records"]
    assert clock.report("k8s", problem("a")).says() == []


def test_forgotten_cause(clock: Clock) -> None:
    clock.report("entry", hub_off()).report("app", needy()).settle()
    clock.ledger.forget("entry")
    data = clock.settle()
    assert [one.name for one in data.problems] == ["models"]
    assert clock.pass_time(DAMPING).says() == ["raised models"]


def test_what_a_source_said_last(clock: Clock) -> None:
    a, b = problem("a", summary="first"), problem("b")
    clock.report("k8s", a, b).settle()
    assert clock.ledger.known("k8s") == {a.id: a, b.id: b}
    a = problem("a", summary="last")
    clock.report("k8s", a).settle()
    assert clock.ledger.known("k8s") == {a.id: a}
    clock = clock.pass_time(DAMPING).restart()
    # One that is about to be solved is not solved yet.
    assert clock.ledger.known("k8s") == {a.id: a, b.id: b}
    assert clock.ledger.sources == {"entry", "k8s", "app"}
    assert clock.ledger.known("nobody") == {}


# What is read.


@pytest.mark.parametrize(
    ("severities", "expected"),
    [
        ([], Health.OK),
        ([Severity.INFO], Health.OK),
        ([Severity.INFO, Severity.WARNING], Health.DEGRADED),
        ([Severity.WARNING, Severity.INFO, Severity.CRITICAL], Health.CRITICAL),
    ],
)
def test_health(severities: list[Severity], expected: Health) -> None:
    clock = Clock()
    for number, severity in enumerate(severities):
        clock.report(str(number), problem("a", str(number), severity=severity))
    data = clock.report("last").settle()
    assert data.health is expected
    assert [one.severity.rank for one in data.problems] == sorted(one.rank for one in severities)
    assert {severity: data.count(severity) for severity in Severity} == {
        severity: severities.count(severity) for severity in Severity
    }


def test_find(clock: Clock) -> None:
    clock.ledger.mute("k8s:b", None)
    clock.report("k8s", problem("a"), problem("b")).report("entry", hub_off()).report("app", needy())
    data = clock.settle()
    for problem_id in ("k8s:a", "k8s:b", "entry:hub", "app:models"):
        found = data.find(problem_id)
        assert found is not None
        assert found.id == problem_id
    assert data.find("k8s:c") is None


def test_changed_texts_are_no_change_but_are_read(clock: Clock) -> None:
    clock.report("k8s", problem("a")).settle()
    data = clock.report("k8s", replace(problem("a"), summary="worse")).settle()
    assert data.changes == ()
    assert data.problems[0].summary == "worse"


def test_what_becomes_worse_is_raised_again(clock: Clock) -> None:
    clock.report("k8s", problem("a")).settle()
    worse = problem("a", severity=Severity.CRITICAL)
    data = clock.report("k8s", worse).settle()
    assert said(data.changes) == ["raised a"]
    assert data.changes[0].problem is worse
    assert clock.report("k8s", worse).says() == []
    # What becomes better says so by its state; the next time it becomes worse is news again.
    assert clock.report("k8s", problem("a")).says() == []
    assert clock.restart().report("k8s", worse).says() == ["raised a"]


def test_what_becomes_worse_while_it_is_muted_is_no_news(clock: Clock) -> None:
    clock.ledger.mute("k8s:a", None)
    clock.report("k8s", problem("a")).settle()
    assert clock.report("k8s", problem("a", severity=Severity.CRITICAL)).says() == []


def test_what_becomes_worse_while_it_is_muted_is_told_when_it_counts_again(clock: Clock) -> None:
    clock.report("k8s", problem("a")).settle()
    clock.ledger.mute("k8s:a", clock.now + MINUTE)
    worse = problem("a", severity=Severity.CRITICAL)
    assert clock.report("k8s", worse).says() == []
    assert clock.pass_time(MINUTE).says() == ["raised a"]


def test_what_its_own_system_keeps_from_people_is_there_and_does_not_count(clock: Clock) -> None:
    clock.report("k8s", problem("a")).settle()
    data = clock.report("k8s", problem("a", suppressed=True)).settle()
    assert (data.problems, data.muted, data.changes, data.health) == ((), (), (), Health.OK)
    assert clock.pass_time(DAMPING).says() == []
    # It was never away, so it does not come back either.
    assert clock.report("k8s", problem("a")).says() == []
    assert clock.report("k8s").says() == []
    assert clock.pass_time(DAMPING).says() == ["resolved a"]


def test_what_was_suppressed_from_the_beginning_is_raised_once_it_counts(clock: Clock) -> None:
    assert clock.report("k8s", problem("a", suppressed=True)).says() == []
    assert clock.report("k8s", problem("a")).says() == []
    assert clock.pass_time(DAMPING).says() == ["raised a"]


def test_consequence_that_may_take_its_time(clock: Clock) -> None:
    late = problem("late", "app", needs_hub=True, patience=10 * MINUTE)
    clock.report("entry", hub_off()).report("app", late).settle()
    clock.report("entry").settle()
    assert clock.pass_time(DAMPING).says() == ["resolved hub"]
    assert clock.pass_time(8 * MINUTE - SECOND).says() == []
    assert clock.pass_time(SECOND).says() == ["raised late"]


def test_mutes_leave_with_their_source(clock: Clock) -> None:
    for problem_id in ("k8s:a", "app:b"):
        clock.ledger.mute(problem_id, None)
    clock.ledger.forget("k8s")
    assert [clock.ledger.muted_until(one) for one in ("k8s:a", "app:b")] == [None, FOREVER]


# Ten thousand.


class Counted(str):
    """An id that counts how often it is looked up: a measure that is the same on every machine."""

    __slots__ = ()
    lookups = 0

    def __hash__(self) -> int:
        Counted.lookups += 1
        return super().__hash__()


def test_what_is_gone_costs_nothing_while_it_waits() -> None:
    """Thousands that have vanished wait for two minutes; each look must not go through all of them."""
    clock = Clock()
    problems = [replace(problem(str(number)), id=Counted(number)) for number in range(5000)]
    clock.report("k8s", *problems).settle()
    clock.report("k8s").settle()
    Counted.lookups = 0
    clock.settle()
    assert clock.ledger.next_deadline() == T0 + DAMPING
    assert Counted.lookups < 100
    assert len(clock.pass_time(DAMPING).settle().changes) == 5000
