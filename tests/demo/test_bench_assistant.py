"""What the assistant is judged by, and small ones that are really measured."""

import asyncio
from collections.abc import Iterator
from functools import partial
import logging
import socket

from aiohttp import ClientSession
import pytest
from pytest_socket import socket_allow_hosts

from demo.bench import asking, assistant, house, hub, incident
from demo.bench.asking import Definitions
from demo.bench.candidates import OURS
from demo.bench.errors import BenchError
from demo.bench.processes import fresh
from demo.bench.readings import Reading
from demo.bench.silence import silent
from demo.bench.unaided import EXPLAINED, LANGUAGES, STYLES, TOOLS, Times, Unaided, measured
from demo.bench.voice import satellite
from demo.bench.watching import System, run
from homeassistant.const import MAJOR_VERSION, MINOR_VERSION
from homeassistant.runner import create_event_loop

DEFINITIONS = Definitions(tools=6, sent=600, rendered=650, sentence=30)
newest_only = pytest.mark.skipif(
    (MAJOR_VERSION, MINOR_VERSION) < (2026, 11), reason="the benchmark runs on the newest"
)


def times(*milliseconds: float, characters: int = 500) -> Times:
    found = Times()
    for one in milliseconds:
        found.add(one, characters=characters, stall=one / 2)
    return found


def unaided(slow: float = 8.0, characters: int = 1900, *, alerts: bool = True) -> Unaided:
    found = Unaided(1054)
    for language in LANGUAGES:
        for style in STYLES:
            found.briefings[f"{language} {style}"] = times(slow, 6.0, 7.0)
    for kind in EXPLAINED:
        if alerts or kind != "alert":
            found.evidence[kind] = times(20.0, 12.0, 13.0)
    for tool in TOOLS:
        found.tools[tool] = times(9.0, 6.0, 7.0, characters=characters)
    for kind in ("refused", "silent", "heard"):
        found.answers[kind] = times(300.0, 20.0, 30.0)
    return found


def reading(begin: str, found: Unaided | None = None, definitions: Definitions = DEFINITIONS) -> Reading:
    (one,) = [
        one for one in assistant.readings(definitions, found or unaided()) if one.case.startswith(begin)
    ]
    return one


def test_all_is_well() -> None:
    found = list(assistant.readings(DEFINITIONS, unaided()))
    assert {one.met for one in found} == {True, None}
    assert len({one.case for one in found}) == len(found)


def test_the_worst_briefing_counts_and_the_usual_one_is_told() -> None:
    briefing = reading("Briefing over 1,054 problems, German, spoken")
    assert (briefing.measured, briefing.met) == (8.0, True)
    assert briefing.aside == (
        "first in a process 8.0 ms, later ones 6.5 ms, longest stall 4.0 ms, 500 characters"
    )
    assert reading("Briefing over 1,054 problems, German, spoken", unaided(20.1)).met is False


def test_where_nothing_is_expected_the_usual_one_counts() -> None:
    evidence = reading("Explaining without a model: evidence on a pod")
    assert (evidence.measured, evidence.met) == (13.0, None)
    assert evidence.aside == "first in a process 20 ms, longest later one 13 ms, longest stall 10 ms"


def test_a_long_result_is_missed() -> None:
    assert reading("Characters of a tool's result").met is True
    assert reading("Characters of a tool's result", unaided(characters=2001)).met is False


@pytest.mark.parametrize(
    ("sent", "rendered", "met"),
    [(670, 670, [True, True]), (671, 670, [True, False]), (670, 671, [False, True])],
)
def test_the_sentence_about_the_tools_counts(sent: int, rendered: int, met: list[bool]) -> None:
    definitions = Definitions(6, sent, rendered, sentence=30)
    begins = "Tokens of the definitions of 6 tools, in the", "Tokens of the definitions of 6 tools, as sent"
    assert [reading(begin, definitions=definitions).met for begin in begins] == met


def test_without_alertmanager_the_rest_is_shown() -> None:
    cases = [one.case for one in assistant.readings(DEFINITIONS, unaided(alerts=False))]
    every = [one.case for one in assistant.readings(DEFINITIONS, unaided())]
    assert cases == [case for case in every if not case.endswith("an alert")]
    assert len(cases) == len(every) - 1


