"""What the call of an action names: a homelab, a hub, a problem. Each guard returns what it guarded.

A target names devices, also by their entities, areas and labels; these are part of a homelab.

A homelab has to be named only where there are several, and not even then beside a problem or a device: these
belong to one homelab alone.
"""

from collections.abc import Iterable, Iterator, Sequence

from homeassistant.const import ATTR_CONFIG_ENTRY_ID
from homeassistant.core import ServiceCall
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import service

from ..agent.unlinked import unlinked
from ..const import DOMAIN
from ..coordinator import HomelabConfigEntry, HomelabData, HubCoordinator
from ..errors import invalid
from ..events import devices_of, source_of, sources_of
from ..health.ledger import HealthData
from ..health.problem import MAX_NAME, Problem, plain
from ..language.matching import find_problems

ATTR_LANGUAGE = "language"
ATTR_PROBLEM_ID = "problem_id"
ATTR_SOURCE = "source"
ATTR_USER_ID = "user_id"
_MOST_NAMED = 5
_COLONS_OF_AN_ID = 2


def homelab_of(call: ServiceCall) -> HomelabData:
    """Return the homelab that was named, or the only one. Raises ServiceValidationError."""
    chosen = _chosen(call)
    if chosen and call.data.get(ATTR_CONFIG_ENTRY_ID) is None:
        if len(homelabs := _having(call, chosen)) > 1:
            raise invalid("several_homelabs")
        return homelabs[0]
    entry: HomelabConfigEntry = service.async_get_config_entry(
        call.hass, DOMAIN, call.data.get(ATTR_CONFIG_ENTRY_ID)
    )
    return entry.runtime_data


def _chosen(call: ServiceCall) -> list[frozenset[str]]:
    """Return what each device of the call's target stands for, nothing where it has none.

    Raises ServiceValidationError where nothing that was chosen is part of a homelab.
    """
    if (devices := devices_of(call.hass, call.data)) is None:
        return []
    if not (chosen := [sources for device in devices if (sources := sources_of(call.hass, device))]):
        raise invalid("not_a_system")
    return chosen


def _having(call: ServiceCall, chosen: Iterable[frozenset[str]]) -> list[HomelabData]:
    """Return the homelabs that run of what was chosen. Raises ServiceValidationError where none does."""
    entries: list[HomelabConfigEntry] = call.hass.config_entries.async_loaded_entries(DOMAIN)
    wanted = frozenset().union(*chosen)
    having = [entry.runtime_data for entry in entries if wanted & {entry.entry_id, *entry.subentries}]
    if not having:
        raise invalid("not_a_system")
    return having


def _homelabs_of(call: ServiceCall) -> list[HomelabData]:
    """Return the homelab that was named, else all that run. Raises ServiceValidationError."""
    entries: list[HomelabConfigEntry] = call.hass.config_entries.async_loaded_entries(DOMAIN)
    if call.data.get(ATTR_CONFIG_ENTRY_ID) is not None or not entries:
        return [homelab_of(call)]
    if chosen := _chosen(call):
        return _having(call, chosen)
    return [entry.runtime_data for entry in entries]


def hub_of(call: ServiceCall) -> HubCoordinator:
    """Return the hub whose device was chosen, else the homelab's own. Raises ServiceValidationError."""
    devices = devices_of(call.hass, call.data)
    if devices is None:
        return homelab_of(call).hubs[0]
    sources = {source_of(call.hass, device) for device in devices}
    entries: list[HomelabConfigEntry] = call.hass.config_entries.async_loaded_entries(DOMAIN)
    hubs = [hub for entry in entries for hub in entry.runtime_data.hubs if hub.source in sources]
    if len(hubs) != 1:
        raise invalid("several_hubs" if hubs else "not_a_hub")
    return hubs[0]


def sources_of_call(call: ServiceCall) -> tuple[HomelabData, frozenset[str]]:
    """Return what the chosen devices stand for, nothing where none was chosen, and the homelab of these.

    Raises ServiceValidationError.
    """
    chosen = [sources_of(call.hass, device_id) for device_id in call.data[ATTR_SOURCE]] + _chosen(call)
    if not chosen:
        return homelab_of(call), frozenset()
    homelabs = [(homelab, _sources(homelab)) for homelab in _homelabs_of(call)]
    if any(not choice & frozenset().union(*(sources for _, sources in homelabs)) for choice in chosen):
        raise invalid("not_a_system")
    targets = frozenset().union(*chosen)
    having = [homelab for homelab, sources in homelabs if sources & targets]
    return (having[0] if len(having) == 1 else homelab_of(call)), targets


def _sources(homelab: HomelabData) -> frozenset[str]:
    """Return all that problems of a homelab may name as their source; its agents are none."""
    hubs, monitors = homelab.hubs, homelab.monitors
    return frozenset((*(hub.source for hub in hubs), *(monitor.source for monitor in monitors)))


def problem_of(call: ServiceCall) -> tuple[HomelabData, Problem]:
    """Return the problem of this id, or the only one that people call so, and its homelab.

    Raises ServiceValidationError.
    """
    words: str = call.data[ATTR_PROBLEM_ID]
    homelabs = _homelabs_of(call)
    for homelab in homelabs:
        if problem := homelab.health.data.find(words):
            return homelab, problem
    named = [
        (homelab, problem)
        for homelab in homelabs
        for problem in _all(homelab.health.data)
        if problem.name.casefold() == words.casefold()
    ]
    # An id is of one problem: where that is over, no other is meant.
    if not named and words.count(":") < _COLONS_OF_AN_ID:
        named = [
            (homelab, problem)
            for homelab in homelabs
            for problem in find_problems(homelab.situation(), words)
        ]
    if len(named) == 1:
        return named[0]
    if named:
        ids = ", ".join(problem.id for _, problem in named[:_MOST_NAMED])
        raise invalid("problem_ambiguous", problem=plain(words, MAX_NAME), ids=ids)
    raise _unknown(words, [problem for homelab in homelabs for problem in _all(homelab.health.data)])


def _unknown(words: str, known: Sequence[Problem]) -> ServiceValidationError:
    """Return that no problem is called so, with what there is."""
    called = plain(words, MAX_NAME)
    if not known:
        return invalid("problem_none", problem=called)
    names = list(dict.fromkeys(unlinked(problem.name) for problem in known))
    listed = ", ".join(names[:_MOST_NAMED]) + (" …" if len(names) > _MOST_NAMED else "")
    return invalid("problem_unknown", problem=called, names=listed)


def muted_of(call: ServiceCall) -> tuple[HomelabData, str]:
    """Return the id of a problem that there is, or that is muted until it comes back, and its homelab.

    Raises ServiceValidationError.
    """
    words: str = call.data[ATTR_PROBLEM_ID]
    for homelab in _homelabs_of(call):
        if homelab.health.is_muted(words):
            return homelab, words
    homelab, problem = problem_of(call)
    return homelab, problem.id


def language_of(call: ServiceCall) -> str:
    """Return the language that was chosen, else that of the house."""
    language: str = call.data.get(ATTR_LANGUAGE, call.hass.config.language)
    return language


def _all(data: HealthData) -> Iterator[Problem]:
    yield from data.problems
    yield from data.muted
    for consequences in data.consequences.values():
        yield from consequences
