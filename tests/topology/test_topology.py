"""The joined topology: incremental, certain, and the same whatever the order."""

from dataclasses import replace
from itertools import permutations
import random
import tracemalloc

import pytest

from custom_components.homelab_ai.topology import Fact, Link, LinkKind, State, Thing, ThingKind, Topology

K8S, APPS = "cluster", "apps"


def thing(
    thing_id: str,
    kind: ThingKind,
    *links: tuple[LinkKind, str],
    source: str = K8S,
    keys: tuple[str, ...] = (),
) -> Thing:
    """Return a thing called like the last part of its id."""
    tied = tuple(Link(kind, target) for kind, target in links)
    return Thing(thing_id, kind, thing_id.rpartition("/")[2], source, links=tied, keys=keys)


CLUSTER = thing("c", ThingKind.CLUSTER)
NODE = thing("n/one", ThingKind.NODE, (LinkKind.PART_OF, "c"), keys=("node:one",))
SOURCE = thing("g/flux", ThingKind.SOURCE)
RELEASE = thing("r/shop", ThingKind.GITOPS, (LinkKind.DELIVERED_BY, "g/flux"))
WORKLOAD = thing("d/shop", ThingKind.WORKLOAD, (LinkKind.DELIVERED_BY, "r/shop"), keys=("service:shop",))
VOLUME = thing("v/pvc-1", ThingKind.VOLUME)
CLAIM = thing("p/data", ThingKind.CLAIM, (LinkKind.STORES_IN, "v/pvc-1"))
PLAN = thing("b/shop", ThingKind.BACKUP_PLAN)
POD = thing(
    "d/shop/pod",
    ThingKind.POD,
    (LinkKind.PART_OF, "d/shop"),
    (LinkKind.RUNS_ON, "n/one"),
    (LinkKind.STORES_IN, "p/data"),
    (LinkKind.BACKED_UP_BY, "b/shop"),
)
PAGE = thing("w/shop", ThingKind.PAGE, (LinkKind.SERVED_BY, "service:shop"), source=APPS)
LAB = (CLUSTER, NODE, SOURCE, RELEASE, WORKLOAD, VOLUME, CLAIM, PLAN, POD, PAGE)


def topology(*things: Thing) -> Topology:
    """Return a topology of things, each told by its source."""
    joined = Topology()
    for source in dict.fromkeys(one.source for one in things):
        joined.report(source, {one.id: one for one in things if one.source == source})
    return joined


@pytest.mark.parametrize(
    ("changed", "moves"),
    [
        (POD, 0),
        (replace(POD, state=State.TROUBLE, facts={}), 0),
        (replace(POD, keys=("pod:shop/pod",)), 1),
        (replace(POD, links=POD.links[:1]), 1),
    ],
)
def test_shape_is_of_links_and_keys_only(changed: Thing, moves: int) -> None:
    """What is remembered of the shape must not be looked up again because a pod has another state."""
    joined = topology(*LAB)
    before = joined.shape
    joined.report(K8S, {one.id: one for one in (*LAB, changed) if one.source == K8S})
    assert joined.shape == before + moves


def root(joined: Topology, thing_id: str, *troubled: str) -> tuple[str, list[str]] | None:
    """Return the root of a trouble, and the links that lead there."""
    cause = joined.roots({thing_id, *troubled}).get(thing_id)
    return (cause.thing.id, [step.kind.value for step in cause.path]) if cause else None


