"""The names that people gave to what a model may act on: exposed entities, areas and floors."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
import re
from typing import Literal

from homeassistant.components.homeassistant import async_should_expose
from homeassistant.core import HomeAssistant
from homeassistant.helpers import area_registry as ar, entity_registry as er, floor_registry as fr, intent

type Kind = Literal["name", "area", "floor"]
type Names = tuple[str, ...]

MOST_SUGGESTED = 6
_MOST_COMPARED = 2000
_LONGEST_COMPARED = 60
_FRAME = re.compile(r"^[\"'“”„‘’`*]+|(?<=\w)[\"'“”„‘’`*.!]+$")
_ARTICLE = re.compile(r"^(?:the|my|our|der|die|das|den|dem|meine?[rnm]?|unsere?[rnm]?)\s", re.IGNORECASE)
_JOINED = re.compile(r"[,;/()]")


@dataclass(frozen=True, slots=True)
class House:
    """Names with aliases by entity id, area id and floor id, as Home Assistant matches them."""

    entities: Mapping[str, Names]
    areas: Mapping[str, Names]
    floors: Mapping[str, Names]

    @property
    def domains(self) -> frozenset[str]:
        """Return the domains of the entities."""
        return frozenset(entity_id.partition(".")[0] for entity_id in self.entities)

    def find(self, kind: Kind, text: str) -> frozenset[str]:
        """Return the ids of what is called so: by id, name or alias, or all of its names in one text.

        The prompt lists names as "Kitchen, Stove lamp", and small models repeat them so.
        """
        candidates = self._of(kind)
        for plain in _spellings(kind, text):
            if plain in candidates:
                return frozenset((plain,))
            if ids := frozenset(key for key, names in candidates.items() if _is_called(plain, names)):
                return ids
        parts = [part for part in map(_plain, _JOINED.split(text)) if part]
        if len(parts) < 2:
            return frozenset()
        return frozenset(
            key
            for key, names in candidates.items()
            if all(part == key or _is_called(part, names) for part in parts)
        )

    def spelled(self, kind: Kind, text: str) -> str | None:
        """Return the text as Home Assistant takes it, None where nothing, or no single thing, is called so.

        A name that several things share stays as it is: Home Assistant knows by the room which is meant.
        """
        ids = self.find(kind, text)
        plain = _plain(text)
        if not ids:
            return None
        if any(_plain(name) == plain for key in ids for name in self._of(kind)[key]):
            return text.strip()
        return next(iter(ids)) if len(ids) == 1 else None

    def nearest(self, kind: Kind, text: str, domains: Collection[str] = ()) -> list[str]:
        """Return the names that come nearest to a text, all of them where there are few."""
        candidates = [
            name
            for key, names in self._of(kind).items()
            if not domains or key.partition(".")[0] in domains
            for name in names
        ]
        names = list(dict.fromkeys(candidates))[:_MOST_COMPARED]
        if len(names) <= MOST_SUGGESTED:
            return names
        by_plain = {_plain(name): name for name in names}
        wanted = _plain(text)[:_LONGEST_COMPARED]
        words = {word for word in wanted.replace(".", " ").replace("_", " ").split() if len(word) > 2}
        sharing = [name for plain, name in by_plain.items() if words & set(plain.split())]
        close = get_close_matches(wanted, by_plain, MOST_SUGGESTED, 0.5)
        return list(dict.fromkeys([*sharing, *(by_plain[plain] for plain in close)]))[:MOST_SUGGESTED]

    def _of(self, kind: Kind) -> Mapping[str, Names]:
        return {"name": self.entities, "area": self.areas, "floor": self.floors}[kind]


def house_of(hass: HomeAssistant, assistant: str | None) -> House:
    """Return the house as an assistant sees it. On the event loop: a walk over all states."""
    registry = er.async_get(hass)
    return House(
        entities={
            state.entity_id: _names(
                intent.async_get_entity_aliases(hass, registry.async_get(state.entity_id), state=state)
            )
            for state in hass.states.async_all()
            if assistant is None or async_should_expose(hass, assistant, state.entity_id)
        },
        areas={
            area.id: _names((area.name, *sorted(area.aliases)))
            for area in ar.async_get(hass).async_list_areas()
        },
        floors={
            floor.floor_id: _names((floor.name, *sorted(floor.aliases)))
            for floor in fr.async_get(hass).async_list_floors()
        },
    )


def _names(names: Iterable[str]) -> Names:
    return tuple(name.strip() for name in names if name.strip())


def _plain(text: str) -> str:
    return text.strip().casefold()


def _spellings(kind: Kind, text: str) -> Iterator[str]:
    """Yield a name as it stands, and without what models put around it: quotes, an article, underscores."""
    yield _plain(text)
    bare = _FRAME.sub("", text.strip())
    yield _plain(bare)
    yield _plain(_ARTICLE.sub("", bare))
    yield _plain(bare.removeprefix(f"{kind}.").replace("_", " "))


def _is_called(key: str, names: Names) -> bool:
    """Compare as Home Assistant does, and with all names joined."""
    return any(_plain(name) == key for name in names) or (len(names) > 1 and _plain(", ".join(names)) == key)
