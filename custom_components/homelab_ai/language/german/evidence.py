"""What the pieces of evidence are called, in German."""

from collections.abc import Mapping

TITLES: Mapping[str, str] = {
    "Alert": "Alarm",
    "Annotations": "Anmerkungen",
    "Cause": "Ursache",
    "Consequences": "Folgen",
    "Details": "Details",
    "Events": "Ereignisse",
    "Explanation by k8sgpt": "Erklärung von k8sgpt",
    "Finding": "Befund",
    "GitOps": "GitOps",
    "Hub": "KI-Server",
    "Labels": "Labels",
    "Left out": "Nicht einsehbar",
    "Owner": "Gehört zu",
    "Pull requests": "Pull Requests",
    "Query": "Abfrage",
    "Related problems": "Verwandte Probleme",
    "Status": "Status",
    "System": "System",
}
"""By their English titles."""
