"""Velero: backups, restores, schedules and where they go.

Source: the CRDs of velero 1.18.1 (`config/crd/v1/bases`, vmware-tanzu).
"""

from collections.abc import Mapping

from .schema import Schema

_SPEC = (
    "csiSnapshotTimeout datamover defaultVolumesToFsBackup?:bool defaultVolumesToRestic?:bool "
    "excludedClusterScopedResources?:list excludedNamespaceScopedResources?:list "
    "excludedNamespaces?:list excludedResources?:list hooks:map includeClusterResources?:bool "
    "includedClusterScopedResources?:list includedNamespaceScopedResources?:list "
    "includedNamespaces?:list includedResources?:list itemOperationTimeout labelSelector?:map "
    "metadata:map orLabelSelectors?:list orderedResources?:map resourcePolicy:map "
    "snapshotMoveData?:bool snapshotVolumes?:bool storageLocation ttl uploaderConfig?:map "
    "volumeGroupSnapshotLabelKey volumeSnapshotLocations:list"
)
SCHEMAS: Mapping[str, Schema] = {
    "backups.velero.io": Schema(
        {
            "spec": _SPEC,
            "status": (
                "backupItemOperationsAttempted:int backupItemOperationsCompleted:int "
                "backupItemOperationsFailed:int completionTimestamp?:time "
                "csiVolumeSnapshotsAttempted:int csiVolumeSnapshotsCompleted:int errors:int "
                "expiration?:time failureReason formatVersion hookStatus?:map phase=New|Queued|"
                "ReadyToStart|FailedValidation|InProgress|WaitingForPluginOperations|"
                "WaitingForPluginOperationsPartiallyFailed|Finalizing|FinalizingPartiallyFailed|"
                "Completed|PartiallyFailed|Failed|Deleting progress?:map queuePosition:int "
                "startTimestamp?:time validationErrors?:list version:int volumeSnapshotsAttempted:int "
                "volumeSnapshotsCompleted:int warnings:int"
            ),
        },
    ),
    "backupstoragelocations.velero.io": Schema(
        {
            "spec": (
                "accessMode=ReadOnly|ReadWrite backupSyncPeriod? config:map credential:map default:bool "
                "objectStorage!:map provider! validationFrequency?"
            ),
            "spec.objectStorage": "bucket! caCert caCertRef:map prefix",
            "status": (
                "accessMode=ReadOnly|ReadWrite lastSyncedRevision lastSyncedTime?:time "
                "lastValidationTime?:time message phase=Available|Unavailable"
            ),
        },
    ),
    "restores.velero.io": Schema(
        {
            "spec": (
                "backupName excludedNamespaces?:list excludedResources?:list existingResourcePolicy? "
                "hooks:map includeClusterResources?:bool includedNamespaces?:list "
                "includedResources?:list itemOperationTimeout labelSelector?:map namespaceMapping:map "
                "orLabelSelectors?:list preserveNodePorts?:bool resourceModifier?:map restorePVs?:bool "
                "restoreStatus?:map scheduleName uploaderConfig?:map"
            ),
            "status": (
                "completionTimestamp?:time errors:int failureReason hookStatus?:map phase=New|"
                "FailedValidation|InProgress|WaitingForPluginOperations|"
                "WaitingForPluginOperationsPartiallyFailed|Completed|PartiallyFailed|Failed|Finalizing|"
                "FinalizingPartiallyFailed progress?:map restoreItemOperationsAttempted:int "
                "restoreItemOperationsCompleted:int restoreItemOperationsFailed:int "
                "startTimestamp?:time validationErrors?:list warnings:int"
            ),
        },
    ),
    "schedules.velero.io": Schema(
        {
            "spec": (
                "paused:bool schedule! skipImmediately:bool template!:map useOwnerReferencesInBackup?:bool"
            ),
            "spec.template": _SPEC,
            "status": (
                "lastBackup?:time lastSkipped?:time phase=New|Enabled|FailedValidation validationErrors:list"
            ),
        },
    ),
}