@pytest.mark.parametrize(
    ("thing_id", "troubled", "expected"),
    [
        pytest.param("d/shop/pod", ["n/one"], ("n/one", ["runs_on"]), id="runs on"),
        pytest.param("d/shop/pod", ["d/shop"], ("d/shop", ["part_of"]), id="part of"),
        pytest.param("d/shop/pod", ["r/shop"], ("r/shop", ["part_of", "delivered_by"]), id="delivered by"),
        pytest.param("d/shop/pod", ["p/data"], ("p/data", ["stores_in"]), id="stores in"),
        pytest.param("d/shop/pod", ["v/pvc-1"], ("v/pvc-1", ["stores_in", "stores_in"]), id="volume"),
        pytest.param("w/shop", ["d/shop"], ("d/shop", ["served_by"]), id="served by, of another source"),
        pytest.param("w/shop", ["d/shop", "r/shop"], ("r/shop", ["served_by", "delivered_by"]), id="chain"),
        pytest.param("d/shop/pod", ["b/shop"], None, id="a failed backup explains nothing"),
        pytest.param("d/shop/pod", ["g/flux"], None, id="a well release does not pass on its source"),
        pytest.param(
            "d/shop/pod", ["r/shop", "g/flux"], ("g/flux", ["part_of", "delivered_by", "delivered_by"])
        ),
        pytest.param("d/shop/pod", ["c"], None, id="a well node does not pass on its cluster"),
        pytest.param("n/one", ["c"], ("c", ["part_of"]), id="part of the cluster"),
        pytest.param("n/one", ["d/shop/pod"], None, id="never against the direction"),
        pytest.param("d/shop", ["d/shop/pod", "w/shop"], None, id="never downwards"),
        pytest.param(
            "d/shop/pod", ["n/one", "v/pvc-1", "d/shop"], ("n/one", ["runs_on"]), id="the node first"
        ),
        pytest.param("no/such", ["c"], None, id="unknown"),
    ],
)
def test_root(thing_id: str, troubled: list[str], expected: tuple[str, list[str]] | None) -> None:
    assert root(topology(*LAB), thing_id, *troubled) == expected


@pytest.mark.parametrize("kind", LinkKind)
def test_every_link_has_a_direction(kind: LinkKind) -> None:
    lower = thing("a", ThingKind.APP)
    upper = thing("b", ThingKind.APP, (kind, "a"))
    joined = topology(lower, upper)
    assert root(joined, "a", "b") is None
    assert root(joined, "b", "a") == (("a", [kind.value]) if kind is not LinkKind.BACKED_UP_BY else None)


def test_things_that_need_each_other_have_one_root() -> None:
    ring = [
        thing("a", ThingKind.GITOPS, (LinkKind.NEEDS, "b")),
        thing("b", ThingKind.GITOPS, (LinkKind.NEEDS, "c")),
        thing("c", ThingKind.GITOPS, (LinkKind.NEEDS, "a")),
        thing("d", ThingKind.GITOPS, (LinkKind.NEEDS, "c")),
    ]
    for order in permutations(ring):
        joined = topology(*order)
        roots = joined.roots(set("abcd"))
        assert {key: cause.thing.id for key, cause in roots.items()} == {"b": "a", "c": "a", "d": "a"}


def test_order_of_telling_does_not_matter() -> None:
    troubled = {"d/shop/pod", "d/shop", "n/one", "w/shop", "v/pvc-1"}
    expected = topology(*LAB).roots(troubled)
    assert {key: cause.thing.id for key, cause in expected.items()} == {
        "d/shop/pod": "n/one",
        "w/shop": "d/shop",
    }
    for _ in range(30):
        order = random.sample(LAB, len(LAB))
        joined = Topology()
        for index in range(len(order)):
            joined.report(K8S, {one.id: one for one in order[: index + 1] if one.source == K8S})
            joined.report(APPS, {one.id: one for one in order[: index + 1] if one.source == APPS})
        assert joined.roots(troubled) == expected


def test_impact() -> None:
    joined = topology(*LAB)
    assert [one.id for one in joined.impact("n/one")] == ["d/shop/pod"]
    assert [one.id for one in joined.impact("r/shop")] == ["d/shop", "d/shop/pod", "w/shop"]
    assert {one.id for one in joined.impact("v/pvc-1")} == {"p/data", "d/shop/pod"}
    assert joined.impact("b/shop") == []
    assert joined.impact("no/such") == []


def test_nothing_is_tied_by_guess() -> None:
    second = thing("other/shop", ThingKind.WORKLOAD, source="second", keys=("service:shop",))
    joined = topology(*LAB)
    assert root(joined, "w/shop", "d/shop") is not None
    joined.report("second", {second.id: second})
    assert joined.resolve("service:shop") is None
    assert root(joined, "w/shop", "d/shop", "other/shop") is None
    assert joined.resolve("service:shop", K8S) == WORKLOAD
    joined.forget("second")
    assert joined.resolve("service:shop") == WORKLOAD


