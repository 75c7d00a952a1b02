"""What a large homelab is judged by, and a small one that is really measured."""

import asyncio
from dataclasses import replace
from functools import partial

import pytest
from pytest_socket import socket_allow_hosts

from demo.bench import cluster, health, hub
from demo.bench.cluster import Cluster, FindingKey, levers
from demo.bench.life import Life
from demo.bench.processes import fresh
from demo.bench.readings import Reading
from demo.bench.stalls import Rounds, Stall
from demo.bench.starts import Cost, Start, started
from demo.bench.watching import Homelab, System, run
from homeassistant.const import MAJOR_VERSION, MINOR_VERSION

COST = Cost(1.0, Stall(0.020, 0.030), 20.0)
START = Start(COST, replace(COST, stall=Stall(0.040, 0.045), megabytes=25.0), frozenset({"sensor.one"}))
LIFE = Life(
    seconds=[0.1, 0.2, 0.9],
    single=Stall(0.01, 0.02),
    churn=Stall(0.03, 0.04),
    changes=12_000,
    writes=6000,
    findings=10_020,
    wrong=0,
)
FOUND = health.Measured([START], [START], [START], [START], [START], LIFE, 60.0)


def reading(found: health.Measured, begin: str) -> Reading:
    (one,) = [one for one in health.readings(found) if one.case.startswith(begin)]
    return one


def test_all_is_well() -> None:
    assert {one.met for one in health.readings(FOUND)} == {True, None}
    assert reading(FOUND, "From a new Result").measured == 0.2


def test_the_longest_stall_of_all_starts_counts() -> None:
    stall = reading(FOUND, "Longest stall, start with 10,000 Results")
    assert stall.measured == pytest.approx(40)
    assert stall.aside == "45 ms on the wall"
    late = replace(FOUND, many=[START, replace(START, added=replace(COST, stall=Stall(0.051, 0.1)))])
    assert reading(late, "Longest stall, start with 10,000 Results").met is False


def test_the_most_memory_counts() -> None:
    memory = reading(FOUND, "Memory of 1,000 active alerts")
    assert (memory.measured, memory.aside) == (25.0, "when added 20.0 MB")
    large = replace(FOUND, alerts=[replace(START, added=replace(COST, megabytes=60.1))])
    assert reading(large, "Memory of 1,000 active alerts").met is False


def test_without_alertmanager_the_rest_is_shown() -> None:
    without = replace(FOUND, alerts=[])
    cases = [one.case for one in health.readings(without)]
    assert cases == [one.case for one in health.readings(FOUND) if "alerts" not in one.case]


def test_an_entity_more_or_another_one_is_missed() -> None:
    for entities in ({"sensor.one", "sensor.two"}, {"sensor.two"}, set[str]()):
        other = replace(FOUND, many=[replace(START, entities=frozenset(entities))])
        assert reading(other, "Entities that").met is False


def test_a_lost_problem_is_missed() -> None:
    assert reading(replace(FOUND, life=replace(LIFE, wrong=1)), "Problems lost").met is False


type Seen = tuple[Start, set[FindingKey], set[FindingKey]]


async def _seen(homelab: Homelab, rounds: Rounds, where: Cluster) -> Seen:
    """Return what a start has cost, and after many changes the findings of both: cluster and homelab."""
    begun = await started(homelab, rounds)
    async with levers(where) as pull:
        await pull.churn(100, 0.5)
        await asyncio.sleep(1.0)
        return begun, await pull.findings(), homelab.findings()


def seen(hub_url: str, system: System, where: Cluster) -> Seen:
    return run(partial(_seen, where=where), hub_url, system)


@pytest.mark.skipif((MAJOR_VERSION, MINOR_VERSION) < (2026, 11), reason="the benchmark runs on the newest")
@pytest.mark.usefixtures("socket_enabled")
async def test_a_small_cluster_is_measured() -> None:
    """Home Assistant, the hub and the cluster are processes of their own, as in the benchmark."""
    # Forked processes are talked to through sockets that are files; the next test does without again.
    socket_allow_hosts(["127.0.0.1"], allow_unix_socket=True)
    async with hub.running() as one, cluster.running(results=15) as where:
        system = System("kubernetes", where.settings, "k8sgpt_findings", 15)
        with fresh() as processes:
            begun, there, known = await asyncio.get_running_loop().run_in_executor(
                processes, seen, one.url, system, where
            )
    assert len(begun.entities) > 30
    for cost in begun.costs:
        assert 0 < cost.stall.cpu < 1
        assert 0 < cost.seconds < 30
        assert 0 < cost.megabytes < 60
    assert len(there) > 5
    assert known == there
