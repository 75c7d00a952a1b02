"""What people are asked about: few suggestions, seldom, and never again after a no."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import Any

from .days import DayType, SunEvent
from .habit import BackTest, Habit, HabitKind, Presence

MOST_OPEN = 3
MOST_ANSWERED = 2000
"""Answers that are remembered; one a day are five years of them."""
PATIENCE = 60
"""Minutes by which a time may have moved and is still the one that was asked about."""
GRACE = 7
"""Days without the habit until an open suggestion is taken back."""
NOT_NOW = 30
"""Days after which what was put off may be suggested again."""


class OfferState(StrEnum):
    """What became of a suggestion."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DISMISSED = "dismissed"
    POSTPONED = "postponed"


@dataclass(frozen=True, slots=True)
class Offer:
    """A suggestion.

    `since` is the day of its state, `seen` the last on which the habit held, `until` the day from which one
    that was put off may come again.
    """

    id: str
    habit: Habit
    state: OfferState
    since: int
    seen: int
    until: int = 0


class Offers:
    """All suggestions of a homelab, with their answers."""

    def __init__(self, stored: Mapping[str, Any] | None = None) -> None:
        """`stored` is what `as_stored` returned. Raises what a broken file makes of it."""
        stored = stored or {}
        self._latest = int(stored.get("latest", 0))
        offers = [_read(offer) for offer in stored.get("offers", ())]
        self._offers = {offer.id: offer for offer in offers[-MOST_ANSWERED:]}

    def __iter__(self) -> Iterator[Offer]:
        return iter(self._offers.values())

    @property
    def open(self) -> tuple[Offer, ...]:
        """Return what waits for an answer."""
        return tuple(offer for offer in self if offer.state is OfferState.OPEN)

    def find(self, offer_id: str) -> Offer | None:
        """Return a suggestion, whatever became of it."""
        return self._offers.get(offer_id)

    def update(self, found: Iterable[Habit], today: int) -> Offer | None:
        """Take over what was found on a day; return what is new, which is one suggestion at most."""
        habits = list(found)
        for offer in list(self):
            self._refresh(offer, habits, today)
        if self._latest >= today or len(self.open) >= MOST_OPEN:
            return None
        fresh = next((habit for habit in habits if self._is_new(habit)), None)
        if fresh is None:
            return None
        self._latest = today
        offer = Offer(fresh.id, fresh, OfferState.OPEN, today, today)
        self._offers[offer.id] = offer
        return offer

    def _refresh(self, offer: Offer, habits: list[Habit], today: int) -> None:
        if offer.state is OfferState.POSTPONED and offer.until <= today:
            del self._offers[offer.id]
        if offer.state is not OfferState.OPEN:
            return
        again = next((habit for habit in habits if habit.is_like(offer.habit, PATIENCE)), None)
        if again is not None:
            self._offers[offer.id] = replace(offer, habit=again, seen=today)
        elif today - offer.seen >= GRACE:
            del self._offers[offer.id]

    def _is_new(self, habit: Habit) -> bool:
        """Return whether nobody was asked about this, nor is about the same thing now."""
        if habit.id in self._offers or any(habit.is_like(offer.habit, PATIENCE) for offer in self):
            return False
        about = not habit.kind.is_automatable
        return not any(
            habit.entities & offer.habit.entities or (about and not offer.habit.kind.is_automatable)
            for offer in self.open
        )

    def answer(self, offer: Offer, state: OfferState, today: int, until: int = 0) -> None:
        """Remember what became of a suggestion; to open it again takes an answer back."""
        self._offers[offer.id] = replace(offer, state=state, since=today, seen=today, until=until)

    def as_stored(self) -> dict[str, Any]:
        """Return it as JSON; the oldest answers make room."""
        offers = list(self)[-MOST_ANSWERED:]
        return {"latest": self._latest, "offers": [_stored(offer) for offer in offers]}


def _stored(offer: Offer) -> dict[str, Any]:
    habit = {field.name: getattr(offer.habit, field.name) for field in fields(Habit)}
    test = {field.name: getattr(offer.habit.back_test, field.name) for field in fields(BackTest)}
    return {
        "id": offer.id,
        "state": offer.state,
        "since": offer.since,
        "seen": offer.seen,
        "until": offer.until,
        "habit": {**habit, "before": list(offer.habit.before or ()), "back_test": test},
    }


def _read(stored: Mapping[str, Any]) -> Offer:
    habit = dict(stored["habit"])
    before = habit.pop("before")
    return Offer(
        str(stored["id"]),
        Habit(
            **{
                **habit,
                "kind": HabitKind(habit["kind"]),
                "day_type": DayType(habit["day_type"]),
                "sun": SunEvent(habit["sun"]) if habit["sun"] else None,
                "presence": Presence(habit["presence"]) if habit["presence"] else None,
                "before": (str(before[0]), str(before[1])) if before else None,
                "back_test": BackTest(**habit["back_test"]),
            }
        ),
        OfferState(stored["state"]),
        int(stored["since"]),
        int(stored["seen"]),
        int(stored["until"]),
    )