def test_subject_takes_the_most_special_key_that_is_known() -> None:
    joined = topology(*LAB)
    assert joined.subject(("pod:gone", "node:one")) == NODE
    assert joined.subject(("pod:gone",)) is None


def test_only_what_changed_is_told() -> None:
    joined = topology(*LAB)
    told = {one.id: one for one in LAB if one.source == K8S}
    assert joined.report(K8S, told) == set()
    assert joined.report(K8S, {**told, NODE.id: replace(NODE)}) == set()
    worse = replace(NODE, state=State.TROUBLE, links=())
    assert joined.report(K8S, {**told, NODE.id: worse}) == {NODE.id}
    assert joined.get(NODE.id) is worse
    assert root(joined, NODE.id, "c") is None
    fewer = {key: one for key, one in told.items() if key != NODE.id}
    assert joined.report(K8S, fewer) == {NODE.id}
    assert joined.resolve("node:one") is None
    assert root(joined, "d/shop/pod", "n/one") is None


def test_another_source_cannot_take_over_a_thing() -> None:
    joined = topology(*LAB)
    with pytest.raises(ValueError, match="belongs to cluster"):
        joined.report(APPS, {NODE.id: replace(NODE, source=APPS)})


def test_forgetting_leaves_nothing() -> None:
    joined = topology(*LAB)
    joined.forget(K8S)
    joined.forget(APPS)
    joined.forget("never told")
    assert list(joined) == []
    assert (list(joined._answering), list(joined._tied)) == ([], [])


def test_facts() -> None:
    one = replace(NODE, facts=(Fact("memory", 42.5, "%"),))
    assert (one.fact("memory"), one.fact("disk")) == (42.5, None)


def test_links_to_itself_are_none() -> None:
    joined = topology(thing("a", ThingKind.APP, (LinkKind.NEEDS, "a")))
    assert root(joined, "a") is None


def test_random_changes_are_the_same_as_telling_all_anew() -> None:
    rng = random.Random(7)
    kinds, links = list(ThingKind), list(LinkKind)

    def random_thing(number: int) -> Thing:
        tied = [(rng.choice(links), f"t{rng.randrange(40)}") for _ in range(rng.randrange(4))]
        return thing(f"t{number}", rng.choice(kinds), *tied, keys=(f"k{rng.randrange(20)}",))

    joined, current = Topology(), dict[str, Thing]()
    for _ in range(300):
        number = rng.randrange(40)
        current = dict(current)
        if rng.random() < 0.3:
            current.pop(f"t{number}", None)
        else:
            current[f"t{number}"] = random_thing(number)
        joined.report(K8S, current)
        troubled = {key for key in current if rng.random() < 0.4}
        anew = Topology()
        anew.report(K8S, current)
        assert {key: cause.thing.id for key, cause in joined.roots(troubled).items()} == {
            key: cause.thing.id for key, cause in anew.roots(troubled).items()
        }
        assert {key: {one.id for one in joined.impact(key)} for key in current} == {
            key: {one.id for one in anew.impact(key)} for key in current
        }


def test_memory_of_a_large_cluster() -> None:
    tracemalloc.start()
    try:
        things = {
            f"c/Pod/ns{number % 50}/pod-{number}": Thing(
                f"c/Pod/ns{number % 50}/pod-{number}",
                ThingKind.POD,
                f"pod-{number}",
                K8S,
                place=f"ns{number % 50}",
                links=(
                    Link(LinkKind.PART_OF, f"c/Deployment/ns{number % 50}/app-{number % 500}"),
                    Link(LinkKind.RUNS_ON, f"c/Node/node-{number % 9}"),
                ),
                facts=(Fact("restarts", number % 3),),
                keys=(f"pod:ns{number % 50}/pod-{number}",),
            )
            for number in range(13_800)
        }
        joined = Topology()
        joined.report(K8S, things)
        used = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
    assert used < 40 * 2**20
