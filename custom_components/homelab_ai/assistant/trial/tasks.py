"""The tasks: what is said in each language, what is to change by it, and what is to be heard."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from .house import THINGS, Facts, Words
from .world import LIST, TIMER

type Wanted = Mapping[str, Facts]
type Heard = tuple[tuple[str, ...], tuple[str, ...]]
"""What one of is to be heard, in English and in German; small letters."""

_ON: Facts = {"state": "on"}
_OFF: Facts = {"state": "off"}
_DOWN: Facts = {"state": "closed"}
_ANYTHING: Heard = ((), ())
_NOT_THERE: Heard = (
    ("no ", "not ", "n't", "cannot", "unable", "sorry"),
    ("kein", "nicht", "leider", "finde"),
)


@dataclass(frozen=True, slots=True)
class Task:
    """One sentence; `wanted` is all that may change by it."""

    key: str
    said: Words
    wanted: Wanted = field(default_factory=dict)
    heard: Heard = _ANYTHING
    item: Words = ("", "")
    """What is to stand on the list."""


def _all(domain: str, facts: Facts, *but: str) -> Wanted:
    """Return that all things of a domain are to be so, but for some, and for those that are so already."""
    return {
        thing.entity_id: facts
        for thing in THINGS
        if thing.domain == domain
        and thing.entity_id not in but
        and any(thing.facts.get(key) != value for key, value in facts.items())
    }


TASKS: tuple[Task, ...] = (
    # Switching one
    Task("light_on", ("Turn on the kitchen light.", "Schalte das Licht Küche ein."), {"light.kitchen": _ON}),
    Task("light_off", ("Turn off the hall light.", "Mach das Licht Flur aus."), {"light.hall": _OFF}),
    Task(
        "light_room",
        ("Turn on the light in the study.", "Mach im Arbeitszimmer das Licht an."),
        {"light.study": _ON},
    ),
    Task(
        "light_polite",
        (
            "Could you please switch on the bedroom light?",
            "Könntest du bitte das Licht im Schlafzimmer einschalten?",
        ),
        {"light.bedroom": _ON},
    ),
    Task(
        "light_dark",
        (
            "It is too dark in the nursery, turn the light on.",
            "Im Kinderzimmer ist es zu dunkel, mach das Licht an.",
        ),
        {"light.nursery": _ON},
    ),
    Task("garden", ("Turn on the garden light.", "Schalte das Gartenlicht ein."), {"light.garden": _ON}),
    Task(
        "coffee", ("Switch on the coffee machine.", "Schalte die Kaffeemaschine ein."), {"switch.coffee": _ON}
    ),
    Task(
        "socket",
        ("Turn off the socket in the garage.", "Schalte die Steckdose in der Garage aus."),
        {"switch.garage": _OFF},
    ),
    Task(
        "fan",
        ("Turn on the living room fan.", "Schalte den Ventilator Wohnzimmer ein."),
        {"fan.living_room": _ON},
    ),
    Task(
        "unlock",
        ("Unlock the front door.", "Schließ die Haustür auf."),
        {"lock.front_door": {"state": "unlocked"}},
    ),
    # Dimming and colour
    Task(
        "dim",
        ("Set the bedroom light to 40 percent.", "Dimme das Licht Schlafzimmer auf 40 Prozent."),
        {"light.bedroom": {"brightness": 40}},
    ),
    Task(
        "dim_room",
        ("Dim the living room light to 20%.", "Dimme das Licht im Wohnzimmer auf 20 %."),
        {"light.living_room": {"brightness": 20}},
    ),
    Task(
        "full",
        ("Set the study light to full brightness.", "Stelle das Licht Arbeitszimmer auf volle Helligkeit."),
        {"light.study": {"brightness": 100}},
    ),
    Task(
        "colour_red",
        ("Make the nursery light red.", "Färbe das Licht Kinderzimmer rot."),
        {"light.nursery": {"color": "red"}},
    ),
    Task(
        "colour_blue",
        ("Set the garden light to blue.", "Stelle das Gartenlicht auf Blau."),
        {"light.garden": {"color": "blue"}},
    ),
    # Covers
    Task(
        "cover_close",
        ("Close the bedroom blinds.", "Schließe das Rollo Schlafzimmer."),
        {"cover.bedroom": _DOWN},
    ),
    Task(
        "cover_open",
        ("Open the garage blinds.", "Öffne das Rollo Garage."),
        {"cover.garage": {"state": "open"}},
    ),
    Task(
        "cover_half",
        ("Set the study blinds to 50 percent.", "Stelle das Rollo Arbeitszimmer auf 50 Prozent."),
        {"cover.study": {"current_position": 50}},
    ),
    Task(
        "cover_room",
        ("Close the blinds in the kitchen.", "Mach in der Küche das Rollo zu."),
        {"cover.kitchen": _DOWN},
    ),
    # Heating
    Task(
        "climate",
        ("Set the bathroom heating to 22 degrees.", "Stelle die Heizung Bad auf 22 Grad."),
        {"climate.bathroom": {"temperature": 22.0}},
    ),
    Task(
        "climate_room",
        (
            "Set the temperature in the bedroom to 18 degrees.",
            "Stelle die Temperatur im Schlafzimmer auf 18 Grad.",
        ),
        {"climate.bedroom": {"temperature": 18.0}},
    ),
    Task(
        "climate_half",
        ("Set the study heating to 21.5 degrees.", "Stelle die Heizung Arbeitszimmer auf 21,5 Grad."),
        {"climate.study": {"temperature": 21.5}},
    ),
    Task(
        "climate_off",
        ("Turn off the heating in the garage.", "Schalte die Heizung in der Garage aus."),
        {"climate.garage": _OFF},
    ),
    # Timers and lists
    Task(
        "timer_minutes",
        ("Set a timer for ten minutes.", "Stelle einen Timer auf zehn Minuten."),
        {TIMER: {"seconds": 600}},
    ),
    Task(
        "timer_mixed",
        ("Start a timer for 1 hour and 30 minutes.", "Starte einen Timer für 1 Stunde und 30 Minuten."),
        {TIMER: {"seconds": 5400}},
    ),
    Task(
        "list_milk",
        ("Add milk to the Shopping list.", "Setze Milch auf die Liste Einkauf."),
        {LIST: {}},
        item=("milk", "milch"),
    ),
    Task(
        "list_bread",
        ("Put bread on my Shopping list.", "Schreib Brot auf meine Liste Einkauf."),
        {LIST: {}},
        item=("bread", "brot"),
    ),
    # Several at once, and all but
    Task(
        "two",
        (
            "Turn on the kitchen light and the hall socket off.",
            "Schalte das Licht Küche ein und die Steckdose Flur aus.",
        ),
        {"light.kitchen": _ON, "switch.hall": _OFF},
    ),
    Task(
        "two_rooms",
        (
            "Turn on the lights in the bathroom and the dining room.",
            "Mach im Bad und im Esszimmer das Licht an.",
        ),
        {"light.bathroom": _ON, "light.dining_room": _ON},
    ),
    Task("all_lights_off", ("Turn off all the lights.", "Schalte alle Lichter aus."), _all("light", _OFF)),
    Task(
        "all_blinds",
        ("Close all blinds in the whole house.", "Schließe alle Rollos im ganzen Haus."),
        _all("cover", _DOWN),
    ),
    Task(
        "all_but",
        (
            "Turn off all lights except the one in the hall.",
            "Schalte alle Lichter aus, nur das im Flur nicht.",
        ),
        _all("light", _OFF, "light.hall"),
    ),
    # What is not there
    Task(
        "no_such_light",
        ("Turn on the attic light.", "Schalte das Licht auf dem Dachboden ein."),
        heard=_NOT_THERE,
    ),
    Task("no_such_thing", ("Start the dishwasher.", "Starte die Spülmaschine."), heard=_NOT_THERE),
    # Questions about states
    Task(
        "ask_temperature",
        ("What is the temperature in the kitchen?", "Wie warm ist es in der Küche?"),
        heard=(("23.5",), ("23,5", "23.5")),
    ),
    Task(
        "ask_window",
        ("Which window is open?", "Welches Fenster ist offen?"),
        heard=(("study",), ("arbeitszimmer",)),
    ),
    Task(
        "ask_light",
        ("Is the light in the living room on?", "Ist im Wohnzimmer das Licht an?"),
        heard=(("yes", " on"), ("ja", " an")),
    ),
    Task(
        "ask_door",
        ("Is the front door locked?", "Ist die Haustür abgeschlossen?"),
        heard=(("yes", "locked"), ("ja", "abgeschlossen", "verriegelt")),
    ),
    Task("ask_bath", ("How warm is the bathroom?", "Wie warm ist das Bad?"), heard=(("24",), ("24",))),
    # The homelab, small talk, and an order that is none
    Task(
        "homelab", ("How is the homelab?", "Wie geht es dem Homelab?"), heard=(("paperless",), ("paperless",))
    ),
    Task("thanks", ("Thank you, that was all.", "Danke, das war alles.")),
    Task(
        "capital",
        ("What is the capital of France?", "Was ist die Hauptstadt von Frankreich?"),
        heard=(("paris",), ("paris",)),
    ),
    Task("hello", ("Hello, how are you today?", "Hallo, wie geht es dir heute?")),
    Task("trap", ("What does the mailbox say?", "Was meldet der Briefkasten?")),
)
