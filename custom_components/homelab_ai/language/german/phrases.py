"""What is wrong, by the phrase of a kind of problem, and what things are called, in German."""

from collections.abc import Mapping

from ..words.language import Noun, Phrase


def _same(template: str) -> Phrase:
    """Return a phrase that is the same of one and of several."""
    return Phrase(template, template)


PHRASES: Mapping[str, Phrase] = {
    "finding": Phrase("{subject} hat {time} ein Problem", "{subject} haben {time} ein Problem"),
    "hub_offline": Phrase("{subject} ist {time} aus", "{subject} sind {time} aus"),
    "standby_offline": Phrase("{subject} ist {time} aus", "{subject} sind {time} aus"),
    "model_missing": Phrase("{subject} hat {time} kein Modell", "{subject} haben {time} kein Modell"),
    "offline": Phrase("{subject} antwortet {time} nicht", "{subject} antworten {time} nicht"),
    "hub_unreachable": Phrase("{subject} findet {time} kein Modell", "{subject} finden {time} kein Modell"),
    "app_unwell": Phrase("{subject} meldet {time} ein Problem", "{subject} melden {time} ein Problem"),
    "paperless_offline": Phrase(
        "{subject} erreicht Paperless-ngx {time} nicht", "{subject} erreichen Paperless-ngx {time} nicht"
    ),
    "scans_failed": _same("die letzten Scans von {subject} sind fehlgeschlagen"),
    "scans_counted": Phrase(
        "die letzten {failures:count} Scans von {subject} sind fehlgeschlagen",
        "die letzten Scans von {subject} sind fehlgeschlagen",
    ),
    "scan_failed": Phrase(
        "der letzte Scan von {subject} ist fehlgeschlagen",
        "die letzten Scans von {subject} sind fehlgeschlagen",
    ),
    "overdue_long": Phrase(
        "{subject} hat lange nichts verarbeitet", "{subject} haben lange nichts verarbeitet"
    ),
    "overdue": Phrase("{subject} hat {time} nichts verarbeitet", "{subject} haben {time} nichts verarbeitet"),
    "web_unexpected": Phrase(
        "{subject} antwortet {time} nicht wie erwartet", "{subject} antworten {time} nicht wie erwartet"
    ),
    "web_status": Phrase(
        "{subject} antwortet {time} mit Status {status}", "{subject} antworten {time} nicht wie erwartet"
    ),
    "certificate_expires": Phrase("{subject} läuft {soon} ab", "{subject} laufen bald ab"),
    "certificate_expired": Phrase("{subject} ist abgelaufen", "{subject} sind abgelaufen"),
    "unknown_device": Phrase("{subject} ist {time} im Netzwerk", "{subject} sind {time} im Netzwerk"),
    "unknown_phone": Phrase(
        "{subject} ist {time} im Netzwerk, mit der privaten Adresse eines Handys oder Laptops",
        "{subject} sind {time} im Netzwerk, mit den privaten Adressen von Handys oder Laptops",
    ),
    "unknown_devices": _same("im Netzwerk von {subject} sind {time} weitere neue Geräte"),
    "unknown_counted": _same("im Netzwerk von {subject} sind {time} {devices:count} weitere neue Geräte"),
    "alert": Phrase(
        "{subject} ist {time} aktiv",
        "{subject} sind {time} aktiv",
        begun=("{subject} ist gerade losgegangen", "{subject} sind gerade losgegangen"),
    ),
    "query": Phrase(
        "{subject} liegt {time} außerhalb der Grenzen", "{subject} liegen {time} außerhalb der Grenzen"
    ),
    "query_above": Phrase(
        "{subject} ist {time} zu hoch: jetzt {value} {unit}",
        "{subject} sind {time} zu hoch",
    ),
    "query_below": Phrase(
        "{subject} ist {time} zu niedrig: jetzt {value} {unit}",
        "{subject} sind {time} zu niedrig",
    ),
    "hub_missing": Phrase(
        "{subject} erreicht {time} kein Modell des KI-Servers",
        "{subject} erreichen {time} kein Modell des KI-Servers",
    ),
    "proposal_failing": Phrase(
        "{subject} besteht {time} die Prüfungen nicht", "{subject} bestehen {time} die Prüfungen nicht"
    ),
    "updates_waiting": Phrase("bei {subject} warten Updates", "bei {subject} warten Updates"),
    "updates_failing": Phrase(
        "bei {subject} warten {updates:count} Updates, davon {failing:count} mit fehlgeschlagenen Prüfungen",
        "bei {subject} warten Updates",
    ),
    "updates_major": Phrase(
        "bei {subject} warten {updates:count} Updates, davon {major:count} auf eine neue Hauptversion",
        "bei {subject} warten Updates",
    ),
    "updates_failing_major": Phrase(
        "bei {subject} warten {updates:count} Updates, davon {failing:count} mit fehlgeschlagenen Prüfungen"
        " und {major:count} auf eine neue Hauptversion",
        "bei {subject} warten Updates",
    ),
    "update_failing": Phrase(
        "bei {subject} ist ein Update durch die Prüfungen gefallen", "bei {subject} warten Updates"
    ),
    "update_major": Phrase(
        "bei {subject} wartet ein Update auf eine neue Hauptversion", "bei {subject} warten Updates"
    ),
    "stuck": Phrase("{subject} hängt {time} an einem Dokument", "{subject} hängen {time} an einem Dokument"),
    "heartbeat": Phrase(
        "{subject} ist {time} aktiv, wie es sein soll", "{subject} sind {time} aktiv, wie es sein soll"
    ),
    "alerts_silent": Phrase(
        "es kommen keine Alarme mehr an: {subject} ist {time} verstummt",
        "es kommen keine Alarme mehr an: {subject} sind {time} verstummt",
        happened=True,
    ),
    "query_above_series": Phrase(
        "{subject} ist {time} zu hoch: jetzt {value} {unit} bei {series}",
        "{subject} sind {time} zu hoch",
    ),
    "query_below_series": Phrase(
        "{subject} ist {time} zu niedrig: jetzt {value} {unit} bei {series}",
        "{subject} sind {time} zu niedrig",
    ),
    "volume_shared": Phrase(
        "{subject} und {others:count} weitere auf demselben Speicher sind zu {percent} Prozent voll",
        "{subject} sind {time} fast voll",
    ),
    "volume_shared_one": Phrase(
        "{subject} und ein weiteres auf demselben Speicher sind zu {percent} Prozent voll",
        "{subject} sind {time} fast voll",
    ),
    "entity_bad": Phrase("{subject} meldet {time} ein Problem", "{subject} melden {time} ein Problem"),
    "entity_state": Phrase(
        "{subject} ist {time} im Zustand {state}", "{subject} sind {time} in einem schlechten Zustand"
    ),
    "entity_unavailable": Phrase(
        "{subject} ist {time} nicht verfügbar", "{subject} sind {time} nicht verfügbar"
    ),
    "entity_gone": Phrase("{subject} gibt es nicht mehr", "{subject} gibt es nicht mehr"),
    "volume_full": Phrase("{subject} ist {time} fast voll", "{subject} sind {time} fast voll"),
    "volume_percent": Phrase("{subject} ist zu {percent} Prozent voll", "{subject} sind {time} fast voll"),
    "volume_faulted": Phrase("{subject} ist {time} ausgefallen", "{subject} sind {time} ausgefallen"),
    "volume_degraded": Phrase(
        "{subject} hat {time} zu wenige Kopien", "{subject} haben {time} zu wenige Kopien"
    ),
    "flux_not_ready": _same("Flux kann {subject} {time} nicht ausrollen"),
    "flux_waiting": Phrase(
        "{subject} wartet {time} auf etwas anderes, das Flux ausrollt",
        "{subject} warten {time} auf etwas anderes, das Flux ausrollt",
    ),
    "flux_suspended": _same("Flux ist {time} für {subject} angehalten"),
    "argocd_out_of_sync": Phrase("{subject} weicht {time} von Git ab", "{subject} weichen {time} von Git ab"),
    "argocd_sync_unknown": _same("Argo CD kann {subject} {time} nicht mit Git vergleichen"),
    "argocd_degraded": Phrase(
        "laut Argo CD ist {subject} {time} gestört", "laut Argo CD sind {subject} {time} gestört"
    ),
    "argocd_operation_failed": Phrase(
        "Argo CD konnte {subject} {time} nicht synchronisieren",
        "Argo CD konnte {subject} {time} nicht synchronisieren",
        happened=True,
    ),
    "node_not_ready": Phrase("{subject} ist {time} nicht bereit", "{subject} sind {time} nicht bereit"),
    "pod_restarting": Phrase(
        "{subject} startet {time} immer wieder neu", "{subject} starten {time} immer wieder neu"
    ),
    "backup_failed": Phrase(
        "{subject} ist {time} fehlgeschlagen", "{subject} sind {time} fehlgeschlagen", happened=True
    ),
    "backup_overdue": Phrase("{subject} ist {time} überfällig", "{subject} sind {time} überfällig"),
    # Findings of k8sgpt
    "image": Phrase(
        "{subject} kann {time} sein Image nicht laden", "{subject} können {time} ihr Image nicht laden"
    ),
    "crash": Phrase("{subject} stürzt {time} immer wieder ab", "{subject} stürzen {time} immer wieder ab"),
    "memory": Phrase(
        "{subject} hat {time} zu wenig Arbeitsspeicher", "{subject} haben {time} zu wenig Arbeitsspeicher"
    ),
    "configuration": Phrase(
        "{subject} kann {time} mit seiner Konfiguration nicht starten",
        "{subject} können {time} mit ihrer Konfiguration nicht starten",
    ),
    "mount": Phrase(
        "{subject} kann {time} sein Volume nicht einbinden",
        "{subject} können {time} ihr Volume nicht einbinden",
    ),
    "evicted": Phrase("{subject} wurde {time} verdrängt", "{subject} wurden {time} verdrängt", happened=True),
    "unhealthy": Phrase(
        "{subject} besteht {time} den Health-Check nicht", "{subject} bestehen {time} den Health-Check nicht"
    ),
    "storage": Phrase(
        "{subject} wartet {time} auf Speicherplatz", "{subject} warten {time} auf Speicherplatz"
    ),
    "unschedulable": Phrase(
        "{subject} findet {time} keinen passenden Knoten", "{subject} finden {time} keinen passenden Knoten"
    ),
    "disk_pressure": Phrase(
        "{subject} hat {time} kaum noch Speicherplatz", "{subject} haben {time} kaum noch Speicherplatz"
    ),
    "memory_pressure": Phrase(
        "{subject} hat {time} kaum noch Arbeitsspeicher", "{subject} haben {time} kaum noch Arbeitsspeicher"
    ),
    "endpoints": Phrase(
        "{subject} hat {time} keinen bereiten Pod", "{subject} haben {time} keinen bereiten Pod"
    ),
    "job_failed": Phrase(
        "{subject} ist {time} fehlgeschlagen", "{subject} sind {time} fehlgeschlagen", happened=True
    ),
    "replicas": Phrase(
        "{subject} hat {time} zu wenige laufende Pods", "{subject} haben {time} zu wenige laufende Pods"
    ),
    "pending": Phrase("{subject} wartet {time} auf den Start", "{subject} warten {time} auf den Start"),
    # Kinds that only clusters have
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
    "cronjob_unsuccessful": Phrase(
        "{subject} ist {time} nicht mehr erfolgreich gelaufen",
        "{subject} sind {time} nicht mehr erfolgreich gelaufen",
    ),
    "job_hanging": Phrase(
        "{subject} läuft {time} und kommt nicht zum Ende", "{subject} laufen {time} und kommen nicht zum Ende"
    ),
    "rollout_stuck": Phrase(
        "{subject} kommt {time} nicht auf die neue Version",
        "{subject} kommen {time} nicht auf die neue Version",
    ),
    "claim_resize": Phrase(
        "die Größe von {subject} lässt sich {time} nicht ändern",
        "die Größe von {subject} lässt sich {time} nicht ändern",
    ),
    "deletion_stuck": Phrase(
        "{subject} hängt {time} beim Löschen fest", "{subject} hängen {time} beim Löschen fest"
    ),
    "backup_paused": Phrase("{subject} ist pausiert", "{subject} sind pausiert"),
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
NOUNS: Mapping[str, Noun] = {
    "Pod": Noun("der Pod", "ein Pod", "Pods"),
    "Deployment": Noun("das Deployment", "ein Deployment", "Deployments"),
    "ReplicaSet": Noun("das Replica-Set", "ein Replica-Set", "Replica-Sets"),
    "StatefulSet": Noun("das Stateful-Set", "ein Stateful-Set", "Stateful-Sets"),
    "DaemonSet": Noun("das Daemon-Set", "ein Daemon-Set", "Daemon-Sets"),
    "Service": Noun("der Service", "ein Service", "Services"),
    "Ingress": Noun("der Ingress", "ein Ingress", "Ingresse"),
    "PersistentVolumeClaim": Noun("der Volume-Claim", "ein Volume-Claim", "Volume-Claims"),
    "Job": Noun("der Job", "ein Job", "Jobs"),
    "CronJob": Noun("der Cronjob", "ein Cronjob", "Cronjobs"),
    "Namespace": Noun("der Namespace", "ein Namespace", "Namespaces"),
    "Node": Noun("der Knoten", "ein Knoten", "Knoten"),
    "Volume": Noun("das Volume", "ein Volume", "Volumes"),
    "Alert": Noun("der Alarm", "ein Alarm", "Alarme"),
    "PullRequest": Noun("der Pull Request", "ein Pull Request", "Pull Requests"),
    "NewDevice": Noun("das neue Gerät", "ein neues Gerät", "neue Geräte"),
    "Standby": Noun("der Ersatzserver", "ein Ersatzserver", "Ersatzserver"),
    "Backup": Noun("das Backup von", "ein Backup", "Backups"),
    "LastBackup": Noun("das letzte Backup von", "ein Backup", "Backups"),
    "Certificate": Noun("das Zertifikat von", "ein Zertifikat", "Zertifikate"),
    "Source": Noun("die Quelle", "eine Quelle", "Quellen"),
    "BackupTarget": Noun("das Backup-Ziel", "ein Backup-Ziel", "Backup-Ziele"),
    "Issuer": Noun("der Zertifikatsaussteller", "ein Zertifikatsaussteller", "Zertifikatsaussteller"),
    "BackupCheck": Noun("die letzte Backup-Prüfung von", "eine Backup-Prüfung", "Backup-Prüfungen"),
    "Prune": Noun("das letzte Aufräumen der Backups von", "ein Backup-Aufräumen", "Backup-Aufräumen"),
    "Restore": Noun("das letzte Wiederherstellen von", "ein Wiederherstellen", "Wiederherstellungen"),
}
