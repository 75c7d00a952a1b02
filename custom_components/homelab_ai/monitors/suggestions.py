"""What Flux and Argo CD suggest about the repository that they apply."""

from collections.abc import Iterable, Mapping
from typing import Any

from ..api.forge.address import repository_url
from ..topology import LinkKind, Thing, ThingKind, Topology

CONF_PATHS = "paths"


def suggestions(things: Iterable[Thing]) -> Mapping[str, Any]:
    """Return what Flux and Argo CD suggest: where the repository is, and which folders are applied from it.

    Only where they speak of one repository alone: nobody should propose changes to one they did not mean.
    """
    by_url: dict[str, set[str]] = {}
    sources: dict[str, str] = {}
    known = tuple(things)
    for thing in known:
        if thing.detail == "GitRepository" and (url := _url_of(thing)):
            by_url.setdefault(url, set())
            sources |= dict.fromkeys((thing.id, *thing.keys), url)
    for thing in known:
        path = str(thing.fact("path") or "").removeprefix("./").strip("/")
        for url in {_url_of(thing), *(sources.get(link.target) for link in thing.links)} - {None}:
            if thing.kind is ThingKind.GITOPS and url:
                by_url.setdefault(url, set()).add(path)
    if len(by_url) != 1:
        return {}
    ((url, folders),) = by_url.items()
    paths = sorted(path for path in folders if path)
    outer = [path for path in paths if not any(path.startswith(f"{other}/") for other in paths)]
    return {"url": url, **({CONF_PATHS: outer[:20]} if outer else {})}


def roots_of(topology: Topology, url: str) -> tuple[str, ...]:
    """Return the paths of a repository that a cluster is delivered from and that no other object makes.

    Those that a repository does not say itself: Terraform, a FluxInstance or a person has made them. By the
    repository's name, for a cluster may reach its forge by another host than people do.
    """
    paths = []
    for thing in topology.of_kind(ThingKind.GITOPS):
        made_by = [other for kind, other in topology.targets(thing) if kind is LinkKind.DELIVERED_BY]
        path = str(thing.fact("path") or "").removeprefix("./").strip("/")
        if not path or any(other.kind is ThingKind.GITOPS for other in made_by):
            continue
        if any((known := _url_of(one)) and _name_of(known) == _name_of(url) for one in (thing, *made_by)):
            paths.append(path)
    return tuple(dict.fromkeys(paths))


def _name_of(url: str) -> str:
    return "/".join(url.casefold().split("/")[-2:])


def _url_of(thing: Thing) -> str | None:
    try:
        return repository_url(str(thing.fact("address") or ""))
    except ValueError:
        return None
