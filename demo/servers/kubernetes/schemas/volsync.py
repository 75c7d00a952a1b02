"""VolSync: replications.

Source: the CRDs of volsync 0.16.0 (`config/crd/bases`, backube).
"""

from collections.abc import Mapping

from .schema import STRICT_CONDITION, Schema

SCHEMAS: Mapping[str, Schema] = {
    "replicationdestinations.volsync.backube": Schema(
        {
            "spec": "external:map paused:bool rclone:map restic:map rsync:map rsyncTLS:map trigger:map",
            "spec.restic": (
                "accessModes:list cacheAccessModes:list cacheCapacity:any cacheStorageClassName "
                "capacity:any cleanupCachePVC:bool cleanupTempPVC:bool "
                "copyMethod=Direct|None|Clone|Snapshot customCA:map destinationPVC "
                "enableFileDeletion:bool moverAffinity:map moverPodLabels:map moverResources:map "
                "moverSecurityContext:map moverServiceAccount moverVolumes:list previous:int repository "
                "restoreAsOf:time storageClassName volumeSnapshotClassName"
            ),
            "spec.trigger": "manual schedule",
            "status": (
                "conditions:list external:map lastManualSync lastSyncDuration lastSyncStartTime:time "
                "lastSyncTime:time latestImage:map latestMoverStatus:map nextSyncTime:time rsync:map "
                "rsyncTLS:map"
            ),
            "status.conditions[]": STRICT_CONDITION,
            "status.latestMoverStatus": "logs result",
        },
    ),
    "replicationsources.volsync.backube": Schema(
        {
            "spec": (
                "external:map paused:bool rclone:map restic:map rsync:map rsyncTLS:map sourcePVC "
                "syncthing:map trigger:map"
            ),
            "spec.restic": (
                "accessModes:list cacheAccessModes:list cacheCapacity:any cacheStorageClassName "
                "capacity:any copyMethod=Direct|None|Clone|Snapshot customCA:map moverAffinity:map "
                "moverPodLabels:map moverResources:map moverSecurityContext:map moverServiceAccount "
                "moverVolumes:list pruneIntervalDays:int repository retain:map storageClassName unlock "
                "volumeSnapshotClassName"
            ),
            "spec.trigger": "manual schedule",
            "status": (
                "conditions:list external:map lastManualSync lastSyncDuration lastSyncStartTime:time "
                "lastSyncTime:time latestMoverStatus:map nextSyncTime:time restic:map rsync:map "
                "rsyncTLS:map syncthing:map"
            ),
            "status.conditions[]": STRICT_CONDITION,
            "status.latestMoverStatus": "logs result",
        },
    ),
}
