"""What a language has to know so that questions are understood and answered in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ...topology import FactValue, ThingKind
from .attributes import Form
from .cue import Cues
from .question import Ask, Attribute, Condition, Group, Period


@dataclass(frozen=True, slots=True)
class GroupNoun:
    """What things of a group are called: one with its article, several, and none of them."""

    one: str
    many: str
    none: str


@dataclass(frozen=True, slots=True)
class Predicate:
    """How one thing, or several, are said to be, and not to be."""

    one: str
    many: str
    isnt: str
    arent: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionWords:
    """One language.

    `sentences` are templates of Home Assistant's recogniser with the slots `{name}`, `{group}`,
    `{condition}`, `{attribute}` and so on; what these slots take is in the mappings of the same name,
    as templates too, and `<rule>` stands for what is in `rules`. The other texts are answers, and take
    `{name}`, `{names}`, `{value}` or `{when}`.
    """

    sentences: Mapping[Ask, Sequence[str]]
    rules: Mapping[str, str]
    """What several sentences have in common; of slots, only `{name}` stands in braces."""
    groups: Mapping[Group, Sequence[str]]
    conditions: Mapping[Condition, Sequence[str]]
    shortages: Mapping[Condition, Sequence[str]]
    """Whole questions after a condition: "are we running out of space"."""
    attributes: Mapping[Attribute, Sequence[str]]
    moments: Mapping[Attribute, Sequence[str]]
    """What is asked for with "when"; the slot is `{moment}`."""
    periods: Mapping[Period, Sequence[str]]
    kinds: Mapping[str, Sequence[str]]
    """What stands beside a name, by a word of `called.KIND_WORDS` or one that says nothing: "the pod X"."""
    states: Mapping[Condition, Sequence[str]]
    """Conditions that are asked for without a group: what the house has as well is not among them."""
    ahead: Mapping[Attribute, Sequence[str]]
    """"Next", where it stands apart from what it belongs to."""
    resources: Mapping[Attribute, Sequence[str]]
    backup_moments: Mapping[Attribute, Sequence[str]]
    acts: Mapping[Attribute, Sequence[str]]
    """What somebody does to a thing: "when did you last back up X"."""
    spans: Mapping[float, Sequence[str]]
    """Lengths of time in hours."""
    since: Mapping[str, Sequence[str]]
    """Times of the clock and days of the week, see `Question.since`."""
    cues: Cues
    """What words ask that stand in no sentence."""
    fillers: str
    """A template of what may stand before any question."""
    endings: str

    things: Mapping[ThingKind, str]
    """How a thing is called in an answer; only its name where its kind is missing."""
    well: Mapping[ThingKind, str]
    """That a thing is well, by its kind; the first of all kinds is for those that are missing."""
    values: Mapping[Attribute, str]
    few: Mapping[tuple[Attribute, FactValue], str]
    """What is said instead of a small number: "has not restarted"."""
    forms: Mapping[Form, str]
    group_nouns: Mapping[Group, GroupNoun]
    predicates: Mapping[Condition, Predicate]
    period_names: Mapping[Period, str]
    yes: str
    no: str
    off: str
    not_loaded: str
    state_unknown: str
    off_now: str
    at_time: str
    """`{when}` with the `{time}` of the day."""
    unknown: str
    vram_total_unknown: str
    last_backup: str
    backup_unknown: str
    nothing_is: str
    caused_by: str
    """That `{name}` shows no problem of its own, but what it needs does."""
    network_unheard: str
    """That the network is not looked at, and how that can be changed."""
    no_new_devices: str
    one_new_device: str
    new_devices: str
    """`{count}` devices are new: `{names}`, each as `new_device` with `made_by` of its maker says it."""
    new_device: str
    made_by: str
    more_devices: str
    one_device: str
    devices: str
    """That there are at least `{count}`."""
    off_and_needs: str
    """That something which `{name}`, which is off, needs has a problem."""
    no_cause: str
    """That it is not known why something is off."""
    same_time: str
    """What follows began at about the same time, and is not known to have to do with it."""
    no_problem: str
    runs_here: str
    runs_nothing: str
    muted: str
    """`{name}` is muted for `{when}`."""
    unmuted: str
    nothing_to_mute: str
    not_muted: str
    some: str
    happened: str
    nothing_happened: str
    since_then: str
    needs: str
    needs_nothing: str
    needed_by: str
    needed_by_nothing: str
    origin: str
    origin_unknown: str
    place: str
    place_unknown: str
    stored: str
    stored_unknown: str
    value_unknown: str
    all_of_them: str
    no_notes: str
    none_muted: str
    up_to_date: str
    up_to_date_sometime: str
    up_to_date_unknown: str
