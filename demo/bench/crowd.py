"""Very many made-up things, as a large cluster tells of them."""

from collections.abc import Iterator, Mapping
from typing import Any

_WORDS = (
    *("paper", "vault", "jelly", "cloud", "photo", "music", "mail", "auth", "proxy", "queue", "cache"),
    *("graph", "metrics", "logs", "wiki", "chat", "notes", "tasks", "books", "recipes", "backup", "sync"),
)
_NAMESPACES, _NODES = 40, 5
WORKLOADS, CLAIMS, PODS = 500, 300, 3000
SOURCE = "01BENCHCLUSTER"


def cluster(topology: Any) -> dict[str, Any]:
    """Return the things of a large cluster, by id; `topology` is the integration's package of that name.

    Not imported here: what is measured in a fresh process imports it there.
    """
    return {thing.id: thing for thing in _things(topology)}


def named(topology: Any, count: int) -> dict[str, Any]:
    """Return so many workloads that a person may ask for, each by a name of its own."""
    things = (_workload(topology, number) for number in range(count))
    return {thing.id: thing for thing in things}


def name_of(number: int) -> str:
    """Return the name of a workload: two words, and a number once these are used up."""
    first, second = _WORDS[number % len(_WORDS)], _WORDS[number // len(_WORDS) % len(_WORDS)]
    turn = number // len(_WORDS) ** 2
    return f"{first}-{second}" + (f"-{turn}" if turn else "")


def pod(topology: Any, number: int, **fields: Any) -> Any:
    """Return a pod of a workload, on a node."""
    workload, node = number % WORKLOADS, number % _NODES
    links = (
        topology.Link(topology.LinkKind.PART_OF, _id("workload", workload)),
        topology.Link(topology.LinkKind.RUNS_ON, f"node:node-{node}"),
    )
    facts: Mapping[str, Any] = {"restarts": 0, **fields.pop("facts", {})}
    return topology.Thing(
        id=_id("pod", number),
        kind=topology.ThingKind.POD,
        name=f"{name_of(workload)}-6d5f8b7c9d-{number:05}",
        source=SOURCE,
        place=f"ns-{workload % _NAMESPACES}",
        facts=tuple(topology.Fact(key, value) for key, value in facts.items()),
        links=links,
        **fields,
    )


def _things(topology: Any) -> Iterator[Any]:
    kinds, link = topology.ThingKind, topology.Link
    for number in range(_NODES):
        keys = (f"node:node-{number}",)
        yield topology.Thing(_id("node", number), kinds.NODE, f"node-{number}", SOURCE, keys=keys)
    for number in range(CLAIMS):
        place, name = f"ns-{number % _NAMESPACES}", f"{name_of(number)}-data"
        yield topology.Thing(_id("claim", number), kinds.CLAIM, name, SOURCE, place=place)
    for number in range(WORKLOADS):
        stored = (link(topology.LinkKind.STORES_IN, _id("claim", number)),) if number < CLAIMS else ()
        yield _workload(topology, number, links=stored)
    for number in range(PODS):
        yield pod(topology, number)


def _workload(topology: Any, number: int, **fields: Any) -> Any:
    place = f"ns-{number % _NAMESPACES}"
    kind = topology.ThingKind.WORKLOAD
    return topology.Thing(_id("workload", number), kind, name_of(number), SOURCE, place=place, **fields)


def _id(kind: str, number: int) -> str:
    return f"{SOURCE}/{kind}/{number}"
