"""What is wrong, by the phrase of a kind of problem, and what things are called, in English."""

from collections.abc import Mapping

from ..words.language import Noun, Phrase


def _same(template: str) -> Phrase:
    """Return a phrase whose verbs make the difference between one and several."""
    return Phrase(template, template)


PHRASES: Mapping[str, Phrase] = {
    "finding": _same("{subject} {has} a problem {time}"),
    "hub_offline": _same("{subject} {is} off {time}"),
    "standby_offline": _same("{subject} {is} off {time}"),
    "model_missing": _same("{subject} {has} no model to answer with {time}"),
    "offline": _same("{subject} {isnt} answering {time}"),
    "hub_unreachable": _same("{subject} {has} no model to offer {time}"),
    "app_unwell": _same("{subject} {is} reporting a problem {time}"),
    "paperless_offline": _same("{subject} {is} unable to reach Paperless-ngx {time}"),
    "scans_failed": _same("the last scans of {subject} failed"),
    "scans_counted": Phrase(
        "the last {failures:count} scans of {subject} failed", "the last scans of {subject} failed"
    ),
    "scan_failed": Phrase("the last scan of {subject} failed", "the last scans of {subject} failed"),
    "overdue_long": _same("{subject} {hasnt} processed anything for a long time"),
    "overdue": _same("{subject} {hasnt} processed anything {time}"),
    "web_unexpected": _same("{subject} {isnt} answering as expected {time}"),
    "web_status": Phrase(
        "{subject} {is} answering with status {status} {time}",
        "{subject} {isnt} answering as expected {time}",
    ),
    "certificate_expires": Phrase("{subject} expires {soon}", "{subject} expire soon"),
    "certificate_expired": Phrase("{subject} has expired", "{subject} have expired"),
    "unknown_device": _same("{subject} {is} in the network {time}"),
    "unknown_phone": _same(
        "{subject} {is} in the network {time}, with the private address of a phone or laptop"
    ),
    "unknown_devices": _same("the network of {subject} {has} more new devices {time}"),
    "unknown_counted": _same("the network of {subject} {has} {devices:count} more new devices {time}"),
    "alert": Phrase(
        "{subject} {is} firing {time}",
        "{subject} {is} firing {time}",
        begun=("{subject} has just started firing", "{subject} have just started firing"),
    ),
    "query": _same("{subject} {is} out of bounds {time}"),
    "query_above": Phrase(
        "{subject} {is} too high {time}: now {value} {unit}",
        "{subject} {is} too high {time}",
    ),
    "query_below": Phrase(
        "{subject} {is} too low {time}: now {value} {unit}",
        "{subject} {is} too low {time}",
    ),
    "hub_missing": _same("{subject} {isnt} reaching any model of the hub {time}"),
    "proposal_failing": _same("{subject} {has} failing checks {time}"),
    "updates_waiting": _same("updates of {subject} are waiting"),
    "updates_failing": Phrase(
        "in {subject}, {updates:count} updates are waiting, {failing:count} failed the checks",
        "updates of {subject} are waiting",
    ),
    "updates_major": Phrase(
        "in {subject}, {updates:count} updates are waiting, {major:count} to a new major version",
        "updates of {subject} are waiting",
    ),
    "updates_failing_major": Phrase(
        "in {subject}, {updates:count} updates are waiting: {failing:count} failed the checks,"
        " {major:count} to a new major version",
        "updates of {subject} are waiting",
    ),
    "update_failing": Phrase("an update of {subject} failed its checks", "updates of {subject} are waiting"),
    "update_major": Phrase(
        "an update of {subject} to a new major version is waiting", "updates of {subject} are waiting"
    ),
    "stuck": _same("{subject} {is} stuck on one document {time}"),
    "heartbeat": _same("{subject} {is} firing {time}, as it should"),
    "alerts_silent": Phrase(
        "alerts do not arrive any more: {subject} stopped {time}",
        "alerts do not arrive any more: {subject} stopped {time}",
        happened=True,
    ),
    "query_above_series": Phrase(
        "{subject} {is} too high {time}: now {value} {unit} for {series}",
        "{subject} {is} too high {time}",
    ),
    "query_below_series": Phrase(
        "{subject} {is} too low {time}: now {value} {unit} for {series}",
        "{subject} {is} too low {time}",
    ),
    "volume_shared": Phrase(
        "{subject} and {others:count} others on the same storage are {percent} percent full",
        "{subject} {is} almost full {time}",
    ),
    "volume_shared_one": Phrase(
        "{subject} and one other on the same storage are {percent} percent full",
        "{subject} {is} almost full {time}",
    ),
    "entity_bad": _same("{subject} {is} reporting a problem {time}"),
    "entity_state": Phrase(
        "{subject} {is} in the state {state} {time}", "{subject} {is} in a bad state {time}"
    ),
    "entity_unavailable": _same("{subject} {is} unavailable {time}"),
    "entity_gone": Phrase("{subject} does not exist any more", "{subject} do not exist any more"),
    "volume_full": _same("{subject} {is} almost full {time}"),
    "volume_percent": Phrase("{subject} is {percent} percent full", "{subject} {is} almost full {time}"),
    "volume_faulted": _same("{subject} {is} down {time}"),
    "volume_degraded": _same("{subject} {has} too few copies {time}"),
    "flux_not_ready": Phrase(
        "Flux {always_is} unable to deploy {subject} {time}",
        "Flux {always_is} unable to deploy {subject} {time}",
    ),
    "flux_waiting": _same("{subject} {is} waiting {time} for something else that Flux deploys"),
    "flux_suspended": _same("Flux {always_is} suspended for {subject} {time}"),
    "argocd_out_of_sync": _same("{subject} {is} out of sync with Git {time}"),
    "argocd_sync_unknown": _same("Argo CD {always_is} unable to compare {subject} with Git {time}"),
    "argocd_degraded": _same("Argo CD {always_has} reported {subject} as degraded {time}"),
    "argocd_operation_failed": Phrase(
        "Argo CD failed to sync {subject} {time}", "Argo CD failed to sync {subject} {time}", happened=True
    ),
    "node_not_ready": _same("{subject} {isnt} ready {time}"),
    "pod_restarting": _same("{subject} {is} restarting again and again {time}"),
    "backup_failed": Phrase("{subject} failed {time}", "{subject} failed {time}", happened=True),
    "backup_overdue": _same("{subject} {is} overdue {time}"),
    # Findings of k8sgpt
    "image": Phrase(
        "{subject} {is} unable to pull its image {time}", "{subject} {is} unable to pull their images {time}"
    ),
    "crash": _same("{subject} {is} crashing again and again {time}"),
    "memory": _same("{subject} {is} running out of memory {time}"),
    "configuration": Phrase(
        "{subject} {is} unable to start with its configuration {time}",
        "{subject} {is} unable to start with their configuration {time}",
    ),
    "mount": Phrase(
        "{subject} {is} unable to mount its volume {time}",
        "{subject} {is} unable to mount their volumes {time}",
    ),
    "evicted": Phrase("{subject} was evicted {time}", "{subject} were evicted {time}", happened=True),
    "unhealthy": Phrase(
        "{subject} {is} failing its health check {time}", "{subject} {is} failing their health checks {time}"
    ),
    "storage": _same("{subject} {is} waiting for storage {time}"),
    "unschedulable": _same("{subject} {is} waiting for a suitable node {time}"),
    "disk_pressure": _same("{subject} {is} running out of disk space {time}"),
    "memory_pressure": _same("{subject} {is} running out of memory {time}"),
    "endpoints": _same("{subject} {is} without a ready pod {time}"),
    "job_failed": Phrase("{subject} failed {time}", "{subject} failed {time}", happened=True),
    "replicas": _same("{subject} {has} too few running pods {time}"),
    "pending": _same("{subject} {is} waiting to start {time}"),
    # Kinds that only clusters have
    "source_not_ready": _same("Flux {always_is} unable to fetch {subject} {time}"),
    "argocd_missing": Phrase(
        "what {subject} consists of {always_is} missing {time}",
        "what {subject} consist of {always_is} missing {time}",
    ),
    "argocd_hanging": _same("Argo CD {always_has} not got anywhere with {subject} {time}"),
    "argocd_suspended": _same("{subject} {is} suspended {time}"),
    "argocd_condition": _same("Argo CD {always_has} reported an error of {subject} {time}"),
    "backup_target_unavailable": _same("{subject} {isnt} reachable {time}, so nothing is backed up there"),
    "backup_none": _same("nothing backs up {subject}"),
    "certificate_not_ready": _same("{subject} {isnt} issued {time}"),
    "cronjob_missed": _same("{subject} {hasnt} run in time"),
    "cronjob_unsuccessful": _same("{subject} {hasnt} succeeded {time}"),
    "job_hanging": _same("{subject} {is} running {time} without an end"),
    "rollout_stuck": _same("{subject} {is} stuck on the way to a new version {time}"),
    "claim_resize": _same("{subject} {is} unable to change in size {time}"),
    "deletion_stuck": _same("{subject} {is} stuck in deletion {time}"),
    "backup_paused": _same("{subject} {is} paused"),
    "claim_lost": Phrase("{subject} has lost its volume {time}", "{subject} have lost their volumes {time}"),
    "volume_unscheduled": Phrase(
        "{subject} {has} no place for a copy {time}", "{subject} {has} no place for a copy {time}"
    ),
    "pod_waiting": _same("{subject} {is} waiting to start {time}"),
    "pod_failed": Phrase("{subject} failed {time}", "{subject} failed {time}", happened=True),
    "node_cordoned": _same("{subject} {is} cordoned {time}"),
    "node_pressure": _same("{subject} {is} running out of process numbers {time}"),
    "node_network": _same("{subject} {is} without a network {time}"),
}
NOUNS: Mapping[str, Noun] = {
    "Pod": Noun("the pod", "a pod", "pods"),
    "Deployment": Noun("the deployment", "a deployment", "deployments"),
    "ReplicaSet": Noun("the replica set", "a replica set", "replica sets"),
    "StatefulSet": Noun("the stateful set", "a stateful set", "stateful sets"),
    "DaemonSet": Noun("the daemon set", "a daemon set", "daemon sets"),
    "Service": Noun("the service", "a service", "services"),
    "Ingress": Noun("the ingress", "an ingress", "ingresses"),
    "PersistentVolumeClaim": Noun("the volume claim", "a volume claim", "volume claims"),
    "Job": Noun("the job", "a job", "jobs"),
    "CronJob": Noun("the cron job", "a cron job", "cron jobs"),
    "Namespace": Noun("the namespace", "a namespace", "namespaces"),
    "Node": Noun("the node", "a node", "nodes"),
    "Volume": Noun("the volume", "a volume", "volumes"),
    "Alert": Noun("the alert", "an alert", "alerts"),
    "PullRequest": Noun("the pull request", "a pull request", "pull requests"),
    "NewDevice": Noun("the new device", "a new device", "new devices"),
    "Standby": Noun("the standby hub", "a standby hub", "standby hubs"),
    "Backup": Noun("the backup of", "a backup", "backups"),
    "LastBackup": Noun("the last backup of", "a backup", "backups"),
    "Certificate": Noun("the certificate of", "a certificate", "certificates"),
    "Source": Noun("the source", "a source", "sources"),
    "BackupTarget": Noun("the backup target", "a backup target", "backup targets"),
    "Issuer": Noun("the certificate issuer", "a certificate issuer", "certificate issuers"),
    "BackupCheck": Noun("the last check of the backups of", "a check of backups", "checks of backups"),
    "Prune": Noun("the last clean-up of the backups of", "a clean-up of backups", "clean-ups of backups"),
    "Restore": Noun("the last restore of", "a restore", "restores"),
}
