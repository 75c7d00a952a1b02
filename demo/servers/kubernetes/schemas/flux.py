"""Flux: sources, what is deployed from them, image automation, and the Flux Operator.

Source: the CRDs of source-controller 1.9.1, kustomize-controller 1.9.4, helm-controller 1.6.3,
image-reflector-controller 1.2.0 and image-automation-controller 1.2.1 (`config/crd/bases`, fluxcd), and of
flux-operator 0.58.1 (`config/crd/bases`, controlplaneio-fluxcd).
"""

from collections.abc import Mapping

from .schema import STRICT_CONDITION, Schema

SCHEMAS: Mapping[str, Schema] = {
    "fluxinstances.fluxcd.controlplane.io": Schema(
        {
            "spec": (
                "cluster:map commonMetadata:map components:list distribution!:map kustomize:map "
                "migrateResources:bool sharding:map storage:map sync:map wait:bool"
            ),
            "spec.distribution": (
                "artifact artifactPullSecret imagePullSecret registry! variant=upstream-alpine|"
                "enterprise-alpine|enterprise-distroless|enterprise-distroless-fips version!"
            ),
            "status": (
                "components:list conditions:list history:list inventory:map lastAppliedRevision "
                "lastArtifactRevision lastAttemptedRevision lastHandledForceAt lastHandledReconcileAt"
            ),
            "status.conditions[]": STRICT_CONDITION,
        },
        names=("flux",),
    ),
    "fluxreports.fluxcd.controlplane.io": Schema(
        {
            "spec": "cluster:map components:list distribution!:map operator:map reconcilers:list sync:map",
            "spec.components[]": "image! name! ready!:bool status!",
            "spec.distribution": "entitlement! managedBy status! version",
            "spec.sync": "id! path ready!:bool source status!",
            "status": "conditions:list lastHandledReconcileAt",
            "status.conditions[]": STRICT_CONDITION,
        },
        names=("flux",),
    ),
    "helmreleases.helm.toolkit.fluxcd.io": Schema(
        {
            "spec": (
                "chart:map chartRef:map commonMetadata:map dependsOn:list driftDetection:map "
                "healthCheckExprs:list install:map interval!:dur kubeConfig:map maxHistory:int "
                "persistentClient:bool postRenderStrategy=nohooks|combined|separate postRenderers:list "
                "releaseName+ rollback:map serviceAccountName+ storageNamespace+ suspend:bool "
                "targetNamespace+ test:map timeout:dur uninstall:map upgrade:map values:any "
                "valuesFrom:list waitStrategy:map"
            ),
            "spec.chart": "metadata:map spec!:map",
            "spec.chart.spec": (
                "chart!+ ignoreMissingValuesFiles:bool interval:dur "
                "reconcileStrategy=ChartVersion|Revision sourceRef!:map valuesFiles:list verify:map "
                "version"
            ),
            "spec.chart.spec.sourceRef": (
                "apiVersion kind!=HelmRepository|GitRepository|Bucket name!+ namespace+"
            ),
            "status": (
                "conditions:list failures:int helmChart history:list installFailures:int inventory:map "
                "lastAttemptedConfigDigest lastAttemptedGeneration:int "
                "lastAttemptedReleaseAction=install|upgrade lastAttemptedReleaseActionDuration "
                "lastAttemptedRevision lastAttemptedRevisionDigest lastAttemptedValuesChecksum "
                "lastHandledForceAt lastHandledReconcileAt lastHandledResetAt lastReleaseRevision:int "
                "observedCommonMetadataDigest observedGeneration:int observedPostRenderersDigest "
                "storageNamespace+ upgradeFailures:int"
            ),
            "status.conditions[]": STRICT_CONDITION,
            "status.history[]": (
                "action apiVersion appVersion chartName! chartVersion! configDigest! deleted:time "
                "digest! firstDeployed!:time lastDeployed!:time name! namespace! ociDigest status! "
                "testHooks:map version!:int"
            ),
        },
        one_of=(("spec.chart", "spec.chartRef"),),
    ),
    "imagepolicies.image.toolkit.fluxcd.io": Schema(
        {
            "spec": (
                "digestReflectionPolicy=Always|IfNotPresent|Never filterTags:map "
                "imageRepositoryRef!:map interval:dur policy!:map suspend:bool"
            ),
            "spec.imageRepositoryRef": "name! namespace",
            "spec.policy": "alphabetical:map numerical:map semver:map",
            "spec.policy.semver": "range!",
            "status": (
                "conditions:list lastHandledReconcileAt latestRef:map observedGeneration:int "
                "observedPreviousRef:map"
            ),
            "status.conditions[]": STRICT_CONDITION,
        },
    ),
    "imagerepositories.image.toolkit.fluxcd.io": Schema(
        {
            "spec": (
                "accessFrom:map certSecretRef:map exclusionList:list image! insecure:bool interval!:dur "
                "provider=generic|aws|azure|gcp proxySecretRef:map secretRef:map serviceAccountName "
                "suspend:bool timeout:dur"
            ),
            "status": (
                "canonicalImageName conditions:list lastHandledReconcileAt lastScanResult:map "
                "observedExclusionList:list observedGeneration:int"
            ),
            "status.conditions[]": STRICT_CONDITION,
        },
    ),
    "imageupdateautomations.image.toolkit.fluxcd.io": Schema(
        {
            "spec": "git:map interval!:dur policySelector:map sourceRef!:map suspend:bool update:map",
            "spec.sourceRef": "apiVersion kind!=GitRepository name! namespace",
            "status": (
                "conditions:list lastAutomationRunTime:time lastHandledReconcileAt lastPushCommit "
                "lastPushTime:time observedGeneration:int observedPolicies:map observedSourceRevision"
            ),
            "status.conditions[]": STRICT_CONDITION,
        },
    ),
    "kustomizations.kustomize.toolkit.fluxcd.io": Schema(
        {
            "spec": (
                "buildMetadata:list commonMetadata:map components:list decryption:map "
                "deletionPolicy=MirrorPrune|Delete|WaitForTermination|Orphan dependsOn:list force:bool "
                "healthCheckExprs:list healthChecks:list ignore:list ignoreMissingComponents:bool "
                "images:list interval!:dur kubeConfig:map namePrefix+ nameSuffix+ patches:list path "
                "postBuild:map prune!:bool retryInterval:dur serviceAccountName sourceRef!:map "
                "suspend:bool targetNamespace+ timeout:dur wait:bool"
            ),
            "spec.dependsOn[]": "name! namespace readyExpr",
            "spec.sourceRef": (
                "apiVersion kind!=OCIRepository|GitRepository|Bucket|ExternalArtifact name! namespace"
            ),
            "status": (
                "conditions:list history:list inventory:map lastAppliedOriginRevision "
                "lastAppliedRevision lastAttemptedRevision lastHandledReconcileAt observedGeneration:int"
            ),
            "status.conditions[]": STRICT_CONDITION,
            "status.history[]": (
                "digest! firstReconciled!:time lastReconciled!:time lastReconciledDuration! "
                "lastReconciledStatus! metadata:map totalReconciliations!:int"
            ),
        },
    ),
    "buckets.source.toolkit.fluxcd.io": Schema(
        {
            "spec": (
                "bucketName! certSecretRef:map endpoint! ignore insecure:bool interval!:dur prefix "
                "provider=generic|aws|gcp|azure proxySecretRef:map region secretRef:map "
                "serviceAccountName sts:map suspend:bool timeout:dur"
            ),
            "status": (
                "artifact:map conditions:list lastHandledReconcileAt observedGeneration:int "
                "observedIgnore url"
            ),
            "status.conditions[]": STRICT_CONDITION,
        },
    ),
    "gitrepositories.source.toolkit.fluxcd.io": Schema(
        {
            "spec": (
                "ignore include:list interval!:dur provider=generic|aws|azure|github proxySecretRef:map "
                "recurseSubmodules:bool ref:map secretRef:map serviceAccountName sparseCheckout:list "
                "suspend:bool timeout:dur url! verify:map"
            ),
            "status": (
                "artifact:map conditions:list includedArtifacts:list lastHandledReconcileAt "
                "observedGeneration:int observedIgnore observedInclude:list "
                "observedRecurseSubmodules:bool observedSparseCheckout:list sourceVerificationMode"
            ),
            "status.conditions[]": STRICT_CONDITION,
        },
    ),
    "helmcharts.source.toolkit.fluxcd.io": Schema(
        {
            "spec": (
                "chart! ignoreMissingValuesFiles:bool interval!:dur "
                "reconcileStrategy=ChartVersion|Revision sourceRef!:map suspend:bool valuesFiles:list "
                "verify:map version"
            ),
            "spec.sourceRef": "apiVersion kind!=HelmRepository|GitRepository|Bucket name!",
            "status": (
                "artifact:map conditions:list lastHandledReconcileAt observedChartName "
                "observedGeneration:int observedSourceArtifactRevision observedValuesFiles:list url"
            ),
            "status.conditions[]": STRICT_CONDITION,
        },
    ),
    "helmrepositories.source.toolkit.fluxcd.io": Schema(
        {
            "spec": (
                "accessFrom:map certSecretRef:map insecure:bool interval:dur passCredentials:bool "
                "provider=generic|aws|azure|gcp secretRef:map suspend:bool timeout:dur type=default|oci "
                "url!"
            ),
            "status": "artifact:map conditions:list lastHandledReconcileAt observedGeneration:int url",
            "status.conditions[]": STRICT_CONDITION,
        },
    ),
    "ocirepositories.source.toolkit.fluxcd.io": Schema(
        {
            "spec": (
                "certSecretRef:map ignore insecure:bool interval!:dur layerSelector:map "
                "provider=generic|aws|azure|gcp proxySecretRef:map ref:map secretRef:map "
                "serviceAccountName suspend:bool timeout:dur url! verify:map"
            ),
            "status": (
                "artifact:map conditions:list lastHandledReconcileAt observedGeneration:int "
                "observedIgnore observedLayerSelector:map url"
            ),
            "status.conditions[]": STRICT_CONDITION,
        },
    ),
}
