"""What waits for a person, in English."""

from collections.abc import Mapping

from ...health.waiting import WaitingKind

WAITING: Mapping[WaitingKind, str] = {
    WaitingKind.PROPOSAL: "Review the proposal “{name}”",
    WaitingKind.UPDATE: "The checks of the update “{name}” fail",
    WaitingKind.DEVICE: "New device in the network: {name}",
    WaitingKind.HABIT: "Could be an automation: {name}",
}
