"""The sentences of questions about things: short, with one list only, and understood as they were meant."""

import re

import pytest

from custom_components.homelab_ai.assistant.grammar import (
    NAME_LIST,
    QUESTIONS,
    capturing_lists,
    capturing_rules,
    loose_sentences,
    name_list,
    place_lists,
    rules,
    sentences,
)
from custom_components.homelab_ai.language.naming import ThingNames
from custom_components.homelab_ai.language.questions.speaker import QUESTION_WORDS
from custom_components.homelab_ai.topology import Thing, ThingKind, Topology

MOST_SENTENCES, LONGEST, MOST_LETTERS = 800, 600, 180_000
_RULE, _LIST = re.compile(r"<(\w+)>"), re.compile(r"\{(\w+)(?::\w+)?\}")
ALL = [*loose_sentences(), *(sentence for ask in QUESTIONS.values() for sentence in sentences(ask))]
RULES = rules(["media"])


def test_sentences_are_few_and_short() -> None:
    """Home Assistant reads them again each time that a thing is called otherwise."""
    assert len(ALL) <= MOST_SENTENCES
    assert max(map(len, ALL)) <= LONGEST
    assert sum(map(len, (*ALL, *RULES.values()))) <= MOST_LETTERS


def test_only_names_are_a_list() -> None:
    """Where a list does not fit, Home Assistant goes on as if anything stood there: in each sentence anew."""
    assert {name for text in (*ALL, *RULES.values()) for name in _LIST.findall(text)} == {NAME_LIST}


def test_all_that_is_referred_to_is_there() -> None:
    referred = {name for text in (*ALL, *RULES.values()) for name in _RULE.findall(text)}
    assert referred <= RULES.keys()
    captured = capturing_rules()
    assert captured.keys() <= RULES.keys()
    lists = capturing_lists().keys() | place_lists([]).keys()
    assert {name for text in captured.values() for name in _LIST.findall(text)} == lists


@pytest.mark.parametrize("code", QUESTION_WORDS)
def test_every_rule_is_used(code: str) -> None:
    used = {name for text in (*ALL, *RULES.values()) for name in _RULE.findall(text)}
    prefix = f"homelab_{code}_"
    assert {name for name in RULES if name.startswith(prefix)} <= used


def test_nothing_has_a_name() -> None:
    """An empty list, and an empty rule, are errors to Home Assistant."""
    assert name_list({})[NAME_LIST]["values"]
    assert "()" not in "".join(rules(()).values())


def test_names_do_not_repeat_where_things_are() -> None:
    """A place is a rule of the sentences: each name with each place would be twice as many names."""
    topology, names = Topology(), ThingNames()
    things = {
        str(number): Thing(str(number), ThingKind.WORKLOAD, f"app-{number}", "c", place="media")
        for number in range(20)
    }
    names.update(topology, topology.report("c", things))
    assert names.places == {"media"}
    assert not any("media" in name for name in names.spoken)


def test_what_is_heard_otherwise_is_no_name_of_its_own() -> None:
    topology, names = Topology(), ThingNames()
    things = {
        "1": Thing("1", ThingKind.WORKLOAD, "jellyfin", "c"),
        "2": Thing("2", ThingKind.CLAIM, "storage2", "c"),
    }
    names.update(topology, topology.report("c", things))
    assert names.spoken == {"jellyfin", "storage2", "storage 2"}
    heard = dict(names.heard)
    assert heard["jelly fin"] == heard["jellifin"] == "jellyfin"
    assert heard["storage two"] == heard["storage zwei"] == "storage 2"
    assert not any(name.startswith("stor ") for name in heard)
    names.update(topology, topology.report("c", {}))
    assert not names.spoken
    assert not list(names.heard)
    assert not names.places
