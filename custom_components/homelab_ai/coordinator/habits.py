"""Habits of a homelab: a look at night, what is suggested, and what becomes of it.

Imported only where the option says so.
"""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers.event import async_track_time_change
from homeassistant.helpers.start import async_at_started
from homeassistant.util import dt as dt_util

from ..agent.unlinked import unlinked
from ..const import LOGGER
from ..errors import invalid
from ..events import fire_habit
from ..habits import draft, editor, history
from ..habits.days import Days, SunEvent
from ..habits.diary import Diary
from ..habits.habit import Habit
from ..habits.log import DAY, DAYS, ActionLog
from ..habits.mining import mine
from ..habits.offers import NOT_NOW, Offer, Offers, OfferState
from ..habits.words import words_of
from ..health.problem import MAX_NAME, plain
from ..health.waiting import Waiting, WaitingKind
from ..language.languages import base_of
from .habit_house import House, sun_times, survey
from .inbox import Inbox
from .storage import habits_store, load

HOUR, MINUTE = 3, 40
"""When it is looked at: people sleep, and the recorder has not begun to purge."""
_CLOSED = (OfferState.ACCEPTED, OfferState.DISMISSED, OfferState.POSTPONED)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A habit as it is told. `automation` is what would be written, None where nothing can be.

    `entity` is the automation that was written.
    """

    id: str
    kind: str
    state: str
    since: date
    title: str
    evidence: str
    back_test: str
    habit: Habit
    automation: Mapping[str, Any] | None
    entity: str | None

    @property
    def message(self) -> str:
        """Return all that is told of it."""
        return f"{self.evidence} {self.back_test}".rstrip()


class HabitCoordinator:
    """Looks for habits every night, keeps what was found and answered, and writes what is accepted."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry) -> None:
        """Know nothing yet."""
        self._hass, self._entry = hass, entry
        self._store = habits_store(hass, entry.entry_id)
        self.log, self.offers = ActionLog(), Offers()
        self._working = dict[int, bool]()
        self._sun: dict[SunEvent, dict[int, int]] = {}
        self._workday: str | None = None
        self._lock = asyncio.Lock()
        self._inbox: Inbox | None = None
        self.sees_calls: bool | None = None
        """Whether the recorder keeps calls; None where nothing was read yet."""

    @property
    def is_recording(self) -> bool:
        """Return whether there is a recorder to read."""
        return history.is_recording(self._hass)

    async def async_load(self) -> None:
        """Remember what was found and answered, and look every night from now on."""
        self.log, self.offers, self._working = await load(self._hass, self._store, _parsed)
        if not self.is_recording:
            LOGGER.warning("Habits cannot be found: Home Assistant has no recorder")
            return
        self._entry.async_on_unload(async_track_time_change(self._hass, self._look_at_night, HOUR, MINUTE, 0))
        self._entry.async_on_unload(async_at_started(self._hass, self._look_at_start))

    async def async_close(self) -> None:
        """Save what there is."""
        await self._store.async_save(self._as_stored())

    async def _look_at_night(self, now: datetime) -> None:
        await self.async_look()

    async def _look_at_start(self, hass: HomeAssistant) -> None:
        """Look now if the last night was missed, or there was none yet."""
        if dt_util.utcnow().timestamp() - self.log.until > DAY:
            self._entry.async_create_background_task(hass, self.async_look(), "first look for habits")

    async def async_look(self, now: datetime | None = None) -> None:
        """Read what happened since the last look, and suggest what is new; one habit at most.

        Where the recorder cannot be read, the next look reads what this one would have.
        """
        try:
            new = await self._async_find(now or dt_util.utcnow())
        except history.HistoryError as err:
            LOGGER.warning("The recorder cannot be read for habits now: %s", err)
            return
        self._tell_inbox()
        if new is not None:
            told = self._told(new, self._hass.config.language)
            fire_habit(self._hass, told.id, told.kind, told.title, told.message)

    async def _async_find(self, moment: datetime) -> Offer | None:
        async with self._lock:
            today = dt_util.as_local(moment).toordinal()
            house = survey(self._hass)
            self._note_day(house, today)
            await self._async_read(house, moment.timestamp())
            found = await self._hass.async_add_executor_job(self._mine, house, today, moment.timestamp())
            new = self.offers.update(found, today)
            await self._store.async_save(self._as_stored())
            return new

    def _note_day(self, house: House, today: int) -> None:
        """Remember whether people work today; of other days the sensor says nothing."""
        self._workday = house.workday
        state = self._hass.states.get(house.workday) if house.workday else None
        if state is not None and state.state in ("on", "off"):
            self._working[today] = state.state == "on"
        self._working = {day: works for day, works in self._working.items() if day >= today - DAYS}

    async def _async_read(self, house: House, until: float) -> None:
        since = max(self.log.until, until - DAYS * DAY)
        read = await history.async_read(self._hass, house.entities, house.groups, since, until)
        self.sees_calls = read.sees_calls
        self.log.add(read.actions, since if read.since is None else read.since, until)
        # What a person no longer exposes is forgotten, too.
        self.log.keep(house.entities)

    def _mine(self, house: House, today: int, now: float) -> list[Habit]:
        """Return what is found; runs in a thread."""
        self._sun = sun_times(self._hass, today, self._sun)
        days = Days(dt_util.get_default_time_zone(), working=self._working, sun=self._sun)
        return mine(Diary(self.log, days, until=now), house.automations, now)

    @property
    def open_suggestions(self) -> tuple[Suggestion, ...]:
        """Return what waits for an answer, in the language of the house."""
        return self.suggestions(self._hass.config.language)

    def list_in(self, inbox: Inbox) -> None:
        """List in the inbox what waits for an answer."""
        self._inbox = inbox
        inbox.add(self._waiting)

    def _waiting(self) -> Iterator[Waiting]:
        for open_suggestion in self.open_suggestions:
            yield Waiting(
                f"habit/{open_suggestion.id}", WaitingKind.HABIT, plain(open_suggestion.title, MAX_NAME)
            )

    def _tell_inbox(self) -> None:
        if self._inbox is not None:
            self._inbox.changed()

    def suggestions(self, language: str, *, closed: bool = False) -> tuple[Suggestion, ...]:
        """Return what waits for an answer; with `closed` what has one instead, the latest first."""
        if not closed:
            return tuple(self._told(offer, language) for offer in self.offers.open)
        offers = [offer for offer in self.offers if offer.state in _CLOSED]
        offers.sort(key=lambda offer: (-offer.since, offer.id))
        return tuple(self._told(offer, language) for offer in offers)

    def _told(self, offer: Offer, language: str) -> Suggestion:
        habit, words = offer.habit, words_of(base_of(language))
        title, evidence = words.title(habit, self._name), words.evidence(habit, self._name)
        is_done = habit.kind.is_automatable
        tested = words.tested(habit.back_test, at_home=habit.at_home) if is_done else ""
        item = self._draft(offer, title, f"{evidence} {tested}") if is_done else None
        return Suggestion(
            offer.id,
            habit.kind.value,
            offer.state.value,
            date.fromordinal(offer.since),
            title,
            evidence,
            tested,
            habit,
            item,
            self._written(offer),
        )

    def _draft(self, offer: Offer, alias: str, description: str) -> dict[str, Any]:
        return draft.automation(offer.habit, offer.id, alias, description, self._workday)

    def _written(self, offer: Offer) -> str | None:
        if offer.state is not OfferState.ACCEPTED:
            return None
        return editor.written(self._hass, draft.PREFIX + offer.id)

    def _name(self, entity: str) -> str:
        """Return what people call an entity; a device may have named it, so it is text like any other."""
        state = self._hass.states.get(entity)
        return unlinked(plain(state.name if state else entity, MAX_NAME))

    def _find(self, offer_id: str, *states: OfferState) -> Offer:
        offer = self.offers.find(offer_id)
        if offer is None or offer.state not in states:
            raise invalid("habit_unknown", habit=plain(offer_id, MAX_NAME))
        return offer

    async def async_accept(self, offer_id: str) -> Suggestion:
        """Write the automation of a habit, which is off at first. Raises ServiceValidationError.

        Whoever calls this has made sure that an administrator wants it.
        """
        async with self._lock:
            offer = self._find(offer_id, OfferState.OPEN, OfferState.POSTPONED, OfferState.DISMISSED)
            if not offer.habit.kind.is_automatable:
                raise invalid("habit_not_automatable")
            if any(self._hass.states.get(entity) is None for entity in offer.habit.entities):
                raise invalid("habit_entity_gone")
            item = self._told(offer, self._hass.config.language).automation or {}
            with _told_why():
                await editor.async_add(self._hass, item, draft.blueprint(offer.habit.kind))
            return await self._async_answer(offer, OfferState.ACCEPTED)

    async def async_undo(self, offer_id: str) -> Suggestion:
        """Take the automation of an accepted habit away; the habit is open again."""
        async with self._lock:
            offer = self._find(offer_id, OfferState.ACCEPTED)
            with _told_why():
                await editor.async_remove(self._hass, draft.PREFIX + offer_id)
            return await self._async_answer(offer, OfferState.OPEN)

    async def async_dismiss(self, offer_id: str, *, not_now: bool = False) -> Suggestion:
        """Never suggest this again, or not for a month."""
        offer = self._find(offer_id, OfferState.OPEN, OfferState.POSTPONED, OfferState.DISMISSED)
        if not not_now:
            return await self._async_answer(offer, OfferState.DISMISSED)
        until = self._today() + NOT_NOW
        return await self._async_answer(offer, OfferState.POSTPONED, until)

    async def async_reopen(self, offer_id: str) -> Suggestion:
        """Take a no back."""
        return await self._async_answer(
            self._find(offer_id, OfferState.DISMISSED, OfferState.POSTPONED), OfferState.OPEN
        )

    async def _async_answer(self, offer: Offer, state: OfferState, until: int = 0) -> Suggestion:
        self.offers.answer(offer, state, self._today(), until)
        await self._store.async_save(self._as_stored())
        self._tell_inbox()
        return self._told(self._find(offer.id, state), self._hass.config.language)

    @staticmethod
    def _today() -> int:
        return dt_util.now().toordinal()

    def _as_stored(self) -> dict[str, Any]:
        return {
            "log": self.log.as_stored(),
            "offers": self.offers.as_stored(),
            "working": {str(day): works for day, works in self._working.items()},
        }


@contextmanager
def _told_why() -> Iterator[None]:
    """Say to a person why nothing was written."""
    try:
        yield
    except editor.EditorError as err:
        raise invalid(err.key, **err.placeholders) from err


def _parsed(stored: Mapping[str, Any] | None) -> tuple[ActionLog, Offers, dict[int, bool]]:
    stored = stored or {}
    working = {int(day): bool(works) for day, works in stored.get("working", {}).items()}
    return ActionLog(stored.get("log")), Offers(stored.get("offers")), working
