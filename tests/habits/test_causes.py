"""The cause of a change, as a table: what its row says, what shares its context, what was called before."""

import pytest

from custom_components.homelab_ai.habits.action import Action, Cause
from custom_components.homelab_ai.habits.causes import ECHO, Call, Row, Started, Traces, actions, cause_of

AUTOMATION, SCRIPT, CALL, BARE = b"automation", b"script", b"call", b"bare"
LAMP = "light.lamp"
TRACES = Traces(
    {AUTOMATION: "automation.morning"},
    [Started(100, SCRIPT, "script.evening", has_user=True)],
    [
        Call(99, CALL, (), "light.turn_on"),
        Call(100, AUTOMATION, ("cover.slow",), "cover.open_cover"),
        Call(100, CALL, ("cover.voice",), "cover.open_cover"),
        Call(100, b"user", ("cover.user",), "cover.open_cover", has_user=True),
        Call(100, SCRIPT, ("cover.script",), "cover.open_cover", has_user=True),
    ],
)


def row(context: bytes | None, entity: str = LAMP, at: float = 101, **has: bool) -> Row:
    return Row(entity, "on", "off", at, context, **has)


@pytest.mark.parametrize(
    ("change", "cause"),
    [
        (row(BARE, has_user=True), Cause.PERSON),
        (row(CALL, has_user=True), Cause.PERSON),
        (row(CALL), Cause.APP),
        (row(BARE), Cause.HAND),
        (row(None), Cause.HAND),
        (row(AUTOMATION), Cause.SCHEDULE),
        (row(AUTOMATION, has_parent=True), Cause.AUTOMATION),
        (row(BARE, has_parent=True), Cause.AUTOMATION),
        (row(BARE, has_parent=True, has_user=True), Cause.AUTOMATION),
        (row(AUTOMATION, has_user=True), Cause.SCHEDULE),
        (row(SCRIPT, has_user=True), Cause.SCRIPT),
        (row(BARE, "cover.slow", 100 + ECHO), Cause.SCHEDULE),
        (row(BARE, "cover.slow", 101 + ECHO), Cause.HAND),
        (row(BARE, "cover.slow", 99), Cause.HAND),
        (row(BARE, "cover.voice"), Cause.APP),
        (row(BARE, "cover.user"), Cause.PERSON),
        (row(BARE, "cover.script"), Cause.SCRIPT),
        (row(BARE, "cover.slow", has_user=True), Cause.PERSON),
    ],
)
def test_cause(change: Row, cause: Cause) -> None:
    assert cause_of(change, TRACES) is cause


@pytest.mark.parametrize("cause", Cause)
def test_somebody_wanted_it_or_the_house_did_it(cause: Cause) -> None:
    assert cause.is_manual + cause.is_automated == (cause is not Cause.SCRIPT)


@pytest.mark.parametrize(
    ("entity", "before", "state", "counted"),
    [
        (LAMP, "off", "on", "on"),
        (LAMP, None, "on", None),
        (LAMP, "unavailable", "on", None),
        (LAMP, "unknown", "on", None),
        (LAMP, "on", "unavailable", None),
        (LAMP, "on", "", None),
        (LAMP, "on", "on", None),
        ("cover.blind", "closed", "opening", "open"),
        ("cover.blind", "opening", "open", None),
        ("cover.blind", "opening", "closing", "closed"),
        ("vacuum.robot", "docked", "cleaning", "cleaning"),
        ("vacuum.robot", "cleaning", "returning", "docked"),
        ("vacuum.robot", "returning", "docked", None),
        ("vacuum.robot", "cleaning", "error", None),
        ("media_player.tv", "off", "playing", "playing"),
        ("person.ann", "home", "not_home", "not_home"),
        ("person.ann", "not_home", "Work", "Work"),
        ("lock.door", "locked", "unlocked", None),
        ("sensor.power", "1", "2", None),
        ("nonsense", "1", "2", None),
    ],
)
def test_what_is_an_action(entity: str, before: str | None, state: str, counted: str | None) -> None:
    change = Row(entity, state, before, 1.9, BARE)
    found = actions([change], Traces(), {})
    assert found == ([Action(1, entity, counted, Cause.HAND)] if counted else [])


def test_who_did_it() -> None:
    found = actions([row(AUTOMATION), row(BARE, "cover.slow")], TRACES, {})
    # A cover that is "on" is none.
    assert [action for action in found if action.entity == LAMP] == [
        Action(101, LAMP, "on", Cause.SCHEDULE, "automation.morning")
    ]
    late = Row("cover.slow", "open", "closed", 110, BARE)
    assert actions([late], TRACES, {})[-1] == Action(
        110, "cover.slow", "open", Cause.SCHEDULE, "automation.morning"
    )


def test_a_script_within_a_script_is_one_action() -> None:
    traces = Traces(
        {AUTOMATION: "automation.x"},
        [
            Started(5, SCRIPT, "script.inner", has_user=True),
            Started(4, SCRIPT, "script.outer", has_user=True),
            Started(6, AUTOMATION, "script.outer"),
            Started(7, CALL, "script.outer"),
        ],
    )
    assert actions([], traces, {}) == [
        Action(4, "script.outer", "on", Cause.PERSON),
        Action(6, "script.outer", "on", Cause.SCHEDULE, "automation.x"),
        Action(7, "script.outer", "on", Cause.APP),
    ]


def test_a_scene_within_a_script_is_the_script() -> None:
    scene = Call(5, SCRIPT, ("scene.film", "light.no_scene"), "scene.turn_on")
    traces = Traces({}, [Started(4, SCRIPT, "script.outer")], [scene])
    assert [action.entity for action in actions([row(SCRIPT)], traces, {})] == ["script.outer"]
    traces = Traces({}, [], [scene])
    assert [action.entity for action in actions([row(SCRIPT)], traces, {})] == ["scene.film"]


@pytest.mark.parametrize(
    ("switched", "apart", "counted"),
    [
        (("light.a", "light.b", "light.all"), 0.5, {"light.all"}),
        (("light.a", "light.all"), 0.5, {"light.a"}),
        (("light.a", "light.b"), 0.5, {"light.a", "light.b"}),
        (("light.a", "light.b", "light.all"), 30.0, {"light.a", "light.b", "light.all"}),
        (("light.c", "light.all"), 0.5, {"light.c", "light.all"}),
    ],
)
def test_groups(switched: tuple[str, ...], apart: float, counted: set[str]) -> None:
    groups = {"light.all": frozenset(("light.a", "light.b"))}
    rows = [row(CALL, entity, 100 + apart * number) for number, entity in enumerate(switched)]
    assert {action.entity for action in actions(rows, Traces(), groups)} == counted
