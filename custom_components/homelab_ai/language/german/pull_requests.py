"""What is said of pull requests, in German."""

from collections.abc import Mapping

PULL_REQUESTS: Mapping[str, str] = {
    # Who opened it
    "ours": "Ich habe ihn vorgeschlagen.",
    "update": "{bot} möchte etwas aktualisieren.",
    "update_major": "{bot} möchte etwas auf eine neue Hauptversion heben: Lies vorher, was das ändert.",
    "other": "{author} hat ihn geöffnet.",
    # What it does
    "files_one": "Er ändert eine Datei, in {folders}.",
    "files": "Er ändert {count} Dateien, in {folders}.",
    "files_root": "Er ändert {count} Dateien.",
    "files_root_one": "Er ändert eine Datei.",
    # What becomes of it
    "draft": "Er ist ein Entwurf: Das nimmt ein Mensch zurück, bevor er gemergt werden kann.",
    "merged": "{person} hat ihn gemergt.",
    "merged_unknown": "Er wurde gemergt.",
    "closed": "Er wurde geschlossen, ohne gemergt zu werden.",
    # Checks and people
    "checks_none": "Nichts prüft ihn.",
    "checks_pending": "Seine Prüfungen laufen noch.",
    "checks_ok": "Er hat die Prüfungen bestanden.",
    "checks_failed": "Er hat die Prüfungen nicht bestanden.",
    "checks_failing": "Diese Prüfungen sind fehlgeschlagen: {names}.",
    "checks_unknown": "Seine Prüfungen kann ich nicht sehen.",
    "review_approved": "Jemand hat ihm zugestimmt.",
    "review_changes": "Jemand möchte, dass er geändert wird.",
    # Of several
    "none_open": "Kein Pull Request ist offen.",
    "open_one": "Ein Pull Request ist offen.",
    "open": "{count} Pull Requests sind offen.",
    "proposals_one": "Einer ist ein Vorschlag von mir.",
    "proposals": "{count} sind Vorschläge von mir.",
    "updates_one": "Einer ist ein Update.",
    "updates": "{count} sind Updates.",
    "failing_one": "Die Prüfungen von einem sind fehlgeschlagen.",
    "failing": "Die Prüfungen von {count} sind fehlgeschlagen.",
    "major_one": "Einer führt auf eine neue Hauptversion.",
    "major": "{count} führen auf eine neue Hauptversion.",
}
