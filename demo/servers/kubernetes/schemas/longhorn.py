"""Longhorn: volumes, their backups and what makes these.

Source: the CRDs of longhorn-manager 1.12.1 (`k8s/crds.yaml`, longhorn).
"""

from collections.abc import Mapping

from .schema import Schema

_CONDITION = "lastProbeTime lastTransitionTime message reason status type"
SCHEMAS: Mapping[str, Schema] = {
    "backups.longhorn.io": Schema(
        {
            "spec": (
                "backupBlockSize=-1|2097152|16777216 backupMode=full|incremental labels:map "
                "snapshotName syncRequestedAt?:time"
            ),
            "status": (
                "backupCreatedAt backupTargetName compressionMethod error labels?:map "
                "lastSyncedAt?:time messages?:map newlyUploadDataSize ownerID progress:int "
                "reUploadedDataSize replicaAddress size snapshotCreatedAt snapshotName state url "
                "volumeBackingImageName volumeCreated volumeName volumeSize"
            ),
        },
    ),
    "backuptargets.longhorn.io": Schema(
        {
            "spec": "backupTargetURL credentialSecret pollInterval syncRequestedAt?:time",
            "status": "available:bool conditions?:list lastSyncedAt?:time ownerID",
            "status.conditions[]": _CONDITION,
        },
    ),
    "backupvolumes.longhorn.io": Schema(
        {
            "spec": "backupTargetName? syncRequestedAt?:time volumeName",
            "status": (
                "backingImageChecksum backingImageName createdAt dataStored labels?:map lastBackupAt "
                "lastBackupName lastModificationTime?:time lastSyncedAt?:time messages?:map ownerID "
                "size storageClassName"
            ),
        },
    ),
    "nodes.longhorn.io": Schema(
        {
            "spec": (
                "allowScheduling:bool disks:map evictionRequested:bool instanceManagerCPURequest:int "
                "name tags:list"
            ),
            "status": (
                "autoEvicting:bool conditions?:list cpuPolicy diskStatus?:map region "
                "snapshotCheckStatus:map zone"
            ),
            "status.conditions[]": _CONDITION,
        },
    ),
    "recurringjobs.longhorn.io": Schema(
        {
            "spec": (
                "concurrency:int cron groups:list labels:map name parameters:map retain:int retainAge "
                "retentionPolicy=count-based|age-based task=snapshot|snapshot-force-create|"
                "snapshot-cleanup|snapshot-delete|backup|backup-force-create|filesystem-trim|"
                "system-backup"
            ),
            "status": "executionCount:int ownerID",
        },
    ),
    "snapshots.longhorn.io": Schema(
        {
            "spec": "createSnapshot:bool labels?:map volume!",
            "status": (
                "checksum checksumCalculatedAt children?:map creationTime error labels?:map "
                "markRemoved:bool ownerID parent readyToUse:bool requestedTime restoreSize:int size:int "
                "userCreated:bool"
            ),
        },
    ),
    "volumes.longhorn.io": Schema(
        {
            "spec": (
                "Standby:bool accessMode=rwo|rwop|rwx backingImage backupBlockSize=2097152|16777216 "
                "backupCompressionMethod=none|lz4|gzip backupTargetName "
                "cloneMode=|full-copy|linked-clone dataEngine=v1|v2 dataLayout:map "
                "dataLocality=disabled|best-effort|strict-local dataSource disableFrontend:bool "
                "diskSelector:list encrypted:bool engineNodeID "
                "freezeFilesystemForSnapshot=ignored|enabled|disabled fromBackup "
                "frontend=blockdev|iscsi|nvmf|ublk| image lastAttachedBy migratable:bool "
                "migrationNodeID nodeID nodeSelector:list numberOfReplicas:int nvmeTcpNrIoQueues:int "
                "offlineRebuilding=ignored|disabled|enabled rebuildConcurrentSyncLimit:int "
                "replicaAutoBalance=ignored|disabled|least-effort|best-effort "
                "replicaDiskSoftAntiAffinity=ignored|enabled|disabled "
                "replicaRebuildingBandwidthLimit:int replicaSoftAntiAffinity=ignored|enabled|disabled "
                "replicaZoneSoftAntiAffinity=ignored|enabled|disabled "
                "restoreVolumeRecurringJob=ignored|enabled|disabled revisionCounterDisabled:bool size "
                "snapshotDataIntegrity=ignored|disabled|enabled|fast-check snapshotHashingRequestedAt "
                "snapshotMaxCount:int snapshotMaxSize staleReplicaTimeout:int topologyRequirement:list "
                "ublkNumberOfQueue:int ublkQueueDepth:int "
                "unmapMarkSnapChainRemoved=ignored|disabled|enabled"
            ),
            "status": (
                "actualSize:int cloneStatus:map conditions?:list currentEngineNodeID currentImage "
                "currentMigrationNodeID currentNodeID expansionRequired:bool frontendDisabled:bool "
                "isStandby:bool kubernetesStatus:map lastAutoSalvagedAt lastBackup lastBackupAt "
                "lastDegradedAt lastOnDemandSnapshotHashingCompleteAt ownerID remountRequestedAt "
                "restoreInitiated:bool restoreRequired:bool robustness shareEndpoint shareState state "
                "switchoverState"
            ),
            "status.conditions[]": _CONDITION,
            "status.kubernetesStatus": (
                "lastPVCRefAt lastPodRefAt namespace pvName pvStatus pvcName workloadsStatus?:list"
            ),
            "status.kubernetesStatus.workloadsStatus[]": "podName podStatus workloadName workloadType",
        },
    ),
}
