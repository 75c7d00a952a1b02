"""Chapter: from a sentence to a draft, and never further; a person merges it, and Flux does what it says."""

import asyncio

from demo.servers.forge.homelab import NAME

from ..check import Finding
from ..client import Json
from ..errors import DemoError
from ..systems import KUBERNETES, REPOSITORY
from .guide import Guide

_REQUEST = {"en": "Enable Paperless-AI", "de": "Schalte Paperless-AI ein"}
_ORDER = ["ollama", "paperless-ai"]
_SOURCE = "gitrepository:flux-system/flux-system"
_HOSTILE = """\
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: helper
roleRef:
  kind: ClusterRole
  name: cluster-admin
"""
_LOOKS = 60  # half a second apart; no two looks at a system are less than ten seconds apart


async def propose(guide: Guide) -> list[Finding]:
    """Enable an app while what it needs is off; a hostile wish is refused; a person merges."""
    guide.console.step("Proposing a change of the repository")
    request = _REQUEST.get(guide.language, _REQUEST["en"])
    preview = await _proposed(guide, request=request, preview=True)
    guide.console.line(f"        “{request}” → {' → '.join(preview['order'])}")
    refused = await _refusal(guide)
    guide.console.line("        a binding to cluster-admin: refused")
    answer = await _proposed(guide, request=request)
    guide.console.line(f"        “{answer['message']}”")
    guide.console.line(f"        {answer['url']}")
    merged = await _merge(guide, answer["number"])
    told = await _deliver(guide)
    for message in told:
        guide.console.line(f"        “{message}”")
    return [
        Finding(preview["order"] == _ORDER, "a plan has what an app needs before the app"),
        Finding(
            preview["number"] is None and answer["number"] is not None, "a draft is opened when asked for"
        ),
        Finding(refused, "a hostile wish is no proposal"),
        Finding(merged["status"] == "merged", f"a person merged it – {merged['merged_by'] or 'nobody'}"),
        Finding(len(told) == len(_ORDER), f"it was delivered, and the timeline says so – {' '.join(told)}"),
    ]


async def _proposed(guide: Guide, **data: object) -> Json:
    return await guide.client.asked("homelab_ai.propose_change", language=guide.language, **data)


async def _refusal(guide: Guide) -> bool:
    """Whether a manifest that would rule the cluster is refused."""
    wish = {"change": "manifest", "app": "vaultwarden", "file": "helper.yaml", "content": _HOSTILE}
    try:
        await _proposed(guide, **wish)
    except DemoError:
        return True
    return False


async def _merge(guide: Guide, number: int) -> Json:
    """Merge a draft as a person does, and return what is known of the proposal then."""
    if guide.lab.gitea is not None:
        await asyncio.to_thread(guide.lab.gitea.merge, NAME, number)
    else:
        guide.lab.forge.repositories[NAME].merge(number, "anna")
    for _ in range(_LOOKS):
        await guide.look_now(REPOSITORY)
        listed = await guide.client.asked("homelab_ai.list_proposals")
        record: Json = next(one for one in listed["proposals"] if one["number"] == number)
        if record["status"] == "merged":
            break
        await asyncio.sleep(0.5)
    return record


async def _deliver(guide: Guide) -> list[str]:
    """Ask Flux to look at Git, let it apply what was merged, and return what the timeline says of it."""
    cluster = (await guide.homelab()).subentries[KUBERNETES]
    await guide.client.asked("homelab_ai.reconcile", name=f"{cluster}/{_SOURCE}")
    if not guide.lab.flux.requested:
        return []
    guide.lab.flux.deliver(*await guide.lab.merged())
    told: list[str] = []
    for _ in range(_LOOKS):
        await guide.look_now(KUBERNETES)
        listed = await guide.client.asked("homelab_ai.timeline", hours=1, language=guide.language)
        told = [one["message"] for one in listed["entries"] if one["kind"] == "enabled"]
        if len(told) == len(_ORDER):
            break
        await asyncio.sleep(0.5)
    return told
