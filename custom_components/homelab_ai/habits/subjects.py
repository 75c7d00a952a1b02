"""What a habit may be about: a table of domains, the states that are actions, and how each is done again.

What is not in the table is never read. Nothing that keeps somebody in or out, makes a noise, lets water or
gas flow or looks at people is in it, nor may it be added: locks, alarm panels, doors and gates, sirens,
valves, water heaters, cameras.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from .action import Key

NEVER = frozenset(
    (
        "alarm_control_panel",
        "camera",
        "lawn_mower",
        "lock",
        "siren",
        "valve",
        "water_heater",
    )
)
"""Domains that nobody may add to the table; a test says so."""
COVER_CLASSES = frozenset(("awning", "blind", "curtain", "shade", "shutter"))
"""Covers that may move by themselves; one of another class, or of none, may be a garage or a gate."""
PERSON = "person"
HOME = "home"
SCRIPT = "script"
SCENE = "scene"
STARTED = "on"
"""The state of a script or scene that was started."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A domain. `deeds` are the actions of Home Assistant by the state they lead to.

    `same` are states on the way to another one, `opposites` what undoes a state.
    """

    deeds: Mapping[str, str]
    same: Mapping[str, str]
    opposites: Mapping[str, str]


_ON_OFF = {"on": "off", "off": "on"}


def _switched(domain: str) -> Subject:
    return Subject({"on": f"{domain}.turn_on", "off": f"{domain}.turn_off"}, {}, _ON_OFF)


SUBJECTS: Mapping[str, Subject] = {
    "light": _switched("light"),
    "switch": _switched("switch"),
    "fan": _switched("fan"),
    "humidifier": _switched("humidifier"),
    "input_boolean": _switched("input_boolean"),
    "cover": Subject(
        {"open": "cover.open_cover", "closed": "cover.close_cover"},
        {"opening": "open", "closing": "closed"},
        {"open": "closed", "closed": "open"},
    ),
    "vacuum": Subject(
        {"cleaning": "vacuum.start", "docked": "vacuum.return_to_base"},
        {"returning": "docked"},
        {"cleaning": "docked"},
    ),
    SCRIPT: Subject({STARTED: "script.turn_on"}, {}, {}),
    SCENE: Subject({STARTED: "scene.turn_on"}, {}, {}),
}
SIGNALS: Mapping[str, Subject] = {
    "media_player": Subject({"playing": "", "on": "", "off": ""}, {}, _ON_OFF),
}
"""What may come before something, and is never done for anybody."""
READ = frozenset((*SUBJECTS, *SIGNALS, PERSON)) - {SCRIPT, SCENE}
"""Domains whose states are read; that a script or scene was started is an event, not a state."""


def domain_of(entity: str) -> str:
    """Return the domain of an entity."""
    return entity.partition(".")[0]


def settled(entity: str, state: str) -> str | None:
    """Return the state that is counted: where it goes, not that it is on its way; None for no action."""
    domain = domain_of(entity)
    if domain == PERSON:
        return state
    subject = SUBJECTS.get(domain) or SIGNALS.get(domain)
    if subject is None:
        return None
    state = subject.same.get(state, state)
    return state if state in subject.deeds else None


def is_subject(key: Key) -> bool:
    """Return whether a suggestion may do this."""
    subject = SUBJECTS.get(domain_of(key[0]))
    return subject is not None and key[1] in subject.deeds


def opposite(key: Key) -> Key | None:
    """Return what undoes this, None where nothing does."""
    subject = SUBJECTS.get(domain_of(key[0]))
    state = subject.opposites.get(key[1]) if subject else None
    return (key[0], state) if state else None


def deed(key: Key) -> str:
    """Return the action of Home Assistant that does this. Raises KeyError where there is none."""
    return SUBJECTS[domain_of(key[0])].deeds[key[1]]
