"""What the cluster says to a plan: whether its objects look as they should, and on demand if it takes them.

What cannot be asked is told as not checked, and keeps nobody from proposing.
"""

from collections.abc import Iterable, Sequence
import re

from homeassistant.core import HomeAssistant

from ..api.errors import ApiError, ApiForbiddenError, ApiResponseError
from ..health.problem import plain
from ..monitors.capabilities import ChecksObjects
from ..proposals.objects import PlannedObject
from ..proposals.schema import faults
from ..proposals.verification import Check, CheckKind, Result
from .monitor import MonitorCoordinator

MOST_TOLD = 5
MAX_TEXT = 200
_REFUSED = (400, 409, 422)
_NO_RIGHT = re.compile(r'" cannot (?:patch|create) (?:resource|path) ')


def cluster_among(monitors: Iterable[MonitorCoordinator]) -> ChecksObjects | None:
    """Return the cluster that a repository delivers to, None where that is not known.

    With several nobody says which one it is.
    """
    clusters = [monitor.monitor for monitor in monitors if isinstance(monitor.monitor, ChecksObjects)]
    return clusters[0] if len(clusters) == 1 else None


async def cluster_checks(
    hass: HomeAssistant, cluster: ChecksObjects | None, planned: Sequence[PlannedObject]
) -> tuple[Check, ...]:
    """Return what a cluster says to objects. Raises nothing."""
    if cluster is None or not planned:
        return (Check(CheckKind.SCHEMA, Result.NOT_DONE),)
    checks = [await _schema(hass, cluster, planned)]
    new = [one for one in planned if one.before is None]
    if cluster.dry_runs and new:
        checks.append(await _dry_run(cluster, new))
    return tuple(checks)


async def _schema(hass: HomeAssistant, cluster: ChecksObjects, planned: Sequence[PlannedObject]) -> Check:
    found: list[str] = []
    unknown: list[str] = []
    for one in planned:
        try:
            schema = await cluster.schema_of(one.api_version, one.kind)
        except ApiError as err:
            return Check(CheckKind.SCHEMA, Result.NOT_DONE, (_told(err),))
        if schema is None:
            unknown.append(plain(f"{one.api_version} {one.kind}", MAX_TEXT))
            continue
        after = await hass.async_add_executor_job(faults, one.after, schema.root, schema.others)
        # What was wrong before is not this change's.
        was = one.before
        before = faults(was, schema.root, schema.others) if was is not None else ()
        found += [plain(f"{one.label}: {fault}", MAX_TEXT) for fault in after if fault not in before]
    if found:
        return Check(CheckKind.SCHEMA, Result.FAILED, tuple(found[:MOST_TOLD]))
    return Check(CheckKind.SCHEMA, Result.WARN if unknown else Result.OK, tuple(unknown[:MOST_TOLD]))


async def _dry_run(cluster: ChecksObjects, new: Sequence[PlannedObject]) -> Check:
    for one in new:
        try:
            await cluster.dry_run(one.api_version, one.kind, one.namespace, one.name, one.after)
        except ApiError as err:
            result = Result.FAILED if _is_refusal(err) else Result.NOT_DONE
            return Check(CheckKind.DRY_RUN, result, (plain(f"{one.label}: {_told(err)}", MAX_TEXT),))
    return Check(CheckKind.DRY_RUN, Result.OK)


def _is_refusal(err: ApiError) -> bool:
    """Return whether the cluster would not take an object, rather than not answer the question.

    Admission webhooks refuse with the status of a missing right; only the words differ.
    """
    if isinstance(err, ApiForbiddenError):
        return _NO_RIGHT.search(str(err)) is None
    return isinstance(err, ApiResponseError) and err.status in _REFUSED


def _told(err: ApiError) -> str:
    return plain(str(err), MAX_TEXT)