def test_only_the_first_time_is_cold() -> None:
    one = times(9.0, 1.0, 2.0)
    assert (one.cold, one.warm, one.stall) == ([9.0], [1.0, 2.0], 4.5)
    one.join(times(8.0, 11.0, characters=700))
    assert (one.cold, one.warm, one.stall, one.characters) == ([9.0, 8.0], [1.0, 2.0, 11.0], 5.5, 700)


def test_processes_are_joined_name_by_name() -> None:
    found = Unaided()
    found.join(unaided())
    found.join(unaided(15.0))
    assert found.problems == 1054
    assert found.briefings["en spoken"].cold == [8.0, 15.0]
    assert len(found.answers["heard"].all) == 6


@pytest.fixture
def port(socket_enabled: None) -> Iterator[int]:
    """Return a port that nobody listens on, and that nobody else gets."""
    with socket.socket() as reserved:
        reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        reserved.bind(("127.0.0.1", 0))
        yield reserved.getsockname()[1]


async def test_a_silent_port_neither_accepts_nor_refuses(port: int) -> None:
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection("127.0.0.1", port)
    with silent(port):
        for _ in range(2):
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.2):
                    await asyncio.open_connection("127.0.0.1", port)
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection("127.0.0.1", port)


def seen(hub_url: str, system: System, problems: int) -> Unaided:
    return run(partial(measured, more=[], problems=problems), hub_url, system)


@newest_only
async def test_a_small_homelab_is_measured(port: int) -> None:
    """Home Assistant and the cluster are processes of their own, as in the benchmark."""
    # Forked processes are talked to through sockets that are files; the next test does without again.
    socket_allow_hosts(["127.0.0.1"], allow_unix_socket=True)
    async with incident.running(results=10, applications=8) as where:
        system = System("kubernetes", where.settings, "k8sgpt_findings", 10 + incident.FINDINGS)
        problems = incident.problems(10, 8)
        with fresh() as processes:
            found = await asyncio.get_running_loop().run_in_executor(
                processes, seen, f"http://127.0.0.1:{port}", system, problems
            )
    assert found.problems >= problems + incident.FINDINGS
    assert set(found.evidence) == {"k8sgpt_finding", "hub_offline"}
    every = (found.briefings, found.evidence, found.tools, found.answers)
    assert [len(one) for one in every] == [4, 2, len(TOOLS), 1]
    for one in (each for some in every for each in some.values()):
        assert all(0 < milliseconds < 5000 for milliseconds in one.all)
        assert len(one.warm) > 1
        assert one.characters > 10
    # Four briefings are not one: each language and each style says something else.
    assert len({one.characters for one in found.briefings.values()}) == 4


def counted(hub_url: str) -> Definitions:
    """Let our agent answer in this process, which must be a fresh one, and count what it has sent."""
    logging.basicConfig(level=logging.ERROR)

    async def work() -> Definitions:
        async with house.opened() as hass, ClientSession() as session:
            await house.added(hass, asking.MODEL_FIRST, hub_url)
            there = hub.Hub(session, hub_url)
            room = await satellite(hass, asking.QUESTION)
            # Who tells a story has not looked, and is no measurement.
            with pytest.raises(BenchError, match="was to call homelab_ai__get_health"):
                await asking.tool_turn(room, there, OURS, 0.0)
            last = await there.last()
            assert last.called == []
            assert last.prompt_tokens > 1000
            return await asking.definitions_sent(hass, there)

    with asyncio.Runner(loop_factory=create_event_loop) as runner:
        return runner.run(work())


@newest_only
@pytest.mark.usefixtures("socket_enabled")
async def test_the_definitions_are_counted() -> None:
    socket_allow_hosts(["127.0.0.1"], allow_unix_socket=True)
    # That fast, all that is told is a story.
    async with hub.running(20_000) as one:
        with fresh() as processes:
            found = await asyncio.get_running_loop().run_in_executor(processes, counted, one.url)
    assert found.tools == 6
    assert 300 < found.sent < 1000
    assert 300 < found.rendered < 1000
    assert 5 < found.sentence < 100
