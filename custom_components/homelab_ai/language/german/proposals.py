"""What is said of proposals, in German."""

from collections.abc import Mapping

PROPOSALS: Mapping[str, str] = {
    # What a change is called
    "enable": "{apps} einschalten",
    "disable": "{apps} ausschalten",
    "suspend": "{apps} anhalten",
    "resume": "{apps} weiterlaufen lassen",
    "set": "{what} von {apps} auf {after} setzen",
    "add": "{what} zu {apps} hinzufügen",
    "manifest": "{what} zu {apps} hinzufügen: ungeprüfter Entwurf",
    "terraform": "{what} hinzufügen: ungeprüfter Entwurf",
    # Parts of the body
    "why": "Warum",
    "asked": "{person} wollte: {request}",
    "asked_form": "{person} wollte diese Änderung.",
    "changes": "Was sich ändert",
    "columns": "| # | App | Was | Vorher | Nachher | Datei |",
    "order": "In dieser Reihenfolge wird es wirksam: {apps}.",
    "checks": "Prüfungen",
    "consequences": "Folgen",
    "undo": "Rückgängig machen",
    "undo_how": "Schließe diesen Pull Request, oder mach ihn nach dem Mergen mit einem Revert rückgängig. "
    "Nichts davon geschieht, bevor ein Mensch ihn mergt.",
    "origin": "Homelab AI in Home Assistant hat das zusammengestellt. {model}",
    "no_model": "Kein Modell war daran beteiligt.",
    "by_model": "Das Modell {name} hat aus Listen ausgewählt oder geschrieben, was als Entwurf markiert ist.",
    "unverified_file": "**Ein Modell hat diese Datei geschrieben. Niemand hat sie geprüft.**",
    # Who asked
    "person": "Eine Person",
    "automation": "Eine Automation",
    "voice": "Jemand per Sprache oder Chat",
    # Checks
    "structure": "Dateien sind lesbar, und Objekte sagen, was sie sind",
    "policy": "Regeln",
    "repository": "Das Repository passt zusammen",
    "schema": "Schema des Clusters",
    "dry_run": "Probelauf im Cluster",
    "ci": "Prüfungen der Forge",
    "not_done": "hier nicht geprüft",
    # What follows
    "also": "{name} ändert sich mit.",
    "deletes": "Der Claim {name} von {detail} wird mit allem darin gelöscht.",
    "deletes_all": "Alles, was {name} im Cluster angelegt hat, wird gelöscht.",
    "no_backup": "Von {name} ist kein Backup bekannt.",
    "last_backup": "Letztes gutes Backup von {name}: {detail}.",
    "could_suspend": "{name} nur anzuhalten würde alles lassen, wie es ist.",
    "needs": "{detail} braucht {name}: Schau nach, ob das da ist.",
    "needs_off": "{detail} spricht mit {name}, und das ist aus.",
    "needs_suspended": "{detail} braucht {name}, und das ist angehalten.",
    "chart": "Das ist die Version des Charts von {name}, nicht die der App darin.",
    "digest": "Das Image {name} war auf einen Digest festgelegt und ist es nicht mehr.",
    "unverified": "Ein Modell hat {name} geschrieben: ein ungeprüfter Entwurf.",
    "not_validated": "{name} wird hier nicht validiert; der Plan läuft in den Prüfungen der Forge.",
    "exposed": "**Das öffnet etwas nach außen**: {name} in {detail}.",
    "none": "Keine bekannt.",
    # What is answered
    "opened": "{title}: Entwurf {number} ist offen.",
    "there_already": "{title}: Entwurf {number} ist schon offen.",
    "preview": "{title}. Es wurde nichts geöffnet.",
    "risk_exposed": "Das öffnet etwas nach außen.",
    "risk_deletes": "Das löscht Daten.",
    "also_short": "Mit dabei: {apps}.",
    "withdrawn": "Entwurf {number} ist geschlossen.",
    "listed_none": "Keine Vorschläge bekannt.",
    "listed_one": "Ein Vorschlag ist bekannt.",
    "listed": "{count} Vorschläge sind bekannt, {open} davon offen.",
}

REQUESTS: tuple[tuple[str, str, str], ...] = (
    ("enable", "", r"(?:aktiviere|aktivier) (?P<app>.+)"),
    ("enable", "", r"schalte? (?P<app>.+) (?:ein|an)"),
    ("enable", "", r"(?P<app>.+) (?:einschalten|aktivieren|anschalten)"),
    ("disable", "", r"(?:deaktiviere|deaktivier) (?P<app>.+)"),
    ("disable", "", r"schalte? (?P<app>.+) (?:aus|ab)"),
    ("disable", "", r"(?P<app>.+) (?:ausschalten|deaktivieren|abschalten)"),
    ("suspend", "", r"halte? (?P<app>.+) an"),
    ("suspend", "", r"(?:pausiere|pausier) (?P<app>.+)"),
    ("suspend", "", r"(?P<app>.+) (?:anhalten|pausieren)"),
    ("resume", "", r"lass (?P<app>.+) weiterlaufen"),
    ("resume", "", r"setze? (?P<app>.+) fort"),
    ("set", "version", r"(?:setze?|aktualisiere?|hebe?) (?P<app>.+) auf (?:die )?version (?P<value>\S+)"),
    ("set", "version", r"(?:aktualisiere?|hebe?) (?P<app>.+) auf (?P<value>v?\d\S*)"),
    ("set", "replicas", r"skaliere? (?P<app>.+) auf (?P<value>\d+)(?: replikate?n?| replicas?)?"),
    (
        "set",
        "",
        r"(?:setze?|ändere?) (?:d(?:ie|en|as) )?(?P<field>\S+) (?:von|bei) (?P<app>.+?) auf (?P<value>.+)",
    ),
)
"""What is wished for, the field where the sentence names none, and the sentence, without regard to case."""
POLITE = r"(?:bitte|kannst du|könntest du|würdest du|für mich|mal)"
AND = r",| und "
