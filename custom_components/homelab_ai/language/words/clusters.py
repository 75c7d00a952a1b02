"""What is said of the kinds of problems that only clusters have, in each language."""

from collections.abc import Mapping

from .language import Noun, Phrase


def _same(template: str) -> Phrase:
    return Phrase(template, template)


ENGLISH: Mapping[str, Phrase] = {
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
GERMAN: Mapping[str, Phrase] = {
    "source_not_ready": _same("Flux kann {subject} {time} nicht abrufen"),
    "argocd_missing": Phrase(
        "woraus {subject} bestehen soll, fehlt {time}", "woraus {subject} bestehen sollen, fehlt {time}"
    ),
    "argocd_hanging": _same("Argo CD kommt bei {subject} {time} nicht voran"),
    "argocd_suspended": Phrase("{subject} ist {time} angehalten", "{subject} sind {time} angehalten"),
    "argocd_condition": _same("Argo CD meldet bei {subject} {time} einen Fehler"),
    "backup_target_unavailable": Phrase(
        "{subject} ist {time} nicht erreichbar, dort wird nichts gesichert",
        "{subject} sind {time} nicht erreichbar, dort wird nichts gesichert",
    ),
    "backup_none": Phrase("{subject} wird von nichts gesichert", "{subject} werden von nichts gesichert"),
    "certificate_not_ready": Phrase(
        "{subject} ist {time} nicht ausgestellt", "{subject} sind {time} nicht ausgestellt"
    ),
    "cronjob_missed": Phrase(
        "{subject} ist nicht rechtzeitig gelaufen", "{subject} sind nicht rechtzeitig gelaufen"
    ),
    "claim_lost": Phrase(
        "{subject} hat {time} sein Volume verloren", "{subject} haben {time} ihr Volume verloren"
    ),
    "volume_unscheduled": Phrase(
        "{subject} hat {time} keinen Platz für eine Kopie",
        "{subject} haben {time} keinen Platz für eine Kopie",
    ),
    "pod_waiting": Phrase("{subject} startet {time} nicht", "{subject} starten {time} nicht"),
    "pod_failed": Phrase(
        "{subject} ist {time} fehlgeschlagen", "{subject} sind {time} fehlgeschlagen", happened=True
    ),
    "node_cordoned": Phrase(
        "{subject} nimmt {time} keine neuen Pods an", "{subject} nehmen {time} keine neuen Pods an"
    ),
    "node_pressure": Phrase(
        "{subject} hat {time} kaum noch freie Prozessnummern",
        "{subject} haben {time} kaum noch freie Prozessnummern",
    ),
    "node_network": Phrase("{subject} ist {time} ohne Netzwerk", "{subject} sind {time} ohne Netzwerk"),
}
ENGLISH_NOUNS: Mapping[str, Noun] = {
    "Source": Noun("the source", "a source", "sources"),
    "BackupTarget": Noun("the backup target", "a backup target", "backup targets"),
    "Issuer": Noun("the certificate issuer", "a certificate issuer", "certificate issuers"),
    "BackupCheck": Noun("the last check of the backups of", "a check of backups", "checks of backups"),
    "Prune": Noun("the last clean-up of the backups of", "a clean-up of backups", "clean-ups of backups"),
    "Restore": Noun("the last restore of", "a restore", "restores"),
}
GERMAN_NOUNS: Mapping[str, Noun] = {
    "Source": Noun("die Quelle", "eine Quelle", "Quellen"),
    "BackupTarget": Noun("das Backup-Ziel", "ein Backup-Ziel", "Backup-Ziele"),
    "Issuer": Noun("der Zertifikatsaussteller", "ein Zertifikatsaussteller", "Zertifikatsaussteller"),
    "BackupCheck": Noun("die letzte Backup-Prüfung von", "eine Backup-Prüfung", "Backup-Prüfungen"),
    "Prune": Noun("das letzte Aufräumen der Backups von", "ein Backup-Aufräumen", "Backup-Aufräumen"),
    "Restore": Noun("das letzte Wiederherstellen von", "ein Wiederherstellen", "Wiederherstellungen"),
}
