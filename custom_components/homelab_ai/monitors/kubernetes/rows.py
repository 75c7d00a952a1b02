"""What a row of the table of a cluster's objects is, and how one is written."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from ...api.kubernetes import sights
from ...api.kubernetes.client import Resource
from ...api.kubernetes.sights import Reader
from ...health.facts import text_of
from ...health.problem import Problem
from .judging import Judgement
from .noted import GOES_NOT, GOING, STUCK

MINUTES = {number: timedelta(minutes=number) for number in (5, 10, 15, 30)}
DAY = timedelta(days=1)
QUIET = frozenset(
    (
        "source.toolkit.fluxcd.io/ocirepositories",
        "source.toolkit.fluxcd.io/helmrepositories",
        "source.toolkit.fluxcd.io/helmcharts",
        "source.toolkit.fluxcd.io/buckets",
        "image.toolkit.fluxcd.io/imagerepositories",
        "image.toolkit.fluxcd.io/imagepolicies",
        "image.toolkit.fluxcd.io/imageupdateautomations",
        "fluxcd.controlplane.io/fluxinstances",
        "fluxcd.controlplane.io/fluxreports",
        "argoproj.io/applicationsets",
        "k8up.io/checks",
        "k8up.io/prunes",
        "k8up.io/archives",
        "k8up.io/restores",
        "longhorn.io/backuptargets",
        "velero.io/schedules",
        "velero.io/backupstoragelocations",
        "velero.io/restores",
        "volsync.backube/replicationsources",
        "volsync.backube/replicationdestinations",
        "cert-manager.io/issuers",
        "cert-manager.io/clusterissuers",
        "batch/cronjobs",
        "namespaces",
    )
)
"""What is listed and not watched, see `Row`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A kind of object: where it is, how it is judged, and what is not seen without it.

    `noun` is its own kind in Kubernetes' words, `topic` what people call what it tells of, as a key.
    `judgements` say by aspect what is wrong with it; a kind that has none is judged with others of its
    system, and `kinds` are the problems that it then can be. Where several rows share a kind, the fact `kind`
    tells them apart, unless it is `about` other objects. One that is quiet is listed with every poll: there
    are few of it, they seldom change, and a watch costs a connection, which is a third of a megabyte.
    """

    resource: Resource[Any]
    noun: str
    topic: str
    judgements: Mapping[str, Judgement] = field(default_factory=dict)
    kinds: tuple[str, ...] = ()
    about: bool = False
    is_quiet: bool = False

    def can_be(self, problem: Problem) -> bool:
        """Return whether a problem is one of such an object."""
        own = {kind for judgement in self.judgements.values() for kind in judgement.all_kinds}
        if problem.kind not in own and problem.kind not in self.kinds:
            return False
        return self.about or text_of(problem.facts, "kind") in ("", self.noun)


_DELETION = Judgement(kind=STUCK, not_yet=GOING, late=GOES_NOT)


def row_of(where: str, noun: str, topic: str, reader: Reader, **judgements: Judgement) -> Row:
    """Return a row of objects that are judged one by one; the judgement `only` is that of the sole aspect.

    `where` is "group/plural versions", the best version first.
    """
    name, *versions = where.split()
    group, _, plural = name.rpartition("/")
    return Row(
        resource=Resource(group, tuple(versions), plural, sights.or_deletion(reader)),
        noun=noun,
        topic=topic,
        judgements={
            sights.DELETION: _DELETION,
            **{"" if aspect == "only" else aspect: judgement for aspect, judgement in judgements.items()},
        },
        is_quiet=name in QUIET,
    )
