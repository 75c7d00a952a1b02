"""How an object is, whatever its kind: what its conditions, its phase or its numbers come down to.

A reader takes any JSON object and raises nothing. Which reader reads which kind stands in the table of the
monitor; sources of each are named there.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from ...values.moment import known
from ..answers import Json, Moment, Text, number, text, time
from .client import part
from .reading import (
    NO_TEXT,
    bounded,
    conditions,
    created,
    deleted,
    duration,
    is_observed,
    items,
    name,
    namespace,
    truth,
    waits_for,
)

DELETION = "deletion"
"""The aspect of an object that is being deleted."""

type Sights = tuple[Sight, ...]
type Reader = Callable[[Json], Sights]


class Phase(StrEnum):
    """What an object comes down to."""

    WELL = "well"
    WAITING = "waiting"
    FAILED = "failed"
    SUSPENDED = "suspended"


@dataclass(frozen=True, slots=True)
class Sight:
    """One aspect of one object: how it is, why, and since when.

    `longer` is how much longer than usual it may wait by its own settings. Of those with the same `series`
    only the latest by `at` counts: what came after it has made it good, or is worse. `was_failing` marks one
    that tries again after a failure. `expires` is a moment after which it does not work any more. `backs_up`
    is whether it says of itself that it is to be backed up, None where it does not.
    """

    namespace: Text
    name: Text
    phase: Phase
    reason: Text = NO_TEXT
    message: Text = NO_TEXT
    since: Moment | None = None
    aspect: str = ""
    longer: timedelta = timedelta()
    series: Text = NO_TEXT
    at: Moment | None = None
    was_failing: bool = False
    expires: Moment | None = None
    subject: Text = NO_TEXT
    backs_up: bool | None = None


def sight_of(obj: Json, phase: Phase, **more: Any) -> Sight:
    """Return one aspect of an object; what is told of it passes here, whoever has composed it."""
    for key in ("reason", "message", "series", "subject"):
        more[key] = text(more.get(key, ""))
    for key in ("since", "at", "expires"):
        more[key] = _known(more.get(key))
    return Sight(namespace(obj), name(obj), phase, **more)


def _known(moment: datetime | None) -> Moment | None:
    return None if moment is None else known(moment)


def or_deletion(read: Reader) -> Reader:
    """Return a reader that says of an object on its way out only that: what goes is not judged any more.

    It goes once all its finalizers have been taken away; `metadata.deletionTimestamp` is when it should.
    """

    def reading(obj: Json) -> Sights:
        at = deleted(obj)
        if at is None:
            return read(obj)
        details: dict[str, Any] = {"reason": "Terminating", "message": waits_for(obj), "since": at}
        return (sight_of(obj, Phase.WAITING, aspect=DELETION, **details),)

    return reading


def nothing_of(obj: Json) -> Sights:
    """Read an object of which nothing is judged but that it goes when it should."""
    return (sight_of(obj, Phase.WELL),)


def by_condition(kind: str = "Ready", *, suspend: str = "suspend", good: str = "True") -> Reader:
    """Return a reader of objects whose condition `kind` says whether they are well.

    Unknown or missing is waiting; so is "False" where the object says that somebody is at it.
    """

    def read(obj: Json) -> Sights:
        by_type = conditions(obj)
        condition, at_it = by_type.get(kind, {}), by_type.get("Reconciling", {})
        details: dict[str, Any] = {
            "reason": text(condition.get("reason")),
            "message": bounded(condition.get("message")),
            "since": time(condition.get("lastTransitionTime")) or created(obj),
            "longer": duration(part(obj, "spec").get("timeout")) or timedelta(),
        }
        if suspend and part(obj, "spec").get(suspend) is True:
            return (sight_of(obj, Phase.SUSPENDED),)
        holds = truth(condition)
        if holds is (good == "True") and not is_observed(obj):
            # Nobody has looked at what was changed; the status is that of before.
            return (sight_of(obj, Phase.WAITING, reason="NotObserved", longer=details["longer"]),)
        if holds is None:
            again = text(at_it.get("reason")) == "ProgressingWithRetry"
            return (sight_of(obj, Phase.WAITING, was_failing=again, **details),)
        is_good = holds is (good == "True")
        return (sight_of(obj, Phase.WELL if is_good else Phase.FAILED, **details),)

    return read


def by_bad_condition(*kinds: str) -> Reader:
    """Return a reader of objects that are well unless one of these conditions is "True"."""

    def read(obj: Json) -> Sights:
        by_type = conditions(obj)
        for kind in kinds:
            condition = by_type.get(kind, {})
            if truth(condition):
                return (
                    sight_of(
                        obj,
                        Phase.FAILED,
                        reason=text(condition.get("reason")) or kind,
                        message=bounded(condition.get("message")),
                        since=time(condition.get("lastTransitionTime")),
                    ),
                )
        return (sight_of(obj, Phase.WELL),)

    return read


def by_phase(
    *path: str,
    failed: tuple[str, ...],
    well: tuple[str, ...],
    message: tuple[str, ...] = ("status", "message"),
    since: tuple[str, ...] = (),
    series: Callable[[Json], str] | None = None,
    subject: Callable[[Json], str] | None = None,
) -> Reader:
    """Return a reader of objects that name their phase at `path`; what is in neither list is waiting."""

    def read(obj: Json) -> Sights:
        state = text(part(obj, *path[:-1]).get(path[-1]))
        phase = Phase.FAILED if state in failed else Phase.WELL if state in well else Phase.WAITING
        moment = time(part(obj, *since[:-1]).get(since[-1])) if since else None
        reasons = part(obj, *message[:-1]).get(message[-1])
        reason = (
            "; ".join(reason for reason in reasons if isinstance(reason, str))
            if isinstance(reasons, list)
            else reasons
        )
        return (
            sight_of(
                obj,
                phase,
                reason=state,
                message=bounded(reason),
                since=moment or created(obj),
                series=series(obj) if series else "",
                at=moment or created(obj),
                subject=subject(obj) if subject else "",
            ),
        )

    return read


_READ = frozenset(
    (
        "Kustomization",
        "HelmRelease",
        "GitRepository",
        "OCIRepository",
        "HelmRepository",
        "HelmChart",
        "Bucket",
        "ImageRepository",
        "ImagePolicy",
        "ImageUpdateAutomation",
    )
)
"""Kinds of Flux whose objects are judged by themselves."""


def of_report_of_flux(obj: Json) -> Sights:
    """Read a FluxReport of the Flux Operator: the controllers that are not ready, and the sync.

    Source: flux-operator `api/v1/fluxreport_types.go`: `spec.components[].ready`, `spec.sync.ready`, and
    `spec.reconcilers[].stats.failing` of each kind: those that nobody reads one by one are told of here.
    """
    spec = part(obj, "spec")
    down = [text(item.get("name")) for item in items(spec, "components") if item.get("ready") is False]
    sync = part(spec, "sync")
    at = time(conditions(obj).get("Ready", {}).get("lastTransitionTime"))
    if down:
        message = f"not ready: {', '.join(sorted(down))}"
        return (sight_of(obj, Phase.FAILED, reason="ComponentsNotReady", message=bounded(message), since=at),)
    if sync.get("ready") is False:
        message = bounded(sync.get("status"))
        return (sight_of(obj, Phase.FAILED, reason="SyncNotReady", message=message, since=at),)
    failing = [
        f"{int(count)} {text(item.get('kind'))}"
        for item in items(spec, "reconcilers")
        if (count := number(part(item, "stats").get("failing"))) and text(item.get("kind")) not in _READ
    ]
    if failing:
        message = bounded(f"failing: {', '.join(sorted(failing))}")
        return (sight_of(obj, Phase.FAILED, reason="ReconcilersFailing", message=message, since=at),)
    return (sight_of(obj, Phase.WELL),)


_RENEWAL = timedelta(days=8)


def of_certificate(obj: Json) -> Sights:
    """Read a Certificate of cert-manager: whether it is ready, and whether its renewal is late.

    Source: cert-manager `pkg/apis/certmanager/v1/types_certificate.go`: conditions Ready and Issuing, status
    `notAfter` and `renewalTime`.
    """
    status, by_type = part(obj, "status"), conditions(obj)
    ready, issuing = by_type.get("Ready", {}), by_type.get("Issuing", {})
    expires, renewal = time(status.get("notAfter")), time(status.get("renewalTime"))
    failing = number(status.get("failedIssuanceAttempts")) or 0
    details = {
        "reason": text((issuing or ready).get("reason")),
        "message": bounded((issuing if failing else ready).get("message")),
        "expires": expires,
    }
    since = time(ready.get("lastTransitionTime")) or created(obj)
    if truth(ready):
        # It works, and is to be renewed from this moment on; who does not say when is late a week before.
        if renewal is None and expires is not None:
            renewal = expires - _RENEWAL
        late = Phase.WAITING if renewal else Phase.WELL
        return (sight_of(obj, late, aspect="renewal", **{**details, "since": renewal}),)
    phase = Phase.FAILED if failing else Phase.WAITING
    return (sight_of(obj, phase, since=since, **details),)
