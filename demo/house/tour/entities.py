"""Chapter: what Home Assistant sees of a homelab anyway, without Kubernetes."""

from ..check import Finding
from ..configuration import EXAMPLES
from ..happenings import Kind
from .guide import Guide, raised

_SECONDS_TO_NOTICE = 15


async def lose_power(guide: Guide) -> list[Finding]:
    """A UPS goes on battery, or a container ends: entities that other integrations make are a system, too."""
    # Another one each time the house was kept: a problem that returns within two minutes is no news.
    key = list(EXAMPLES)[guide.runs % len(EXAMPLES)]
    well, bad, *_ = EXAMPLES[key]
    guide.console.step(f"Without Kubernetes: {getattr(guide.phrases, key)} says “{bad}”")
    guide.happenings.begin()
    await _say(guide, key, bad)
    noticed = await guide.happenings.until(
        raised("entity_bad"), guide.automation_ran("broken"), seconds=_SECONDS_TO_NOTICE
    )
    told = [one for one in guide.happenings.since_begin if one.kind is Kind.RAISED]
    await _say(guide, key, well)
    health = (await guide.homelab()).of_hub("health")
    mended = health is not None and await guide.until_state(health.entity_id, "ok", _SECONDS_TO_NOTICE)
    return [
        Finding(
            noticed and len(told) == 1, "a bad state of an entity became one event, and an automation ran"
        ),
        Finding(mended is not None, "the homelab is well once the entity is"),
    ]


async def _say(guide: Guide, key: str, value: str) -> None:
    await guide.client.act("input_select.select_option", entity_id=f"input_select.{key}", option=value)
