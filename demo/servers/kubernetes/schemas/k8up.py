"""K8up: schedules, what they run, and snapshots.

Source: the CRDs of k8up 2.15.0 (`config/crd/apiextensions.k8s.io/v1`, k8up-io).
"""

from collections.abc import Mapping

from .schema import STRICT_CONDITION, Schema

_SPEC = (
    "activeDeadlineSeconds:int backend:map delete:bool failedJobsHistoryLimit:int keepJobs:int "
    "paths:list podConfigRef:map podSecurityContext:map resources:map restoreFilter restoreMethod:map "
    "restoreTimeFilter snapshot successfulJobsHistoryLimit:int tags:list volumes:list"
)
_BACKEND = (
    "azure:map b2:map envFrom:list gcs:map local:map repoPasswordSecretRef:map rest:map s3:map "
    "swift:map tlsOptions:map volumeMounts:list"
)
_S3 = "accessKeyIDSecretRef:map bucket endpoint secretAccessKeySecretRef:map"
_STATUS = "conditions:list exclusive:bool finished:bool started:bool"
SCHEMAS: Mapping[str, Schema] = {
    "archives.k8up.io": Schema(
        {
            "spec": _SPEC,
            "spec.backend": _BACKEND,
            "spec.backend.repoPasswordSecretRef": "key! name optional:bool",
            "spec.backend.s3": _S3,
            "spec.backend.s3.accessKeyIDSecretRef": "key! name optional:bool",
            "spec.backend.s3.secretAccessKeySecretRef": "key! name optional:bool",
            "status": _STATUS,
            "status.conditions[]": STRICT_CONDITION,
        },
    ),
    "backups.k8up.io": Schema(
        {
            "spec": (
                "activeDeadlineSeconds:int backend:map clusterName failedJobsHistoryLimit:int "
                "keepJobs:int labelSelectors:list podConfigRef:map podSecurityContext:map promURL "
                "resources:map statsURL successfulJobsHistoryLimit:int tags:list volumes:list"
            ),
            "spec.backend": _BACKEND,
            "spec.backend.repoPasswordSecretRef": "key! name optional:bool",
            "spec.backend.s3": _S3,
            "spec.backend.s3.accessKeyIDSecretRef": "key! name optional:bool",
            "spec.backend.s3.secretAccessKeySecretRef": "key! name optional:bool",
            "status": _STATUS,
            "status.conditions[]": STRICT_CONDITION,
        },
    ),
    "checks.k8up.io": Schema(
        {
            "spec": (
                "activeDeadlineSeconds:int backend:map clusterName failedJobsHistoryLimit:int "
                "keepJobs:int podConfigRef:map podSecurityContext:map promURL resources:map "
                "successfulJobsHistoryLimit:int volumes:list"
            ),
            "spec.backend": _BACKEND,
            "spec.backend.repoPasswordSecretRef": "key! name optional:bool",
            "spec.backend.s3": _S3,
            "spec.backend.s3.accessKeyIDSecretRef": "key! name optional:bool",
            "spec.backend.s3.secretAccessKeySecretRef": "key! name optional:bool",
            "status": _STATUS,
            "status.conditions[]": STRICT_CONDITION,
        },
    ),
    "prunes.k8up.io": Schema(
        {
            "spec": (
                "activeDeadlineSeconds:int backend:map failedJobsHistoryLimit:int keepJobs:int "
                "podConfigRef:map podSecurityContext:map resources:map retention:map "
                "successfulJobsHistoryLimit:int volumes:list"
            ),
            "status": _STATUS,
            "status.conditions[]": STRICT_CONDITION,
        },
    ),
    "restores.k8up.io": Schema(
        {
            "spec": _SPEC,
            "spec.backend": _BACKEND,
            "spec.backend.repoPasswordSecretRef": "key! name optional:bool",
            "spec.backend.s3": _S3,
            "spec.backend.s3.accessKeyIDSecretRef": "key! name optional:bool",
            "spec.backend.s3.secretAccessKeySecretRef": "key! name optional:bool",
            "status": _STATUS,
            "status.conditions[]": STRICT_CONDITION,
        },
    ),
    "schedules.k8up.io": Schema(
        {
            "spec": (
                "archive:map backend:map backup:map check:map failedJobsHistoryLimit:int keepJobs:int "
                "podConfigRef:map podSecurityContext:map prune:map resourceRequirementsTemplate:map "
                "restore:map successfulJobsHistoryLimit:int"
            ),
            "spec.backend": _BACKEND,
            "spec.backend.repoPasswordSecretRef": "key! name optional:bool",
            "spec.backend.s3": _S3,
            "spec.backend.s3.accessKeyIDSecretRef": "key! name optional:bool",
            "spec.backend.s3.secretAccessKeySecretRef": "key! name optional:bool",
            "spec.backup": (
                "activeDeadlineSeconds:int backend:map clusterName concurrentRunsAllowed:bool "
                "failedJobsHistoryLimit:int keepJobs:int labelSelectors:list podConfigRef:map "
                "podSecurityContext:map promURL resources:map schedule statsURL "
                "successfulJobsHistoryLimit:int tags:list volumes:list"
            ),
            "spec.check": (
                "activeDeadlineSeconds:int backend:map clusterName concurrentRunsAllowed:bool "
                "failedJobsHistoryLimit:int keepJobs:int podConfigRef:map podSecurityContext:map "
                "promURL resources:map schedule successfulJobsHistoryLimit:int volumes:list"
            ),
            "spec.prune": (
                "activeDeadlineSeconds:int backend:map concurrentRunsAllowed:bool "
                "failedJobsHistoryLimit:int keepJobs:int podConfigRef:map podSecurityContext:map "
                "resources:map retention:map schedule successfulJobsHistoryLimit:int volumes:list"
            ),
            "spec.prune.retention": (
                "hostnames:list keepDaily:int keepHourly:int keepLast:int keepMonthly:int keepTags:list "
                "keepWeekly:int keepYearly:int tags:list"
            ),
            "status": "conditions:list effectiveSchedules:list",
            "status.conditions[]": STRICT_CONDITION,
            "status.effectiveSchedules[]": "generatedSchedule jobType",
        },
    ),
    "snapshots.k8up.io": Schema(
        {
            "spec": "date:time id paths:list repository",
        },
    ),
}
