"""Argo CD: applications, what makes them, and projects.

Source: the CRDs of argo-cd 3.5.1 (`manifests/crds`, argoproj).
"""

from collections.abc import Mapping

from .schema import Schema

_SPEC = (
    "destination!:map ignoreDifferences:list info:list project! revisionHistoryLimit:int source:map "
    "sourceHydrator:map sources:list syncPolicy:map"
)
SCHEMAS: Mapping[str, Schema] = {
    "appprojects.argoproj.io": Schema(
        {
            "spec": (
                "clusterResourceBlacklist:list clusterResourceWhitelist:list description "
                "destinationServiceAccounts:list destinations:list namespaceResourceBlacklist:list "
                "namespaceResourceWhitelist:list orphanedResources:map "
                "permitOnlyProjectScopedClusters:bool roles:list signatureKeys:list sourceIntegrity:map "
                "sourceNamespaces:list sourceRepos:list syncWindows:list"
            ),
            "status": "jwtTokensByRole:map",
        },
        required=("spec",),
    ),
    "applications.argoproj.io": Schema(
        {
            "spec": _SPEC,
            "spec.destination": "name namespace server",
            "spec.source": (
                "chart directory:map helm:map kustomize:map name path plugin:map ref repoURL! tagPrefix "
                "targetRevision"
            ),
            "spec.source.helm": (
                "apiVersions:list fileParameters:list ignoreMissingValueFiles:bool kubeVersion "
                "namespace parameters:list passCredentials:bool releaseName skipCrds:bool "
                "skipSchemaValidation:bool skipTests:bool valueFiles:list values valuesObject:map "
                "version"
            ),
            "status": (
                "conditions:list controllerNamespace health:map history:list observedAt:time "
                "operationState:map reconciledAt:time resourceHealthSource resources:list "
                "sourceHydrator:map sourceType sourceTypes:list summary:map sync:map"
            ),
            "status.conditions[]": "lastTransitionTime:time message! type!",
            "status.health": "lastTransitionTime:time message status",
            "status.operationState": (
                "finishedAt:time message operation!:map phase! retryCount:int startedAt!:time syncResult:map"
            ),
            "status.resources[]": (
                "group health:map hook:bool kind name namespace requiresDeletionConfirmation:bool "
                "requiresPruning:bool status syncWave:int version"
            ),
            "status.resources[].health": "lastTransitionTime:time message status",
            "status.summary": "externalURLs:list images:list isAppOfApps:bool",
            "status.sync": "comparedTo:map revision revisions:list status!",
        },
        required=("spec",),
    ),
    "applicationsets.argoproj.io": Schema(
        {
            "spec": (
                "applyNestedSelectors:bool generators!:list goTemplate:bool goTemplateOptions:list "
                "ignoreApplicationDifferences:list preservedFields:map strategy:map syncPolicy:map "
                "template!:map templatePatch"
            ),
            "spec.generators[]": (
                "clusterDecisionResource:map clusters:map git:map list:map matrix:map merge:map "
                "plugin:map pullRequest:map scmProvider:map selector:map"
            ),
            "spec.generators[].git": (
                "directories:list files:list pathParamPrefix repoURL! requeueAfterSeconds:int revision! "
                "template:map values:map"
            ),
            "spec.template": "metadata!:map spec!:map",
            "spec.template.spec": _SPEC,
            "status": "applicationStatus:list conditions:list health:map resources:list resourcesCount:int",
            "status.conditions[]": "lastTransitionTime:time message! reason! status! type!",
        },
        required=("spec",),
    ),
}
