"""The cluster of the benchmark: what it has, and how it changes."""

import aiohttp
import pytest

from demo.bench.cluster import Changes, levers, objects, running
from demo.servers.kubernetes import ApiServer

RESULTS = "results.core.k8sgpt.ai"


def server(results: int) -> ApiServer:
    found = ApiServer(systems=("k8sgpt", "argocd"))
    found.load(objects(results, 0))
    return found


def texts(cluster: ApiServer) -> dict[str, tuple[str, str]]:
    specs = [one["spec"] for one in cluster.objects(RESULTS)]
    return {spec["name"]: (spec["error"][0]["text"], spec["details"]) for spec in specs}


def test_applications_of_every_kind() -> None:
    found = [one for one in objects(0, 8) if one["kind"] == "Application"]
    assert [one["status"]["sync"]["status"] for one in found].count("OutOfSync") == 2
    assert [one["status"]["health"]["status"] for one in found].count("Degraded") == 2
    assert len(found[0]["status"]["resources"]) == 30


def test_as_many_namespaces_as_it_says() -> None:
    kinds = [one["kind"] for one in objects(5, 0)]
    assert (kinds.count("Namespace"), kinds.count("Pod"), kinds.count("Result")) == (100, 3000, 5)
    assert kinds.count("PersistentVolumeClaim") == 300


def test_every_change_is_one_and_all_runs_are_alike() -> None:
    one, other = server(50), server(50)
    changes, others = Changes(one), Changes(other)
    before = texts(one)
    for _ in range(200):
        revision = one.store.revision
        changes.any()
        others.any()
        assert one.store.revision > revision
    after = texts(one)
    assert after == texts(other)
    common = before.keys() & after.keys()
    assert before.keys() - after.keys(), "nothing was solved"
    assert after.keys() - before.keys(), "nothing is new"
    assert any(before[name][0] != after[name][0] for name in common), "no error has changed"
    assert any(before[name][0] == after[name][0] and before[name][1] != after[name][1] for name in common), (
        "no advice alone has changed"
    )


def test_changes_go_on_when_nothing_is_left() -> None:
    empty = server(0)
    changes = Changes(empty)
    for _ in range(20):
        changes.any()
    assert len(texts(empty)) > 0


@pytest.mark.usefixtures("socket_enabled")
async def test_levers_move_the_cluster_in_its_own_process() -> None:
    async with running(results=20) as cluster, levers(cluster) as pull:
        before = await pull.findings()
        assert len(before) == 20
        await pull.create_result()
        assert len(await pull.findings() - before) == 1
        assert await pull.churn(100, 0.3) == 30
        path = f"{cluster.url}/apis/core.k8sgpt.ai/v1alpha1/results"
        headers = {"Authorization": f"Bearer {cluster.token}"}
        async with aiohttp.ClientSession() as session:
            async with session.get(path, headers=headers, ssl=False) as response:
                items = (await response.json())["items"]
            specs = [item["spec"] for item in items]
            found = {(spec["kind"], spec["name"], spec["error"][0]["text"]) for spec in specs}
            assert found == await pull.findings() != before
            async with session.get(path, ssl=False) as response:
                assert response.status == 401
