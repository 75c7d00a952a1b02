"""What happened in the homelab: entries, kept for a month."""

from .entry import Entry, EntryKind
from .timeline import Timeline

__all__ = ["Entry", "EntryKind", "Timeline"]
