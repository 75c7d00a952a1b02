"""What groups of things and their conditions are called in German."""

from collections.abc import Mapping

from ..questions.question import Condition, Group
from ..questions.words import GroupNoun, Predicate

GROUP_NOUNS: Mapping[Group, GroupNoun] = {
    Group.APPS: GroupNoun("eine App", "Apps", "keine App"),
    Group.PODS: GroupNoun("ein Pod", "Pods", "kein Pod"),
    Group.NODES: GroupNoun("ein Knoten", "Knoten", "kein Knoten"),
    Group.WORKLOADS: GroupNoun("ein Workload", "Workloads", "kein Workload"),
    Group.VOLUMES: GroupNoun("ein Volume", "Volumes", "kein Volume"),
    Group.MODELS: GroupNoun("ein Modell", "Modelle", "kein Modell"),
    Group.HUBS: GroupNoun("ein KI-Server", "KI-Server", "kein KI-Server"),
    Group.SYSTEMS: GroupNoun("ein System", "Systeme", "kein System"),
    Group.BACKUPS: GroupNoun("ein Backup", "Backups", "kein Backup"),
    Group.CERTIFICATES: GroupNoun("ein Zertifikat", "Zertifikate", "kein Zertifikat"),
    Group.DEPLOYMENTS: GroupNoun("ein Release", "Releases", "kein Release"),
    Group.SOURCES: GroupNoun("eine Quelle", "Quellen", "keine Quelle"),
    Group.PAGES: GroupNoun("eine Seite", "Seiten", "keine Seite"),
    Group.ALERTS: GroupNoun("ein Alarm", "Alarme", "kein Alarm"),
    Group.ENTITIES: GroupNoun("ein Gerät", "Geräte", "kein Gerät"),
    Group.PULL_REQUESTS: GroupNoun("ein Pull Request", "Pull Requests", "kein Pull Request"),
    Group.UPDATES: GroupNoun("ein Update", "Updates", "kein Update"),
}
PREDICATES: Mapping[Condition, Predicate] = {
    Condition.ANY: Predicate("ist da", "sind da", "ist nicht da", "sind nicht da"),
    Condition.TROUBLED: Predicate(
        "hat ein Problem", "haben Probleme", "hat kein Problem", "haben keine Probleme"
    ),
    Condition.WELL: Predicate(
        "ist in Ordnung", "sind in Ordnung", "ist nicht in Ordnung", "sind nicht in Ordnung"
    ),
    Condition.OFF: Predicate("ist aus", "sind aus", "ist nicht aus", "sind nicht aus"),
    Condition.LOADED: Predicate("ist geladen", "sind geladen", "ist nicht geladen", "sind nicht geladen"),
    Condition.SUSPENDED: Predicate(
        "ist ausgesetzt", "sind ausgesetzt", "ist nicht ausgesetzt", "sind nicht ausgesetzt"
    ),
    Condition.RESTARTING: Predicate(
        "startet immer wieder neu",
        "starten immer wieder neu",
        "startet nicht ständig neu",
        "starten nicht ständig neu",
    ),
    Condition.FULL: Predicate("ist fast voll", "sind fast voll", "ist nicht voll", "sind nicht voll"),
    Condition.EXPIRING: Predicate(
        "läuft bald ab", "laufen bald ab", "läuft nicht bald ab", "laufen nicht bald ab"
    ),
    Condition.FAILED: Predicate(
        "ist fehlgeschlagen",
        "sind fehlgeschlagen",
        "ist nicht fehlgeschlagen",
        "sind nicht fehlgeschlagen",
    ),
    Condition.OVERDUE: Predicate(
        "ist überfällig", "sind überfällig", "ist nicht überfällig", "sind nicht überfällig"
    ),
    Condition.OUT_OF_SYNC: Predicate(
        "weicht von Git ab",
        "weichen von Git ab",
        "ist so, wie es in Git steht",
        "sind so, wie es in Git steht",
    ),
    Condition.WAITING: Predicate("wartet", "warten", "wartet nicht", "warten nicht"),
    Condition.MUTED: Predicate(
        "ist stummgeschaltet",
        "sind stummgeschaltet",
        "ist nicht stummgeschaltet",
        "sind nicht stummgeschaltet",
    ),
}
