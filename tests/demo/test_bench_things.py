"""What knowing and understanding very many things is judged by."""

import pytest

from custom_components.homelab_ai import topology
from demo.bench import crowd
from demo.bench.readings import Reading
from demo.bench.things import NAMED, Known, Spent, Understood, readings


def reading(begin: str, *, slow: float = 10.0, stall: float = 20.0, memory: float = 12.0) -> Reading:
    spent = Spent(300.0, [5.0, slow], [4.0, slow], [4.0, 90.0])
    understood = Understood({"en": spent, "de": spent}, stall, 40.0)
    found = list(readings(Known(memory, [0.3, slow / 10]), understood))
    return next(one for one in found if one.case.startswith(begin))


@pytest.mark.parametrize(
    ("begin", "bad"),
    [
        ("Memory of the things", {"memory": 41.0}),
        ("A pod of these changes", {"slow": 21.0}),
        ("Answer without a model", {"slow": 21.0}),
        ("To recognise that a sentence is not ours", {"slow": 21.0}),
        ("Longest stall", {"stall": 51.0}),
    ],
)
def test_expectations(begin: str, bad: dict[str, float]) -> None:
    assert reading(begin).met
    assert reading(begin, **bad).met is False


def test_what_home_assistant_spends_itself_is_not_judged() -> None:
    assert reading("A sentence that nobody understands").met is None


def test_things_are_as_many_as_said_and_each_has_its_name() -> None:
    kinds = [thing.kind for thing in crowd.cluster(topology).values()]
    assert kinds.count(topology.ThingKind.POD) == crowd.PODS
    assert kinds.count(topology.ThingKind.WORKLOAD) == crowd.WORKLOADS
    assert kinds.count(topology.ThingKind.CLAIM) == crowd.CLAIMS
    assert len({thing.name for thing in crowd.named(topology, NAMED).values()}) == NAMED
