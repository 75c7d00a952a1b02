"""What Flux and Argo CD suggest about the repository that they apply."""

from collections.abc import Iterable, Mapping
from typing import Any

from ..api.forge.address import repository_url
from ..topology import Thing, ThingKind

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


def _url_of(thing: Thing) -> str | None:
    try:
        return repository_url(str(thing.fact("address") or ""))
    except ValueError:
        return None
