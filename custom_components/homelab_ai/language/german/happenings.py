"""What happened, in German; `{before}` and `{after}` are versions, images or revisions."""

from collections.abc import Mapping

from ...timeline import EntryKind

HAPPENINGS: Mapping[EntryKind, str] = {
    EntryKind.HUB_ON: "{name} ist angegangen",
    EntryKind.HUB_OFF: "{name} ist ausgegangen",
    EntryKind.DELIVERED: "{name} wurde neu ausgerollt",
    EntryKind.IMAGE_CHANGED: "{name} läuft jetzt mit {after}",
    EntryKind.UPDATED: "{name} wurde von {before} auf {after} aktualisiert",
    EntryKind.BACKED_UP: "{name} wurde gesichert",
    EntryKind.DOWNLOADED: "das Modell {name} wurde heruntergeladen",
    EntryKind.MODEL_REMOVED: "das Modell {name} wurde gelöscht",
    EntryKind.APPEARED: "{name} ist dazugekommen",
    EntryKind.REMOVED: "{name} wurde entfernt",
    EntryKind.PULL_REQUEST_OPENED: "der Pull Request „{name}“ wurde geöffnet",
    EntryKind.PULL_REQUEST_MERGED: "der Pull Request „{name}“ wurde übernommen",
    EntryKind.PULL_REQUEST_CLOSED: "der Pull Request „{name}“ wurde geschlossen",
    EntryKind.ENABLED: "{name} ist eingeschaltet",
    EntryKind.DISABLED: "{name} ist ausgeschaltet",
    EntryKind.SUSPENDED: "{name} ist angehalten",
    EntryKind.RESUMED: "{name} ist nicht mehr angehalten",
    EntryKind.MUTED: "{name} wurde stummgeschaltet",
    EntryKind.UNMUTED: "{name} zählt wieder",
}

OF_HUBS: Mapping[str, str] = {
    "hub_online": "ist angegangen",
    "hub_offline": "ist ausgegangen",
    "model_loaded": "hat {model} geladen",
    "model_unloaded": "hat {model} entladen",
}
"""What a hub did, behind its name, by the type of the event on the bus."""
