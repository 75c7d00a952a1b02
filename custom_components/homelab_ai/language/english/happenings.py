"""What happened, in English; `{before}` and `{after}` are versions, images or revisions."""

from collections.abc import Mapping

from ...timeline import EntryKind

HAPPENINGS: Mapping[EntryKind, str] = {
    EntryKind.HUB_ON: "{name} came on",
    EntryKind.HUB_OFF: "{name} went off",
    EntryKind.DELIVERED: "{name} was deployed anew",
    EntryKind.IMAGE_CHANGED: "{name} now runs {after}",
    EntryKind.UPDATED: "{name} was updated from {before} to {after}",
    EntryKind.BACKED_UP: "{name} was backed up",
    EntryKind.DOWNLOADED: "the model {name} was downloaded",
    EntryKind.MODEL_REMOVED: "the model {name} was deleted",
    EntryKind.APPEARED: "{name} was added",
    EntryKind.REMOVED: "{name} was removed",
    EntryKind.PULL_REQUEST_OPENED: "the pull request “{name}” was opened",
    EntryKind.PULL_REQUEST_MERGED: "the pull request “{name}” was merged",
    EntryKind.PULL_REQUEST_CLOSED: "the pull request “{name}” was closed",
    EntryKind.ENABLED: "{name} is on",
    EntryKind.DISABLED: "{name} is off",
    EntryKind.SUSPENDED: "{name} is suspended",
    EntryKind.RESUMED: "{name} is resumed",
    EntryKind.MUTED: "{name} was muted",
    EntryKind.UNMUTED: "{name} counts again",
}

OF_HUBS: Mapping[str, str] = {
    "hub_online": "came on",
    "hub_offline": "went off",
    "model_loaded": "loaded {model}",
    "model_unloaded": "unloaded {model}",
}
"""What a hub did, behind its name, by the type of the event on the bus."""
