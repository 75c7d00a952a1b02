"""What happens in the make-believe house: which things a call is about, and how they are afterwards.

Targets are found by the rules of Home Assistant's intents (`helpers/intent.py`, `async_match_targets`): all
that is given narrows, nothing given is refused, a name that nothing has matches nothing.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from .house import LANGUAGES, THINGS, Facts, Thing

type Arguments = Mapping[str, Any]
type Changes = Mapping[str, Facts]
"""What is otherwise than before, by entity id; `timer` and the list are among them."""

TIMER = "timer"
LIST = "todo.shopping"


class NothingMatchesError(Exception):
    """No thing of the house is what the call asks for."""


@dataclass(frozen=True, slots=True)
class Deed:
    """What a tool does: to things of which domains, to one alone if `single`, and how they are after it."""

    domains: frozenset[str]
    after: Callable[[Thing, Arguments], Facts]
    single: bool = False


_ON = {"cover": "open", "lock": "locked", "climate": "heat"}
_OFF = {"cover": "closed", "lock": "unlocked"}
_SWITCHED = frozenset(("light", "switch", "fan", "cover", "lock", "climate"))


def _turned_on(thing: Thing, _: Arguments) -> Facts:
    position = {"current_position": 100} if thing.domain == "cover" else {}
    return {"state": _ON.get(thing.domain, "on"), **position}


def _turned_off(thing: Thing, _: Arguments) -> Facts:
    position = {"current_position": 0} if thing.domain == "cover" else {}
    return {"state": _OFF.get(thing.domain, "off"), **position}


def _moved(_: Thing, given: Arguments) -> Facts:
    position = int(given["position"])
    return {"state": "open" if position else "closed", "current_position": position}


def _lit(_: Thing, given: Arguments) -> Facts:
    facts: dict[str, str | int | float] = {"state": "off" if given.get("brightness") == 0 else "on"}
    for key in ("brightness", "color", "temperature"):
        if given.get(key) is not None:
            facts[key] = given[key]
    return facts


DEEDS: Mapping[str, Deed] = {
    "HassTurnOn": Deed(_SWITCHED, _turned_on),
    "HassTurnOff": Deed(_SWITCHED, _turned_off),
    "HassSetPosition": Deed(frozenset(("cover",)), _moved),
    "HassLightSet": Deed(frozenset(("light",)), _lit),
    "HassClimateSetTemperature": Deed(
        frozenset(("climate",)), lambda _, given: {"temperature": float(given["temperature"])}, single=True
    ),
    "HassFanSetSpeed": Deed(
        frozenset(("fan",)), lambda _, given: {"state": "on", "percentage": int(given["percentage"])}
    ),
}


class World:
    """The house as it is during one task."""

    def __init__(self, language: str) -> None:
        """Begin with everything as it was; things have their names in this language."""
        self._place = LANGUAGES.index(language)
        self._facts: dict[str, dict[str, str | int | float]] = {
            thing.entity_id: dict(thing.facts) for thing in THINGS
        }
        self._also: dict[str, Facts] = {}

    def name(self, thing: Thing) -> str:
        """Return what a thing is called."""
        return thing.names[self._place]

    def area(self, thing: Thing) -> str:
        """Return the room that it is in, empty for none."""
        return thing.area[self._place]

    def facts(self, thing: Thing) -> Facts:
        """Return how it is now."""
        return self._facts[thing.entity_id]

    @property
    def changes(self) -> Changes:
        """Return what is otherwise than in the beginning."""
        before = {thing.entity_id: thing.facts for thing in THINGS}
        changed = {
            entity_id: {key: value for key, value in facts.items() if before[entity_id].get(key) != value}
            for entity_id, facts in self._facts.items()
        }
        return {entity_id: facts for entity_id, facts in changed.items() if facts} | self._also

    def find(self, given: Arguments, domains: Collection[str] = ()) -> list[Thing]:
        """Return the things that a call is about. Raises NothingMatchesError."""
        name, area = (str(given.get(key) or "").casefold() for key in ("name", "area"))
        wanted_domains, classes = (_listed(given.get(key)) for key in ("domain", "device_class"))
        if not (name or area or wanted_domains or classes):
            raise NothingMatchesError("Nothing was named: say a name, an area or a domain.")
        if given.get("floor"):
            raise NothingMatchesError(f"There is no floor {given['floor']}.")
        things = [
            thing
            for thing in THINGS
            if (not name or self.name(thing).casefold() == name)
            and (not area or self.area(thing).casefold() == area)
            and (not wanted_domains or thing.domain in wanted_domains)
            and (not classes or thing.device_class in classes)
            and (not domains or thing.domain in domains)
        ]
        if not things:
            raise NothingMatchesError("Nothing in the house matches that.")
        return things

    def act(self, intent: str, given: Arguments) -> list[Thing]:
        """Do what a tool does; return to which things. Raises NothingMatchesError."""
        deed = DEEDS[intent]
        things = self.find(given, deed.domains)
        if deed.single and len(things) > 1:
            raise NothingMatchesError("Several things match: name one of them.")
        for thing in things:
            self._facts[thing.entity_id] |= deed.after(thing, given)
        return things

    def note(self, what: str, facts: Facts) -> None:
        """Note a change of what is no thing: a timer, or an item of a list."""
        self._also[what] = {**self._also.get(what, {}), **facts}


def _listed(value: object) -> frozenset[str]:
    values = value if isinstance(value, list | tuple | set) else [value] if value else []
    return frozenset(str(value).casefold() for value in values)
