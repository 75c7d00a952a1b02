"""All that is known of a homelab, as questions about it are answered from it."""

from datetime import datetime

from ..language.questions.knowledge import Knowledge
from .looks import Look


def knowledge_of(look: Look, asked: datetime | None = None) -> Knowledge:
    """Return all that is known of a homelab; `asked` is when the same person asked last."""
    things = look.homelab.things
    subject = look.homelab.health.ledger.subject
    return Knowledge(look.situation, things.topology, things.names, things.timeline, subject, asked)
