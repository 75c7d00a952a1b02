"""What a language has to know so that questions are understood and answered in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ...topology import ThingKind
from .attributes import Form
from .question import Ask, Attribute, Condition, Group, Period


@dataclass(frozen=True, slots=True)
class GroupNoun:
    """What things of a group are called: one with its article, several, and none of them."""

    one: str
    many: str
    none: str


@dataclass(frozen=True, slots=True)
class Predicate:
    """How one thing, or several, are said to be."""

    one: str
    many: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionWords:
    """One language.

    `sentences` are templates of Home Assistant's recogniser with the slots `{name}`, `{group}`,
    `{condition}`, `{attribute}` and `{period}`; what these slots take is in the mappings of the same name,
    as templates too. The other texts are answers, and take `{name}`, `{names}`, `{value}` or `{when}`.
    """

    sentences: Mapping[Ask, Sequence[str]]
    groups: Mapping[Group, Sequence[str]]
    conditions: Mapping[Condition, Sequence[str]]
    attributes: Mapping[Attribute, Sequence[str]]
    moments: Mapping[Attribute, Sequence[str]]
    """What is asked for with "when"; the slot is `{moment}`."""
    periods: Mapping[Period, Sequence[str]]

    things: Mapping[ThingKind, str]
    """How a thing is called in an answer; only its name where its kind is missing."""
    well: Mapping[ThingKind, str]
    """That a thing is well, by its kind; the first of all kinds is for those that are missing."""
    values: Mapping[Attribute, str]
    forms: Mapping[Form, str]
    group_nouns: Mapping[Group, GroupNoun]
    predicates: Mapping[Condition, Predicate]
    period_names: Mapping[Period, str]
    yes: str
    no: str
    off: str
    not_loaded: str
    state_unknown: str
    is_so: str
    is_not_so: str
    some: str
    happened: str
    nothing_happened: str
    needs: str
    needs_nothing: str
    needed_by: str
    needed_by_nothing: str
    origin: str
    origin_unknown: str
    place: str
    place_unknown: str
    value_unknown: str
    all_of_them: str
    no_notes: str
    none_muted: str
    up_to_date: str
    up_to_date_unknown: str
