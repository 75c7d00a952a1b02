"""The chapter after everything was mended: a problem is solved once it has been gone for two minutes."""

from collections.abc import Callable

from ..check import Finding
from ..happenings import Happening, Kind
from .guide import Guide

_SECONDS_TO_BE_WELL = 15  # no two looks at a system are less than ten seconds apart
_SECONDS_TO_BE_SOLVED = 150


async def see_all_solved(guide: Guide) -> list[Finding]:
    """See that nothing is wrong any more; a patient visitor hears that it is solved, too."""
    health = (await guide.homelab()).of_hub("health")
    well = health and await guide.until_state(health.entity_id, "ok", _SECONDS_TO_BE_WELL)
    findings = [Finding(well is not None, "the homelab is well again when all is mended")]
    open_ = _open(guide.happenings.known)
    told = f"All {len(open_)} problems are gone; each counts as solved after two minutes without it"
    if not guide.options.patient:
        guide.console.step(f"{told} (--patient waits)")
        return findings
    guide.console.step(told)
    guide.happenings.begin()
    solved = await guide.happenings.until(
        *map(_solved, open_),
        *map(guide.automation_ran, ("mended", "all_well")),
        seconds=_SECONDS_TO_BE_SOLVED,
    )
    return [
        *findings,
        Finding(not _open(guide.happenings.known), "everything that was mended was told to be solved"),
        Finding(solved, "automations ran when it was"),
    ]


def _open(known: tuple[Happening, ...]) -> set[str]:
    """The ids of the problems that were raised and are not solved."""
    found: set[str] = set()
    for one in known:
        if one.kind is Kind.RAISED:
            found.add(one.data["id"])
        elif one.kind is Kind.RESOLVED:
            found.discard(one.data["id"])
    return found


def _solved(problem_id: str) -> Callable[[Happening], bool]:
    return lambda one: one.kind is Kind.RESOLVED and one.data["id"] == problem_id
