"""What waits for a person, in German."""

from collections.abc import Mapping

from ...health.waiting import WaitingKind

WAITING: Mapping[WaitingKind, str] = {
    WaitingKind.PROPOSAL: "Prüfe den Vorschlag „{name}“",
    WaitingKind.UPDATE: "Die Prüfungen des Updates „{name}“ schlagen fehl",
    WaitingKind.DEVICE: "Neues Gerät im Netzwerk: {name}",
    WaitingKind.HABIT: "Könnte eine Automation sein: {name}",
}
