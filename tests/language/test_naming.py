"""Things by the names that people give them."""

from dataclasses import replace
import time

import pytest

from custom_components.homelab_ai.language.naming import ThingNames
from custom_components.homelab_ai.topology import Link, LinkKind, Thing, ThingKind, Topology

K = ThingKind


def thing(kind: ThingKind, name: str, place: str = "", aliases: tuple[str, ...] = ()) -> Thing:
    return Thing(f"{kind}/{place}/{name}", kind, name, "c", place=place, aliases=aliases)


LAB = (
    thing(K.HUB, "Ollama"),
    thing(K.MODEL, "llama3.1:8b", "Ollama"),
    thing(K.MODEL, "qwen2.5-coder:7b", "Ollama"),
    thing(K.SYSTEM, "Open WebUI"),
    thing(K.SYSTEM, "Paperless-AI"),
    thing(K.WORKLOAD, "open-webui", "ai"),
    thing(K.WORKLOAD, "paperless-ngx", "documents"),
    thing(K.WORKLOAD, "grafana", "monitoring"),
    thing(K.WORKLOAD, "grafana", "staging"),
    thing(K.WORKLOAD, "db", "documents"),
    thing(K.GITOPS, "open-webui", "ai"),
    thing(K.NODE, "node-1"),
    thing(K.NODE, "node-2"),
    thing(K.BACKUP_PLAN, "vault", "security"),
    thing(K.CLAIM, "vault", "security"),
    thing(K.CERTIFICATE, "wiki", "web", ("wiki.example.org",)),
)


def names(*things: Thing) -> tuple[ThingNames, Topology]:
    topology, known = Topology(), ThingNames()
    known.update(topology, topology.report("c", {one.id: one for one in things}))
    return known, topology


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Open WebUI", "system//Open WebUI"),
        ("open-webui", "system//Open WebUI"),
        ("the open web ui", "system//Open WebUI"),
        ("the deployment open webui", "workload/ai/open-webui"),
        ("Paperless AI", "system//Paperless-AI"),
        ("paperless ngx", "workload/documents/paperless-ngx"),
        ("paperless", "workload/documents/paperless-ngx"),
        ("node two", "node//node-2"),
        ("Knoten eins", "node//node-1"),
        ("node 2", "node//node-2"),
        ("grafana in staging", "workload/staging/grafana"),
        ("staging grafana", "workload/staging/grafana"),
        ("grafana im namensraum monitoring", "workload/monitoring/grafana"),
        ("llama 3.1", "model/Ollama/llama3.1:8b"),
        ("das Modell llama3.1", "model/Ollama/llama3.1:8b"),
        ("qwen2.5 coder", "model/Ollama/qwen2.5-coder:7b"),
        ("the backup of vault", "backup_plan/security/vault"),
        ("die Sicherung von Vault", "backup_plan/security/vault"),
        ("vault backup", "backup_plan/security/vault"),
        ("wiki.example.org", "certificate/web/wiki"),
        ("das Zertifikat vom Wiki", "certificate/web/wiki"),
        ("grafanna", "workload/monitoring/grafana"),
        ("papperless ngx", "workload/documents/paperless-ngx"),
        ("db", "workload/documents/db"),
    ],
)
def test_found(words: str, expected: str) -> None:
    known, topology = names(*LAB)
    things = known.find(words, topology)
    assert [one.id for one in things][:1] == [expected]


@pytest.mark.parametrize(
    "words", ["", "the", "kitchen light", "ai hub of the neighbour", "dbx", "node 7", "ab", "😀"]
)
def test_not_found(words: str) -> None:
    known, topology = names(*LAB)
    assert known.find(words, topology) == []


def test_what_fits_in_part_is_several() -> None:
    known, topology = names(*LAB)
    assert {one.name for one in known.find("node", topology)} == {"node-1", "node-2"}
    assert {one.place for one in known.find("grafana", topology)} == {"monitoring", "staging"}


def test_what_is_gone_is_not_found() -> None:
    known, topology = names(*LAB)
    known.update(topology, topology.report("c", {one.id: one for one in LAB if one.kind is not K.NODE}))
    assert known.find("node two", topology) == []
    known.update(topology, topology.report("c", {}))
    assert [list(index) for index in (known._by_name, known._by_word, known._by_short)] == [[], [], []]
    assert (known._names, known._words, known._shorts, known._heard) == ({}, {}, {}, {})


