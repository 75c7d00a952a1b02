"""Whether a call that worked was a correction of one that had failed."""

import pytest

from custom_components.homelab_ai.agent.mending import is_correction


@pytest.mark.parametrize(
    ("failed", "worked", "question", "corrected"),
    [
        ("Kitchn", "Kitchen", "Turn on the kitchen", True),
        ("Cellar", "Hall", "Turn on cellar and hall", False),
        ("Cellar", "Hall", "Turn on the lights", False),
        ("Lamp 1", "Lamp 2", "Turn on lamp 1 and lamp 2", False),
        ("Lamp 1", "Lamp 2", "All lamps on", False),
        ("Deckenlampe", "Ceiling", "Deckenlampe an", True),
        ("ceiling_light", "Ceiling", "Deckenlampe an", True),
        ("Kitchen", "Kitchen lamp", "Turn on the kitchen lamp", True),
        ("Küche Licht", "Küche", "Licht in der Küche an", True),
        ("", "Kitchen", "Turn it on", True),
        ("Kitchen", "kitchen", "x", True),
    ],
)
def test_correction(failed: str, worked: str, question: str, corrected: bool) -> None:
    assert is_correction(failed, worked, question) is corrected