def test_what_belongs_to_what_is_named() -> None:
    """The volume of an app is the one that it stores in, whatever else has such a name."""
    link = Link(LinkKind.STORES_IN, f"{K.CLAIM}/documents/paperless-ngx-data")
    app = replace(thing(K.WORKLOAD, "paperless-ngx", "documents"), links=(link,))
    claims = (
        thing(K.CLAIM, "paperless-ai-data", "documents"),
        thing(K.CLAIM, "paperless-ngx-data", "documents"),
    )
    known, topology = names(thing(K.WORKLOAD, "paperless-ai", "documents"), app, *claims)
    for words in ("the volume of paperless", "paperless volume", "das Volume von Paperless-ngx"):
        assert [one.name for one in known.find(words, topology)] == ["paperless-ngx-data"]


def test_short_name_of_two_is_nobodys() -> None:
    known, topology = names(
        thing(K.WORKLOAD, "shelf-backend", "books"), thing(K.WORKLOAD, "shelf-frontend", "books")
    )
    assert len(known.find("shelf", topology)) == 2
    meant = [name for heard, name in known.heard if heard == "shelf"]
    assert sorted(meant) == ["shelf backend", "shelf frontend"]


@pytest.mark.parametrize(
    ("one", "heard", "name"),
    [
        (thing(K.NODE, "pve-worker-2"), "worker 2", "pve worker 2"),
        (thing(K.NODE, "pve-worker-2"), "worker two", "pve worker 2"),
        (thing(K.NODE, "pve-worker-2"), "node zwei", "pve worker 2"),
        (thing(K.NODE, "pve-control-1"), "control node", "pve control 1"),
        (thing(K.MODEL, "qwen2.5-coder:7b"), "qwen coder", "qwen2.5 coder 7b"),
        (thing(K.MODEL, "qwen2.5-coder:7b"), "coder modell", "qwen2.5 coder 7b"),
        (thing(K.MODEL, "llama3.1:8b"), "llama three point one", "llama3.1 8b"),
        (thing(K.MODEL, "llama3.1:8b"), "llama drei punkt eins", "llama3.1 8b"),
        (thing(K.SYSTEM, "Open WebUI"), "openwebui", "open webui"),
        (thing(K.WORKLOAD, "gitea", "git"), "git tea", "gitea"),
        (thing(K.WORKLOAD, "jellyfin", "media"), "jelly fin", "jellyfin"),
        (thing(K.WORKLOAD, "paperless-ngx", "documents"), "paperless", "paperless ngx"),
        (thing(K.CLUSTER, "Rack"), "kubernetes cluster", "rack"),
    ],
)
def test_heard(one: Thing, heard: str, name: str) -> None:
    known, _ = names(one)
    assert (heard, name) in set(known.heard)
    assert name in known.spoken


def test_five_thousand_names_are_searched_in_time() -> None:
    """A budget ten times what it takes."""
    known, topology = names(
        *(thing(K.WORKLOAD, f"shop-{number}", f"ns{number % 40}") for number in range(5000))
    )
    started = time.process_time()
    assert known.find("shop 4711 in ns 31", topology)
    assert known.find("nothing is called like this", topology) == []
    assert time.process_time() - started < 1


def test_thing_in_a_place_is_not_what_is_called_like_both() -> None:
    """And the other way round."""
    known, topology = names(
        thing(K.WORKLOAD, "jellyfin", "media"),
        thing(K.CLAIM, "jellyfin-media", "media"),
        thing(K.POD, "jellyfin", "test"),
    )

    def first(words: str) -> str:
        found = known.find(words, topology)
        return found[0].id if found else ""

    for words in ("jellyfin in media", "jellyfin in the namespace media", "jellyfin im namensraum media"):
        assert first(words) == "workload/media/jellyfin", words
    assert first("jellyfin-media") == first("jellyfin media") == "claim/media/jellyfin-media"
    assert first("jellyfin in test") == "pod/test/jellyfin"
    assert first("jellyfin in documents") == ""


def test_what_people_use_is_meant_first() -> None:
    """Of several that are called the same, whatever the order of the kinds."""
    order = (K.SYSTEM, K.APP, K.WORKLOAD, K.GITOPS, K.CLAIM, K.POD, K.ALERT)
    known, topology = names(*(thing(kind, "shop", f"n{at}") for at, kind in enumerate(reversed(order))))
    found = [one.kind for one in known.find("shop", topology)]
    assert found[:4] == list(order[:4])
    assert set(found) == set(order)
